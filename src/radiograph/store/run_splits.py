# SPDX-License-Identifier: Apache-2.0
"""Some runs of a Test become another Test's: whole ones, or of a run those results that ran certain versions.

What was an attempt and has no run left beside it becomes a run itself, and keeps its id and all that belongs to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain import import_plan as plan
from radiograph.store import tables as t
from radiograph.store.engines import bulk_insert
from radiograph.store.execution_writes import count_runs, take_ranks
from radiograph.store.many import any_of
from radiograph.store.run_joins import ATTEMPT, number_attempts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_R, _A = t.runs.c, t.run_attempts.c


class Held(Struct, frozen=True):
    """A run of a Test: where it is, when it was (UTC milliseconds), and the version that it ran."""

    id: int
    project_id: int
    execution_id: int
    version_id: int
    attempts: int
    at_ms: int


class Tried(Struct, frozen=True):
    """An attempt at a run, and the version that it ran."""

    id: int
    project_id: int
    run_id: int
    version_id: int


class Division(Struct):
    """What goes: whole runs; and of divided runs the results that go, by the run, where something of it stays.

    `runs_go` are the divided runs whose own result goes, too.
    """

    whole: list[Held]
    divided: dict[int, list[Tried]]
    runs_go: set[int]
    held: dict[int, Held]
    tried: dict[int, list[Tried]]

    @property
    def results(self) -> int:
        """How many runs the other Test gets."""
        return len(self.whole) + len(self.divided)


def runs_of(conn: sa.Connection, test_id: int) -> list[Held]:
    """All runs of a Test; one whose start isn't known was when it was imported."""
    at = sa.func.coalesce(_R.start_ms, _R.finish_ms, t.imports.c.at_ms, 0)
    query = sa.select(_R.id, _R.project_id, _R.execution_id, _R.version_id, _R.attempts, at)
    query = query.select_from(t.runs.outerjoin(t.imports, t.imports.c.id == _R.import_id)).where(_R.test_id == test_id)
    return [Held(*row) for row in conn.execute(query.order_by(_R.id))]


def by_runs(held: Sequence[Held], chosen: Collection[int]) -> Division:
    """Whole runs go."""
    return Division([h for h in held if h.id in chosen], {}, set(), {}, {})


def by_versions(conn: sa.Connection, held: Sequence[Held], versions: Collection[int]) -> Division:
    """All results go that ran one of these versions."""
    tried: dict[int, list[Tried]] = {}
    repeated = [h.id for h in held if h.attempts]
    query = sa.select(_A.id, _A.project_id, _A.run_id, _A.version_id).where(any_of(conn, _A.run_id, repeated or [0]))
    for row in conn.execute(query.order_by(_A.run_id, _A.number)):
        tried.setdefault(row[2], []).append(Tried(*row))
    found = Division([], {}, set(), {}, tried)
    for one in held:
        attempts = tried.get(one.id, [])
        going = [a for a in attempts if a.version_id in versions]
        if one.version_id in versions and len(going) == len(attempts):
            found.whole.append(one)
        elif going or one.version_id in versions:
            found.divided[one.id], found.held[one.id] = going, one
            found.runs_go |= {one.id} if one.version_id in versions else set()
    return found


def divide(conn: sa.Connection, division: Division, target: int) -> None:
    """Give to another Test what goes. Hold every project before."""
    by_project: dict[int, list[int]] = {}
    for one in division.whole:
        by_project.setdefault(one.project_id, []).append(one.id)
    for project_id, ids in by_project.items():
        conn.execute(sa.update(t.runs).where(_R.project_id == project_id, any_of(conn, _R.id, ids)).values(test_id=target))
    for run_id, going in division.divided.items():
        _divide_one(conn, division.held[run_id], going, division.tried.get(run_id, []), target, goes=run_id in division.runs_go)


def _divide_one(conn: sa.Connection, run: Held, going: Sequence[Tried], tried: Sequence[Tried], target: int, *, goes: bool) -> None:
    """A run of which one part goes: the newest attempt of the part without the run becomes a run."""
    staying = [a for a in tried if a not in going]
    risen, rest = (staying[-1], staying[:-1]) if goes else (going[-1], going[:-1])
    owner = conn.execute(sa.select(_R.test_id).where(_R.project_id == run.project_id, _R.id == run.id)).scalar_one()
    if goes:
        conn.execute(sa.update(t.runs).where(_R.project_id == run.project_id, _R.id == run.id).values(test_id=target))
    _raise(conn, run, risen, owner if goes else target)
    change = sa.update(t.run_attempts).where(_A.project_id == run.project_id, any_of(conn, _A.id, [a.id for a in rest] or [0]))
    conn.execute(change.values(run_id=risen.id))
    number_attempts(conn, run.project_id, [run.id, risen.id])


def _raise(conn: sa.Connection, run: Held, attempt: Tried, test_id: int) -> None:
    """Let an attempt be a run of its own, the last of the execution."""
    where = (_A.project_id == run.project_id, _A.id == attempt.id)
    row = conn.execute(sa.select(*(_A[n] for n in ATTEMPT)).where(*where)).one()
    values = dict(zip(ATTEMPT, row, strict=True)) | {
        "id": attempt.id, "project_id": run.project_id, "execution_id": run.execution_id, "test_id": test_id,
        "rank": take_ranks(conn, run.execution_id, 1), "attempts": 0,
    }  # fmt: skip
    conn.execute(sa.delete(t.run_attempts).where(*where))
    bulk_insert(conn, t.runs, plan.RUN_COLUMNS, [tuple(values[c] for c in plan.RUN_COLUMNS)])
    count_runs(conn, run.execution_id, {values["status_id"]: 1})


def point_to(conn: sa.Connection, test_id: int, versions: Mapping[int, int]) -> None:
    """Let the runs of a Test, and the attempts at them, have run other versions: copies by what they are copies of."""
    rows = [{"old": a, "new": b} for a, b in versions.items()]
    if not rows:
        return
    old: sa.BindParameter[int]
    new: sa.BindParameter[int]
    old, new = sa.bindparam("old"), sa.bindparam("new")
    mine = sa.select(_R.id).where(_R.test_id == test_id, _R.attempts > 0)
    conn.execute(sa.update(t.run_attempts).where(_A.run_id.in_(mine), _A.version_id == old).values(version_id=new), rows)
    conn.execute(sa.update(t.runs).where(_R.test_id == test_id, _R.version_id == old).values(version_id=new), rows)
