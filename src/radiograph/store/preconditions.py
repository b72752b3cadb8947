# SPDX-License-Identifier: Apache-2.0
"""Preconditions: their type and definition, and the Tests that they stand before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.issues import IssueType, TestType
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class PreconditionRow(Struct, frozen=True):
    """A Precondition; `definition` is its steps or its Gherkin, people are names."""

    id: int
    key: str
    project_id: int
    summary: str
    type: TestType
    definition: str
    assignee: str
    reporter: str


_ASSIGNEE, _REPORTER = t.users.alias("assignee"), t.users.alias("reporter")
_COLUMNS: list[Any] = [
    t.issues.c.id, t.issues.c.key, t.issues.c.project_id, t.issues.c.summary, t.preconditions.c.type, t.preconditions.c.definition,
    _ASSIGNEE.c.name, _REPORTER.c.name,
]  # fmt: skip
_FROM = (
    t.issues.outerjoin(t.preconditions, t.preconditions.c.issue_id == t.issues.c.id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == t.issues.c.assignee_id)
    .outerjoin(_REPORTER, _REPORTER.c.id == t.issues.c.reporter_id)
)


def _row(row: Sequence[Any]) -> PreconditionRow:
    number, key, project, summary, kind, definition, assignee, reporter = row
    return PreconditionRow(number, key, project, summary, TestType(kind or 0), definition or "", assignee or "", reporter or "")


def preconditions(conn: sa.Connection, ids: Sequence[int]) -> dict[int, PreconditionRow]:
    """These Preconditions by id; one that was never defined is Manual and empty, an issue of another type is left out."""
    where = (any_of(conn, t.issues.c.id, list(ids) or [0]), t.issues.c.type_id == int(IssueType.PRECONDITION))
    return {row[0]: _row(row) for row in conn.execute(sa.select(*_COLUMNS).select_from(_FROM).where(*where))}


def put_preconditions(conn: sa.Connection, given: Mapping[int, tuple[TestType, str]]) -> None:
    """Set the type and the definition of Preconditions, by the issues' ids."""
    if not given:
        return
    conn.execute(sa.delete(t.preconditions).where(any_of(conn, t.preconditions.c.issue_id, sorted(given))))
    rows = [{"issue_id": number, "type": int(kind), "definition": text} for number, (kind, text) in given.items()]
    conn.execute(sa.insert(t.preconditions), rows)


def preconditions_of_tests(conn: sa.Connection, test_ids: Sequence[int]) -> dict[int, list[PreconditionRow]]:
    """The Preconditions of these Tests, by id; a Test without any is left out."""
    pt = t.precondition_tests.c
    source = t.precondition_tests.join(_FROM, t.issues.c.id == pt.precondition_id)
    query = sa.select(pt.test_id, *_COLUMNS).select_from(source).where(any_of(conn, pt.test_id, list(test_ids) or [0]))
    found: dict[int, list[PreconditionRow]] = {}
    for test_id, *row in conn.execute(query.order_by(pt.precondition_id)):
        found.setdefault(test_id, []).append(_row(row))
    return found
