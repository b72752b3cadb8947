# SPDX-License-Identifier: Apache-2.0
"""What a server does beside answering: it sweeps evidence now and then, and closes the database at its end."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from radiograph.actions.sweeping import sweep_evidence
from radiograph.web.log import LOG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

FIRST_S, EVERY_S = 600.0, 6 * 3600.0


@contextlib.asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """While the server runs."""
    task = asyncio.create_task(_sweep_again_and_again(app))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        app.state.threads.close()
        app.state.services.db.close()


async def _sweep_again_and_again(app: Starlette) -> None:
    await asyncio.sleep(FIRST_S)
    while True:
        try:
            gone = await app.state.threads.read(sweep_evidence, app.state.services)
            LOG.info("swept evidence", removed=gone)
        except Exception:  # noqa: BLE001  (the next time may go well, and the server has better to do than to end)
            LOG.exception("evidence could not be swept")
        await asyncio.sleep(EVERY_S)
