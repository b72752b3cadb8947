# SPDX-License-Identifier: Apache-2.0
"""The runs of one Test become another's; where both have one in an execution, the earlier becomes an attempt of the later.

A run and an attempt have ids of one kind, so what becomes an attempt keeps its id and with it all that belongs to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.one_run import Result, in_order, later
from radiograph.store import tables as t
from radiograph.store.engines import bulk_insert
from radiograph.store.execution_writes import count_runs
from radiograph.store.many import any_of
from radiograph.store.run_membership import Place, close_ranks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ATTEMPT = [c.name for c in t.run_attempts.columns if c.name not in {"id", "project_id", "run_id", "number"}]
"""The columns that a run and an attempt have both."""


class Pair(Struct, frozen=True):
    """Two runs in one execution: `winner` stays, `loser` becomes an attempt unless it says nothing."""

    project_id: int
    execution_id: int
    winner: Result
    loser: Result
    status_id: int
    comment: str


def pairs(conn: sa.Connection, source: int, target: int, final: Iterable[int]) -> list[Pair]:
    """Where both Tests have a run; `final` are the ids of the statuses that are an outcome."""
    a, b = t.runs.alias("a"), t.runs.alias("b")
    columns = [c for side in (a, b) for c in (side.c.id, side.c.start_ms, side.c.import_id, side.c.status_id, side.c.comment)]
    joined = a.join(b, (a.c.project_id == b.c.project_id) & (a.c.execution_id == b.c.execution_id))
    query = sa.select(a.c.project_id, a.c.execution_id, *columns).select_from(joined).where(a.c.test_id == source, b.c.test_id == target)
    done, found = set(final), []
    for project, execution, *values in conn.execute(query.order_by(a.c.execution_id)):
        sides = [(Result(v[0], v[1], v[2], v[3] in done), v[3], v[4]) for v in (values[:5], values[5:])]
        winner = later(sides[0][0], sides[1][0])
        loser, status, comment = next(s for s in sides if s[0].id != winner.id)
        found.append(Pair(project, execution, winner, loser, status, comment))
    return found


def join_runs(conn: sa.Connection, source: int, target: int, final: Iterable[int]) -> int:
    """Give the runs of one Test to another; how many became attempts. Hold every project before."""
    found = pairs(conn, source, target, final)
    by_project: dict[int, list[Pair]] = {}
    for pair in found:
        by_project.setdefault(pair.project_id, []).append(pair)
    for project_id, held in by_project.items():
        _to_attempts(conn, project_id, held)
    conn.execute(sa.update(t.runs).where(t.runs.c.test_id == source).values(test_id=target))
    return len(found)


def _to_attempts(conn: sa.Connection, project_id: int, held: Sequence[Pair]) -> None:
    winners = {p.loser.id: p.winner.id for p in held}
    silent = _silent(conn, project_id, [p for p in held if not p.loser.final])
    _hand_over(conn, project_id, winners)
    kept = [i for i in winners if i not in silent]
    r = t.runs.c
    rows = conn.execute(sa.select(r.id, *(r[n] for n in ATTEMPT)).where(r.project_id == project_id, any_of(conn, r.id, kept or [0])))
    values = [(row[0], project_id, winners[row[0]], 0, *row[1:]) for row in rows]
    bulk_insert(conn, t.run_attempts, ("id", "project_id", "run_id", "number", *ATTEMPT), values)
    conn.execute(sa.delete(t.runs).where(r.project_id == project_id, any_of(conn, r.id, list(winners))))
    number_attempts(conn, project_id, list(winners.values()))
    for pair in held:
        count_runs(conn, pair.execution_id, {pair.status_id: -1})
        close_ranks(conn, Place(project_id, pair.execution_id))


def _silent(conn: sa.Connection, project_id: int, held: Sequence[Pair]) -> set[int]:
    """Those of the losers that were never run and that nobody wrote anything to: a TODO is no attempt."""
    ids = {p.loser.id for p in held if not p.comment and p.loser.start_ms is None}
    for table in (*t.PARTS, t.run_attempts):
        if ids:
            c = table.c
            ids -= set(conn.execute(sa.select(c.run_id).where(c.project_id == project_id, any_of(conn, c.run_id, sorted(ids)))).scalars())
    return ids


def _hand_over(conn: sa.Connection, project_id: int, winners: dict[int, int]) -> None:
    """Give the attempts, the defects that somebody linked by hand, and the history of runs to those that they become attempts of."""
    rows = [{"old": a, "new": b} for a, b in winners.items()]
    old: sa.BindParameter[int]
    new: sa.BindParameter[int]
    old, new = sa.bindparam("old"), sa.bindparam("new")
    for table, more in ((t.run_attempts, sa.true()), (t.run_defects, t.run_defects.c.by_hand & t.run_defects.c.step_id.is_(None))):
        c = table.c
        conn.execute(sa.update(table).where(c.project_id == project_id, c.run_id == old, more).values(run_id=new), rows)
    c = t.changes.c
    conn.execute(sa.update(t.changes).where(c.of == "run", c.subject_id == old).values(subject_id=new), rows)


def number_attempts(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> None:
    """Number the attempts of these runs 1, 2, 3 ... by time, and let the runs say how many they are."""
    a = t.run_attempts.c
    query = sa.select(a.id, a.run_id, a.start_ms, a.import_id).where(
        a.project_id == project_id, any_of(conn, a.run_id, list(run_ids) or [0])
    )
    by_run: dict[int, list[Result]] = {i: [] for i in run_ids}
    for row in conn.execute(query):
        by_run[row[1]].append(Result(row[0], row[2], row[3]))
    numbers: list[Any] = [{"at": r.id, "to": n} for held in by_run.values() for n, r in enumerate(in_order(held), 1)]
    at: sa.BindParameter[int]
    to: sa.BindParameter[int]
    at, to = sa.bindparam("at"), sa.bindparam("to")
    if numbers:
        conn.execute(sa.update(t.run_attempts).where(a.project_id == project_id, a.id == at).values(number=to), numbers)
    counts = [{"at": i, "to": len(held)} for i, held in by_run.items()]
    if counts:
        conn.execute(sa.update(t.runs).where(t.runs.c.project_id == project_id, t.runs.c.id == at).values(attempts=to), counts)
