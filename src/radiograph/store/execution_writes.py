# SPDX-License-Identifier: Apache-2.0
"""Writing Test Executions: their fields, their counts and ranks of runs, and their Test Plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.engines import bulk_insert, insert_missing
from radiograph.store.issue_writes import replace_links
from radiograph.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DEFAULTS: dict[str, Any] = {
    "revision": "", "branch": "", "build_url": "", "begin_ms": None, "begin_offset": 0, "end_ms": None, "end_offset": 0,
    "imported_ms": None, "next_rank": 1,
}  # fmt: skip
_INSERT = Prepared(lambda _dialect: sa.insert(t.executions), ("issue_id", "project_id", *_DEFAULTS))
_RANK = Prepared(
    lambda _dialect: sa.text("UPDATE executions SET next_rank = next_rank + :count WHERE issue_id = :execution RETURNING next_rank"),
)
_ADD = Prepared(
    lambda _dialect: sa.text(
        "INSERT INTO execution_summaries (execution_id, status_id, runs) VALUES (:execution, :status, :more) "
        "ON CONFLICT (execution_id, status_id) DO UPDATE SET runs = execution_summaries.runs + excluded.runs",
    ),
)


def insert_execution(conn: sa.Connection, issue_id: int, project_id: int, values: dict[str, Any]) -> None:
    """Make an issue a Test Execution; `values` are the columns that are known."""
    _INSERT.run(conn, issue_id=issue_id, project_id=project_id, **(_DEFAULTS | values))


def update_execution(conn: sa.Connection, execution_id: int, values: dict[str, Any]) -> None:
    """Set columns of the execution."""
    conn.execute(sa.update(t.executions).where(t.executions.c.issue_id == execution_id).values(values))


def note_results(conn: sa.Connection, execution_id: int, at_ms: int) -> None:
    """Results of the execution were entered by hand at `at_ms`: it is as young as one that results were imported into then."""
    e = t.executions.c
    older = (e.issue_id == execution_id, sa.func.coalesce(e.imported_ms, 0) < at_ms)
    conn.execute(sa.update(t.executions).where(*older).values(imported_ms=at_ms))


def set_environments(conn: sa.Connection, execution_id: int, ids: Iterable[int]) -> None:
    """The execution's test environments from now on."""
    replace_links(conn, t.execution_environments, execution_id, ids)


def take_ranks(conn: sa.Connection, execution_id: int, count: int) -> int:
    """Reserve the ranks of so many new runs of an execution, and return the first."""
    ((after,),) = _RANK.run(conn, execution=execution_id, count=count)
    return int(after) - count


def count_runs(conn: sa.Connection, execution_id: int, more: dict[int, int]) -> None:
    """Add to the execution's count of runs by status."""
    for status, count in sorted(more.items()):
        if count:
            _ADD.run(conn, execution=execution_id, status=status, more=count)


def link_plan(conn: sa.Connection, plan_id: int, execution_id: int, test_ids: Sequence[int]) -> tuple[bool, list[int]]:
    """Link the execution to the Test Plan and add the Tests that it lacks; whether it wasn't linked before, and the Tests added."""
    link = {"plan_id": plan_id, "execution_id": execution_id}
    was = conn.execute(sa.select(t.plan_executions).filter_by(**link)).first()
    insert_missing(conn, t.plan_executions, [link])
    return was is None, add_plan_tests(conn, plan_id, test_ids)


def add_plan_tests(conn: sa.Connection, plan_id: int, test_ids: Sequence[int]) -> list[int]:
    """Add Tests to a Test Plan that it doesn't have, and return those; each of them stands in `test_ids` once."""
    has = set(conn.execute(sa.select(t.plan_tests.c.test_id).where(t.plan_tests.c.plan_id == plan_id)).scalars())
    new = [test for test in test_ids if test not in has]
    bulk_insert(conn, t.plan_tests, ("plan_id", "test_id"), [(plan_id, test) for test in new])
    return new
