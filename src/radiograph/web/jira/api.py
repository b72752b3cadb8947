# SPDX-License-Identifier: Apache-2.0
"""The part of Jira's REST API v2 that clients of Xray need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from radiograph import __version__
from radiograph.actions import issues, projects
from radiograph.domain.clock import now_ms
from radiograph.domain.issues import IssueType
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import shapes, types
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller

JIRA_VERSION = "9.12.0"
"""What `serverInfo` says: the libraries that ask it want a Jira of the last long-term line."""
FIELDS = Word("fields", "Names of the fields wanted, with commas; all when absent.", "summary,status")


@signed_in
async def get_issue(request: Request, caller: Caller) -> Response:
    """An issue."""
    row = await read(request, issues.find, caller, request.path_params["key"])
    custom = await read(request, issues.custom_fields)
    return encode(shapes.issue_shape(row, custom, base_url(request), _wanted(FIELDS.read(request.query_params))))


def _wanted(text: str) -> set[str] | None:
    names = {n.strip() for n in text.split(",") if n.strip()}
    return None if not names or names & {"*all", "*navigable"} else names


@signed_in
async def create_issue(request: Request, caller: Caller) -> Response:
    """Create an issue."""
    body = await read_body(request, types.IssueChange)
    number, key = await write(request, issues.create, caller, msgspec.to_builtins(body))
    return encode(types.CreatedIssue(str(number), key, f"{base_url(request)}/rest/api/2/issue/{number}"), 201)


@signed_in
async def edit_issue(request: Request, caller: Caller) -> Response:
    """Change the given fields of an issue, and leave the others."""
    body = await read_body(request, types.IssueChange)
    await write(request, issues.edit, caller, request.path_params["key"], msgspec.to_builtins(body))
    return Response(status_code=204)


@signed_in
async def get_project(request: Request, caller: Caller) -> Response:
    """A project with its issue types, versions and components."""
    whole = await read(request, projects.whole_project, caller, request.path_params["key"])
    return encode(shapes.whole_project_shape(whole, base_url(request)))


@signed_in
async def all_projects(request: Request, caller: Caller) -> Response:
    """The projects that the caller can see."""
    rows = await read(request, projects.visible_projects, caller)
    return encode([shapes.project_shape(row, base_url(request)) for row in rows])


@signed_in
async def fields(request: Request, _caller: Caller) -> Response:
    """The fields of issues; clients find Xray's by their names."""
    return encode(shapes.field_shapes(await read(request, issues.custom_fields)))


@signed_in
async def issue_types(request: Request, _caller: Caller) -> Response:
    """The issue types."""
    return encode([shapes.type_shape(k, base_url(request)) for k in IssueType])


@signed_in
async def myself(request: Request, caller: Caller) -> Response:
    """The caller."""
    return encode(shapes.myself_shape(caller, base_url(request)))


async def server_info(request: Request) -> Response:
    """What this server is to Jira's clients; anyone may ask, as in Jira."""
    numbers = [int(n) for n in JIRA_VERSION.split(".")]
    return encode(types.ServerInfo(
        base_url=base_url(request), version=JIRA_VERSION, version_numbers=numbers, deployment_type="Server", build_number=912000,
        server_title=f"Radiograph {__version__}", server_time=shapes.jira_date(now_ms()),
    ))  # fmt: skip


def _endpoint(name: str, method: str, path: str, handler: Any, answers: Any, **more: Any) -> Endpoint:  # noqa: ANN401
    paths = tuple(f"/rest/api/{v}/{path}" for v in ("2", "latest"))
    answers = answers if isinstance(answers, dict) else {200: Answer(answers)}
    return Endpoint(id=name, group="Jira", method=method, paths=paths, handler=handler, answers=answers, **more)


_ISSUE = {"key": (str, "The key or id of the issue.", "DEMO-7")}
_PROJECT = {"key": (str, "The key or id of the project.", "DEMO")}
_NEW = {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Test"}, "summary": "Adds", "customfield_10106": "calc.adds"}}
_CHANGES = {"fields": {"summary": "Adds two numbers"}, "update": {"labels": [{"add": "calculator"}]}}
_THEN = {"issue": ("issue", {"key": "$response.body#/key"}), "edit": ("edit_issue", {"key": "$response.body#/key"})}
_CREATED = {201: Answer(types.CreatedIssue, "Created.", links=_THEN)}

endpoints = [
    _endpoint("create_issue", "POST", "issue", create_issue, _CREATED, body=Body(types.IssueChange, _NEW), writes=True),
    _endpoint("issue", "GET", "issue/{key}", get_issue, types.Issue, path_parameters=_ISSUE, query=(FIELDS,)),
    _endpoint(
        "edit_issue", "PUT", "issue/{key}", edit_issue, {204: Answer()}, path_parameters=_ISSUE, body=Body(types.IssueChange, _CHANGES),
        writes=True,
    ),
    _endpoint("projects", "GET", "project", all_projects, list[types.Project]),
    _endpoint("project", "GET", "project/{key}", get_project, types.WholeProject, path_parameters=_PROJECT),
    _endpoint("fields", "GET", "field", fields, list[types.Field]),
    _endpoint("issue_types", "GET", "issuetype", issue_types, list[types.TypeOfIssue]),
    _endpoint("myself", "GET", "myself", myself, types.Myself),
    _endpoint("server_info", "GET", "serverInfo", server_info, types.ServerInfo, open=True),
]  # fmt: skip
