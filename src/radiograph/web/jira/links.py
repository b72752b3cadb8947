# SPDX-License-Identifier: Apache-2.0
"""Links between issues through Jira's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from radiograph.actions import issue_links as actions
from radiograph.actions import workflow
from radiograph.domain.errors import NotFound, Problem, Refused, cut
from radiograph.formats.jira_issue import read_link
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import change_types, instance_types
from radiograph.web.jira.endpoint import NONE, jira_endpoint
from radiograph.web.jira.shapes import head_shape, link_type_shape
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller


@signed_in
async def create_link(request: Request, caller: Caller) -> Response:
    """Link two issues.

    The inward issue is the source: with the type Blocks it blocks the outward one. A link of the type Tests between a
    Test and another issue says that the Test covers it.
    """
    body = await read_body(request, change_types.LinkBody)
    link = read_link(msgspec.to_builtins(body))
    for name, ref in (("inwardIssue", link.source), ("outwardIssue", link.target)):
        if not ref:
            raise Refused(f"{name} is required", [Problem(name, 'Give the issue, such as {"key": "DEMO-7"}.')])
    await write(request, actions.create, caller, link, body.comment.body if body.comment else "")
    return Response(status_code=201)


@signed_in
async def issue_link(request: Request, caller: Caller) -> Response:
    """A link."""
    row = await read(request, actions.find, caller, request.path_params["id"])
    known = {s.name: s for s in (await read(request, workflow.workflow)).statuses}
    base = base_url(request)
    return encode(change_types.WholeLink(
        id=row.id, self_=f"{base}/rest/api/2/issueLink/{row.id}", type=link_type_shape(row.type, base),
        inward_issue=head_shape(row.source, base, known), outward_issue=head_shape(row.target, base, known),
    ))  # fmt: skip


@signed_in
async def delete_link(request: Request, caller: Caller) -> Response:
    """Remove a link."""
    await write(request, actions.remove, caller, request.path_params["id"])
    return Response(status_code=204)


@signed_in
async def link_types(request: Request, _caller: Caller) -> Response:
    """The types of links."""
    kinds = await read(request, actions.link_types)
    return encode(change_types.LinkTypes([link_type_shape(k, base_url(request)) for k in kinds]))


@signed_in
async def link_type(request: Request, _caller: Caller) -> Response:
    """A type of links."""
    named = request.path_params["id"]
    kind = next((k for k in await read(request, actions.link_types) if named == str(k.id)), None)
    if kind is None:
        raise NotFound(f"No issue link type with id '{cut(named)}' found.")
    return encode(link_type_shape(kind, base_url(request)))


_LINK: dict[str, Any] = {"path_parameters": {"id": (str, "The id of the link.", "10000")}}
_TYPE: dict[str, Any] = {"path_parameters": {"id": (str, "The id of the type.", "10000")}}
_BODY = Body(change_types.LinkBody, {"type": {"name": "Blocks"}, "inwardIssue": {"key": "DEMO-10"}, "outwardIssue": {"key": "DEMO-2"}})
_CREATED = {201: Answer(None, "Linked, or linked so already.")}

endpoints = [
    jira_endpoint("create_link", "POST", "issueLink", create_link, _CREATED, body=_BODY, writes=True, errors=(404,)),
    jira_endpoint("issue_link", "GET", "issueLink/{id}", issue_link, change_types.WholeLink, **_LINK),
    jira_endpoint("delete_link", "DELETE", "issueLink/{id}", delete_link, NONE, writes=True, **_LINK),
    jira_endpoint("link_types", "GET", "issueLinkType", link_types, change_types.LinkTypes),
    jira_endpoint("link_type", "GET", "issueLinkType/{id}", link_type, instance_types.LinkType, **_TYPE),
]
