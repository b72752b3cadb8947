# SPDX-License-Identifier: Apache-2.0
"""The Test Execution of an import: made, or its given fields updated."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from radiograph.actions.workflow import take_transition
from radiograph.domain.errors import Refused
from radiograph.domain.issues import IssueType
from radiograph.domain.outcome import IssueRef
from radiograph.store import execution_writes, issue_links, issue_writes, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.import_target import Target
    from radiograph.domain.import_plan import TestChange
    from radiograph.domain.issues import IssueFields
    from radiograph.domain.people import Caller
    from radiograph.domain.report import ExecutionInfo, Report


def write_execution(
    conn: sa.Connection, caller: Caller, report: Report, target: Target, now: int, made: list[str], import_id: int
) -> IssueRef:
    """Make the execution if it is new, and set the fields that the report gives; names made go to `made`."""
    info = report.info
    _note_new_names(conn, target.project_id, info.fields, made)
    if target.execution_id:
        execution = IssueRef(target.execution_id, target.execution_key)
        if info.implied:
            info.fields.summary = None
        issue_writes.update_issue(conn, execution.id, target.project_id, info.fields, now)
        set_execution_fields(conn, execution.id, info, made, imported_ms=now)
    else:
        execution = _create(conn, caller, info, target.project_id, now, made, import_id)
    if info.transition:
        _move(conn, execution, report)
    return execution


def _move(conn: sa.Connection, execution: IssueRef, report: Report) -> None:
    """Take the transition that the report asks for; results aren't lost over one that isn't possible."""
    status = issue_links.heads(conn, [execution.id])[execution.id].workflow
    try:
        take_transition(conn, execution.id, status, report.info.transition)
    except Refused as error:
        report.notes.append(f"$info.transition: {error.message}")


def _create(
    conn: sa.Connection, caller: Caller, info: ExecutionInfo, project_id: int, now: int, made: list[str], import_id: int
) -> IssueRef:
    key, number, issue_id = issue_writes.number_issues(conn, project_id, 1)
    place = issue_writes.Place(issue_id, project_id, number, f"{key}-{number}", IssueType.TEST_EXECUTION)
    info.fields.summary = info.fields.summary or _default_summary(now)
    issue_writes.insert_issue(conn, place, info.fields, caller.id, now, import_id)
    execution_writes.insert_execution(conn, issue_id, project_id, _columns(info) | {"imported_ms": now})
    _set_environments(conn, issue_id, info, made)
    return IssueRef(issue_id, place.key)


def set_execution_fields(
    conn: sa.Connection,
    execution_id: int,
    info: ExecutionInfo,
    made: list[str] | None = None,
    imported_ms: int | None = None,
) -> None:
    """Set what is given of revision, dates, branch, build and environments; environments made go to `made`."""
    columns = _columns(info) | ({} if imported_ms is None else {"imported_ms": imported_ms})
    if columns:
        execution_writes.update_execution(conn, execution_id, columns)
    _set_environments(conn, execution_id, info, made)


def _set_environments(conn: sa.Connection, execution_id: int, info: ExecutionInfo, made: list[str] | None) -> None:
    if info.environments:
        ids = names.environment_ids(conn, info.environments, made)
        execution_writes.set_environments(conn, execution_id, [ids[n] for n in info.environments])


def describe_new_tests(changes: Sequence[TestChange], fields: IssueFields) -> None:
    """Let the Tests to create have the description and the labels of the part `testInfo`, where the report has none of its own."""
    for change in changes:
        if change.created:
            change.description = change.description or fields.description
            change.labels = list(dict.fromkeys([*(change.labels or []), *(fields.labels or [])])) or None


def write_new_tests(conn: sa.Connection, changes: Sequence[TestChange], fields: IssueFields, now: int, made: list[str]) -> None:
    """Give the Tests that an import created the other fields of the part `testInfo`; names made go to `made`."""
    for project_id in sorted({c.test.project_id for c in changes if c.created}):
        _note_new_names(conn, project_id, fields, made)
        ids = [c.test.id for c in changes if c.created and c.test.project_id == project_id]
        issue_writes.update_created(conn, ids, project_id, fields, now)


def _note_new_names(conn: sa.Connection, project_id: int, fields: IssueFields, made: list[str]) -> None:
    if fields.fix_versions:
        names.version_ids(conn, project_id, fields.fix_versions, made)
    if fields.components:
        names.component_ids(conn, project_id, fields.components, made)
    if fields.assignee:
        names.people_ids(conn, [fields.assignee], made)


def _columns(info: ExecutionInfo) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in ("revision", "branch", "build_url"):
        if getattr(info, name):
            columns[name] = getattr(info, name)
    if info.begin:
        columns |= {"begin_ms": info.begin.ms, "begin_offset": info.begin.offset}
    if info.end:
        columns |= {"end_ms": info.end.ms, "end_offset": info.end.offset}
    return columns


def _default_summary(now: int) -> str:
    when = datetime.fromtimestamp(now / 1000, tz=UTC)
    return f"Execution results [{when:%Y-%m-%dT%H:%M:%SZ}]"
