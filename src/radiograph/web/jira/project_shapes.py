# SPDX-License-Identifier: Apache-2.0
"""Projects, people and fields as Jira's REST API v2 shows them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from msgspec import UNSET, structs

from radiograph.domain.issues import IssueType
from radiograph.web.jira import change_types, instance_types, project_types
from radiograph.web.jira.shapes import API, person_shape, type_shape, version_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.projects import ProjectRow, WholeProject
    from radiograph.domain.issues import CustomField
    from radiograph.domain.people import Caller
    from radiograph.store.issue_parts import PersonRow
    from radiograph.store.project_parts import ProjectComponent

SYSTEM_FIELDS = {
    "summary": ("Summary", "string", ""),
    "description": ("Description", "string", ""),
    "project": ("Project", "project", ""),
    "issuetype": ("Issue Type", "issuetype", ""),
    "status": ("Status", "status", ""),
    "labels": ("Labels", "array", "string"),
    "fixVersions": ("Fix Version/s", "array", "version"),
    "versions": ("Affects Version/s", "array", "version"),
    "components": ("Component/s", "array", "component"),
    "assignee": ("Assignee", "user", ""),
    "reporter": ("Reporter", "user", ""),
    "creator": ("Creator", "user", ""),
    "created": ("Created", "datetime", ""),
    "updated": ("Updated", "datetime", ""),
    "priority": ("Priority", "priority", ""),
    "resolution": ("Resolution", "resolution", ""),
    "duedate": ("Due Date", "date", ""),
    "environment": ("Environment", "string", ""),
    "parent": ("Parent", "issuelink", ""),
    "subtasks": ("Sub-Tasks", "array", "issuelinks"),
    "issuelinks": ("Linked Issues", "array", "issuelinks"),
    "attachment": ("Attachment", "array", "attachment"),
    "comment": ("Comment", "comments-page", ""),
    "watches": ("Watchers", "watches", ""),
}
"""By id: name, type, and type of the items."""
_KINDS = {
    "text": "string", "option": "option", "datetime": "datetime", "date": "date", "number": "number", "user": "user", "labels": "array",
    "issues": "array", "steps": "any",
}  # fmt: skip


def system_schema(key: str) -> instance_types.FieldSchema:
    """The kind of values of a system field."""
    _, kind, items = SYSTEM_FIELDS[key]
    return instance_types.FieldSchema(kind, system=key, items=items or UNSET)


def custom_schema(field: CustomField) -> instance_types.FieldSchema:
    """The kind of values of a custom field."""
    kind = _KINDS.get(field.kind, "any")
    items = "string" if kind == "array" else UNSET
    return instance_types.FieldSchema(
        kind, items=items, custom=f"com.xpandit.plugins.xray:{field.meaning or field.kind}", custom_id=field.id
    )


def field_shapes(custom: Sequence[CustomField]) -> list[instance_types.Field]:
    """Every field; those of Xray have the vendor's names and this instance's ids."""
    system = [
        instance_types.Field(
            id=key, name=name, custom=False, navigable=True, searchable=True, clause_names=[key], schema=system_schema(key),
        )
        for key, (name, _, _) in SYSTEM_FIELDS.items()
    ]  # fmt: skip
    return [*system, *(custom_field_shape(f) for f in custom)]


def custom_field_shape(field: CustomField) -> instance_types.Field:
    """A custom field."""
    return instance_types.Field(
        id=field.key, name=field.name, custom=True, navigable=True, searchable=True, orderable=True,
        clause_names=[f"cf[{field.id}]", field.name], schema=custom_schema(field),
    )  # fmt: skip


def component_shape(row: ProjectComponent, key: str, base: str) -> project_types.Component:
    """A component of a project, whose key is given."""
    return project_types.Component(
        self_=f"{base}{API}/component/{row.id}", id=str(row.id), name=row.name, description=row.description, project=key,
        project_id=row.project_id,
    )  # fmt: skip


def project_shape(row: ProjectRow, base: str) -> project_types.Project:
    """A project."""
    return project_types.Project(
        self_=f"{base}{API}/project/{row.id}", id=str(row.id), key=row.key, name=row.name, description=row.description,
        project_type_key="software",
    )  # fmt: skip


def whole_project_shape(whole: WholeProject, base: str) -> project_types.WholeProject:
    """A project with all that issues can have of it."""
    return project_types.WholeProject(
        **structs.asdict(project_shape(whole.row, base)),
        issue_types=[type_shape(k, base) for k in IssueType],
        versions=[version_shape(v, base) for v in whole.versions],
        components=[component_shape(c, whole.row.key, base) for c in whole.components],
    )


def myself_shape(caller: Caller, base: str) -> instance_types.Myself:
    """The caller."""
    shown = person_shape(caller.name, base)
    assert shown is not None  # noqa: S101  (the caller has a name)
    return instance_types.Myself(
        **structs.asdict(shown) | {"display_name": caller.display_name, "email_address": caller.email or f"{caller.name}@localhost"}
        | {"time_zone": "UTC"}, locale="en_US",
    )  # fmt: skip


def found_person_shape(row: PersonRow, base: str) -> instance_types.Person:
    """A person who was looked for."""
    shown = person_shape(row.name, base, {row.name: row})
    assert shown is not None  # noqa: S101  (the row has a name)
    shown.time_zone = "UTC"
    return shown


def picked_shape(row: PersonRow) -> change_types.PickedUser:
    """A person in a picker."""
    shown = html.escape(f"{row.display_name} ({row.name})")
    return change_types.PickedUser(row.name, row.name, shown, row.display_name)
