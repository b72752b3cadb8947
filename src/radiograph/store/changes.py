# SPDX-License-Identifier: Apache-2.0
"""The history of issues and Test Runs: one row for each field that was changed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Subject: TypeAlias = Literal["issue", "run"]


class Change(Struct, frozen=True):
    """A change of one field; `user` is a name, `at_ms` UTC milliseconds."""

    id: int
    subject_id: int
    user: str | None
    at_ms: int
    field: str
    before: str
    after: str


def note_changes(
    conn: sa.Connection, of: Subject, place: tuple[int, int], user_id: int | None, at_ms: int, fields: Iterable[tuple[str, str, str]]
) -> None:
    """Keep what was changed, in the transaction of the change: (field, before, after); equal ones are no change.

    `place` is the project's id and that of the issue or run. Call it after the row itself is held (`lock_projects`).
    """
    project_id, subject_id = place
    changed = [f for f in fields if f[1] != f[2]]
    first = take_ids(conn, "change", project_id, len(changed))
    rows = [
        {"id": first + i, "project_id": project_id, "of": of, "subject_id": subject_id, "user_id": user_id, "at_ms": at_ms,
         "field": name, "before": before, "after": after}
        for i, (name, before, after) in enumerate(changed)
    ]  # fmt: skip
    if rows:
        conn.execute(sa.insert(t.changes), rows)


def changes_of(conn: sa.Connection, of: Subject, subject_ids: Sequence[int], limit: int = 1000) -> list[Change]:
    """The changes of these issues or runs, oldest first, `limit` at most."""
    c = t.changes.c
    columns = (c.id, c.subject_id, t.users.c.name, c.at_ms, c.field, c.before, c.after)
    source = t.changes.outerjoin(t.users, t.users.c.id == c.user_id)
    query = sa.select(*columns).select_from(source).where(c.of == of, any_of(conn, c.subject_id, list(subject_ids) or [0]))
    return [Change(*row) for row in conn.execute(query.order_by(c.id).limit(limit))]


def changes_after(conn: sa.Connection, of: Subject, subject_id: int, after: int, limit: int = 100) -> list[Change]:
    """The changes of an issue or run whose id is above `after`, oldest first, `limit` at most."""
    c = t.changes.c
    columns = (c.id, c.subject_id, t.users.c.name, c.at_ms, c.field, c.before, c.after)
    query = sa.select(*columns).select_from(t.changes.outerjoin(t.users, t.users.c.id == c.user_id))
    where = (c.of == of, c.subject_id == subject_id, c.id > after)
    return [Change(*row) for row in conn.execute(query.where(*where).order_by(c.id).limit(limit))]
