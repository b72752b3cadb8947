# SPDX-License-Identifier: Apache-2.0
"""What a person has: tokens, sessions, roles with their projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.store import tables as t
from radiograph.store.accounts import TokenRow

if TYPE_CHECKING:
    from collections.abc import Sequence


class SessionRow(Struct, frozen=True):
    """A session; `mark` tells it from the others and is no secret, `token` names the token that opened it."""

    mark: str
    created_ms: int
    expires_ms: int
    token: str | None


_MARK = 16


def mark_of(sha256: str) -> str:
    """What tells a session from others: the beginning of the hash of its cookie."""
    return sha256[:_MARK]


def tokens_of(conn: sa.Connection, user_id: int) -> list[TokenRow]:
    """A person's tokens and clients by name."""
    columns = [t.tokens.c[n] for n in TokenRow.__struct_fields__]
    return [TokenRow(*row) for row in conn.execute(sa.select(*columns).where(t.tokens.c.user_id == user_id).order_by(t.tokens.c.name))]


def sessions_of(conn: sa.Connection, user_id: int) -> list[SessionRow]:
    """A person's sessions that last, the newest first."""
    s = t.sessions.c
    source = t.sessions.outerjoin(t.tokens, t.tokens.c.id == s.token_id)
    query = sa.select(s.sha256, s.created_ms, s.expires_ms, t.tokens.c.name).select_from(source)
    rows = conn.execute(query.where(s.user_id == user_id, s.expires_ms > now_ms()).order_by(s.created_ms.desc()).limit(200))
    return [SessionRow(mark_of(row[0]), *row[1:]) for row in rows]


def end_sessions(conn: sa.Connection, user_id: int, *, mark: str = "", but: Sequence[str] = ()) -> int:
    """End a person's session of that mark, or with none all but those with the hashes `but`; how many ended."""
    s = t.sessions.c
    where: Any = s.user_id == user_id
    where &= s.sha256.startswith(mark, autoescape=True) if mark else s.sha256.not_in(list(but))
    return conn.execute(sa.delete(t.sessions).where(where)).rowcount


def roles_of(conn: sa.Connection, user_id: int) -> list[tuple[int, str, str, str]]:
    """A person's roles: the project's id, key and name, the role."""
    r, p = t.roles.c, t.projects.c
    query = sa.select(p.id, p.key, p.name, r.role).join(t.projects, p.id == r.project_id).where(r.user_id == user_id).order_by(p.key)
    return [(row[0], row[1], row[2], row[3]) for row in conn.execute(query)]


def project_keys(conn: sa.Connection) -> dict[int, str]:
    """Every project's key by id."""
    return {row[0]: row[1] for row in conn.execute(sa.select(t.projects.c.id, t.projects.c.key))}


def change_user(conn: sa.Connection, user_id: int, values: dict[str, Any]) -> None:
    """Set columns of a person."""
    conn.execute(sa.update(t.users).where(t.users.c.id == user_id).values(values))
