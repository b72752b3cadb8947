# SPDX-License-Identifier: Apache-2.0
"""Looking at runs, executions and plans through Xray's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from radiograph.actions import instance, runs
from radiograph.domain.clock import format_instant
from radiograph.domain.errors import NotFound, Refused, cut
from radiograph.domain.keys import parse_id
from radiograph.web.addresses import base_url
from radiograph.web.auth import authenticate, set_session_cookie
from radiograph.web.errors import encode
from radiograph.web.raven import run_shapes as shapes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from radiograph.actions.runs import RunView
    from radiograph.domain.people import Caller
    from radiograph.store.runs import EvidenceRow

    Endpoint = Callable[[Request], Awaitable[Response]]

MAX_LIMIT = 200
MAX_PAGE = 10_000_000
"""More than any execution has: a rank is below 2**31."""
SAFE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "video/mp4", "video/webm"}
"""Types that a browser may show; everything else is a download."""


def is_v2(request: Request) -> bool:
    """Whether the path is of version 2.0 (`latest` is)."""
    return "/raven/1.0/" not in request.url.path


def number(request: Request, name: str) -> int:
    """A number in the path; raises NotFound when it is none that could be an id."""
    text = str(request.path_params[name])
    found = parse_id(text)
    if found is None:
        raise NotFound(f"There is nothing with the id {cut(text)}.")
    return found


def page(request: Request) -> tuple[int, int]:
    """How many rows to skip, and how many to give; raises Refused outside the documented bounds."""
    query = request.query_params
    at = _whole(query.get("page"), "page", 1, MAX_PAGE) or 1
    limit = _whole(query.get("limit"), "limit", 0, MAX_LIMIT)
    limit = MAX_LIMIT if limit is None else limit
    return (at - 1) * limit, limit


def _whole(text: str | None, name: str, least: int, most: int) -> int | None:
    if text is None or not text.strip():
        return None
    found = parse_id(text)
    if found is None or not least <= found <= most:
        raise Refused(f"The parameter {name} must be a whole number from {least} to {most}, not {text[:40]!r}.")
    return found


async def _read(request: Request, action: Callable[..., Any], *args: Any) -> tuple[Caller, Any]:  # noqa: ANN401
    caller = await authenticate(request)
    state = request.app.state
    return caller, await state.threads.read(action, state.services, caller, *args)


def _answer(request: Request, value: Any) -> Response:  # noqa: ANN401
    response = encode(value)
    set_session_cookie(request, response)
    return response


async def run_by_id(request: Request) -> Response:
    """`GET testrun/{id}`."""
    _, view = await _read(request, runs.run, number(request, "id"))
    return _answer(request, shapes.run_shape(view, base_url(request), v2=is_v2(request)))


async def run_by_keys(request: Request) -> Response:
    """`GET testrun?testExecIssueKey=&testIssueKey=`."""
    execution, test = (request.query_params.get(n, "") for n in ("testExecIssueKey", "testIssueKey"))
    if not execution or not test:
        await authenticate(request)
        raise Refused("Give testExecIssueKey and testIssueKey.")
    _, view = await _read(request, runs.run_in, execution, test)
    return _answer(request, shapes.run_shape(view, base_url(request), v2=is_v2(request)))


def _part(pick: Callable[[RunView, str, bool], Any]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        _, view = await _read(request, runs.run, number(request, "id"))
        value = pick(view, base_url(request), is_v2(request))
        return PlainTextResponse(value) if isinstance(value, str) else _answer(request, value)

    return endpoint


def _status(view: RunView, _base: str, _v2: bool) -> str:  # noqa: FBT001
    return view.run_statuses.by_id[view.row.status_id].name


def _assignee(view: RunView, _base: str, _v2: bool) -> shapes.Shape:  # noqa: FBT001
    name = view.people.get(view.row.assignee_id or 0)
    return {"assigned": name is not None, "assignee": name or ""}


async def set_status(request: Request) -> Response:
    """`PUT testrun/{id}/status?status=`: 200 in v1, 204 in v2."""
    caller = await authenticate(request)
    name = request.query_params.get("status", "")
    state = request.app.state
    await state.threads.write(runs.set_status, state.services, caller, number(request, "id"), name)
    return Response(status_code=204 if is_v2(request) else 200)


async def runs_of_execution(request: Request) -> Response:
    """`GET testexec/{key}/test`: its runs by rank; `id` is that of the run."""
    skip, limit = page(request)
    _, found = await _read(request, runs.runs_of_execution, request.path_params["key"], skip, limit)
    detailed = request.query_params.get("detailed", "").lower() == "true"
    return _answer(request, [_execution_row(v, base_url(request), detailed=detailed) for v in found])


def _execution_row(view: RunView, base: str, *, detailed: bool) -> shapes.Shape:
    row = {"id": view.row.id, "key": view.row.test_key, "rank": view.row.rank, "status": _status(view, base, True)}
    if detailed:
        whole = shapes.run_shape(view, base, v2=True)
        row |= {n: whole[n] for n in ("assignee", "executedBy", "startedOn", "finishedOn", "defects", "evidences") if n in whole}
    return row


async def export_runs(request: Request) -> Response:
    """`GET testruns`: runs of an execution, of one Test in it, or of a Test Plan."""
    query = request.query_params
    skip, limit = page(request)
    if query.get("testExecKey") and query.get("testKey"):
        _, view = await _read(request, runs.run_in, query["testExecKey"], query["testKey"])
        found = [view] if skip == 0 else []
    elif query.get("testExecKey"):
        _, found = await _read(request, runs.runs_of_execution, query["testExecKey"], skip, limit)
    elif query.get("testPlanKey"):
        _, found = await _read(request, runs.runs_of_plan, query["testPlanKey"], skip, limit)
    else:
        await authenticate(request)
        raise Refused("Give testExecKey (with testKey for one Test) or testPlanKey.")
    return _answer(request, [_export_row(v, base_url(request), v2=is_v2(request)) for v in found])


def _export_row(view: RunView, base: str, *, v2: bool) -> shapes.Shape:
    row = shapes.run_shape(view, base, v2=v2)
    row["type"] = view.definition.type.label
    row["start"], row["finish"] = row.get("startedOn"), row.get("finishedOn")
    return row


async def executions_of_plan(request: Request) -> Response:
    """`GET testplan/{key}/testexecution`."""
    _, found = await _read(request, runs.executions_of_plan, request.path_params["key"])
    skip, limit = page(request)
    base = base_url(request)
    rows = found[skip : skip + limit]
    return _answer(
        request,
        [
            {
                "id": e.id, "key": e.key, "summary": e.summary, "self": f"{base}/rest/api/2/issue/{e.id}",
                "testEnvironments": e.environments, "environments": e.environments, "created": format_instant(e.created_ms),
                "archived": False,
            }
            for e in rows
        ],
    )  # fmt: skip


async def licence(request: Request) -> Response:
    """`GET xraylicense`."""
    await authenticate(request)
    state = request.app.state
    active = await state.threads.read(instance.is_licensed, state.services)
    return _answer(request, {"active": active, "licenseType": "Open source, perpetual"})


async def run_statuses(request: Request) -> Response:
    """`GET settings/teststatuses`."""
    await authenticate(request)
    table, _ = await request.app.state.threads.read(runs.statuses, request.app.state.services)
    return _answer(
        request,
        [
            {
                "id": s.id, "rank": i, "name": s.name, "description": s.description, "final": s.final, "color": s.color,
                "requirementStatusName": s.requirement,
            }
            for i, s in enumerate(table.all)
        ],
    )  # fmt: skip


async def step_statuses(request: Request) -> Response:
    """`GET settings/teststepstatuses`."""
    await authenticate(request)
    runs_table, table = await request.app.state.threads.read(runs.statuses, request.app.state.services)
    return _answer(
        request,
        [
            {
                "id": s.id, "rank": i, "name": s.name, "description": s.description, "color": s.color,
                "testStatusId": runs_table[s.means].id if runs_table.find(s.means) else None,
            }
            for i, s in enumerate(table.all)
        ],
    )  # fmt: skip


async def attachment(request: Request) -> Response:
    """Evidence, never as active content: sandboxed, and a download unless its type is known to be safe."""
    state = request.app.state
    caller = await authenticate(request)
    row: EvidenceRow = await state.threads.read(runs.evidence, state.services, caller, number(request, "id"))
    path = state.services.evidence.path(row.sha256)
    if path is None:
        raise NotFound(f"The file of attachment {row.id} is missing.")
    safe = row.content_type in SAFE_TYPES
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, max-age=31536000, immutable"}
    return FileResponse(
        path, headers=headers, media_type=row.content_type if safe else "application/octet-stream", filename=row.filename,
        content_disposition_type="inline" if safe else "attachment",
    )  # fmt: skip


_GETS: dict[str, Endpoint] = {
    "testrun/{id}": run_by_id,
    "testrun": run_by_keys,
    "testrun/{id}/status": _part(_status),
    "testrun/{id}/assignee": _part(_assignee),
    "testrun/{id}/comment": _part(lambda v, _b, _2: shapes.text_shape(v.row.comment)),
    "testrun/{id}/defect": _part(lambda v, b, v2: shapes.run_shape(v, b, v2=v2)["defects"]),
    "testrun/{id}/attachment": _part(lambda v, b, v2: shapes.run_shape(v, b, v2=v2)["evidences"]),
    "testrun/{id}/step": _part(lambda v, b, v2: shapes.step_shapes(v, None, b, v2=v2)),
    "testrun/{id}/example": _part(lambda v, _b, _2: shapes.example_shapes(v)),
    "testexec/{key}/test": runs_of_execution,
    "testruns": export_runs,
    "testplan/{key}/testexecution": executions_of_plan,
    "xraylicense": licence,
    "settings/teststatuses": run_statuses,
    "settings/teststepstatuses": step_statuses,
}
_VERSIONS = ("1.0", "2.0", "latest")
routes = [
    *(Route(f"/rest/raven/{v}/api/{path}", endpoint, methods=["GET"]) for v in _VERSIONS for path, endpoint in _GETS.items()),
    *(Route(f"/rest/raven/{v}/testruns", export_runs, methods=["GET"]) for v in _VERSIONS),
    *(Route(f"/rest/raven/{v}/api/testrun/{{id}}/status", set_status, methods=["PUT"]) for v in _VERSIONS),
    Route("/plugins/servlet/raven/attachment/{id}/{name:path}", attachment, methods=["GET"]),
]
