# SPDX-License-Identifier: Apache-2.0
"""The page on which a tester executes a Test by hand: one step at a time, in view of all of them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from starlette.responses import RedirectResponse

from radiograph.actions.manual_page import manual_run, next_todo
from radiograph.domain.keys import parse_id
from radiograph.domain.manual import label
from radiograph.domain.run_fields import is_empty
from radiograph.domain.statuses import TODO, combine
from radiograph.web.addresses import base_url, number
from radiograph.web.manual.state import ManualState, state_of
from radiograph.web.pages import forms
from radiograph.web.pages.execute_items import Item, describe, items_of, marks_of, values_of, whole_run
from radiograph.web.pages.render import CSP, base_path, page
from radiograph.web.pages.words import ago, amount
from radiograph.web.threads import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.manual_page import Manual
    from radiograph.domain.people import Caller

_HOUR_MS, _MINUTE_MS, _SECOND_MS = 3_600_000, 60_000, 1000
POLICY = f"{CSP}; img-src 'self' blob:"
"""A picture that was pasted is shown before it is sent: it has an address of the browser's own."""


class Conflict(Struct):
    """A value that somebody else has set meanwhile, beside the one of the form."""

    what: str
    by: str
    theirs: str
    mine: str


async def execute(request: Request, caller: Caller) -> Response:
    """The page; `iteration`, `step` and `example` choose what is in focus."""
    return await shown(request, caller)


async def shown(request: Request, caller: Caller, conflicts: Sequence[Conflict] = (), given: dict[str, str] | None = None) -> Response:
    """The page with what a form was sent with in vain: its conflicts, and its values."""
    found = await read(request, manual_run, caller, number(request, "id"))
    base = base_path(request)
    s = state_of(found, base, request.app.state.services.settings.max_evidence)
    iteration = _iteration(request, s)
    items = items_of(s, iteration)
    item = _chosen(request, items) or whole_run(s)
    item.current = True
    describe(s, item, found.view.row.test_summary, f"{base_url(request)}/runs/{s.id}")
    seen = {name: getattr(item, name) for name in ("status", "actual", "comment")}
    for name in seen:
        setattr(item, name, (given or {}).get(name, getattr(item, name)))
    values = _values(found, s, items, item)
    response = page(
        request, "execute.html", 409 if conflicts else 200, json=f"/api/testrun/{s.id}/execution", area=s.project, here="/executions", s=s, r=found.view.row, item=item,
        items=items, at=_Place(iteration, item.place.step, item.place.example), values=values_of(s, iteration), conflicts=conflicts, seen=seen,
        token=secrets.token_hex(8), **values,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = POLICY
    return response


class _Place(Struct):
    iteration: int
    step: int
    example: int


def _iteration(request: Request, s: ManualState) -> int:
    """The iteration that is asked for; else the first one that isn't finished."""
    known = {x.iteration for x in s.scopes}
    wanted = parse_id(request.query_params.get("iteration", ""))
    if wanted in known and wanted is not None:
        return wanted
    final = {x.name for x in s.run_statuses if x.final}
    return next((x.iteration for x in s.scopes if x.status not in final), s.scopes[0].iteration)


def _chosen(request: Request, items: list[Item]) -> Item | None:
    """The step or row that is asked for; else the first one without a result."""
    for name in ("step", "example"):
        wanted = parse_id(request.query_params.get(name, ""))
        found = next((i for i in items if i.kind == name and getattr(i.place, name) == wanted), None)
        if found:
            return found
    return next((i for i in items if i.status == TODO), items[0] if items else None)


def _values(found: Manual, s: ManualState, items: list[Item], item: Item) -> dict[str, Any]:
    """What the page says of the run as a whole."""
    marks = marks_of(s.run_statuses) | marks_of(s.step_statuses)
    finished = next(x.final for x in s.run_statuses if x.name == s.run.status)
    at = next((i for i, x in enumerate(items) if x is item), 0)
    left = sum(i.status == TODO for i in items)
    lacking = [f.name for f in s.fields if f.required and is_empty(f.value)]
    who = next((c for c in s.changes if c.field == label(item.place, "status")), None)
    blocked = next((x.name for x in s.step_statuses if x.name.startswith("B")), "")
    return {
        "run_mark": marks[s.run.status], "marked": list(marks.values()), "finished": finished, "elapsed": clock(s),
        "ticking": s.timer.started is not None and not finished, "count": len(items), "before": items[at - 1].href if at else "",
        "after": items[at + 1].href if at + 1 < len(items) else "", "added": adds_up(found), "blocked": blocked,
        "left": left_words(left, len(items), s.run.status if finished else ""),
        "lacking": f"To finish, fill in {', '.join(lacking)}." if lacking else "",
        "who": f"{item.status} by {who.by or 'somebody'}, {ago(who.at)}" if who else "",
        "json_state": msgspec.json.encode(s).decode().replace("<", "\\u003c"),
    }  # fmt: skip


def left_words(left: int, count: int, finished: str) -> str:
    """How far the run is."""
    if finished:
        return f"Finished: {finished}."
    if not count:
        return "This Test has no steps: finish it with the status that you found."
    return f"{amount(left, 'step')} left of {count}." if left else f"All {count} have a result." if count > 1 else "It has a result."


def adds_up(found: Manual) -> str:
    """The final status that the run's parts add up to; empty while they add up to none."""
    view = found.view
    runs = view.run_statuses
    parts = [runs.by_id[i.status_id] for i in view.parts.iterations]
    given = {x.position: runs.by_id[x.status_id] for x in view.parts.examples}
    s = state_of(found, "", 0)
    parts += [given.get(i, runs[TODO]) for i in range(len(s.examples))]
    if not s.scopes[0].iteration:
        means = {x.name: runs[x.means] for x in s.step_statuses}
        parts += [means[s.results[key].status] if (key := f"0/{i + 1}") in s.results else runs[TODO] for i in range(len(s.steps))]
    status = combine(parts)
    return status.name if status and status.final else ""


def clock(s: ManualState) -> str:
    """How long the run has taken, pauses left out: `0:04:09`."""
    if s.timer.started is None:
        return "0:00:00"
    ms = max(0, (s.timer.finished or s.timer.now) - s.timer.started - s.timer.paused_ms)
    return f"{ms // _HOUR_MS}:{ms // _MINUTE_MS % 60:02}:{ms // _SECOND_MS % 60:02}"


async def execute_next(request: Request, caller: Caller) -> Response:
    """Lead to the run to do next in an execution: one assigned to the reader before others."""
    key = request.path_params["key"].strip().upper()
    found = await read(request, next_todo, caller, key)
    if found is None:
        return forms.done(request, f"/browse/{key}", "Nothing is left to run here.")
    return RedirectResponse(f"{base_path(request)}/runs/{found}/execute", 303)


def address(run_id: int, place: dict[str, int]) -> str:
    """The page of a run with this in focus, below the base path."""
    query = urlencode({k: v for k, v in place.items() if v})
    return f"/runs/{run_id}/execute{f'?{query}' if query else ''}"
