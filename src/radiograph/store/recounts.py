# SPDX-License-Identifier: Apache-2.0
"""Counting the runs of executions anew: which counts by status and which ranks are wrong, and making them right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def wrong_counts(conn: sa.Connection, executions: Sequence[int] | None = None) -> set[int]:
    """Those of these executions (None: of all) whose counts of runs by status aren't those of a recount."""
    r, s = t.runs.c, t.execution_summaries.c
    counted = sa.select(r.execution_id, r.status_id, sa.func.count()).group_by(r.execution_id, r.status_id)
    kept = sa.select(s.execution_id, s.status_id, s.runs)
    if executions is not None:
        ids = list(executions) or [0]
        counted, kept = counted.where(any_of(conn, r.execution_id, ids)), kept.where(any_of(conn, s.execution_id, ids))
    there, told = _counts(conn, counted), _counts(conn, kept)
    return {place[0] for place in there.keys() | told.keys() if there.get(place) != told.get(place)}


def _counts(conn: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> dict[tuple[int, int], int]:
    return {(row[0], row[1]): int(row[2]) for row in conn.execute(query) if row[2]}


def wrong_ranks(conn: sa.Connection, executions: Sequence[int] | None = None) -> set[int]:
    """Those of these executions (None: of all) whose runs aren't ranked 1, 2, 3 ..."""
    e, r, count = t.executions.c, t.runs.c, sa.func.count(t.runs.c.id)
    query = (
        sa.select(e.issue_id)
        .select_from(t.executions.outerjoin(t.runs, r.execution_id == e.issue_id))
        .group_by(e.issue_id, e.next_rank)
        .having((e.next_rank != count + 1) | (sa.func.max(r.rank) != count) | (sa.func.count(r.rank.distinct()) != count))
    )
    if executions is not None:
        query = query.where(any_of(conn, e.issue_id, list(executions) or [0]))
    return set(conn.execute(query).scalars())


def wrong_among(conn: sa.Connection, executions: Sequence[int]) -> list[int]:
    """Those of these executions whose counts or ranks are wrong."""
    return sorted(wrong_counts(conn, executions) | wrong_ranks(conn, executions))


def recount(conn: sa.Connection, execution: int) -> None:
    """Write an execution's counts and ranks anew; its runs keep their order. Hold its project before."""
    r, s = t.runs.c, t.execution_summaries
    conn.execute(sa.delete(s).where(s.c.execution_id == execution))
    counted = conn.execute(sa.select(r.status_id, sa.func.count()).where(r.execution_id == execution).group_by(r.status_id))
    rows = [{"execution_id": execution, "status_id": row[0], "runs": row[1]} for row in counted]
    if rows:
        conn.execute(sa.insert(s), rows)
    ranked = conn.execute(sa.select(r.project_id, r.id, r.rank).where(r.execution_id == execution).order_by(r.rank, r.id)).all()
    moved = [{"p": row[0], "i": row[1], "to": rank} for rank, row in enumerate(ranked, 1) if row[2] != rank]
    if moved:
        change = sa.update(t.runs).where(r.project_id == sa.bindparam("p"), r.id == sa.bindparam("i")).values(rank=sa.bindparam("to"))
        conn.execute(change, moved)
    conn.execute(sa.update(t.executions).where(t.executions.c.issue_id == execution).values(next_rank=len(ranked) + 1))
