# SPDX-License-Identifier: Apache-2.0
"""The JSON of Jira's REST API v2, as far as it is spoken; members that are UNSET are left out."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field


class CreatedIssue(Struct, rename={"self_": "self"}):
    """An issue that was created."""

    id: str
    key: str
    self_: str


class TypeOfIssue(Struct, rename={"self_": "self"}):
    """An issue type."""

    self_: str
    id: str
    name: str
    subtask: bool


class StatusCategory(Struct):
    """What a workflow status means: new, indeterminate or done."""

    id: int
    key: str
    name: str


class WorkflowStatus(Struct, rename="camel"):
    """A workflow status."""

    self_: str = field(name="self")
    id: str
    name: str
    status_category: StatusCategory


class Person(Struct, kw_only=True, rename="camel"):
    """A person."""

    self_: str = field(name="self")
    name: str
    key: str
    display_name: str
    active: bool


class Myself(Person, kw_only=True):
    """The caller."""

    email_address: str
    time_zone: str
    locale: str


class Named(Struct, rename={"self_": "self"}):
    """Something that is known by its id and name."""

    self_: str
    id: str
    name: str


class Priority(Struct):
    """A priority."""

    id: str
    name: str


class ProjectRef(Struct, rename={"self_": "self"}):
    """The project of an issue."""

    self_: str
    id: str
    key: str
    name: str


class Project(Struct, kw_only=True, rename="camel"):
    """A project."""

    self_: str = field(name="self")
    id: str
    key: str
    name: str
    description: str
    project_type_key: str


class Version(Struct, rename={"self_": "self"}):
    """A version of a project."""

    self_: str
    id: str
    name: str
    description: str
    archived: bool
    released: bool


class WholeProject(Project, kw_only=True):
    """A project with its issue types, versions and components."""

    issue_types: list[TypeOfIssue]
    versions: list[Version]
    components: list[Named]


class IssueFields(Struct, kw_only=True):
    """The system fields of an issue; custom fields stand beside them as `customfield_…`."""

    summary: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    project: ProjectRef | UnsetType = UNSET
    issuetype: TypeOfIssue | UnsetType = UNSET
    status: WorkflowStatus | UnsetType = UNSET
    labels: list[str] | UnsetType = UNSET
    fix_versions: list[Version] | UnsetType = field(default=UNSET, name="fixVersions")
    components: list[Named] | UnsetType = UNSET
    assignee: Person | UnsetType | None = UNSET
    reporter: Person | UnsetType | None = UNSET
    created: str | UnsetType = UNSET
    updated: str | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    resolution: str | UnsetType | None = UNSET
    attachment: list[Any] | UnsetType = UNSET
    issuelinks: list[Any] | UnsetType = UNSET


class Issue(Struct, rename={"self_": "self"}):
    """An issue; `fields` holds IssueFields and custom fields, or only those that were asked for."""

    expand: str
    id: str
    self_: str
    key: str
    fields: Annotated[dict[str, Any], Meta(extra_json_schema={"allOf": [{"$ref": "#/components/schemas/IssueFields"}]})]


class FieldSchema(Struct, rename="camel"):
    """What kind of values a field has."""

    type: str
    system: str | UnsetType = UNSET
    custom: str | UnsetType = UNSET
    custom_id: int | UnsetType = UNSET


class Field(Struct, kw_only=True, rename="camel"):
    """A field of issues."""

    id: str
    name: str
    custom: bool
    navigable: bool
    searchable: bool
    orderable: bool | UnsetType = UNSET
    clause_names: list[str]
    schema: FieldSchema


class ServerInfo(Struct, kw_only=True, rename="camel"):
    """What this server is to Jira's clients."""

    base_url: str
    version: str
    version_numbers: list[int]
    deployment_type: str
    build_number: int
    server_title: str
    server_time: str


class IssueChange(Struct):
    """What Jira takes to create or edit an issue; `transition`, `historyMetadata` and `properties` are ignored."""

    fields: dict[str, Any] | None = None
    update: dict[str, list[dict[str, Any]]] | None = None
