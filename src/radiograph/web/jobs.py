# SPDX-License-Identifier: Apache-2.0
"""The thread of a server that does its long tasks, one after the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from radiograph.actions.jobs import Task, run_reset
from radiograph.web.log import LOG

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services


class Jobs:
    """What one server process does beside answering; a task under way stops between two transactions when the server does."""

    def __init__(self) -> None:
        """Start with nothing to do; the thread comes with the first task."""
        self._threads = ThreadPoolExecutor(1, "job")
        self._stop = threading.Event()

    def submit(self, services: Services, task: Task) -> None:
        """Do a task when those before it are done."""
        self._threads.submit(self._do, services, task)

    def begin(self, work: Callable[[Callable[[], bool]], None]) -> None:
        """Do a task that knows itself what it is; it is given what says whether the server stops."""
        self._threads.submit(self._run, work)

    def _run(self, work: Callable[[Callable[[], bool]], None]) -> None:
        try:
            work(self._stop.is_set)
        except Exception:  # noqa: BLE001  (the task says that it failed; the log says why)
            LOG.exception("a task failed")

    def _do(self, services: Services, task: Task) -> None:
        try:
            run_reset(services, task, self._stop.is_set)
        except Exception:  # noqa: BLE001  (the task says that it failed; the log says why)
            LOG.exception("a task failed", task=task.id)

    def stopping(self) -> bool:
        """Whether the server stops."""
        return self._stop.is_set()

    def close(self) -> None:
        """Stop the task under way, and wait for it; those that haven't begun say that they failed."""
        self._stop.set()
        self._threads.shutdown()
