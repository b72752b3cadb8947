# SPDX-License-Identifier: Apache-2.0
"""Queries that prove what the big tables promise without foreign keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 5


def dangling(conn: sa.Connection) -> Iterator[tuple[str, list[int]]]:
    """For each reference of the big tables: what it is, and ids of rows (a few) whose target is missing."""
    owners = sa.union_all(sa.select(t.runs.c.id), sa.select(t.run_attempts.c.id)).subquery()
    for table in t.PARTS:
        yield f"{table.name}.run_id", _missing(conn, table, table.c.run_id, owners.c.id)
    yield "runs.execution_id", _missing(conn, t.runs, t.runs.c.execution_id, t.executions.c.issue_id)
    yield "runs.test_id", _missing(conn, t.runs, t.runs.c.test_id, t.tests.c.issue_id)
    yield "runs.version_id", _missing(conn, t.runs, t.runs.c.version_id, t.test_versions.c.id)
    yield "runs.import_id", _missing(conn, t.runs, t.runs.c.import_id, t.imports.c.id)
    yield "run_attempts.run_id", _missing(conn, t.run_attempts, t.run_attempts.c.run_id, t.runs.c.id)
    yield "run_steps.iteration_id", _missing(conn, t.run_steps, t.run_steps.c.iteration_id, t.run_iterations.c.id)
    yield "run_evidence.step_id", _missing(conn, t.run_evidence, t.run_evidence.c.step_id, t.run_steps.c.id)
    yield "tests.version_id", [
        row[0] for row in conn.execute(
            sa.select(t.tests.c.issue_id).where(~sa.exists().where(t.test_versions.c.id == t.tests.c.version_id)).limit(_SHOWN),
        )
    ]  # fmt: skip


def _missing(conn: sa.Connection, table: sa.Table, column: sa.ColumnElement[int], target: sa.ColumnElement[int]) -> list[int]:
    query = sa.select(table.c.id).where(column.is_not(None), ~sa.exists().where(target == column)).limit(_SHOWN)
    return list(conn.execute(query).scalars())


def wrong_attempts(conn: sa.Connection) -> list[int]:
    """Runs (a few) that have more or fewer attempts than they say."""
    r, a = t.runs.c, t.run_attempts.c
    counted = sa.select(a.project_id, a.run_id, sa.func.count().label("n")).group_by(a.project_id, a.run_id).subquery()
    source = t.runs.outerjoin(counted, (counted.c.project_id == r.project_id) & (counted.c.run_id == r.id))
    query = sa.select(r.id).select_from(source).where(r.attempts != sa.func.coalesce(counted.c.n, 0)).limit(_SHOWN)
    return list(conn.execute(query).scalars())


_NAMING = (t.run_evidence.c.sha256, t.attachments.c.sha256)


def named_evidence(conn: sa.Connection, hashes: list[str]) -> set[str]:
    """Which of these hashes a row names."""
    if not hashes:
        return set()
    return {h for column in _NAMING for h in conn.execute(sa.select(column).where(any_of(conn, column, hashes)).distinct()).scalars()}


def evidence_hashes(conn: sa.Connection) -> Iterator[str]:
    """Every hash that a row names."""
    return iter(conn.execute(sa.union(*(sa.select(column) for column in _NAMING))).scalars())


def integrity(conn: sa.Connection) -> str:
    """What SQLite says of its file: `ok`, or what is wrong; always `ok` on PostgreSQL."""
    if conn.dialect.name != "sqlite":
        return "ok"
    return str(conn.exec_driver_sql("PRAGMA quick_check").scalar())
