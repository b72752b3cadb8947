# SPDX-License-Identifier: Apache-2.0
"""The JSON of searches and saved filters, as Jira's REST API v2 has them; members that are UNSET are left out."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from radiograph.web.jira.instance_types import FieldSchema, Person  # noqa: TC001  (the encoder reads the annotations)
from radiograph.web.jira.types import Issue  # noqa: TC001  (the encoder reads the annotations)


class SearchAnswer(Struct, rename="camel"):
    """A page of the issues found; `warningMessages` tell what of a query that was not validated finds nothing."""

    expand: str
    start_at: int
    max_results: int
    total: int
    issues: list[Issue]
    warning_messages: list[str] | UnsetType = UNSET
    names: dict[str, str] | UnsetType = UNSET
    schema: dict[str, FieldSchema] | UnsetType = UNSET


class SearchRequest(Struct, rename="camel"):
    """A search; `fields` and `expand` are names, or one text with commas between them; `validateQuery` is true, false, or a word for one."""

    jql: str | None = None
    start_at: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    max_results: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    fields: list[str] | str | None = None
    expand: list[str] | str | None = None
    validate_query: Any = None


class SharePermission(Struct):
    """Who else may use a filter; any type means everybody who is signed in."""

    type: str
    id: int | UnsetType = UNSET


class FilterRequest(Struct, rename="camel"):
    """A filter to save, or what to change of one; it is shared when `sharePermissions` has anything; `favourite` is ignored."""

    name: str | None = None
    jql: str | None = None
    description: str | None = None
    share_permissions: list[SharePermission] | None = None
    favourite: Any = None


class Filter(Struct, kw_only=True, rename="camel"):
    """A saved filter."""

    self_: str = field(name="self")
    id: str
    name: str
    description: str
    owner: Person
    jql: str
    view_url: str
    search_url: str
    favourite: bool
    editable: bool
    share_permissions: list[SharePermission]


class VisibleField(Struct, rename="camel"):
    """A field that a query can name; truth values are texts, as Jira has them."""

    value: str
    display_name: str
    orderable: str
    searchable: str
    operators: list[str]
    types: list[str]


class VisibleFunction(Struct, rename="camel"):
    """A function that a query can call."""

    value: str
    display_name: str
    is_list: str
    types: list[str]


class AutocompleteData(Struct, rename="camel"):
    """What a query can be made of."""

    visible_field_names: list[VisibleField]
    visible_function_names: list[VisibleFunction]
    jql_reserved_words: list[str] = field(name="jqlReservedWords")
