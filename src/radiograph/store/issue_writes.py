# SPDX-License-Identifier: Apache-2.0
"""Writing issues of any type: numbers, rows, and the fields that are given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from radiograph.domain.issues import Priority
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.engines import bulk_insert
from radiograph.store.many import any_of
from radiograph.store.names import component_ids, people_ids, version_ids
from radiograph.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from radiograph.domain.issues import IssueFields, IssueType

COLUMNS = (
    "id", "project_id", "number", "key", "type_id", "summary", "description", "reporter_id", "assignee_id",
    "created_ms", "updated_ms", "labels", "fields", "priority", "workflow", "import_id",
)  # fmt: skip
_NUMBER = Prepared(
    lambda _dialect: sa.text("UPDATE projects SET next_number = next_number + :count WHERE id = :project RETURNING key, next_number"),
)
_FIRST_STATUS = Prepared(lambda _dialect: sa.text("SELECT name FROM workflow_statuses ORDER BY rank, id LIMIT 1"))
_INSERT = Prepared(lambda _dialect: sa.insert(t.issues), COLUMNS)


def number_issues(conn: sa.Connection, project_id: int, count: int) -> tuple[str, int, int]:
    """Reserve numbers and ids for new issues: the project's key, the first number and the first id."""
    ((key, after),) = _NUMBER.run(conn, project=project_id, count=count)
    return key, after - count, take_ids(conn, "issue", project_id, count)


def first_status(conn: sa.Connection) -> str:
    """The workflow status of a new issue."""
    row = _FIRST_STATUS.first(conn)
    return str(row[0]) if row else "To Do"


class Place(NamedTuple):
    """What a new issue is before it has fields."""

    id: int
    project_id: int
    number: int
    key: str
    type: IssueType


def insert_issue(conn: sa.Connection, place: Place, fields: IssueFields, caller_id: int, now: int, import_id: int | None = None) -> None:
    """Write a new issue whose reporter and, unless `fields` names another, assignee is the caller; `now` in UTC ms."""
    row: dict[str, Any] = {
        "id": place.id, "project_id": place.project_id, "number": place.number, "key": place.key, "type_id": int(place.type),
        "summary": "", "description": "", "labels": None, "reporter_id": caller_id, "assignee_id": caller_id,
        "created_ms": now, "updated_ms": now, "fields": json.dumps(fields.other, ensure_ascii=False) if fields.other else None,
        "priority": int(Priority.MEDIUM), "workflow": first_status(conn), "import_id": import_id,
    }  # fmt: skip
    _INSERT.run(conn, **(row | _given(conn, fields)))
    _link_names(conn, place.id, place.project_id, fields)


def update_issue(conn: sa.Connection, issue_id: int, project_id: int, fields: IssueFields, now: int) -> None:
    """Set the fields that are given (not None); versions and components are made where missing."""
    values = {"updated_ms": now} | _given(conn, fields)
    if fields.other:
        kept = conn.execute(sa.select(t.issues.c.fields).where(t.issues.c.id == issue_id)).scalar()
        values["fields"] = json.dumps((json.loads(kept) if kept else {}) | fields.other, ensure_ascii=False)
    conn.execute(sa.update(t.issues).where(t.issues.c.id == issue_id).values(values))
    _link_names(conn, issue_id, project_id, fields)


def update_created(conn: sa.Connection, ids: Sequence[int], project_id: int, fields: IssueFields, now: int) -> None:
    """Set the fields that are given on issues that were made just now, but for summary, description and labels; a few statements for all."""
    values = {"updated_ms": now} | _given(conn, fields)
    values = {name: v for name, v in values.items() if name not in {"summary", "description", "labels"}}
    if fields.other:
        values["fields"] = json.dumps(fields.other, ensure_ascii=False)
    conn.execute(sa.update(t.issues).where(any_of(conn, t.issues.c.id, list(ids))).values(values))
    links = (
        (t.issue_versions, version_ids(conn, project_id, fields.fix_versions or [])),
        (t.issue_components, component_ids(conn, project_id, fields.components or [])),
    )
    for table, named in links:
        bulk_insert(conn, table, [c.name for c in table.columns], [(i, other) for i in ids for other in named.values()])


def _given(conn: sa.Connection, fields: IssueFields) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if fields.summary is not None:
        values["summary"] = fields.summary
    if fields.description is not None:
        values["description"] = fields.description
    if fields.labels is not None:
        values["labels"] = json.dumps(fields.labels, ensure_ascii=False)
    if fields.priority is not None:
        values["priority"] = fields.priority
    if fields.assignee:
        values["assignee_id"] = people_ids(conn, [fields.assignee])[fields.assignee]
    return values


def _link_names(conn: sa.Connection, issue_id: int, project_id: int, fields: IssueFields) -> None:
    if fields.fix_versions is not None:
        replace_links(conn, t.issue_versions, issue_id, version_ids(conn, project_id, fields.fix_versions).values())
    if fields.components is not None:
        replace_links(conn, t.issue_components, issue_id, component_ids(conn, project_id, fields.components).values())


def replace_links(conn: sa.Connection, table: sa.Table, owner: int, ids: Iterable[int]) -> None:
    """Let an issue be linked to just these, by a table of two columns: the issue's id and the other's."""
    mine, other = table.columns
    conn.execute(sa.delete(table).where(mine == owner))
    rows = [{mine.name: owner, other.name: i} for i in dict.fromkeys(ids)]
    if rows:
        conn.execute(sa.insert(table), rows)


def set_columns(conn: sa.Connection, issue_id: int, values: dict[str, Any]) -> None:
    """Set columns of an issue."""
    conn.execute(sa.update(t.issues).where(t.issues.c.id == issue_id).values(values))


def put_other(conn: sa.Connection, issue_id: int, name: str, value: Any) -> None:  # noqa: ANN401  (any JSON)
    """Keep one of the fields that are kept as JSON; None removes it."""
    kept = conn.execute(sa.select(t.issues.c.fields).where(t.issues.c.id == issue_id)).scalar()
    other = {k: v for k, v in (json.loads(kept) if kept else {}).items() if k != name}
    if value is not None:
        other[name] = value
    set_columns(conn, issue_id, {"fields": json.dumps(other, ensure_ascii=False) if other else None})
