# SPDX-License-Identifier: Apache-2.0
"""What an instance has, in the JSON of Jira's REST API v2: issue types, statuses, people, fields; members that are UNSET are left out."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field


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


class Names(Struct):
    """Something that is known by its name only."""

    name: str


class FieldSchema(Struct, rename="camel"):
    """What kind of values a field has."""

    type: str
    items: str | UnsetType = UNSET
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


class LinkType(Struct, rename={"self_": "self"}):
    """A type of links: the source `outward` the target, the target `inward` the source."""

    id: str
    name: str
    inward: str
    outward: str
    self_: str


class ServerInfo(Struct, kw_only=True, rename="camel"):
    """What this server is to Jira's clients."""

    base_url: str
    version: str
    version_numbers: list[int]
    deployment_type: str
    build_number: int
    server_title: str
    server_time: str
