# SPDX-License-Identifier: Apache-2.0
"""What people do with their own account: tokens, clients, password, name and address, sessions."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import clients
from radiograph.actions.accounts import digest, hash_password
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Forbidden, NotFound, Refused
from radiograph.domain.issues import MAX_NAME
from radiograph.store import accounts as store
from radiograph.store import audit
from radiograph.store import own_account as own

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.accounts import Gate
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller, Role

SHORTEST_PASSWORD = 8
_DAY_MS = 86_400_000
_MOST_DAYS = 3650
_EMAIL = re.compile(r"[^@\s<>\"()\[\]:;,\\]+@[^@\s<>\"()\[\]:;,\\]+\.[^@\s<>\"()\[\]:;,\\]+")


class Key(Struct, frozen=True):
    """A token, or a client by its id, without its secret; no role and no projects are all that the owner may."""

    name: str
    role: str | None
    projects: list[str]
    created_ms: int
    expires_ms: int | None
    expired: bool


class OwnRole(Struct, frozen=True):
    """A role in a project."""

    project: str
    name: str
    role: str


class OwnSession(Struct, frozen=True):
    """A session; `current` is the one that asks, `token` names the token or client that opened it."""

    mark: str
    created_ms: int
    expires_ms: int
    token: str | None
    current: bool


class Me(Struct, frozen=True):
    """A person's account, as they see it themselves."""

    name: str
    display_name: str
    email: str
    admin: bool
    has_password: bool
    tokens: list[Key]
    clients: list[Key]
    sessions: list[OwnSession]
    roles: list[OwnRole]


def key_shape(row: store.TokenRow, projects: dict[int, str]) -> Key:
    """A token as it is shown."""
    scope = [projects.get(int(p), p) for p in row.projects.split(",")] if row.projects else []
    expired = row.expires_ms is not None and row.expires_ms <= now_ms()
    name = row.name.removeprefix(clients.PREFIX)
    return Key(name, row.rights.lower() if row.rights else None, scope, row.created_ms, row.expires_ms, expired)


def me(services: Services, caller: Caller, cookies: Sequence[str] = ()) -> Me:
    """The caller's account; `cookies` are those of the request, one of which may be the session's that asks."""
    marks = {own.mark_of(digest(c)) for c in cookies}
    with services.db.read() as conn:
        account = store.account(conn, caller.id)
        if account is None:
            raise NotFound("You have no account here.")
        rows, projects = own.tokens_of(conn, caller.id), own.project_keys(conn)
        sessions = [OwnSession(s.mark, s.created_ms, s.expires_ms, s.token, s.mark in marks) for s in own.sessions_of(conn, caller.id)]
        held = [row for row in own.roles_of(conn, caller.id) if caller.role_in(row[0]) is not None]
        roles = [OwnRole(key, name, role.lower()) for _, key, name, role in held]
    return Me(
        account.name, account.display_name, account.email, account.admin, account.password_hash is not None,
        [key_shape(r, projects) for r in rows if not r.name.startswith(clients.PREFIX)],
        [key_shape(r, projects) for r in rows if r.name.startswith(clients.PREFIX)], sessions, roles,
    )  # fmt: skip


def _whole(caller: Caller) -> None:
    """Raise Forbidden for who signed in with a scoped token: it must not make what reaches further than itself."""
    if caller.token_projects is not None or caller.token_role is not None:
        raise Forbidden("A token with a scope can't change its owner's account; sign in with the password.")


def make_token(services: Services, caller: Caller, name: str, scope: Scope) -> str:
    """Make a token and return its secret, which can't be read again. Raises Refused, Conflict for a name in use, Forbidden."""
    _whole(caller)
    _check_name(name)
    secret = f"rg_{secrets.token_urlsafe(32)}"
    with services.db.write() as conn:
        if any(r.name == name for r in own.tokens_of(conn, caller.id)):
            raise Conflict(f"You have a token {name} already; revoke it first, or choose another name.")
        store.put_token(conn, caller.id, name, digest(secret), scope.columns(_seen(conn, caller)))
        audit.note(conn, caller.id, "token.add", name)
    return secret


def _seen(conn: sa.Connection, caller: Caller) -> dict[int, str]:
    """The keys of the projects that the caller can see: which others there are is not theirs to find out."""
    return {number: key for number, key in own.project_keys(conn).items() if caller.role_in(number) is not None}


class Scope(Struct, frozen=True):
    """What a token allows: the most role (None: its owner's), the keys of projects (none: all), for how many days (0: for ever)."""

    role: Role | None = None
    projects: Sequence[str] = ()
    days: int = 0

    def columns(self, keys: dict[int, str]) -> dict[str, object]:
        """As the store keeps it; raises Refused for a project that isn't there, and for too many days."""
        ids = {key: number for number, key in keys.items()}
        unknown = [p for p in self.projects if p.upper() not in ids]
        if unknown:
            raise Refused(f"There is no project {unknown[0][:100]}.")
        if not 0 <= self.days <= _MOST_DAYS:
            raise Refused(f"A token lasts 1 to {_MOST_DAYS} days, or with 0 for ever.")
        return {
            "rights": self.role.name if self.role else None,
            "projects": ",".join(str(ids[p.upper()]) for p in self.projects) or None,
            "expires_ms": now_ms() + self.days * _DAY_MS if self.days else None,
        }


def _check_name(name: str) -> None:
    if not name or len(name) > MAX_NAME or name.startswith(clients.PREFIX) or not name.isprintable():
        raise Refused(f"A token needs a name of 1 to {MAX_NAME} characters that can be read, such as ci.")


def revoke_token(services: Services, caller: Caller, name: str) -> None:
    """Revoke one of the caller's tokens; it and the sessions that it opened stop working at once. Raises NotFound, Forbidden."""
    _whole(caller)
    with services.db.write() as conn:
        if name.startswith(clients.PREFIX) or not store.drop_token(conn, caller.id, name):
            raise NotFound(f"You have no token {name[:100]}.")
        audit.note(conn, caller.id, "token.revoke", name)


def make_client(services: Services, caller: Caller, client_id: str, role: Role | None) -> tuple[str, str]:
    """Make a client id (made up unless given) with its secret, which can't be read again. Raises Refused, Conflict, Forbidden."""
    _whole(caller)
    if client_id and any(known == client_id for known, _, _ in clients.clients(services)):
        raise Conflict("There is a client of this id already; choose another, or revoke it first.")
    return clients.add_client(services, caller.name, client_id or None, None, role=role)


def revoke_client(services: Services, caller: Caller, client_id: str) -> None:
    """Revoke one of the caller's clients, with the tokens that it has. Raises NotFound, Forbidden."""
    _whole(caller)
    if not any(known == client_id and owner == caller.name for known, owner, _ in clients.clients(services)):
        raise NotFound(f"You have no client {client_id[:100]}.")
    clients.revoke_client(services, client_id)


def check_password(new: str) -> None:
    """Raise Refused for a password that is too short."""
    if len(new) < SHORTEST_PASSWORD:
        raise Refused(f"A password has at least {SHORTEST_PASSWORD} characters.")


def change_password(services: Services, gate: Gate, caller: Caller, old: str, new: str, cookies: Sequence[str] = ()) -> None:
    """Set the caller's password; every other session ends, that of `cookies` goes on.

    Raises Refused when the old password is wrong or the new one too short, TooManyTries, Forbidden.
    """
    _whole(caller)
    check_password(new)
    who = f"password\0{caller.name}"
    gate.check(who)
    with services.db.read() as conn:
        account = store.account(conn, caller.id)
    if account is None or not gate.verify(account.password_hash, old):
        gate.failed(who)
        raise Refused("The present password is wrong; nothing was changed.")
    hashed = hash_password(new)
    with services.db.write() as conn:
        own.change_user(conn, caller.id, {"password_hash": hashed})
        ended = own.end_sessions(conn, caller.id, but=[digest(c) for c in cookies])
        audit.note(conn, caller.id, "password.change", caller.name, {"sessions": ended})


def change_profile(services: Services, caller: Caller, display_name: str, email: str) -> None:
    """Set the name that others see and the address for mail ("" for none). Raises Refused, Forbidden."""
    _whole(caller)
    check_profile(display_name, email)
    with services.db.write() as conn:
        own.change_user(conn, caller.id, {"display_name": display_name, "email": email})
        audit.note(conn, caller.id, "profile.change", caller.name)


def check_profile(display_name: str, email: str) -> None:
    """Raise Refused for a name or an address that can't be one."""
    if len(display_name) > MAX_NAME or any(not c.isprintable() for c in display_name):
        raise Refused(f"A name has at most {MAX_NAME} characters that can be read.")
    if email and (len(email) > MAX_NAME or not _EMAIL.fullmatch(email)):
        raise Refused("An address for mail looks like ana@example.org.")


def end_sessions(services: Services, caller: Caller, mark: str, cookies: Sequence[str] = ()) -> int:
    """End the caller's session of that mark, or with "" all but the one that asks; how many ended. Raises NotFound, Forbidden."""
    _whole(caller)
    with services.db.write() as conn:
        ended = own.end_sessions(conn, caller.id, mark=mark, but=[digest(c) for c in cookies])
        if mark and not ended:
            raise NotFound("You have no such session; it may have ended meanwhile.")
        audit.note(conn, caller.id, "session.end", caller.name, {"sessions": ended})
    return ended
