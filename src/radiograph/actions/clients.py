# SPDX-License-Identifier: Apache-2.0
"""Client ids and secrets, which Cloud's clients trade for a token that lasts a day (Xray Cloud docs, Authentication - REST v2).

A client is a token whose secret is the pair of both, so that it is listed, scoped and revoked as other tokens are. What it
is given is a session: it ends with its client, and is forgotten when its day is over.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING

from radiograph.actions.accounts import of_token, open_session, person_of
from radiograph.domain.errors import Conflict, NotFound, NotSignedIn, Refused
from radiograph.store import accounts as store
from radiograph.store import audit

if TYPE_CHECKING:
    from radiograph.actions.accounts import Gate
    from radiograph.actions.services import Services
    from radiograph.domain.people import Role

LASTS_HOURS = 24
PREFIX = "client "
"""What the names of tokens that are clients begin with."""
_ID = re.compile(r"[A-Za-z0-9._-]{3,100}")
_SHORTEST = 8


def add_client(services: Services, user: str, client_id: str | None, secret: str | None, *, role: Role | None = None) -> tuple[str, str]:
    """Make a client that acts for a person; its id and secret, which can't be read again. One of that id is replaced.

    Raises NotFound, Refused for an id or secret that is too simple, and Conflict for an id that somebody else has.
    """
    client_id, secret = client_id or secrets.token_hex(16).upper(), secret or secrets.token_hex(32)
    if not _ID.fullmatch(client_id) or len(secret) < _SHORTEST:
        raise Refused(f"A client id has 3 to 100 letters, digits, dots, hyphens and underscores; a secret at least {_SHORTEST} characters.")
    with services.db.write() as conn:
        person = person_of(conn, user)
        if any(row.name == PREFIX + client_id and owner != user for owner, row in store.tokens(conn)):
            raise Conflict("Somebody else has a client of this id; choose another.")
        store.put_token(conn, person.id, PREFIX + client_id, _digest(client_id, secret), {"rights": role.name if role else None})
        audit.note(conn, person.id, "client.add", client_id)
    return client_id, secret


def clients(services: Services) -> list[tuple[str, str, store.TokenRow]]:
    """Every client: its id, its owner's name, and what it may."""
    with services.db.read() as conn:
        return [(row.name.removeprefix(PREFIX), owner, row) for owner, row in store.tokens(conn) if row.name.startswith(PREFIX)]


def revoke_client(services: Services, client_id: str) -> None:
    """Revoke a client with the tokens that it has; raises NotFound."""
    with services.db.write() as conn:
        found = [row for _, row in store.tokens(conn) if row.name == PREFIX + client_id]
        if not found:
            raise NotFound(f"There is no client {client_id}.")
        store.drop_token(conn, found[0].user_id, found[0].name)
        audit.note(conn, found[0].user_id, "client.revoke", client_id)


def sign_in_client(services: Services, gate: Gate, client_id: str, secret: str, address: str) -> str:
    """A token that acts for a client for a day. Raises NotSignedIn, or TooManyTries after ten failures a minute."""
    gate.check(f"client\0{address}")
    with services.db.read() as conn:
        caller = of_token(conn, _digest(client_id, secret))
    if caller is None:
        gate.failed(f"client\0{address}")
        raise NotSignedIn("Authentication failed. Invalid client credentials!")
    return open_session(services, caller, LASTS_HOURS)


def _digest(client_id: str, secret: str) -> str:
    """What is kept of a client. A token can't have it: no header holds a NUL."""
    return hashlib.sha256(f"client\0{client_id}\0{secret}".encode("utf-8", "replace")).hexdigest()
