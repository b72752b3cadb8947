# SPDX-License-Identifier: Apache-2.0
"""`POST /rest/raven/{1.0,2.0,latest}[/api]/import/execution` and `.../multipart`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from anyio import from_thread
from starlette.responses import Response
from starlette.routing import Route

from radiograph.actions import deliveries
from radiograph.actions.importing import Received, import_xray
from radiograph.actions.instance import check_licence
from radiograph.domain.errors import NoResults, Refused
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.outcome import ImportOptions
from radiograph.web import multipart
from radiograph.web.addresses import base_url
from radiograph.web.auth import authenticate, set_session_cookie
from radiograph.web.errors import JSON
from radiograph.web.raven.shapes import import_answer
from radiograph.web.spool import Spool, receive

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from radiograph.domain.outcome import Outcome
    from radiograph.domain.people import Caller

REPORT_PARTS = ("result", "results", "file")
_TRUE = {"true", "1", "yes", "on", ""}


def options(request: Request) -> ImportOptions:
    """The import's options from the query (Xray docs; `strict`, `dryRun`, `branch`, `buildUrl` are ours)."""
    query = request.query_params

    def flag(name: str) -> bool:
        return name in query and query[name].strip().lower() in _TRUE

    return ImportOptions(
        project_key=query.get("projectKey", "").strip(),
        execution_key=query.get("testExecKey", "").strip(),
        plan_key=query.get("testPlanKey", "").strip(),
        environments=[_name("testEnvironments", n.strip()) for n in query.get("testEnvironments", "").split(";") if n.strip()],
        revision=query.get("revision", "").strip(),
        fix_version=_name("fixVersion", query.get("fixVersion", "").strip()),
        branch=query.get("branch", "").strip(),
        build_url=query.get("buildUrl", "").strip(),
        strict=flag("strict"),
        dry_run=flag("dryRun"),
    )


def _name(parameter: str, text: str) -> str:
    if len(text) > MAX_NAME:
        raise Refused(f"A name in {parameter} has at most {MAX_NAME} characters, not {len(text)}.")
    return text


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if len(key) > MAX_NAME:
        raise Refused(f"An Idempotency-Key has at most {MAX_NAME} characters, not {len(key)}.")
    return key


async def import_execution(request: Request) -> Response:
    """Import an Xray JSON report, alone or as the parts `info` and `result` of a form."""
    state = request.app.state
    caller = await authenticate(request)
    await state.threads.read(check_licence, state.services)
    spool = await receive(request)
    try:
        answer = await _delivered(request, caller, spool)
    finally:
        spool.close()
    set_session_cookie(request, answer)
    return answer


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

    def lost() -> bool:
        return from_thread.run(request.is_disconnected)

    sent = await state.threads.write(deliveries.once, state.services, delivery, work, lost, keep=not chosen.dry_run)
    headers = {"Idempotent-Replayed": "true"} if sent.replayed else {}
    return Response(sent.answer, 200, headers, JSON)


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


_BASES = [f"/rest/raven/{v}{api}/import/execution" for v in ("1.0", "2.0", "latest") for api in ("", "/api")]
routes = [Route(f"{b}{form}", import_execution, methods=["POST"]) for b in _BASES for form in ("", "/multipart")]
