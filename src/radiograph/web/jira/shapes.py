# SPDX-License-Identifier: Apache-2.0
"""Issues, projects and fields as Jira's REST API v2 shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import structs

from radiograph.domain.clock import format_instant
from radiograph.domain.issues import CustomField, IssueType, TestType
from radiograph.web.jira import types

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from radiograph.actions.projects import ProjectRow, WholeProject
    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import IssueRow, VersionRow

SYSTEM_FIELDS = {
    "summary": ("Summary", "string"),
    "description": ("Description", "string"),
    "project": ("Project", "project"),
    "issuetype": ("Issue Type", "issuetype"),
    "status": ("Status", "status"),
    "labels": ("Labels", "array"),
    "fixVersions": ("Fix Version/s", "array"),
    "components": ("Component/s", "array"),
    "assignee": ("Assignee", "user"),
    "reporter": ("Reporter", "user"),
    "created": ("Created", "datetime"),
    "updated": ("Updated", "datetime"),
}
_KINDS = {"text": "string", "option": "option", "datetime": "datetime", "labels": "array", "issues": "array", "steps": "any"}
_WORKFLOW = {"To Do": ("10000", 2, "new"), "In Progress": ("3", 4, "indeterminate"), "Done": ("10001", 3, "done")}


def type_shape(kind: IssueType, base: str) -> types.TypeOfIssue:
    """An issue type."""
    return types.TypeOfIssue(f"{base}/rest/api/2/issuetype/{int(kind)}", str(int(kind)), kind.label, subtask=False)


def status_shape(name: str, base: str) -> types.WorkflowStatus:
    """A workflow status."""
    number, category, key = _WORKFLOW.get(name, _WORKFLOW["To Do"])
    return types.WorkflowStatus(f"{base}/rest/api/2/status/{number}", number, name, types.StatusCategory(category, key, name))


def _person_address(name: str, base: str) -> str:
    return f"{base}/rest/api/2/user?username={quote(name)}"


def person_shape(name: str | None, base: str) -> types.Person | None:
    """A person by name."""
    if name is None:
        return None
    return types.Person(self_=_person_address(name, base), name=name, key=name, display_name=name, active=True)


def myself_shape(caller: Caller, base: str) -> types.Myself:
    """The caller."""
    return types.Myself(
        self_=_person_address(caller.name, base), name=caller.name, key=caller.name, display_name=caller.display_name, active=True,
        email_address=caller.email or f"{caller.name}@localhost", time_zone="UTC", locale="en_US",
    )  # fmt: skip


def field_shapes(custom: Sequence[CustomField]) -> list[types.Field]:
    """Every field; those of Xray have the vendor's names and this instance's ids."""
    system = [
        types.Field(
            id=key, name=name, custom=False, navigable=True, searchable=True, clause_names=[key],
            schema=types.FieldSchema(kind, system=key),
        )
        for key, (name, kind) in SYSTEM_FIELDS.items()
    ]  # fmt: skip
    own = [
        types.Field(
            id=f.key, name=f.name, custom=True, navigable=True, searchable=True, orderable=True, clause_names=[f"cf[{f.id}]", f.name],
            schema=types.FieldSchema(
                _KINDS.get(f.kind, "any"), custom=f"com.xpandit.plugins.xray:{f.meaning or f.kind}", custom_id=f.id,
            ),
        )
        for f in custom
    ]  # fmt: skip
    return [*system, *own]


def version_shape(row: VersionRow, base: str) -> types.Version:
    """A version of a project."""
    return types.Version(f"{base}/rest/api/2/version/{row.id}", str(row.id), row.name, row.description, row.archived, row.released)


def component_shape(number: int, name: str, base: str) -> types.Named:
    """A component of a project."""
    return types.Named(f"{base}/rest/api/2/component/{number}", str(number), name)


def project_shape(row: ProjectRow, base: str) -> types.Project:
    """A project."""
    return types.Project(
        self_=f"{base}/rest/api/2/project/{row.id}", id=str(row.id), key=row.key, name=row.name, description=row.description,
        project_type_key="software",
    )  # fmt: skip


def whole_project_shape(whole: WholeProject, base: str) -> types.WholeProject:
    """A project with all that issues can have of it."""
    return types.WholeProject(
        **structs.asdict(project_shape(whole.row, base)),
        issue_types=[type_shape(k, base) for k in IssueType],
        versions=[version_shape(v, base) for v in whole.versions],
        components=[component_shape(i, n, base) for i, n in whole.components],
    )


def issue_shape(row: IssueRow, custom: Sequence[CustomField], base: str, wanted: Collection[str] | None = None) -> types.Issue:
    """An issue; only the `wanted` fields when they are named."""
    system = _fields(row, base)
    values = {encoded: getattr(system, name) for name, encoded in _NAMES.items()}
    values |= {f.key: _custom(row, f) for f in custom} | row.other
    if wanted is not None:
        values = {k: v for k, v in values.items() if k in wanted}
    return types.Issue("", str(row.id), f"{base}/rest/api/2/issue/{row.id}", row.key, values)


_NAMES = {f.name: f.encode_name for f in structs.fields(types.IssueFields)}


def _fields(row: IssueRow, base: str) -> types.IssueFields:
    return types.IssueFields(
        summary=row.summary,
        description=row.description or None,
        project=types.ProjectRef(f"{base}/rest/api/2/project/{row.project_id}", str(row.project_id), row.project_key, row.project_name),
        issuetype=type_shape(row.type, base),
        status=status_shape(row.workflow, base),
        labels=row.labels,
        fix_versions=[version_shape(v, base) for v in row.versions],
        components=[component_shape(i, n, base) for i, n in row.components],
        assignee=person_shape(row.assignee, base),
        reporter=person_shape(row.reporter, base),
        created=jira_date(row.created_ms),
        updated=jira_date(row.updated_ms),
        priority=types.Priority("3", "Medium"),
        resolution=None,
        attachment=[],
        issuelinks=[],
    )


def jira_date(ms: int, offset: int = 0) -> str:
    """Jira's way to write a date: `2014-08-30T11:47:35.000+0100`."""
    text = format_instant(ms, offset)
    head, zone = text[:-6], text[-6:].replace(":", "")
    return f"{head if '.' in head else head + '.000'}{zone}"


def _custom(row: IssueRow, field: CustomField) -> Any:  # noqa: ANN401  (each field has its own shape)
    execution, definition = row.execution, row.definition
    if execution is not None:
        begin = jira_date(execution.begin_ms, execution.begin_offset) if execution.begin_ms is not None else None
        end = jira_date(execution.end_ms, execution.end_offset) if execution.end_ms is not None else None
        values: dict[str, Any] = {
            "test_plan": row.plans, "test_environments": execution.environments, "revision": execution.revision or None,
            "begin": begin, "end": end, "branch": execution.branch or None, "build": execution.build_url or None,
        }  # fmt: skip
        return values.get(field.meaning)
    if definition is not None:
        steps = [
            {"index": i + 1, "fields": {"Action": s.action, "Data": s.data, "Expected Result": s.result}}
            for i, s in enumerate(definition.steps)
        ]
        cucumber = definition.type is TestType.CUCUMBER
        values = {
            "test_type": {"value": definition.type.label},
            "definition": definition.text if definition.type is TestType.GENERIC else None,
            "scenario": definition.text if cucumber else None,
            "scenario_type": {"value": definition.scenario_type or "Scenario"} if cucumber else None,
            "steps": {"steps": steps} if definition.type is TestType.MANUAL else None,
        }
        return values.get(field.meaning)
    return None
