# SPDX-License-Identifier: Apache-2.0
"""Saved filters, as Jira's REST API v2 has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import structs
from starlette.responses import Response

from radiograph.actions import filters
from radiograph.domain.errors import Refused
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import search_types as types
from radiograph.web.jira.endpoint import NONE, jira_endpoint
from radiograph.web.jira.shapes import person_shape
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.store.filters import FilterRow


def _shape(row: FilterRow, caller: Caller, base: str) -> types.Filter:
    owner = person_shape(row.owner, base)
    assert owner is not None  # noqa: S101  (it has a name)
    return types.Filter(
        self_=f"{base}/rest/api/2/filter/{row.id}", id=str(row.id), name=row.name, description=row.description, owner=structs.replace(owner, display_name=row.shown), jql=row.jql,
        view_url=f"{base}/search?jql={quote(row.jql)}", search_url=f"{base}/rest/api/2/search?jql={quote(row.jql)}",
        favourite=row.owner_id == caller.id, editable=caller.admin or row.owner_id == caller.id,
        share_permissions=[types.SharePermission("loggedin", row.id)] if row.shared else [],
    )  # fmt: skip


def _given(body: types.FilterRequest) -> dict[str, Any]:
    found = {name: getattr(body, name) for name in ("name", "jql", "description") if getattr(body, name) is not None}
    return found if body.share_permissions is None else found | {"shared": bool(body.share_permissions)}


@signed_in
async def create_filter(request: Request, caller: Caller) -> Response:
    """Save a filter."""
    body = await read_body(request, types.FilterRequest)
    return encode(_shape(await write(request, filters.create, caller, _given(body)), caller, base_url(request)))


@signed_in
async def get_filter(request: Request, caller: Caller) -> Response:
    """A saved filter."""
    return encode(_shape(await read(request, filters.filter_of, caller, request.path_params["id"]), caller, base_url(request)))


@signed_in
async def edit_filter(request: Request, caller: Caller) -> Response:
    """Change a filter: what is given, and nothing else."""
    number = request.path_params["id"]
    try:
        body = await read_body(request, types.FilterRequest)
    except Refused:
        await read(request, filters.filter_of, caller, number)  # that it isn't there is told before what is wrong with the body
        raise
    row = await write(request, filters.edit, caller, number, _given(body))
    return encode(_shape(row, caller, base_url(request)))


@signed_in
async def delete_filter(request: Request, caller: Caller) -> Response:
    """Delete a filter."""
    await write(request, filters.delete, caller, request.path_params["id"])
    return Response(status_code=204)


async def _listed(request: Request, caller: Caller) -> Response:
    rows = await read(request, filters.own_filters, caller)
    return encode([_shape(row, caller, base_url(request)) for row in rows])


@signed_in
async def favourite_filters(request: Request, caller: Caller) -> Response:
    """The caller's filters: each is a favourite of who saved it."""
    return await _listed(request, caller)


@signed_in
async def my_filters(request: Request, caller: Caller) -> Response:
    """The filters that the caller saved."""
    return await _listed(request, caller)


_ID = {"id": (str, "The id of the filter.", "10000")}
_NEW = types.FilterRequest("Failing checkouts", "project = DEMO AND TestRunStatus = FAIL", "What to look at first")
_BODY = Body(types.FilterRequest, {"name": _NEW.name, "jql": _NEW.jql, "description": _NEW.description})
_THEN = {
    "filter": ("filter", {"id": "$response.body#/id"}),
    "edit": ("edit_filter", {"id": "$response.body#/id"}),
    "delete": ("delete_filter", {"id": "$response.body#/id"}),
}

endpoints = [
    jira_endpoint("create_filter", "POST", "filter", create_filter, {200: Answer(types.Filter, links=_THEN)}, body=_BODY, writes=True),
    jira_endpoint("favourite_filters", "GET", "filter/favourite", favourite_filters, list[types.Filter]),
    jira_endpoint("my_filters", "GET", "filter/my", my_filters, list[types.Filter]),
    jira_endpoint("filter", "GET", "filter/{id}", get_filter, types.Filter, path_parameters=_ID),
    jira_endpoint("edit_filter", "PUT", "filter/{id}", edit_filter, types.Filter, path_parameters=_ID, body=_BODY, writes=True),
    jira_endpoint("delete_filter", "DELETE", "filter/{id}", delete_filter, NONE, path_parameters=_ID, writes=True),
]
