# SPDX-License-Identifier: Apache-2.0
"""Taking turns among the threads and processes of one machine, by locking a file."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Turn:
    """One turn at a thing; who comes meanwhile waits. The file is there only while somebody has or wants the turn."""

    def __init__(self, file: Path) -> None:
        """Name the thing by a file that nothing else uses; its folder is made when needed."""
        self._file = file
        self._handle = -1

    def take(self) -> None:
        """Wait for the turn; blocks the thread."""
        while self._handle < 0:
            self._lock(fcntl.LOCK_EX)

    def try_take(self) -> bool:
        """Take the turn if nobody has it; whether it is ours now."""
        if self._handle >= 0:
            return True
        with contextlib.suppress(BlockingIOError):
            self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self._handle >= 0

    def _lock(self, how: int) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, how)
        except OSError:
            os.close(handle)
            raise
        if self._is_there(handle):
            self._handle = handle
        else:  # who had the turn before has removed the file that we waited for
            os.close(handle)

    def _is_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._file.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let the next one have it; nothing happens when the turn was never taken."""
        if self._handle >= 0:
            self._file.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = -1
