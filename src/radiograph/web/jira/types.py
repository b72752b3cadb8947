# SPDX-License-Identifier: Apache-2.0
"""Issues in the JSON of Jira's REST API v2; members that are UNSET are left out."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from radiograph.web.jira.history_types import Changelog, TransitionOut  # noqa: TC001  (msgspec reads the annotations)
from radiograph.web.jira.instance_types import FieldSchema, LinkType, Named, Names, Person, TypeOfIssue, WorkflowStatus  # noqa: TC001  (msgspec reads the annotations)
from radiograph.web.jira.project_types import Component, ProjectRef, Version  # noqa: TC001  (msgspec reads the annotations)


class CreatedIssue(Struct, rename={"self_": "self"}):
    """An issue that was created."""

    id: str
    key: str
    self_: str


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


class IssueChange(Struct):
    """What Jira takes to create, edit or transition an issue; `historyMetadata` and `properties` are ignored."""

    fields: dict[str, Any] | None = None
    update: dict[str, list[dict[str, Any]]] | None = None
    transition: dict[str, Any] | None = None
