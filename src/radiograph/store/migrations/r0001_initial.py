# SPDX-License-Identifier: Apache-2.0
"""The first schema.

It is written down here as it was, apart from `store/tables.py`, which goes on changing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

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
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade(op: Operations) -> None:
    """Make every table; on PostgreSQL the big ones are keyed by their project too."""
    conn = op.get_bind()
    key = ("id",) if conn.dialect.name == "sqlite" else ("project_id", "id")
    metadata = sa.MetaData(naming_convention=_NAMES)
    for table in _TABLES.sorted_tables:
        copy = table.to_metadata(metadata)
        if table in _BIG:
            copy.append_constraint(_keys(*key))
    metadata.create_all(conn)


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(name, _TABLES, *parts)


def _big_table(name: str, *parts: sa.schema.SchemaItem) -> None:
    _BIG.append(_table(name, _big("id"), _big("project_id"), *parts))


def _keys(*columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns)


def _id() -> sa.Column[int]:
    return sa.Column("id", _NUMBER, primary_key=True, autoincrement=False)


def _key_of(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, sa.ForeignKey(target), primary_key=True, autoincrement=False)


def _ref(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, sa.ForeignKey(target), nullable=False)


def _big(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, nullable=null, autoincrement=False)


def _int(name: str, kind: Any = sa.Integer, default: str | None = None) -> sa.Column[int]:  # noqa: ANN401  (a type or its class)
    return sa.Column(name, kind, nullable=False, server_default=default)


def _small(name: str, default: str | None = None) -> sa.Column[int]:
    return _int(name, sa.SmallInteger, default)


def _flag(name: str, default: str | None = None) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=default)


def _text(name: str, default: str | None = None, *, null: bool = False, unique: bool | None = None, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, server_default=default, unique=unique, primary_key=key)


_table("settings", _text("name", key=True), _text("value"))
_table("counters", _text("name", key=True), _big("next"))
_table(
    "id_blocks", _text("kind"), _big("first"), _big("last"), _big("next"), _big("project_id"), _keys("kind", "first"),
    sa.Index(None, "kind", "project_id", "first"),
)  # fmt: skip
_table(
    "statuses", _text("of"), _int("id"), _text("name", default=""), _text("description", default=""), _text("color", default=""),
    _flag("final"), _text("requirement", default=""), _text("means", default=""), _keys("of", "id"),
    sa.UniqueConstraint("of", "name"),
)  # fmt: skip
_table("custom_fields", _id(), _text("name"), _text("kind", default="text"), _text("meaning", default=""))
_table(
    "users", _id(), _text("name", unique=True), _text("display_name", default=""), _text("email", default=""),
    _text("password_hash", null=True), _flag("active", default="1"), _flag("admin", default="0"), _big("created_ms"),
)  # fmt: skip
_table(
    "tokens", _id(), _ref("user_id", "users.id"), _text("name"), _text("sha256", unique=True), _text("projects", null=True),
    _text("rights", null=True), _big("created_ms"), _big("expires_ms", null=True), sa.UniqueConstraint("user_id", "name"),
)  # fmt: skip
_table(
    "sessions", _text("sha256", key=True), _ref("user_id", "users.id"), _big("token_id", null=True), _big("created_ms"),
    _big("expires_ms"), sa.Index(None, "user_id"),
)  # fmt: skip
_table("roles", _ref("project_id", "projects.id"), _ref("user_id", "users.id"), _text("role"), _keys("project_id", "user_id"))
_table("audit", _id(), _big("at_ms"), _big("user_id", null=True), _text("action"), _text("subject", default=""), _text("counts", null=True))
_table(
    "projects", _id(), _text("key", unique=True), _text("name", default=""), _text("description", default=""), _big("next_number"),
    _big("created_ms"),
)  # fmt: skip
_table(
    "versions", _id(), _ref("project_id", "projects.id"), _text("name"), _text("description", default=""),
    _flag("released", default="0"), _flag("archived", default="0"), sa.UniqueConstraint("project_id", "name"),
)  # fmt: skip
_table("components", _id(), _ref("project_id", "projects.id"), _text("name"), sa.UniqueConstraint("project_id", "name"))
_table("environments", _id(), _text("name", unique=True))
_table(
    "issues", _id(), _ref("project_id", "projects.id"), _big("number"), _text("key", unique=True), _int("type_id"),
    _text("summary", default=""), _text("description", default=""), _text("workflow", default="To Do"),
    _big("reporter_id", null=True), _big("assignee_id", null=True), _big("created_ms"), _big("updated_ms"),
    _text("labels", null=True), _text("fields", null=True), sa.Index(None, "project_id", "type_id", "id"),
)  # fmt: skip
_table("issue_aliases", _text("key", key=True), _ref("issue_id", "issues.id"))
_table(
    "issue_versions", _ref("issue_id", "issues.id"), _ref("version_id", "versions.id"), _keys("issue_id", "version_id"),
    sa.Index(None, "version_id"),
)  # fmt: skip
_table("issue_components", _ref("issue_id", "issues.id"), _ref("component_id", "components.id"), _keys("issue_id", "component_id"))
_table(
    "tests", _key_of("issue_id", "issues.id"), _big("project_id"), _small("type"),
    _int("match_hash", sa.BigInteger), _big("version_id"), _int("step_count", default="0"),
    sa.Index(None, "match_hash"),
)  # fmt: skip
_table(
    "test_versions", _id(), _big("test_id"), _int("number"), _small("type"), _text("text", default=""),
    _text("scenario_type", default=""), _text("steps", null=True), _big("created_ms"), _big("created_by", null=True),
    sa.UniqueConstraint("test_id", "number"),
)  # fmt: skip
_table("requirement_links", _big("requirement_id"), _big("test_id"), _keys("requirement_id", "test_id"), sa.Index(None, "test_id"))
_table(
    "executions", _key_of("issue_id", "issues.id"), _big("project_id"), _text("revision", default=""), _big("begin_ms", null=True),
    _small("begin_offset", default="0"), _big("end_ms", null=True), _small("end_offset", default="0"), _text("branch", default=""),
    _text("build_url", default=""), _big("next_rank"), _big("imported_ms", null=True), sa.Index(None, "project_id", "issue_id"),
)  # fmt: skip
_table(
    "execution_environments", _ref("execution_id", "executions.issue_id"), _ref("environment_id", "environments.id"),
    _keys("execution_id", "environment_id"), sa.Index(None, "environment_id"),
)  # fmt: skip
_table("execution_summaries", _big("execution_id"), _int("status_id"), _big("runs"), _keys("execution_id", "status_id"))
_table("plan_tests", _big("plan_id"), _big("test_id"), _keys("plan_id", "test_id"), sa.Index(None, "test_id"))
_table("plan_executions", _big("plan_id"), _big("execution_id"), _keys("plan_id", "execution_id"), sa.Index(None, "execution_id"))
_big_table(
    "runs", _big("execution_id"), _big("test_id"), _int("rank"), _int("attempts"), _big("version_id"),
    _small("status_id"), _big("start_ms", null=True), _small("start_offset"), _big("finish_ms", null=True), _small("finish_offset"),
    _text("comment"), _big("executor_id", null=True), _big("assignee_id", null=True), _big("fingerprint", null=True),
    _big("import_id", null=True), _text("custom_fields", null=True), sa.UniqueConstraint("project_id", "execution_id", "test_id"),
    sa.Index("ix_runs_history", "test_id", "id"), sa.Index("ix_runs_rank", "execution_id", "rank"),
    sa.Index("ix_runs_status", "execution_id", "status_id", "rank"),
)  # fmt: skip
_big_table(
    "run_attempts", _big("run_id"), _int("number"), _big("version_id"), _small("status_id"),
    _big("start_ms", null=True), _small("start_offset"), _big("finish_ms", null=True), _small("finish_offset"), _text("comment"),
    _big("executor_id", null=True), _big("assignee_id", null=True), _big("fingerprint", null=True), _big("import_id", null=True),
    _text("custom_fields", null=True), sa.Index("ix_run_attempts_run", "run_id", "number"),
)  # fmt: skip
_big_table(
    "run_iterations", _big("run_id"), _int("position"), _small("status_id"), _text("name"),
    _text("parameters"), _text("log"), _text("duration"), sa.Index("ix_run_iterations_run", "run_id", "position"),
)  # fmt: skip
_big_table(
    "run_steps", _big("run_id"), _big("iteration_id", null=True), _int("position"), _small("status_id"),
    _text("comment"), _text("actual"), sa.Index("ix_run_steps_run", "run_id", "position"),
)  # fmt: skip
_big_table(
    "run_examples", _big("run_id"), _int("position"), _small("status_id"),
    sa.Index("ix_run_examples_run", "run_id", "position"),
)  # fmt: skip
_big_table(
    "run_defects", _big("run_id"), _big("step_id", null=True), _big("issue_id", null=True), _text("key"),
    _flag("by_hand"), sa.Index("ix_run_defects_issue", "issue_id"), sa.Index("ix_run_defects_run", "run_id"),
)  # fmt: skip
_big_table(
    "run_evidence", _big("run_id"), _big("step_id", null=True), _text("filename"), _text("content_type"),
    _big("size"), _text("sha256"), _big("created_ms"), _big("author_id", null=True), sa.Index("ix_run_evidence_run", "run_id"),
    sa.Index(None, "sha256"),
)  # fmt: skip
_table(
    "imports", _id(), _big("project_id", null=True), _big("execution_id", null=True), _big("user_id"), _big("at_ms"),
    _text("format", default=""), _text("outcome", default=""), _big("bytes"), _text("sha256", default=""),
    _text("counts", default="{}"), _text("phases", default="{}"), _text("warnings", default="[]"), _text("error", default=""),
    sa.Index(None, "execution_id", "id"), sa.Index(None, "project_id", "id"), sa.Index(None, "at_ms", "id"),
)  # fmt: skip
_table(
    "deliveries", _big("user_id"), _text("key"), _text("fingerprint"), _text("answer"), _big("at_ms"),
    _keys("user_id", "key"), sa.Index(None, "at_ms"),
)  # fmt: skip
