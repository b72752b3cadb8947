# SPDX-License-Identifier: Apache-2.0
"""What executing by hand asks of runs: their version, the marks of their timer, and which run comes next."""

from __future__ import annotations

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.blocks import project_of

TIMER = "timer"
"""The field of a run's history that tells when it was paused and resumed."""
_NEAR = 500
"""Among so many runs the one that is assigned to a person is looked for."""


def version(conn: sa.Connection, run_id: int) -> str:
    """A text that is another one after every change by hand and every import of a run; "" when there is no such run."""
    r, c = t.runs.c, t.changes.c
    project = project_of(conn, "run", run_id)
    row = conn.execute(sa.select(r.import_id, r.attempts).where(r.project_id == project, r.id == run_id)).first()
    last = conn.execute(sa.select(sa.func.max(c.id)).where(c.of == "run", c.subject_id == run_id)).scalar()
    return f"{last or 0}.{row.import_id or 0}.{row.attempts}" if row else ""


def timer_marks(conn: sa.Connection, run_id: int) -> list[tuple[int, str]]:
    """When the run was paused and resumed (UTC ms, what it became), oldest first."""
    c = t.changes.c
    query = sa.select(c.at_ms, c.after).where(c.of == "run", c.subject_id == run_id, c.field == TIMER).order_by(c.id)
    return [(row.at_ms, row.after) for row in conn.execute(query)]


def last_change(conn: sa.Connection, run_id: int, field: str) -> tuple[str, int] | None:
    """Who changed a field of a run last, and when (UTC ms); None when nobody did by hand."""
    c = t.changes.c
    query = sa.select(t.users.c.name, c.at_ms).select_from(t.changes.outerjoin(t.users, t.users.c.id == c.user_id))
    row = conn.execute(query.where(c.of == "run", c.subject_id == run_id, c.field == field).order_by(c.id.desc()).limit(1)).first()
    return (row[0] or "", row[1]) if row else None


def latest_changes(conn: sa.Connection, run_id: int, limit: int) -> list[tuple[str, str, int]]:
    """The newest changes of a run: the field, who changed it, when (UTC ms)."""
    c = t.changes.c
    query = sa.select(c.field, t.users.c.name, c.at_ms).select_from(t.changes.outerjoin(t.users, t.users.c.id == c.user_id))
    found = conn.execute(query.where(c.of == "run", c.subject_id == run_id).order_by(c.id.desc()).limit(limit))
    return [(row[0], row[1] or "", row[2]) for row in found]


def next_run(conn: sa.Connection, execution_id: int, status_id: int, user_id: int, after: int = 0) -> tuple[int, str] | None:
    """The run of that status to do next (id, the Test's key): one assigned to the person, else the next by rank after `after`.

    One that comes before `after` is taken when there is none behind it; those assigned to others come last.
    """
    r = t.runs.c
    here = (r.execution_id == execution_id, r.status_id == status_id)
    order = sa.select(r.id, r.rank, r.assignee_id, r.test_id).where(*here).order_by(r.rank).limit(_NEAR)
    rows = list(conn.execute(order.where(r.rank > after)))
    if len(rows) < _NEAR and after:
        rows += conn.execute(order.where(r.rank < after))
    if not rows:
        return None
    chosen = min(rows, key=lambda row: 0 if row.assignee_id == user_id else 1 if row.assignee_id is None else 2)
    key = conn.execute(sa.select(t.issues.c.key).where(t.issues.c.id == chosen.test_id)).scalar_one()
    return chosen.id, key
