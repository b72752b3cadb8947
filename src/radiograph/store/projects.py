# SPDX-License-Identifier: Apache-2.0
"""Projects."""

from __future__ import annotations

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.domain.keys import parse_id
from radiograph.store import tables as t
from radiograph.store.blocks import take_number

_FIRST = 10000


class ProjectRow(Struct, frozen=True):
    """A project; `next_number` is that of its next issue."""

    id: int
    key: str
    name: str
    description: str
    next_number: int


_COLUMNS = [t.projects.c[n] for n in ("id", "key", "name", "description", "next_number")]


def add_project(conn: sa.Connection, key: str, name: str, description: str, project_id: int | None) -> int:
    """Add a project and return its id (the given one, or the next)."""
    number = project_id or take_number(conn, t.projects.name, start=_FIRST)
    conn.execute(
        sa.insert(t.projects).values(id=number, key=key, name=name, description=description, next_number=1, created_ms=now_ms()),
    )
    return number


def find_project(conn: sa.Connection, key_or_id: str) -> ProjectRow | None:
    """The project of that key (case doesn't matter) or id."""
    where = t.projects.c.key == key_or_id.strip().upper()
    number = parse_id(key_or_id)
    if number is not None:
        where = t.projects.c.id == number
    row = conn.execute(sa.select(*_COLUMNS).where(where)).first()
    return ProjectRow(*row) if row else None


def all_projects(conn: sa.Connection) -> list[ProjectRow]:
    """Every project by key."""
    return [ProjectRow(*row) for row in conn.execute(sa.select(*_COLUMNS).order_by(t.projects.c.key))]
