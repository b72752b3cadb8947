# SPDX-License-Identifier: Apache-2.0
"""Finding issues by keys, by a JQL query, or by a saved filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.issue_refs import hide_links
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import IssueNotFound, NotFound, Refused, cut
from radiograph.domain.jql.errors import TOLD, meant
from radiograph.domain.jql.parser import parse_jql
from radiograph.store import filters, import_reads, issue_reads, projects
from radiograph.store.issue_search import Search

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


class Found(Struct):
    """A page of the issues that a query finds, how many there are, and what of the query was not understood."""

    rows: list[issue_reads.IssueRow]
    total: int
    warnings: list[str]


def search(services: Services, caller: Caller, jql: str, skip: int, limit: int, validate: bool = True) -> Found:  # noqa: FBT001, FBT002  (the client's own flag)
    """The issues that a query finds, `limit` after the first `skip`.

    Raises WrongQuery for one that can't be read and, with `validate`, for one that names what there isn't; without it
    such a condition finds nothing and is told in the warnings.
    """
    query = parse_jql(jql)
    with services.db.read() as conn:
        found = Search(conn, query, caller.id, visible_projects(conn, caller), now_ms())
        if validate:
            found.checked()
        rows = issue_reads.issues_by_id(conn, found.ids(skip, limit)) if limit else []
        hide_links(caller, rows)
        return Found(rows, found.count(), [f.what for f in found.faults[:TOLD]])


def select(
    conn: sa.Connection, caller: Caller, kinds: Collection[IssueType], *, keys: Sequence[str] = (), jql: str = "", saved_filter: str = ""
) -> list[int]:
    """The ids of the issues of these types that all that is given finds: `keys`, a query, a filter (its id or name).

    In the order of the keys, else of the query, else of the filter. Raises IssueNotFound for an unknown key, Refused
    for one of another type, a wrong query or one that finds more than 10,000, NotFound for an unknown filter.
    """
    found = _named(conn, caller, kinds, keys) if keys else None
    for text in filter(None, (jql, _jql_of(conn, caller, saved_filter) if saved_filter else None)):
        more = _all(conn, caller, kinds, text)
        both = set(more)
        found = more if found is None else [i for i in found if i in both]
    return found or []


def _jql_of(conn: sa.Connection, caller: Caller, id_or_name: str) -> str:
    row = filters.find_filter(conn, caller.id, id_or_name)
    if row is None:
        near = meant(id_or_name, [f.name for f in filters.usable_filters(conn, caller.id, own=False)])
        raise NotFound(f"There is no filter {cut(id_or_name)}.{near}")
    return row.jql or " "


def _all(conn: sa.Connection, caller: Caller, kinds: Collection[IssueType], jql: str) -> list[int]:
    asked = Search(conn, parse_jql(jql), caller.id, visible_projects(conn, caller), now_ms()).checked().of_types(kinds)
    found = asked.ids(0, _MOST + 1)
    if len(found) > _MOST:
        raise Refused(f"The query finds more than {_MOST} issues; narrow it, for example to one project or a time.")
    return found


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
