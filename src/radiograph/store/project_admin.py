# SPDX-License-Identifier: Apache-2.0
"""A project's own columns, its people, and taking it away with all that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.store import pulled
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator


class Member(Struct, frozen=True):
    """Somebody with a role in a project."""

    name: str
    display_name: str
    role: str
    active: bool


def members(conn: sa.Connection, project_id: int) -> list[Member]:
    """Who has a role in the project, by name."""
    r, u = t.roles.c, t.users.c
    query = sa.select(u.name, u.display_name, r.role, u.active).join(t.roles, r.user_id == u.id)
    return [Member(*row) for row in conn.execute(query.where(r.project_id == project_id).order_by(u.name))]


def change_project(conn: sa.Connection, project_id: int, values: dict[str, Any]) -> None:
    """Set columns of a project."""
    conn.execute(sa.update(t.projects).where(t.projects.c.id == project_id).values(values))


def size_of(conn: sa.Connection, project_id: int) -> int:
    """How many issues a project has."""
    i = t.issues.c
    return int(conn.execute(sa.select(sa.func.count()).select_from(t.issues).where(i.project_id == project_id)).scalar_one())


def some_issues(conn: sa.Connection, project_id: int, limit: int) -> list[int]:
    """Issues of a project of one kind, the newest first; none when it has none.

    An execution comes alone, for it may have very many runs, and executions come before all others: a Test would take its runs out
    of each of them one by one.
    """
    i = t.issues.c
    for kind in (*reversed(EXECUTION_TYPES), *(k for k in IssueType if k not in EXECUTION_TYPES)):
        query = sa.select(i.id).where(i.project_id == project_id, i.type_id == int(kind)).order_by(i.id.desc())
        if found := list(conn.execute(query.limit(1 if kind in EXECUTION_TYPES else limit)).scalars()):
            return found
    return []


def _belongings() -> Iterator[sa.Column[Any]]:
    yield from (t.outgoing.c.project_id, t.hooks.c.project_id, t.subscriptions.c.project_id)
    yield from (t.quarantines.c.project_id, t.known_failures.c.project_id, t.flaky_tests.c.project_id)
    yield from (t.folders.c.project_id, t.run_fields.c.project_id, t.versions.c.project_id, t.components.c.project_id)
    yield from (t.imports.c.project_id, t.changes.c.project_id, t.roles.c.project_id, t.project_settings.c.project_id)


def remove_project(conn: sa.Connection, project_id: int) -> None:
    """Take a project away that has no issues any more, and what is known of its copying. Its blocks of ids stay: no id is ever used twice."""
    key = conn.execute(sa.select(t.projects.c.key).where(t.projects.c.id == project_id)).scalar()
    if key is not None:
        pulled.forget_state(conn, key)
    for column in _belongings():
        conn.execute(sa.delete(column.table).where(column == project_id))
    conn.execute(sa.delete(t.projects).where(t.projects.c.id == project_id))
