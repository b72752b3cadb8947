# SPDX-License-Identifier: Apache-2.0
"""One hop to a thread for a whole action; few threads, since Python runs one at a time anyway."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

_T = TypeVar("_T")
_READS, _WRITES = 4, 4


class Threads:
    """The threads of one server process: so many actions that read, so many that write, at once, and one each that works beside them and that waits for other servers."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._reads = ThreadPoolExecutor(_READS, "read")
        self._writes = ThreadPoolExecutor(_WRITES, "write")
        self._beside = ThreadPoolExecutor(1, "beside")
        self._outside = ThreadPoolExecutor(1, "outside")

    async def read(self, action: Callable[..., _T], *args: Any, **more: Any) -> _T:  # noqa: ANN401
        """Run an action that reads."""
        return await asyncio.get_running_loop().run_in_executor(self._reads, partial(action, *args, **more))

    async def write(self, action: Callable[..., _T], *args: Any, **more: Any) -> _T:  # noqa: ANN401
        """Run an action that writes; a thread once begun goes on even when the client hangs up."""
        return await asyncio.get_running_loop().run_in_executor(self._writes, partial(action, *args, **more))

    async def beside(self, action: Callable[..., _T], *args: Any, **more: Any) -> _T:  # noqa: ANN401
        """Run what nobody waits for, one after the other: it takes no thread from who does wait."""
        return await asyncio.get_running_loop().run_in_executor(self._beside, partial(action, *args, **more))

    async def outside(self, action: Callable[..., _T], *args: Any, **more: Any) -> _T:  # noqa: ANN401
        """Run what waits for servers of others, one after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._outside, partial(action, *args, **more))

    def close(self) -> None:
        """Wait for what is under way, and end the threads."""
        self._reads.shutdown()
        self._writes.shutdown()
        self._beside.shutdown()
        self._outside.shutdown()


async def read(request: Request, action: Callable[..., _T], *args: Any) -> _T:  # noqa: ANN401
    """Run an action that reads, with the services of the request's server first."""
    state = request.app.state
    found: _T = await state.threads.read(action, state.services, *args)
    return found


async def write(request: Request, action: Callable[..., _T], *args: Any) -> _T:  # noqa: ANN401
    """Run an action that writes, with the services of the request's server first."""
    state = request.app.state
    done: _T = await state.threads.write(action, state.services, *args)
    return done
