# SPDX-License-Identifier: Apache-2.0
"""Files of issues and of the steps of Tests; their ids are of the kind of evidence's, so that one address serves both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.many import any_of, one_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.report import EvidenceFile


class AttachmentRow(Struct):
    """A file; `size` in bytes, `created_ms` UTC milliseconds, `author` a name."""

    id: int
    project_id: int
    issue_id: int
    of_step: bool
    filename: str
    content_type: str
    size: int
    sha256: str
    created_ms: int
    author_id: int | None
    author: str | None


_COLUMNS = [*(t.attachments.c[n] for n in AttachmentRow.__struct_fields__[:-1]), t.users.c.name]
_SELECT = sa.select(*_COLUMNS).select_from(t.attachments.outerjoin(t.users, t.users.c.id == t.attachments.c.author_id))

_OF_ISSUES = _SELECT.where(one_of(t.attachments.c.issue_id), t.attachments.c.of_step == sa.bindparam("of_step")).order_by(
    t.attachments.c.id
)


def add_attachments(
    conn: sa.Connection, place: tuple[int, int], files: Sequence[EvidenceFile], author_id: int | None, now: int, *, of_step: bool = False
) -> list[int]:
    """Add files that are stored already (`store_evidence`); `place` is the project's and the issue's id. Returns their ids."""
    project_id, issue_id = place
    first = take_ids(conn, "part", project_id, len(files))
    rows = [
        {"id": first + i, "project_id": project_id, "issue_id": issue_id, "of_step": of_step, "filename": f.filename,
         "content_type": f.content_type, "size": f.size, "sha256": f.sha256, "created_ms": now, "author_id": author_id}
        for i, f in enumerate(files)
    ]  # fmt: skip
    if rows:
        conn.execute(sa.insert(t.attachments), rows)
    return list(range(first, first + len(rows)))


def attachments_of(conn: sa.Connection, issue_ids: Sequence[int], *, of_step: bool = False) -> list[AttachmentRow]:
    """The files of these issues, or of the steps of these Tests, oldest first."""
    return [AttachmentRow(*row) for row in conn.execute(_OF_ISSUES, {"ids": list(issue_ids), "of_step": of_step})]


def find_attachment(conn: sa.Connection, number: int) -> AttachmentRow | None:
    """The file of that id."""
    row = conn.execute(_SELECT.where(t.attachments.c.id == number)).first()
    return AttachmentRow(*row) if row else None


def remove_attachments(conn: sa.Connection, ids: Sequence[int]) -> None:
    """Forget files; the sweep takes what no row names any more."""
    conn.execute(sa.delete(t.attachments).where(any_of(conn, t.attachments.c.id, list(ids) or [0])))
