# SPDX-License-Identifier: Apache-2.0
"""What a store of evidence can do; local folders now, object stores when outgrown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from pathlib import Path
    from typing import IO


class Batch(Protocol):
    """Files being stored together: none is there for good before `commit`."""

    def put(self, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Take one file; returns its SHA-256 and size in bytes. An error in `pieces` leaves nothing of it."""

    def commit(self) -> None:
        """Make every file durable; raises StorageFull."""

    def discard(self) -> None:
        """Forget the files that aren't committed."""


class EvidenceStore(Protocol):
    """Files by the SHA-256 of their content. Files are stored first, rows that name them second."""

    def batch(self) -> Batch:
        """Start storing files together."""

    def open(self, sha256: str) -> IO[bytes]:
        """Open a file for reading; raises NotFound."""

    def path(self, sha256: str) -> Path | None:
        """Where the file lies, if it is a local one."""

    def names(self) -> Iterator[str]:
        """Every hash there is."""

    def delete(self, sha256: str) -> None:
        """Remove a file; nothing happens when it isn't there."""

    def sweep(self, named: Callable[[list[str]], Container[str]], grace_s: float) -> int:
        """Remove files older than the grace (seconds) that `named` doesn't know; returns how many."""
