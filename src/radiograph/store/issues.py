# SPDX-License-Identifier: Apache-2.0
"""Issues one at a time: making them, whatever their type."""

from __future__ import annotations

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.domain.import_plan import KnownTest
from radiograph.domain.issues import EXECUTION_TYPES, Definition, IssueFields, IssueType, TestType
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.definitions import create_test
from radiograph.store.execution_writes import insert_execution
from radiograph.store.issue_writes import Place, insert_issue, number_issues
from radiograph.store.preconditions import put_preconditions


class NewIssue(Struct, kw_only=True):
    """An issue to make; `definition` for Tests; `number` chooses its key (None: the next)."""

    project_id: int
    type: IssueType
    fields: IssueFields
    definition: Definition | None = None
    number: int | None = None


def create_issue(conn: sa.Connection, new: NewIssue, caller_id: int) -> tuple[int, str]:
    """Make an issue and return its id and key; with the given number, or the project's next."""
    now = now_ms()
    place = _place(conn, new)
    insert_issue(conn, place, new.fields, caller_id, now)
    if new.type in EXECUTION_TYPES:
        insert_execution(conn, place.id, place.project_id, {})
    if new.type is IssueType.PRECONDITION:
        put_preconditions(conn, {place.id: (TestType.MANUAL, "")})
    if new.type is IssueType.TEST:
        definition = new.definition or Definition(TestType.MANUAL)
        test = KnownTest(place.id, place.key, place.project_id, definition.type)
        create_test(conn, test, definition, new.fields.summary or "", caller_id, now)
    return place.id, place.key


def _place(conn: sa.Connection, new: NewIssue) -> Place:
    if new.number is None:
        key, number, issue_id = number_issues(conn, new.project_id, 1)
        return Place(issue_id, new.project_id, number, f"{key}-{number}", new.type)
    p = t.projects
    after = sa.case((p.c.next_number > new.number, p.c.next_number), else_=new.number + 1)
    key = conn.execute(sa.update(p).where(p.c.id == new.project_id).values(next_number=after).returning(p.c.key)).scalar_one()
    return Place(take_ids(conn, "issue", new.project_id, 1), new.project_id, new.number, f"{key}-{new.number}", new.type)
