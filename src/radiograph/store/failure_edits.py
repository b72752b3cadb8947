# SPDX-License-Identifier: Apache-2.0
"""Changes of many failed runs at once, inside the transaction that holds their project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.import_plan import DEFECT_COLUMNS
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.engines import bulk_insert
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


_CHANGE = ("id", "project_id", "of", "subject_id", "user_id", "at_ms", "field", "before", "after")


def defects_before(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, list[str]]:
    """The keys of the defects of these runs themselves, not of their steps, by run."""
    d = t.run_defects.c
    where = (d.project_id == project_id, any_of(conn, d.run_id, list(run_ids) or [0]), d.step_id.is_(None))
    found: dict[int, list[str]] = {}
    for run, key in conn.execute(sa.select(d.run_id, d.key).where(*where).order_by(d.id)):
        found.setdefault(run, []).append(key)
    return found


def add_defect(conn: sa.Connection, project_id: int, run_ids: Sequence[int], defect: tuple[int | None, str]) -> None:
    """Link these runs with a defect by hand: (issue id, or None for one of elsewhere; key)."""
    first = take_ids(conn, "part", project_id, len(run_ids))
    rows = [(first + n, project_id, run, None, defect[0], defect[1], True) for n, run in enumerate(run_ids)]
    bulk_insert(conn, t.run_defects, DEFECT_COLUMNS, rows)


def remove_defect(conn: sa.Connection, project_id: int, run_ids: Sequence[int], key: str) -> None:
    """Take a defect off these runs themselves, not off their steps."""
    d = t.run_defects.c
    where = (d.project_id == project_id, any_of(conn, d.run_id, list(run_ids) or [0]), d.step_id.is_(None), d.key == key)
    conn.execute(sa.delete(t.run_defects).where(*where))


def assignees(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, str]:
    """The names of those whom these runs are assigned to ("" where it is nobody), by run."""
    r = t.runs.c
    query = sa.select(r.id, t.users.c.name).select_from(t.runs.outerjoin(t.users, t.users.c.id == r.assignee_id))
    return {row[0]: row[1] or "" for row in conn.execute(query.where(r.project_id == project_id, any_of(conn, r.id, list(run_ids) or [0])))}


def assign(conn: sa.Connection, project_id: int, run_ids: Sequence[int], user_id: int | None) -> None:
    """Assign these runs to a person, or to nobody."""
    r = t.runs.c
    conn.execute(sa.update(t.runs).where(r.project_id == project_id, any_of(conn, r.id, list(run_ids) or [0])).values(assignee_id=user_id))


def note(conn: sa.Connection, project_id: int, who: tuple[int, int], changes: Sequence[tuple[int, str, str, str]]) -> None:
    """Keep what was changed in the runs' histories: (run, field, before, after); `who` is the person's id and the time (UTC milliseconds)."""
    first = take_ids(conn, "change", project_id, len(changes))
    rows = [(first + n, project_id, "run", run, who[0], who[1], *change) for n, (run, *change) in enumerate(changes)]
    bulk_insert(conn, t.changes, _CHANGE, rows)
