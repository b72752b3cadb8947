# SPDX-License-Identifier: Apache-2.0
"""Test Plans: those of a project, their environments, and what narrows their Tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import IssueType
from radiograph.store import tables as t
from radiograph.store.many import any_of, is_seen

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_PE, _PT = t.plan_executions.c, t.plan_tests.c


class PlanHead(Struct):
    """A Test Plan: how many Tests and executions that its reader sees it has, and the newest of these (None: there is none)."""

    id: int
    key: str
    summary: str
    workflow: str
    created_ms: int
    tests: int
    executions: int
    newest_id: int | None


class PlanEnvironment(Struct):
    """A test environment of a plan's executions: how many have it, and the newest of them."""

    id: int
    name: str
    executions: int
    newest_id: int


def plans_of_project(
    conn: sa.Connection, project_id: int, projects: Collection[int] | None, before: int | None, limit: int
) -> list[PlanHead]:
    """A project's Test Plans, newest first, those before the id `before`; of their Tests and executions those of `projects` count."""
    i, e, test = t.issues.c, t.executions, t.tests
    with_tests = t.plan_tests.join(test, test.c.issue_id == _PT.test_id)
    held = t.plan_executions.join(e, e.c.issue_id == _PE.execution_id)
    of_tests, of_runs = (
        (_PT.plan_id == i.id, is_seen(test.c.project_id, projects)),
        (_PE.plan_id == i.id, is_seen(e.c.project_id, projects)),
    )
    tests = sa.select(sa.func.count()).select_from(with_tests).where(*of_tests).correlate(t.issues).scalar_subquery()
    runs = sa.select(sa.func.count()).select_from(held).where(*of_runs).correlate(t.issues).scalar_subquery()
    newest = sa.select(sa.func.max(_PE.execution_id)).select_from(held).where(*of_runs).correlate(t.issues).scalar_subquery()
    query = sa.select(i.id, i.key, i.summary, i.workflow, i.created_ms, tests, runs, newest)
    query = query.where(i.project_id == project_id, i.type_id == int(IssueType.TEST_PLAN))
    if before is not None:
        query = query.where(i.id < before)
    return [PlanHead(*row) for row in conn.execute(query.order_by(i.id.desc()).limit(limit))]


def plans_named(conn: sa.Connection, project_id: int, limit: int) -> list[tuple[str, str]]:
    """The newest Test Plans of a project: key and summary."""
    i = t.issues.c
    query = sa.select(i.key, i.summary).where(i.project_id == project_id, i.type_id == int(IssueType.TEST_PLAN))
    return [(row[0], row[1]) for row in conn.execute(query.order_by(i.id.desc()).limit(limit))]


def environments_of(conn: sa.Connection, plan_id: int, projects: Collection[int] | None) -> list[PlanEnvironment]:
    """The test environments of a plan's executions in these projects (None: all), by name."""
    ee, en = t.execution_environments.c, t.environments.c
    newest, count = sa.func.max(ee.execution_id), sa.func.count()
    query = sa.select(en.id, en.name, count, newest).join(t.execution_environments, ee.environment_id == en.id)
    query = query.join(t.plan_executions, _PE.execution_id == ee.execution_id).where(_PE.plan_id == plan_id)
    query = query.join(t.executions, t.executions.c.issue_id == ee.execution_id).where(is_seen(t.executions.c.project_id, projects))
    return [PlanEnvironment(*row) for row in conn.execute(query.group_by(en.id, en.name).order_by(en.name))]


def count_runs(conn: sa.Connection, plan_id: int, projects: Collection[int] | None) -> tuple[int, int]:
    """How many executions a plan has in these projects (None: all), and how many runs these."""
    e, es = t.executions.c, t.execution_summaries.c
    held = t.plan_executions.join(t.executions, e.issue_id == _PE.execution_id)
    where = (_PE.plan_id == plan_id, is_seen(e.project_id, projects))
    executions = conn.execute(sa.select(sa.func.count()).select_from(held).where(*where)).scalar_one()
    joined = held.join(t.execution_summaries, es.execution_id == _PE.execution_id)
    runs = conn.execute(sa.select(sa.func.coalesce(sa.func.sum(es.runs), 0)).select_from(joined).where(*where)).scalar_one()
    return executions, int(runs)


def tests_with_text(conn: sa.Connection, plan_id: int, text: str) -> set[int]:
    """The Tests of a plan whose key or summary has the text in it."""
    i = t.issues.c
    query = sa.select(_PT.test_id).join(t.issues, i.id == _PT.test_id).where(_PT.plan_id == plan_id)
    return set(conn.execute(query.where(i.summary.icontains(text, autoescape=True) | i.key.icontains(text, autoescape=True))).scalars())


def folders_of_tests(conn: sa.Connection, plan_id: int) -> dict[int, int]:
    """The folder of each Test on the plan's board; those in none are left out."""
    f = t.folder_tests.c
    return {row[0]: row[1] for row in conn.execute(sa.select(f.test_id, f.folder_id).where(f.board_id == plan_id))}


def own_assignees(conn: sa.Connection, tests: Sequence[int]) -> dict[int, int]:
    """The people that Tests are assigned to, by Test; those of nobody are left out."""
    i = t.issues.c
    query = sa.select(i.id, i.assignee_id).where(any_of(conn, i.id, list(tests) or [0]), i.assignee_id.is_not(None))
    return {row[0]: row[1] for row in conn.execute(query)}


def run_assignees(conn: sa.Connection, places: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The people that runs (id, project id) are assigned to, by run; those of nobody are left out."""
    r = t.runs.c
    ids, projects = [i for i, _ in places] or [0], sorted({p for _, p in places}) or [0]
    query = sa.select(r.id, r.assignee_id).where(any_of(conn, r.project_id, projects), any_of(conn, r.id, ids), r.assignee_id.is_not(None))
    return {row[0]: row[1] for row in conn.execute(query)}


def names_of_people(conn: sa.Connection, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The name of each person, and the one to show."""
    u = t.users.c
    rows = conn.execute(sa.select(u.id, u.name, u.display_name).where(any_of(conn, u.id, sorted(ids) or [0])))
    return {row[0]: (row[1], row[2] or row[1]) for row in rows}


def dated_runs(conn: sa.Connection, plan_id: int, projects: Collection[int] | None) -> list[tuple[int, int, int, int]]:
    """Every run of a plan's Tests in its executions, both of these projects (None: all): (Test, id, status id, when: UTC milliseconds).

    When it finished, else began, else when its execution began or was made.
    """
    r, e, i = t.runs.c, t.executions.c, t.issues.c
    when = sa.func.coalesce(r.finish_ms, r.start_ms, e.begin_ms, i.created_ms)
    source = t.plan_executions.join(t.executions, e.issue_id == _PE.execution_id).join(t.issues, i.id == e.issue_id)
    source = source.join(t.runs, r.execution_id == e.issue_id).join(
        t.plan_tests, sa.and_(_PT.plan_id == _PE.plan_id, _PT.test_id == r.test_id)
    )
    source = source.join(t.tests, t.tests.c.issue_id == r.test_id)
    seen = (is_seen(r.project_id, projects), is_seen(t.tests.c.project_id, projects))
    query = sa.select(r.test_id, r.id, r.status_id, when).select_from(source).where(_PE.plan_id == plan_id, *seen)
    return [(row[0], row[1], row[2], row[3]) for row in conn.execute(query)]


def made_days(conn: sa.Connection, plan_id: int, projects: Collection[int] | None) -> list[int]:
    """When the Tests of a plan in these projects (None: all) were made, in UTC milliseconds."""
    i = t.issues.c
    query = sa.select(i.created_ms).join(t.plan_tests, _PT.test_id == i.id).where(_PT.plan_id == plan_id)
    return list(conn.execute(query if projects is None else query.where(i.project_id.in_(sorted(projects)))).scalars())


def executions_before(conn: sa.Connection, plan_id: int, projects: Collection[int] | None, before: int | None, limit: int) -> list[int]:
    """The executions of a plan in these projects (None: all), newest first, those before the id `before`."""
    query = sa.select(_PE.execution_id).where(_PE.plan_id == plan_id)
    if before is not None:
        query = query.where(_PE.execution_id < before)
    query = query.join(t.executions, t.executions.c.issue_id == _PE.execution_id).where(is_seen(t.executions.c.project_id, projects))
    return list(conn.execute(query.order_by(_PE.execution_id.desc()).limit(limit)).scalars())
