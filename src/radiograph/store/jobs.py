# SPDX-License-Identifier: Apache-2.0
"""Long tasks with their progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
