# SPDX-License-Identifier: Apache-2.0
"""Comments on issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.blocks import take_number
from radiograph.store.many import one_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = 10_000


class CommentRow(Struct, frozen=True):
    """A comment; people are names, times UTC milliseconds."""

    id: int
    issue_id: int
    author_id: int | None
    author: str | None
    editor: str | None
    body: str
    created_ms: int
    updated_ms: int


_AUTHOR, _EDITOR = t.users.alias("author"), t.users.alias("editor")
_C = t.comments.c
_SELECT = sa.select(_C.id, _C.issue_id, _C.author_id, _AUTHOR.c.name, _EDITOR.c.name, _C.body, _C.created_ms, _C.updated_ms).select_from(
    t.comments.outerjoin(_AUTHOR, _AUTHOR.c.id == _C.author_id).outerjoin(_EDITOR, _EDITOR.c.id == _C.editor_id)
)

_OF_ISSUES = _SELECT.where(one_of(_C.issue_id)).order_by(_C.id)


def comments_of(conn: sa.Connection, issue_ids: Sequence[int]) -> dict[int, list[CommentRow]]:
    """The comments of each of these issues, oldest first; an issue without any is left out."""
    found: dict[int, list[CommentRow]] = {}
    for row in conn.execute(_OF_ISSUES, {"ids": list(issue_ids)}):
        found.setdefault(row[1], []).append(CommentRow(*row))
    return found


def page_of_comments(conn: sa.Connection, issue_id: int, skip: int, limit: int, *, newest_first: bool) -> tuple[list[CommentRow], int]:
    """`limit` comments of an issue after the first `skip`, and how many there are."""
    total = conn.execute(sa.select(sa.func.count()).select_from(t.comments).where(_C.issue_id == issue_id)).scalar_one()
    order = _C.id.desc() if newest_first else _C.id
    rows = conn.execute(_SELECT.where(_C.issue_id == issue_id).order_by(order).offset(skip).limit(limit))
    return [CommentRow(*row) for row in rows], total


def find_comment(conn: sa.Connection, issue_id: int, number: int) -> CommentRow | None:
    """The comment of that id, when it is one of the issue."""
    row = conn.execute(_SELECT.where(_C.issue_id == issue_id, _C.id == number)).first()
    return CommentRow(*row) if row else None


def take_comment(conn: sa.Connection) -> int:
    """The id for a comment that is to be added after other numbers are taken."""
    return take_number(conn, "comment", start=FIRST)


def add_comment(conn: sa.Connection, issue_id: int, author_id: int | None, body: str, now: int, *, number: int | None = None) -> int:
    """Add a comment, with an id that was taken for it or one of its own; the id."""
    number = take_comment(conn) if number is None else number
    values = {"id": number, "issue_id": issue_id, "author_id": author_id, "body": body, "created_ms": now, "editor_id": author_id}
    conn.execute(sa.insert(t.comments).values(values | {"updated_ms": now}))
    return number


def edit_comment(conn: sa.Connection, number: int, editor_id: int, body: str, now: int) -> None:
    """Give a comment another text."""
    conn.execute(sa.update(t.comments).where(_C.id == number).values(body=body, editor_id=editor_id, updated_ms=now))


def remove_comment(conn: sa.Connection, number: int) -> None:
    """Remove a comment."""
    conn.execute(sa.delete(t.comments).where(_C.id == number))
