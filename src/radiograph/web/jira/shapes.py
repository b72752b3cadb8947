# SPDX-License-Identifier: Apache-2.0
"""Issues as Jira's REST API v2 shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import UNSET, structs

from radiograph.domain.issues import FIELD_TYPES, IssueType, Priority
from radiograph.domain.workflow import CATEGORIES, WORKFLOW_STATUSES, WorkflowStatus
from radiograph.web.addresses import safe_name
from radiograph.web.jira import instance_types, project_types, types
from radiograph.web.jira.custom_values import custom_value
from radiograph.web.jira.dates import jira_date

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from radiograph.domain.issues import CustomField
    from radiograph.domain.workflow import LinkType
    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.comments import CommentRow
    from radiograph.store.issue_links import HeadRow, LinkRow
    from radiograph.store.issue_parts import PersonRow
    from radiograph.store.issue_reads import IssueRow, VersionRow

API = "/rest/api/2"


def type_shape(kind: IssueType, base: str) -> instance_types.TypeOfIssue:
    """An issue type."""
    return instance_types.TypeOfIssue(
        f"{base}{API}/issuetype/{int(kind)}", str(int(kind)), kind.label, subtask=kind is IssueType.SUB_TEST_EXECUTION
    )


def category_shape(key: str, base: str) -> instance_types.StatusCategory:
    """A category of statuses."""
    number, name = CATEGORIES.get(key, CATEGORIES["new"])
    return instance_types.StatusCategory(f"{base}{API}/statuscategory/{number}", number, key if key in CATEGORIES else "new", name)


def status_shape(status: WorkflowStatus, base: str) -> instance_types.WorkflowStatus:
    """A workflow status."""
    number = str(status.id)
    return instance_types.WorkflowStatus(
        self_=f"{base}{API}/status/{number}", id=number, name=status.name, status_category=category_shape(status.category, base)
    )


def _status(name: str, known: Mapping[str, WorkflowStatus]) -> WorkflowStatus:
    return known.get(name) or next((s for s in WORKFLOW_STATUSES if s.name == name), WORKFLOW_STATUSES[0])


def person_shape(name: str | None, base: str, people: Mapping[str, PersonRow] | None = None) -> instance_types.Person | None:
    """A person by name; with what `people` know of them."""
    if name is None:
        return None
    row = (people or {}).get(name)
    return instance_types.Person(
        self_=f"{base}{API}/user?username={quote(name)}", name=name, key=name, display_name=row.display_name if row else name,
        active=row.active if row else True, email_address=row.email if row and row.email else UNSET,
    )  # fmt: skip


def version_shape(row: VersionRow, base: str) -> project_types.Version:
    """A version of a project."""
    return project_types.Version(
        self_=f"{base}{API}/version/{row.id}", id=str(row.id), name=row.name, description=row.description, archived=row.archived,
        released=row.released, start_date=row.start_date or UNSET, release_date=row.release_date or UNSET, project_id=row.project_id,
    )  # fmt: skip


def priority_shape(number: int, base: str) -> instance_types.Named:
    """A priority."""
    return instance_types.Named(f"{base}{API}/priority/{number}", str(number), Priority(number).label)


def resolution_shape(base: str) -> instance_types.Named:
    """The resolution of every issue that is done; the others have none."""
    return instance_types.Named(f"{base}{API}/resolution/10000", "10000", "Done")


def head_shape(row: HeadRow, base: str, known: Mapping[str, WorkflowStatus]) -> types.IssueHead:
    """An issue that another one names."""
    status = status_shape(_status(row.workflow, known), base)
    fields = types.IssueHeadFields(row.summary, status, priority_shape(row.priority, base), type_shape(row.type, base))
    return types.IssueHead(str(row.id), row.key, f"{base}{API}/issue/{row.id}", fields)


def link_type_shape(kind: LinkType, base: str) -> instance_types.LinkType:
    """A type of links."""
    return instance_types.LinkType(str(kind.id), kind.name, kind.inward, kind.outward, f"{base}{API}/issueLinkType/{kind.id}")


def link_shape(link: LinkRow, of: int, base: str, known: Mapping[str, WorkflowStatus]) -> types.Link:
    """A link as the issue of the id `of` shows it."""
    shown = types.Link(id=link.id, self_=f"{base}{API}/issueLink/{link.id}", type=link_type_shape(link.type, base))
    if link.source.id == of:
        shown.outward_issue = head_shape(link.target, base, known)
    else:
        shown.inward_issue = head_shape(link.source, base, known)
    return shown


def file_shape(row: AttachmentRow, base: str, people: Mapping[str, PersonRow]) -> types.File:
    """A file of an issue."""
    return types.File(
        self_=f"{base}{API}/attachment/{row.id}", id=str(row.id), filename=row.filename, author=person_shape(row.author, base, people),
        created=jira_date(row.created_ms), size=row.size, mime_type=row.content_type,
        content=f"{base}/secure/attachment/{row.id}/{safe_name(row.filename)}",
    )  # fmt: skip


def comment_shape(row: CommentRow, base: str, people: Mapping[str, PersonRow]) -> types.Comment:
    """A comment."""
    return types.Comment(
        self_=f"{base}{API}/issue/{row.issue_id}/comment/{row.id}", id=str(row.id), author=person_shape(row.author, base, people),
        body=row.body, update_author=person_shape(row.editor, base, people), created=jira_date(row.created_ms),
        updated=jira_date(row.updated_ms),
    )  # fmt: skip


class Chosen:
    """The fields that a request asks for: names (`*all`, `*navigable`), and those left out with `-name`."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names as they came."""
        listed = [n.strip() for n in names if n.strip()]
        self.without = {n[1:] for n in listed if n.startswith("-")}
        self.names = {n for n in listed if not n.startswith("-")}
        self.all = not self.names or bool(self.names & {"*all", "*navigable"})

    def __contains__(self, name: object) -> bool:
        return (self.all or name in self.names) and name not in self.without


def issue_shape(row: IssueRow, custom: Sequence[CustomField], base: str, wanted: Container[str] | None = None) -> types.Issue:
    """An issue; only the `wanted` fields when they are named. Custom fields are those of the issue's type."""
    system = _fields(row, base)
    values = {encoded: found for name, encoded in _NAMES.items() if (found := getattr(system, name)) is not UNSET}
    mine = [f for f in custom if row.type in FIELD_TYPES.get(f.meaning, {row.type})]
    values |= {f.key: custom_value(row, f) for f in mine} | _kept(row)
    if wanted is not None:
        values = {k: v for k, v in values.items() if k in wanted}
    return types.Issue(expand=EXPAND, id=str(row.id), self_=f"{base}{API}/issue/{row.id}", key=row.key, fields=values)


def _kept(row: IssueRow) -> dict[str, Any]:
    """What is kept as it came; an import may have given system fields that are told in Jira's shape instead."""
    return {n: v for n, v in row.other.items() if n in {"duedate", "environment"} or n not in _NAMES.values()}


EXPAND = "renderedFields,names,schema,transitions,editmeta,changelog"
_NAMES = {f.name: f.encode_name for f in structs.fields(types.IssueFields)}


def _fields(row: IssueRow, base: str) -> types.IssueFields:
    parts = row.parts
    people, known = parts.people, parts.categories
    status = _status(row.workflow, known)
    comments = [comment_shape(c, base, people) for c in parts.comments]
    return types.IssueFields(
        summary=row.summary,
        description=row.description or None,
        project=project_types.ProjectRef(f"{base}{API}/project/{row.project_id}", str(row.project_id), row.project_key, row.project_name),
        issuetype=type_shape(row.type, base),
        status=status_shape(status, base),
        labels=row.labels,
        fix_versions=[version_shape(v, base) for v in row.versions],
        versions=[instance_types.Names(name) for name in row.other.get("versions", []) if isinstance(name, str)],
        components=[component_shape(i, n, row, base) for i, n in row.components],
        assignee=person_shape(row.assignee, base, people),
        reporter=person_shape(row.reporter, base, people),
        creator=person_shape(row.reporter, base, people),
        created=jira_date(row.created_ms),
        updated=jira_date(row.updated_ms),
        priority=priority_shape(row.priority, base),
        resolution=resolution_shape(base) if status.category == "done" else None,
        duedate=None,
        environment=None,
        attachment=[file_shape(f, base, people) for f in parts.files],
        comment=types.Comments(comments, len(comments), len(comments), 0),
        issuelinks=[link_shape(link, row.id, base, known) for link in parts.links],
        subtasks=[head_shape(c, base, known) for c in parts.children],
        parent=head_shape(parts.parent, base, known) if parts.parent else UNSET,
        watches=types.Watches(f"{base}{API}/issue/{row.key}/watchers"),
    )


def component_shape(number: int, name: str, row: IssueRow, base: str) -> project_types.Component:
    """A component of an issue."""
    return project_types.Component(
        self_=f"{base}{API}/component/{number}", id=str(number), name=name, description="", project=row.project_key,
        project_id=row.project_id,
    )  # fmt: skip
