# SPDX-License-Identifier: Apache-2.0
"""Opens an instance: its database (made when empty), its evidence, its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.migrating import Migrate, make_ready
from radiograph.actions.services import Services
from radiograph.domain.errors import LicenceLapsed
from radiograph.evidence.local import LocalEvidence
from radiograph.store import audit, instance
from radiograph.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.settings import Settings


def prepare(settings: Settings, migrate: Migrate = Migrate.NEVER, say: Callable[[str], None] = lambda _text: None) -> Services:
    """Open (and on an empty database create) everything that the actions work with.

    An older database is migrated where `migrate` allows it; `say` is told what was done to the tables.
    Raises WrongSchema when this version can't use the database, StoreUnavailable when it can't be reached.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = Database(settings.database_url)
    try:
        make_ready(db, settings, migrate, say)
    except BaseException:
        db.close()
        raise
    return Services(db, LocalEvidence(settings.data / "evidence"), settings)


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
