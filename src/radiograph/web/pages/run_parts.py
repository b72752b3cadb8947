# SPDX-License-Identifier: Apache-2.0
"""Iterations, examples and attempts of a run; of a thousand iterations, those that the address asks for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup  # noqa: TC002  (msgspec reads the annotations)
from msgspec import Struct

from radiograph.domain.examples import example_tables
from radiograph.domain.issues import TestType
from radiograph.domain.keys import parse_id
from radiograph.domain.statuses import severity
from radiograph.store.runs import DefectRow  # noqa: TC001  (msgspec reads the annotations)
from radiograph.web.pages.markup import rich
from radiograph.web.pages.run_files import File, file_line
from radiograph.web.pages.run_steps import SHOWN_TEXT, StepLine, step_lines
from radiograph.web.pages.statuses import Mark, Part, mark, parts
from radiograph.web.pages.words import cut, duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from radiograph.actions.runs import RunView
    from radiograph.store.runs import IterationRow, RunParts
    from radiograph.web.pages.run_files import Showing

SHOWN, _WHOLE, _LOG = 100, 20, 20_000
"""So many iterations stand on a page; up to `_WHOLE` of them each has its steps there, of more only those that are opened."""


class IterationLine(Struct):
    """An iteration with its values in the order of the table's columns; `whole` says that its steps and log are here."""

    number: int
    name: str
    mark: Mark
    values: list[str]
    log: str
    duration: str
    steps: list[StepLine]
    whole: bool
    open: bool


class Iterations(Struct):
    """The iterations that a page shows, and its filters (word, count, address); `next` is the address of the rest."""

    names: list[str]
    total: int
    parts: list[Part]
    lines: list[IterationLine]
    filters: list[tuple[str, int, str, bool]]
    next: str


class Examples(Struct):
    """One table of examples: a status for each row of values."""

    header: tuple[str, ...]
    rows: list[tuple[Mark, tuple[str, ...]]]


class AttemptLine(Struct):
    """An earlier result of the run, whole."""

    number: int
    mark: Mark
    first: str
    comment: Markup
    start_ms: int | None
    duration: str
    steps: list[StepLine]
    iterations: list[IterationLine]
    names: list[str]
    evidence: list[File]
    defects: list[DefectRow]


def iterations(view: RunView, query: Mapping[str, str], showing: Showing, *, everything: bool = False) -> Iterations:
    """The iterations that the address asks for: `iterations` is a status or `failures` (these first), `from` a place, `iteration` one to open."""
    rows = list(enumerate(view.parts.iterations, 1))
    names = _names(view.parts)
    wanted = query.get("iterations", "")
    chosen = view.run_statuses.find(wanted) if wanted not in {"", "failures"} else None
    if chosen is not None:
        rows = [r for r in rows if r[1].status_id == chosen.id]
    elif wanted == "failures":
        order = {number: i for i, number in enumerate(severity(view.run_statuses))}
        rows.sort(key=lambda r: order[r[1].status_id])
    opened = parse_id(query.get("iteration", "")) or 0
    at = _start(rows, query, opened)
    page = rows if everything else rows[at : at + SHOWN]
    whole = everything or len(view.parts.iterations) <= _WHOLE
    lines = [_line(view, view.parts, (n, i), names, showing, whole=whole or n == opened, opened=everything or n == opened) for n, i in page]
    counts = Counter(i.status_id for i in view.parts.iterations)
    more = urlencode({k: v for k, v in {"iterations": wanted, "from": at + SHOWN + 1}.items() if v})
    following = f"?{more}#iterations" if not everything and at + SHOWN < len(rows) else ""
    return Iterations(names, sum(counts.values()), parts(counts, view.run_statuses), lines, _filters(view, counts, wanted), following)


def _start(rows: Sequence[tuple[int, IterationRow]], query: Mapping[str, str], opened: int) -> int:
    """Where the page begins: at the place that the address names, or so that the iteration to open is on it."""
    given = parse_id(query.get("from", ""))
    if given is None and opened:
        place = next((i for i, (n, _) in enumerate(rows) if n == opened), 0)
        return place - place % SHOWN
    return max(0, min(given or 1, max(1, len(rows))) - 1)


def _filters(view: RunView, counts: Mapping[int, int], wanted: str) -> list[tuple[str, int, str, bool]]:
    if len(counts) < 2:  # noqa: PLR2004  (all alike: nothing to choose)
        return []
    words = [view.run_statuses.by_id[s].name for s in severity(view.run_statuses) if counts.get(s)]
    found = [
        ("All", sum(counts.values()), "?#iterations", not wanted),
        ("Failures first", 0, "?iterations=failures#iterations", wanted == "failures"),
    ]
    by_name = {view.run_statuses.by_id[s].name: n for s, n in counts.items()}
    return found + [(w, by_name[w], f"?{urlencode({'iterations': w})}#iterations", w.upper() == wanted.upper()) for w in words]


def _names(of: RunParts) -> list[str]:
    return list(dict.fromkeys(n for i in of.iterations for n, _ in i.parameters))


def _line(
    view: RunView, of: RunParts, what: tuple[int, IterationRow], names: list[str], showing: Showing, *, whole: bool, opened: bool
) -> IterationLine:  # fmt: skip
    number, row = what
    values = dict(row.parameters)
    steps = step_lines(view, of, row.id, showing) if whole else []
    status = mark(view.run_statuses.by_id[row.status_id])
    log = cut(row.log, _LOG) if whole else ""
    return IterationLine(number, row.name, status, [values.get(n, "") for n in names], log, row.duration, steps, whole, opened)


def one_iteration(view: RunView, number: int, showing: Showing) -> IterationLine | None:
    """An iteration by its number, whole; None: there is none."""
    rows = view.parts.iterations
    if not 1 <= number <= len(rows):
        return None
    return _line(view, view.parts, (number, rows[number - 1]), _names(view.parts), showing, whole=True, opened=True)


def examples(view: RunView) -> list[Examples]:
    """The outline's tables with a status for each row, TODO without a result; rows that the outline lacks stand in one of their own."""
    tables = example_tables(view.definition.text) if view.definition.type is TestType.CUCUMBER else []
    given = {e.position: mark(view.run_statuses.by_id[e.status_id]) for e in view.parts.examples}
    todo = mark(view.run_statuses["TODO"])
    found, at = [], 0
    for table in tables:
        found.append(Examples(table.header, [(given.get(at + i, todo), values) for i, values in enumerate(table.rows)]))
        at += len(table.rows)
    extra: list[Any] = [(m, ()) for position, m in sorted(given.items()) if position >= at]
    return [*found, Examples((), extra)] if extra else found


def attempts(view: RunView, of: Mapping[int, RunParts], showing: Showing) -> list[AttemptLine]:
    """The earlier results whose parts are given, newest first."""
    found = []
    for a in reversed(view.parts.attempts):
        own = of.get(a.id)
        if own is None:
            continue
        names = _names(own)
        rows = list(enumerate(own.iterations[:_WHOLE], 1))
        found.append(
            AttemptLine(
                a.number, mark(view.run_statuses.by_id[a.status_id]), cut(a.comment.lstrip().partition("\n")[0], 200),
                rich(cut(a.comment, SHOWN_TEXT), showing.around), a.start_ms, duration(a.start_ms, a.finish_ms),
                step_lines(view, own, None, showing) if own.steps else [],
                [_line(view, own, row, names, showing, whole=True, opened=False) for row in rows], names,
                [file_line(e, showing) for e in own.evidence if e.step_id is None], [d for d in own.defects if d.step_id is None],
            )
        )  # fmt: skip
    return found
