# SPDX-License-Identifier: Apache-2.0
"""Xray's custom fields, and those of the instance's own, as conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.errors import shown
from radiograph.domain.issues import IssueType, TestType, test_type
from radiograph.domain.jql.syntax import Value
from radiograph.store import tables as t
from radiograph.store.jql_columns import Handler, compared, date_of, has_words, issues_in, on_dates, plain, same_text
from radiograph.store.jql_folders import folder_paths, folders_at
from radiograph.store.jql_runs import COVERAGE, Which, coverable, coverage, latest_status
from radiograph.store.many import json_leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from radiograph.store.jql_columns import Given
    from radiograph.store.jql_scope import Scope, Test


def _among(scope: Scope, owner: sa.Column[int], *where: Test) -> Test:
    """The issue stands in a table's column, in a row where these hold."""
    return scope.i.c.id.in_(sa.select(owner).where(*where).correlate(None))  # type: ignore[no-any-return]


def _of_execution(name: str) -> Handler:
    """A text of executions."""
    owner, column = t.executions.c.issue_id, t.executions.c[name]
    return Handler(
        equal=lambda s, given: _among(s, owner, same_text(s, column, plain(given, name))),
        empty=lambda s: ~_among(s, owner, column != ""),
        match=lambda s, words: _among(s, owner, has_words(column, words)),
    )


def _date_of_execution(name: str) -> Handler:
    owner, column = t.executions.c.issue_id, t.executions.c[f"{name}_ms"]
    field = f"{name.title()} Date"
    return Handler(
        equal=lambda s, given: _among(s, owner, column.is_not(None), on_dates(s, column, given, field)),
        empty=lambda s: ~_among(s, owner, column.is_not(None)),
        less=lambda s, op, v: _among(s, owner, column.is_not(None), compared(column, op, date_of(s, v, field)[0])),
    )


def _current(scope: Scope, kind: TestType | None, *where: Test) -> Test:
    """The issue is a Test whose current definition is of the kind and has these."""
    v = t.test_versions
    only = [] if kind is None else [v.c.type == int(kind)]
    found = sa.select(t.tests.c.issue_id).join(v, v.c.id == t.tests.c.version_id).where(*only, *where).correlate(None)
    return scope.i.c.id.in_(found)  # type: ignore[no-any-return]


def _definition(kind: TestType, field: str) -> Handler:
    text = t.test_versions.c.steps if kind is TestType.MANUAL else t.test_versions.c.text
    filled = sa.func.coalesce(text, "").not_in(["", "[]"])
    return Handler(
        equal=lambda s, given: _current(s, kind, same_text(s, text, plain(given, field))),
        empty=lambda s: ~_current(s, kind, filled),
        match=lambda s, words: _current(s, kind, has_words(text, words)),
    )


def _kinds(scope: Scope, given: Given, field: str) -> list[int]:
    found = []
    for v in plain(given, field):
        kind = test_type(v.text)
        if kind is None:
            scope.fault(f"there is no test type {shown(v.text)}; they are {', '.join(k.label for k in TestType)}.", v.at)
        else:
            found.append(int(kind))
    return found


_TESTS, _PRECONDITIONS, _SCENARIO = t.tests.c, t.preconditions.c, t.test_versions.c.scenario_type
_OUTLINE = sa.case((_SCENARIO == "", "Scenario"), else_=_SCENARIO)


def _pairs(*sides: tuple[sa.Column[int], sa.Column[int]], field: str) -> Handler:
    """Issues that are beside others in tables of two columns: the issue's, the other's."""

    def equal(scope: Scope, given: Given) -> Test:
        known = len(scope.faults)
        found = []
        for owner, other in sides:
            del scope.faults[known:]  # each side tells the same
            found.append(_among(scope, owner, issues_in(scope, other, given, field)))
        return sa.or_(*found)

    return Handler(equal=equal, empty=lambda s: sa.and_(*(~_among(s, owner) for owner, _ in sides)))


def _environments(scope: Scope, given: Given) -> Test:
    e = t.execution_environments.c
    names = sa.select(t.environments.c.id).where(same_text(scope, t.environments.c.name, plain(given, "Test Environments")))
    return _among(scope, e.execution_id, e.environment_id.in_(names.correlate(None)))


def _paths(scope: Scope, given: Given) -> Test:
    f = t.folder_tests.c
    values = plain(given, "Test Repository Path")
    ids = [n for v in values for n in folders_at(scope, 0, None, v, deep=False)]
    return _among(scope, f.test_id, f.board_id == 0, f.folder_id.in_(ids))


def _path_words(scope: Scope, words: Sequence[str]) -> Test:
    f = t.folder_tests.c
    ids = [n for path, numbers in folder_paths(scope, 0, None).items() if all(w.lower() in path for w in words) for n in numbers]
    return _among(scope, f.test_id, f.board_id == 0, f.folder_id.in_(ids))


_SCOPED = re.compile(r"(?:(?P<group>.+?)\s+-\s+)?(?P<status>[\w|]+(?: [\w|]+)*?)(?:\s+environment:\s*(?P<environment>.+))?", re.IGNORECASE)


def _scoped(scope: Scope, value: Value) -> tuple[Value, Which]:
    """`v1.3 - OK environment:Chrome`: the status, and the executions of a version or Test Plan and of an environment."""
    found = _SCOPED.fullmatch(value.text.strip())
    if found is None:
        return value, Which()
    at, group, environment = value.at, found["group"], found["environment"]
    environments = scope.named(t.environments, [Value(environment, at)], "test environment", ids=False) if environment else None
    if not group:
        return Value(found["status"], at), Which(environments=environments)
    known = len(scope.faults)
    plans = scope.issue_ids([Value(group, at)], [IssueType.TEST_PLAN])
    if plans:
        return Value(found["status"], at), Which(plans=lambda column: column.in_(plans), environments=environments)
    del scope.faults[known:]
    versions = scope.named(t.versions, [Value(group, at)], "version or Test Plan", ids=False, where=scope.seen(t.versions.c.project_id))
    return Value(found["status"], at), Which(versions=versions, environments=environments)


def _run_status(scope: Scope, given: Given) -> Test:
    parts: list[Test] = [sa.false()]
    for v in plain(given, "TestRunStatus"):
        status, which = _scoped(scope, v)
        parts.append(latest_status(scope, scope.i.c.id, which).in_(scope.run_statuses(status)))
    return sa.and_(scope.i.c.type_id == int(IssueType.TEST), sa.or_(*parts))


def _requirement_status(scope: Scope, given: Given) -> Test:
    parts: list[Test] = [sa.false()]
    for v in plain(given, "Requirement Status"):
        status, which = _scoped(scope, v)
        name = status.text.upper()
        if name not in COVERAGE:
            scope.fault(f"{shown(status.text)} is no status of a requirement; they are {', '.join(COVERAGE)}.", v.at)
        parts.append(coverage(scope, scope.i.c.id, [n for n in COVERAGE if n == name], which))
    return sa.and_(coverable(scope.i), sa.or_(*parts))


def _execution_status(scope: Scope, given: Given) -> Test:
    e = t.execution_summaries.c
    ids = [n for v in plain(given, "Test Execution Status") for n in scope.run_statuses(v)]
    return _among(scope, e.execution_id, e.status_id.in_(ids), e.runs > 0)


def _plan_status(scope: Scope, given: Given) -> Test:
    p = t.plan_tests.c
    ids = [n for v in plain(given, "Test Plan Status") for n in scope.run_statuses(v)]
    latest = latest_status(scope, p.test_id, Which(plans=lambda column: column == p.plan_id))
    return _among(scope, p.plan_id, latest.in_(ids))


def own_field(key: str, field: str) -> Handler:
    """A custom field of the instance's own: its values, whatever they are inside, as texts."""

    def some(scope: Scope, where: Callable[[Any], Test]) -> Test:
        source, leaf = json_leaves(scope.conn, scope.i.c.fields, key)
        return sa.exists(sa.select(sa.literal(1)).select_from(source).where(where(leaf)).correlate(scope.i))

    return Handler(
        equal=lambda s, given: some(s, lambda leaf: same_text(s, leaf, plain(given, field))),
        empty=lambda s: ~some(s, lambda leaf: leaf != ""),
        match=lambda s, words: some(s, lambda leaf: has_words(leaf, words)),
    )


_PT, _PE, _ST, _BT, _R = t.plan_tests.c, t.plan_executions.c, t.set_tests.c, t.precondition_tests.c, t.runs.c
MEANINGS: dict[str, Handler] = {
    "test_type": Handler(
        equal=lambda s, given: _among(s, _TESTS.issue_id, _TESTS.type.in_(_kinds(s, given, "Test Type"))),
        empty=lambda s: ~_among(s, _TESTS.issue_id),
    ),
    "definition": _definition(TestType.GENERIC, "Generic Test Definition"),
    "scenario": _definition(TestType.CUCUMBER, "Cucumber Scenario"),
    "scenario_type": Handler(
        equal=lambda s, given: _current(s, TestType.CUCUMBER, same_text(s, _OUTLINE, plain(given, "Cucumber Test Type"))),
        empty=lambda s: ~_current(s, TestType.CUCUMBER),
    ),
    "steps": _definition(TestType.MANUAL, "Manual Test Steps"),
    "repository_path": Handler(
        equal=_paths, match=_path_words, empty=lambda s: ~_among(s, t.folder_tests.c.test_id, t.folder_tests.c.board_id == 0)
    ),
    "precondition_type": Handler(
        equal=lambda s, given: _among(s, _PRECONDITIONS.issue_id, _PRECONDITIONS.type.in_(_kinds(s, given, "Pre-Condition Type"))),
        empty=lambda s: ~_among(s, _PRECONDITIONS.issue_id),
    ),
    "condition": Handler(
        match=lambda s, words: _among(s, _PRECONDITIONS.issue_id, has_words(_PRECONDITIONS.definition, words)),
        empty=lambda s: ~_among(s, _PRECONDITIONS.issue_id, _PRECONDITIONS.definition != ""),
    ),
    "test_environments": Handler(equal=_environments, empty=lambda s: ~_among(s, t.execution_environments.c.execution_id)),
    "revision": _of_execution("revision"),
    "begin": _date_of_execution("begin"),
    "end": _date_of_execution("end"),
    "branch": _of_execution("branch"),
    "build": _of_execution("build_url"),
    "test_plan": _pairs((_PE.execution_id, _PE.plan_id), (_PT.test_id, _PT.plan_id), field="Test Plan"),
    "preconditions": _pairs((_BT.test_id, _BT.precondition_id), field="Pre-Conditions association with a Test"),
    "test_sets": _pairs((_ST.test_id, _ST.set_id), field="Test Sets association with a Test"),
    "tests": Handler(
        equal=_pairs((_R.execution_id, _R.test_id), field="Tests association with a Test Execution").equal,
        empty=lambda s: ~_among(s, t.execution_summaries.c.execution_id, t.execution_summaries.c.runs > 0),  # runs are not scanned
    ),
    "set_tests": _pairs((_ST.set_id, _ST.test_id), field="Tests association with a Test Set"),
    "plan_tests": _pairs((_PT.plan_id, _PT.test_id), field="Tests associated with a Test Plan"),
    "plan_status": Handler(equal=_plan_status, empty=lambda s: s.i.c.type_id != int(IssueType.TEST_PLAN)),
    "execution_status": Handler(equal=_execution_status, empty=lambda s: ~_among(s, t.executions.c.issue_id)),
    "requirement_status": Handler(equal=_requirement_status, empty=lambda s: ~coverable(s.i)),
    "": Handler(equal=_run_status, empty=lambda s: s.i.c.type_id != int(IssueType.TEST)),
}
