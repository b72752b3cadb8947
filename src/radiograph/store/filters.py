# SPDX-License-Identifier: Apache-2.0
"""Saved filters: a query with a name, of one person, for all to use when it is shared."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.keys import parse_id
from radiograph.store import tables as t
from radiograph.store.blocks import take_number

_FIRST = 10000
MOST = 1000
"""The most filters that one person has, and that a list shows."""


class FilterRow(Struct, frozen=True):
    """A filter; times are UTC milliseconds, `shown` is the owner's name to show."""

    id: int
    name: str
    owner_id: int
    owner: str
    jql: str
    description: str
    shared: bool
    created_ms: int
    updated_ms: int
    shown: str


_F = t.filters.c
_COLUMNS: list[Any] = [
    _F.id, _F.name, _F.owner_id, t.users.c.name, _F.jql, _F.description, _F.shared, _F.created_ms, _F.updated_ms,
    sa.func.coalesce(sa.func.nullif(t.users.c.display_name, ""), t.users.c.name),
]  # fmt: skip
_SELECT = sa.select(*_COLUMNS).select_from(t.filters.join(t.users, t.users.c.id == _F.owner_id))


def find_filter(conn: sa.Connection, user_id: int, id_or_name: str) -> FilterRow | None:
    """The filter of that id or name that the person may use: the own one first, then the oldest shared one."""
    given = id_or_name.strip()
    named = (sa.func.lower(_F.name) == given.lower()) | (_F.name == given)
    number = parse_id(given)
    where = named if number is None else named | (_F.id == number)
    query = _SELECT.where(where, (_F.owner_id == user_id) | _F.shared)
    first = [] if number is None else [sa.case((_F.id == number, 0), else_=1)]
    row = conn.execute(query.order_by(*first, sa.case((_F.owner_id == user_id, 0), else_=1), _F.id).limit(1)).first()
    return FilterRow(*row) if row else None


def filter_by_id(conn: sa.Connection, number: int) -> FilterRow | None:
    """The filter of that id, whoever owns it."""
    row = conn.execute(_SELECT.where(_F.id == number)).first()
    return FilterRow(*row) if row else None


def usable_filters(conn: sa.Connection, user_id: int, *, own: bool) -> list[FilterRow]:
    """The person's filters by name, and (unless `own`) those that others share; at most 1000."""
    where = _F.owner_id == user_id if own else (_F.owner_id == user_id) | _F.shared
    return [FilterRow(*row) for row in conn.execute(_SELECT.where(where).order_by(_F.name, _F.id).limit(MOST))]


def own_filter_named(conn: sa.Connection, user_id: int, name: str) -> int | None:
    """The id of the person's filter of that very name."""
    number: int | None = conn.execute(sa.select(_F.id).where(_F.owner_id == user_id, _F.name == name)).scalar()
    return number


def count_filters(conn: sa.Connection, user_id: int) -> int:
    """How many filters the person has."""
    return int(conn.execute(sa.select(sa.func.count()).where(_F.owner_id == user_id)).scalar_one())


def insert_filter(conn: sa.Connection, owner_id: int, values: dict[str, Any], now: int) -> int:
    """Write a new filter of `name`, `jql`, `description`, `shared`; its id."""
    number = take_number(conn, t.filters.name, start=_FIRST)
    conn.execute(sa.insert(t.filters).values(id=number, owner_id=owner_id, created_ms=now, updated_ms=now, **values))
    return number


def update_filter(conn: sa.Connection, number: int, values: dict[str, Any], now: int) -> None:
    """Set what is given of a filter."""
    conn.execute(sa.update(t.filters).where(_F.id == number).values(updated_ms=now, **values))


def delete_filter(conn: sa.Connection, number: int) -> None:
    """Delete a filter."""
    conn.execute(sa.delete(t.filters).where(_F.id == number))
