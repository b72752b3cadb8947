# SPDX-License-Identifier: Apache-2.0
"""Issues, projects and fields as Jira's REST API v2 shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.domain.clock import format_instant
from radiograph.domain.issues import CustomField, IssueType, TestType

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import IssueRow

Shape = dict[str, Any]
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


def type_shape(kind: IssueType, base: str) -> Shape:
    """An issue type."""
    return {"self": f"{base}/rest/api/2/issuetype/{int(kind)}", "id": str(int(kind)), "name": kind.label, "subtask": False}


def status_shape(name: str, base: str) -> Shape:
    """A workflow status."""
    number, category, key = _WORKFLOW.get(name, _WORKFLOW["To Do"])
    return {
        "self": f"{base}/rest/api/2/status/{number}", "id": number, "name": name,
        "statusCategory": {"id": category, "key": key, "name": name},
    }  # fmt: skip


def person_shape(name: str | None, base: str) -> Shape | None:
    """A person by name."""
    if name is None:
        return None
    return {"self": f"{base}/rest/api/2/user?username={name}", "name": name, "key": name, "displayName": name, "active": True}


def myself_shape(caller: Caller, base: str) -> Shape:
    """The caller."""
    return {
        "self": f"{base}/rest/api/2/user?username={caller.name}", "name": caller.name, "key": caller.name,
        "displayName": caller.display_name, "emailAddress": caller.email or f"{caller.name}@localhost", "active": True,
        "timeZone": "UTC", "locale": "en_US",
    }  # fmt: skip


def field_shapes(custom: Sequence[CustomField]) -> list[Shape]:
    """Every field; those of Xray have the vendor's names and this instance's ids."""
    system = [
        {
            "id": key,
            "name": name,
            "custom": False,
            "navigable": True,
            "searchable": True,
            "clauseNames": [key],
            "schema": {"type": kind, "system": key},
        }
        for key, (name, kind) in SYSTEM_FIELDS.items()
    ]
    own = [
        {
            "id": f.key, "name": f.name, "custom": True, "navigable": True, "searchable": True, "orderable": True,
            "clauseNames": [f"cf[{f.id}]", f.name],
            "schema": {"type": _KINDS.get(f.kind, "any"), "custom": f"com.xpandit.plugins.xray:{f.meaning or f.kind}", "customId": f.id},
        }
        for f in custom
    ]  # fmt: skip
    return [*system, *own]


def issue_shape(row: IssueRow, custom: Sequence[CustomField], base: str, wanted: Collection[str] | None = None) -> Shape:
    """An issue; only the `wanted` fields when they are named."""
    fields = _fields(row, base) | {f.key: _custom(row, f) for f in custom} | row.other
    if wanted is not None:
        fields = {k: v for k, v in fields.items() if k in wanted}
    return {"expand": "", "id": str(row.id), "self": f"{base}/rest/api/2/issue/{row.id}", "key": row.key, "fields": fields}


def _fields(row: IssueRow, base: str) -> Shape:
    return {
        "summary": row.summary,
        "description": row.description or None,
        "project": {
            "self": f"{base}/rest/api/2/project/{row.project_id}",
            "id": str(row.project_id),
            "key": row.project_key,
            "name": row.project_name,
        },
        "issuetype": type_shape(row.type, base),
        "status": status_shape(row.workflow, base),
        "labels": row.labels,
        "fixVersions": [{"self": f"{base}/rest/api/2/version/{i}", "id": str(i), "name": n} for i, n in row.versions],
        "components": [{"self": f"{base}/rest/api/2/component/{i}", "id": str(i), "name": n} for i, n in row.components],
        "assignee": person_shape(row.assignee, base),
        "reporter": person_shape(row.reporter, base),
        "created": jira_date(row.created_ms),
        "updated": jira_date(row.updated_ms),
        "priority": {"id": "3", "name": "Medium"},
        "resolution": None,
        "attachment": [],
        "issuelinks": [],
    }


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
        values: Shape = {
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
