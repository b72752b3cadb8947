# SPDX-License-Identifier: Apache-2.0
"""Who watches an execution hears what changes in it, however many watch."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from tests.contract.door import generic, key_of

from radiograph.actions import browse
from radiograph.actions.live import how_they_stand
from radiograph.domain.people import Caller
from radiograph.web import live as module
from radiograph.web.live import Live

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Coroutine

    import pytest
    from tests.contract.door import Door

    from radiograph.actions.live import Standing
    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)


def _alone(story: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: in this one a browser's loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, story).result()


async def _data(events: AsyncIterator[bytes]) -> dict[str, Any]:
    """The next event that says something."""
    async for event in events:
        if event.startswith(b"data: "):
            found: dict[str, Any] = json.loads(event[6:])
            return found
    return {}


def test_every_watcher_hears_a_change_once_and_one_question_is_asked_for_all(
    services: Services, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(door.load(generic(0, "PASS")))
    number = browse.find(services, CALLER, key).id
    monkeypatch.setattr(module, "EVERY_S", 0.05)
    asked: list[list[int]] = []

    async def ask(ids: Collection[int]) -> dict[int, Standing]:
        asked.append(list(ids))
        return await asyncio.to_thread(how_they_stand, services, ids)

    async def story() -> None:
        hub = Live(ask)
        watching = [hub.events(number) for _ in range(50)]
        first = [await _data(w) for w in watching]
        assert {json.dumps(f["counts"]) for f in first} == {'{"PASS": 1}'}
        before = len(asked)
        await asyncio.to_thread(door.load, generic(1, "FAIL"), execution=key)
        async with asyncio.timeout(20):
            changed = [await _data(w) for w in watching]
        assert {(f["counts"]["FAIL"], f["total"]) for f in changed} == {(1, 2)}
        assert {f["state"] for f in changed} != {f["state"] for f in first}
        assert all(len(ids) == 1 for ids in asked[before:])
        assert hub.watchers == 50
        for w in watching[1:]:
            await w.aclose()  # type: ignore[attr-defined]
        assert hub.watchers == 1
        hub.close()
        async with asyncio.timeout(5):
            assert await _data(watching[0]) == {}
        assert hub.watchers == 0
        async with asyncio.timeout(5):
            assert await _data(hub.events(number)) == {}
        await hub.end()

    _alone(story())


def test_an_execution_that_is_gone_lets_its_watchers_go(services: Services, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of(door.load(generic(0, "PASS")))
    number = browse.find(services, CALLER, key).id
    monkeypatch.setattr(module, "EVERY_S", 0.05)

    async def story() -> None:
        hub = Live(lambda ids: asyncio.to_thread(how_they_stand, services, ids))
        events = hub.events(number)
        assert (await _data(events))["total"] == 1
        await asyncio.to_thread(door.http.delete, f"/rest/api/2/issue/{key}")
        async with asyncio.timeout(20):
            assert await _data(events) == {}
        await hub.end()

    _alone(story())
