# SPDX-License-Identifier: Apache-2.0
"""The same request twice is one import (design: "retry with Idempotency-Key", "retry of an unchanged client").

With a key, the same key and request within 24 hours get the first answer. Without one, only an answer
that could not be delivered is kept, for an hour. A retry that comes while the first is under way waits.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from radiograph.actions.turns import Turn
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict
from radiograph.store import deliveries as store
from radiograph.store.engines import lock_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from radiograph.actions.services import Services

    class Keep(Protocol):
        """Keeps the answer of an import (by its id) in the import's own transaction."""

        def __call__(self, conn: Connection, answer: bytes, import_id: int | None = None) -> None:
            """Keep it."""


_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000


class Delivery(Struct, frozen=True):
    """A request that may come again: who sent it, its Idempotency-Key ("" for none) and what it was."""

    user_id: int
    key: str
    fingerprint: str

    @property
    def name(self) -> str:
        """Under what its answer is kept."""
        return f"k:{self.key}" if self.key else f"b:{self.fingerprint}"

    @property
    def digest(self) -> bytes:
        """Sixteen bytes that are its own."""
        return hashlib.blake2b(f"{self.user_id}\0{self.name}".encode(), digest_size=16).digest()


class Sent(Struct, frozen=True):
    """An answer, whether it is that of an earlier request, and the import that it tells of."""

    answer: bytes
    replayed: bool
    import_id: int | None = None


class _Known(Exception):
    """Another server has answered the same request meanwhile; leaving the transaction takes ours back."""


def turn(services: Services, delivery: Delivery) -> Turn:
    """The turn at a request: whoever sends the same one waits until it is released."""
    return Turn(services.settings.data / "spool" / f"{delivery.digest.hex()}.turn")


def once(services: Services, delivery: Delivery, work: Callable[[Keep], bytes]) -> Sent:
    """Do the work, unless the same request has an answer already; call it in the request's turn.

    `work` calls what it is given inside its transaction, with the answer, so that a kept answer and
    the import are there together or not at all. Raises Conflict when the key was used for another
    request; after a failure the key is free.
    """
    earlier = _earlier(services, delivery)
    made: list[int | None] = [None]

    def keep(conn: Connection, answer: bytes, import_id: int | None = None) -> None:
        made.append(import_id)
        if delivery.key:
            _keep(conn, delivery, Sent(answer, replayed=False, import_id=import_id))

    if earlier is None:
        try:
            return Sent(work(keep), replayed=False, import_id=made[-1])
        except _Known:
            earlier = _earlier(services, delivery) or Sent(b"", replayed=True)
    return earlier


def keep_lost(services: Services, delivery: Delivery, sent: Sent) -> None:
    """Keep the answer of a request without a key whose client has hung up, for when it comes again."""
    with services.db.write() as conn:
        _keep(conn, delivery, sent if sent.replayed else Sent(_told(sent.answer), replayed=False, import_id=sent.import_id))


def _earlier(services: Services, delivery: Delivery) -> Sent | None:
    span = _DAY_MS if delivery.key else _HOUR_MS
    with services.db.read() as conn:
        found = store.find(conn, delivery.user_id, delivery.name, now_ms() - span)
    if found is None:
        return None
    if found[0] != delivery.fingerprint:
        raise Conflict(f"The Idempotency-Key {delivery.key} was used for another request; use a new one for a new request.")
    if not delivery.key:
        with services.db.write() as conn:
            store.drop(conn, delivery.user_id, delivery.name)
    return Sent(found[1].encode(), replayed=True, import_id=found[2])


def _keep(conn: Connection, delivery: Delivery, sent: Sent) -> None:
    """Keep an answer, unless a server elsewhere (with a turn of its own) has just kept one."""
    lock_database(conn, int.from_bytes(delivery.digest[:8], "big", signed=True))
    now = now_ms()
    store.sweep(conn, now - _DAY_MS)
    if delivery.key and store.find(conn, delivery.user_id, delivery.name, now - _DAY_MS) is not None:
        raise _Known
    store.put(conn, delivery.user_id, delivery.name, (delivery.fingerprint, sent.answer.decode(), sent.import_id), now)


_MESSAGES = b'"infoMessages":['


def _told(answer: bytes) -> bytes:
    """The answer as it is given to who asks again: `infoMessages` says so."""
    told = _MESSAGES + b'"This is the answer to the same request, sent before but not delivered; nothing was imported twice"'
    head, mark, tail = answer.rpartition(_MESSAGES)
    return head + told + (b"" if tail.startswith(b"]") else b",") + tail if mark else answer
