# SPDX-License-Identifier: Apache-2.0
"""Writes an execution as CSV (RFC 4180), a row for each run."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from radiograph.domain.clock import format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.domain.clock import Instant
    from radiograph.formats.exported import ExportedExecution, ExportedRun, ExportOptions

COLUMNS = (
    "Test", "Summary", "Type", "Definition", "Status", "Started", "Finished", "Seconds", "Executed by", "Assignee", "Comment", "Defects",
    "Requirements", "Steps", "Iterations", "Evidence", "Attempts", "Test Execution", "Revision", "Test environments",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(execution: ExportedExecution, runs: Iterable[ExportedRun], _options: ExportOptions) -> Iterator[bytes]:
    """The table, row by row, in UTF-8."""
    yield csv_line(COLUMNS)
    common = (execution.key, execution.revision, ", ".join(execution.environments))
    for run in runs:
        yield csv_line((*_cells(run), *common))


def _cells(run: ExportedRun) -> tuple[str, ...]:
    took = run.took_ms
    return (
        run.test_key, run.summary, run.type, run.definition, run.status, _date(run.start), _date(run.finish),
        "" if took is None else f"{took / 1000:.3f}", run.executor, run.assignee, run.comment, ", ".join(run.defects),
        ", ".join(run.requirements), str(len(run.steps)), str(len(run.iterations)), str(len(run.files)), str(run.attempts),
    )  # fmt: skip


def _date(at: Instant | None) -> str:
    return format_instant(at.ms, at.offset) if at else ""


def csv_line(cells: Iterable[str]) -> bytes:
    """A row of a CSV file in UTF-8; no cell of it is taken for a formula."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(map(guarded, cells))
    return out.getvalue().encode()


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins as a formula does gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
