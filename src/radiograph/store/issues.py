# SPDX-License-Identifier: Apache-2.0
"""Issues one at a time: making and changing them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.domain.import_plan import KnownTest, TestChange
from radiograph.domain.issues import EXECUTION_TYPES, Definition, IssueFields, IssueType, TestType, match_hash
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.import_writes import update_issue, version_row

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    project = conn.execute(sa.select(t.projects.c.key, t.projects.c.next_number).where(t.projects.c.id == new.project_id)).one()
    number = new.number or project.next_number
    after = max(project.next_number, number + 1)
    conn.execute(sa.update(t.projects).where(t.projects.c.id == new.project_id).values(next_number=after))
    issue_id = take_ids(conn, "issue", new.project_id, 1)
    key = f"{project.key}-{number}"
    conn.execute(
        sa.insert(t.issues).values(
            id=issue_id, project_id=new.project_id, number=number, key=key, type_id=int(new.type), reporter_id=caller_id,
            assignee_id=caller_id, created_ms=now, updated_ms=now,
        ),
    )  # fmt: skip
    update_issue(conn, issue_id, new.project_id, new.fields, now)
    if new.type in EXECUTION_TYPES:
        conn.execute(sa.insert(t.executions).values(issue_id=issue_id, project_id=new.project_id, next_rank=1))
    if new.type is IssueType.TEST:
        definition = new.definition or Definition(TestType.MANUAL)
        _create_test(conn, KnownTest(issue_id, key, new.project_id, definition.type), definition, new.fields.summary or "", caller_id)
    return issue_id, key


def _create_test(conn: sa.Connection, test: KnownTest, definition: Definition, summary: str, caller_id: int) -> None:
    test.version_id = take_ids(conn, "definition", test.project_id, 1)
    change = TestChange(test, created=True, definition=definition)
    columns = ("id", "test_id", "number", "type", "text", "scenario_type", "steps", "created_ms", "created_by")
    conn.execute(sa.insert(t.test_versions).values(dict(zip(columns, version_row(change, definition, caller_id, now_ms()), strict=True))))
    text = definition.text if definition.type is TestType.GENERIC else summary
    conn.execute(
        sa.insert(t.tests).values(
            issue_id=test.id, project_id=test.project_id, type=int(definition.type), version_id=test.version_id,
            match_hash=match_hash(test.project_id, definition.type, text), step_count=len(definition.steps),
        ),
    )  # fmt: skip


def add_plan_tests(conn: sa.Connection, plan_id: int, test_ids: Sequence[int]) -> None:
    """Add Tests to a Test Plan that it doesn't have."""
    has = set(conn.execute(sa.select(t.plan_tests.c.test_id).where(t.plan_tests.c.plan_id == plan_id)).scalars())
    rows = [{"plan_id": plan_id, "test_id": i} for i in dict.fromkeys(test_ids) if i not in has]
    if rows:
        conn.execute(sa.insert(t.plan_tests), rows)


def labels_of(row: sa.Row[Any]) -> list[str]:
    """The labels of an issue's row."""
    return list(json.loads(row.labels)) if row.labels else []
