# SPDX-License-Identifier: Apache-2.0
"""Test Executions with their counts, and Test Plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.many import any_of, one_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class ExecutionRow(Struct):
    """An execution; `counts` is by status id, dates are UTC milliseconds."""

    id: int
    key: str
    summary: str
    project_id: int
    revision: str
    begin_ms: int | None
    begin_offset: int
    end_ms: int | None
    end_offset: int
    branch: str
    build_url: str
    imported_ms: int | None
    created_ms: int
    environments: list[str] = []
    versions: list[str] = []
    counts: dict[int, int] = {}


_COLUMNS: list[Any] = [
    t.issues.c.id,
    t.issues.c.key,
    t.issues.c.summary,
    *(t.executions.c[n] for n in ExecutionRow.__struct_fields__[3:12]),
    t.issues.c.created_ms,
]
_SELECT = sa.select(*_COLUMNS).select_from(t.executions.join(t.issues, t.issues.c.id == t.executions.c.issue_id))
_BY_ID = _SELECT.where(one_of(t.executions.c.issue_id))
_ENVIRONMENTS = (
    sa.select(t.execution_environments.c.execution_id, t.environments.c.name)
    .join(t.environments, t.environments.c.id == t.execution_environments.c.environment_id)
    .where(one_of(t.execution_environments.c.execution_id))
    .order_by(t.environments.c.name)
)
_VERSIONS = (
    sa.select(t.issue_versions.c.issue_id, t.versions.c.name)
    .join(t.versions, t.versions.c.id == t.issue_versions.c.version_id)
    .where(one_of(t.issue_versions.c.issue_id))
    .order_by(t.versions.c.name)
)
_COUNTS = sa.select(t.execution_summaries).where(one_of(t.execution_summaries.c.execution_id))
_KEYS = sa.select(t.issues.c.id, t.issues.c.key).where(one_of(t.issues.c.id))
_PLANS = (
    sa.select(t.plan_executions.c.execution_id, t.issues.c.key)
    .join(t.issues, t.plan_executions.c.plan_id == t.issues.c.id)
    .where(one_of(t.plan_executions.c.execution_id))
    .order_by(t.issues.c.number)
)


def executions(conn: sa.Connection, ids: Sequence[int]) -> dict[int, ExecutionRow]:
    """These executions by id, with environments, versions and counts."""
    return _complete(conn, [ExecutionRow(*row) for row in conn.execute(_BY_ID, {"ids": list(ids)})]) if ids else {}


def latest(conn: sa.Connection, project_id: int, before: int | None, limit: int) -> list[ExecutionRow]:
    """A project's executions, newest first, those before the id `before`."""
    query = _SELECT.where(t.executions.c.project_id == project_id)
    if before is not None:
        query = query.where(t.executions.c.issue_id < before)
    rows = conn.execute(query.order_by(t.executions.c.issue_id.desc()).limit(limit))
    return list(_complete(conn, [ExecutionRow(*row) for row in rows]).values())


def environments_of(conn: sa.Connection, ids: Collection[int]) -> dict[int, list[str]]:
    """The sorted names of the test environments of these executions; one without any is left out."""
    found: dict[int, list[str]] = {}
    for owner, name in conn.execute(_ENVIRONMENTS, {"ids": list(ids)}):
        found.setdefault(owner, []).append(name)
    return found


def _complete(conn: sa.Connection, rows: list[ExecutionRow]) -> dict[int, ExecutionRow]:
    found = {row.id: row for row in rows}
    ids = list(found)
    for row in rows:
        row.environments, row.versions, row.counts = [], [], {}
    for owner, environments in environments_of(conn, ids).items():
        found[owner].environments = environments
    for owner, name in conn.execute(_VERSIONS, {"ids": ids}):
        found[owner].versions.append(name)
    for owner, status, count in conn.execute(_COUNTS, {"ids": ids}):
        if count:
            found[owner].counts[status] = count
    return found


def plans_of_executions(conn: sa.Connection, execution_ids: Sequence[int]) -> dict[int, list[str]]:
    """Keys of the Test Plans that each of these executions is linked to; one without any is left out."""
    found: dict[int, list[str]] = {}
    for owner, key in conn.execute(_PLANS, {"ids": list(execution_ids)}) if execution_ids else ():
        found.setdefault(owner, []).append(key)
    return found


def tests_of_plan(conn: sa.Connection, plan_id: int, after: int, limit: int) -> list[tuple[int, str, int | None]]:
    """A Test Plan's Tests by id after `after`: id, key and the status id of the latest run in the plan's executions."""
    p = t.plan_tests.c
    latest_run = (
        sa.select(t.runs.c.status_id)
        .where(
            t.runs.c.test_id == p.test_id,
            t.runs.c.execution_id.in_(sa.select(t.plan_executions.c.execution_id).where(t.plan_executions.c.plan_id == plan_id)),
        )
        .order_by(t.runs.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(p.test_id, t.issues.c.key, latest_run)
        .join(t.issues, t.issues.c.id == p.test_id)
        .where(p.plan_id == plan_id, p.test_id > after)
        .order_by(p.test_id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in conn.execute(query)]


def tests_in(conn: sa.Connection, execution_ids: Sequence[int]) -> list[int]:
    """The Tests that have a run in one of these executions, each once."""
    r = t.runs.c
    return list(conn.execute(sa.select(r.test_id).where(any_of(conn, r.execution_id, list(execution_ids) or [0])).distinct()).scalars())


def keys(conn: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The keys of these issues by id, in the order of the ids; one that isn't there is left out."""
    found: dict[int, str] = {row[0]: row[1] for row in conn.execute(_KEYS, {"ids": list(ids)})} if ids else {}
    return {i: found[i] for i in ids if i in found}
