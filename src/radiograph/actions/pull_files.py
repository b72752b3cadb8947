# SPDX-License-Identifier: Apache-2.0
"""Copying files of issues and of the steps of Tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from radiograph.domain.report import EvidenceFile
from radiograph.evidence.receive import store_pieces
from radiograph.sources.xray_server import SourceRefusal
from radiograph.store.attachments import add_attachments
from radiograph.store.names import people_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from radiograph.actions.pull_state import Pull
    from radiograph.sources.issue_shapes import SourceFile

    Fetched: TypeAlias = list[tuple[SourceFile, EvidenceFile]]


def fetch_files(work: Pull, key: str, files: Iterable[SourceFile]) -> Fetched:
    """Fetch an issue's files into the evidence store; one that can't be had is a problem, the issue is kept."""
    batch = work.services.evidence.batch()
    found = []
    for file in files:
        work.state.count("attachments at the source")
        stored = EvidenceFile(file.name, file.type, None, key)
        try:
            store_pieces(stored, work.source.download(file.address), batch, work.services.settings.max_evidence)
            found.append((file, stored))
        except (SourceRefusal, ValueError) as error:
            work.state.problem(f"file {file.name} of {key}", str(error))
    batch.commit()
    return found


def keep_files(conn: sa.Connection, work: Pull, issue_id: int, files: Fetched, *, of_step: bool = False) -> tuple[int, ...]:
    """Give an issue, or a step of a Test, files that were fetched; their ids."""
    people = people_ids(conn, {f.author for f, _ in files} - {""})
    place, ids = (work.project_id, issue_id), list[int]()
    for file, stored in files:
        ids += add_attachments(conn, place, [stored], people.get(file.author), file.created_ms, of_step=of_step)
        work.state.count("attachments")
    return tuple(ids)
