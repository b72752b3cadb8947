# SPDX-License-Identifier: Apache-2.0
"""What a server does beside answering, and at its end.

It loads the readers of reports, sweeps evidence now and then, ends tasks, works out which Tests are flaky, tells
hooks and subscribers what is new, and closes the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from radiograph.actions.admin import count_storage
from radiograph.actions.announcing import announce, deliver, tidy, weekly
from radiograph.actions.flakiness import Watch
from radiograph.actions.jobs import fail_silent_jobs
from radiograph.actions.retention import nightly
from radiograph.actions.sweeping import sweep_evidence
from radiograph.formats.known import formats
from radiograph.web.live import closed_when_told
from radiograph.web.log import LOG
from radiograph.web.mails import of_notice, of_week

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

NIGHT_S = 900.0
"""How often it is asked whether the night's retention is due."""
FIRST_S, EVERY_S = 600.0, 6 * 3600.0
FLAKY_S, PAUSE_S = 3.0, 0.05
"""How often flakiness asks whether results came, and how long it rests between two batches."""
TELL_S = 3.0
"""How often it is looked for what is new, and for what is due."""
JOBS_S = 90.0
"""How long after the start tasks of an ended process are looked for again: those that lived a moment before it are silent then."""


@contextlib.asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """While the server runs."""
    tasks = [
        asyncio.create_task(work(app))
        for work in (_load_readers, _sweep_again_and_again, _fail_silent_jobs, _watch_flakiness, _retain_every_night, _announce_and_deliver)
    ]
    try:
        with closed_when_told(app.state.live):
            yield
    finally:
        await app.state.live.end()
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        app.state.jobs.close()
        app.state.threads.close()
        app.state.services.db.close()


async def _load_readers(app: Starlette) -> None:
    """Load what reads reports, so that the first import doesn't wait for it; the server answers meanwhile."""
    await app.state.threads.read(formats)


async def _fail_silent_jobs(app: Starlette) -> None:
    for wait in (0.0, JOBS_S):
        await asyncio.sleep(wait)
        try:
            await app.state.threads.write(fail_silent_jobs, app.state.services, app.state.jobs.living())
        except Exception:  # noqa: BLE001  (the database may be away for now; a task that is asked for says itself that it is silent)
            LOG.exception("tasks of ended processes could not be looked for")


async def _watch_flakiness(app: Starlette) -> None:
    """Look again at Tests that results came for, soon after they came."""
    watch = Watch(app.state.services)
    try:
        while True:
            began = time.monotonic()
            try:
                more = await app.state.threads.beside(watch.step)
            except Exception:  # noqa: BLE001  (what was not done is found again the next time)
                watch.forget()
                more = False
                LOG.exception("flakiness could not be worked out")
            # As long as the step took: pages and imports get half of the time at least, however slow the machine is.
            await asyncio.sleep(max(PAUSE_S, time.monotonic() - began) if more else FLAKY_S)
    finally:
        watch.forget()


async def _retain_every_night(app: Starlette) -> None:
    """One process of one instance does it; the others find that it is done."""
    while True:
        await asyncio.sleep(NIGHT_S)
        try:
            went = await app.state.threads.write(nightly, app.state.services, app.state.jobs.stopping)
            if went is not None:
                await app.state.threads.read(count_storage, app.state.services)
                LOG.info("retention", removed={key: going.counts for key, going in went.items()})
        except Exception:  # noqa: BLE001  (the next night may go well)
            LOG.exception("what is kept no longer could not be removed")


async def _announce_and_deliver(app: Starlette) -> None:
    """Tell what is new, and try again what could not be told."""
    state = app.state
    while True:
        await asyncio.sleep(TELL_S)
        for work in ((announce, state.services, of_notice), (weekly, state.services, of_week), (deliver, state.services)):
            try:
                await state.threads.outside(*work)
            except Exception:  # noqa: BLE001  (it waits in the database, and the next time may go well)
                LOG.exception("hooks and subscribers could not be told")


async def _sweep_again_and_again(app: Starlette) -> None:
    await asyncio.sleep(FIRST_S)
    while True:
        try:
            gone = await app.state.threads.read(sweep_evidence, app.state.services)
            LOG.info("swept evidence", removed=gone)
            await app.state.threads.beside(tidy, app.state.services)
        except Exception:  # noqa: BLE001  (the next time may go well, and the server has better to do than to end)
            LOG.exception("evidence could not be swept")
        await asyncio.sleep(EVERY_S)
