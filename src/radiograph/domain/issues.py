# SPDX-License-Identifier: Apache-2.0
"""Issue types, test types, custom fields and what a Test is made of."""

from __future__ import annotations

import enum
import hashlib
from typing import Any

from msgspec import Struct

from radiograph.domain.keys import parse_id

MAX_NAME = 255
"""The longest name of a version, component, environment or person, in characters: longer ones fit in no index."""


class IssueType(enum.IntEnum):
    """The issue types; the number is the id that clients see."""

    STORY = 10001
    BUG = 10002
    TASK = 10003
    EPIC = 10004
    REQUIREMENT = 10005
    TEST = 10006
    TEST_EXECUTION = 10007
    TEST_PLAN = 10008
    TEST_SET = 10009
    PRECONDITION = 10010
    SUB_TEST_EXECUTION = 10011

    @property
    def label(self) -> str:
        """The name that people see, such as `Test Execution`."""
        return self.name.replace("_", " ").title()


_TYPES = {t.label.lower(): t for t in IssueType} | {"pre-condition": IssueType.PRECONDITION}
EXECUTION_TYPES = (IssueType.TEST_EXECUTION, IssueType.SUB_TEST_EXECUTION)


def issue_type(name_or_id: str) -> IssueType | None:
    """The issue type of that name (case doesn't matter) or id, or None."""
    number = parse_id(name_or_id)
    if number is not None:
        return IssueType(number) if number in list(IssueType) else None
    return _TYPES.get(name_or_id.strip().lower())


class TestType(enum.IntEnum):
    """How a Test is defined: by steps, by a scenario or by a text."""

    MANUAL = 0
    CUCUMBER = 1
    GENERIC = 2

    __test__ = False

    @property
    def label(self) -> str:
        """`Manual`, `Cucumber` or `Generic`."""
        return self.name.title()


def test_type(name: str) -> TestType | None:
    """The test type of that name, case ignored, or None."""
    return {t.label.lower(): t for t in TestType}.get(name.strip().lower())


test_type.__test__ = False  # type: ignore[attr-defined]


class Step(Struct, frozen=True, omit_defaults=True):
    """A step of a Manual Test."""

    action: str = ""
    data: str = ""
    result: str = ""


class Definition(Struct, frozen=True):
    """What a Test does, by its type: `text` is the Generic definition or the scenario."""

    type: TestType
    text: str = ""
    scenario_type: str = ""
    steps: tuple[Step, ...] = ()


def match_hash(project_id: int, kind: TestType, text: str) -> int:
    """A signed 64-bit number to find a Test by what names it in its project.

    `text` is the definition of a Generic Test, the summary of the others (Xray docs, Import
    Execution Results: which Test is meant).
    """
    family = b"g" if kind is TestType.GENERIC else b"m" if kind is TestType.MANUAL else b"c"
    digest = hashlib.blake2b(family + text.strip().encode("utf-8", "replace"), digest_size=8, key=project_id.to_bytes(8, "big"))
    return int.from_bytes(digest.digest(), "big", signed=True)


class CustomField(Struct, frozen=True):
    """A custom field: `id` such as 10101 is shown as `customfield_10101`; `meaning` is ours."""

    id: int
    name: str
    kind: str = "text"
    meaning: str = ""

    @property
    def key(self) -> str:
        """`customfield_10101`."""
        return f"customfield_{self.id}"


BUILT_IN_FIELDS = (
    CustomField(10100, "Test Plan", "issues", "test_plan"),
    CustomField(10101, "Test Environments", "labels", "test_environments"),
    CustomField(10102, "Revision", "text", "revision"),
    CustomField(10103, "Begin Date", "datetime", "begin"),
    CustomField(10104, "End Date", "datetime", "end"),
    CustomField(10105, "Test Type", "option", "test_type"),
    CustomField(10106, "Generic Test Definition", "text", "definition"),
    CustomField(10107, "Cucumber Scenario", "text", "scenario"),
    CustomField(10108, "Cucumber Test Type", "option", "scenario_type"),
    CustomField(10109, "Manual Test Steps", "steps", "steps"),
    CustomField(10110, "Test Repository Path", "text", "repository_path"),
    CustomField(10111, "Pre-Condition Type", "option", "precondition_type"),
    CustomField(10112, "Branch", "text", "branch"),
    CustomField(10113, "Build", "text", "build"),
    CustomField(10114, "Pre-Conditions association with a Test", "issues", "preconditions"),
    CustomField(10115, "Test Sets association with a Test", "issues", "test_sets"),
    CustomField(10116, "Tests association with a Test Execution", "issues", "tests"),
    CustomField(10117, "Conditions", "text", "condition"),
    CustomField(10118, "Test Plan Status", "text", "plan_status"),
    CustomField(10119, "Test Execution Status", "text", "execution_status"),
    CustomField(10120, "Tests association with a Test Set", "issues", "set_tests"),
    CustomField(10121, "Tests associated with a Test Plan", "issues", "plan_tests"),
    CustomField(10122, "Requirement Status", "text", "requirement_status"),
)


_PLAIN = frozenset({IssueType.STORY, IssueType.BUG, IssueType.TASK, IssueType.EPIC, IssueType.REQUIREMENT})
_EXECUTIONS, _TEST, _PLAN = frozenset(EXECUTION_TYPES), frozenset({IssueType.TEST}), frozenset({IssueType.TEST_PLAN})
FIELD_TYPES: dict[str, frozenset[IssueType]] = {
    **dict.fromkeys(("test_plan", "test_environments", "revision", "branch", "build", "tests", "execution_status"), _EXECUTIONS),
    **dict.fromkeys(("begin", "end"), _EXECUTIONS | _PLAN),
    **dict.fromkeys(("test_type", "definition", "scenario", "scenario_type", "steps"), _TEST),
    **dict.fromkeys(("repository_path", "preconditions", "test_sets"), _TEST),
    **dict.fromkeys(("precondition_type", "condition"), frozenset({IssueType.PRECONDITION})),
    **dict.fromkeys(("plan_tests", "plan_status"), _PLAN),
    "set_tests": frozenset({IssueType.TEST_SET}),
    "requirement_status": _PLAIN,
}
"""By the meaning of a custom field of Xray's: the issue types that have it (Xray docs, Custom Fields). Other fields are of every type."""
PARENTS: dict[IssueType, tuple[IssueType, ...]] = {
    IssueType.SUB_TEST_EXECUTION: tuple(k for k in IssueType if k is not IssueType.SUB_TEST_EXECUTION),
    IssueType.STORY: (IssueType.EPIC, IssueType.REQUIREMENT),
    IssueType.TASK: (IssueType.EPIC, IssueType.REQUIREMENT),
    IssueType.REQUIREMENT: (IssueType.EPIC,),
}
"""By the type of an issue: what it can be a part of; no chain of them is a circle. Other issues are part of nothing."""
READ_ONLY_FIELDS = frozenset({"plan_status", "execution_status", "requirement_status"})
_KINDS_OF_TEST = tuple(t.label for t in TestType)
FIELD_OPTIONS: dict[str, tuple[str, ...]] = {
    "test_type": _KINDS_OF_TEST,
    "scenario_type": ("Scenario", "Scenario Outline"),
    "precondition_type": _KINDS_OF_TEST,
}
"""By the meaning of a field: the values that it can have."""


def option_id(field: CustomField, value: str) -> str:
    """The id of an option: the field's id and the option's place, such as `101050`."""
    options = FIELD_OPTIONS.get(field.meaning, ())
    return f"{field.id}{options.index(value) if value in options else 9}"


class Priority(enum.IntEnum):
    """How urgent an issue is; the number is the id that clients see."""

    HIGHEST = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4
    LOWEST = 5

    @property
    def label(self) -> str:
        """`Highest` and so on."""
        return self.name.title()


def priority(name_or_id: str) -> Priority | None:
    """The priority of that name (case doesn't matter) or id, or None."""
    text = name_or_id.strip().lower()
    return next((p for p in Priority if text in {p.label.lower(), str(int(p))}), None)


class IssueFields(Struct, kw_only=True):
    """Fields to set on an issue; None leaves a field untouched. `other` keeps custom fields by key."""

    summary: str | None = None
    description: str | None = None
    labels: list[str] | None = None
    components: list[str] | None = None
    fix_versions: list[str] | None = None
    assignee: str | None = None
    priority: int | None = None
    other: dict[str, Any] = {}
