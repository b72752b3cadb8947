# SPDX-License-Identifier: Apache-2.0
"""Makes files durable: one by one, or when they are many the whole file system at once where that is possible."""

from __future__ import annotations

import ctypes
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

SMALL = 256 * 1024
"""Files below this size, on average, are synced together, in bytes."""
_FEW = 16
_AT_ONCE = 8


def _syncfs_of_libc() -> Any:  # noqa: ANN401  (a C function)
    """`syncfs(2)`, which Python has no name for; None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


_SYNCFS = _syncfs_of_libc()


def sync(paths: Collection[Path], beside: Path, *, small: bool) -> None:
    """Return when these files and folders are on disk; all lie on the file system of `beside`.

    Raises OSError. Measured: 5,000 files of 40 KB take 0.13 s together and 0.4 to 0.8 s one by one;
    big files are quicker one by one, because what else is unwritten (the spool) needn't be waited for.
    """
    if small and len(paths) > _FEW and _SYNCFS is not None:
        _with_handle(beside, _sync_system)
        return
    if len(paths) == 1:
        _with_handle(next(iter(paths)), os.fsync)
        return
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(lambda path: _with_handle(path, os.fsync), paths))


def _with_handle(path: Path, work: Any) -> None:  # noqa: ANN401
    handle = os.open(path, os.O_RDONLY)
    try:
        work(handle)
    finally:
        os.close(handle)


def _sync_system(handle: int) -> None:
    if _SYNCFS(handle) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
