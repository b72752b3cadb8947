# SPDX-License-Identifier: Apache-2.0
"""The pages: each asks one action and renders one template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from radiograph.actions import accounts, browse, issues, projects
from radiograph.domain.errors import NotSignedIn, TooManyTries
from radiograph.domain.issues import IssueType
from radiograph.domain.keys import parse_id
from radiograph.web.addresses import attachment_address, base_url
from radiograph.web.auth import COOKIE, refuse_other_sites, write_cookie
from radiograph.web.pages.render import duration, for_people, page
from radiograph.web.raven.run_shapes import example_shapes, step_shapes
from radiograph.web.raven.runs import SAFE_TYPES, number

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.actions.browse import Listing
    from radiograph.actions.runs import RunView
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.runs import RunRow

Shape = dict[str, Any]


async def sign_in(request: Request) -> Response:
    """The form, and what it sends."""
    if request.method == "GET":
        return page(request, "sign_in.html", None, error="")
    refuse_other_sites(request)
    state = request.app.state
    async with request.form(max_files=0, max_fields=10) as form:
        name, password = str(form.get("name", "")), str(form.get("password", ""))
    address = request.client.host if request.client else ""
    try:
        caller = await state.threads.read(accounts.sign_in_with_password, state.services, state.gate, name, password, address)
    except NotSignedIn:
        return page(request, "sign_in.html", None, 401, error="The name or the password is wrong.")
    except TooManyTries as error:
        return page(request, "sign_in.html", None, 429, error=error.message)
    cookie = await state.threads.write(accounts.open_session, state.services, caller)
    response = RedirectResponse(_own_path(request), 303)
    write_cookie(request, response, cookie)
    return response


def _own_path(request: Request) -> str:
    """Where to go after signing in: a path of this server, never another one."""
    wanted = request.query_params.get("next", "")
    base = request.app.state.services.settings.base_path.rstrip("/")
    plain = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if plain else f"{base}/"


async def sign_out(request: Request, _caller: Caller) -> Response:
    """End the session."""
    state = request.app.state
    await state.threads.write(accounts.close_session, state.services, request.cookies.get(COOKIE, ""))
    response = RedirectResponse(f"{state.services.settings.base_path.rstrip('/')}/sign-in", 303)
    response.delete_cookie(COOKIE, path=state.services.settings.base_path or "/")
    return response


async def all_projects(request: Request, caller: Caller) -> Response:
    """Projects."""
    state = request.app.state
    return page(request, "projects.html", caller, projects=await state.threads.read(projects.visible_projects, state.services, caller))


def _before(request: Request) -> int | None:
    return parse_id(request.query_params.get("before", ""))


def _counts(counts: dict[int, int], table: StatusTable) -> list[tuple[str, int]]:
    return [(table.by_id[i].name, counts[i]) for i in browse.severity(table) if counts.get(i)]


def _execution_shape(e: ExecutionRow, table: StatusTable) -> Shape:
    return {
        "key": e.key,
        "summary": e.summary,
        "environments": e.environments,
        "counts": _counts(e.counts, table),
        "when": e.begin_ms or e.created_ms,
    }


async def project(request: Request, caller: Caller) -> Response:
    """A project's executions."""
    state = request.app.state
    row, listing = await state.threads.read(browse.project_page, state.services, caller, request.path_params["key"], _before(request))
    rows = [_execution_shape(e, listing.statuses) for e in listing.rows]
    return page(request, "project.html", caller, project=row, rows=rows, next=listing.next, address=base_url(request))


async def browse_issue(request: Request, caller: Caller) -> Response:
    """Any issue by its key, each type in its own page."""
    state = request.app.state
    issue = await state.threads.read(issues.find, state.services, caller, request.path_params["key"])
    if issue.execution is not None:
        return await _execution(request, caller, issue.key)
    if issue.type is IssueType.TEST:
        return await _test(request, caller, issue)
    listing = await state.threads.read(browse.plan_executions, state.services, issue) if issue.type is IssueType.TEST_PLAN else None
    rows = [_execution_shape(e, listing.statuses) for e in listing.rows] if listing else []
    shape = {
        "key": issue.key,
        "summary": issue.summary,
        "project": issue.project_key,
        "type": issue.type.label,
        "workflow": issue.workflow,
        "description": issue.description,
    }
    return page(request, "issue.html", caller, i=shape, rows=rows)


async def _execution(request: Request, caller: Caller, key: str) -> Response:
    state, query = request.app.state, request.query_params
    status, text = query.get("status", ""), query.get("q", "").strip()
    found = await state.threads.read(browse.execution_page, state.services, caller, key, status, text, query.get("after", ""))
    e, table = found.execution, found.listing.statuses
    following = urlencode({k: v for k, v in (("status", status), ("after", found.listing.next)) if v})
    shape = _execution_shape(e, table) | {
        "project": found.project_key,
        "total": sum(e.counts.values()),
        "sentence": _sentence(e, table),
        "facts": [*e.environments, *e.versions, *([f"rev {e.revision}"] if e.revision else []), *([e.branch] if e.branch else [])],
        "build_url": _web_address(e.build_url),
        "plans": found.plans,
    }
    rows = [_run_shape(r, table) for r in found.listing.rows]
    return page(
        request, "execution.html", caller, e=shape, rows=rows, chosen=status, text=text, next=f"?{following}" if found.listing.next else ""
    )


def _web_address(text: str) -> str:
    """A link only where it is one: never `javascript:`."""
    return text if text.startswith(("https://", "http://")) else ""


def _sentence(e: ExecutionRow, table: StatusTable) -> str:
    counts = dict(_counts(e.counts, table))
    total = sum(counts.values())
    if not total:
        return "Nothing has been run yet."
    words = [
        f"{counts[n]:,} {w}"
        for n, w in (("FAIL", "failed"), ("ABORTED", "aborted"), ("EXECUTING", "under way"), ("TODO", "not run"))
        if n in counts
    ]
    took = duration(e.begin_ms, e.end_ms)
    words.append(f"{counts.get('PASS', 0):,} of {total:,} passed")
    return f"{', '.join(words)}{' in ' + took if took else ''}."


def _run_shape(r: RunRow, table: StatusTable) -> Shape:
    return {
        "id": r.id, "status": table.by_id[r.status_id].name, "test_key": r.test_key, "summary": r.test_summary, "attempts": r.attempts,
        "comment": r.comment.strip().split("\n")[0][:200], "duration": duration(r.start_ms, r.finish_ms), "start": r.start_ms,
        "execution_key": r.execution_key, "execution_summary": r.execution_summary,
    }  # fmt: skip


async def _test(request: Request, caller: Caller, issue: Any) -> Response:  # noqa: ANN401
    state = request.app.state
    found = await state.threads.read(browse.test_page, state.services, caller, issue, _before(request))
    table, d = found.listing.statuses, issue.definition
    history = [_run_shape(r, table) for r in reversed(found.history)]
    shape = {
        "key": issue.key, "summary": issue.summary, "project": issue.project_key, "type": d.type.label, "text": d.text, "steps": d.steps,
        "sentence": _history_sentence(history),
    }  # fmt: skip
    rows = [_run_shape(r, table) for r in found.listing.rows]
    return page(request, "test.html", caller, t=shape, history=history, rows=rows, next=found.listing.next)


def _history_sentence(history: list[Shape]) -> str:
    if not history:
        return "This Test has not been run."
    failed = sum(r["status"] == "FAIL" for r in history)
    return f"{failed} of the last {len(history)} runs failed; the latest is {history[-1]['status']}."


async def run(request: Request, caller: Caller) -> Response:
    """A run."""
    state = request.app.state
    view, execution, texts = await state.threads.read(browse.run_page, state.services, caller, number(request, "id"))
    return page(request, "run.html", caller, r=_whole_run(view, execution, texts, base_url(request)))


def _whole_run(view: RunView, execution: ExecutionRow, texts: dict[int, str], base: str) -> Shape:
    r, table, parts = view.row, view.run_statuses, view.parts
    steps = [
        {
            "status": s.status, "action": s.step.raw, "expected": s.result.raw, "actual": s.actual_result.raw,
            "comment": s.comment.raw,
        }
        for s in step_shapes(view, None, base, v2=False)
    ]  # fmt: skip
    facts = [view.people.get(r.executor_id or 0, ""), *execution.environments, *execution.versions, execution.revision, execution.branch]
    return _run_shape(r, table) | {
        "comment": r.comment,
        "facts": [f for f in facts if f],
        "build_url": _web_address(execution.build_url),
        "steps": steps,
        "examples": [{"status": x.status, "text_values": x.values} for x in example_shapes(view)],
        "iterations": [{"status": table.by_id[i.status_id].name, "parameters": i.parameters, "log": i.log} for i in parts.iterations],
        "attempts": [{"number": a.number, "status": table.by_id[a.status_id].name, "comment": a.comment} for a in parts.attempts],
        "defects": [{"key": d.key, "summary": d.summary or "", "href": f"{base}/browse/{quote(d.key)}"} for d in parts.defects],
        "evidence": _evidence(view, texts, base),
    }


def _evidence(view: RunView, texts: dict[int, str], base: str) -> list[Shape]:
    positions = {s.id: s.position + 1 for s in view.parts.steps}
    return [
        {
            "name": e.filename, "size": e.size, "href": attachment_address(base, e.id, e.filename),
            "kind": e.content_type.split("/")[0] if e.content_type in SAFE_TYPES else "", "text": texts.get(e.id, ""),
            "step": positions.get(e.step_id or 0),
        }
        for e in view.parts.evidence
    ]  # fmt: skip


async def imports(request: Request, caller: Caller) -> Response:
    """Import records."""
    state = request.app.state
    listing: Listing = await state.threads.read(browse.imports_page, state.services, caller, _before(request))
    return page(request, "imports.html", caller, rows=[_import_shape(i) for i in listing.rows], next=listing.next)


def _import_shape(i: Any) -> Shape:  # noqa: ANN401
    counts, phases = browse.loads(i.counts), browse.loads(i.phases)
    says = (
        i.error
        or f"{counts.get('results', 0):,} results, {counts.get('refused', 0):,} refused, {counts.get('created_tests', 0):,} Tests created"
    )
    return {
        "id": i.id, "outcome": i.outcome, "says": says, "bytes": i.bytes, "at": i.at_ms, "seconds": f"{sum(phases.values()):.2f} s",
        "warnings": browse.loads(i.warnings), "phases": [(n, f"{s * 1000:.1f} ms") for n, s in phases.items()],
    }  # fmt: skip


async def one_import(request: Request, caller: Caller) -> Response:
    """One import record."""
    state = request.app.state
    row, key = await state.threads.read(browse.import_page, state.services, caller, number(request, "id"))
    return page(request, "import.html", caller, i=_import_shape(row) | {"execution": key})


routes = [
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/sign-out", for_people(sign_out), methods=["POST"]),
    Route("/", for_people(all_projects)),
    Route("/projects/{key}", for_people(project)),
    Route("/browse/{key}", for_people(browse_issue)),
    Route("/runs/{id}", for_people(run)),
    Route("/imports", for_people(imports)),
    Route("/imports/{id}", for_people(one_import)),
    Mount("/static", StaticFiles(directory=Path(__file__).parent.parent / "static")),
]
