# SPDX-License-Identifier: Apache-2.0
"""Takes the files of a request into the evidence store, before the transaction that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import NotFound, Problem, Refused
from radiograph.evidence.receive import store_evidence
from radiograph.formats import reading
from radiograph.store import attachments, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.report import EvidenceFile


def keep_files(services: Services, files: Sequence[EvidenceFile]) -> None:
    """Store every file and note its hash, size and type in it; raises Refused that names each that can't be kept.

    Unlike an import, a request whose only purpose is a file is refused for it.
    """
    problems = store_evidence(files, services.evidence, services.settings.max_evidence)
    if problems:
        details = [Problem(file.path, problem) for file, problem in problems]
        raise Refused("; ".join(f"{p.path}: {p.problem}" for p in details[:20]), details)


class StoredFile(Struct, frozen=True):
    """A file that can be fetched by its id, whatever it belongs to."""

    id: int
    project_id: int
    filename: str
    content_type: str
    sha256: str


def find_file(services: Services, caller: Caller, number: int) -> StoredFile:
    """Evidence of a run, or a file of an issue or of a step; raises NotFound."""
    with services.db.read() as conn:
        row = runs.find_evidence(conn, number) or attachments.find_attachment(conn, number)
    if row is None or caller.role_in(row.project_id) is None:
        raise NotFound(f"There is no attachment {number}.")
    return StoredFile(row.id, row.project_id, row.filename, row.content_type, row.sha256)


def plain_file(filename: str, content_type: str, data: bytes | memoryview) -> EvidenceFile:
    """A file that came as it is, such as a part of a form."""
    return reading.plain_file(filename, content_type, data, filename or "file")
