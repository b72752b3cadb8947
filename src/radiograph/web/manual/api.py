# SPDX-License-Identifier: Apache-2.0
"""What the page of manual execution asks and sends: the run as it is, changes, files and Bugs, each of them once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from starlette.responses import Response

from radiograph.actions import manual, manual_bugs
from radiograph.actions.editing import check_may_edit
from radiograph.actions.files import plain_file
from radiograph.actions.manual_bugs import BugReport
from radiograph.actions.manual_page import manual_run, manual_version
from radiograph.domain.errors import NotSignedIn, Problem, Refused
from radiograph.domain.manual import MOST_CHANGES, ManualChange, ManualOutcome, ManualPlace
from radiograph.web.addresses import number
from radiograph.web.endpoints import FILE, Answer, Body, Endpoint, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.manual.state import ManualState, state_of
from radiograph.web.pages.render import base_path
from radiograph.web.raven.run_addresses import RUN
from radiograph.web.raven.run_edits import body_of
from radiograph.web.spool import receive
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from radiograph.domain.people import Caller

_SPARE = 1024
NUMBER = Word("id", "Made by the sender, 8 to 64 letters, digits, - and _: a file of this id is added once.", "file-0001-a", required=True)
NAME = Word("name", "What the file is called.", "screenshot.png", required=True)
STEP = Whole("step", "The step that it belongs to, from 1; 0: the run itself.", 0, 1_000_000, 0)
ITERATION = Whole("iteration", "The iteration of the step, from 1; 0: none.", 0, 1_000_000, 0)


_PERSON = "X-Radiograph-Person"
"""Whom a request is of, as a percent-encoded name. It isn't in the document of the API: made up ones are refused, as made up passwords are."""


def of_its_person(handler: Callable[[Request, Caller], Awaitable[Response]]) -> Callable[[Request, Caller], Awaitable[Response]]:
    """The handler for whom the page was made: a browser's cookie is another's as soon as they sign in in another tab."""

    @functools.wraps(handler)
    async def guarded(request: Request, caller: Caller) -> Response:
        if unquote(request.headers.get(_PERSON, "")) not in {"", caller.name}:
            raise NotSignedIn
        return await handler(request, caller)

    return guarded


@signed_in
@of_its_person
async def execution_state(request: Request, caller: Caller) -> Response:
    """A run that is executed by hand: its steps and what came of them.

    The `ETag` is the run's version; with it in `If-None-Match` the answer is a 304 until somebody changes the run.
    """
    wanted = request.headers.get("if-none-match", "").removeprefix("W/").strip('"')
    if wanted and wanted == await read(request, manual_version, caller, number(request, "id")):
        return Response(status_code=304, headers={"ETag": f'"{wanted}"'})
    found = await read(request, manual_run, caller, number(request, "id"))
    shape = state_of(found, base_path(request), request.app.state.services.settings.max_evidence)
    return encode(shape, headers={"ETag": f'"{found.version}"', "Cache-Control": "no-store"})


@signed_in
@of_its_person
async def apply_changes(request: Request, caller: Caller) -> Response:
    """Change a run step by step: each change is carried out once, in the order given, however often it is sent.

    A change that was made upon another value than the one that stands there by now is a conflict: nothing is written, and the
    answer tells the value that stands there. What came of each change is told in the order of the changes.
    """
    changes = await body_of(request, caller, list[ManualChange])
    if len(changes) > MOST_CHANGES:
        raise Refused(f"Send at most {MOST_CHANGES} changes at once.", [Problem("body", f"has {len(changes)} changes")])
    return encode(await write(request, manual.apply_changes, caller, number(request, "id"), changes))


@signed_in
@of_its_person
async def add_evidence(request: Request, caller: Caller) -> Response:
    """Add a file to a run or to one of its steps: the body is the file as it is, of any size up to the setting `max_evidence`."""
    query, run_id = request.query_params, number(request, "id")
    spool = await receive(request, request.app.state.services.settings.max_evidence + _SPARE)
    try:
        await read(request, check_may_edit, caller, run_id)
        name, mark = NAME.read(query), NUMBER.read(query)
        place = ManualPlace(iteration=ITERATION.read(query), step=STEP.read(query))
        file = plain_file(name, request.headers.get("content-type", "").partition(";")[0], spool.view())
        done = await write(request, manual.add_file, caller, run_id, place, mark, file)
    finally:
        spool.close()
    return encode(done)


@signed_in
@of_its_person
async def report_bug(request: Request, caller: Caller) -> Response:
    """Report a Bug that a run shows: the issue is made, and linked to the step or the run as a defect."""
    bug = await body_of(request, caller, BugReport)
    return encode(await write(request, manual_bugs.report_bug, caller, number(request, "id"), bug))


_CHANGE = {"id": "change-0001", "field": "status", "step": 1, "value": "PASS", "was": "TODO"}
_BUG = {"id": "report-0001", "project": "DEMO", "summary": "Pay in the shop: step 2 fails", "step": 2}
_WRITES: dict[str, Any] = {"group": "Manual execution", "method": "POST", "path_parameters": RUN, "writes": True}
_RUN: dict[str, Any] = {"path_parameters": RUN}
_OUTCOME = {200: Answer(ManualOutcome, "What came of it.")}

endpoints = [
    Endpoint(
        id="execution_state", group="Manual execution", method="GET", paths=("/api/testrun/{id}/execution",), handler=execution_state,
        **_RUN, answers={200: Answer(ManualState, "The run.", headers={"ETag": "The run's version."}), 304: Answer(None, "Nothing has changed.")},
        request_headers={"If-None-Match": "The version that is known already."},
    ),
    Endpoint(
        id="apply_changes", paths=("/api/testrun/{id}/changes",), handler=apply_changes, body=Body(list[ManualChange], [_CHANGE]),
        answers={200: Answer(list[ManualOutcome], "What came of each.")}, **_WRITES,
    ),
    Endpoint(
        id="add_evidence", paths=("/api/testrun/{id}/evidence",), handler=add_evidence, query=(NUMBER, NAME, STEP, ITERATION),
        body=Body(bytes, "GET /pay 503", FILE), answers=_OUTCOME, errors=(409,), **_WRITES,
    ),
    Endpoint(
        id="report_bug", paths=("/api/testrun/{id}/bug",), handler=report_bug, body=Body(BugReport, _BUG), answers=_OUTCOME, errors=(409,), **_WRITES,
    ),
]  # fmt: skip
