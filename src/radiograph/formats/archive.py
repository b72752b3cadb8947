# SPDX-License-Identifier: Apache-2.0
"""Unpacks a zip of report files, bounded, and never to a path that the zip names.

All members are unpacked one behind the other into one temporary file, which is mapped: memory stays small however much
there is. Their names are kept as words for messages, nothing else.
"""

from __future__ import annotations

import io
import mmap
import tempfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, TooLarge, UnreadableReport
from radiograph.formats.reading import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

ZIP = b"PK\x03\x04"
MOST_MEMBERS = 100_000
_PIECE = 1 << 20


def is_zip(data: memoryview) -> bool:
    """Whether the bytes begin as a zip does."""
    return bytes(data[:4]) == ZIP


def unpack(source: Source, limit: int) -> list[Source]:
    """The files of a zip, in its order, without folders and what macOS adds.

    Raises UnreadableReport when it can't be read, and TooLarge when it unpacks to more than `limit` bytes: counted
    while unpacking, since a zip may lie about its sizes.
    """
    try:
        with zipfile.ZipFile(_Reader(source.data)) as archive, tempfile.TemporaryFile() as file:
            places = [(member.filename, *_pour(archive, member, file, limit)) for member in _members(archive)]
            file.flush()
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) if file.tell() else memoryview(b"")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError) as error:
        text = f"the zip {source.name} can't be unpacked: {error}".replace("  ", " ")
        raise UnreadableReport(text[0].upper() + text[1:] + ".", [Problem(source.name or "$", text)]) from None
    return [Source(name, whole[start:end]) for name, start, end in places]


def _members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    if len(archive.filelist) > MOST_MEMBERS:
        text = f"The zip has more than {MOST_MEMBERS} files; send them in several."
        raise UnreadableReport(text, [Problem("$", text)])
    for member in archive.infolist():
        if not member.is_dir() and not member.filename.startswith("__MACOSX/") and not member.filename.endswith(".DS_Store"):
            yield member


def _pour(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: IO[bytes], limit: int) -> tuple[int, int]:
    """Unpack one member behind the others; where it begins and ends."""
    start = file.tell()
    with archive.open(member) as opened:
        while piece := opened.read(_PIECE):
            file.write(piece)
            if file.tell() > limit:
                raise TooLarge(limit, "zip's content")
    return start, file.tell()


class _Reader(io.RawIOBase):
    """Bytes as a file, without a copy of all."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._at = data, 0

    def seekable(self) -> bool:
        """Yes."""
        return True

    def readable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where reading goes on."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to another place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._data)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        end = len(self._data) if size is None or size < 0 else self._at + size
        found = bytes(self._data[self._at : end])
        self._at += len(found)
        return found
