# SPDX-License-Identifier: Apache-2.0
"""Takes the evidence of a report into the store, before anything is written to the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from radiograph.evidence.base64_json import NotBase64, decode
from radiograph.evidence.sniffing import HEAD, sniff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from radiograph.domain.report import EvidenceFile
    from radiograph.evidence.port import Batch, EvidenceStore

_MAX_NAME = 255
_BIG = 256 * 1024
_PIECE = 1024 * 1024
_AT_ONCE = 2
"""Hashing and writing leave the interpreter's lock to others."""


class _TooBig(ValueError):
    """it is larger than the limit for files"""


def store_evidence(files: Iterable[EvidenceFile], store: EvidenceStore, limit: int) -> list[tuple[EvidenceFile, str]]:
    """Store every file (at most `limit` bytes each) and note its hash, size and type in it.

    Returns those that were skipped, with the reason. All are on disk when it returns; raises
    StorageFull, and then none is kept.
    """
    batch = store.batch()
    listed = list(files)
    try:
        problems = _each(listed, lambda file: _store(file, batch, limit))
        batch.commit()
    except BaseException:
        batch.discard()
        raise
    return [(file, problem) for file, problem in zip(listed, problems, strict=True) if problem]


def store_pieces(file: EvidenceFile, pieces: Iterator[bytes], batch: Batch, limit: int) -> None:
    """Take a file that comes in pieces into a batch, and note its hash, size and type in it.

    Raises ValueError when it is larger than `limit` bytes. It is on disk when the batch is committed.
    """
    head = bytearray()
    file.sha256, file.size = batch.put(_watched(pieces, head, limit))
    file.filename = file.filename[:_MAX_NAME]
    file.content_type = sniff(bytes(head), file.content_type, file.filename)


def _each(files: list[EvidenceFile], work: Callable[[EvidenceFile], str]) -> list[str]:
    """The work's results; big files two at a time (for small ones the threads would cost more than they save)."""
    if sum(len(file.data or b"") for file in files) < _BIG * len(files):
        return list(map(work, files))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(work, files))


def _store(file: EvidenceFile, batch: Batch, limit: int) -> str:
    if file.sha256:
        return ""  # it was stored by `store_pieces`
    token, file.data = file.data, None
    if not file.filename.strip():
        return "the file has no name"
    if token is None:
        return "the file has no data"
    head = bytearray()
    try:
        file.sha256, file.size = batch.put(_watched(_pieces(token) if file.plain else decode(token), head, limit))
    except NotBase64 as error:
        return str(error)
    except _TooBig:
        return f"{file.filename} is larger than the limit of {limit} bytes"
    file.filename = file.filename[:_MAX_NAME]
    file.content_type = sniff(bytes(head), file.content_type, file.filename)
    return ""


def _pieces(data: memoryview) -> Iterator[bytes]:
    for at in range(0, len(data), _PIECE):
        yield bytes(data[at : at + _PIECE])


def _watched(pieces: Iterator[bytes], head: bytearray, limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise _TooBig
        if len(head) < HEAD:
            head += piece[: HEAD - len(head)]
        yield piece
