# SPDX-License-Identifier: Apache-2.0
"""A Test's past at one glance: its runs as a grid of test environments and time, and how long its passes took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.insight.history import durations
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.words import ago, amount, cut, seconds

if TYPE_CHECKING:
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.history import Durations, Grid
    from radiograph.store.runs import RunRow

_STEP, _HEIGHT, _EDGE = 20, 64, 6
"""The width of a column and the height of the plot, in pixels as everything here."""


class GridCell(Struct):
    """A run in the grid; `title` says all of it in words."""

    id: int
    mark: Mark
    title: str


class GridRow(Struct):
    """A set of environments with a cell or nothing for each column."""

    environments: str
    cells: list[GridCell | None]


class Dot(Struct):
    """A pass in the plot."""

    id: int
    x: int
    y: float
    title: str


class Plot(Struct):
    """How long passes took: `line` is the way of an SVG path from dot to dot, `median` where the middle lies; `text` says it in words."""

    width: int
    height: int
    dots: list[Dot]
    line: str
    median: float
    label: str
    text: str


def grid_rows(grid: Grid, table: StatusTable) -> list[GridRow]:
    """The rows of the grid."""
    return [GridRow(name, [_cell(c.runs.get(name), c.revision, table) for c in grid.columns]) for name in grid.rows]


def _cell(run: RunRow | None, revision: str, table: StatusTable) -> GridCell | None:
    if run is None:
        return None
    shown = mark(table.by_id[run.status_id])
    facts = [
        f"at {cut(revision, 40)}" if revision else "",
        ago(run.start_ms) if run.start_ms else "",
        amount(run.attempts, "earlier attempt") if run.attempts else "",
    ]
    return GridCell(run.id, shown, ", ".join(filter(None, [f"{shown.name} in {run.execution_key}", *facts])))


def plot(grid: Grid, table: StatusTable) -> Plot | None:
    """The plot of the passes in the grid, column below column; None when there are too few."""
    passing = [s.id for s in table.all if s.requirement == "OK"]
    found = durations(grid, passing)
    if found is None or not found.longest:
        return None
    top = found.longest * 1.05

    def y(value: float) -> float:
        return round(_HEIGHT - _EDGE - (value / top) * (_HEIGHT - 2 * _EDGE), 1)

    dots = [Dot(run.id, i * _STEP + _STEP // 2, y(took), f"{seconds(took / 1000)} in {run.execution_key}") for i, run, took in found.points]
    line = "M" + "L".join(f"{d.x} {d.y}" for d in dots)
    return Plot(len(grid.columns) * _STEP, _HEIGHT, dots, line, y(found.median), seconds(found.median / 1000), _told(found))


def _told(found: Durations) -> str:
    """The plot in words: `The last 12 passes took 1.2 s in the middle, 0.9 s to 3.4 s; the newest took 1.4 s.`"""
    newest = found.points[-1][2]
    of = f"{seconds(found.shortest / 1000)} to {seconds(found.longest / 1000)}"
    ratio = newest / found.median if found.median else 1
    beside = f", {ratio:.1f} times the median" if ratio >= 1.5 else f", {ratio:.0%} of the median" if ratio <= 0.67 else ""  # noqa: PLR2004
    return f"The last {len(found.points)} passes took {seconds(found.median / 1000)} (median; {of}). The newest took {seconds(newest / 1000)}{beside}."
