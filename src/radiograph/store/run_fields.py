# SPDX-License-Identifier: Apache-2.0
"""Custom fields that projects define for their runs and steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.run_fields import RunField
from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST = 100
"""Below it are the ids of fields that every project has."""
_COLUMNS = [t.run_fields.c[n] for n in RunField.__struct_fields__]


def run_fields(conn: sa.Connection, project_ids: Iterable[int]) -> list[RunField]:
    """The fields of these projects, of runs and of steps, by rank."""
    f = t.run_fields.c
    query = sa.select(*_COLUMNS).where(any_of(conn, f.project_id, sorted(set(project_ids)) or [0])).order_by(f.rank, f.id)
    return [_field(row) for row in conn.execute(query)]


def _field(row: sa.Row[*tuple[Any, ...]]) -> RunField:
    number, project, of, name, description, kind, required, options = row
    return RunField(number, project, of, name, description, kind, bool(required), tuple(json.loads(options)))


def add_field(conn: sa.Connection, field: RunField) -> int:
    """Define a field, after those that there are; its `id` is not looked at. Returns the new id."""
    f = t.run_fields.c
    number = take_number(conn, "run_field", start=_FIRST)
    last = conn.execute(sa.select(sa.func.max(f.rank)).where(f.project_id == field.project_id, f.of == field.of)).scalar()
    values = _values(field) | {"id": number, "project_id": field.project_id, "of": field.of, "rank": (last or 0) + 1}
    conn.execute(sa.insert(t.run_fields).values(values))
    return number


def update_field(conn: sa.Connection, field: RunField) -> None:
    """Set what the field of that id is."""
    conn.execute(sa.update(t.run_fields).where(t.run_fields.c.id == field.id).values(_values(field)))


def _values(field: RunField) -> dict[str, Any]:
    return {
        "name": field.name, "description": field.description, "type": field.type, "required": field.required,
        "options": json.dumps(field.options, ensure_ascii=False),
    }  # fmt: skip


def remove_field(conn: sa.Connection, field_id: int) -> None:
    """Take a field away; values that runs have stay with them, as those of imports do."""
    conn.execute(sa.delete(t.run_fields).where(t.run_fields.c.id == field_id))
