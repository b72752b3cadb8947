# SPDX-License-Identifier: Apache-2.0
"""Which Tests a Test Set, a Precondition or a Test Plan has, and which Test Executions a Test Plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.issues import IssueType
from radiograph.store import tables as t
from radiograph.store.engines import bulk_insert, insert_missing
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

GATHERINGS: dict[IssueType, sa.Table] = {
    IssueType.TEST_SET: t.set_tests,
    IssueType.PRECONDITION: t.precondition_tests,
    IssueType.TEST_PLAN: t.plan_tests,
}
"""By the type of the issue that has Tests: the table of two columns, its id and the Test's."""


def add_tests(conn: sa.Connection, kind: IssueType, owner_id: int, test_ids: Sequence[int]) -> list[int]:
    """Give these Tests to a set, precondition or plan; returns those that it didn't have."""
    return _link(conn, GATHERINGS[kind], owner_id, test_ids)


def remove_tests(conn: sa.Connection, kind: IssueType, owner_id: int, test_ids: Sequence[int]) -> list[int]:
    """Take these Tests from a set, precondition or plan (a plan's board too); returns those that it had."""
    if kind is IssueType.TEST_PLAN:
        placed = t.folder_tests.c
        conn.execute(sa.delete(t.folder_tests).where(placed.board_id == owner_id, any_of(conn, placed.test_id, list(test_ids) or [0])))
    return _unlink(conn, GATHERINGS[kind], owner_id, test_ids)


def link_requirements(conn: sa.Connection, links: Sequence[tuple[int, int]]) -> None:
    """Let Tests cover requirements (requirement, Test) that they don't cover yet."""
    insert_missing(conn, t.requirement_links, [{"requirement_id": r, "test_id": test} for r, test in dict.fromkeys(links)])


def link_executions(conn: sa.Connection, plan_id: int, execution_ids: Sequence[int]) -> list[int]:
    """Give these Test Executions to a Test Plan; returns those that it didn't have."""
    return _link(conn, t.plan_executions, plan_id, execution_ids)


def unlink_executions(conn: sa.Connection, plan_id: int, execution_ids: Sequence[int]) -> list[int]:
    """Take these Test Executions from a Test Plan, which keeps their Tests; returns those that it had."""
    return _unlink(conn, t.plan_executions, plan_id, execution_ids)


def _link(conn: sa.Connection, table: sa.Table, owner: int, ids: Sequence[int]) -> list[int]:
    has = set(_which(conn, table, owner, ids))
    new = [i for i in dict.fromkeys(ids) if i not in has]
    bulk_insert(conn, table, [c.name for c in table.columns], [(owner, i) for i in new])
    return new


def _unlink(conn: sa.Connection, table: sa.Table, owner: int, ids: Sequence[int]) -> list[int]:
    mine, other = table.columns
    gone = _which(conn, table, owner, ids)
    conn.execute(sa.delete(table).where(mine == owner, any_of(conn, other, list(ids) or [0])))
    return gone


def _which(conn: sa.Connection, table: sa.Table, owner: int, ids: Sequence[int]) -> list[int]:
    mine, other = table.columns
    return list(conn.execute(sa.select(other).where(mine == owner, any_of(conn, other, list(ids) or [0]))).scalars())


def members_of(
    conn: sa.Connection, kind: IssueType, owner_id: int, skip: int = 0, limit: int | None = None, projects: Collection[int] | None = None
) -> list[int]:
    """The Tests of a set, precondition or plan by id, `limit` of them after the first `skip`; of these projects (None: all)."""
    mine, test = GATHERINGS[kind].columns
    query = sa.select(test).where(mine == owner_id).order_by(test).offset(skip)
    if projects is not None:
        query = query.join(t.tests, t.tests.c.issue_id == test).where(t.tests.c.project_id.in_(sorted(projects)))
    return list(conn.execute(query.limit(limit) if limit is not None else query).scalars())


def count_members(conn: sa.Connection, kind: IssueType, owner_id: int, projects: Collection[int] | None = None) -> int:
    """How many Tests a set, precondition or plan has, of these projects (None: all)."""
    mine, test = GATHERINGS[kind].columns
    query = sa.select(sa.func.count()).select_from(GATHERINGS[kind]).where(mine == owner_id)
    if projects is not None:
        query = query.join(t.tests, t.tests.c.issue_id == test).where(t.tests.c.project_id.in_(sorted(projects)))
    return int(conn.execute(query).scalar_one())


def owners_of(conn: sa.Connection, kind: IssueType, test_ids: Sequence[int]) -> dict[int, list[int]]:
    """By Test: the sets, preconditions or plans that have it, by id; a Test without any is left out."""
    owner, test = GATHERINGS[kind].columns
    found: dict[int, list[int]] = {}
    query = sa.select(test, owner).where(any_of(conn, test, list(test_ids) or [0])).order_by(owner)
    for test_id, owner_id in conn.execute(query):
        found.setdefault(test_id, []).append(owner_id)
    return found


def executions_of_plan(
    conn: sa.Connection, plan_id: int, projects: Collection[int] | None, skip: int = 0, limit: int | None = None
) -> list[int]:
    """The Test Executions of a Test Plan in these projects (None: all) by id, `limit` of them after the first `skip`."""
    p = t.plan_executions.c
    query = sa.select(p.execution_id).where(p.plan_id == plan_id).order_by(p.execution_id).offset(skip)
    if projects is not None:
        query = query.join(t.issues, t.issues.c.id == p.execution_id).where(any_of(conn, t.issues.c.project_id, sorted(projects) or [0]))
    return list(conn.execute(query if limit is None else query.limit(limit)).scalars())


def plans_of_execution(conn: sa.Connection, execution_id: int) -> list[int]:
    """The Test Plans of a Test Execution by id."""
    p = t.plan_executions.c
    return list(conn.execute(sa.select(p.plan_id).where(p.execution_id == execution_id).order_by(p.plan_id)).scalars())
