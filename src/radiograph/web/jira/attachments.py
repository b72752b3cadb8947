# SPDX-License-Identifier: Apache-2.0
"""Files of issues through Jira's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from radiograph.actions import issue_files as actions
from radiograph.actions.files import plain_file
from radiograph.domain.errors import Problem, Refused
from radiograph.web import multipart
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import FORM, Answer, Body, Endpoint, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import change_types, types
from radiograph.web.jira.endpoint import ISSUE, NONE, jira_endpoint
from radiograph.web.jira.shapes import file_shape
from radiograph.web.raven.runs import attachment as file_content
from radiograph.web.spool import receive
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.domain.report import EvidenceFile
    from radiograph.web.spool import Spool


@signed_in
async def create_attachments(request: Request, caller: Caller) -> Response:
    """Add files to an issue: a form with a part for each, all with the name `file`.

    `X-Atlassian-Token: no-check` may stand in the headers; it isn't needed.
    """
    spool = await receive(request)
    try:
        rows, people = await write(request, actions.add, caller, request.path_params["key"], _files(request, spool))
    finally:
        spool.close()
    return encode([file_shape(r, base_url(request), people) for r in rows])


def _files(request: Request, spool: Spool) -> list[EvidenceFile]:
    body = spool.view()
    boundary = multipart.boundary_of(request.headers.get("content-type", ""), bytes(body[:1024]))
    if boundary is None:
        raise Refused("The body is no form.", [Problem("file", "Send multipart/form-data with the files in parts of the name file.")])
    parts = [p for p in multipart.parts_of(body, boundary) if p.name == "file"]
    return [plain_file(p.filename or "file", p.content_type, p.data) for p in parts]


@signed_in
async def attachment(request: Request, caller: Caller) -> Response:
    """What is known of a file of an issue."""
    row, people = await read(request, actions.find, caller, request.path_params["id"])
    return encode(file_shape(row, base_url(request), people))


@signed_in
async def delete_attachment(request: Request, caller: Caller) -> Response:
    """Remove a file of an issue."""
    await write(request, actions.remove, caller, request.path_params["id"])
    return Response(status_code=204)


@signed_in
async def attachment_meta(request: Request, _caller: Caller) -> Response:
    """Whether files can be added, and how large they may be."""
    return encode(change_types.AttachmentMeta(enabled=True, upload_limit=request.app.state.services.settings.max_evidence))


_ONE: dict[str, Any] = {"path_parameters": {"id": (str, "The id of the file.", "1")}}
_IT = {"id": "$response.body#/0/id"}
_CONTENT = ("attachment_content", _IT | {"name": "$response.body#/0/filename"})
_THEN = {"attachment": ("attachment", _IT), "content": _CONTENT, "delete": ("delete_attachment", _IT)}
_ADDED = {200: Answer(list[types.File], "Added.", links=_THEN)}
_FORM = Body(change_types.FileForm, {"file": "GET /pay 503"}, FORM)

endpoints = [
    jira_endpoint(
        "create_attachments", "POST", "issue/{key}/attachments", create_attachments, _ADDED, path_parameters=ISSUE, body=_FORM, writes=True,
    ),
    jira_endpoint("attachment_meta", "GET", "attachment/meta", attachment_meta, change_types.AttachmentMeta),
    jira_endpoint("attachment", "GET", "attachment/{id}", attachment, types.File, **_ONE),
    jira_endpoint("delete_attachment", "DELETE", "attachment/{id}", delete_attachment, NONE, writes=True, **_ONE),
    Endpoint(
        id="attachment_content", group="Files", method="GET", paths=("/secure/attachment/{id}/{name:path}",), handler=file_content,
        path_parameters={
            "id": (int, "The id of the file.", 1), "name": (str, "Its name, for people; any text will do.", "image21.jpg"),
        },
        answers={200: Answer(bytes, "The file.", "*/*")},
    ),
]  # fmt: skip
