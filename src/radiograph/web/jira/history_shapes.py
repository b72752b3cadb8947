# SPDX-License-Identifier: Apache-2.0
"""The history of an issue, and its fields as HTML, as Jira's REST API v2 shows them."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from radiograph.web.jira import history_types, types
from radiograph.web.jira.dates import jira_date
from radiograph.web.jira.shapes import person_shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from radiograph.store.changes import Change
    from radiograph.store.issue_parts import PersonRow

_SYSTEM = {
    "summary", "description", "status", "assignee", "reporter", "labels", "priority", "Parent", "Fix Version", "Component", "Version", "Link",
    "Attachment", "Environment", "Due Date",
}  # fmt: skip


def changelog_shape(changes: Sequence[Change], base: str, people: Mapping[str, PersonRow]) -> history_types.Changelog:
    """The changes; those that a person made in one go are one entry."""
    entries = []
    for (at, user), group in groupby(changes, key=lambda c: (c.at_ms, c.user)):
        listed = list(group)
        items = [_item(c) for c in listed]
        author = person_shape(user, base, people)
        entries.append(history_types.HistoryEntry(id=str(listed[0].id), author=author, created=jira_date(at), items=items))
    return history_types.Changelog(0, len(entries), len(entries), entries)


def _item(change: Change) -> history_types.ChangedField:
    kind = "jira" if change.field in _SYSTEM else "custom"
    return history_types.ChangedField(field=change.field, fieldtype=kind, from_string=change.before or None, to_string=change.after or None)


def rendered(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The texts of the fields as HTML; what a person wrote is never markup here."""
    shown: dict[str, Any] = {n: html(v) if isinstance(v, str) else None for n, v in fields.items() if n in {"description", "environment"}}
    comments = fields.get("comment")
    if isinstance(comments, types.Comments):
        shown["comment"] = {"comments": [{"id": c.id, "body": html(c.body)} for c in comments.comments]}
    return shown


def html(text: str) -> str:
    """A text as paragraphs and lines."""
    paragraphs = [escape(p).replace("\n", "<br/>\n") for p in text.replace("\r\n", "\n").split("\n\n") if p.strip()]
    return "\n\n".join(f"<p>{p}</p>" for p in paragraphs)
