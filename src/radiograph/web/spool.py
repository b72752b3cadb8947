# SPDX-License-Identifier: Apache-2.0
"""Receives a body: in memory while it is small, then in a file of the data folder that is mapped."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import mmap
import tempfile
import zlib
from typing import IO, TYPE_CHECKING, Self

from radiograph.domain.errors import Refused, TooLarge, UnsupportedType, told_when_full
from radiograph.domain.keys import parse_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.requests import Request

_PIECE = 1 << 20
"""What is inflated or written in one go, in bytes."""
_GZIP = 31
"""zlib's number for a gzip member with its header and checksum."""


class Spool:
    """What has come of a body; counts bytes and hashes them on the way."""

    def __init__(self, folder: Path, memory: int, limit: int) -> None:
        """Take the folder for the file, and the sizes up to which memory is used and anything is taken."""
        self._folder, self._memory, self._limit = folder, memory, limit
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None
        self._map: mmap.mmap | None = None
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of what has come."""
        return self._hash.hexdigest()

    def write(self, piece: bytes | memoryview) -> None:
        """Take a piece; raises TooLarge over the limit and StorageFull when the disk is full."""
        self.size += len(piece)
        if self.size > self._limit:
            raise TooLarge(self._limit)
        self._hash.update(piece)
        if self._file is None and self.size > self._memory:
            self._to_file()
        if self._file is None:
            self._buffer += piece
        else:
            self._put(piece)

    def _to_file(self) -> None:
        with told_when_full():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  (closed by close)
        self._put(self._buffer)
        self._buffer = bytearray()

    def _put(self, piece: bytes | bytearray | memoryview) -> None:
        assert self._file is not None  # noqa: S101
        with told_when_full():
            self._file.write(piece)

    def view(self) -> memoryview:
        """All that has come, without copying it; raises StorageFull when the disk is full."""
        if self._file is None:
            return memoryview(self._buffer)
        with told_when_full():
            self._file.flush()
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return memoryview(self._map)

    def close(self) -> None:
        """Give the file back; the map goes when nothing looks into it any more."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # a full disk: what is thrown away needn't be written
                self._file.close()


class Inflate:
    """Undoes `Content-Encoding: gzip`, a bounded piece at a time; members one after the other are one body (RFC 1952)."""

    def __init__(self, spool: Spool, limit: int) -> None:
        """Inflate into this spool, whose limit bounds what comes out; `limit` bounds what goes in, in bytes."""
        self._spool, self._limit = spool, limit
        self._zip = zlib.decompressobj(wbits=_GZIP)
        self._taken = 0

    def feed(self, piece: bytes) -> None:
        """Inflate a piece. Raises Refused when it is no gzip, and TooLarge."""
        self._taken += len(piece)
        if self._taken > self._limit:
            raise TooLarge(self._limit)
        try:
            while piece:
                piece = self._some(piece)
        except zlib.error as error:
            raise Refused(f"The body is marked as gzip but can't be unpacked: {error}.") from None

    def _some(self, piece: bytes) -> bytes:
        """Inflate of a piece what gives a MiB; returns the rest of it."""
        if self._zip.eof:
            piece = piece.lstrip(b"\0")  # padding, as gzip itself takes it
            if not piece:
                return b""
            self._zip = zlib.decompressobj(wbits=_GZIP)
        out = self._zip.decompress(piece, _PIECE)
        self._spool.write(out)
        while len(out) == _PIECE and not self._zip.unconsumed_tail and not self._zip.eof:
            out = self._zip.decompress(b"", _PIECE)
            self._spool.write(out)
        return self._zip.unconsumed_tail or self._zip.unused_data

    def end(self) -> None:
        """Raise Refused when the last member isn't whole."""
        if self._taken and not self._zip.eof:
            raise Refused("The body is marked as gzip and ends in the middle: it was cut off on the way. Send it whole.")


def check_head(request: Request, limit: int) -> str:
    """The encoding of a body. Raises UnsupportedType for one that can't be read, and TooLarge where it says that it is over the limit (bytes)."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise UnsupportedType(f"The content encoding {encoding} can't be read; send gzip or none.")
    length = request.headers.get("content-length", "0")
    if (parse_id(length) or 0) > limit or (length.isdigit() and parse_id(length) is None):
        raise TooLarge(limit)
    return encoding


async def receive(request: Request, most: int | None = None) -> Spool:
    """The whole body, of at most `most` bytes (None: the setting `max_body`).

    Raises TooLarge, UnsupportedType, and ClientDisconnect when the client hangs up in the middle.
    """
    settings = request.app.state.services.settings
    limit = settings.max_body if most is None else most
    encoding = check_head(request, limit)
    spool = Spool(settings.data / "spool", settings.spool_memory, limit)
    inflate = Inflate(spool, limit) if "gzip" in encoding else None
    try:
        await _pour(request.stream(), inflate.feed if inflate else spool.write, at_once=inflate is None)
        if inflate:
            inflate.end()
    except BaseException:
        spool.close()
        raise
    return spool


async def _pour(stream: AsyncIterator[bytes], take: Callable[[bytes], None], *, at_once: bool) -> None:
    """Give the stream to `take`: at once while it is small, else in pieces of a MiB in a thread, which works while more comes."""
    waiting: list[bytes] = []
    size = 0
    first = True
    async with Behind() as behind:
        async for piece in stream:
            waiting.append(piece)
            size += len(piece)
            if size >= _PIECE:
                await behind.run(take, b"".join(waiting))
                waiting, size, first = [], 0, False
        if not (first and at_once):
            await behind.run(take, b"".join(waiting))
    if first and at_once:
        take(b"".join(waiting))


class Behind:
    """Runs one call at a time in a thread, while its caller goes on; an error of it is raised at the next call or the end."""

    def __init__(self) -> None:
        """Start with nothing to do."""
        self._task: asyncio.Future[None] | None = None

    async def run(self, work: Callable[[bytes], None], piece: bytes) -> None:
        """Wait for the call before, and start this one."""
        await self._finish()
        self._task = asyncio.ensure_future(asyncio.to_thread(work, piece))

    async def _finish(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            await task

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._finish()
