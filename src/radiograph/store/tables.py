# SPDX-License-Identifier: Apache-2.0
"""Every table, once, for both databases.

Times are UTC milliseconds (`*_ms`) with the offset in minutes they were written with (`*_offset`).
Columns that hold JSON are TEXT: nothing is searched inside them. The big tables (`BIG`) carry their
project and have no foreign keys: the import plan guarantees them and `check --deep` proves them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 3
"""What this code writes."""
COMPATIBLE_FROM = 3
"""The oldest code (by its SCHEMA_VERSION) that may open a database written by this code.

2: older code doesn't know `attachments` and would sweep their files away. 3: it doesn't know `test_aliases` and would
make Tests anew that were renamed or merged.
"""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)
_ID = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", _ID, primary_key=True, autoincrement=False)


def _ref(name: str, target: str, *, null: bool = False) -> Column[int]:
    return Column(name, _ID, ForeignKey(target), nullable=null)


def _big(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, _ID, nullable=null)


def _text(name: str, default: str | None = "") -> Column[str]:
    if default is None:
        return Column(name, Text, nullable=True)
    return Column(name, Text, nullable=False, server_default=default)


# --- the instance -------------------------------------------------------------------------------
settings = Table("settings", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
counters = Table("counters", metadata, Column("name", Text, primary_key=True), _big("next"))
id_blocks = Table(
    "id_blocks",
    metadata,
    Column("kind", Text, nullable=False),
    _big("first"),
    _big("last"),
    _big("next"),
    _big("project_id"),
    PrimaryKeyConstraint("kind", "first"),
    Index(None, "kind", "project_id", "first"),
)
statuses = Table(
    "statuses",
    metadata,
    Column("of", Text, nullable=False),
    Column("id", Integer, nullable=False),
    _text("name"),
    _text("description"),
    _text("color"),
    Column("final", Boolean, nullable=False),
    _text("requirement"),
    _text("means"),
    PrimaryKeyConstraint("of", "id"),
    UniqueConstraint("of", "name"),
)
custom_fields = Table(
    "custom_fields",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    _text("kind", "text"),
    _text("meaning"),
)
# --- who ----------------------------------------------------------------------------------------
users = Table(
    "users",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _text("display_name"),
    _text("email"),
    _text("password_hash", None),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("admin", Boolean, nullable=False, server_default="0"),
    _big("created_ms"),
)
tokens = Table(
    "tokens",
    metadata,
    _id(),
    _ref("user_id", "users.id"),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    _text("projects", None),
    _text("rights", None),
    _big("created_ms"),
    _big("expires_ms", null=True),
    UniqueConstraint("user_id", "name"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("sha256", Text, primary_key=True),
    _ref("user_id", "users.id"),
    _big("token_id", null=True),
    _big("created_ms"),
    _big("expires_ms"),
    Index(None, "user_id"),
)
roles = Table(
    "roles",
    metadata,
    _ref("project_id", "projects.id"),
    _ref("user_id", "users.id"),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("project_id", "user_id"),
)
audit = Table(
    "audit",
    metadata,
    _id(),
    _big("at_ms"),
    _big("user_id", null=True),
    Column("action", Text, nullable=False),
    _text("subject"),
    _text("counts", None),
    Index(None, "at_ms", "id"),
)
# --- projects and issues ------------------------------------------------------------------------
projects = Table(
    "projects",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    _text("name"),
    _text("description"),
    _big("next_number"),
    _big("created_ms"),
)
versions = Table(
    "versions",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    Column("name", Text, nullable=False),
    _text("description"),
    Column("released", Boolean, nullable=False, server_default="0"),
    Column("archived", Boolean, nullable=False, server_default="0"),
    _text("start_date"),
    _text("release_date"),
    UniqueConstraint("project_id", "name"),
)
components = Table(
    "components",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    Column("name", Text, nullable=False),
    _text("description"),
    UniqueConstraint("project_id", "name"),
)
environments = Table("environments", metadata, _id(), Column("name", Text, nullable=False, unique=True))
issues = Table(
    "issues",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    _big("number"),
    Column("key", Text, nullable=False, unique=True),
    Column("type_id", Integer, nullable=False),
    _text("summary"),
    _text("description"),
    _text("workflow", "To Do"),
    _big("reporter_id", null=True),
    _big("assignee_id", null=True),
    _big("created_ms"),
    _big("updated_ms"),
    _text("labels", None),
    _text("fields", None),
    Column("priority", SmallInteger, nullable=False, server_default="3"),
    _big("parent_id", null=True),
    _big("import_id", null=True),
    Index(None, "project_id", "type_id", "id"),
    Index(None, "parent_id"),
)
"""`import_id` is the import that made an issue, if one did."""
issue_aliases = Table("issue_aliases", metadata, Column("key", Text, primary_key=True), _ref("issue_id", "issues.id"))
issue_versions = Table(
    "issue_versions",
    metadata,
    _ref("issue_id", "issues.id"),
    _ref("version_id", "versions.id"),
    PrimaryKeyConstraint("issue_id", "version_id"),
    Index(None, "version_id"),
)
issue_components = Table(
    "issue_components",
    metadata,
    _ref("issue_id", "issues.id"),
    _ref("component_id", "components.id"),
    PrimaryKeyConstraint("issue_id", "component_id"),
)
tests = Table(
    "tests",
    metadata,
    Column("issue_id", _ID, ForeignKey("issues.id"), primary_key=True, autoincrement=False),
    _big("project_id"),
    Column("type", SmallInteger, nullable=False),
    Column("match_hash", BigInteger, nullable=False),
    _big("version_id"),
    Column("step_count", Integer, nullable=False, server_default="0"),
    Index(None, "match_hash"),
)
test_versions = Table(
    "test_versions",
    metadata,
    _id(),
    _big("test_id"),
    Column("number", Integer, nullable=False),
    Column("type", SmallInteger, nullable=False),
    _text("text"),
    _text("scenario_type"),
    _text("steps", None),
    _big("created_ms"),
    _big("created_by", null=True),
    _text("step_details", None),
    UniqueConstraint("test_id", "number"),
)
test_aliases = Table(
    "test_aliases",
    metadata,
    Column("match_hash", BigInteger, primary_key=True, autoincrement=False),
    _ref("test_id", "tests.issue_id"),
    Column("type", SmallInteger, nullable=False),
    _text("text"),
    _big("created_ms"),
    Index(None, "test_id"),
)
"""What results of earlier names are matched with: a summary or definition that a Test had before a rename or a merge."""
requirement_links = Table(
    "requirement_links",
    metadata,
    _big("requirement_id"),
    _big("test_id"),
    PrimaryKeyConstraint("requirement_id", "test_id"),
    Index(None, "test_id"),
)
# --- plans and executions -----------------------------------------------------------------------
executions = Table(
    "executions",
    metadata,
    Column("issue_id", _ID, ForeignKey("issues.id"), primary_key=True, autoincrement=False),
    _big("project_id"),
    _text("revision"),
    _big("begin_ms", null=True),
    Column("begin_offset", SmallInteger, nullable=False, server_default="0"),
    _big("end_ms", null=True),
    Column("end_offset", SmallInteger, nullable=False, server_default="0"),
    _text("branch"),
    _text("build_url"),
    _big("next_rank"),
    _big("imported_ms", null=True),
    _big("baseline_id", null=True),
    Index(None, "project_id", "issue_id"),
    Index(None, "project_id", "branch", "issue_id"),
)
"""`imported_ms` is when results last came, by import or by hand; `baseline_id` is the execution that this one is compared with, where somebody chose one."""
execution_environments = Table(
    "execution_environments",
    metadata,
    _ref("execution_id", "executions.issue_id"),
    _ref("environment_id", "environments.id"),
    PrimaryKeyConstraint("execution_id", "environment_id"),
    Index(None, "environment_id"),
)
execution_summaries = Table(
    "execution_summaries",
    metadata,
    _big("execution_id"),
    Column("status_id", Integer, nullable=False),
    _big("runs"),
    PrimaryKeyConstraint("execution_id", "status_id"),
)
plan_tests = Table(
    "plan_tests",
    metadata,
    _big("plan_id"),
    _big("test_id"),
    PrimaryKeyConstraint("plan_id", "test_id"),
    Index(None, "test_id"),
)
plan_executions = Table(
    "plan_executions",
    metadata,
    _big("plan_id"),
    _big("execution_id"),
    PrimaryKeyConstraint("plan_id", "execution_id"),
    Index(None, "execution_id"),
)

# --- what Tests are gathered in -----------------------------------------------------------------
preconditions = Table(
    "preconditions",
    metadata,
    Column("issue_id", _ID, ForeignKey("issues.id"), primary_key=True, autoincrement=False),
    Column("type", SmallInteger, nullable=False, server_default="0"),
    _text("definition"),
)
precondition_tests = Table(
    "precondition_tests",
    metadata,
    _big("precondition_id"),
    _big("test_id"),
    PrimaryKeyConstraint("precondition_id", "test_id"),
    Index(None, "test_id"),
)
set_tests = Table(
    "set_tests",
    metadata,
    _big("set_id"),
    _big("test_id"),
    PrimaryKeyConstraint("set_id", "test_id"),
    Index(None, "test_id"),
)
folders = Table(
    "folders",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    _big("board_id"),
    _big("parent_id"),
    Column("name", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    UniqueConstraint("project_id", "board_id", "parent_id", "name"),
)
"""Folders of a project's Test Repository (`board_id` 0) or of a Test Plan's board (its id); `parent_id` 0 is the root."""
folder_tests = Table(
    "folder_tests",
    metadata,
    _big("board_id"),
    _big("test_id"),
    _ref("folder_id", "folders.id"),
    Column("rank", Integer, nullable=False),
    PrimaryKeyConstraint("board_id", "test_id"),
    Index(None, "folder_id", "rank"),
    Index(None, "test_id"),
)
datasets = Table(
    "datasets",
    metadata,
    _big("test_id"),
    _big("context_id"),
    _text("columns", "[]"),
    _text("rows", "[]"),
    _big("updated_ms"),
    PrimaryKeyConstraint("test_id", "context_id"),
    Index(None, "context_id"),
)
"""A Test's parameters and their rows: its own (`context_id` 0), or those in a Test Plan, Test Set or Test Execution."""
run_fields = Table(
    "run_fields",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    Column("of", Text, nullable=False),
    Column("name", Text, nullable=False),
    _text("description"),
    _text("type"),
    Column("required", Boolean, nullable=False, server_default="0"),
    _text("options", "[]"),
    Column("rank", Integer, nullable=False, server_default="0"),
    UniqueConstraint("project_id", "of", "name"),
)
"""Custom fields of a project's Test Runs (`of` = run) and of its Tests' steps (`of` = step)."""
project_settings = Table(
    "project_settings",
    metadata,
    _ref("project_id", "projects.id"),
    Column("name", Text, nullable=False),
    _text("value"),
    PrimaryKeyConstraint("project_id", "name"),
)
"""What a project's administrators choose, and marks of what has been worked out for it; a name's reader says its shape."""
# --- what results mean over time ----------------------------------------------------------------
quarantines = Table(
    "quarantines",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    _big("test_id"),
    _text("reason"),
    _big("until_ms", null=True),
    _big("created_ms"),
    _big("created_by", null=True),
    _big("ended_ms", null=True),
    _big("ended_by", null=True),
    Index(None, "project_id", "test_id"),
)
"""Tests whose failures don't close a gate for now; over at `until_ms`, or when somebody ends it (`ended_ms`)."""
known_failures = Table(
    "known_failures",
    metadata,
    _ref("project_id", "projects.id"),
    _big("fingerprint"),
    Column("defect_key", Text, nullable=False),
    _big("created_ms"),
    _big("created_by", null=True),
    Column("links", Boolean, nullable=False, server_default="0"),
    PrimaryKeyConstraint("project_id", "fingerprint", "defect_key"),
)
"""Failures of this fingerprint are known by this defect; `links`: those of later imports are linked with it too."""
flaky_tests = Table(
    "flaky_tests",
    metadata,
    _ref("project_id", "projects.id"),
    _big("test_id"),
    Column("environments", Text, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("flips", Integer, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("score", Integer, nullable=False),
    _text("evidence", "{}"),
    _big("last_ms"),
    _big("computed_ms"),
    PrimaryKeyConstraint("project_id", "test_id", "environments"),
    Index(None, "project_id", "score", "test_id"),
)
"""Tests found flaky on a set of test environments (their names, sorted, as a JSON list), with the runs that show it; `store/flaky.py` says
the shape. Made anew after imports."""
# --- what goes out ------------------------------------------------------------------------------
hooks = Table(
    "hooks",
    metadata,
    _id(),
    _ref("project_id", "projects.id"),
    _text("name"),
    Column("url", Text, nullable=False),
    _text("secret"),
    _text("shape"),
    _text("events", "[]"),
    Column("active", Boolean, nullable=False, server_default="1"),
    _big("created_ms"),
    _big("created_by", null=True),
    Index(None, "project_id"),
)
subscriptions = Table(
    "subscriptions",
    metadata,
    _ref("project_id", "projects.id"),
    _ref("user_id", "users.id"),
    Column("kind", Text, nullable=False),
    _big("created_ms"),
    _big("sent_ms", null=True),
    PrimaryKeyConstraint("project_id", "user_id", "kind"),
)
"""Who gets which mail of a project."""
outgoing = Table(
    "outgoing",
    metadata,
    _id(),
    _big("project_id"),
    _big("hook_id", null=True),
    _text("address"),
    Column("event", Text, nullable=False),
    _text("body"),
    _text("state"),
    _big("at_ms"),
    _big("due_ms"),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    _text("answer"),
    Index(None, "state", "due_ms"),
    Index(None, "hook_id", "id"),
)
"""Calls of hooks and mails: waiting (`due_ms`: not before), sent or given up, with what was answered."""
# --- what people add to issues ------------------------------------------------------------------
attachments = Table(
    "attachments",
    metadata,
    _id(),
    _big("project_id"),
    _ref("issue_id", "issues.id"),
    Column("of_step", Boolean, nullable=False, server_default="0"),
    Column("filename", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    _big("size"),
    Column("sha256", Text, nullable=False),
    _big("created_ms"),
    _big("author_id", null=True),
    Index(None, "issue_id"),
    Index(None, "sha256"),
)
"""Files of an issue, or of a step of a Test's definition (`of_step`); ids of kind `part`, as those of evidence."""
comments = Table(
    "comments",
    metadata,
    _id(),
    _ref("issue_id", "issues.id"),
    _big("author_id", null=True),
    _text("body"),
    _big("created_ms"),
    _big("editor_id", null=True),
    _big("updated_ms"),
    Index(None, "issue_id", "id"),
)
link_types = Table(
    "link_types",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _text("inward"),
    _text("outward"),
)
issue_links = Table(
    "issue_links",
    metadata,
    _id(),
    _ref("type_id", "link_types.id"),
    _ref("source_id", "issues.id"),
    _ref("target_id", "issues.id"),
    UniqueConstraint("source_id", "target_id", "type_id"),
    Index(None, "target_id"),
)
"""`source` <outward> `target`: A blocks B. Links of Tests to requirements are in `requirement_links`."""
workflow_statuses = Table(
    "workflow_statuses",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    _text("category"),
    Column("rank", Integer, nullable=False, server_default="0"),
)
workflow_transitions = Table(
    "workflow_transitions",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    _ref("from_id", "workflow_statuses.id", null=True),
    _ref("to_id", "workflow_statuses.id"),
)
filters = Table(
    "filters",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    _ref("owner_id", "users.id"),
    _text("jql"),
    _text("description"),
    Column("shared", Boolean, nullable=False, server_default="0"),
    _big("created_ms"),
    _big("updated_ms"),
    UniqueConstraint("owner_id", "name"),
)
# --- what happened ------------------------------------------------------------------------------
changes = Table(
    "changes",
    metadata,
    _id(),
    _big("project_id"),
    Column("of", Text, nullable=False),
    _big("subject_id"),
    _big("user_id", null=True),
    _big("at_ms"),
    Column("field", Text, nullable=False),
    _text("before"),
    _text("after"),
    Index(None, "of", "subject_id", "id"),
)
"""Changes of one field by hand, of an issue or a Test Run (`of` = issue, run); what an import replaces is kept as attempts."""
jobs = Table(
    "jobs",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    _big("project_id", null=True),
    _big("user_id"),
    _text("state"),
    _big("done"),
    _big("total"),
    _text("message"),
    _big("started_ms"),
    _big("updated_ms"),
)
"""Long tasks with their progress; `state` is running, done or failed."""


# --- runs (big) ---------------------------------------------------------------------------------
def _result_columns() -> list[Column[int] | Column[str]]:
    return [
        _big("version_id"),
        Column("status_id", SmallInteger, nullable=False),
        _big("start_ms", null=True),
        Column("start_offset", SmallInteger, nullable=False),
        _big("finish_ms", null=True),
        Column("finish_offset", SmallInteger, nullable=False),
        Column("comment", Text, nullable=False),
        _big("executor_id", null=True),
        _big("assignee_id", null=True),
        _big("fingerprint", null=True),
        _big("import_id", null=True),
        Column("custom_fields", Text, nullable=True),
    ]


runs = Table(
    "runs",
    metadata,
    _id(),
    _big("project_id"),
    _big("execution_id"),
    _big("test_id"),
    Column("rank", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    *_result_columns(),
    UniqueConstraint("project_id", "execution_id", "test_id"),
    Index("ix_runs_rank", "execution_id", "rank"),
    Index("ix_runs_status", "execution_id", "status_id", "rank"),
    Index("ix_runs_history", "test_id", "id"),
)
# Failures only: what passes has no fingerprint, and needs no place in this index.
Index(
    "ix_runs_fingerprint", runs.c.project_id, runs.c.fingerprint, runs.c.id,
    sqlite_where=runs.c.fingerprint.is_not(None), postgresql_where=runs.c.fingerprint.is_not(None),
)  # fmt: skip
run_attempts = Table(
    "run_attempts",
    metadata,
    _id(),
    _big("project_id"),
    _big("run_id"),
    Column("number", Integer, nullable=False),
    *_result_columns(),
    Index("ix_run_attempts_run", "run_id", "number"),
)
run_iterations = Table(
    "run_iterations",
    metadata,
    _id(),
    _big("project_id"),
    _big("run_id"),
    Column("position", Integer, nullable=False),
    Column("status_id", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("log", Text, nullable=False),
    Column("duration", Text, nullable=False),
    Index("ix_run_iterations_run", "run_id", "position"),
)
run_steps = Table(
    "run_steps",
    metadata,
    _id(),
    _big("project_id"),
    _big("run_id"),
    _big("iteration_id", null=True),
    Column("position", Integer, nullable=False),
    Column("status_id", SmallInteger, nullable=False),
    Column("comment", Text, nullable=False),
    Column("actual", Text, nullable=False),
    Index("ix_run_steps_run", "run_id", "position"),
)
run_examples = Table(
    "run_examples",
    metadata,
    _id(),
    _big("project_id"),
    _big("run_id"),
    Column("position", Integer, nullable=False),
    Column("status_id", SmallInteger, nullable=False),
    Index("ix_run_examples_run", "run_id", "position"),
)
run_defects = Table(
    "run_defects",
    metadata,
    _id(),
    _big("project_id"),
    _big("run_id"),
    _big("step_id", null=True),
    _big("issue_id", null=True),
    Column("key", Text, nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Index("ix_run_defects_run", "run_id"),
    Index("ix_run_defects_issue", "issue_id"),
)
run_evidence = Table(
    "run_evidence",
    metadata,
    _id(),
    _big("project_id"),
    _big("run_id"),
    _big("step_id", null=True),
    Column("filename", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    _big("size"),
    Column("sha256", Text, nullable=False),
    _big("created_ms"),
    _big("author_id", null=True),
    Index("ix_run_evidence_run", "run_id"),
    Index("ix_run_evidence_sha256", "sha256"),
)
BIG = (runs, run_attempts, run_iterations, run_steps, run_examples, run_defects, run_evidence)
PARTS = (run_iterations, run_steps, run_examples, run_defects, run_evidence)

# --- imports ------------------------------------------------------------------------------------
imports = Table(
    "imports",
    metadata,
    _id(),
    _big("project_id", null=True),
    _big("execution_id", null=True),
    _big("user_id"),
    _big("at_ms"),
    _text("format"),
    _text("outcome"),
    _big("bytes"),
    _text("sha256"),
    _text("counts", "{}"),
    _text("phases", "{}"),
    _text("warnings", "[]"),
    _text("error"),
    _big("undone_ms", null=True),
    _big("undone_by", null=True),
    _text("made", None),
    Index(None, "project_id", "id"),
    Index(None, "execution_id", "id"),
    Index(None, "at_ms", "id"),
)
deliveries = Table(
    "deliveries",
    metadata,
    _big("user_id"),
    Column("key", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("answer", Text, nullable=False),
    _big("at_ms"),
    _big("import_id", null=True),
    PrimaryKeyConstraint("user_id", "key"),
    Index(None, "at_ms"),
)
