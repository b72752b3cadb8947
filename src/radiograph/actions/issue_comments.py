# SPDX-License-Identifier: Apache-2.0
"""Comments on issues, by those who may run tests; each may change their own, leads all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.issue_refs import held_issue, visible_issue
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issue_change import CommentOperation
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Caller, Right
from radiograph.store import audit, comments, issue_parts, issue_writes

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.store.comments import CommentRow
    from radiograph.store.issue_parts import PersonRow
    from radiograph.store.issue_reads import IssueRow

MAX_BODY = 1_000_000
"""The longest comment, in characters."""


def list_comments(
    services: Services,
    caller: Caller,
    key: str,
    skip: int,
    limit: int,
    newest_first: bool,  # noqa: FBT001  (passed on to a thread)
) -> tuple[int, list[CommentRow], int, dict[str, PersonRow]]:
    """The issue's id, a page of its comments, how many there are, and the people. Raises IssueNotFound."""
    with services.db.read() as conn:
        row = visible_issue(conn, caller, key)
        found, total = comments.page_of_comments(conn, row.id, skip, limit, newest_first=newest_first)
        people = issue_parts.people(conn, [n for c in found for n in (c.author, c.editor)])
        return row.id, found, total, people


def find_comment(services: Services, caller: Caller, key: str, number: str) -> tuple[CommentRow, dict[str, PersonRow]]:
    """A comment, and the people. Raises IssueNotFound, NotFound."""
    with services.db.read() as conn:
        return _shown(conn, _found(conn, visible_issue(conn, caller, key), number))


def _shown(conn: sa.Connection, comment: CommentRow) -> tuple[CommentRow, dict[str, PersonRow]]:
    return comment, issue_parts.people(conn, [comment.author, comment.editor])


def _found(conn: sa.Connection, row: IssueRow, number: str) -> CommentRow:
    found = comments.find_comment(conn, row.id, parse_id(number) or 0)
    if found is None:
        raise NotFound(f"Can not find a comment for the id: {cut(number)}.")
    return found


def add(services: Services, caller: Caller, key: str, body: str) -> tuple[CommentRow, dict[str, PersonRow]]:
    """Add a comment. Raises IssueNotFound, Forbidden, Refused for an empty one."""
    return _changed(services, caller, key, CommentOperation("add", "", body))


def edit(services: Services, caller: Caller, key: str, number: str, body: str) -> tuple[CommentRow, dict[str, PersonRow]]:
    """Give a comment another text. Raises IssueNotFound, NotFound, Forbidden, Refused for an empty one."""
    return _changed(services, caller, key, CommentOperation("edit", number, body))


def remove(services: Services, caller: Caller, key: str, number: str) -> None:
    """Remove a comment. Raises IssueNotFound, NotFound, Forbidden."""
    with services.db.write() as conn:
        row = held_issue(conn, caller, key, Right.EDIT_RUN)
        change_comment(conn, caller, row, CommentOperation("remove", number), now_ms())
        audit.note(conn, caller.id, "comment.remove", row.key, project_id=row.project_id)


def _changed(services: Services, caller: Caller, key: str, operation: CommentOperation) -> tuple[CommentRow, dict[str, PersonRow]]:
    with services.db.write() as conn:
        row = held_issue(conn, caller, key, Right.EDIT_RUN)
        number = change_comment(conn, caller, row, operation, now_ms())
        audit.note(conn, caller.id, f"comment.{operation.verb}", row.key, project_id=row.project_id)
        return _shown(conn, _found(conn, row, str(number)))


def change_comment(conn: sa.Connection, caller: Caller, row: IssueRow, operation: CommentOperation, now: int) -> int:
    """Add, edit or remove a comment of an issue that is held; its id."""
    if operation.verb != "remove":
        _check_text(operation.body)
    issue_writes.set_columns(conn, row.id, {"updated_ms": now})
    if operation.verb == "add":
        return comments.add_comment(conn, row.id, caller.id, operation.body, now)
    found = _found(conn, row, operation.id)
    if found.author_id != caller.id and not caller.may(Right.EDIT_ISSUE, row.project_id):
        raise Forbidden("Your role allows to change your own comments only.")
    if operation.verb == "edit":
        comments.edit_comment(conn, found.id, caller.id, operation.body, now)
    else:
        comments.remove_comment(conn, found.id)
    return found.id


def _check_text(body: str) -> None:
    if not body.strip():
        raise Refused("Comment body can not be empty!", [Problem("comment", "Comment body can not be empty!")])
    if len(body) > MAX_BODY:
        raise Refused("The comment is too long.", [Problem("comment", f"has at most {MAX_BODY} characters, not {len(body)}")])
