# SPDX-License-Identifier: Apache-2.0
"""Reading a Test Run, its parts and its files, and the runs of an execution, through Xray's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import FileResponse, PlainTextResponse

from radiograph.actions import runs
from radiograph.actions.files import find_file
from radiograph.domain.clock import format_instant
from radiograph.domain.errors import NotFound
from radiograph.evidence.sniffing import SAFE_TYPES
from radiograph.web.addresses import base_url, number
from radiograph.web.endpoints import FILE, TEXT, Answer, Endpoint, Flag, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_addresses as at
from radiograph.web.raven import run_shapes as shapes
from radiograph.web.raven import run_types as types
from radiograph.web.raven.versions import is_v2, versions
from radiograph.web.threads import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.runs import RunView
    from radiograph.domain.people import Caller
    from radiograph.web.endpoints import Handler

PAGE = Whole("page", "Which page, from 1.", 1, 10_000_000, 1)  # more than any execution has: a rank is below 2**31
LIMIT = Whole("limit", "How many rows a page has.", 0, 200, 200)
DETAILED = Flag("detailed", "Give people, dates, defects and evidence too.")
EXECUTION = Word("testExecIssueKey", "The key of the Test Execution.", "DEMO-1206", required=True)
TEST = Word("testIssueKey", "The key of the Test.", "DEMO-7", required=True)
STATUS = Word("status", "The name of a status.", "PASS", required=True)


def page(request: Request) -> tuple[int, int]:
    """How many rows to skip, and how many to give; raises Refused outside the documented bounds."""
    at, limit = PAGE.read(request.query_params), LIMIT.read(request.query_params)
    return (at - 1) * limit, limit


@signed_in
async def run_by_id(request: Request, caller: Caller) -> Response:
    """A Test Run."""
    view = await read(request, runs.run, caller, number(request, "id"))
    return encode(shapes.run_shape(view, base_url(request), v2=is_v2(request)))


@signed_in
async def run_by_keys(request: Request, caller: Caller) -> Response:
    """The run of a Test in a Test Execution."""
    execution, test = EXECUTION.read(request.query_params), TEST.read(request.query_params)
    view = await read(request, runs.run_in, caller, execution, test)
    return encode(shapes.run_shape(view, base_url(request), v2=is_v2(request)))


def _part(doc: str, pick: Callable[[RunView, str, bool], Any]) -> Handler:
    async def part(request: Request, caller: Caller) -> Response:
        view = await read(request, runs.run, caller, number(request, "id"))
        shown = pick(view, base_url(request), is_v2(request))
        return encode(at.one_page(request, shown) if isinstance(shown, list) else shown)

    part.__doc__ = doc
    return signed_in(part)


@signed_in
async def status(request: Request, caller: Caller) -> Response:
    """The status of a run, as plain text."""
    view = await read(request, runs.run, caller, number(request, "id"))
    return PlainTextResponse(shapes.status_name(view))


@signed_in
async def history(request: Request, caller: Caller) -> Response:
    """What was changed in a run by hand, oldest first; an empty array is past the end.

    Ours. What an import replaced is among the run's attempts.
    """
    found = await read(request, runs.history, caller, number(request, "id"), *page(request))
    return encode([types.RunChange(c.user, format_instant(c.at_ms), c.field, c.before, c.after) for c in found])


@signed_in
async def runs_of_execution(request: Request, caller: Caller) -> Response:
    """The runs of a Test Execution in the order of their rank; an empty array is past the end."""
    skip, limit = page(request)
    detailed = DETAILED.read(request.query_params)
    found = await read(request, runs.runs_of_execution, caller, request.path_params["key"], skip, limit)
    return encode([shapes.row_shape(v, base_url(request), detailed=detailed) for v in found])


@signed_in
async def attachment(request: Request, caller: Caller) -> Response:
    """A file. It is never active content: sandboxed, and a download unless its type is known to be safe."""
    row = await read(request, find_file, caller, number(request, "id"))
    path = request.app.state.services.evidence.path(row.sha256)
    if path is None:
        raise NotFound(f"The file of attachment {row.id} is missing.")
    safe = row.content_type in SAFE_TYPES
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, max-age=31536000, immutable"}
    return FileResponse(
        path, headers=headers, media_type=row.content_type if safe else FILE, filename=row.filename,
        content_disposition_type="inline" if safe else "attachment",
    )  # fmt: skip


_KEY = {"key": (str, "The key of the Test Execution.", "DEMO-1206")}
_FILE = {"id": (int, "The id of the file.", 1), "name": (str, "Its name, for people; any text will do.", "image21.jpg")}
_STATUS = Answer(str, "The name of the status.", TEXT)
_ONE: dict[str, Any] = {"path_parameters": at.RUN}
_LIST: dict[str, Any] = {"path_parameters": at.RUN, "query": (at.PART_PAGE, at.PART_LIMIT)}
_steps = _part("The steps of a run with their results.", lambda v, b, v2: shapes.step_shapes(v, None, b, v2=v2))
_assignee = _part("Who a run is for.", lambda v, _b, _v2: shapes.assignee_shape(v))
_comment = _part("The comment of a run.", lambda v, _b, _v2: shapes.text_shape(v.row.comment))
_defects = _part("The defects of a run.", lambda v, _b, _v2: shapes.defect_shapes(v))
_files = _part("The files of a run.", lambda v, b, _v2: shapes.evidence_shapes(v, b))
_examples = _part("The statuses of a scenario outline's examples.", lambda v, _b, _v2: shapes.example_shapes(v))

endpoints = [
    *versions("run", "GET", "api/testrun/{id}", run_by_id, types.RunV1, types.RunV2, **_ONE),
    *versions("run_of_test", "GET", "api/testrun", run_by_keys, types.RunV1, types.RunV2, query=(EXECUTION, TEST), errors=(404,)),
    *versions("run_status", "GET", "api/testrun/{id}/status", status, {200: _STATUS}, {200: _STATUS}, **_ONE),
    *versions("run_assignee", "GET", "api/testrun/{id}/assignee", _assignee, types.Assignee, types.Assignee, **_ONE),
    *versions("run_comment", "GET", "api/testrun/{id}/comment", _comment, types.Text, types.Text, **_ONE),
    *versions("run_defects", "GET", "api/testrun/{id}/defect", _defects, list[types.Defect], list[types.Defect], **_LIST),
    *versions("run_files", "GET", "api/testrun/{id}/attachment", _files, list[types.Attachment], list[types.Attachment], **_LIST),
    *versions("run_steps", "GET", "api/testrun/{id}/step", _steps, list[types.StepV1], list[types.StepV2], **_LIST),
    *versions("run_examples", "GET", "api/testrun/{id}/example", _examples, list[types.Example], list[types.Example], **_LIST),
    *versions(
        "runs_of_execution", "GET", "api/testexec/{key}/test", runs_of_execution, list[types.RunRow], list[types.RunRow],
        path_parameters=_KEY, query=(DETAILED, PAGE, LIMIT),
    ),
    *at.v2_only("run_history", "GET", "api/testrun/{id}/history", history, list[types.RunChange], path_parameters=at.RUN, query=(PAGE, LIMIT)),
    Endpoint(
        id="file", group="Files", method="GET", paths=("/plugins/servlet/raven/attachment/{id}/{name:path}",), handler=attachment,
        path_parameters=_FILE, answers={200: Answer(bytes, "The file.", "*/*")},
    ),
]  # fmt: skip
