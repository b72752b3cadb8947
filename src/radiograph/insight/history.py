# SPDX-License-Identifier: Apache-2.0
"""A Test's runs over time: as a grid of test environments and columns, and how long they took. Pure."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from radiograph.store.executions import ExecutionRow
    from radiograph.store.runs import RunRow

_NEAR_MS = 3_600_000
"""Runs without a revision that began within so long of each other stand in one column."""


class Column(Struct):
    """Runs of one revision, or of about the same time, each on another set of environments."""

    revision: str
    when: int | None
    runs: dict[str, RunRow]


class Grid(Struct):
    """The runs by sets of environments (names with ` + ` between them, "" for none), oldest column first."""

    rows: list[str]
    columns: list[Column]


def grid(runs: Sequence[RunRow], executions: Mapping[int, ExecutionRow]) -> Grid:
    """The grid of these runs, which are newest first; the environments with the newest runs stand on top."""
    columns: list[Column] = []
    rows: dict[str, None] = {}
    for run in runs:
        execution = executions.get(run.execution_id)
        environments = " + ".join(execution.environments) if execution else ""
        revision = execution.revision if execution else ""
        rows.setdefault(environments)
        if not columns or environments in columns[-1].runs or not _together(columns[-1], revision, run.start_ms):
            columns.append(Column(revision, run.start_ms, {}))
        columns[-1].runs[environments] = run
    return Grid(list(rows), columns[::-1])


def _together(column: Column, revision: str, when: int | None) -> bool:
    if revision or column.revision:
        return revision == column.revision
    return when is not None and column.when is not None and abs(column.when - when) <= _NEAR_MS


class Durations(Struct):
    """How long passes took, in milliseconds: (column of the grid, run, duration) oldest first, and their median."""

    points: list[tuple[int, RunRow, int]]
    median: float

    @property
    def longest(self) -> int:
        """The longest of them."""
        return max(d for _, _, d in self.points)

    @property
    def shortest(self) -> int:
        """The shortest of them."""
        return min(d for _, _, d in self.points)


def durations(found: Grid, passing: Sequence[int]) -> Durations | None:
    """How long the passes of a grid took; None where fewer than two are known: one point is no trend."""
    points = [
        (i, run, run.finish_ms - run.start_ms)
        for i, column in enumerate(found.columns)
        for run in sorted(column.runs.values(), key=lambda r: r.id)
        if run.status_id in passing and run.start_ms is not None and run.finish_ms is not None and run.finish_ms >= run.start_ms
    ]
    return Durations(points, median(d for _, _, d in points)) if len(points) > 1 else None
