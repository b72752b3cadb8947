# SPDX-License-Identifier: Apache-2.0
"""Files of issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.files import keep_files
from radiograph.actions.issue_refs import held_issue, visible_issue
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Caller, Right
from radiograph.store import attachments, audit, changes, issue_parts, issue_writes
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.report import EvidenceFile
    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.issue_parts import PersonRow


def add(services: Services, caller: Caller, key: str, files: Sequence[EvidenceFile]) -> tuple[list[AttachmentRow], dict[str, PersonRow]]:
    """Add files to an issue; their rows, and the people. Raises IssueNotFound, Forbidden, or Refused that names a file."""
    if not files:
        raise Refused("There is no file.", [Problem("file", "Send each file as a part of the form with the name file.")])
    with services.db.read() as conn:
        row = visible_issue(conn, caller, key)
    if not caller.may(Right.EDIT_RUN, row.project_id):
        raise Forbidden
    keep_files(services, files)
    now = now_ms()
    with services.db.write() as conn:
        row = held_issue(conn, caller, str(row.id), Right.EDIT_RUN)
        ids = attachments.add_attachments(conn, (row.project_id, row.id), files, caller.id, now)
        issue_writes.set_columns(conn, row.id, {"updated_ms": now})
        noted = [("Attachment", "", f.filename) for f in files]
        changes.note_changes(conn, "issue", (row.project_id, row.id), caller.id, now, noted)
        audit.note(conn, caller.id, "issue.attach", row.key, {"files": len(files)}, project_id=row.project_id)
        made = [a for a in attachments.attachments_of(conn, [row.id]) if a.id in set(ids)]
        return made, issue_parts.people(conn, [caller.name])


def find(services: Services, caller: Caller, number: str) -> tuple[AttachmentRow, dict[str, PersonRow]]:
    """A file of an issue, and the people. Raises NotFound."""
    with services.db.read() as conn:
        row = _find(conn, caller, number)
        return row, issue_parts.people(conn, [row.author])


def _find(conn: sa.Connection, caller: Caller, number: str) -> AttachmentRow:
    row = attachments.find_attachment(conn, parse_id(number) or 0)
    if row is None or row.of_step or caller.role_in(row.project_id) is None:
        raise NotFound(f"The attachment with id '{cut(number)}' does not exist.")
    return row


def remove(services: Services, caller: Caller, number: str) -> None:
    """Remove a file of an issue: one's own, or any for who may edit the issue. Raises NotFound, Forbidden."""
    with services.db.write() as conn:
        lock_projects(conn, [_find(conn, caller, number).project_id])
        row = _find(conn, caller, number)
        own = row.author_id == caller.id and caller.may(Right.EDIT_RUN, row.project_id)
        if not own and not caller.may(Right.EDIT_ISSUE, row.project_id):
            raise Forbidden("Your role allows to remove your own files only.")
        attachments.remove_attachments(conn, [row.id])
        noted = [("Attachment", row.filename, "")]
        changes.note_changes(conn, "issue", (row.project_id, row.issue_id), caller.id, now_ms(), noted)
        audit.note(conn, caller.id, "issue.detach", f"{row.issue_id} {row.id}", project_id=row.project_id)
