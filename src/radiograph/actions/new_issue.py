# SPDX-License-Identifier: Apache-2.0
"""Making issues as people do: texts of a form become the fields of an issue of their type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions import issues
from radiograph.actions.coverage_links import link_tests_in
from radiograph.actions.issue_refs import issue_heads
from radiograph.actions.plan_edits import keys_in
from radiograph.actions.projects import project
from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.issues import BUILT_IN_FIELDS, EXECUTION_TYPES, IssueType, TestType, issue_type, test_type
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

KINDS = (
    IssueType.TEST, IssueType.TEST_EXECUTION, IssueType.TEST_PLAN, IssueType.TEST_SET, IssueType.PRECONDITION, IssueType.STORY,
    IssueType.EPIC, IssueType.REQUIREMENT, IssueType.BUG, IssueType.TASK,
)  # fmt: skip
"""What can be made by a form, in the order in which it is offered."""
PARTS = (IssueType.STORY, IssueType.REQUIREMENT, IssueType.TASK)
"""What can be a part of an Epic or a Requirement."""
COVERED = (IssueType.STORY, IssueType.EPIC, IssueType.REQUIREMENT, IssueType.BUG, IssueType.TASK)
_KEYS = {f.meaning: f.key for f in BUILT_IN_FIELDS if f.meaning}
_TESTS = {IssueType.TEST_PLAN: "plan_tests", IssueType.TEST_SET: "set_tests", IssueType.TEST_EXECUTION: "tests"}
_STEP_TEXTS = 3


class NewIssue(Struct, kw_only=True):
    """What a form says of a new issue; a text that is empty says nothing.

    `versions`, `labels` and `environments` have commas between them, `tests` and `covers` are keys. `text` is a Test's
    definition or scenario, or a Precondition's condition; of a Manual Test its steps, one a line: action | data | result.
    `begin` and `end` are days such as `2026-11-01`.
    """

    type: str = ""
    summary: str = ""
    description: str = ""
    versions: str = ""
    labels: str = ""
    assignee: str = ""
    parent: str = ""
    test_type: str = ""
    text: str = ""
    tests: str = ""
    covers: str = ""
    environments: str = ""
    plan: str = ""
    revision: str = ""
    begin: str = ""
    end: str = ""


def create_by_form(services: Services, caller: Caller, key: str, given: NewIssue) -> str:
    """Make an issue in a project, with what it covers or is covered by, or nothing of it; its key.

    Raises NotFound, Refused that names the field, IssueNotFound, Forbidden.
    """
    row = project(services, caller, key)
    kind = issue_type(given.type)
    if kind not in KINDS:
        raise Refused(f"There is no type {cut(given.type)!r} to make by a form.", [Problem("type", "choose one of those offered")])
    covering, covered = keys_in(given.tests) if kind in COVERED else [], keys_in(given.covers) if kind is IssueType.TEST else []
    with services.db.write() as conn:
        # All projects at once: two forms that hold one each would wait for each other.
        named = [k for names in (given.tests, given.covers, given.plan, given.parent) for k in keys_in(names)]
        lock_projects(conn, {row.id, *(h.project_id for h in issue_heads(conn, caller, named).values())})
        _, made = issues.create_in(conn, caller, {"fields": _fields(row.key, kind, given)})
        if covering:
            link_tests_in(conn, caller, made, covering, remove=False)
        for requirement in covered:
            link_tests_in(conn, caller, requirement, [made], remove=False)
    return made


def _fields(key: str, kind: IssueType, given: NewIssue) -> dict[str, Any]:
    fields: dict[str, Any] = {"project": {"key": key}, "issuetype": {"name": kind.label}, "summary": given.summary.strip()}
    plain: Mapping[str, Any] = {
        "description": given.description.strip(),
        "fixVersions": [{"name": v} for v in _list(given.versions)],
        "labels": [label.replace(" ", "_") for label in _list(given.labels)],
        "assignee": {"name": given.assignee.strip()} if given.assignee.strip() else None,
        "parent": {"key": given.parent.strip().upper()} if kind in PARTS and given.parent.strip() else None,
    }
    return fields | {n: v for n, v in plain.items() if v} | {_KEYS[n]: v for n, v in _own(kind, given).items() if v}


def _own(kind: IssueType, given: NewIssue) -> dict[str, Any]:
    """The fields of the issue's type, by their meaning."""
    found: dict[str, Any] = {_TESTS[kind]: keys_in(given.tests)} if kind in _TESTS else {}
    if kind is IssueType.TEST:
        found |= _definition(given)
    elif kind is IssueType.PRECONDITION:
        found |= {"precondition_type": {"value": given.test_type or TestType.MANUAL.label}, "condition": given.text.strip()}
    elif kind is IssueType.TEST_PLAN:
        found |= {name: f"{day}T00:00:00.000+0000" for name, day in (("begin", given.begin), ("end", given.end)) if day}
    elif kind in EXECUTION_TYPES:
        found |= {
            "test_environments": [e.replace(" ", "_") for e in _list(given.environments)],
            "revision": given.revision.strip(),
            "test_plan": keys_in(given.plan),
        }
    return found


def _definition(given: NewIssue) -> dict[str, Any]:
    kind = test_type(given.test_type or TestType.MANUAL.label)
    found: dict[str, Any] = {"test_type": {"value": kind.label if kind else given.test_type}}
    text = given.text.strip()
    if kind is TestType.GENERIC:
        found["definition"] = text
    elif kind is TestType.CUCUMBER:
        outline = "Scenario Outline:" in text or "Examples:" in text
        found |= {"scenario": text, "scenario_type": {"value": "Scenario Outline" if outline else "Scenario"}}
    elif text:
        found["steps"] = {"steps": [_step(n, line) for n, line in enumerate(filter(str.strip, text.splitlines()), 1)]}
    return found


def _step(number: int, line: str) -> dict[str, Any]:
    action, data, result = ([part.strip() for part in line.split("|", _STEP_TEXTS - 1)] + [""] * _STEP_TEXTS)[:_STEP_TEXTS]
    return {"index": number, "fields": {"Action": action, "Data": data, "Expected Result": result}}


def _list(text: str) -> list[str]:
    return [part for part in map(str.strip, text.split(",")) if part]
