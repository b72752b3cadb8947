# SPDX-License-Identifier: Apache-2.0
"""The JSON of Jira's REST API v2, as far as it is spoken; members that are UNSET are left out."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field
from msgspec import field as field_


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


class StatusCategory(Struct, rename={"self_": "self"}):
    """What a workflow status means: new, indeterminate or done."""

    self_: str
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
    email_address: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET


class Myself(Person, kw_only=True):
    """The caller."""

    locale: str


class Named(Struct, rename={"self_": "self"}):
    """Something that is known by its id and name."""

    self_: str
    id: str
    name: str


class Component(Struct, kw_only=True, rename="camel"):
    """A component of a project."""

    self_: str = field(name="self")
    id: str
    name: str
    description: str
    project: str
    project_id: int


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


class Version(Struct, kw_only=True, rename="camel"):
    """A version of a project; a date that isn't set is left out."""

    self_: str = field(name="self")
    id: str
    name: str
    description: str
    archived: bool
    released: bool
    start_date: str | UnsetType = UNSET
    release_date: str | UnsetType = UNSET
    overdue: bool | UnsetType = UNSET
    project_id: int


class WholeProject(Project, kw_only=True):
    """A project with its issue types, versions and components."""

    issue_types: list[TypeOfIssue]
    versions: list[Version]
    components: list[Component]


class IssueHeadFields(Struct):
    """What is told of an issue that another one names."""

    summary: str
    status: WorkflowStatus
    priority: Named
    issuetype: TypeOfIssue


class IssueHead(Struct, rename={"self_": "self"}):
    """An issue that another one names."""

    id: str
    key: str
    self_: str
    fields: IssueHeadFields


class LinkType(Struct, rename={"self_": "self"}):
    """A type of links: the source `outward` the target, the target `inward` the source."""

    id: str
    name: str
    inward: str
    outward: str
    self_: str


class Link(Struct, kw_only=True, rename="camel"):
    """A link as an issue shows it: to its target as `outwardIssue`, or to its source as `inwardIssue`."""

    id: str
    self_: str = field(name="self")
    type: LinkType
    inward_issue: IssueHead | UnsetType = UNSET
    outward_issue: IssueHead | UnsetType = UNSET


class File(Struct, kw_only=True, rename="camel"):
    """A file of an issue; `size` in bytes, `content` is its address."""

    self_: str = field(name="self")
    id: str
    filename: str
    author: Person | None
    created: str
    size: int
    mime_type: str
    content: str


class Comment(Struct, kw_only=True, rename="camel"):
    """A comment."""

    self_: str = field(name="self")
    id: str
    author: Person | None
    body: str
    update_author: Person | None
    created: str
    updated: str


class Comments(Struct, rename="camel"):
    """A page of comments."""

    comments: list[Comment]
    max_results: int
    total: int
    start_at: int


class Names(Struct):
    """Something that is known by its name only."""

    name: str


class Watches(Struct, rename="camel"):
    """Who watches an issue: nobody, as nobody is told of changes yet."""

    self_: str = field(name="self")
    watch_count: int = 0
    is_watching: bool = False


class Watchers(Watches, kw_only=True, rename="camel"):
    """Who watches an issue, by name."""

    watchers: list[Person] = []


class IssueFields(Struct, kw_only=True):
    """The system fields of an issue; custom fields stand beside them as `customfield_…`."""

    summary: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    project: ProjectRef | UnsetType = UNSET
    issuetype: TypeOfIssue | UnsetType = UNSET
    status: WorkflowStatus | UnsetType = UNSET
    labels: list[str] | UnsetType = UNSET
    fix_versions: list[Version] | UnsetType = field(default=UNSET, name="fixVersions")
    versions: list[Names] | UnsetType = UNSET
    components: list[Component] | UnsetType = UNSET
    assignee: Person | UnsetType | None = UNSET
    reporter: Person | UnsetType | None = UNSET
    creator: Person | UnsetType | None = UNSET
    created: str | UnsetType = UNSET
    updated: str | UnsetType = UNSET
    priority: Named | UnsetType = UNSET
    resolution: Named | UnsetType | None = UNSET
    duedate: str | UnsetType | None = UNSET
    environment: str | UnsetType | None = UNSET
    attachment: list[File] | UnsetType = UNSET
    comment: Comments | UnsetType = UNSET
    issuelinks: list[Link] | UnsetType = UNSET
    subtasks: list[IssueHead] | UnsetType = UNSET
    parent: IssueHead | UnsetType = UNSET
    watches: Watches | UnsetType = UNSET


class FieldSchema(Struct, rename="camel"):
    """What kind of values a field has."""

    type: str
    items: str | UnsetType = UNSET
    system: str | UnsetType = UNSET
    custom: str | UnsetType = UNSET
    custom_id: int | UnsetType = UNSET


class ChangedField(Struct, kw_only=True):
    """One field that was changed, with its texts before and after."""

    field: str
    fieldtype: str
    from_: str | None = field_(default=None, name="from")
    from_string: str | None = field_(name="fromString")
    to: str | None = None
    to_string: str | None = field_(name="toString")


class HistoryEntry(Struct, kw_only=True):
    """What a person changed in one go."""

    id: str
    author: Person | None
    created: str
    items: list[ChangedField]


class Changelog(Struct, rename="camel"):
    """The history of an issue, oldest first."""

    start_at: int
    max_results: int
    total: int
    histories: list[HistoryEntry]


class TransitionOut(Struct, rename="camel"):
    """A transition that an issue can take."""

    id: str
    name: str
    to: WorkflowStatus
    has_screen: bool = False
    is_global: bool = True
    is_initial: bool = False
    is_conditional: bool = False
    fields: dict[str, Any] | UnsetType = UNSET


class Transitions(Struct):
    """The transitions that an issue can take."""

    expand: str
    transitions: list[TransitionOut]


class Issue(Struct, rename={"self_": "self", "rendered_fields": "renderedFields"}, kw_only=True):
    """An issue; `fields` holds IssueFields and custom fields, or only those that were asked for; the rest is asked for by `expand`."""

    expand: str
    id: str
    self_: str
    key: str
    fields: Annotated[dict[str, Any], Meta(extra_json_schema={"allOf": [{"$ref": "#/components/schemas/IssueFields"}]})]
    names: dict[str, str] | UnsetType = UNSET
    schema: dict[str, FieldSchema] | UnsetType = UNSET
    rendered_fields: dict[str, Any] | UnsetType = UNSET
    transitions: list[TransitionOut] | UnsetType = UNSET
    editmeta: dict[str, Any] | UnsetType = UNSET
    changelog: Changelog | UnsetType = UNSET


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
    """What Jira takes to create, edit or transition an issue; `historyMetadata` and `properties` are ignored."""

    fields: dict[str, Any] | None = None
    update: dict[str, list[dict[str, Any]]] | None = None
    transition: dict[str, Any] | None = None
