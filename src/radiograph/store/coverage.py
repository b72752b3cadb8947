# SPDX-License-Identifier: Apache-2.0
"""What is to be covered, what covers it, and what is missing: requirements, their links to Tests, Tests that never ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.store import tables as t
from radiograph.store.jql_runs import REQUIREMENTS
from radiograph.store.many import any_of, is_seen
from radiograph.store.pasts import FINAL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_I, _Q = t.issues.c, t.requirement_links.c
_TEST = int(IssueType.TEST)
_OTHERS = [int(k) for k in IssueType if k not in {*REQUIREMENTS, *EXECUTION_TYPES, IssueType.TEST}]


class Requirement(Struct, frozen=True):
    """A requirement; `parent_id` is that of what it is a part of."""

    id: int
    type_id: int
    parent_id: int | None


class TestHead(Struct, frozen=True):
    """A Test in a gap: its key, summary, when it was made (UTC milliseconds)."""

    __test__ = False

    id: int
    key: str
    summary: str
    created_ms: int


def requirements(conn: sa.Connection, project_id: int) -> list[Requirement]:
    """The Stories, Epics and Requirements of a project and whatever else Tests cover in it, by id."""
    columns = sa.select(_I.id, _I.type_id, _I.parent_id).where(_I.project_id == project_id)
    always = columns.where(_I.type_id.in_([int(k) for k in REQUIREMENTS]))
    covered = columns.where(_I.type_id.in_(_OTHERS), sa.exists().where(_Q.requirement_id == _I.id))
    return sorted((Requirement(*row) for row in conn.execute(always.union_all(covered))), key=lambda r: r.id)


def links(conn: sa.Connection, requirement_ids: Sequence[int], projects: Collection[int] | None) -> list[tuple[int, int]]:
    """(requirement, Test) of these requirements, where the Test is in these projects (None: all)."""
    query = sa.select(_Q.requirement_id, _Q.test_id).where(any_of(conn, _Q.requirement_id, list(requirement_ids) or [0]))
    if projects is not None:
        query = query.join(t.tests, t.tests.c.issue_id == _Q.test_id).where(t.tests.c.project_id.in_(sorted(projects)))
    return [(row[0], row[1]) for row in conn.execute(query)]


def projects_of_tests(conn: sa.Connection, test_ids: Collection[int]) -> set[int]:
    """The projects that these Tests are in."""
    query = sa.select(t.tests.c.project_id).where(any_of(conn, t.tests.c.issue_id, sorted(test_ids) or [0])).distinct()
    return set(conn.execute(query).scalars())


def with_text(conn: sa.Connection, project_id: int, text: str) -> set[int]:
    """The issues of a project that are no Tests and no executions, whose key or summary has the text in it."""
    types = [*(int(k) for k in REQUIREMENTS), *_OTHERS]
    query = sa.select(_I.id).where(_I.project_id == project_id, _I.type_id.in_(types))
    return set(conn.execute(query.where(_I.summary.icontains(text, autoescape=True) | _I.key.icontains(text, autoescape=True))).scalars())


def never_run(project_id: int) -> sa.Select[tuple[int]]:
    """A query for the Tests of a project that never had a result: what is planned or under way hasn't run."""
    ran = t.runs.c.status_id.in_(FINAL) | (t.runs.c.attempts > 0)
    return _tests(project_id).where(~sa.exists().where(t.runs.c.test_id == _I.id, ran))


def unlinked(project_id: int) -> sa.Select[tuple[int]]:
    """A query for the Tests of a project that cover nothing."""
    return _tests(project_id).where(~sa.exists().where(_Q.test_id == _I.id))


def _tests(project_id: int) -> sa.Select[tuple[int]]:
    return sa.select(_I.id).where(_I.project_id == project_id, _I.type_id == _TEST)


def count(conn: sa.Connection, gap: sa.Select[tuple[int]]) -> int:
    """How many Tests a gap has."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(gap.subquery())).scalar_one())


def tests_in(conn: sa.Connection, gap: sa.Select[tuple[int]], after: int, limit: int) -> list[TestHead]:
    """The Tests of a gap by id, those after the id `after`."""
    query = gap.with_only_columns(_I.id, _I.key, _I.summary, _I.created_ms, maintain_column_froms=True)
    return [TestHead(*row) for row in conn.execute(query.where(_I.id > after).order_by(_I.id).limit(limit))]


def versions_named(conn: sa.Connection, name: str, projects: Collection[int] | None) -> list[int]:
    """The ids of the versions of that name in these projects (None: all)."""
    v = t.versions.c
    query = sa.select(v.id).where(v.name == name)
    return list(conn.execute(query if projects is None else query.where(v.project_id.in_(sorted(projects)))).scalars())


def environment_named(conn: sa.Connection, name: str) -> int | None:
    """The id of the test environment of that name."""
    return conn.execute(sa.select(t.environments.c.id).where(t.environments.c.name == name)).scalar()


_NEWEST = 100


def environments_near(conn: sa.Connection, projects: Collection[int]) -> list[tuple[int, str]]:
    """The test environments of the 100 newest executions of each of these projects, by name: (id, name)."""
    ee, en, e = t.execution_environments.c, t.environments.c, t.executions.c
    found: dict[int, str] = {}
    for project in sorted(projects):
        newest = sa.select(e.issue_id).where(e.project_id == project).order_by(e.issue_id.desc()).limit(_NEWEST).subquery()
        query = sa.select(en.id, en.name).join(t.execution_environments, ee.environment_id == en.id)
        found |= {row[0]: row[1] for row in conn.execute(query.join(newest, newest.c.issue_id == ee.execution_id).distinct())}
    return sorted(found.items(), key=lambda e: e[1])


def plan_projects(conn: sa.Connection, plan_id: int) -> set[int]:
    """The projects of a plan's executions."""
    p, e = t.plan_executions.c, t.executions.c
    query = sa.select(e.project_id).join(t.plan_executions, p.execution_id == e.issue_id).where(p.plan_id == plan_id).distinct()
    return set(conn.execute(query).scalars())


def and_below(conn: sa.Connection, issue_id: int, projects: Collection[int] | None) -> list[Requirement]:
    """An issue and all issues below it that may be requirements, whatever their depth, in these projects (None: all).

    An Epic may have Stories of another project.
    """
    columns = (_I.id, _I.type_id, _I.parent_id)
    found = {row[0]: Requirement(*row) for row in conn.execute(sa.select(*columns).where(_I.id == issue_id))}
    rest = list(found)
    types = [*(int(k) for k in REQUIREMENTS), *_OTHERS]
    seen = is_seen(_I.project_id, projects)
    while rest:
        rows = conn.execute(sa.select(*columns).where(any_of(conn, _I.parent_id, rest), _I.type_id.in_(types), seen).order_by(_I.id))
        new = {row[0]: Requirement(*row) for row in rows if row[0] not in found}
        found |= new
        rest = list(new)
    return list(found.values())
