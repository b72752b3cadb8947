# SPDX-License-Identifier: Apache-2.0
"""Finding the issues that a request names."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from radiograph.domain.errors import Forbidden, IssueNotFound
from radiograph.domain.issues import EXECUTION_TYPES
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Caller, Right
from radiograph.store import import_reads, issue_links, issue_reads, projects
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from radiograph.domain.issues import IssueType
    from radiograph.store.issue_links import HeadRow


def visible_issue(conn: sa.Connection, caller: Caller, key: str, *, members: bool = True) -> issue_reads.IssueRow:
    """The issue of a key (an alias too) or id (`members`: see `find_issue`); raises IssueNotFound with keys that look like it."""
    row = issue_reads.find_issue(conn, key, members=members)
    if row is None or caller.role_in(row.project_id) is None:
        raise not_found(conn, caller, key)
    hide_links(caller, [row])
    return row


def hide_links(caller: Caller, rows: Iterable[issue_reads.IssueRow]) -> None:
    """Take out the links to issues that the caller can't see, and those above and below that are such: an Epic's may be of other projects."""
    for row in rows:
        above = row.parts.parent
        row.parts.parent = above if above is not None and caller.role_in(above.project_id) is not None else None
        row.parts.children = [c for c in row.parts.children if caller.role_in(c.project_id) is not None]
        ends = ((link, (link.source.project_id, link.target.project_id)) for link in row.parts.links)
        row.parts.links = [link for link, projects_of in ends if all(caller.role_in(p) is not None for p in projects_of)]


def not_found(conn: sa.Connection, caller: Caller, key: str) -> IssueNotFound:
    """The error, with keys that the caller may have meant."""
    known = [p.key for p in projects.all_projects(conn) if caller.role_in(p.id) is not None]
    project, dash, number = key.upper().rpartition("-")
    near = difflib.get_close_matches(project, known, 2) if project not in known else []
    return IssueNotFound(key, [f"{p}{dash}{number}" for p in near])


def issue_heads(conn: sa.Connection, caller: Caller, refs: Iterable[str | int]) -> dict[str | int, HeadRow]:
    """The issues of these keys or ids that the caller can see; what names none is left out."""
    wanted = list(dict.fromkeys(refs))
    keys = {r: str(r).strip().upper() for r in wanted}
    by_key = import_reads.issue_heads(conn, [k for k in keys.values() if parse_id(k) is None])
    ids = {r: by_key[k][0] if k in by_key else parse_id(k) for r, k in keys.items()}
    rows = issue_links.heads(conn, [i for i in ids.values() if i is not None])
    return {r: rows[i] for r, i in ids.items() if i in rows and caller.role_in(rows[i].project_id) is not None}


def edit_right(kind: IssueType) -> Right:
    """What it takes to make or change an issue: who may import results may change executions, as imports do."""
    return Right.EDIT_RUN if kind in EXECUTION_TYPES else Right.EDIT_ISSUE


def held_issue(conn: sa.Connection, caller: Caller, key: str, right: Right | None = None) -> issue_reads.IssueRow:
    """The issue, to change: its project is held, and it is as it is then. `right` is what it takes (None: to edit it).

    Raises IssueNotFound, or Forbidden.
    """
    row = visible_issue(conn, caller, key)
    if not caller.may(right or edit_right(row.type), row.project_id):
        raise Forbidden
    lock_projects(conn, [row.project_id])
    return visible_issue(conn, caller, str(row.id))
