# SPDX-License-Identifier: Apache-2.0
"""People, their roles, tokens and sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence


class Account(Struct, frozen=True):
    """A person as the store has them; without a `password_hash` they can't sign in with a password."""

    id: int
    name: str
    display_name: str
    email: str
    password_hash: str | None
    active: bool
    admin: bool


class TokenRow(Struct, frozen=True):
    """A token without its secret; `projects` and `role` are its scope (None: everything)."""

    id: int
    user_id: int
    name: str
    sha256: str
    projects: str | None
    rights: str | None
    created_ms: int
    expires_ms: int | None


_ACCOUNT = [t.users.c[n] for n in ("id", "name", "display_name", "email", "password_hash", "active", "admin")]
_TOKEN = [t.tokens.c[n] for n in ("id", "user_id", "name", "sha256", "projects", "rights", "created_ms", "expires_ms")]


_BY_NAME = Prepared(lambda _dialect: sa.select(*_ACCOUNT).where(t.users.c.name == sa.bindparam("name")))
_BY_ID = Prepared(lambda _dialect: sa.select(*_ACCOUNT).where(t.users.c.id == sa.bindparam("id")))
_TOKEN_BY_HASH = Prepared(lambda _dialect: sa.select(*_TOKEN).where(t.tokens.c.sha256 == sa.bindparam("sha256")))
_ROLES = Prepared(lambda _dialect: sa.select(t.roles.c.project_id, t.roles.c.role).where(t.roles.c.user_id == sa.bindparam("user")))
_SESSION = Prepared(
    lambda _dialect: (
        sa.select(t.sessions.c.user_id, *_TOKEN)
        .select_from(t.sessions.outerjoin(t.tokens, t.tokens.c.id == t.sessions.c.token_id))
        .where(
            t.sessions.c.sha256 == sa.bindparam("sha256"),
            t.sessions.c.expires_ms > sa.bindparam("now"),
            t.sessions.c.token_id.is_(None)
            | (t.tokens.c.id.is_not(None) & (t.tokens.c.expires_ms.is_(None) | (t.tokens.c.expires_ms > sa.bindparam("now")))),
        )
    ),
)


def find_account(conn: sa.Connection, name: str) -> Account | None:
    """The person of that name."""
    return _account(_BY_NAME.first(conn, name=name))


def account(conn: sa.Connection, user_id: int) -> Account | None:
    """The person of that id."""
    return _account(_BY_ID.first(conn, id=user_id))


def _account(row: Sequence[Any] | None) -> Account | None:
    if row is None:
        return None
    number, name, shown, email, password, active, admin = row
    return Account(number, name, shown, email, password, bool(active), bool(admin))


def accounts(conn: sa.Connection) -> list[Account]:
    """Everybody, by name."""
    return [Account(*row) for row in conn.execute(sa.select(*_ACCOUNT).order_by(t.users.c.name))]


def put_account(conn: sa.Connection, name: str, values: dict[str, Any]) -> int:
    """Make the person of that name, or change the given columns; returns the id."""
    known = find_account(conn, name)
    if known is not None:
        if values:
            conn.execute(sa.update(t.users).where(t.users.c.id == known.id).values(values))
        return known.id
    number = take_number(conn, t.users.name)
    conn.execute(sa.insert(t.users).values({"id": number, "name": name, "created_ms": now_ms(), "active": True} | values))
    return number


def caller(conn: sa.Connection, who: Account, token: TokenRow | None = None) -> Caller:
    """The person as the actions know them, with every role, and a token's scope."""
    found = _ROLES.run(conn, user=who.id)
    projects = frozenset(map(int, token.projects.split(","))) if token and token.projects else None
    return Caller(
        id=who.id, name=who.name, display_name=who.display_name or who.name, email=who.email, admin=who.admin,
        roles={project: Role[role] for project, role in found},
        token_projects=projects, token_role=Role[token.rights] if token and token.rights else None, token_id=token.id if token else None,
    )  # fmt: skip


def set_role(conn: sa.Connection, project_id: int, user_id: int, role: Role | None) -> None:
    """Give a person a role in a project, or with None take it away."""
    conn.execute(sa.delete(t.roles).where(t.roles.c.project_id == project_id, t.roles.c.user_id == user_id))
    if role is not None:
        conn.execute(sa.insert(t.roles).values(project_id=project_id, user_id=user_id, role=role.name))


def find_token(conn: sa.Connection, sha256: str) -> TokenRow | None:
    """The token whose secret has that SHA-256."""
    row = _TOKEN_BY_HASH.first(conn, sha256=sha256)
    return TokenRow(*row) if row else None


def tokens(conn: sa.Connection) -> Sequence[tuple[str, TokenRow]]:
    """Every token with its owner's name."""
    query = sa.select(t.users.c.name, *_TOKEN).join(t.users, t.users.c.id == t.tokens.c.user_id)
    return [(row[0], TokenRow(*row[1:])) for row in conn.execute(query.order_by(t.users.c.name, t.tokens.c.name))]


def put_token(conn: sa.Connection, user_id: int, name: str, sha256: str, values: dict[str, Any]) -> None:
    """Keep a token; one of the same owner and name is replaced."""
    drop_token(conn, user_id, name)
    row = {"id": take_number(conn, t.tokens.name), "user_id": user_id, "name": name, "sha256": sha256, "created_ms": now_ms()}
    conn.execute(sa.insert(t.tokens).values(row | values))


def drop_token(conn: sa.Connection, user_id: int, name: str) -> bool:
    """Revoke a token; False when there is none of that name."""
    gone = conn.execute(sa.delete(t.tokens).where(t.tokens.c.user_id == user_id, t.tokens.c.name == name))
    return gone.rowcount > 0


def session(conn: sa.Connection, sha256: str) -> tuple[int, TokenRow | None] | None:
    """Whose session that is, and the token that opened it, while both last."""
    row = _SESSION.first(conn, sha256=sha256, now=now_ms())
    return (row[0], TokenRow(*row[1:]) if row[1] is not None else None) if row else None


def put_session(conn: sa.Connection, sha256: str, user_id: int, expires_ms: int, token_id: int | None = None) -> None:
    """Keep a session (one that a token opened ends with the token), and forget those that are over."""
    conn.execute(sa.delete(t.sessions).where(t.sessions.c.expires_ms < now_ms()))
    conn.execute(
        sa.insert(t.sessions).values(sha256=sha256, user_id=user_id, created_ms=now_ms(), expires_ms=expires_ms, token_id=token_id)
    )


def drop_session(conn: sa.Connection, sha256: str) -> None:
    """End a session."""
    conn.execute(sa.delete(t.sessions).where(t.sessions.c.sha256 == sha256))


def drop_sessions_of(conn: sa.Connection, user_id: int) -> None:
    """End every session of a person, as when the password changes."""
    conn.execute(sa.delete(t.sessions).where(t.sessions.c.user_id == user_id))
