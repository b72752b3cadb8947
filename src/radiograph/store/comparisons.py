# SPDX-License-Identifier: Apache-2.0
"""What became of each Test between executions: one statement, however many runs they have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.comparing import SLOWER_MS, SLOWER_TIMES, Change
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOT_DONE, _PASSED, _FAILED = 0, 1, 2
_TOOK = sa.case((t.runs.c.finish_ms >= t.runs.c.start_ms, t.runs.c.finish_ms - t.runs.c.start_ms))
"""How long a run took; one that finished before it started has no duration."""


class Side(Struct, frozen=True):
    """An execution to compare, and the Tests that are known to be flaky in its environments."""

    project_id: int
    execution_id: int
    flaky: Sequence[int] = ()


class Verdicts(Struct, frozen=True):
    """The ids of the statuses that mean a failure, and of those that mean a pass."""

    failing: Sequence[int]
    passing: Sequence[int]


class CellRow(Struct, frozen=True):
    """A run in a comparison: `took_ms` is None where its start or end is not known."""

    id: int
    execution_id: int
    test_id: int
    status_id: int
    attempts: int
    took_ms: int | None


class Changed(Struct):
    """How many Tests changed in each way, and a page of them: (change, Test id) in this order."""

    counts: dict[Change, int]
    rows: list[tuple[Change, int]]


class Part(Struct, frozen=True):
    """A page of a comparison: Tests that changed in one of these ways, those after a place, so many."""

    changes: Sequence[Change]
    after: tuple[int, int] | None
    limit: int


def changed(conn: sa.Connection, sides: Sequence[Side], verdicts: Verdicts, part: Part) -> Changed:
    """What became of the Tests of these executions, measured by the first of them."""
    classified = _classified(conn, sides, verdicts)
    c = classified.c
    counts = sa.select(sa.literal(1).label("what"), c.change, sa.func.count().label("number")).group_by(c.change)
    page = sa.select(sa.literal(0).label("what"), c.change, c.test_id.label("number")).where(c.change.in_(list(part.changes)))
    if part.after is not None:
        rank, test = part.after
        page = page.where((c.change > rank) | ((c.change == rank) & (c.test_id > test)))
    page = page.order_by(c.change, c.test_id).limit(part.limit)
    rows = conn.execute(sa.union_all(counts, sa.select(page.subquery()))).all()
    found = Changed({}, sorted((Change(change), number) for what, change, number in rows if not what))
    found.counts = {Change(change): number for what, change, number in rows if what}
    return found


def _classified(conn: sa.Connection, sides: Sequence[Side], verdicts: Verdicts) -> sa.CTE:
    """Each Test with its change. Whether `kind` and others are of the baseline is told by `n`, its place among the sides."""
    cells = sa.union_all(*(_cells(conn, n, side, verdicts) for n, side in enumerate(sides))).subquery("cells").c
    base, other = cells.n == 0, cells.n > 0
    tests = (
        sa.select(
            cells.test_id,
            sa.func.max(sa.case((base, cells.kind))).label("before"),
            sa.func.max(sa.case((other, cells.kind))).label("now"),
            sa.func.sum(sa.case((other & (cells.kind > _NOT_DONE), 1), else_=0)).label("done"),
            sa.func.max(sa.case((other & (cells.kind == _FAILED) & (cells.flaky == 0), 1), else_=0)).label("firm"),
            sa.func.max(sa.case((other, cells.flaky), else_=0)).label("flaky"),
            sa.func.max(sa.case((base & (cells.kind == _PASSED), cells.took))).label("took_before"),
            sa.func.max(sa.case((other & (cells.kind == _PASSED), cells.took))).label("took_now"),
        )
        .group_by(cells.test_id)
        .subquery("tests")
    )
    return sa.select(tests.c.test_id, _change(tests.c, len(sides) - 1).label("change")).cte("classified").prefix_with("MATERIALIZED")


def _change(c: Any, others: int) -> sa.ColumnElement[int]:  # noqa: ANN401  (the columns of a subquery)
    """The change of a Test, measured in so many other executions: `done` of them have a result of it."""
    slower = (c.took_now > c.took_before * SLOWER_TIMES) & (c.took_now - c.took_before >= SLOWER_MS)
    return sa.case(
        ((c.now == _FAILED) & (c.firm == 1) & (c.before == _FAILED), int(Change.STILL_FAILING)),
        ((c.now == _FAILED) & (c.firm == 1), int(Change.NEW_FAILURE)),
        (c.flaky == 1, int(Change.FLAKY)),
        ((c.before == _FAILED) & (c.now == _PASSED), int(Change.FIXED)),
        ((c.before > _NOT_DONE) & (c.done < others), int(Change.NOT_RUN)),
        (c.before.is_(None), int(Change.NEW_TEST)),
        ((c.before == _PASSED) & (c.now == _PASSED) & slower, int(Change.SLOWER)),
        else_=int(Change.SAME),
    )


def _cells(conn: sa.Connection, n: int, side: Side, verdicts: Verdicts) -> sa.Select[Any]:
    """A side's runs: what each means, how long it took, and whether it is flaky (failed as it often does, or passed at a retry)."""
    r, a = t.runs.c, t.run_attempts.c
    failed, passed = r.status_id.in_(verdicts.failing), r.status_id.in_(verdicts.passing)
    tried = sa.exists().where(a.project_id == r.project_id, a.run_id == r.id, a.status_id.in_(verdicts.failing))
    flaky = [(passed & (r.attempts > 0) & tried, 1)]
    if side.flaky:
        flaky.append((failed & any_of(conn, r.test_id, side.flaky), 1))
    return sa.select(
        sa.literal(n).label("n"), r.test_id, sa.case((failed, _FAILED), (passed, _PASSED), else_=_NOT_DONE).label("kind"),
        _TOOK.label("took"), sa.case(*flaky, else_=0).label("flaky"),
    ).where(r.project_id == side.project_id, r.execution_id == side.execution_id)  # fmt: skip


def cells(conn: sa.Connection, sides: Sequence[Side], test_ids: Sequence[int]) -> list[CellRow]:
    """The runs of these Tests in these executions."""
    r = t.runs.c
    query = sa.select(r.id, r.execution_id, r.test_id, r.status_id, r.attempts, _TOOK).where(
        any_of(conn, r.project_id, sorted({s.project_id for s in sides})), any_of(conn, r.execution_id, sorted({s.execution_id for s in sides})),
        any_of(conn, r.test_id, list(test_ids) or [0]),
    )  # fmt: skip
    return [CellRow(*row) for row in conn.execute(query)]
