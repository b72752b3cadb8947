# SPDX-License-Identifier: Apache-2.0
"""A project's flaky Tests, each with what shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from radiograph.actions.flakiness import PIECES, Wanted, flaky_page
from radiograph.domain.flakiness import RETRY, RETURN
from radiograph.web.pages.render import base_path, page
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.words import amount

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.flakiness import FlakyPage
    from radiograph.domain import flakiness
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.flaky import NamedFlaky

_STRIP = 20
_CELL = 14
_TRENDS = {1: "more often", -1: "less often", 0: "as before"}


class Cell(Struct):
    """A run in a strip: its place, its status, and whether it is evidence."""

    run: int
    x: int
    mark: Mark
    evidence: bool


class Shown(Struct):
    """A piece of evidence: the run with its execution's key ("": it is gone), what was seen, when (UTC milliseconds)."""

    run: int
    execution: str
    what: str
    other: tuple[int, str] | None
    revision: str
    at_ms: int


class Line(Struct):
    """A flaky Test in the list; `older` pieces are not shown."""

    key: str
    summary: str
    environments: str
    reason: str
    cells: list[Cell]
    trend: str
    pieces: list[Shown]
    older: int
    last_ms: int


def _named(environments: list[str]) -> str:
    return " · ".join(environments) or "none"


def _cells(found: NamedFlaky, table: StatusTable) -> list[Cell]:
    shows = {p.run for p in found.row.evidence.pieces}
    last = found.row.evidence.strip[-_STRIP:]
    return [Cell(run, i * _CELL + 1, mark(table.by_id[status]), run in shows) for i, (run, status) in enumerate(last)]


def _shown(piece: flakiness.Piece, executions: dict[int, str]) -> Shown:
    what = {RETRY: "passed when it was run again", RETURN: "failed again; before that"}.get(
        piece.kind, "failed; at the same revision it passed in"
    )
    other = None if piece.other is None or piece.other not in executions else (piece.other, executions[piece.other])
    if other is None and piece.kind != RETRY:
        what = what.partition(";")[0]
    return Shown(piece.run, executions.get(piece.run, ""), what, other, piece.revision, piece.at_ms)


def _line(found: NamedFlaky, shown: FlakyPage) -> Line:
    row, pieces = found.row, found.row.evidence.pieces
    return Line(
        found.key, found.summary, _named(row.environments), row.reason, _cells(found, shown.statuses), _TRENDS[row.evidence.trend],
        [_shown(p, shown.executions) for p in pieces[: -PIECES - 1 : -1]], max(0, len(pieces) - PIECES), row.last_ms,
    )  # fmt: skip


def _sentence(found: FlakyPage, wanted: Wanted, base: str) -> list[Piece]:
    total = found.tests
    if not total:
        return [
            Piece("No Test is flaky.")
            if found.worked_out_ms
            else Piece("Nothing was looked at yet: flakiness is worked out after imports.")
        ]
    head = Piece(f"{amount(total, 'Test')} {'is' if total == 1 else 'are'} flaky", strong=True)
    if not found.listing.rows or wanted != Wanted():
        return [head, Piece(".")]
    first = found.listing.rows[0]
    where = f" on {' / '.join(first.row.environments)}" if first.row.environments else ""
    return [head, Piece("; most of all "), Piece(first.key, f"{base}/browse/{first.key}"), Piece(f"{where}.")]


def _address(wanted: Wanted, **changed: str) -> str:
    values = {"environments": wanted.environments, "q": wanted.text} | changed
    return "?" + urlencode({k: v for k, v in values.items() if v})


async def flaky(request: Request, caller: Caller) -> Response:
    """The flakiest Tests first; `environments` (a JSON list) and `q` choose among them, `after` is where the page before ended."""
    state, query = request.app.state, request.query_params
    wanted = Wanted(query.get("environments", ""), query.get("q", "").strip(), query.get("after", ""))
    found = await state.threads.read(flaky_page, state.services, caller, request.path_params["key"], wanted)
    key = found.project.key
    chips = [(_named(json.loads(e)), _address(wanted, environments=e), n, e == wanted.environments) for e, n in found.environments]
    following = _address(wanted, after=found.listing.next) if found.listing.next else ""
    return page(
        request, "flaky.html", json=f"/api/projects/{key}/flaky", area=key, here="/flaky", project=found.project, wanted=wanted, chips=chips,
        sentence=_sentence(found, wanted, base_path(request)), rows=[_line(r, found) for r in found.listing.rows],
        total=sum(n for _, n in found.environments), everything=_address(wanted, environments=""), flakiest=_address(wanted), next=following,
        worked_out=found.worked_out_ms, behind=found.behind, width=_width(found), marks_used=_marks(found),
    )  # fmt: skip


def _width(found: FlakyPage) -> int:
    return _CELL * max((min(_STRIP, len(r.row.evidence.strip)) for r in found.listing.rows), default=0)


def _marks(found: FlakyPage) -> list[Mark]:
    """Each status that the strips show, once: its shape is drawn once and used many times."""
    used = {status for row in found.listing.rows for _, status in row.row.evidence.strip}
    return [mark(found.statuses.by_id[s]) for s in sorted(used)]
