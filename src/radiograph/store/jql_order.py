# SPDX-License-Identifier: Apache-2.0
"""What results are ordered by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain.issues import IssueType
from radiograph.domain.jql.errors import WrongQuery, meant, wrong
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.domain.jql.syntax import Order, Query
    from radiograph.store.jql_scope import Scope

    Keys = list[sa.ColumnElement[Any]]


def order_by(scope: Scope, query: Query) -> Keys:
    """What to order by: the fields of the query, empty ones last, and then the issue's id."""
    keys: Keys = []
    for order in query.order:
        try:
            keys += [(k.desc() if order.descending else k.asc()).nulls_last() for k in _keys(scope, order)]
        except WrongQuery as error:
            scope.gather(error)
    last = query.order[-1] if query.order else None
    return [*keys, scope.i.c.id.desc() if last is not None and last.descending else scope.i.c.id]


def _keys(scope: Scope, order: Order) -> Keys:
    field = scope.fields.find(order.field, order.at)
    if not field.orderable:
        names = [f.name for f in scope.fields.all if f.orderable]
        raise wrong(f"results can't be ordered by {field.name}.{meant(field.name, names)}", order.at)
    return _BY[field.meaning or field.name](scope.i.c)


def _project(i: Any) -> sa.ColumnElement[Any]:  # noqa: ANN401
    p = t.projects.alias()
    return _value(p, p.c.key, p.c.id == i.project_id)


def _value(table: Any, column: Any, *where: Any) -> sa.ColumnElement[Any]:  # noqa: ANN401
    return sa.select(column).where(*where).correlate_except(table).scalar_subquery()


def _least(names: sa.Table, links: sa.Table, owner: str, other: str) -> Callable[[Any], Keys]:
    """By the first, as a dictionary has them, of the names that an issue is linked to."""

    def keys(i: Any) -> Keys:  # noqa: ANN401
        n, link = names.alias(), links.alias()
        both = sa.select(sa.func.min(sa.func.lower(n.c.name))).select_from(n.join(link, n.c.id == link.c[other]))
        return [both.where(link.c[owner] == i.id).correlate_except(n, link).scalar_subquery()]

    return keys


def _person(name: str) -> Callable[[Any], Keys]:
    def keys(i: Any) -> Keys:  # noqa: ANN401
        u = t.users.alias()
        return [_value(u, sa.func.lower(u.c.name), u.c.id == i[name])]

    return keys


def _status(column: str) -> Callable[[Any], Keys]:
    def keys(i: Any) -> Keys:  # noqa: ANN401
        w = t.workflow_statuses.alias()
        by = w.c.rank if column == "rank" else sa.case({"new": 1, "indeterminate": 2, "done": 3}, value=w.c.category, else_=4)
        return [_value(w, by, w.c.name == i.workflow)]

    return keys


def _execution(column: str) -> Callable[[Any], Keys]:
    def keys(i: Any) -> Keys:  # noqa: ANN401
        e = t.executions.alias()
        return [_value(e, sa.func.nullif(e.c[column], "") if column == "revision" else e.c[column], e.c.issue_id == i.id)]

    return keys


_TYPES = {int(k): place for place, k in enumerate(sorted(IssueType, key=lambda k: k.label))}
_BY: dict[str, Callable[[Any], Keys]] = {
    "project": lambda i: [_project(i)],
    "issuetype": lambda i: [sa.case(_TYPES, value=i.type_id, else_=len(_TYPES))],
    "key": lambda i: [_project(i), i.number],
    "summary": lambda i: [sa.func.lower(i.summary)],
    "status": _status("rank"),
    "statusCategory": _status("category"),
    "resolution": _status("category"),
    "priority": lambda i: [-i.priority],
    "component": _least(t.components, t.issue_components, "issue_id", "component_id"),
    "fixVersion": _least(t.versions, t.issue_versions, "issue_id", "version_id"),
    "assignee": _person("assignee_id"),
    "reporter": _person("reporter_id"),
    "created": lambda i: [i.created_ms],
    "updated": lambda i: [i.updated_ms],
    "revision": _execution("revision"),
    "begin": _execution("begin_ms"),
    "end": _execution("end_ms"),
}
