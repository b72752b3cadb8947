# SPDX-License-Identifier: Apache-2.0
"""Answers that are kept so that a retry gets the same one."""

from __future__ import annotations

import sqlalchemy as sa

from radiograph.store.prepared import Prepared
from radiograph.store.tables import deliveries as d

_FIND = Prepared(
    lambda _dialect: sa.select(d.c.fingerprint, d.c.answer, d.c.import_id).where(
        d.c.user_id == sa.bindparam("user"), d.c.key == sa.bindparam("key"), d.c.at_ms >= sa.bindparam("since"),
    ),
)  # fmt: skip


def find(conn: sa.Connection, user_id: int, key: str, since_ms: int) -> tuple[str, str, int | None] | None:
    """The fingerprint and the answer kept under a key since then, and the import that it tells of."""
    row = _FIND.first(conn, user=user_id, key=key, since=since_ms)
    return (row[0], row[1], row[2]) if row else None


def put(conn: sa.Connection, user_id: int, key: str, kept: tuple[str, str, int | None], at_ms: int) -> None:
    """Keep an answer: the request's fingerprint, the answer, the import."""
    drop(conn, user_id, key)
    fingerprint, answer, number = kept
    conn.execute(sa.insert(d).values(user_id=user_id, key=key, fingerprint=fingerprint, answer=answer, at_ms=at_ms, import_id=number))


def drop_of_import(conn: sa.Connection, user_id: int, import_id: int) -> None:
    """Forget the answers that tell of an import."""
    conn.execute(sa.delete(d).where(d.c.user_id == user_id, d.c.import_id == import_id))


def drop(conn: sa.Connection, user_id: int, key: str) -> None:
    """Forget an answer."""
    conn.execute(sa.delete(d).where(d.c.user_id == user_id, d.c.key == key))


def sweep(conn: sa.Connection, before_ms: int) -> None:
    """Forget what is too old to be asked for."""
    conn.execute(sa.delete(d).where(d.c.at_ms < before_ms))
