# SPDX-License-Identifier: Apache-2.0
"""One hop to a thread for a whole action; few threads, since Python runs one at a time anyway."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from anyio import to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

_T = TypeVar("_T")
_READS, _WRITES = 4, 4


class Threads:
    """The limits of one server process: so many actions that read, so many that write, at once."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._reads: anyio.CapacityLimiter | None = None
        self._writes: anyio.CapacityLimiter | None = None

    async def read(self, action: Callable[..., _T], *args: Any, **more: Any) -> _T:  # noqa: ANN401
        """Run an action that reads."""
        self._reads = self._reads or anyio.CapacityLimiter(_READS)
        return await to_thread.run_sync(partial(action, *args, **more), limiter=self._reads)

    async def write(self, action: Callable[..., _T], *args: Any, **more: Any) -> _T:  # noqa: ANN401
        """Run an action that writes; a thread once begun goes on even when the client hangs up."""
        self._writes = self._writes or anyio.CapacityLimiter(_WRITES)
        return await to_thread.run_sync(partial(action, *args, **more), limiter=self._writes)


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
