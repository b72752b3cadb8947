# SPDX-License-Identifier: Apache-2.0
"""Brings a database to the schema of this version, or says why not."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from radiograph import __version__
from radiograph.domain.errors import DomainError
from radiograph.store import audit, instance, tables
from radiograph.store.engines import lock_database
from radiograph.store.locks import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from radiograph.settings import Settings
    from radiograph.store.database import Database
    from radiograph.store.instance import Stamp

    Say = Callable[[str], None]


class WrongSchema(DomainError):
    """The database was written by another version of Radiograph."""


class Migrate(enum.Enum):
    """When an older database may be migrated: never, when its file is copied aside first (SQLite), always."""

    NEVER = enum.auto()
    COPIED = enum.auto()
    ALWAYS = enum.auto()


def make_ready(db: Database, settings: Settings, allowed: Migrate, say: Say) -> None:
    """Make the tables of an empty database and migrate an older one where that is allowed.

    Raises WrongSchema when the database can't be used as it is, and says what to do about it.
    """
    stamp = _stamp(db)
    if stamp is None:
        instance.create_schema(db)
        say(f"The database was empty: made the tables of schema {tables.SCHEMA_VERSION}.")
        return
    if stamp.schema == 0:
        raise WrongSchema(f"The database {db.shown_url} has a table `settings` that isn't Radiograph's: name an empty database.")
    if stamp.compatible_from > tables.SCHEMA_VERSION:
        raise WrongSchema(_too_old(stamp))
    if stamp.schema < tables.SCHEMA_VERSION:
        if allowed is Migrate.NEVER or (allowed is Migrate.COPIED and not db.is_sqlite):
            raise WrongSchema(_refusal(db, settings, stamp, may_serve=allowed is Migrate.COPIED))
        _migrate(db, settings.data, say)


def state(db: Database) -> str:
    """The schema of a database that is ready, in a sentence."""
    stamp = _stamp(db)
    found = stamp.schema if stamp else 0
    if found > tables.SCHEMA_VERSION:
        return f"The database has schema {found}, newer than this Radiograph's {tables.SCHEMA_VERSION} and compatible with it."
    return f"The database has schema {found}: nothing is left to do."


def _stamp(db: Database) -> Stamp | None:
    with db.read() as conn:
        return instance.read_stamp(conn)


def _too_old(stamp: Stamp) -> str:
    return (
        f"The database has schema {stamp.schema}, made by a newer Radiograph. This one ({__version__}) knows schema "
        f"{tables.SCHEMA_VERSION}, and the database needs at least {stamp.compatible_from}: install a newer Radiograph, "
        "or put back the copy of the database from before the upgrade."
    )


def _refusal(db: Database, settings: Settings, stamp: Stamp, *, may_serve: bool) -> str:
    where = f"--data {settings.data}" if db.is_sqlite else f"--database {db.shown_url}"
    other = ", or start with `radiograph serve --migrate`" if may_serve else ""
    return (
        f"The database has schema {stamp.schema}, older than this Radiograph's {tables.SCHEMA_VERSION}. "
        f"Make a backup, then run `radiograph migrate {where}`{other}."
    )


def _migrate(db: Database, folder: Path, say: Say) -> None:
    from radiograph.store.migrations import runner  # noqa: PLC0415  (Alembic takes a second to import; few starts need it)

    with db.change_schema() as conn:
        lock_database(conn, SCHEMA)
        stamp = instance.read_stamp(conn)
        if stamp is None or stamp.schema >= tables.SCHEMA_VERSION:
            return  # another process was first
        if db.is_sqlite:
            say(f"Copied the database to {_copy(db, folder, stamp.schema)}; delete the copy when you no longer need it.")
        taken = runner.upgrade(conn, stamp.schema)
        audit.note(conn, None, "schema.migrate", f"{stamp.schema} to {tables.SCHEMA_VERSION}")
    for step in taken:
        say(f"Migrated to schema {step.number}: {step.title}.")


def _copy(db: Database, folder: Path, schema: int) -> Path:
    """Copy the database aside as it was committed last: nobody writes while tables are changed."""
    target = folder / f"radiograph-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-schema-{schema}.db"
    db.copy_to(target)
    return target
