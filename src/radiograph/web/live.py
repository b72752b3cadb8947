# SPDX-License-Identifier: Apache-2.0
"""Tells those who watch an execution what changes in it, as server-sent events.

However many watch, one task asks the database, once a second, and for all watched executions together. It reads what is
stored, so it doesn't matter which of several server processes took the results.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from radiograph.web.log import LOG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator

    from radiograph.actions.live import Standing

    Ask: TypeAlias = Callable[[Collection[int]], Awaitable[dict[int, Standing]]]

EVERY_S = 1.0
"""How long after a question the next one follows."""
_BEAT_S = 15.0
"""How long a watcher hears nothing before a comment says that the line holds; one that is gone is found out by it."""
LONGEST_S = 15 * 60.0
"""After so long a watcher is let go; it comes back by itself, and is asked who it is again."""
MOST = 2000
"""So many can watch at once in one process."""


class Live:
    """Those who watch, by execution."""

    def __init__(self, ask: Ask) -> None:
        """Take what tells how executions stand."""
        self._ask = ask
        self._watchers: dict[int, set[asyncio.Queue[Standing | None]]] = {}
        self._last: dict[int, Standing] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def watchers(self) -> int:
        """How many watch."""
        return sum(map(len, self._watchers.values()))

    async def events(self, execution_id: int) -> AsyncIterator[bytes]:
        """How the execution stands now, and again at each change, until the watcher leaves or the server ends."""
        queue: asyncio.Queue[Standing | None] = asyncio.Queue(1)
        self._watchers.setdefault(execution_id, set()).add(queue)
        try:
            yield b"retry: 3000\n\n"
            if self._closed or self.watchers > MOST:
                return
            async with asyncio.timeout(LONGEST_S):
                await self._begin(execution_id, queue)
                while (event := await self._next(queue)) is not None:
                    yield event
        except TimeoutError:
            return
        finally:
            self._leave(execution_id, queue)

    async def _begin(self, execution_id: int, queue: asyncio.Queue[Standing | None]) -> None:
        known = self._last.get(execution_id)
        if known is None:
            known = (await self._ask([execution_id])).get(execution_id)
            if known is not None:
                self._last[execution_id] = known
        _put(queue, known)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_again_and_again())

    async def _next(self, queue: asyncio.Queue[Standing | None]) -> bytes | None:
        try:
            async with asyncio.timeout(_BEAT_S):
                found = await queue.get()
        except TimeoutError:
            return b": still here\n\n"
        return None if found is None or self._closed else b"data: " + msgspec.json.encode(found) + b"\n\n"

    def _leave(self, execution_id: int, queue: asyncio.Queue[Standing | None]) -> None:
        watching = self._watchers.get(execution_id, set())
        watching.discard(queue)
        if not watching:
            self._watchers.pop(execution_id, None)
            self._last.pop(execution_id, None)

    async def _look_again_and_again(self) -> None:
        while self._watchers and not self._closed:
            await asyncio.sleep(EVERY_S)
            with contextlib.suppress(asyncio.CancelledError):
                await self._look()

    async def _look(self) -> None:
        watched = list(self._watchers)
        try:
            found = await self._ask(watched)
        except Exception as error:  # noqa: BLE001  (the database may be away for now; the next time may go well)
            LOG.info("watched executions could not be looked at", cause=str(error))
            return
        for number in watched:
            now = found.get(number)
            if now is not None and now == self._last.get(number):
                continue
            if now is not None:
                self._last[number] = now
            for queue in self._watchers.get(number, ()):
                _put(queue, now)

    def close(self) -> None:
        """Let everybody go; who comes later is let go at once."""
        self._closed = True
        for queues in self._watchers.values():
            for queue in queues:
                _put(queue, None)

    async def end(self) -> None:
        """Let everybody go, and stop looking."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


def _put(queue: asyncio.Queue[Standing | None], found: Standing | None) -> None:
    """The newest alone is kept for a slow watcher; None ends it."""
    with contextlib.suppress(asyncio.QueueEmpty):
        queue.get_nowait()
    queue.put_nowait(found)


@contextlib.contextmanager
def closed_when_told(live: Live) -> Iterator[None]:
    """While this lasts, watchers are let go as soon as the process is told to end (SIGTERM, SIGINT).

    A server waits for answers that are under way before it ends its lifespan, and to watch is one that never ends.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    kept: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def told(number: int, frame: Any) -> None:  # noqa: ANN401
        loop.call_soon_threadsafe(live.close)
        before = kept[number]
        if callable(before):
            before(number, frame)

    for number in kept:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number, before in kept.items():
            if signal.getsignal(number) is told:
                signal.signal(number, before)
