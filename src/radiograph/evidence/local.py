# SPDX-License-Identifier: Apache-2.0
"""Evidence in a folder: `ab/cd/abcd…`, each file written once, whole and durable.

A file gets its name only after its bytes are on disk, and the import's rows are written after that,
so a row never names a file that isn't there. A name is a hash: nothing from a client is in a path.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import secrets
import time
from typing import IO, TYPE_CHECKING

from radiograph.domain.errors import NotFound, StorageFull, told_when_full
from radiograph.evidence.syncing import SMALL, sync

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")
_ASKED = 500


class LocalEvidence:
    """A folder of evidence."""

    def __init__(self, folder: Path) -> None:
        """Use this folder, making it if needed."""
        self._folder = folder
        self.incoming = folder / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)

    def batch(self) -> LocalBatch:
        """Start storing files together."""
        return LocalBatch(self)

    def place(self, sha256: str) -> Path:
        """Where the file of that hash belongs."""
        if not _HASH.fullmatch(sha256):
            raise NotFound(f"There is no evidence {sha256!r}.")
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def path(self, sha256: str) -> Path | None:
        """Where the file lies, or None when it isn't there."""
        place = self.place(sha256)
        return place if place.is_file() else None

    def open(self, sha256: str) -> IO[bytes]:
        """Open a file for reading; raises NotFound."""
        try:
            return self.place(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(f"The evidence file {sha256} is missing.") from None

    def names(self) -> Iterator[str]:
        """Every hash there is."""
        return (path.name for path in self._files())

    def _files(self) -> Iterator[Path]:
        return (p for p in self._folder.glob("??/??/*") if _HASH.fullmatch(p.name))

    def delete(self, sha256: str) -> None:
        """Remove a file; nothing happens when it isn't there."""
        self.place(sha256).unlink(missing_ok=True)

    def sweep(self, named: Callable[[list[str]], Container[str]], grace_s: float) -> int:
        """Remove files older than the grace (seconds) that `named` doesn't know, and old leftovers; returns how many."""
        oldest = time.time() - grace_s
        gone = 0
        for leftover in self.incoming.iterdir():
            gone += _remove_if_older(leftover, oldest)
        files = self._files()
        while some := list(itertools.islice(files, _ASKED)):
            known = named([p.name for p in some])
            gone += sum(self._take_away(p, oldest) for p in some if p.name not in known)
        return gone

    def _take_away(self, path: Path, oldest: float) -> bool:
        """Remove a file that is old, and goes on being old once nobody can find it any more.

        An import that is about to name the file makes it young first; if it did so while we looked, the
        file is put back.
        """
        aside = self.incoming / f"gone-{path.name}"
        try:
            if path.stat().st_mtime >= oldest:
                return False
            path.rename(aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime >= oldest:
            aside.rename(path)
            return False
        aside.unlink()
        return True


def _remove_if_older(path: Path, oldest: float) -> bool:
    try:
        if path.stat().st_mtime >= oldest:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True


class LocalBatch:
    """The files of one import: written beside each other, synced together, then named."""

    def __init__(self, store: LocalEvidence) -> None:
        """Start without a file."""
        self._store = store
        self._waiting: dict[str, Path] = {}
        self._size = 0
        self._mark = secrets.token_hex(8)
        self._numbers = itertools.count()

    def put(self, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Take one file; returns its SHA-256 and size. An error in `pieces` leaves nothing of it."""
        digest = hashlib.sha256()
        size = 0
        path = self._store.incoming / f"{self._mark}-{next(self._numbers)}"
        try:
            with told_when_full(), os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb", buffering=0) as file:
                for piece in pieces:
                    digest.update(piece)
                    size += len(piece)
                    _write_all(file, piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self._size += size
        self._wait(digest.hexdigest(), path)
        return digest.hexdigest(), size

    def _wait(self, sha256: str, path: Path) -> None:
        if _touch(self._store.place(sha256)) or self._waiting.setdefault(sha256, path) is not path:
            path.unlink()

    def commit(self) -> None:
        """Sync every file, give each its name, and sync the folders; raises StorageFull."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        try:
            with told_when_full():
                sync(waiting.values(), self._store.incoming, small=self._size < len(waiting) * SMALL)
                folders = self._name_all(waiting)
                sync(folders, self._store.incoming, small=True)
        except (OSError, StorageFull):
            for path in waiting.values():
                path.unlink(missing_ok=True)
            raise

    def _name_all(self, waiting: dict[str, Path]) -> set[Path]:
        folders: set[Path] = set()
        for sha256, path in waiting.items():
            place = self._store.place(sha256)
            if place.parent not in folders:
                place.parent.mkdir(parents=True, exist_ok=True)
                folders |= {place.parent, place.parent.parent, place.parent.parent.parent}
            path.replace(place)
        return folders

    def discard(self) -> None:
        """Forget the files that aren't committed."""
        for path in self._waiting.values():
            path.unlink(missing_ok=True)
        self._waiting = {}


def _write_all(file: IO[bytes], piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]


def _touch(path: Path) -> bool:
    """Make a file young again, so that no sweep takes what an import is about to name; False when there is none."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True
