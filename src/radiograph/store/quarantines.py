# SPDX-License-Identifier: Apache-2.0
"""Tests whose failures don't close a gate for now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Quarantine(Struct):
    """A Test in quarantine, with who put it there and who ended it; times are UTC milliseconds."""

    id: int
    project_id: int
    test_id: int
    reason: str
    until_ms: int | None
    created_ms: int
    ended_ms: int | None
    test_key: str
    test_summary: str
    test_project_id: int
    by: str | None

    def holds(self, now: int) -> bool:
        """Whether it counts at that time."""
        return self.ended_ms is None and (self.until_ms is None or self.until_ms > now)


_Q = t.quarantines.c
_COLUMNS = [_Q[n] for n in Quarantine.__struct_fields__[:7]]
_SELECT: sa.Select[*tuple[Any, ...]] = (
    sa.select(*_COLUMNS, t.issues.c.key, t.issues.c.summary, t.issues.c.project_id, t.users.c.name)
    .select_from(t.quarantines.join(t.issues, t.issues.c.id == _Q.test_id).outerjoin(t.users, t.users.c.id == _Q.created_by))
)  # fmt: skip


def _holding(now: int) -> sa.ColumnElement[bool]:
    return _Q.ended_ms.is_(None) & (_Q.until_ms.is_(None) | (_Q.until_ms > now))


def quarantined(conn: sa.Connection, project_id: int, now: int) -> set[int]:
    """The Tests of a project that are in quarantine at that time (UTC milliseconds)."""
    return set(conn.execute(sa.select(_Q.test_id).where(_Q.project_id == project_id, _holding(now))).scalars())


def quarantines(conn: sa.Connection, project_id: int, now: int, limit: int, *, over: bool = False) -> list[Quarantine]:
    """A project's quarantines that hold at that time, those that end first on top; or those that are over, the last on top."""
    query = _SELECT.where(_Q.project_id == project_id, ~_holding(now) if over else _holding(now))
    order = (_Q.id.desc(),) if over else (_Q.until_ms, _Q.id)
    return [Quarantine(*row) for row in conn.execute(query.order_by(*order).limit(limit))]


def of_tests(conn: sa.Connection, project_id: int, test_ids: Sequence[int], now: int) -> dict[int, Quarantine]:
    """The quarantines of these Tests that hold at that time, by Test."""
    query = _SELECT.where(_Q.project_id == project_id, any_of(conn, _Q.test_id, list(test_ids) or [0]), _holding(now))
    return {q.test_id: q for q in (Quarantine(*row) for row in conn.execute(query.order_by(_Q.id)))}


def find(conn: sa.Connection, project_id: int, number: int) -> Quarantine | None:
    """The quarantine of that id in a project, or None."""
    row = conn.execute(_SELECT.where(_Q.project_id == project_id, _Q.id == number)).first()
    return Quarantine(*row) if row else None


def add(conn: sa.Connection, project_id: int, test_id: int, reason: str, until_ms: int | None, by: tuple[int, int]) -> int:
    """Put a Test in quarantine; `by` is whose id and when. Its id."""
    number = take_number(conn, "quarantine")
    values = {"id": number, "project_id": project_id, "test_id": test_id, "reason": reason, "until_ms": until_ms}
    conn.execute(sa.insert(t.quarantines).values(values | {"created_by": by[0], "created_ms": by[1]}))
    return number


def change(conn: sa.Connection, number: int, values: dict[str, Any]) -> None:
    """Set columns of a quarantine."""
    conn.execute(sa.update(t.quarantines).where(_Q.id == number).values(values))
