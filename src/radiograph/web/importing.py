# SPDX-License-Identifier: Apache-2.0
"""What every address that takes reports does: receive, import once however often it is sent, answer."""

from __future__ import annotations

import hashlib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from radiograph.actions import deliveries
from radiograph.actions.importing import Delivered, Received, import_delivered
from radiograph.actions.instance import check_licence
from radiograph.domain.errors import NoResults, NotFound, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.outcome import ImportOptions
from radiograph.formats.known import AUTO, formats
from radiograph.formats.reading import Source
from radiograph.web import multipart
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import Flag, Word
from radiograph.web.errors import JSON
from radiograph.web.spool import Spool, receive
from radiograph.web.threads import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection
    from starlette.requests import Request

    from radiograph.domain.outcome import Outcome
    from radiograph.domain.people import Caller
    from radiograph.web.multipart import Part

    Shape = Callable[[Outcome, str], Any]

XRAY = "xray"
AUTOMATIC = ("auto", "bundle")
"""What stands for a format's name where each report's format is told by its beginning."""
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
OUTPUT = Flag("keepOutput", "Keep what each test printed as evidence.")
QUERY = (PROJECT, EXECUTION, PLAN, ENVIRONMENTS, REVISION, VERSION, BRANCH, BUILD, STRICT, DRY_RUN, OUTPUT)


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


def _format(request: Request) -> str:
    """The format that the path names; without one it is Xray JSON."""
    name = str(request.path_params.get("format", XRAY)).lower()
    if name == XRAY:
        return XRAY
    if name in AUTOMATIC:
        return AUTO
    if name not in formats():
        near = get_close_matches(name, list(formats()), 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise NotFound(f"There is no report format {cut(name)}; there are {', '.join([*formats(), *AUTOMATIC])}.{hint}")
    return name


async def imported(request: Request, caller: Caller, shape: Shape) -> Response:
    """Import what a request brings, of the format that its path names; `shape` makes the answer of the outcome and the server's address."""
    await read(request, check_licence)
    kind = _format(request)
    spool = await receive(request)
    try:
        return await _delivered(request, caller, spool, kind, shape)
    finally:
        spool.close()


async def _delivered(request: Request, caller: Caller, spool: Spool, kind: str, shape: Shape) -> Response:
    """Import once however often the same request comes (design: retries), and remember answers that got lost."""
    state = request.app.state
    base, chosen = base_url(request), options(request)
    content_type = request.headers.get("content-type", "")
    form_only, keep_output = request.url.path.endswith("/multipart"), OUTPUT.read(request.query_params)
    what = f"{request.url.path}?{request.url.query}#{spool.sha256}"
    delivery = deliveries.Delivery(caller.id, _key(request), hashlib.sha256(what.encode()).hexdigest())

    def work(keep: deliveries.Keep) -> bytes:
        delivered = Delivered(*_parts(spool, content_type, kind, form_only=form_only), keep_output)
        answer = b""

        def finish(conn: Connection, outcome: Outcome) -> None:
            nonlocal answer
            answer = msgspec.json.encode(shape(outcome, base))
            keep(conn, answer, outcome.import_id)

        import_delivered(state.services, caller, delivered, chosen, Received(spool.size, spool.sha256, finish))
        return answer

    if chosen.dry_run:
        return Response(await state.threads.write(work, lambda *_: None), 200, None, JSON)
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


_Parts = tuple[list[Source], str, memoryview | None, memoryview | None]


def _parts(spool: Spool, content_type: str, kind: str, *, form_only: bool) -> _Parts:
    """The reports of a body, their format, and the parts `info` and `testInfo`."""
    body = spool.view()
    if not body:
        raise NoResults("No execution results where provided. The request body is empty.")
    boundary = multipart.boundary_of(content_type, bytes(body[:1024]))
    if boundary is not None:
        return form_of(multipart.parts_of(body, boundary), kind)
    if form_only:
        path = "import/execution" if kind == XRAY else f"import/execution/{kind}"
        raise Refused(f"This address takes multipart/form-data with the parts info and result; use .../{path} for a report alone.")
    return [Source("", body)], kind, None, None


def form_of(parts: Sequence[Part], kind: str) -> _Parts:
    """The reports of a form (`result`, `results`, `file`), and its other parts; raises NoResults that names what came."""
    reports = [Source(p.filename, p.data) for p in parts if p.name in REPORT_PARTS]
    others = {p.name: p.data for p in parts if p.name not in REPORT_PARTS}
    if len(reports) + len(others) < len(parts):
        names = [p.name for p in parts if p.name not in REPORT_PARTS]
        raise Refused(f"The part {next(n for n in names if names.count(n) > 1)!r} is there twice.")
    if not reports:
        came = ", ".join(others) or "no parts"
        raise NoResults(f"No execution results where provided. The part 'result' is missing; there is {came}.")
    return reports, kind, others.get("info"), others.get("testInfo")
