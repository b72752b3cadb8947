# SPDX-License-Identifier: Apache-2.0
"""The functions of a query that give issues: each tells whether a column of issue ids is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.errors import shown
from radiograph.domain.issues import EXECUTION_TYPES, IssueType, TestType
from radiograph.domain.jql.functions import find_function
from radiograph.domain.jql.syntax import Value
from radiograph.domain.workflow import TESTS_LINK
from radiograph.store import tables as t
from radiograph.store.jql_folders import folder_tests
from radiograph.store.jql_runs import COVERAGE, Which, coverable, coverage, latest_status
from radiograph.store.jql_saved import saved_filter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from radiograph.domain.jql.syntax import Call
    from radiograph.store.jql_scope import Members, Scope, Test

    Arguments = Sequence[Value]

_TEST, _PLAN, _SET = (IssueType.TEST,), (IssueType.TEST_PLAN,), (IssueType.TEST_SET,)
_PRECONDITION = (IssueType.PRECONDITION,)


def issues_of(scope: Scope, call: Call, field: str) -> Members:
    """The issues that a function gives; raises WrongQuery for a function that isn't one, notes what its arguments have wrong."""
    function = find_function(call, "issues", field)
    faults = len(scope.faults)
    found = _FUNCTIONS[function.name](scope, call.arguments)
    return found if len(scope.faults) == faults else lambda _column: sa.false()


def _group(scope: Scope, value: Value, kinds: Sequence[IssueType]) -> Members:
    """The issue of a key or id, or else what the saved filter of that name or id finds."""
    known = len(scope.faults)
    found = scope.issue_ids([value], kinds)
    if found:
        return lambda column: column == found[0]
    faults = scope.faults[known:]
    del scope.faults[known:]
    members = saved_filter(scope, value)
    if members is None:
        scope.faults += faults
    return members or (lambda _column: sa.false())


def _groups(scope: Scope, values: Arguments, kinds: Sequence[IssueType]) -> Members:
    groups = [_group(scope, v, kinds) for v in values]
    return lambda column: sa.or_(sa.false(), *(g(column) for g in groups))


def _from(wanted: sa.Column[int], *where: Test, source: sa.FromClause | None = None) -> Members:
    """The issues that stand in a column of a table, in the rows where these hold."""
    query = sa.select(wanted).where(*where)
    found = (query if source is None else query.select_from(source)).correlate(None)
    return lambda column: column.in_(found)


def _linked(wanted: sa.Column[int], given: sa.Column[int], kinds: Sequence[IssueType] = ()) -> Callable[[Scope, Arguments], Members]:
    """Functions with issues as arguments that are one look into a table of links."""
    return lambda scope, arguments: _from(wanted, _groups(scope, arguments, kinds)(given))


def _at(arguments: Arguments, number: int) -> Value | None:
    """An argument that may be left out; an empty text is as if left out."""
    return arguments[number] if number < len(arguments) and arguments[number].text.strip() else None


def _environments(scope: Scope, value: Value | None) -> list[int] | None:
    return scope.named(t.environments, [value], "test environment", ids=False) if value else None


def _execution_tests(scope: Scope, arguments: Arguments) -> Members:
    r, d = t.runs.c, t.run_defects.c
    where: list[Test] = [_group(scope, arguments[0], EXECUTION_TYPES)(r.execution_id), scope.seen(r.project_id)]
    if statuses := _at(arguments, 1):
        where.append(r.status_id.in_(scope.run_statuses(statuses)))
    if len(arguments) > 2:  # noqa: PLR2004  (the third: an empty text asks for runs of nobody)
        nobody = not arguments[2].text.strip() and len(arguments) == 3  # noqa: PLR2004
        where += [r.assignee_id.is_(None)] if nobody else _person(scope, r.assignee_id, _at(arguments, 2))
    if flag := _at(arguments, 3):
        some = sa.exists().where(d.run_id == r.id, d.project_id == r.project_id).correlate(t.runs)
        where.append(some if _flag(scope, flag) else ~some)
    return _from(r.test_id, *where, *_person(scope, r.executor_id, _at(arguments, 4)))


def _person(scope: Scope, column: sa.Column[int], value: Value | None) -> list[Test]:
    if value is None:
        return []
    mine = value.text.strip().lower() in {"currentuser", "currentuser()"}
    return [column.in_([scope.caller_id] if mine else scope.people([value], "person"))]


def _flag(scope: Scope, value: Value | None) -> bool:
    text = "false" if value is None else value.text.strip().lower()
    if text not in {"true", "false", "1", "0", "yes", "no"} and value is not None:
        scope.fault(f"{shown(value.text)} must be true or false.", value.at)
    return text in {"true", "1", "yes"}


def _plan_tests(scope: Scope, arguments: Arguments) -> Members:
    p = t.plan_tests.c
    plans = _group(scope, arguments[0], _PLAN)
    return _from(p.test_id, plans(p.plan_id), *_latest(scope, p.test_id, plans, _at(arguments, 1), _at(arguments, 2)))


def _latest(scope: Scope, test: sa.Column[int], plans: Members, statuses: Value | None, environment: Value | None) -> list[Test]:
    """Whether a Test's latest run in the executions of plans, in an environment, has one of the statuses."""
    which = Which(plans=plans, environments=_environments(scope, environment) if environment else None)
    has: list[Test] = []
    if statuses is not None:
        has.append(latest_status(scope, test, which).in_(scope.run_statuses(statuses)))
    elif environment is not None:
        has.append(test.in_(sa.select(t.runs.c.test_id).where(*which.has(t.runs.c.execution_id)).correlate(None)))
    return has


def _plan_executions(scope: Scope, arguments: Arguments) -> Members:
    p, e = t.plan_executions.c, t.execution_environments.c
    where = [_group(scope, arguments[0], _PLAN)(p.plan_id)]
    if environment := _at(arguments, 1):
        wanted = _environments(scope, environment)
        where.append(p.execution_id.in_(sa.select(e.execution_id).where(e.environment_id.in_(wanted or [])).correlate(None)))
    return _from(p.execution_id, *where)


def _tests_without(table: sa.Table) -> Callable[[Scope, Arguments], Members]:
    def found(_scope: Scope, _arguments: Arguments) -> Members:
        i, other = t.issues.alias(), table.alias()
        lacks = ~sa.exists().where(other.c.test_id == i.c.id).correlate_except(other)
        query = sa.select(i.c.id).where(i.c.type_id == int(IssueType.TEST), lacks).correlate(None)
        return lambda column: column.in_(query)

    return found


def _without_steps(_scope: Scope, _arguments: Arguments) -> Members:
    return _from(t.tests.c.issue_id, t.tests.c.type == int(TestType.MANUAL), t.tests.c.step_count == 0)


def _with_version(owners: sa.Column[int], tests: sa.Column[int]) -> Callable[[Scope, Arguments], Members]:
    """Tests in a table beside issues of a project that have one of some fix versions."""

    def found(scope: Scope, arguments: Arguments) -> Members:
        projects = scope.project_ids(arguments[:1]) or [0]
        versions = scope.named(t.versions, arguments[1:], "version", where=t.versions.c.project_id.in_(projects))
        v = t.issue_versions.c
        return _from(tests, owners.in_(sa.select(v.issue_id).where(v.version_id.in_(versions)).correlate(None)))

    return found


def _repository_folder(scope: Scope, arguments: Arguments) -> Members:
    projects = scope.project_ids(arguments[:1])
    return folder_tests(scope, 0, projects[0] if projects else 0, arguments[1], deep=_flag(scope, _at(arguments, 2)))


def _plan_folder(scope: Scope, arguments: Arguments) -> Members:
    plans = scope.issue_ids(arguments[:1], _PLAN)
    deep = _flag(scope, _at(arguments, 2))
    if not plans:
        return lambda _column: sa.false()
    p, members = t.plan_tests.c, folder_tests(scope, plans[0], 0, arguments[1], deep=deep)
    latest = _latest(scope, p.test_id, lambda column: column == plans[0], _at(arguments, 3), _at(arguments, 4))
    return _from(p.test_id, p.plan_id == plans[0], members(p.test_id), *latest)


def _requirements(scope: Scope, arguments: Arguments) -> Members:
    project, version = _at(arguments, 1), _at(arguments, 2)
    projects = scope.project_ids([project]) if project else None
    within = None if projects is None else t.versions.c.project_id.in_(projects or [0])
    versions = scope.named(t.versions, [version], "version", where=_and(within, scope.seen(t.versions.c.project_id))) if version else None
    which = Which(versions=versions, environments=_environments(scope, _at(arguments, 3)))
    return _covered(scope, arguments[0], which, projects)


def _and(*parts: Any) -> Test:  # noqa: ANN401
    return sa.and_(sa.true(), *(p for p in parts if p is not None))


def _requirements_by_plan(scope: Scope, arguments: Arguments) -> Members:
    plans = scope.issue_ids(arguments[1:2], _PLAN)
    return _covered(
        scope, arguments[0], Which(plans=lambda column: column.in_(plans), environments=_environments(scope, _at(arguments, 2))), None
    )


def _covered(scope: Scope, statuses: Value, which: Which, projects: Sequence[int] | None) -> Members:
    wanted = [name.strip().upper() for name in statuses.text.split("|") if name.strip()]
    for name in wanted:
        if name not in COVERAGE:
            scope.fault(f"{name!r} is no status of a requirement; they are {', '.join(COVERAGE)}.", statuses.at)
    i = t.issues.alias()
    where = [coverable(i), scope.seen(i.c.project_id), coverage(scope, i.c.id, [w for w in wanted if w in COVERAGE], which)]
    if projects is not None:
        where.append(i.c.project_id.in_(projects))
    query = sa.select(i.c.id).where(*where).correlate(None)
    return lambda column: column.in_(query)


def _assigned(scope: Scope, arguments: Arguments) -> Members:
    r, person = t.runs.c, _at(arguments, 0)
    where = _person(scope, r.assignee_id, person or Value("currentUser"))
    if statuses := _at(arguments, 1):
        where.append(r.status_id.in_(scope.run_statuses(statuses)))
    return _from(r.execution_id, *where, scope.seen(r.project_id))


def _defects_of_executions(scope: Scope, arguments: Arguments) -> Members:
    r, d = t.runs.c, t.run_defects.c
    executions = _groups(scope, arguments, EXECUTION_TYPES)
    return _defects(scope, executions(r.execution_id), d.issue_id)


def _defects_of_requirements(scope: Scope, arguments: Arguments) -> Members:
    q = t.requirement_links.c
    tests = sa.select(q.test_id).where(_groups(scope, arguments, ())(q.requirement_id)).correlate(None)
    return _defects(scope, t.runs.c.test_id.in_(tests), t.run_defects.c.issue_id)


def _defects(scope: Scope, runs: Test, wanted: sa.Column[int]) -> Members:
    both = t.run_defects.join(t.runs, (t.runs.c.id == t.run_defects.c.run_id) & (t.runs.c.project_id == t.run_defects.c.project_id))
    return _from(wanted, runs, scope.seen(t.runs.c.project_id), wanted.is_not(None), source=both)


def _plan_requirements(scope: Scope, arguments: Arguments) -> Members:
    p, q = t.plan_tests.c, t.requirement_links.c
    tests = sa.select(p.test_id).where(_group(scope, arguments[0], _PLAN)(p.plan_id)).correlate(None)
    return _from(q.requirement_id, q.test_id.in_(tests))


def _linked_issues(scope: Scope, arguments: Arguments) -> Members:
    (given, *_), link = arguments, _at(arguments, 1)
    issue = _group(scope, given, ())
    ends = link_ends(scope, link) if link else None
    k, q = t.issue_links.c, t.requirement_links.c
    sides = (
        (k.target_id, k.source_id, None if ends is None else k.type_id.in_(ends[0])),
        (k.source_id, k.target_id, None if ends is None else k.type_id.in_(ends[1])),
        (q.requirement_id, q.test_id, None if ends is None else _tests_link(ends[0])),
        (q.test_id, q.requirement_id, None if ends is None else _tests_link(ends[1])),
    )
    found = [_from(wanted, issue(own), _and(only)) for wanted, own, only in sides]
    return lambda column: sa.or_(*(f(column) for f in found))


def _tests_link(types: Sequence[int]) -> Test:
    return sa.true() if TESTS_LINK in types else sa.false()


def link_ends(scope: Scope, value: Value) -> tuple[list[int], list[int]]:
    """The types of links in which an issue at the source, and at the target, is what a text says.

    `blocks` and `is blocked by` are one side each; `Cloners`, the name of a type, is both.
    """
    text = value.text.strip().lower()
    k = t.link_types.c
    rows = scope.conn.execute(sa.select(k.id, k.name, k.inward, k.outward)).all()
    source = [i for i, _, _, outward in rows if text == outward.lower()]
    target = [i for i, _, inward, _ in rows if text == inward.lower()]
    if not source and not target:
        source = target = [i for i, name, _, _ in rows if text in {name.lower(), str(i)}]
    if not source and not target:
        known = dict.fromkeys(name for _, *names in rows for name in names)
        scope.fault(f"there is no type of links {shown(value.text)}.{scope.near(value.text, lambda: known)}", value.at)
    return source, target


_PT, _ST, _BT, _QL, _R = t.plan_tests.c, t.set_tests.c, t.precondition_tests.c, t.requirement_links.c, t.runs.c
_FUNCTIONS: dict[str, Callable[[Scope, Arguments], Members]] = {
    "testExecutionTests": _execution_tests,
    "testTestExecutions": _linked(_R.execution_id, _R.test_id, _TEST),
    "testPlanTests": _plan_tests,
    "testPlanTestExecutions": _plan_executions,
    "testTestPlan": _linked(_PT.plan_id, _PT.test_id, _TEST),
    "testPlanRequirements": _plan_requirements,
    "testSetTests": _linked(_ST.test_id, _ST.set_id, _SET),
    "testTestSet": _linked(_ST.set_id, _ST.test_id, _TEST),
    "testPreConditions": _linked(_BT.precondition_id, _BT.test_id, _TEST),
    "preConditionTests": _linked(_BT.test_id, _BT.precondition_id, _PRECONDITION),
    "testRequirements": _linked(_QL.requirement_id, _QL.test_id, _TEST),
    "requirementTests": _linked(_QL.test_id, _QL.requirement_id),
    "testsWithNoTestSet": _tests_without(t.set_tests),
    "testsWithNoTestPlan": _tests_without(t.plan_tests),
    "testsWithNoTestExecution": _tests_without(t.runs),
    "manualTestsWithoutSteps": _without_steps,
    "testsWithReqVersion": _with_version(_QL.requirement_id, _QL.test_id),
    "testsWithTestSetVersion": _with_version(_ST.set_id, _ST.test_id),
    "testRepositoryFolderTests": _repository_folder,
    "testPlanFolderTests": _plan_folder,
    "requirements": _requirements,
    "requirementsWithStatusByTestPlan": _requirements_by_plan,
    "testExecWithTestRunsAssignedToUser": _assigned,
    "defectsCreatedDuringTesting": _defects_of_executions,
    "defectsCreatedForRequirement": _defects_of_requirements,
    "linkedIssues": _linked_issues,
}
