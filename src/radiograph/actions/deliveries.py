# SPDX-License-Identifier: Apache-2.0
"""The same request twice is one import (design: "retry with Idempotency-Key", "retry of an unchanged client").

With a key, the same key and request within 24 hours get the first answer. Without one, only an answer
that could not be delivered is kept, for an hour. A retry that comes while the first is under way waits.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict
from radiograph.store import deliveries as store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from radiograph.actions.services import Services

    Keep = Callable[[Connection, bytes], None]

_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_LOCKS: dict[tuple[int, str], tuple[threading.Lock, int]] = {}
_GUARD = threading.Lock()


class Delivery(Struct, frozen=True):
    """A request that may come again: who sent it, its Idempotency-Key ("" for none) and what it was."""

    user_id: int
    key: str
    fingerprint: str

    @property
    def name(self) -> str:
        """Under what its answer is kept."""
        return f"k:{self.key}" if self.key else f"b:{self.fingerprint}"


class Sent(Struct, frozen=True):
    """An answer, and whether it is that of an earlier request."""

    answer: bytes
    replayed: bool


def once(
    services: Services,
    delivery: Delivery,
    work: Callable[[Keep], bytes],
    lost: Callable[[], bool],
    *,
    keep: bool = True,
) -> Sent:
    """Do the work, unless the same request has an answer already.

    `work` calls what it is given inside its transaction, with the answer, so that a kept answer and
    the import are there together or not at all. `lost` tells whether the client has hung up.
    Raises Conflict when the key was used for another request; after a failure the key is free.
    """
    if not keep:
        return Sent(work(lambda _conn, _answer: None), replayed=False)
    with _alone(delivery):
        earlier = _earlier(services, delivery)
        if earlier is not None:
            return Sent(earlier, replayed=True)
        answer = work(lambda conn, done: _keep(conn, delivery, done) if delivery.key else None)
        if not delivery.key and lost():
            with services.db.write() as conn:
                _keep(conn, delivery, _told(answer))
        return Sent(answer, replayed=False)


@contextlib.contextmanager
def _alone(delivery: Delivery) -> Iterator[None]:
    """Hold back the same request while it is under way in this process."""
    place = (delivery.user_id, delivery.name)
    with _GUARD:
        lock, waiting = _LOCKS.get(place, (threading.Lock(), 0))
        _LOCKS[place] = (lock, waiting + 1)
    try:
        with lock:
            yield
    finally:
        with _GUARD:
            lock, waiting = _LOCKS.pop(place)
            if waiting > 1:
                _LOCKS[place] = (lock, waiting - 1)


def _earlier(services: Services, delivery: Delivery) -> bytes | None:
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
    return found[1].encode()


def _keep(conn: Connection, delivery: Delivery, answer: bytes) -> None:
    store.sweep(conn, now_ms() - _DAY_MS)
    store.put(conn, delivery.user_id, delivery.name, delivery.fingerprint, answer.decode(), now_ms())


_MESSAGES = b'"infoMessages":['


def _told(answer: bytes) -> bytes:
    """The answer as it is given to who asks again: `infoMessages` says so."""
    told = _MESSAGES + b'"This is the answer to the same request, sent before but not delivered; nothing was imported twice"'
    head, mark, tail = answer.rpartition(_MESSAGES)
    return head + told + (b"" if tail.startswith(b"]") else b",") + tail if mark else answer
