# SPDX-License-Identifier: Apache-2.0
"""Saved filters inside a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.errors import shown
from radiograph.domain.jql.errors import WrongQuery
from radiograph.domain.jql.parser import parse_jql
from radiograph.store.filters import find_filter

if TYPE_CHECKING:
    from radiograph.domain.jql.syntax import Value
    from radiograph.store.jql_scope import Members, Scope

_DEPTH = 5
"""Filters that name each other: so many deep, which ends a circle too."""


def saved_filter(scope: Scope, value: Value) -> Members | None:
    """What a saved filter of that name or id finds; None when the caller has none. Notes what is wrong inside it."""
    row = find_filter(scope.conn, scope.caller_id, value.text)
    if row is None:
        return None
    if scope.depth >= _DEPTH:
        scope.fault(f"the filter {shown(value.text)} leads to more than {_DEPTH} filters in each other.", value.at)
        return lambda _column: sa.false()
    inner = scope.inner()
    try:
        condition = inner.where(inner, parse_jql(row.jql))
    except WrongQuery as error:
        condition = inner.gather(error)
    for fault in inner.faults:
        scope.fault(f"the filter {row.name!r} has an error: {fault.what}", value.at)
    found = sa.select(inner.i.c.id).where(condition).correlate(None)
    return lambda column: column.in_(found)
