# SPDX-License-Identifier: Apache-2.0
"""Finding issues by keys, by a JQL query, or by a saved filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import IssueNotFound, NotFound, Refused
from radiograph.domain.jql import parse_jql
from radiograph.store import import_reads, issue_reads, issue_search, projects

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.issues import IssueType
    from radiograph.domain.people import Caller

_MOST = 10_000


def visible_projects(conn: sa.Connection, caller: Caller) -> list[int] | None:
    """The ids of the projects that the caller has a role in; None: all there are."""
    if caller.admin and caller.token_projects is None:
        return None
    return [p.id for p in projects.all_projects(conn) if caller.role_in(p.id) is not None]


def search(services: Services, caller: Caller, jql: str, skip: int, limit: int) -> tuple[list[issue_reads.IssueRow], int]:
    """The issues that a JQL query finds, and how many there are; raises Refused that points at the place."""
    query = parse_jql(jql)
    with services.db.read() as conn:
        found, total = issue_search.search(conn, query, visible_projects(conn, caller), skip, limit)
        return issue_reads.issues_by_id(conn, found), total


def select(
    conn: sa.Connection, caller: Caller, kinds: Collection[IssueType], *, keys: Sequence[str] = (), jql: str = "", saved_filter: str = ""
) -> list[int]:
    """The ids of the issues of these types that all that is given finds: `keys`, a query, a filter (its id or name).

    In the order of the keys, else of the query. Raises IssueNotFound for an unknown key, Refused for one of
    another type or a wrong query, NotFound for an unknown filter.
    """
    named = _named(conn, caller, kinds, keys) if keys else None
    if saved_filter:
        raise NotFound(f"There is no filter {saved_filter}.")
    if not jql:
        return named or []
    rows, _ = issue_search.search(conn, parse_jql(jql), visible_projects(conn, caller), 0, _MOST)
    found = [row.id for row in issue_reads.issues_by_id(conn, rows) if row.type in kinds]
    return found if named is None else [i for i in named if i in set(found)]


def _named(conn: sa.Connection, caller: Caller, kinds: Collection[IssueType], keys: Sequence[str]) -> list[int]:
    wanted = [k.strip().upper() for k in keys if k.strip()]
    heads = import_reads.issue_heads(conn, wanted)
    for key in wanted:
        head = heads.get(key)
        if head is None or caller.role_in(head[1]) is None:
            raise IssueNotFound(key)
        if head[2] not in kinds:
            raise Refused(f"Issue with key {key} not found or is not of type {' or '.join(k.label for k in kinds)}.")
    return list(dict.fromkeys(heads[key][0] for key in wanted))
