# SPDX-License-Identifier: Apache-2.0
"""Versions and components of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.engines import insert_missing
from radiograph.store.issue_reads import VersionRow
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ProjectComponent(Struct, frozen=True):
    """A component of a project."""

    id: int
    project_id: int
    name: str
    description: str


_VERSION = sa.select(*(t.versions.c[n] for n in VersionRow.__struct_fields__))
_COMPONENT = sa.select(*(t.components.c[n] for n in ProjectComponent.__struct_fields__))
_USES = {t.versions: t.issue_versions, t.components: t.issue_components}


def components_of(conn: sa.Connection, project_id: int) -> list[ProjectComponent]:
    """A project's components, oldest first."""
    c = t.components.c
    return [ProjectComponent(*row) for row in conn.execute(_COMPONENT.where(c.project_id == project_id).order_by(c.id))]


def find_version(conn: sa.Connection, number: int) -> VersionRow | None:
    """The version of that id."""
    row = conn.execute(_VERSION.where(t.versions.c.id == number)).first()
    return VersionRow(*row) if row else None


def find_component(conn: sa.Connection, number: int) -> ProjectComponent | None:
    """The component of that id."""
    row = conn.execute(_COMPONENT.where(t.components.c.id == number)).first()
    return ProjectComponent(*row) if row else None


def names_of(conn: sa.Connection, table: sa.Table, project_id: int, ids: Sequence[int]) -> dict[int, str]:
    """The names of these versions or components of a project by id."""
    query = sa.select(table.c.id, table.c.name).where(table.c.project_id == project_id, any_of(conn, table.c.id, list(ids) or [0]))
    return {row.id: row.name for row in conn.execute(query)}


def is_taken(conn: sa.Connection, table: sa.Table, project_id: int, name: str, but: int = 0) -> bool:
    """Whether another version or component of the project (not `but`) has the name."""
    query = sa.select(table.c.id).where(table.c.project_id == project_id, table.c.name == name, table.c.id != but)
    return conn.execute(query).first() is not None


def add_part(conn: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    """Add a version or component; its id."""
    number = take_number(conn, table.name)
    conn.execute(sa.insert(table).values({"id": number, **values}))
    return number


def change_part(conn: sa.Connection, table: sa.Table, number: int, values: Mapping[str, Any]) -> None:
    """Set columns of a version or component."""
    if values:
        conn.execute(sa.update(table).where(table.c.id == number).values(dict(values)))


def remove_part(conn: sa.Connection, table: sa.Table, number: int, instead: int | None) -> None:
    """Remove a version or component; the issues that have it get `instead`, or lose it."""
    uses = _USES[table]
    issue, part = uses.columns
    if instead is not None:
        owners = conn.execute(sa.select(issue).where(part == number)).scalars()
        insert_missing(conn, uses, [{issue.name: owner, part.name: instead} for owner in owners])
    conn.execute(sa.delete(uses).where(part == number))
    conn.execute(sa.delete(table).where(table.c.id == number))


def count_issues(conn: sa.Connection, table: sa.Table, number: int) -> int:
    """How many issues have a version or component."""
    uses = _USES[table]
    return int(conn.execute(sa.select(sa.func.count()).select_from(uses).where(list(uses.columns)[1] == number)).scalar_one())
