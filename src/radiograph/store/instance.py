# SPDX-License-Identifier: Apache-2.0
"""What belongs to the whole instance: its schema's stamp, settings, statuses and custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct, structs

from radiograph.domain.issues import BUILT_IN_FIELDS, CustomField
from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES
from radiograph.domain.workflow import LINK_TYPES, TRANSITIONS, WORKFLOW_STATUSES
from radiograph.store import tables as t
from radiograph.store.engines import lock_database, schema_for
from radiograph.store.locks import SCHEMA
from radiograph.store.prepared import Prepared

if TYPE_CHECKING:
    from radiograph.store.database import Database


class Stamp(Struct, frozen=True):
    """The schema of a database, and the oldest schema that a Radiograph must know to use it."""

    schema: int
    compatible_from: int


def read_stamp(conn: sa.Connection) -> Stamp | None:
    """The stamp of a database; None when it has no tables of Radiograph, 0 when it has `settings` but no stamp."""
    if not sa.inspect(conn).has_table(t.settings.name):
        return None
    return Stamp(int(get_setting(conn, "schema_version", "0")), int(get_setting(conn, "compatible_from", "0")))


def put_stamp(conn: sa.Connection) -> None:
    """Note that the database has this version's schema."""
    put_setting(conn, "schema_version", str(t.SCHEMA_VERSION))
    put_setting(conn, "compatible_from", str(t.COMPATIBLE_FROM))


def create_schema(db: Database) -> None:
    """Make every table in an empty database, with the built-in statuses and fields, and stamp it.

    Nothing happens when another process has just done it.
    """
    with db.write() as conn:
        lock_database(conn, SCHEMA)
        if read_stamp(conn) is not None:
            return
        schema_for(conn.dialect.name).create_all(conn)
        columns = ("id", "name", "description", "color", "final", "requirement", "of", "means")
        rows = [{c: getattr(s, c) for c in columns} for s in (*RUN_STATUSES, *STEP_STATUSES)]
        conn.execute(sa.insert(t.statuses), rows)
        for field in BUILT_IN_FIELDS:
            add_custom_field(conn, field)
        conn.execute(sa.insert(t.workflow_statuses), [{**structs.asdict(s), "rank": i} for i, s in enumerate(WORKFLOW_STATUSES)])
        conn.execute(sa.insert(t.workflow_transitions), [structs.asdict(w) for w in TRANSITIONS])
        conn.execute(sa.insert(t.link_types), [structs.asdict(k) for k in LINK_TYPES])
        put_stamp(conn)


_SETTING = Prepared(lambda _dialect: sa.select(t.settings.c.value).where(t.settings.c.name == sa.bindparam("name")))


def get_setting(conn: sa.Connection, name: str, default: str = "") -> str:
    """A setting that the database holds."""
    row = _SETTING.first(conn, name=name)
    return default if row is None else str(row[0])


def put_setting(conn: sa.Connection, name: str, value: str) -> None:
    """Set a setting that the database holds."""
    changed = conn.execute(sa.update(t.settings).where(t.settings.c.name == name).values(value=value))
    if changed.rowcount == 0:
        conn.execute(sa.insert(t.settings).values(name=name, value=value))


def remove_setting(conn: sa.Connection, name: str) -> None:
    """Take a setting away, if there is one."""
    conn.execute(sa.delete(t.settings).where(t.settings.c.name == name))


def licence_is_active(conn: sa.Connection) -> bool:
    """Whether imports are allowed: a perpetual open licence unless an administrator let it lapse."""
    return get_setting(conn, "licence", "active") == "active"


def custom_fields(conn: sa.Connection) -> list[CustomField]:
    """Every custom field of the instance."""
    c = t.custom_fields.c
    return [CustomField(*row) for row in conn.execute(sa.select(c.id, c.name, c.kind, c.meaning).order_by(c.id))]


def add_custom_field(conn: sa.Connection, field: CustomField) -> None:
    """Add a custom field."""
    conn.execute(sa.insert(t.custom_fields).values(id=field.id, name=field.name, kind=field.kind, meaning=field.meaning))
