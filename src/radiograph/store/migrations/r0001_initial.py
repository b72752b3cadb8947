# SPDX-License-Identifier: Apache-2.0
"""The first schema.

It is written down here as it was, apart from `store/tables.py`, which goes on changing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store.migrations import columns as c

if TYPE_CHECKING:
    from alembic.operations import Operations

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_TABLES = sa.MetaData(naming_convention=_NAMES)
_BIG: list[sa.Table] = []


def upgrade(op: Operations) -> None:
    """Make every table; on PostgreSQL the big ones are keyed by their project too."""
    conn = op.get_bind()
    key = ("id",) if conn.dialect.name == "sqlite" else ("project_id", "id")
    metadata = sa.MetaData(naming_convention=_NAMES)
    for table in _TABLES.sorted_tables:
        copy = table.to_metadata(metadata)
        if table in _BIG:
            copy.append_constraint(c.keys(*key))
    metadata.create_all(conn)


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, _TABLES, *parts)


def _big_table(name: str, *parts: sa.schema.SchemaItem) -> None:
    _BIG.append(_table(name, c.big("id"), c.big("project_id"), *parts))


_table("settings", c.text("name", key=True), c.text("value"))
_table("counters", c.text("name", key=True), c.big("next"))
_table(
    "id_blocks", c.text("kind"), c.big("first"), c.big("last"), c.big("next"), c.big("project_id"), c.keys("kind", "first"),
    sa.Index(None, "kind", "project_id", "first"),
)  # fmt: skip
_table(
    "statuses", c.text("of"), c.integer("id"), c.text("name", default=""), c.text("description", default=""), c.text("color", default=""),
    c.flag("final"), c.text("requirement", default=""), c.text("means", default=""), c.keys("of", "id"),
    sa.UniqueConstraint("of", "name"),
)  # fmt: skip
_table("custom_fields", c.identity(), c.text("name"), c.text("kind", default="text"), c.text("meaning", default=""))
_table(
    "users", c.identity(), c.text("name", unique=True), c.text("display_name", default=""), c.text("email", default=""),
    c.text("password_hash", null=True), c.flag("active", default="1"), c.flag("admin", default="0"), c.big("created_ms"),
)  # fmt: skip
_table(
    "tokens", c.identity(), c.ref("user_id", "users.id"), c.text("name"), c.text("sha256", unique=True), c.text("projects", null=True),
    c.text("rights", null=True), c.big("created_ms"), c.big("expires_ms", null=True), sa.UniqueConstraint("user_id", "name"),
)  # fmt: skip
_table(
    "sessions", c.text("sha256", key=True), c.ref("user_id", "users.id"), c.big("token_id", null=True), c.big("created_ms"),
    c.big("expires_ms"), sa.Index(None, "user_id"),
)  # fmt: skip
_table("roles", c.ref("project_id", "projects.id"), c.ref("user_id", "users.id"), c.text("role"), c.keys("project_id", "user_id"))
_table(
    "audit",
    c.identity(),
    c.big("at_ms"),
    c.big("user_id", null=True),
    c.text("action"),
    c.text("subject", default=""),
    c.text("counts", null=True),
)
_table(
    "projects", c.identity(), c.text("key", unique=True), c.text("name", default=""), c.text("description", default=""), c.big("next_number"),
    c.big("created_ms"),
)  # fmt: skip
_table(
    "versions", c.identity(), c.ref("project_id", "projects.id"), c.text("name"), c.text("description", default=""),
    c.flag("released", default="0"), c.flag("archived", default="0"), sa.UniqueConstraint("project_id", "name"),
)  # fmt: skip
_table("components", c.identity(), c.ref("project_id", "projects.id"), c.text("name"), sa.UniqueConstraint("project_id", "name"))
_table("environments", c.identity(), c.text("name", unique=True))
_table(
    "issues", c.identity(), c.ref("project_id", "projects.id"), c.big("number"), c.text("key", unique=True), c.integer("type_id"),
    c.text("summary", default=""), c.text("description", default=""), c.text("workflow", default="To Do"),
    c.big("reporter_id", null=True), c.big("assignee_id", null=True), c.big("created_ms"), c.big("updated_ms"),
    c.text("labels", null=True), c.text("fields", null=True), sa.Index(None, "project_id", "type_id", "id"),
)  # fmt: skip
_table("issue_aliases", c.text("key", key=True), c.ref("issue_id", "issues.id"))
_table(
    "issue_versions", c.ref("issue_id", "issues.id"), c.ref("version_id", "versions.id"), c.keys("issue_id", "version_id"),
    sa.Index(None, "version_id"),
)  # fmt: skip
_table("issue_components", c.ref("issue_id", "issues.id"), c.ref("component_id", "components.id"), c.keys("issue_id", "component_id"))
_table(
    "tests", c.key_of("issue_id", "issues.id"), c.big("project_id"), c.small("type"),
    c.integer("match_hash", sa.BigInteger), c.big("version_id"), c.integer("step_count", default="0"),
    sa.Index(None, "match_hash"),
)  # fmt: skip
_table(
    "test_versions", c.identity(), c.big("test_id"), c.integer("number"), c.small("type"), c.text("text", default=""),
    c.text("scenario_type", default=""), c.text("steps", null=True), c.big("created_ms"), c.big("created_by", null=True),
    sa.UniqueConstraint("test_id", "number"),
)  # fmt: skip
_table("requirement_links", c.big("requirement_id"), c.big("test_id"), c.keys("requirement_id", "test_id"), sa.Index(None, "test_id"))
_table(
    "executions", c.key_of("issue_id", "issues.id"), c.big("project_id"), c.text("revision", default=""), c.big("begin_ms", null=True),
    c.small("begin_offset", default="0"), c.big("end_ms", null=True), c.small("end_offset", default="0"), c.text("branch", default=""),
    c.text("build_url", default=""), c.big("next_rank"), c.big("imported_ms", null=True), sa.Index(None, "project_id", "issue_id"),
)  # fmt: skip
_table(
    "execution_environments", c.ref("execution_id", "executions.issue_id"), c.ref("environment_id", "environments.id"),
    c.keys("execution_id", "environment_id"), sa.Index(None, "environment_id"),
)  # fmt: skip
_table("execution_summaries", c.big("execution_id"), c.integer("status_id"), c.big("runs"), c.keys("execution_id", "status_id"))
_table("plan_tests", c.big("plan_id"), c.big("test_id"), c.keys("plan_id", "test_id"), sa.Index(None, "test_id"))
_table("plan_executions", c.big("plan_id"), c.big("execution_id"), c.keys("plan_id", "execution_id"), sa.Index(None, "execution_id"))
_big_table(
    "runs", c.big("execution_id"), c.big("test_id"), c.integer("rank"), c.integer("attempts"), c.big("version_id"),
    c.small("status_id"), c.big("start_ms", null=True), c.small("start_offset"), c.big("finish_ms", null=True), c.small("finish_offset"),
    c.text("comment"), c.big("executor_id", null=True), c.big("assignee_id", null=True), c.big("fingerprint", null=True),
    c.big("import_id", null=True), c.text("custom_fields", null=True), sa.UniqueConstraint("project_id", "execution_id", "test_id"),
    sa.Index("ix_runs_history", "test_id", "id"), sa.Index("ix_runs_rank", "execution_id", "rank"),
    sa.Index("ix_runs_status", "execution_id", "status_id", "rank"),
)  # fmt: skip
_big_table(
    "run_attempts", c.big("run_id"), c.integer("number"), c.big("version_id"), c.small("status_id"),
    c.big("start_ms", null=True), c.small("start_offset"), c.big("finish_ms", null=True), c.small("finish_offset"), c.text("comment"),
    c.big("executor_id", null=True), c.big("assignee_id", null=True), c.big("fingerprint", null=True), c.big("import_id", null=True),
    c.text("custom_fields", null=True), sa.Index("ix_run_attempts_run", "run_id", "number"),
)  # fmt: skip
_big_table(
    "run_iterations", c.big("run_id"), c.integer("position"), c.small("status_id"), c.text("name"),
    c.text("parameters"), c.text("log"), c.text("duration"), sa.Index("ix_run_iterations_run", "run_id", "position"),
)  # fmt: skip
_big_table(
    "run_steps", c.big("run_id"), c.big("iteration_id", null=True), c.integer("position"), c.small("status_id"),
    c.text("comment"), c.text("actual"), sa.Index("ix_run_steps_run", "run_id", "position"),
)  # fmt: skip
_big_table(
    "run_examples", c.big("run_id"), c.integer("position"), c.small("status_id"),
    sa.Index("ix_run_examples_run", "run_id", "position"),
)  # fmt: skip
_big_table(
    "run_defects", c.big("run_id"), c.big("step_id", null=True), c.big("issue_id", null=True), c.text("key"),
    c.flag("by_hand"), sa.Index("ix_run_defects_issue", "issue_id"), sa.Index("ix_run_defects_run", "run_id"),
)  # fmt: skip
_big_table(
    "run_evidence", c.big("run_id"), c.big("step_id", null=True), c.text("filename"), c.text("content_type"),
    c.big("size"), c.text("sha256"), c.big("created_ms"), c.big("author_id", null=True), sa.Index("ix_run_evidence_run", "run_id"),
    sa.Index(None, "sha256"),
)  # fmt: skip
_table(
    "imports", c.identity(), c.big("project_id", null=True), c.big("execution_id", null=True), c.big("user_id"), c.big("at_ms"),
    c.text("format", default=""), c.text("outcome", default=""), c.big("bytes"), c.text("sha256", default=""),
    c.text("counts", default="{}"), c.text("phases", default="{}"), c.text("warnings", default="[]"), c.text("error", default=""),
    sa.Index(None, "execution_id", "id"), sa.Index(None, "project_id", "id"), sa.Index(None, "at_ms", "id"),
)  # fmt: skip
_table(
    "deliveries", c.big("user_id"), c.text("key"), c.text("fingerprint"), c.text("answer"), c.big("at_ms"),
    c.keys("user_id", "key"), sa.Index(None, "at_ms"),
)  # fmt: skip
