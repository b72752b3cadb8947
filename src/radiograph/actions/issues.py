# SPDX-License-Identifier: Apache-2.0
"""Making, changing, finding and deleting issues one at a time, as Jira's API does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions.issue_edit import Edit, carry_out, check_fields, named_issues
from radiograph.actions.issue_history import differences
from radiograph.actions.issue_refs import edit_right, issue_heads, visible_issue
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import DomainError, Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issue_change import IssueChange, changed_definition
from radiograph.domain.issues import IssueFields, IssueType
from radiograph.domain.people import Caller, Right
from radiograph.formats.jira_issue import read_change
from radiograph.store import audit, changes, instance, issue_deletes, issue_links, issue_reads, issues, projects
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.issues import CustomField
    from radiograph.store.changes import Change
    from radiograph.store.projects import ProjectRow


def custom_fields(services: Services) -> list[CustomField]:
    """Every custom field of the instance."""
    with services.db.read() as conn:
        return instance.custom_fields(conn)


def find(services: Services, caller: Caller, key: str, *, members: bool = True) -> issue_reads.IssueRow:
    """The issue of a key or id (`members`: see `find_issue`); raises IssueNotFound with keys that look like it."""
    with services.db.read() as conn:
        return visible_issue(conn, caller, key, members=members)


def history(services: Services, caller: Caller, key: str) -> list[Change]:
    """What was changed by hand in an issue, oldest first. Raises IssueNotFound."""
    with services.db.read() as conn:
        return changes.changes_of(conn, "issue", [visible_issue(conn, caller, key).id])


def create(services: Services, caller: Caller, body: Any) -> tuple[int, str]:  # noqa: ANN401  (any JSON)
    """Make an issue; its id and key. Raises Refused that names the field, or Forbidden."""
    with services.db.write() as conn:
        return create_in(conn, caller, body)


def create_in(conn: sa.Connection, caller: Caller, body: Any, right: Right | None = None) -> tuple[int, str]:  # noqa: ANN401
    """Make an issue as `create` does, inside a transaction; `right` is what it takes (None: what its type takes)."""
    fields = {f.key: f for f in instance.custom_fields(conn)}
    change = read_change(body, fields)
    project, kind = _place(conn, caller, change, right)
    check_fields(change, kind, fields)
    if not change.values.get("summary"):
        raise Refused("summary is required", [Problem("summary", "You must specify a summary of the issue.")])
    named = _hold(conn, caller, project.id, change)
    new = issues.NewIssue(
        project_id=project.id, type=kind, fields=IssueFields(summary=change.values.pop("summary")),
        definition=changed_definition(None, change.values),
    )  # fmt: skip
    number, key = issues.create_issue(conn, new, caller.id)
    carry_out(Edit(conn, caller, visible_issue(conn, caller, str(number)), change, fields, named, now_ms()))
    audit.note(conn, caller.id, "issue.create", key, project_id=project.id)
    return number, key


def _place(conn: sa.Connection, caller: Caller, change: IssueChange, right: Right | None) -> tuple[ProjectRow, IssueType]:
    if not change.project:
        raise Refused("project is required", [Problem("project", "project is required")])
    if change.type is None:
        raise Refused("issue type is required", [Problem("issuetype", "issue type is required")])
    project = projects.find_project(conn, change.project)
    if project is None or caller.role_in(project.id) is None:
        raise Refused("no such project", [Problem("project", f"There is no project {cut(change.project)}.")])
    if not caller.may(right or edit_right(change.type), project.id):
        raise Forbidden
    return project, change.type


def _hold(conn: sa.Connection, caller: Caller, project_id: int, change: IssueChange) -> dict[str | int, issue_links.HeadRow]:
    """Hold the issue's project and those of the issues that the change names, which are read after that."""
    refs = named_issues(change)
    lock_projects(conn, [project_id, *(h.project_id for h in issue_heads(conn, caller, refs).values())])
    return issue_heads(conn, caller, refs)


def create_several(services: Services, caller: Caller, bodies: Sequence[Any]) -> list[tuple[int, str] | DomainError]:
    """Make issues one after the other; for each its id and key, or what was wrong. A bad one hinders none of the others."""
    made: list[tuple[int, str] | DomainError] = []
    for body in bodies:
        try:
            made.append(create(services, caller, body))
        except (Refused, Forbidden, NotFound) as error:
            made.append(error)
    return made


def edit(services: Services, caller: Caller, key: str, body: Any) -> None:  # noqa: ANN401
    """Change the given fields of an issue, and leave the others. Raises IssueNotFound, Refused, Forbidden."""
    with services.db.write() as conn:
        fields = {f.key: f for f in instance.custom_fields(conn)}
        change = read_change(body, fields)
        edit_in(conn, caller, key, change, fields)


def edit_in(conn: sa.Connection, caller: Caller, key: str, change: IssueChange, fields: dict[str, CustomField]) -> None:
    """Carry out a change in a transaction, with its history and audit row. Raises IssueNotFound, Refused, Forbidden."""
    row = visible_issue(conn, caller, key)
    only_comments = not (change.values or change.lists or change.links or change.transition)
    if not caller.may(Right.EDIT_RUN if only_comments and change.comments else edit_right(row.type), row.project_id):
        raise Forbidden
    named = _hold(conn, caller, row.project_id, change)
    row = visible_issue(conn, caller, str(row.id))
    _check_place(row, change)
    check_fields(change, row.type, fields)
    now = now_ms()
    carry_out(Edit(conn, caller, row, change, fields, named, now))
    after = visible_issue(conn, caller, str(row.id))
    noted = differences(row, after, {f.key: f.name for f in fields.values()})
    changes.note_changes(conn, "issue", (row.project_id, row.id), caller.id, now, noted)
    audit.note(conn, caller.id, "issue.edit", row.key, {"fields": len(noted)}, project_id=row.project_id)


def _check_place(row: issue_reads.IssueRow, change: IssueChange) -> None:
    if change.type not in {None, row.type}:
        text = f"The issue is a {row.type.label}; its type can't be changed."
        raise Refused(text, [Problem("issuetype", text)])
    if change.project and change.project.strip().upper() not in {row.project_key, str(row.project_id)}:
        text = f"The issue is in {row.project_key}; it can't be moved."
        raise Refused(text, [Problem("project", text)])


def transition(services: Services, caller: Caller, key: str, body: Any) -> None:  # noqa: ANN401
    """Take a transition, with the fields and comments beside it. Raises IssueNotFound, Refused, Forbidden."""
    given = dict(body)
    if not given.get("transition"):
        raise Refused("transition is required", [Problem("transition", 'Give the transition, such as {"id": "31"}.')])
    if isinstance(given.get("fields"), dict):  # follows from the status here
        given["fields"] = {n: v for n, v in given["fields"].items() if n != "resolution"}
    edit(services, caller, key, given)


def assign(services: Services, caller: Caller, key: str, name: str | None) -> None:
    """Assign an issue to a person, or with None to nobody. Raises IssueNotFound, Refused, Forbidden."""
    edit(services, caller, key, {"fields": {"assignee": {"name": name} if name else None}})


def delete(services: Services, caller: Caller, key: str, subtasks: bool) -> None:  # noqa: FBT001  (passed on to a thread)
    """Delete an issue with all that belongs to it, and with `subtasks` those below it. Raises IssueNotFound, Refused, Forbidden."""
    with services.db.write() as conn:
        row = visible_issue(conn, caller, key)
        if not caller.may(Right.DELETE, row.project_id):
            raise Forbidden
        issue_deletes.lock_all_projects(conn)
        row = visible_issue(conn, caller, str(row.id))
        below = issue_links.children_of(conn, [row.id]).get(row.id, [])
        if below and not subtasks:
            raise Refused(
                f"The issue '{row.key}' has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks."
            )
        if not all(caller.may(Right.DELETE, issue.project_id) for issue in below):
            raise Forbidden
        heads = issue_links.heads(conn, [row.id])
        for issue in [*below, heads[row.id]]:
            counts = issue_deletes.delete_issue(conn, issue)
            audit.note(conn, caller.id, "issue.delete", issue.key, counts, project_id=issue.project_id)
