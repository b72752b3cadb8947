# SPDX-License-Identifier: Apache-2.0
"""Comments through Jira's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from radiograph.actions import issue_comments as actions
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import types
from radiograph.web.jira.change_types import CommentBody
from radiograph.web.jira.endpoint import ISSUE, NONE, START, jira_endpoint, most
from radiograph.web.jira.shapes import comment_shape
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller

MOST = most(1000)
ORDER = Word("orderBy", "`created` (oldest first), or `-created`.", "-created")


@signed_in
async def comments(request: Request, caller: Caller) -> Response:
    """The comments of an issue, oldest first."""
    query = request.query_params
    skip, limit, newest = START.read(query), MOST.read(query), ORDER.read(query).startswith("-")
    _, rows, total, people = await read(request, actions.list_comments, caller, request.path_params["key"], skip, limit, newest)
    return encode(types.Comments([comment_shape(c, base_url(request), people) for c in rows], limit, total, skip))


@signed_in
async def comment(request: Request, caller: Caller) -> Response:
    """A comment."""
    key, number = request.path_params["key"], request.path_params["id"]
    row, people = await read(request, actions.find_comment, caller, key, number)
    return encode(comment_shape(row, base_url(request), people))


@signed_in
async def create_comment(request: Request, caller: Caller) -> Response:
    """Comment on an issue."""
    body = await read_body(request, CommentBody)
    row, people = await write(request, actions.add, caller, request.path_params["key"], body.body)
    return encode(comment_shape(row, base_url(request), people), 201)


@signed_in
async def edit_comment(request: Request, caller: Caller) -> Response:
    """Give a comment another text."""
    body = await read_body(request, CommentBody)
    row, people = await write(request, actions.edit, caller, request.path_params["key"], request.path_params["id"], body.body)
    return encode(comment_shape(row, base_url(request), people))


@signed_in
async def delete_comment(request: Request, caller: Caller) -> Response:
    """Remove a comment."""
    await write(request, actions.remove, caller, request.path_params["key"], request.path_params["id"])
    return Response(status_code=204)


_ONE: dict[str, Any] = {"path_parameters": {**ISSUE, "id": (str, "The id of the comment.", "10000")}}
_IT = {"key": "$request.path.key", "id": "$response.body#/id"}
_THEN = {"comment": ("comment", _IT), "edit": ("edit_comment", _IT), "delete": ("delete_comment", _IT)}
_CREATED = {201: Answer(types.Comment, "Added.", links=_THEN)}
_BODY = Body(CommentBody, {"body": "It fails on iOS only"})

endpoints = [
    jira_endpoint("comments", "GET", "issue/{key}/comment", comments, types.Comments, path_parameters=ISSUE, query=(START, MOST, ORDER)),
    jira_endpoint(
        "create_comment", "POST", "issue/{key}/comment", create_comment, _CREATED, path_parameters=ISSUE, body=_BODY, writes=True
    ),
    jira_endpoint("comment", "GET", "issue/{key}/comment/{id}", comment, types.Comment, **_ONE),
    jira_endpoint("edit_comment", "PUT", "issue/{key}/comment/{id}", edit_comment, types.Comment, body=_BODY, writes=True, **_ONE),
    jira_endpoint("delete_comment", "DELETE", "issue/{key}/comment/{id}", delete_comment, NONE, writes=True, **_ONE),
]
