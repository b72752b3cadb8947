# SPDX-License-Identifier: Apache-2.0
"""The thread of a server that does its long tasks, one after the other, and the one that tells that they live."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from radiograph.actions.jobs import BEAT_S, Task, run_reset, tell_alive
from radiograph.web.log import LOG

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services


class Jobs:
    """What one server process does beside answering; a task under way stops between two transactions when the server does."""

    def __init__(self) -> None:
        """Start with nothing to do; the threads come with the first task."""
        self._threads = ThreadPoolExecutor(1, "job")
        self._stop = threading.Event()
        self._living: set[int] = set()
        self._lock = threading.Lock()
        self._beats: threading.Thread | None = None

    def submit(self, services: Services, task: Task) -> None:
        """Do a task when those before it are done."""
        self.begin(services, task.id, partial(run_reset, services, task))

    def begin(self, services: Services, job: int, work: Callable[[Callable[[], bool]], None]) -> None:
        """Do a task of that id when those before it are done; `work` is given what says whether the server stops."""
        with self._lock:
            self._living.add(job)
            if self._beats is None:
                self._beats = threading.Thread(target=self._beat, args=(services,), name="job beats", daemon=True)
                self._beats.start()
        self._threads.submit(self._run, job, work)

    def living(self) -> frozenset[int]:
        """The tasks that wait here or are under way: whatever the database has heard of them last, they live."""
        with self._lock:
            return frozenset(self._living)

    def stopping(self) -> bool:
        """Whether the server stops."""
        return self._stop.is_set()

    def _run(self, job: int, work: Callable[[Callable[[], bool]], None]) -> None:
        try:
            work(self._stop.is_set)
        except Exception:  # noqa: BLE001  (the task says that it failed; the log says why)
            LOG.exception("a task failed", task=job)
        finally:
            with self._lock:
                self._living.discard(job)

    def _beat(self, services: Services) -> None:
        """Tell again and again that the tasks live: one that waits, or is in a long transaction, tells nothing itself."""
        while not self._stop.wait(BEAT_S):
            try:
                tell_alive(services, self.living())
            except Exception:  # noqa: BLE001  (the database may be away for now, or be written to for long)
                LOG.exception("tasks could not tell that they live")

    def close(self) -> None:
        """Stop the task under way, and wait for it; those that haven't begun say that they failed."""
        self._stop.set()
        self._threads.shutdown()
        if self._beats is not None:
            self._beats.join()
