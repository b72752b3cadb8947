# SPDX-License-Identifier: Apache-2.0
"""Takes the evidence of a report into the store, before anything is written to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.evidence.base64_json import NotBase64, decode
from radiograph.evidence.sniffing import HEAD, sniff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.domain.report import EvidenceFile
    from radiograph.evidence.port import Batch, EvidenceStore

_MAX_NAME = 255


class _TooBig(ValueError):
    """The file is over the limit."""


def store_evidence(files: Iterable[EvidenceFile], store: EvidenceStore, limit: int) -> list[tuple[EvidenceFile, str]]:
    """Store every file (at most `limit` bytes each) and note its hash, size and type in it.

    Returns those that were skipped, with the reason. All are on disk when it returns; raises
    StorageFull, and then none is kept.
    """
    batch = store.batch()
    skipped: list[tuple[EvidenceFile, str]] = []
    try:
        for file in files:
            problem = _store(file, batch, limit)
            if problem:
                skipped.append((file, problem))
        batch.commit()
    except BaseException:
        batch.discard()
        raise
    return skipped


def _store(file: EvidenceFile, batch: Batch, limit: int) -> str:
    token, file.data = file.data, None
    if not file.filename.strip():
        return "the file has no name"
    if token is None:
        return "the file has no data"
    head = bytearray()
    try:
        file.sha256, file.size = batch.put(_watched(decode(token), head, limit))
    except NotBase64 as error:
        return str(error)
    except _TooBig:
        return f"{file.filename} is larger than the limit of {limit} bytes"
    file.filename = file.filename[:_MAX_NAME]
    file.content_type = sniff(bytes(head), file.content_type, file.filename)
    return ""


def _watched(pieces: Iterator[bytes], head: bytearray, limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise _TooBig
        if len(head) < HEAD:
            head += piece[: HEAD - len(head)]
        yield piece
