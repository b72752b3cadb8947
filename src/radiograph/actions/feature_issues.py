# SPDX-License-Identifier: Apache-2.0
"""What an import of feature files does beside Tests: Preconditions, and the fields that new issues are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from radiograph.actions.issue_edit import Edit, carry_out, check_fields, named_issues
from radiograph.actions.issue_refs import issue_heads, visible_issue
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.features import Condition, Feature, Head, Scenario, steps_of
from radiograph.domain.issue_change import DEFINING, IssueChange, ListOperation
from radiograph.domain.issues import IssueFields, IssueType, TestType
from radiograph.domain.people import Caller, Right
from radiograph.formats.jira_issue import read_change
from radiograph.store import feature_reads, instance, issue_writes, issues
from radiograph.store.preconditions import preconditions, put_preconditions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from radiograph.domain.issues import CustomField
    from radiograph.store.feature_reads import ConditionRow

_OURS = DEFINING | {"summary", "precondition_type", "condition"}
"""What a feature file says itself."""


class NewFields(Struct):
    """What the request gives for issues that are created; None: nothing."""

    fields: dict[str, CustomField]
    tests: IssueChange | None
    preconditions: IssueChange | None

    def projects(self, conn: sa.Connection, caller: Caller) -> set[int]:
        """The projects of the issues that they name."""
        refs = [ref for change in (self.tests, self.preconditions) if change for ref in named_issues(change)]
        return {head.project_id for head in issue_heads(conn, caller, refs).values()}


def read_fields(conn: sa.Connection, test_info: Any, precondition_info: Any) -> NewFields:  # noqa: ANN401  (any JSON)
    """The Jira bodies for new Tests and Preconditions. Raises Refused that names the field."""
    fields = {f.key: f for f in instance.custom_fields(conn)}
    tests, conditions = (
        _change(body, name, kind, fields)
        for body, name, kind in ((test_info, "testInfo", IssueType.TEST), (precondition_info, "preCondInfo", IssueType.PRECONDITION))
    )
    return NewFields(fields, tests, conditions)


def _change(body: Any, name: str, kind: IssueType, fields: dict[str, CustomField]) -> IssueChange | None:  # noqa: ANN401
    if body is None:
        return None
    try:
        change = read_change(body, fields)
        change.values = {n: v for n, v in change.values.items() if n not in _OURS}
        check_fields(change, kind, fields)
    except Refused as error:
        problems = [Problem(f"{name}.{p.path}", p.problem) for p in error.details]
        raise Refused(f"{name}: {error.message}", problems) from None
    if "labels" in change.lists:
        change.lists["labels"] = [ListOperation("add" if o.verb == "set" else o.verb, o.items) for o in change.lists["labels"]]
    return change


def complete(conn: sa.Connection, caller: Caller, new: NewFields, kind: IssueType, ids: Sequence[int]) -> None:
    """Give issues that were created the fields of the request. Raises Refused that names the field."""
    change = new.tests if kind is IssueType.TEST else new.preconditions
    if change is None:
        return
    named = issue_heads(conn, caller, named_issues(change))
    for number in ids:
        carry_out(Edit(conn, caller, visible_issue(conn, caller, str(number)), change, new.fields, named, now_ms()))


class Conditions:
    """The Preconditions that the backgrounds of an import are."""

    def __init__(self, conn: sa.Connection, caller: Caller, project_id: int, heads: Mapping[str, Head], new: NewFields) -> None:
        """Take what is known; the project's Preconditions are read now."""
        self._conn, self._caller, self._project_id, self._heads, self._new = conn, caller, project_id, heads, new
        self._rows = feature_reads.conditions(conn, project_id)
        self._chosen: dict[tuple[str, Condition], int | None] = {}
        self.problems: list[Problem] = []
        self.found: dict[int, str] = {}

    def of(self, feature: Feature, scenario: Scenario) -> list[int]:
        """The Preconditions of a scenario, made or changed as its file has them."""
        for condition in scenario.conditions:
            place = (feature.label, condition)
            if place not in self._chosen:
                self._chosen[place] = self._keyed(feature, condition) if condition.key else self._unnamed(feature, condition)
        chosen = (self._chosen[feature.label, c] for c in scenario.conditions)
        return [i for i in dict.fromkeys(chosen) if i is not None]

    def outdated(self, feature: Feature, held: Sequence[int], wanted: Sequence[int]) -> list[int]:
        """Those of the held Preconditions that came of this file and that it doesn't have any more."""
        ours = {row.id for row in self._rows if feature.label in row.labels}
        return [i for i in held if i in ours and i not in wanted]

    def _keyed(self, feature: Feature, condition: Condition) -> int | None:
        head = self._heads.get(condition.key)
        row = preconditions(self._conn, [head.id]).get(head.id) if head else None
        problem = ""
        if row is None:
            problem = f"there is no Precondition {cut(condition.key)}"
        elif not self._caller.may(Right.IMPORT, row.project_id):
            problem = f"your role does not allow to change {row.key}"
        elif row.type is not TestType.CUCUMBER and row.definition:
            problem = f"{row.key} is no Cucumber Precondition"
        if problem or row is None:
            self.problems.append(Problem(feature.path, problem))
            return None
        if condition.text and (row.type is not TestType.CUCUMBER or steps_of(row.definition) != condition.text):
            self._define(row.id, condition.text)
        self.found[row.id] = row.key
        return row.id

    def _unnamed(self, feature: Feature, condition: Condition) -> int:
        row = self._known(feature.label, condition) or self._made(feature, condition)
        if steps_of(row.definition) != condition.text:
            self._define(row.id, condition.text)
        if feature.label not in row.labels:
            labels = [*row.labels, feature.label]
            issue_writes.update_issue(self._conn, row.id, self._project_id, IssueFields(labels=labels), now_ms())
        self.found[row.id] = row.key
        return row.id

    def _known(self, path: str, condition: Condition) -> ConditionRow | None:
        """By the file and the steps, the file and the summary, the steps, or the summary if no file has it."""
        taken = {i for (label, _), i in self._chosen.items() if label == path}
        free = [row for row in self._rows if row.id not in taken]
        mine = [row for row in free if path in row.labels]
        same = [row for row in free if steps_of(row.definition) == condition.text]
        named = [row for row in free if row.summary == condition.summary]
        nobodys = (row for row in named if not any(label.endswith(".feature") for label in row.labels))
        ways = ((row for row in same if row in mine), (row for row in named if row in mine), same, nobodys)
        return next((row for way in ways for row in way), None)

    def _made(self, feature: Feature, condition: Condition) -> ConditionRow:
        fields = IssueFields(summary=condition.summary, labels=[feature.label])
        new = issues.NewIssue(project_id=self._project_id, type=IssueType.PRECONDITION, fields=fields)
        number, key = issues.create_issue(self._conn, new, self._caller.id)
        self._define(number, condition.text)
        complete(self._conn, self._caller, self._new, IssueType.PRECONDITION, [number])
        row = feature_reads.ConditionRow(number, key, condition.summary, condition.text, [feature.label])
        self._rows.append(row)
        return row

    def _define(self, number: int, text: str) -> None:
        put_preconditions(self._conn, {number: (TestType.CUCUMBER, text)})
        self._rows = [structs.replace(row, definition=text) if row.id == number else row for row in self._rows]
