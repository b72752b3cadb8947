# SPDX-License-Identifier: Apache-2.0
"""Signing in, and administering people, tokens and roles."""

from __future__ import annotations

import functools
import hashlib
import hmac
import secrets
import threading
import time
from typing import TYPE_CHECKING, Any

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, NotFound, NotSignedIn, Refused, TooManyTries
from radiograph.store import accounts as store
from radiograph.store import audit

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller, Role

_HASHER = argon2.PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)
"""An Argon2 call takes 64 MiB."""
_REMEMBERED_S = 300
_TRIES, _WINDOW_S = 10, 60


class Gate:
    """Remembers verified passwords for five minutes and counts failed sign-ins; one a process.

    A remembered password is kept under a keyed hash with the stored hash it matched, so a change of
    password forgets it at once.
    """

    def __init__(self) -> None:
        """Start with nothing remembered and a new key."""
        self._key = secrets.token_bytes(32)
        self._good: dict[bytes, float] = {}
        self._bad: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one that was stored; as slow for unknown people as for known ones."""
        mark = hmac.digest(self._key, f"{stored}\0{password}".encode("utf-8", "replace"), "sha256")
        if stored and self._good.get(mark, 0) > time.monotonic():
            return True
        with _AT_ONCE:
            good = _matches(stored or _dummy(), password) and stored is not None
        if good:
            with self._lock:
                self._good = {k: v for k, v in self._good.items() if v > time.monotonic()}
                self._good[mark] = time.monotonic() + _REMEMBERED_S
        return good

    def check(self, who: str) -> None:
        """Raise TooManyTries when this name or address failed too often in the last minute."""
        since = time.monotonic() - _WINDOW_S
        with self._lock:
            recent = [at for at in self._bad.get(who, []) if at > since]
        if len(recent) >= _TRIES:
            raise TooManyTries(max(1, int(recent[0] - since)))

    def failed(self, who: str) -> None:
        """Count a failure."""
        since = time.monotonic() - _WINDOW_S
        with self._lock:
            self._bad = {k: v for k, v in self._bad.items() if v[-1] > since}
            self._bad[who] = [*self._bad.get(who, [])[-_TRIES:], time.monotonic()]


@functools.cache
def _dummy() -> str:
    """Nobody's hash. Made when it is needed first: it takes as long as the start of a command."""
    return _HASHER.hash("no such person")


def _matches(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def sign_in_with_password(services: Services, gate: Gate, name: str, password: str, address: str) -> Caller:
    """The person of that name and password. Raises NotSignedIn, or TooManyTries after ten failures a minute."""
    who = f"{name}\0{address}"
    gate.check(who)
    with services.db.read() as conn:
        account = store.find_account(conn, name) if "\0" not in name else None  # PostgreSQL can't even look for it
    usable = account is not None and account.active
    if not gate.verify(account.password_hash if account and usable else None, password) or account is None:
        gate.failed(who)
        raise NotSignedIn
    with services.db.read() as conn:
        return store.caller(conn, account)


def sign_in_with_token(services: Services, gate: Gate, token: str, address: str) -> Caller:
    """The owner of a token, within the token's scope; one that `sign_in_client` gave out is taken too.

    Raises NotSignedIn, or TooManyTries after ten bad tokens a minute from one address. A good token is
    always good: nobody guesses one, and one wrong job must not lock out the others behind its proxy.
    """
    known = digest(token)
    with services.db.read() as conn:
        caller = of_token(conn, known) or _of_session(conn, known)
    if caller is not None:
        return caller
    gate.check(f"token\0{address}")
    gate.failed(f"token\0{address}")
    raise NotSignedIn


def of_token(conn: Any, sha256: str) -> Caller | None:  # noqa: ANN401  (a connection; actions hold no SQL types)
    """The owner of the token whose secret has that SHA-256, within the token's scope; None when it isn't good (any more)."""
    row = store.find_token(conn, sha256)
    account = store.account(conn, row.user_id) if row else None
    expired = row is not None and row.expires_ms is not None and row.expires_ms <= now_ms()
    if row is None or account is None or not account.active or expired or not hmac.compare_digest(row.sha256, sha256):
        return None
    return store.caller(conn, account, row)


def sign_in_with_session(services: Services, cookie: str) -> Caller | None:
    """Whose session that is, or None when it is none (any more)."""
    with services.db.read() as conn:
        return _of_session(conn, digest(cookie))


def _of_session(conn: Any, sha256: str) -> Caller | None:  # noqa: ANN401  (a connection; actions hold no SQL types)
    """The owner of a session, within the scope of the token that opened it."""
    found = store.session(conn, sha256)
    account = store.account(conn, found[0]) if found else None
    return store.caller(conn, account, found[1]) if found and account and account.active else None


def open_session(services: Services, caller: Caller, hours: int | None = None) -> str:
    """Start a session of so many hours (None: as the settings have it), and return its cookie."""
    cookie = secrets.token_urlsafe(32)
    with services.db.write() as conn:
        expires_ms = now_ms() + (services.settings.session_hours if hours is None else hours) * 3_600_000
        store.put_session(conn, digest(cookie), caller.id, expires_ms, caller.token_id)
    return cookie


def close_session(services: Services, cookie: str) -> None:
    """End a session."""
    with services.db.write() as conn:
        store.drop_session(conn, digest(cookie))


def digest(secret: str) -> str:
    """The SHA-256 under which a token or a session is kept."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def hash_password(password: str) -> str:
    """A password as it is kept. It takes 64 MiB and a fifth of a second, so at most two are at it at once."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def put_user(services: Services, name: str, password: str | None, *, admin: bool | None = None, display_name: str | None = None) -> None:
    """Make a person, or change the password (None: leave it), the name shown, or whether they administer; who is shut out stays so."""
    if not name or name != name.strip():
        raise Refused("A user needs a name without spaces around it.")
    values: dict[str, Any] = {} if password is None else {"password_hash": _HASHER.hash(password)}
    values |= {} if admin is None else {"admin": admin}
    values |= {} if display_name is None else {"display_name": display_name}
    with services.db.write() as conn:
        known = store.find_account(conn, name)
        if known is None or known.password_hash is None:  # who was known by name only is let in with the first password
            values["active"] = True
        number = store.put_account(conn, name, values)
        if password is not None:
            store.drop_sessions_of(conn, number)
        audit.note(conn, None, "user.put", name)


def users(services: Services) -> list[store.Account]:
    """Everybody."""
    with services.db.read() as conn:
        return store.accounts(conn)


def give_role(services: Services, name: str, project_id: int, role: Role | None) -> None:
    """Give a person a role in a project, or with None take it away; raises NotFound."""
    with services.db.write() as conn:
        store.set_role(conn, project_id, person_of(conn, name).id, role)
        audit.note(conn, None, "role.set", f"{name} {role.name if role else 'none'}", project_id=project_id)


def add_token(services: Services, user: str, name: str, secret: str | None = None, *, role: Role | None = None) -> str:
    """Make a personal access token and return it: it can't be read again.

    One of that owner and name is replaced. Raises NotFound, and Conflict for the secret of another token.
    """
    token = secret or f"rg_{secrets.token_urlsafe(32)}"
    with services.db.write() as conn:
        person = person_of(conn, user)
        other = store.find_token(conn, digest(token))
        if other is not None and (other.user_id, other.name) != (person.id, name):
            raise Conflict("Another token has this secret already; choose another.")
        store.put_token(conn, person.id, name, digest(token), {"rights": role.name if role else None})
        audit.note(conn, person.id, "token.add", name)
    return token


def revoke_token(services: Services, user: str, name: str) -> None:
    """Revoke a token; raises NotFound."""
    with services.db.write() as conn:
        person = person_of(conn, user)
        if not store.drop_token(conn, person.id, name):
            raise NotFound(f"{user} has no token named {name}.")
        audit.note(conn, person.id, "token.revoke", name)


def tokens(services: Services) -> list[tuple[str, store.TokenRow]]:
    """Every token with its owner's name, without its secret."""
    with services.db.read() as conn:
        return list(store.tokens(conn))


def person_of(conn: Any, name: str) -> store.Account:  # noqa: ANN401  (a connection; actions hold no SQL types)
    """The person of that name; raises NotFound."""
    account = store.find_account(conn, name)
    if account is None:
        raise NotFound(f"There is no user {name}.")
    return account


def first_administrator(services: Services, password: str | None) -> str | None:
    """On an instance without people make `admin`; returns the password that was made up, to be shown once."""
    if any(a.admin for a in users(services)):
        return None
    made = password or secrets.token_urlsafe(12)
    put_user(services, "admin", made, admin=True, display_name="Administrator")
    return None if password else made
