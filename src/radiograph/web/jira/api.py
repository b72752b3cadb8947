# SPDX-License-Identifier: Apache-2.0
"""The part of Jira's REST API v2 that clients of Xray need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from radiograph import __version__
from radiograph.actions import issues, projects
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.issues import IssueType
from radiograph.formats.json_value import MAX_SIZE, read_value
from radiograph.web.addresses import base_url
from radiograph.web.auth import authenticate, set_session_cookie
from radiograph.web.errors import encode
from radiograph.web.jira import shapes
from radiograph.web.spool import receive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

JIRA_VERSION = "9.12.0"
"""What `serverInfo` says: the libraries that ask it want a Jira of the last long-term line."""
MAX_RESULTS = 1000


async def _json(request: Request) -> Any:  # noqa: ANN401
    spool = await receive(request, MAX_SIZE)
    try:
        return read_value(spool.view(), "body")
    finally:
        spool.close()


def _answer(request: Request, value: Any, status: int = 200) -> Response:  # noqa: ANN401
    response = encode(value, status)
    set_session_cookie(request, response)
    return response


async def get_issue(request: Request) -> Response:
    """`GET issue/{key}`; `fields` chooses."""
    caller = await authenticate(request)
    state = request.app.state
    row = await state.threads.read(issues.find, state.services, caller, request.path_params["key"])
    custom = await state.threads.read(issues.custom_fields, state.services)
    return _answer(request, shapes.issue_shape(row, custom, base_url(request), _wanted(request.query_params.get("fields"))))


def _wanted(text: str | None) -> set[str] | None:
    names = {n.strip() for n in (text or "").split(",") if n.strip()}
    return None if not names or names & {"*all", "*navigable"} else names


async def create_issue(request: Request) -> Response:
    """`POST issue`."""
    caller = await authenticate(request)
    state = request.app.state
    number, key = await state.threads.write(issues.create, state.services, caller, await _json(request))
    return _answer(request, {"id": str(number), "key": key, "self": f"{base_url(request)}/rest/api/2/issue/{number}"}, 201)


async def edit_issue(request: Request) -> Response:
    """`PUT issue/{key}`."""
    caller = await authenticate(request)
    state = request.app.state
    await state.threads.write(issues.edit, state.services, caller, request.path_params["key"], await _json(request))
    return Response(status_code=204)


async def search(request: Request) -> Response:
    """`GET` and `POST search`."""
    caller = await authenticate(request)
    given: Mapping[str, Any] = request.query_params
    if request.method == "POST":
        given = await _json(request)
        if not isinstance(given, dict):
            raise Refused('The body must be an object such as {"jql": "project = DEMO"}.')
    skip, limit = _whole(given, "startAt", 0), min(_whole(given, "maxResults", 50), MAX_RESULTS)
    fields = given.get("fields")
    wanted = _wanted(",".join(map(str, fields)) if isinstance(fields, list) else str(fields or ""))
    state = request.app.state
    rows, total = await state.threads.read(issues.search, state.services, caller, str(given.get("jql") or ""), skip, limit)
    custom = await state.threads.read(issues.custom_fields, state.services)
    base = base_url(request)
    found = [shapes.issue_shape(row, custom, base, wanted) for row in rows]
    return _answer(request, {"expand": "", "startAt": skip, "maxResults": limit, "total": total, "issues": found})


def _whole(given: Mapping[str, Any], name: str, default: int) -> int:
    value = given.get(name, default)
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 12):  # noqa: PLR2004  (more rows than anyone has)
        raise Refused(f"{name} must be a whole number.", [Problem(name, f"must be a whole number, not {text!r}")])
    return int(text)


async def get_project(request: Request) -> Response:
    """`GET project/{key}`."""
    caller = await authenticate(request)
    state = request.app.state
    whole = await state.threads.read(projects.whole_project, state.services, caller, request.path_params["key"])
    base = base_url(request)
    shape = _project(whole.row, base) | {
        "issueTypes": [shapes.type_shape(k, base) for k in IssueType],
        "versions": [{"id": str(i), "name": n, "released": r, "archived": a} for i, n, r, a in whole.versions],
        "components": [{"id": str(i), "name": n} for i, n in whole.components],
    }
    return _answer(request, shape)


def _project(row: projects.ProjectRow, base: str) -> shapes.Shape:
    return {
        "self": f"{base}/rest/api/2/project/{row.id}", "id": str(row.id), "key": row.key, "name": row.name,
        "description": row.description, "projectTypeKey": "software",
    }  # fmt: skip


async def all_projects(request: Request) -> Response:
    """`GET project`."""
    caller = await authenticate(request)
    state = request.app.state
    rows = await state.threads.read(projects.visible_projects, state.services, caller)
    return _answer(request, [_project(row, base_url(request)) for row in rows])


async def fields(request: Request) -> Response:
    """`GET field`."""
    await authenticate(request)
    state = request.app.state
    return _answer(request, shapes.field_shapes(await state.threads.read(issues.custom_fields, state.services)))


async def issue_types(request: Request) -> Response:
    """`GET issuetype`."""
    await authenticate(request)
    return _answer(request, [shapes.type_shape(k, base_url(request)) for k in IssueType])


async def myself(request: Request) -> Response:
    """`GET myself`."""
    caller = await authenticate(request)
    return _answer(request, shapes.myself_shape(caller, base_url(request)))


async def server_info(request: Request) -> Response:
    """`GET serverInfo`; anyone may ask, as in Jira."""
    numbers = [int(n) for n in JIRA_VERSION.split(".")]
    return encode({
        "baseUrl": base_url(request), "version": JIRA_VERSION, "versionNumbers": numbers, "deploymentType": "Server",
        "buildNumber": 912000, "serverTitle": f"Radiograph {__version__}", "serverTime": shapes.jira_date(now_ms()),
    })  # fmt: skip


_TABLE = [
    ("issue", create_issue, "POST"),
    ("issue/{key}", get_issue, "GET"),
    ("issue/{key}", edit_issue, "PUT"),
    ("search", search, "GET"),
    ("search", search, "POST"),
    ("project", all_projects, "GET"),
    ("project/{key}", get_project, "GET"),
    ("field", fields, "GET"),
    ("issuetype", issue_types, "GET"),
    ("myself", myself, "GET"),
    ("serverInfo", server_info, "GET"),
]
routes = [Route(f"/rest/api/{v}/{path}", endpoint, methods=[method]) for v in ("2", "latest") for path, endpoint, method in _TABLE]
