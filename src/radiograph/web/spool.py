# SPDX-License-Identifier: Apache-2.0
"""Receives a body: in memory while it is small, then in a file of the data folder that is mapped."""

from __future__ import annotations

import asyncio
import hashlib
import mmap
import tempfile
import zlib
from typing import IO, TYPE_CHECKING, Self

from radiograph.domain.errors import Refused, StorageFull, TooLarge, UnsupportedType

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from starlette.requests import Request

_ENOSPC = 28
_PIECE = 1 << 20
"""What is inflated or written in one go, in bytes."""


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
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  (closed by close)
        self._put(self._buffer)
        self._buffer = bytearray()

    def _put(self, piece: bytes | bytearray | memoryview) -> None:
        assert self._file is not None  # noqa: S101
        try:
            self._file.write(piece)
        except OSError as error:
            if error.errno == _ENOSPC:
                raise StorageFull from error
            raise

    def view(self) -> memoryview:
        """All that has come, without copying it."""
        if self._file is None:
            return memoryview(self._buffer)
        try:
            self._file.flush()
        except OSError as error:
            raise StorageFull from error
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return memoryview(self._map)

    def close(self) -> None:
        """Give the file back; the map goes when nothing looks into it any more."""
        if self._file is not None:
            self._file.close()


class Inflate:
    """Undoes `Content-Encoding: gzip`, a bounded piece at a time."""

    def __init__(self) -> None:
        """Start before the first byte."""
        self._zip = zlib.decompressobj(wbits=31)

    def feed(self, piece: bytes, spool: Spool) -> None:
        """Inflate a piece into the spool; the spool's limit bounds what comes out."""
        try:
            while piece:
                spool.write(self._zip.decompress(piece, _PIECE))
                piece = self._zip.unconsumed_tail
        except zlib.error as error:
            raise Refused(f"The body is marked as gzip but can't be unpacked: {error}.") from None


def new_spool(request: Request) -> Spool:
    """A spool as the settings want it; a body that says it is too large is refused at once."""
    settings = request.app.state.services.settings
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > settings.max_body:
        raise TooLarge(settings.max_body)
    return Spool(settings.data / "spool", settings.spool_memory, settings.max_body)


async def receive(request: Request) -> Spool:
    """The whole body. Raises ClientDisconnect when the client hangs up in the middle."""
    spool = new_spool(request)
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise UnsupportedType(f"The content encoding {encoding} can't be read; send gzip or none.")
    inflate = Inflate() if "gzip" in encoding else None
    take = spool.write if inflate is None else lambda piece: inflate.feed(piece, spool)
    try:
        await _pour(request.stream(), take, at_once=inflate is None)
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
