# SPDX-License-Identifier: Apache-2.0
"""Bodies of requests to Jira's API beside those of issues, and answers about projects and the instance."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from radiograph.web.jira.instance_types import TypeOfIssue, WorkflowStatus
from radiograph.web.jira.types import CreatedIssue  # noqa: TC001  (msgspec reads the annotations)


class BulkRequest(Struct, rename="camel"):
    """Issues to create, each as for one."""

    issue_updates: list[dict[str, Any]]


class ElementErrors(Struct, rename="camel"):
    """What was wrong with one of them."""

    error_messages: list[str]
    errors: dict[str, str]
    status: int


class BulkError(Struct, rename="camel"):
    """One that could not be created: its place in the request, from 0."""

    status: int
    element_errors: ElementErrors
    failed_element_number: int


class BulkAnswer(Struct):
    """The issues that were created, and what was wrong with the others."""

    issues: list[CreatedIssue]
    errors: list[BulkError]


class CommentBody(Struct):
    """A comment; `visibility` is ignored: whoever sees the issue sees its comments."""

    body: str
    visibility: Any = None


class AssigneeBody(Struct, rename="camel"):
    """Whom an issue is for: `name` (or `key`, or `accountId`); null for nobody, `-1` for the caller."""

    name: str | None = None
    key: str | None = None
    account_id: str | None = None


class LinkBody(Struct, rename="camel"):
    """A link to make: the inward issue is its source, as in `A blocks B`, and the outward issue its target."""

    type: dict[str, Any]
    inward_issue: dict[str, Any]
    outward_issue: dict[str, Any]
    comment: CommentBody | None = None


class LinkTypes(Struct, rename="camel"):
    """Every type of links."""

    issue_link_types: list[Any]


class WholeLink(Struct, kw_only=True, rename="camel"):
    """A link with both its ends."""

    id: str
    self_: str = field(name="self")
    type: Any
    inward_issue: Any
    outward_issue: Any


class VersionBody(Struct, rename="camel"):
    """A version; what is left out stays as it is. Days are such as `2026-11-23`, "" for none."""

    name: str | UnsetType = UNSET
    project: str | UnsetType | None = UNSET
    project_id: int | str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    released: bool | UnsetType | None = UNSET
    archived: bool | UnsetType | None = UNSET
    start_date: str | UnsetType | None = UNSET
    release_date: str | UnsetType | None = UNSET


class ComponentBody(Struct, rename="camel"):
    """A component; what is left out stays as it is."""

    name: str | UnsetType = UNSET
    project: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET


class ProjectBody(Struct, kw_only=True):
    """A project to add; other members of Jira's are ignored."""

    key: str
    name: str = ""
    description: str | None = None


class CreatedProject(Struct, rename={"self_": "self"}):
    """A project that was added."""

    self_: str
    id: int
    key: str


class FieldBody(Struct):
    """A custom field to add; `type` is text, number, option, labels, date, datetime, user or issues, or Jira's name of one."""

    name: str
    type: str = "text"
    description: str = ""


class TypeStatuses(TypeOfIssue, kw_only=True):
    """An issue type and the statuses that its issues can have."""

    statuses: list[WorkflowStatus]


class RelatedCounts(Struct, rename="camel"):
    """How many issues a version has."""

    self_: str = field(name="self")
    issues_fixed_count: int
    issues_affected_count: int = 0


class Permission(Struct, kw_only=True, rename="camel"):
    """One permission of Jira's, and whether the caller has it."""

    id: str
    key: str
    name: str
    type: str
    description: str
    have_permission: bool


class Permissions(Struct):
    """The permissions by their keys."""

    permissions: dict[str, Permission]


class PickedUser(Struct, rename="camel"):
    """A person in a picker."""

    name: str
    key: str
    html: str
    display_name: str


class PickedUsers(Struct):
    """The people whose names have a text in them."""

    users: list[PickedUser]
    total: int
    header: str


class MetaPage(Struct, kw_only=True, rename="camel"):
    """A page of what can be created."""

    max_results: int
    start_at: int
    total: int
    is_last: bool
    values: list[Any]


class AttachmentMeta(Struct, rename="camel"):
    """Whether files can be added, and how large they may be, in bytes."""

    enabled: bool
    upload_limit: int


class FileForm(Struct):
    """Files to add, each in a part with the name `file`."""

    file: str
