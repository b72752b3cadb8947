# SPDX-License-Identifier: Apache-2.0
"""Making, changing, finding issues one at a time, as Jira's API does."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from radiograph.actions.import_execution import set_execution_fields
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, IssueNotFound, Problem, Refused, cut
from radiograph.domain.import_plan import KnownTest, TestChange
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.people import Caller, Right
from radiograph.formats.jira_issue import IssueBody, read_issue
from radiograph.store import audit, definitions, execution_writes, import_reads, instance, issue_reads, issue_writes, issues, projects
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.issues import CustomField


def custom_fields(services: Services) -> list[CustomField]:
    """Every custom field of the instance."""
    with services.db.read() as conn:
        return instance.custom_fields(conn)


def find(services: Services, caller: Caller, key: str) -> issue_reads.IssueRow:
    """The issue of a key or id; raises IssueNotFound with keys that look like it."""
    with services.db.read() as conn:
        return _find(conn, caller, key)


def _find(conn: sa.Connection, caller: Caller, key: str) -> issue_reads.IssueRow:
    row = issue_reads.find_issue(conn, key)
    if row is None or caller.role_in(row.project_id) is None:
        known = [p.key for p in projects.all_projects(conn) if caller.role_in(p.id) is not None]
        project, dash, number = key.upper().rpartition("-")
        near = difflib.get_close_matches(project, known, 2) if project not in known else []
        raise IssueNotFound(key, [f"{p}{dash}{number}" for p in near])
    return row


def create(services: Services, caller: Caller, body: Any) -> tuple[int, str]:  # noqa: ANN401  (any JSON)
    """Make an issue; its id and key. Raises Refused that names the field, or Forbidden."""
    with services.db.write() as conn:
        given = read_issue(body, {f.key: f for f in instance.custom_fields(conn)})
        if not given.project:
            raise Refused("project is required", [Problem("project", "project is required")])
        if given.type is None:
            raise Refused("issue type is required", [Problem("issuetype", "issue type is required")])
        if not given.fields.summary:
            raise Refused("summary is required", [Problem("summary", "You must specify a summary of the issue.")])
        project = projects.find_project(conn, given.project)
        if project is None or caller.role_in(project.id) is None:
            raise Refused("no such project", [Problem("project", f"There is no project {cut(given.project)}.")])
        if not caller.may(Right.EDIT_ISSUE, project.id):
            raise Forbidden
        lock_projects(conn, [project.id])
        new = issues.NewIssue(project_id=project.id, type=given.type, fields=given.fields, definition=given.definition)
        number, key = issues.create_issue(conn, new, caller.id)
        if given.type in EXECUTION_TYPES:
            _execution(conn, caller, number, given)
        audit.note(conn, caller.id, "issue.create", key, project_id=project.id)
    return number, key


def _execution(conn: sa.Connection, caller: Caller, number: int, given: IssueBody) -> None:
    set_execution_fields(conn, number, given.info)
    for key in given.info.plan_keys:
        plan = import_reads.issue_heads(conn, [key.upper()]).get(key.upper())
        if plan is None or plan[2] is not IssueType.TEST_PLAN or caller.role_in(plan[1]) is None:
            raise Refused("Test Plan", [Problem("Test Plan", f"{cut(key)} is not a Test Plan.")])
        execution_writes.link_plan(conn, plan[0], number, [])


def edit(services: Services, caller: Caller, key: str, body: Any) -> None:  # noqa: ANN401
    """Change the given fields of an issue, and leave the others. Raises IssueNotFound, Refused, Forbidden."""
    with services.db.write() as conn:
        given = read_issue(body, {f.key: f for f in instance.custom_fields(conn)})
        row = _find(conn, caller, key)
        if not caller.may(Right.EDIT_ISSUE, row.project_id):
            raise Forbidden
        lock_projects(conn, [row.project_id])
        row = _find(conn, caller, key)
        _change_labels(given, row.labels)
        issue_writes.update_issue(conn, row.id, row.project_id, given.fields, now_ms())
        if row.execution is not None:
            _execution(conn, caller, row.id, given)
        if row.type is IssueType.TEST:
            _redefine(conn, caller, row, given)
        audit.note(conn, caller.id, "issue.edit", row.key, project_id=row.project_id)


def _change_labels(given: IssueBody, now: list[str]) -> None:
    if not given.label_changes:
        return
    labels = list(given.fields.labels if given.fields.labels is not None else now)
    for verb, label in given.label_changes:
        labels = [one for one in labels if one != label] + ([label] if verb == "add" else [])
    given.fields.labels = labels


def _redefine(conn: sa.Connection, caller: Caller, row: issue_reads.IssueRow, given: IssueBody) -> None:
    test = import_reads.tests_by_key(conn, [row.key])[row.key]
    number, now, _ = import_reads.definitions(conn, [test.version_id])[test.id]
    changed = given.definition if given.definition is not None and given.definition != now else None
    if changed is not None:
        test = KnownTest(test.id, test.key, test.project_id, changed.type, test.version_id, len(changed.steps))
        definitions.write_tests(conn, [TestChange(test, False, definition=changed, number=number + 1)], caller.id, now_ms())
    elif given.fields.summary is not None:
        definitions.rehash_test(conn, test, None)
