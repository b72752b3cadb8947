# SPDX-License-Identifier: Apache-2.0
"""The fields that a query can name, with the operators each takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import shown
from radiograph.domain.jql.errors import meant, wrong
from radiograph.domain.keys import parse_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from radiograph.domain.issues import CustomField

_EQUAL = ("=", "!=", "in", "not in")
_EMPTY = ("is", "is not")
_ORDER = (">", ">=", "<", "<=")
_TEXT = ("~", "!~")


class Field(Struct, frozen=True):
    """A field: its name, operators, what it holds, other names; `meaning` is that of a custom field of Xray's.

    `key` is set for a custom field without a meaning: its values are kept with the issue under `customfield_…`.
    """

    name: str
    operators: tuple[str, ...]
    doc: str
    aliases: tuple[str, ...] = ()
    orderable: bool = False
    meaning: str = ""
    key: str = ""


SYSTEM_FIELDS = (
    Field("project", _EQUAL, "Key, name or id of a project.", orderable=True),
    Field("issuetype", _EQUAL, "Name or id of an issue type.", ("type",), orderable=True),
    Field("key", (*_EQUAL, *_ORDER), "Key or id of an issue, or a function that gives issues.", ("issue", "issuekey", "id"), orderable=True),
    Field("summary", (*_TEXT, *_EMPTY), "Words of the summary.", orderable=True),
    Field("description", (*_TEXT, *_EMPTY), "Words of the description."),
    Field("text", _TEXT, "Words of the summary, the description or a comment."),
    Field("comment", _TEXT, "Words of one comment."),
    Field("status", (*_EQUAL, *_EMPTY), "Name or id of a workflow status.", orderable=True),
    Field("statusCategory", _EQUAL, "To Do, In Progress or Done (or new, indeterminate, done).", orderable=True),
    Field("resolution", (*_EQUAL, *_EMPTY), "Done, or Unresolved: whether the status is of the category Done.", orderable=True),
    Field("priority", (*_EQUAL, *_EMPTY, *_ORDER), "Highest, High, Medium, Low or Lowest (or 1 to 5).", orderable=True),
    Field("labels", (*_EQUAL, *_EMPTY), "A label, as it is written.", ("label",)),
    Field("component", (*_EQUAL, *_EMPTY), "Name or id of a component.", ("components",), orderable=True),
    Field("fixVersion", (*_EQUAL, *_EMPTY), "Name or id of a version.", ("fixVersions",), orderable=True),
    Field("assignee", (*_EQUAL, *_EMPTY), "Name of a person.", orderable=True),
    Field("reporter", (*_EQUAL, *_EMPTY), "Name of a person.", ("creator",), orderable=True),
    Field("created", (*_EQUAL, *_ORDER, *_EMPTY), "A date.", ("createdDate",), orderable=True),
    Field("updated", (*_EQUAL, *_ORDER, *_EMPTY), "A date.", ("updatedDate",), orderable=True),
    Field("parent", (*_EQUAL, *_EMPTY), "Key or id of the issue that it belongs to."),
    Field("issueLinkType", (*_EQUAL, *_EMPTY), "A type of links that the issue has, or what it says on either side: blocks, is blocked by."),
    Field("attachments", _EMPTY, "Whether the issue has files.", ("attachment",)),
    Field("filter", _EQUAL, "Name or id of a saved filter: what it finds.", ("savedFilter", "request")),
    Field("TestRunStatus", _EQUAL, "Status of a Test's latest run; `VERSION - STATUS` counts the executions of a version only.", ("Test Run Status",)),
)  # fmt: skip
XRAY_FIELDS = (
    Field("Test Type", (*_EQUAL, *_EMPTY), "Manual, Cucumber or Generic.", meaning="test_type"),
    Field("Generic Test Definition", (*_TEXT, *_EQUAL, *_EMPTY), "Text of a Generic Test's definition.", meaning="definition"),
    Field("Cucumber Scenario", (*_TEXT, *_EMPTY), "Text of a Cucumber Test's scenario.", meaning="scenario"),
    Field("Cucumber Test Type", (*_EQUAL, *_EMPTY), "Scenario or Scenario Outline.", meaning="scenario_type"),
    Field("Manual Test Steps", (*_TEXT, *_EMPTY), "Words of a Manual Test's steps.", meaning="steps"),
    Field("Test Repository Path", (*_EQUAL, *_TEXT, *_EMPTY), "Folder of a Test in its project's Test Repository: `/Shop/Basket`.", meaning="repository_path"),
    Field("Pre-Condition Type", (*_EQUAL, *_EMPTY), "Manual, Cucumber or Generic.", meaning="precondition_type"),
    Field("Conditions", (*_TEXT, *_EMPTY), "Text of a Pre-Condition.", meaning="condition"),
    Field("Test Environments", (*_EQUAL, *_EMPTY), "A test environment of a Test Execution.", meaning="test_environments"),
    Field("Revision", (*_EQUAL, *_TEXT, *_EMPTY), "Revision of a Test Execution.", orderable=True, meaning="revision"),
    Field("Begin Date", (*_EQUAL, *_ORDER, *_EMPTY), "When a Test Execution began.", orderable=True, meaning="begin"),
    Field("End Date", (*_EQUAL, *_ORDER, *_EMPTY), "When a Test Execution ended.", orderable=True, meaning="end"),
    Field("Branch", (*_EQUAL, *_TEXT, *_EMPTY), "Branch of a Test Execution.", meaning="branch"),
    Field("Build", (*_EQUAL, *_TEXT, *_EMPTY), "Address of a Test Execution's build.", meaning="build"),
    Field("Test Plan", (*_EQUAL, *_EMPTY), "Test Plan of a Test Execution, or of a Test.", meaning="test_plan"),
    Field("Pre-Conditions association with a Test", (*_EQUAL, *_EMPTY), "Pre-Condition of a Test.", meaning="preconditions"),
    Field("Test Sets association with a Test", (*_EQUAL, *_EMPTY), "Test Set of a Test.", meaning="test_sets"),
    Field("Tests association with a Test Execution", (*_EQUAL, *_EMPTY), "Test of a Test Execution.", meaning="tests"),
    Field("Tests association with a Test Set", (*_EQUAL, *_EMPTY), "Test of a Test Set.", meaning="set_tests"),
    Field("Tests associated with a Test Plan", (*_EQUAL, *_EMPTY), "Test of a Test Plan.", meaning="plan_tests"),
    Field("Test Plan Status", _EQUAL, "Test Plans in which some Test's latest run has the status.", meaning="plan_status"),
    Field("Test Execution Status", _EQUAL, "Test Executions in which some run has the status.", meaning="execution_status"),
    Field(
        "Requirement Status", _EQUAL,
        "OK, NOK, NOTRUN, UNKNOWN or UNCOVERED; `VERSION - STATUS`, `PLAN - STATUS` and `… environment:NAME` count fewer executions.",
        meaning="requirement_status",
    ),
)  # fmt: skip
_OTHER = (*_EQUAL, *_TEXT, *_EMPTY)


class Fields:
    """The fields of an instance, by every name that a query can use."""

    def __init__(self, custom: Iterable[CustomField]) -> None:
        """Add the instance's custom fields, by name and as `cf[id]`; a system field keeps its name."""
        ours = {f.meaning: f for f in XRAY_FIELDS}
        self._named: dict[str, Field] = {}
        self.all = list(SYSTEM_FIELDS)
        for f in SYSTEM_FIELDS:
            self._named |= dict.fromkeys((f.name.lower(), *(a.lower() for a in f.aliases)), f)
        for c in custom:
            known = ours.get(c.meaning)
            if known is None and c.meaning:
                continue
            field = known or Field(c.name, _OTHER, "A custom field of this instance.", key=c.key)
            self.all.append(field)
            self._named.setdefault(c.name.lower(), field)
            self._named.setdefault(field.name.lower(), field)
            self._named |= {f"cf[{c.id}]": field, c.key: field}

    def find(self, name: str, at: int) -> Field:
        """The field of that name; raises WrongQuery that names those that look like it."""
        given = name.strip().lower()
        if given.startswith("cf[") and given.endswith("]"):
            given = f"cf[{parse_id(given[3:-1])}]"
        found = self._named.get(given)
        if found is None:
            raise wrong(f"there is no field {shown(name)}.{meant(name[:100], self.names)}", at)
        return found

    @property
    def names(self) -> Sequence[str]:
        """What the fields are called."""
        return [f.name for f in self.all]


def check_operator(field: Field, operator: str, at: int) -> None:
    """Raise WrongQuery for an operator that the field doesn't take."""
    if operator not in field.operators:
        raise wrong(f"the operator {operator.upper()} is not for {field.name}, which takes {', '.join(field.operators).upper()}.", at)
