# SPDX-License-Identifier: Apache-2.0
"""Finding issues by a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.issues import issue_type
from radiograph.domain.jql import words
from radiograph.domain.keys import parse_id
from radiograph.store import tables as t
from radiograph.store.engines import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from radiograph.domain.jql import Query


def search(conn: sa.Connection, query: Query, projects: Collection[int] | None, skip: int, limit: int) -> tuple[list[int], int]:
    """The ids of the issues that a query finds in these projects (None: all), `limit` after the first `skip`, and how many there are."""
    where = [_condition(conn, c.field, c.values) for c in query.clauses]
    if projects is not None:
        where.append(t.issues.c.project_id.in_(sorted(projects)))
    issues = t.issues.join(t.projects, t.projects.c.id == t.issues.c.project_id)
    total = conn.execute(sa.select(sa.func.count()).select_from(issues).where(*where)).scalar_one()
    order = t.issues.c.id.desc() if query.descending else t.issues.c.id
    found = conn.execute(sa.select(t.issues.c.id).select_from(issues).where(*where).order_by(order).offset(skip).limit(limit))
    return list(found.scalars()), total


def _condition(conn: sa.Connection, field: str, values: Sequence[str]) -> sa.ColumnElement[bool]:
    upper = [v.strip().upper() for v in values]
    if field == "project":
        named = any_of(conn, t.projects.c.key, upper) | any_of(conn, sa.func.upper(t.projects.c.name), upper)
        return named | _numbered(conn, t.projects.c.id, values)
    if field == "issuetype":
        kinds = [int(k) for v in values if (k := issue_type(v)) is not None]
        return t.issues.c.type_id.in_(kinds)
    if field == "key":
        return any_of(conn, t.issues.c.key, upper) | _numbered(conn, t.issues.c.id, values)
    return sa.and_(sa.true(), *(t.issues.c.summary.icontains(w, autoescape=True) for w in words(values[0])))


def _numbered(conn: sa.Connection, column: sa.Column[int], values: Sequence[str]) -> sa.ColumnElement[bool]:
    numbers = [number for v in values if (number := parse_id(v)) is not None]
    return any_of(conn, column, numbers) if numbers else sa.false()
