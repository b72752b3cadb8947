# SPDX-License-Identifier: Apache-2.0
"""Names that are kept once and referred to by id: environments, versions, components, people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.clock import now_ms
from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.engines import insert_missing, lock_database
from radiograph.store.locks import NAMES
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHAT = {"environments": "Test environment", "versions": "Version", "components": "Component", "users": "User"}


def environment_ids(conn: sa.Connection, names: Iterable[str], made: list[str] | None = None) -> dict[str, int]:
    """The ids of these environments by name, made where they are missing (and then told in `made`)."""
    return _ensure(conn, t.environments, names, {}, {}, made)


def version_ids(conn: sa.Connection, project_id: int, names: Iterable[str], made: list[str] | None = None) -> dict[str, int]:
    """The ids of these versions of a project by name, made where they are missing."""
    return _ensure(conn, t.versions, names, {"project_id": project_id}, {}, made)


def component_ids(conn: sa.Connection, project_id: int, names: Iterable[str], made: list[str] | None = None) -> dict[str, int]:
    """The ids of these components of a project by name, made where they are missing."""
    return _ensure(conn, t.components, names, {"project_id": project_id}, {}, made)


def people_ids(conn: sa.Connection, names: Iterable[str], made: list[str] | None = None) -> dict[str, int]:
    """The ids of these people by name; unknown ones are kept as names that can't sign in."""
    return _ensure(conn, t.users, names, {}, {"created_ms": now_ms(), "active": False}, made)


def _find(conn: sa.Connection, table: sa.Table, names: set[str], scope: dict[str, Any]) -> dict[str, int]:
    query = sa.select(table.c.name, table.c.id).where(any_of(conn, table.c.name, sorted(names)))
    return {row.name: row.id for row in conn.execute(query.filter_by(**scope))}


def _ensure(
    conn: sa.Connection,
    table: sa.Table,
    names: Iterable[str],
    scope: dict[str, Any],
    more: dict[str, Any],
    made: list[str] | None,
) -> dict[str, int]:
    wanted = {n for n in names if n}
    if not wanted:
        return {}
    known = _find(conn, table, wanted, scope)
    missing = sorted(wanted - known.keys())
    if missing:
        lock_database(conn, NAMES)
        if made is not None:
            made.extend(f"{_WHAT[table.name]} {name}" for name in missing)
        first = take_number(conn, table.name, len(missing))
        insert_missing(conn, table, [{"id": first + i, "name": n, **scope, **more} for i, n in enumerate(missing)])
        known = _find(conn, table, wanted, scope)
    return known
