# SPDX-License-Identifier: Apache-2.0
"""Executions compared Test by Test: what broke, what was mended, what is missing, what got slower."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.statuses import failing
from radiograph.store import comparisons, executions, flaky, import_reads, issue_links
from radiograph.store.comparisons import CellRow, Part, Side, Verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.domain.comparing import Change
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_links import HeadRow


class Row(Struct):
    """A Test, what became of it, and its run in each of the executions (None: it has none)."""

    test_id: int
    key: str
    summary: str
    project_id: int
    change: Change
    cells: list[CellRow | None]


class Comparison(Struct):
    """Executions side by side, the baseline first; `counts` has every change that there is, `next` begins the next page."""

    executions: list[ExecutionRow]
    statuses: StatusTable
    counts: dict[Change, int]
    rows: list[Row]
    next: tuple[int, int] | None


def compare(conn: sa.Connection, ids: Sequence[int], changes: Sequence[Change], after: tuple[int, int] | None, limit: int) -> Comparison:
    """Compare executions (ids, the baseline first; two at least): their counts, and a page of the Tests with these changes."""
    table, _ = import_reads.status_tables(conn)
    found = executions.executions(conn, ids)
    columns = [found[i] for i in ids]
    sides = [Side(e.project_id, e.id, flaky.flaky_on(conn, e.project_id, e.environments)) for e in columns]
    changed = comparisons.changed(conn, sides, _verdicts(table), Part(changes, after, limit + 1))
    shown = changed.rows[:limit]
    rows = _rows(conn, sides, shown)
    last = (int(shown[-1][0]), shown[-1][1]) if len(changed.rows) > limit else None
    return Comparison(columns, table, changed.counts, rows, last)


def _verdicts(table: StatusTable) -> Verdicts:
    return Verdicts(failing(table), [s.id for s in table.all if s.requirement == "OK"])


def _rows(conn: sa.Connection, sides: Sequence[Side], shown: Sequence[tuple[Change, int]]) -> list[Row]:
    tests = [test for _, test in shown]
    heads = issue_links.heads(conn, tests)
    places = {(c.test_id, c.execution_id): c for c in comparisons.cells(conn, sides, tests)}
    return [_row(heads[test], change, [places.get((test, s.execution_id)) for s in sides]) for change, test in shown if test in heads]


def _row(head: HeadRow, change: Change, cells: list[CellRow | None]) -> Row:
    return Row(head.id, head.key, head.summary, head.project_id, change, cells)
