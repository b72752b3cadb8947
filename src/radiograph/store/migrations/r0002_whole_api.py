# SPDX-License-Identifier: Apache-2.0
"""All that Xray's API and Jira's speak of: sets, preconditions, folders, datasets, files, comments, links, workflow, history.

It is written down here as it was, apart from `store/tables.py`, which goes on changing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store.migrations import columns as c

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Add columns, then tables, then what a new instance has in them."""
    _add_columns(op)
    _gatherings(op)
    _added_by_people(op)
    _history(op)
    _fill(op)


def _add_columns(op: Operations) -> None:
    for table, column in (
        ("versions", c.text("start_date", default="")),
        ("versions", c.text("release_date", default="")),
        ("components", c.text("description", default="")),
        ("issues", c.small("priority", default="3")),
        ("issues", c.big("parent_id", null=True)),
        ("test_versions", c.text("step_details", null=True)),
    ):
        op.add_column(table, column)
    op.create_index("ix_issues_parent_id", "issues", ["parent_id"])


def _gatherings(op: Operations) -> None:
    op.create_table("preconditions", c.key_of("issue_id", "issues.id"), c.small("type", default="0"), c.text("definition", default=""))
    for table, owner in (("precondition_tests", "precondition_id"), ("set_tests", "set_id")):
        op.create_table(table, c.big(owner), c.big("test_id"), c.keys(owner, "test_id"), sa.Index(None, "test_id"))
    op.create_table(
        "folders", c.identity(), c.ref("project_id", "projects.id"), c.big("board_id"), c.big("parent_id"), c.text("name"),
        c.integer("rank"), sa.UniqueConstraint("project_id", "board_id", "parent_id", "name"),
    )  # fmt: skip
    op.create_table(
        "folder_tests", c.big("board_id"), c.big("test_id"), c.ref("folder_id", "folders.id"), c.integer("rank"),
        c.keys("board_id", "test_id"), sa.Index(None, "folder_id", "rank"), sa.Index(None, "test_id"),
    )  # fmt: skip
    op.create_table(
        "datasets", c.big("test_id"), c.big("context_id"), c.text("columns", default="[]"), c.text("rows", default="[]"),
        c.big("updated_ms"), c.keys("test_id", "context_id"), sa.Index(None, "context_id"),
    )  # fmt: skip
    op.create_table(
        "run_fields", c.identity(), c.ref("project_id", "projects.id"), c.text("of"), c.text("name"), c.text("description", default=""),
        c.text("type", default=""), c.flag("required", default="0"), c.text("options", default="[]"), c.integer("rank", default="0"),
        sa.UniqueConstraint("project_id", "of", "name"),
    )  # fmt: skip


def _added_by_people(op: Operations) -> None:
    op.create_table(
        "attachments", c.identity(), c.big("project_id"), c.ref("issue_id", "issues.id"), c.flag("of_step", default="0"),
        c.text("filename"), c.text("content_type"), c.big("size"), c.text("sha256"), c.big("created_ms"), c.big("author_id", null=True),
        sa.Index(None, "issue_id"), sa.Index(None, "sha256"),
    )  # fmt: skip
    op.create_table(
        "comments", c.identity(), c.ref("issue_id", "issues.id"), c.big("author_id", null=True), c.text("body", default=""),
        c.big("created_ms"), c.big("editor_id", null=True), c.big("updated_ms"), sa.Index(None, "issue_id", "id"),
    )  # fmt: skip
    op.create_table("link_types", c.identity(), c.text("name", unique=True), c.text("inward", default=""), c.text("outward", default=""))
    op.create_table(
        "issue_links", c.identity(), c.ref("type_id", "link_types.id"), c.ref("source_id", "issues.id"), c.ref("target_id", "issues.id"),
        sa.UniqueConstraint("source_id", "target_id", "type_id"), sa.Index(None, "target_id"),
    )  # fmt: skip
    op.create_table(
        "workflow_statuses", c.identity(), c.text("name", unique=True), c.text("category", default=""), c.integer("rank", default="0"),
    )  # fmt: skip
    op.create_table(
        "workflow_transitions", c.identity(), c.text("name"), c.ref("from_id", "workflow_statuses.id", null=True),
        c.ref("to_id", "workflow_statuses.id"),
    )  # fmt: skip
    op.create_table(
        "filters", c.identity(), c.text("name"), c.ref("owner_id", "users.id"), c.text("jql", default=""),
        c.text("description", default=""), c.flag("shared", default="0"), c.big("created_ms"), c.big("updated_ms"),
        sa.UniqueConstraint("owner_id", "name"),
    )  # fmt: skip


def _history(op: Operations) -> None:
    op.create_table(
        "changes", c.identity(), c.big("project_id"), c.text("of"), c.big("subject_id"), c.big("user_id", null=True), c.big("at_ms"),
        c.text("field"), c.text("before", default=""), c.text("after", default=""), sa.Index(None, "of", "subject_id", "id"),
    )  # fmt: skip
    op.create_table(
        "jobs", c.identity(), c.text("kind"), c.big("project_id", null=True), c.big("user_id"), c.text("state", default=""),
        c.big("done"), c.big("total"), c.text("message", default=""), c.big("started_ms"), c.big("updated_ms"),
    )  # fmt: skip


_STATUSES = [(10000, "To Do", "new"), (3, "In Progress", "indeterminate"), (10001, "Done", "done")]
_TRANSITIONS = [(11, "To Do", 10000), (21, "In Progress", 3), (31, "Done", 10001)]
_LINK_TYPES = [
    (10000, "Blocks", "is blocked by", "blocks"),
    (10001, "Cloners", "is cloned by", "clones"),
    (10002, "Duplicate", "is duplicated by", "duplicates"),
    (10003, "Relates", "relates to", "relates to"),
    (10004, "Tests", "tested by", "tests"),
    (10005, "Defect", "created by", "created"),
]


def _fill(op: Operations) -> None:
    number, text = sa.BigInteger, sa.Text
    statuses = sa.table(
        "workflow_statuses", *(sa.column(*p) for p in (("id", number), ("name", text), ("category", text), ("rank", number)))
    )
    op.bulk_insert(statuses, [{"id": i, "name": n, "category": k, "rank": r} for r, (i, n, k) in enumerate(_STATUSES)])
    transitions = sa.table("workflow_transitions", *(sa.column(*p) for p in (("id", number), ("name", text), ("to_id", number))))
    op.bulk_insert(transitions, [{"id": i, "name": n, "to_id": to} for i, n, to in _TRANSITIONS])
    types = sa.table("link_types", *(sa.column(*p) for p in (("id", number), ("name", text), ("inward", text), ("outward", text))))
    op.bulk_insert(types, [{"id": i, "name": n, "inward": a, "outward": b} for i, n, a, b in _LINK_TYPES])
    fields = sa.table("custom_fields", *(sa.column(*p) for p in (("id", number), ("name", text), ("kind", text), ("meaning", text))))
    op.bulk_insert(fields, [
        {"id": 10114, "name": "Pre-Conditions association with a Test", "kind": "issues", "meaning": "preconditions"},
        {"id": 10115, "name": "Test Sets association with a Test", "kind": "issues", "meaning": "test_sets"},
        {"id": 10116, "name": "Tests association with a Test Execution", "kind": "issues", "meaning": "tests"},
        {"id": 10117, "name": "Conditions", "kind": "text", "meaning": "condition"},
        {"id": 10118, "name": "Test Plan Status", "kind": "text", "meaning": "plan_status"},
        {"id": 10119, "name": "Test Execution Status", "kind": "text", "meaning": "execution_status"},
        {"id": 10120, "name": "Tests association with a Test Set", "kind": "issues", "meaning": "set_tests"},
        {"id": 10121, "name": "Tests associated with a Test Plan", "kind": "issues", "meaning": "plan_tests"},
        {"id": 10122, "name": "Requirement Status", "kind": "text", "meaning": "requirement_status"},
    ])  # fmt: skip
