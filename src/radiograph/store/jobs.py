# SPDX-License-Identifier: Apache-2.0
"""Long tasks with their progress, and the recounting of executions that one of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

RUNNING, DONE, FAILED = "running", "done", "failed"


class JobRow(Struct):
    """A task; `started_ms` and `updated_ms` are UTC milliseconds."""

    id: int
    kind: str
    project_id: int | None
    user_id: int
    state: str
    done: int
    total: int
    message: str
    started_ms: int
    updated_ms: int


_COLUMNS = [t.jobs.c[n] for n in JobRow.__struct_fields__]


def add_job(conn: sa.Connection, kind: str, user_id: int, total: int, now: int) -> int:
    """Begin a task; its id."""
    number = take_number(conn, "job")
    conn.execute(sa.insert(t.jobs).values(
        id=number, kind=kind, project_id=None, user_id=user_id, state=RUNNING, done=0, total=total, message="", started_ms=now, updated_ms=now,
    ))  # fmt: skip
    return number


def find_job(conn: sa.Connection, number: int) -> JobRow | None:
    """The task of that id."""
    row = conn.execute(sa.select(*_COLUMNS).where(t.jobs.c.id == number)).first()
    return JobRow(*row) if row else None


def note_progress(conn: sa.Connection, number: int, done: int, now: int) -> None:
    """Keep how far a task is, and that it lives."""
    conn.execute(sa.update(t.jobs).where(t.jobs.c.id == number).values(state=RUNNING, done=done, updated_ms=now))


def end_job(conn: sa.Connection, number: int, state: str, message: str, now: int) -> None:
    """Keep how a task ended."""
    conn.execute(sa.update(t.jobs).where(t.jobs.c.id == number).values(state=state, message=message, updated_ms=now))


def tell_alive(conn: sa.Connection, numbers: Collection[int], now: int) -> None:
    """Keep that these tasks live, those of them that haven't ended."""
    j = t.jobs.c
    conn.execute(sa.update(t.jobs).where(any_of(conn, j.id, sorted(numbers)), j.state == RUNNING).values(updated_ms=now))


def has_silent(conn: sa.Connection, before: int) -> bool:
    """Whether there are running tasks that were last heard of before that time."""
    j = t.jobs.c
    return conn.execute(sa.select(j.id).where(j.state == RUNNING, j.updated_ms < before).limit(1)).first() is not None


def fail_silent(conn: sa.Connection, before: int, message: str, now: int, but: Collection[int] = ()) -> int:
    """Mark running tasks that were last heard of before that time as failed, but some; how many they were."""
    j = t.jobs.c
    where = (j.state == RUNNING, j.updated_ms < before, j.id.not_in(sorted(but)))
    change = sa.update(t.jobs).where(*where).values(state=FAILED, message=message, updated_ms=now)
    return conn.execute(change).rowcount


def executions_in(conn: sa.Connection, projects: Collection[int]) -> list[int]:
    """The executions of these projects, by id."""
    e = t.executions.c
    return list(
        conn.execute(sa.select(e.issue_id).where(any_of(conn, e.project_id, sorted(projects) or [0])).order_by(e.issue_id)).scalars()
    )


def executions_touched(conn: sa.Connection, ids: Sequence[int]) -> list[int]:
    """Those of these issues that are executions, those of the Test Plans, and those with a run of the Tests among them."""
    e, p, r = t.executions.c, t.plan_executions.c, t.runs.c
    given = list(ids) or [0]
    queries = (
        sa.select(e.issue_id).where(any_of(conn, e.issue_id, given)),
        sa.select(p.execution_id).where(any_of(conn, p.plan_id, given)),
        sa.select(r.execution_id).where(any_of(conn, r.test_id, given)).distinct(),
    )
    return sorted({number for query in queries for number in conn.execute(query).scalars()})


def count_runs_of(conn: sa.Connection, execution: int) -> int:
    """How many runs an execution has, by its summary."""
    s = t.execution_summaries.c
    return int(conn.execute(sa.select(sa.func.coalesce(sa.func.sum(s.runs), 0)).where(s.execution_id == execution)).scalar_one())


def projects_of(conn: sa.Connection, executions: Sequence[int]) -> dict[int, int]:
    """The project of each of these executions."""
    e = t.executions.c
    return {
        row[0]: row[1] for row in conn.execute(sa.select(e.issue_id, e.project_id).where(any_of(conn, e.issue_id, list(executions) or [0])))
    }


def wrong_among(conn: sa.Connection, executions: Sequence[int]) -> list[int]:
    """Those of these executions whose counts by status aren't those of a recount, or whose ranks aren't 1, 2, 3 ..."""
    r, s, e, ids = t.runs.c, t.execution_summaries.c, t.executions.c, list(executions) or [0]
    counted = _counts(
        conn,
        sa.select(r.execution_id, r.status_id, sa.func.count())
        .where(any_of(conn, r.execution_id, ids))
        .group_by(r.execution_id, r.status_id),
    )
    kept = _counts(conn, sa.select(s.execution_id, s.status_id, s.runs).where(any_of(conn, s.execution_id, ids)))
    wrong = {place[0] for place in counted.keys() | kept.keys() if counted.get(place) != kept.get(place)}
    ranks = (
        sa.select(e.issue_id, e.next_rank, sa.func.count(r.id), sa.func.max(r.rank), sa.func.count(r.rank.distinct()))
        .select_from(t.executions.outerjoin(t.runs, r.execution_id == e.issue_id))
        .where(any_of(conn, e.issue_id, ids))
        .group_by(e.issue_id, e.next_rank)
    )
    wrong |= {row[0] for row in conn.execute(ranks) if not row[1] - 1 == row[2] == (row[3] or 0) == row[4]}
    return sorted(wrong)


def _counts(conn: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> dict[tuple[int, int], int]:
    return {(row[0], row[1]): int(row[2]) for row in conn.execute(query) if row[2]}


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
