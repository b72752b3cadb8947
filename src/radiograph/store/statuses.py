# SPDX-License-Identifier: Apache-2.0
"""Adding statuses of runs and steps, and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import structs

from radiograph.store import tables as t
from radiograph.store.engines import lock_database
from radiograph.store.locks import WORDS

if TYPE_CHECKING:
    from radiograph.domain.statuses import Status

_BUILT_IN = 99
"""Ids up to here are left to statuses that every instance has."""
_COLUMNS = ("name", "description", "color", "final", "requirement", "means")


def add_status(conn: sa.Connection, status: Status) -> Status:
    """Add a status; its id is given here, after those that there are."""
    lock_database(conn, WORDS)
    c = t.statuses.c
    last = conn.execute(sa.select(sa.func.max(c.id)).where(c.of == status.of)).scalar() or 0
    made = structs.replace(status, id=max(last, _BUILT_IN) + 1)
    conn.execute(sa.insert(t.statuses).values(of=made.of, id=made.id, **{n: getattr(made, n) for n in _COLUMNS}))
    return made


def change_status(conn: sa.Connection, status: Status) -> None:
    """Change the status of that id and kind."""
    c = t.statuses.c
    values = {n: getattr(status, n) for n in _COLUMNS}
    conn.execute(sa.update(t.statuses).where(c.of == status.of, c.id == status.id).values(values))


def follow_name(conn: sa.Connection, old: str, new: str) -> None:
    """Let the statuses of steps that stand for the run status `old` stand for `new`, which is its name now."""
    c = t.statuses.c
    conn.execute(sa.update(t.statuses).where(c.of == "step", c.means == old).values(means=new))
