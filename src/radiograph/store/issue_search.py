# SPDX-License-Identifier: Apache-2.0
"""Finding issues by a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.jql.errors import WrongQuery
from radiograph.domain.jql.fields import Fields
from radiograph.store import tables as t
from radiograph.store.instance import custom_fields
from radiograph.store.jql import where
from radiograph.store.jql_order import order_by
from radiograph.store.jql_scope import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from radiograph.domain.issues import IssueType
    from radiograph.domain.jql.syntax import Query


class Search:
    """A query as one person asks it: what it finds, and what is wrong with it."""

    def __init__(self, conn: sa.Connection, query: Query, caller_id: int, projects: Collection[int] | None, now: int) -> None:
        """Take who asks, the projects they see (None: all) and now in UTC ms."""
        scope = Scope(conn, caller_id, projects, Fields(custom_fields(conn)), now, where)
        self._conn = conn
        self._where: list[sa.ColumnElement[bool]] = [where(scope, query)]
        self._order: Sequence[sa.ColumnElement[Any]] = order_by(scope, query)
        self.faults = scope.faults

    def checked(self) -> Search:
        """The same; raises WrongQuery when something is wrong with it."""
        if self.faults:
            raise WrongQuery(self.faults)
        return self

    def of_types(self, kinds: Collection[IssueType]) -> Search:
        """The same, of these types only."""
        self._where.append(t.issues.c.type_id.in_([int(k) for k in kinds]))
        return self

    def count(self) -> int:
        """How many issues there are."""
        return int(self._conn.execute(sa.select(sa.func.count()).select_from(t.issues).where(*self._where)).scalar_one())

    def ids(self, skip: int, limit: int) -> list[int]:
        """The ids of `limit` issues after the first `skip`, in the query's order."""
        found = sa.select(t.issues.c.id).where(*self._where).order_by(*self._order).offset(skip).limit(limit)
        return list(self._conn.execute(found).scalars())
