# SPDX-License-Identifier: Apache-2.0
"""Executions side by side: a row a Test, a column an execution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import compare as actions
from radiograph.domain.comparing import Change
from radiograph.web.pages.render import base_path, page
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.words import amount, cut, took
from radiograph.web.triage.asked import asked_of, query_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.comparison import Comparison, Row
    from radiograph.store.executions import ExecutionRow

_LEAST, _WIDTH = 8.0, 1000.0


class Chip(Struct):
    """A change as a filter: its word, how many Tests, its part of the bar (of 1000), and the address that shows it."""

    label: str
    count: int
    href: str
    current: bool
    shape: str = ""
    x: float = 0.0
    width: float = 0.0


class Cell(Struct):
    """A run: its id, how it is shown, and what to say beside it."""

    id: int
    mark: Mark
    took: str
    attempts: int


class Line(Struct):
    """A Test in the table; `failed` tells that one of its runs failed."""

    key: str
    summary: str
    change: str
    word: str
    cells: list[Cell | None]
    failed: bool


class Column(Struct):
    """An execution at the head of its column; `first` is the address with it as the baseline ("" for what is)."""

    key: str
    summary: str
    what: str
    first: str


async def compare(request: Request, caller: Caller) -> Response:
    """Executions compared; `show` filters, `after` pages."""
    state, asked = request.app.state, asked_of(request)
    found = await state.threads.read(actions.compared, state.services, caller, asked)
    keys = [e.key for e in found.executions]
    after = ".".join(map(str, found.next)) if found.next else ""
    return page(
        request, "compare.html", json=f"/api/compare?{query_of(keys, asked.show, asked.after)}", columns=_columns(found.executions),
        sentence=_sentence(found, base_path(request)), chips=_chips(found.counts, keys, asked.show), rows=[_line(r, found.statuses) for r in found.rows],
        next=query_of(keys, asked.show, after) if after else "", first=query_of(keys, asked.show) if asked.after else "",
        all=query_of(keys, actions.ALL), swapped=query_of(keys[::-1], asked.show), share=query_of(keys, asked.show), title=" · ".join(keys),
        area=_area(keys), here="/-",
    )  # fmt: skip


def _area(keys: Sequence[str]) -> str:
    """The project that all of them are in."""
    projects = {key.rpartition("-")[0] for key in keys}
    return projects.pop() if len(projects) == 1 else ""


def _columns(found: Sequence[ExecutionRow]) -> list[Column]:
    keys = [e.key for e in found]
    return [
        Column(e.key, cut(e.summary, 300), " · ".join(e.environments) or e.branch or e.revision, query_of([e.key, *(k for k in keys if k != e.key)]) if i else "")
        for i, e in enumerate(found)
    ]  # fmt: skip


def _sentence(found: Comparison, base: str) -> list[Piece]:
    """`3 new failures, 2 still failing and 4 fixed since DEMO-5.`"""
    first = found.executions[0]
    head = Piece(first.key, f"{base}/browse/{first.key}")
    new = found.counts.get(Change.NEW_FAILURE, 0)
    said = [
        f"{n:,} {c.label.lower()}" for c in (Change.STILL_FAILING, Change.FLAKY, Change.FIXED, Change.NOT_RUN) if (n := found.counts.get(c))
    ]
    start = Piece(amount(new, "new failure") if new else "No new failures", strong=bool(new))
    between = f" among {len(found.executions) - 1} executions" if len(found.executions) > 2 else ""  # noqa: PLR2004
    return [start, Piece(f"{between} since "), head, Piece(f"; {', '.join(said)}." if said else ".")]


def _chips(counts: Mapping[Change, int], keys: list[str], show: str) -> list[Chip]:
    different = sum(n for c, n in counts.items() if c is not Change.SAME)
    chips = [Chip("Different", different, query_of(keys), not show)]
    shown = [c for c in Change if counts.get(c)]
    total = sum(counts.values()) or 1
    widths = [max(_LEAST, _WIDTH * counts[c] / total) for c in shown]
    scale, x = _WIDTH / (sum(widths) or 1.0), 0.0
    for change, width in zip(shown, widths, strict=True):
        chip = Chip(change.label, counts[change], query_of(keys, change.word), show == change.word, change.word.replace("_", "-"))
        chip.x, chip.width = round(x, 2), round(width * scale, 2)
        x += width * scale
        chips.append(chip)
    return [*chips, Chip("All", sum(counts.values()), query_of(keys, actions.ALL), show == actions.ALL)]


def _line(row: Row, table: StatusTable) -> Line:
    cells = [None if c is None else Cell(c.id, mark(table.by_id[c.status_id]), took(c.took_ms), c.attempts) for c in row.cells]
    failed = any(c.mark.failed for c in cells if c)
    return Line(row.key, cut(row.summary, 300), row.change.label, row.change.word.replace("_", "-"), cells, failed)
