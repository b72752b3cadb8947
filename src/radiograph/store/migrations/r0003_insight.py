# SPDX-License-Identifier: Apache-2.0
"""What results mean over time, and who is told: aliases of Tests, quarantine, known and flaky failures, hooks, imports taken back.

It is written down here as it was, apart from `store/tables.py`, which goes on changing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store.migrations import columns as c

if TYPE_CHECKING:
    from alembic.operations import Operations


BY_HAND = """
    UPDATE executions SET imported_ms = edited.at_ms FROM (
        SELECT r.execution_id, max(c.at_ms) AS at_ms FROM changes c JOIN runs r ON r.id = c.subject_id WHERE c.of = 'run' GROUP BY r.execution_id
    ) AS edited WHERE executions.issue_id = edited.execution_id AND coalesce(executions.imported_ms, 0) < edited.at_ms
"""
"""Results entered by hand make an execution as young as imported ones do; retention goes by it."""


def upgrade(op: Operations) -> None:
    """Add columns and indexes, then tables."""
    _add_columns(op)
    _tests(op)
    _failures(op)
    _going_out(op)


def _add_columns(op: Operations) -> None:
    for table, column in (
        ("issues", c.big("import_id", null=True)),
        ("executions", c.big("baseline_id", null=True)),
        ("imports", c.big("undone_ms", null=True)),
        ("imports", c.big("undone_by", null=True)),
        ("imports", c.text("made", null=True)),
        ("deliveries", c.big("import_id", null=True)),
    ):
        op.add_column(table, column)
    op.execute(BY_HAND)
    op.create_index("ix_audit_at_ms_id", "audit", ["at_ms", "id"])
    op.create_index("ix_executions_project_id_branch_issue_id", "executions", ["project_id", "branch", "issue_id"])
    failed = sa.text("fingerprint IS NOT NULL")
    op.create_index(
        "ix_runs_fingerprint", "runs", ["project_id", "fingerprint", "id"], sqlite_where=failed, postgresql_where=failed,
    )  # fmt: skip


def _tests(op: Operations) -> None:
    op.create_table(
        "test_aliases", sa.Column("match_hash", sa.BigInteger, primary_key=True, autoincrement=False), c.ref("test_id", "tests.issue_id"),
        c.small("type"), c.text("text", default=""), c.big("created_ms"), sa.Index(None, "test_id"),
    )  # fmt: skip
    op.create_table(
        "project_settings", c.ref("project_id", "projects.id"), c.text("name"), c.text("value", default=""), c.keys("project_id", "name"),
    )  # fmt: skip


def _failures(op: Operations) -> None:
    op.create_table(
        "quarantines", c.identity(), c.ref("project_id", "projects.id"), c.big("test_id"), c.text("reason", default=""),
        c.big("until_ms", null=True), c.big("created_ms"), c.big("created_by", null=True), c.big("ended_ms", null=True),
        c.big("ended_by", null=True), sa.Index(None, "project_id", "test_id"),
    )  # fmt: skip
    op.create_table(
        "known_failures", c.ref("project_id", "projects.id"), c.big("fingerprint"), c.text("defect_key"), c.big("created_ms"),
        c.big("created_by", null=True), c.flag("links", default="0"), c.keys("project_id", "fingerprint", "defect_key"),
    )  # fmt: skip
    op.create_table(
        "flaky_tests", c.ref("project_id", "projects.id"), c.big("test_id"), c.text("environments"), c.integer("runs"),
        c.integer("failures"), c.integer("flips"), c.integer("retries"), c.integer("score"), c.text("evidence", default="{}"),
        c.big("last_ms"), c.big("computed_ms"), c.keys("project_id", "test_id", "environments"),
        sa.Index(None, "project_id", "score", "test_id"),
    )  # fmt: skip


def _going_out(op: Operations) -> None:
    op.create_table(
        "hooks", c.identity(), c.ref("project_id", "projects.id"), c.text("name", default=""), c.text("url"), c.text("secret", default=""),
        c.text("shape", default=""), c.text("events", default="[]"), c.flag("active", default="1"), c.big("created_ms"),
        c.big("created_by", null=True), sa.Index(None, "project_id"),
    )  # fmt: skip
    op.create_table(
        "subscriptions", c.ref("project_id", "projects.id"), c.ref("user_id", "users.id"), c.text("kind"), c.big("created_ms"),
        c.big("sent_ms", null=True), c.keys("project_id", "user_id", "kind"),
    )  # fmt: skip
    op.create_table(
        "outgoing", c.identity(), c.big("project_id"), c.big("hook_id", null=True), c.text("address", default=""), c.text("event"),
        c.text("body", default=""), c.text("state", default=""), c.big("at_ms"), c.big("due_ms"), c.small("tries", default="0"),
        c.text("answer", default=""), sa.Index(None, "state", "due_ms"), sa.Index(None, "hook_id", "id"),
    )  # fmt: skip
