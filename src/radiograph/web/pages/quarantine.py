# SPDX-License-Identifier: Apache-2.0
"""A project's Tests in quarantine: the list, and putting in, changing the end, taking out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import quarantine as actions
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Refused
from radiograph.domain.keys import parse_id
from radiograph.web.pages import forms
from radiograph.web.pages.acting import or_again
from radiograph.web.pages.render import page
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.words import amount, cut, span

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.quarantines import Quarantine

_USUAL_DAYS = 14
_DAY_MS = 86_400_000


class Line(Struct):
    """A quarantine; `end` is its last day, `left` how long it is until then ("" when it is over)."""

    id: int
    key: str
    summary: str
    reason: str
    by: str
    since: int
    end: str
    left: str
    soon: bool


async def quarantine(request: Request, caller: Caller) -> Response:
    """The page, and what its forms send."""
    if request.method == "POST":
        return await or_again(request, caller, _change, _show)
    return await _show(request, caller)


async def _show(request: Request, caller: Caller) -> Response:
    state, query = request.app.state, request.query_params
    found = await state.threads.read(actions.quarantine_page, state.services, caller, request.path_params["key"])
    now = now_ms()
    key = found.project.key
    return page(
        request, "quarantine.html", json=f"/api/projects/{key}/quarantine", area=key, here="/quarantine", project=found.project,
        holding=[_line(q, now) for q in found.holding], over=[_line(q, now) for q in found.over], may_edit=found.may_edit,
        sentence=_sentence(len(found.holding)), usual=_day(now + _USUAL_DAYS * _DAY_MS), today=_day(now),
        latest=_day(now + (actions.LONGEST_DAYS - 1) * _DAY_MS), test=query.get("test", "").strip()[:100],
    )  # fmt: skip


def _sentence(count: int) -> list[Piece]:
    if not count:
        return [Piece("No Test is in quarantine.")]
    verb = "is" if count == 1 else "are"
    return [
        Piece(amount(count, "Test"), strong=True),
        Piece(f" {verb} in quarantine: failures of {'it' if count == 1 else 'them'} don't close a gate."),
    ]


def _line(q: Quarantine, now: int) -> Line:
    last = _day((q.ended_ms or q.until_ms or now) - (0 if q.ended_ms else 1))
    left = span(q.until_ms - now) if q.holds(now) and q.until_ms else ""
    soon = bool(left) and q.until_ms is not None and q.until_ms - now < 2 * _DAY_MS
    return Line(q.id, q.test_key, cut(q.test_summary, 300), cut(q.reason, 2000), q.by or "", q.created_ms, last, left, soon)


def _day(ms: int) -> str:
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)).strftime("%Y-%m-%d")


async def _change(request: Request, caller: Caller, form: FormData) -> Response:
    state, key = request.app.state, request.path_params["key"]
    what, until, number = forms.text(form, "do") or "put", forms.text(form, "until"), parse_id(forms.text(form, "id")) or 0
    write, services = state.threads.write, state.services
    if what == "put":
        test = await write(actions.put, services, caller, key, forms.text(form, "test"), forms.text(form, "reason"), until)
        said = f"{test} is in quarantine until {until}."
    elif what == "extend":
        said = f"{await write(actions.extend, services, caller, key, number, until)} stays in quarantine until {until}."
    elif what == "end":
        said = f"{await write(actions.end, services, caller, key, number)} is out of quarantine: its failures count again."
    else:
        raise Refused("Choose what to do: put, extend or end.")
    return forms.done(request, f"/projects/{key}/quarantine", said)
