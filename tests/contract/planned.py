# SPDX-License-Identifier: Apache-2.0
"""A plan with its executions, and what was known of it at a time, in short words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from tests.contract.door import generic, imported, key_of

from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

WORDS = {"F": "FAIL", "P": "PASS", "T": "TODO", "E": "EXECUTING", "A": "ABORTED"}


def night(door: Door, statuses: str, *environments: str, **info: Any) -> str:
    """Import an execution: one letter a Test (`-`: no result); its key."""
    tests = [generic(i, WORDS[s]) for i, s in enumerate(statuses) if s != "-"]
    head = {"project": "DEMO", "testEnvironments": list(environments)} | info
    return key_of(door.load(*tests, info=head))


def again(door: Door, execution: str, statuses: str) -> list[str]:
    """Import other results into an execution; the keys of their Tests."""
    return imported(door.load(*[generic(i, WORDS[s]) for i, s in enumerate(statuses) if s != "-"], execution=execution))


def backdate(services: Services, execution: str, days: list[int], now: int) -> None:
    """Let an execution have been made, and its imports have come, so many days before `now`; oldest import first."""
    with services.db.write() as conn:
        number = conn.execute(sa.select(t.issues.c.id).where(t.issues.c.key == execution)).scalar_one()
        at = [now - d * 86_400_000 for d in days]
        conn.execute(sa.update(t.issues).where(t.issues.c.id == number).values(created_ms=at[0]))
        records = conn.execute(sa.select(t.imports.c.id).where(t.imports.c.execution_id == number).order_by(t.imports.c.id)).scalars().all()
        for record, when in zip(records, at, strict=True):
            conn.execute(sa.update(t.imports).where(t.imports.c.id == record).values(at_ms=when))


def backdate_change(services: Services, run_id: int, days: int, now: int) -> None:
    """Let the newest change of a run by hand have been made so many days before `now`."""
    c = t.changes.c
    with services.db.write() as conn:
        newest = conn.execute(sa.select(sa.func.max(c.id)).where(c.of == "run", c.subject_id == run_id, c.field == "status")).scalar_one()
        at = conn.execute(sa.select(c.at_ms).where(c.id == newest)).scalar_one()
        same = (c.of == "run", c.subject_id == run_id, c.at_ms == at)
        conn.execute(sa.update(t.changes).where(*same).values(at_ms=now - days * 86_400_000))
