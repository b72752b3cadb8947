# SPDX-License-Identifier: Apache-2.0
"""`POST /rest/raven/{1.0,2.0,latest}[/api]/import/execution` and `.../multipart`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, defstruct
from starlette.responses import Response

from radiograph.actions import deliveries
from radiograph.actions.importing import Received, import_xray
from radiograph.actions.instance import check_licence
from radiograph.domain.errors import NoResults, Refused
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.outcome import ImportOptions
from radiograph.formats.xray_wire import WireReport
from radiograph.web import multipart
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import FORM, Answer, Body, Flag, Word, signed_in
from radiograph.web.errors import JSON
from radiograph.web.raven.shapes import ImportAnswer, import_answer
from radiograph.web.raven.versions import versions
from radiograph.web.raven.written import written
from radiograph.web.spool import Spool, receive
from radiograph.web.threads import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from starlette.requests import Request

    from radiograph.domain.outcome import Outcome
    from radiograph.domain.people import Caller

REPORT_PARTS = ("result", "results", "file")
PROJECT = Word("projectKey", "The project of a new Test Execution, where info.project is absent.", "DEMO")
EXECUTION = Word("testExecKey", "The Test Execution to import into, where testExecutionKey is absent.", "DEMO-1206")
PLAN = Word("testPlanKey", "The Test Plan to link.", "DEMO-100")
ENVIRONMENTS = Word("testEnvironments", "Test environments, with ; between them.", "iOS;Android")
REVISION = Word("revision", "The revision.", "1.0.42134")
VERSION = Word("fixVersion", "The fix version.", "v1.3")
BRANCH = Word("branch", "The branch that was tested.", "main")
BUILD = Word("buildUrl", "The address of the build.", "https://ci.example/4711")
STRICT = Flag("strict", "One bad result refuses the whole report.")
DRY_RUN = Flag("dryRun", "Store nothing, and tell what would be stored.")
QUERY = (PROJECT, EXECUTION, PLAN, ENVIRONMENTS, REVISION, VERSION, BRANCH, BUILD, STRICT, DRY_RUN)


def options(request: Request) -> ImportOptions:
    """The import's options from the query (Xray docs; `strict`, `dryRun`, `branch`, `buildUrl` are ours)."""
    query = request.query_params
    return ImportOptions(
        project_key=PROJECT.read(query),
        execution_key=EXECUTION.read(query),
        plan_key=PLAN.read(query),
        environments=[_name(ENVIRONMENTS, n.strip()) for n in ENVIRONMENTS.read(query).split(";") if n.strip()],
        revision=REVISION.read(query),
        fix_version=_name(VERSION, VERSION.read(query)),
        branch=BRANCH.read(query),
        build_url=BUILD.read(query),
        strict=STRICT.read(query),
        dry_run=DRY_RUN.read(query),
    )


def _name(parameter: Word, text: str) -> str:
    if len(text) > MAX_NAME:
        raise Refused(f"A name in {parameter.name} has at most {MAX_NAME} characters, not {len(text)}.")
    return text


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if len(key) > MAX_NAME:
        raise Refused(f"An Idempotency-Key has at most {MAX_NAME} characters, not {len(key)}.")
    return key


@signed_in
async def import_execution(request: Request, caller: Caller) -> Response:
    """Import an Xray JSON report; a form with the parts of `.../multipart` is taken too."""
    return await _imported(request, caller)


@signed_in
async def import_parts(request: Request, caller: Caller) -> Response:
    """Import an Xray JSON report with full control of the Test Execution's fields by a Jira body.

    The part `result` (or `results`, or `file`) holds the report, `info` the fields. The report's own
    `info` is ignored, its `testExecutionKey` is not.
    """
    return await _imported(request, caller)


async def _imported(request: Request, caller: Caller) -> Response:
    await read(request, check_licence)
    spool = await receive(request)
    try:
        return await _delivered(request, caller, spool)
    finally:
        spool.close()


async def _delivered(request: Request, caller: Caller, spool: Spool) -> Response:
    """Import once however often the same request comes (design: retries), and remember answers that got lost."""
    state = request.app.state
    base, chosen = base_url(request), options(request)
    content_type = request.headers.get("content-type", "")
    form_only = request.url.path.endswith("/multipart")
    what = f"{request.url.path}?{request.url.query}#{spool.sha256}"
    delivery = deliveries.Delivery(caller.id, _key(request), hashlib.sha256(what.encode()).hexdigest())

    def work(keep: deliveries.Keep) -> bytes:
        body, info = _parts(spool, content_type, form_only=form_only)
        answer = b""

        def finish(conn: Connection, outcome: Outcome) -> None:
            nonlocal answer
            answer = msgspec.json.encode(import_answer(outcome, base))
            keep(conn, answer)

        import_xray(state.services, caller, body, info, chosen, Received(spool.size, spool.sha256, finish))
        return answer

    if chosen.dry_run:
        return Response(await state.threads.write(work, lambda _conn, _answer: None), 200, None, JSON)
    sent = await _once(request, delivery, work)
    headers = {"Idempotent-Replayed": "true"} if sent.replayed else {}
    return Response(sent.answer, 200, headers, JSON)


async def _once(request: Request, delivery: deliveries.Delivery, work: Callable[[deliveries.Keep], bytes]) -> deliveries.Sent:
    state = request.app.state
    turn = deliveries.turn(state.services, delivery)

    def in_turn() -> deliveries.Sent:
        turn.take()
        return deliveries.once(state.services, delivery, work)

    try:
        sent: deliveries.Sent = await state.threads.write(in_turn)
        if not delivery.key and await request.is_disconnected():
            await state.threads.write(deliveries.keep_lost, state.services, delivery, sent)
    finally:
        turn.release()
    return sent


def _parts(spool: Spool, content_type: str, *, form_only: bool) -> tuple[memoryview, memoryview | None]:
    body = spool.view()
    if not body:
        raise NoResults("No execution results where provided. The request body is empty.")
    boundary = multipart.boundary_of(content_type, bytes(body[:1024]))
    if boundary is not None:
        return report_and_info(multipart.split(body, boundary))
    if form_only:
        raise Refused("This address takes multipart/form-data with the parts info and result; use .../import/execution for plain JSON.")
    return body, None


def report_and_info(parts: dict[str, memoryview]) -> tuple[memoryview, memoryview | None]:
    """The report's part (`result`, `results` or `file`) and `info`; raises NoResults that names what came."""
    named = [name for name in REPORT_PARTS if name in parts]
    if len(named) > 1:
        raise Refused(f"There are {len(named)} parts with a report, {' and '.join(named)}; send one.")
    if not named:
        came = ", ".join(parts) or "no parts"
        raise NoResults(f"No execution results where provided. The part 'result' is missing; there is {came}.")
    return parts[named[0]], parts.get("info")


class ExecutionFields(Struct, rename="camel"):
    """The body that Jira takes to create or edit a Test Execution; what else stands beside `fields` is ignored."""

    fields: Annotated[Any, Meta(description="An object; what is empty is as if absent.")] = None
    xray_fields: Annotated[Any, Meta(description="An object with testPlanKey and environments, as Xray Cloud's clients send.")] = None


_PARTS = "The parts of a form: the report, and the Jira body for its Test Execution."
ReportForm = defstruct(
    "ReportForm", [("result", written(WireReport)), ("info", ExecutionFields | UnsetType, UNSET)], namespace={"__doc__": _PARTS}
)
_REPORT = {
    "info": {"project": "DEMO", "summary": "Nightly", "testEnvironments": ["iOS"]},
    "tests": [{"testKey": "DEMO-7", "status": "FAIL", "comment": "expected 200, got 503", "defects": ["DEMO-10"]}],
}
_INFO = {"fields": {"project": {"key": "DEMO"}, "summary": "Nightly", "fixVersions": [{"name": "v1.3"}]}}
_IMPORTED = {
    200: Answer(
        ImportAnswer, "Imported, and on disk. Results that were refused are in testIssues.error.",
        headers={"Idempotent-Replayed": "true when this is the answer to an earlier request, and nothing was imported again."},
        links={
            "runs": ("runs_of_execution_v2", {"key": "$response.body#/testExecIssue/key"}),
            "issue": ("issue", {"key": "$response.body#/testExecIssue/key"}),
        },
    ),
}  # fmt: skip
_KEY = {"Idempotency-Key": "The same key with the same request gets the first answer for 24 hours; with another request it is a 409."}
_IMPORT: dict[str, Any] = {"query": QUERY, "request_headers": _KEY, "errors": (409,), "writes": True}
_PLAIN, _FORM = Body(written(WireReport), _REPORT), Body(ReportForm, {"result": _REPORT, "info": _INFO}, FORM)

endpoints = [
    *versions(
        "import", "POST", "import/execution", import_execution, _IMPORTED, _IMPORTED, also=("api/import/execution",), body=_PLAIN,
        **_IMPORT,
    ),
    *versions(
        "import_parts", "POST", "import/execution/multipart", import_parts, _IMPORTED, _IMPORTED,
        also=("api/import/execution/multipart",), body=_FORM, **_IMPORT,
    ),
]  # fmt: skip
