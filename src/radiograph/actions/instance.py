# SPDX-License-Identifier: Apache-2.0
"""Opens an instance: its database (made when empty), its evidence, its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.services import Services
from radiograph.domain.errors import DomainError, LicenceLapsed
from radiograph.evidence.local import LocalEvidence
from radiograph.store import audit, instance, tables
from radiograph.store.database import Database

if TYPE_CHECKING:
    from radiograph.settings import Settings


class WrongSchema(DomainError):
    """The database was written by another version of Radiograph."""


def prepare(settings: Settings) -> Services:
    """Open (and on an empty database create) everything that the actions work with.

    Raises WrongSchema when this version can't use the database, StoreUnavailable when it can't be reached.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = Database(settings.database_url)
    with db.read() as conn:
        fresh = not instance.has_schema(conn)
    if fresh:
        instance.create_schema(db)
    _check_schema(db)
    return Services(db, LocalEvidence(settings.data / "evidence"), settings)


def _check_schema(db: Database) -> None:
    with db.read() as conn:
        version = int(instance.get_setting(conn, "schema_version", "0"))
        oldest = int(instance.get_setting(conn, "compatible_from", "0"))
    if oldest > tables.SCHEMA_VERSION:
        raise WrongSchema(f"The database has schema {version}; this Radiograph knows {tables.SCHEMA_VERSION} and is too old for it.")
    if version < tables.SCHEMA_VERSION:
        raise WrongSchema(f"The database has schema {version}; run `radiograph migrate` to bring it to {tables.SCHEMA_VERSION}.")


def check_licence(services: Services) -> None:
    """Raise LicenceLapsed when an administrator has let the instance's licence lapse."""
    if not is_licensed(services):
        raise LicenceLapsed


def is_licensed(services: Services) -> bool:
    """Whether the instance's licence is active."""
    with services.db.read() as conn:
        return instance.licence_is_active(conn)


def set_licence(services: Services, *, active: bool) -> None:
    """Let the licence be active or lapsed; imports are then refused with the vendor's words."""
    with services.db.write() as conn:
        instance.put_setting(conn, "licence", "active" if active else "lapsed")
        audit.note(conn, None, "licence.set", "active" if active else "lapsed")


def migrate(settings: Settings) -> str:
    """Bring the database to this version's schema; says what was done. An empty one gets the schema at once."""
    services = prepare(settings)
    services.db.close()
    return f"The database has schema {tables.SCHEMA_VERSION}; nothing is left to do."
