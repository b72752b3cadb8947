# SPDX-License-Identifier: Apache-2.0
"""Projects, versions and components in the JSON of Jira's REST API v2; members that are UNSET are left out."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field

from radiograph.web.jira.instance_types import TypeOfIssue  # noqa: TC001  (msgspec reads the annotations)


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
