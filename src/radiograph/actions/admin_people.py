# SPDX-License-Identifier: Apache-2.0
"""Who can sign in, who administers the instance, and everybody's tokens: what its administrators see and change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions.accounts import hash_password
from radiograph.actions.admin import check
from radiograph.actions.own_account import Key, check_password, check_profile, key_shape
from radiograph.domain.errors import Conflict, NotFound, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.store import accounts, audit, own_account
from radiograph.store import admin as store
from radiograph.store.admin import PersonRow  # noqa: TC001  (msgspec reads the annotations)
from radiograph.store.engines import lock_database
from radiograph.store.locks import WORDS

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

PAGE = 100


class OwnedKey(Struct, frozen=True):
    """A token or client with its owner."""

    owner: str
    client: bool
    key: Key


class People(Struct):
    """People by name, and where the next page starts ("": this is the last)."""

    people: list[PersonRow]
    next: str


def people(services: Services, caller: Caller, text: str = "", after: str = "") -> People:
    """People whose name, shown name or address has the text. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        rows = store.people(conn, text.strip()[:MAX_NAME], after, PAGE + 1)
    return People(rows[:PAGE], rows[PAGE - 1].name if len(rows) > PAGE else "")


def add_person(services: Services, caller: Caller, name: str, shown: tuple[str, str], password: str) -> None:
    """Add a person who can sign in; `shown` is the name that others see and the address. Raises Forbidden, Refused, Conflict."""
    check(caller)
    if not name or len(name) > MAX_NAME or not name.isprintable() or name != name.strip() or ":" in name:
        raise Refused(f"A user needs a name of 1 to {MAX_NAME} characters without a colon.")
    check_profile(*shown)
    check_password(password)
    hashed = hash_password(password)
    with services.db.write() as conn:
        known = accounts.find_account(conn, name)
        if known is not None and known.password_hash is not None:
            raise Conflict(f"There is a user {cut(name)} already.")
        values = {"password_hash": hashed, "active": True, "display_name": shown[0], "email": shown[1]}
        accounts.put_account(conn, name, values)
        audit.note(conn, caller.id, "user.add", name)


def set_password(services: Services, caller: Caller, name: str, password: str) -> None:
    """Set somebody's password; their sessions end. Raises Forbidden, Refused, NotFound."""
    check(caller)
    check_password(password)
    _change(services, caller, name, {"password_hash": hash_password(password)}, "user.password", ends=True)


def set_active(services: Services, caller: Caller, name: str, *, active: bool) -> None:
    """Let somebody in, or shut them out: their sessions end and their tokens stop working. Raises Forbidden, Refused, NotFound."""
    check(caller)
    if name == caller.name and not active:
        raise Refused("You can't shut yourself out; another administrator can.")
    _change(services, caller, name, {"active": active}, "user.activate" if active else "user.deactivate", ends=not active)


def set_admin(services: Services, caller: Caller, name: str, *, admin: bool) -> None:
    """Let somebody administer the instance, or no more. Raises Forbidden, Refused for the last one, NotFound."""
    check(caller)
    _change(services, caller, name, {"admin": admin}, "user.admin" if admin else "user.no-admin")


def _change(services: Services, caller: Caller, name: str, values: dict[str, Any], action: str, *, ends: bool = False) -> None:
    with services.db.write() as conn:
        lock_database(conn, WORDS)
        person = accounts.find_account(conn, name)
        if person is None:
            raise NotFound(f"There is no user {cut(name)}.")
        own_account.change_user(conn, person.id, values)
        if not store.administrators(conn):
            raise Refused("Somebody must administer the instance; nothing was changed.")
        if ends:
            accounts.drop_sessions_of(conn, person.id)
        audit.note(conn, caller.id, action, name)


def all_keys(services: Services, caller: Caller) -> list[OwnedKey]:
    """Every token and client with its owner. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        projects = own_account.project_keys(conn)
        return [OwnedKey(owner, row.name.startswith("client "), key_shape(row, projects)) for owner, row in accounts.tokens(conn)]


def revoke(services: Services, caller: Caller, owner: str, name: str) -> None:
    """Revoke somebody's token or client (its name with "client " before it). Raises Forbidden, NotFound."""
    check(caller)
    with services.db.write() as conn:
        person = accounts.find_account(conn, owner)
        if person is None or not accounts.drop_token(conn, person.id, name):
            raise NotFound(f"{cut(owner)} has no token {cut(name)}; it may have been revoked meanwhile.")
        audit.note(conn, caller.id, "token.revoke", f"{owner} {name}")
