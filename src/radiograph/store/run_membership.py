# SPDX-License-Identifier: Apache-2.0
"""Adding Tests to a Test Execution as runs without a result, and taking runs away.

The ranks of an execution's runs stay 1, 2, 3 ... and its counts by status stay true.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain import import_plan as plan
from radiograph.domain.statuses import RUN_STATUSES, TODO
from radiograph.store import tables as t
from radiograph.store.blocks import take_several
from radiograph.store.engines import bulk_insert
from radiograph.store.execution_writes import count_runs, take_ranks
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TODO = next(s.id for s in RUN_STATUSES if s.name == TODO)
_EMPTY = {"attempts": 0, "status_id": _TODO, "start_offset": 0, "finish_offset": 0, "comment": ""}


class Place(Struct, frozen=True):
    """An execution: the ids of its project and of itself."""

    project_id: int
    execution_id: int


def add_runs(
    conn: sa.Connection,
    place: Place,
    tests: Mapping[int, int],
    assignee_id: int | None,
    datasets: Mapping[int, Sequence[Sequence[tuple[str, str]]]] | None = None,
) -> list[int]:
    """Add Tests (id -> id of the definition version to run) as TODO runs; returns those that it didn't have.

    `datasets` are rows of (parameter, value) by Test: a Test that has some gets an iteration for each.
    """
    r = t.runs.c
    here = sa.select(r.test_id).where(r.project_id == place.project_id, r.execution_id == place.execution_id)
    has = set(conn.execute(here.where(any_of(conn, r.test_id, list(tests) or [0]))).scalars())
    new = [test for test in tests if test not in has]
    rows = {test: found for test in new if (found := (datasets or {}).get(test))}
    first = take_several(conn, place.project_id, {"run": len(new), "part": sum(map(len, rows.values()))})
    rank = take_ranks(conn, place.execution_id, len(new)) if new else 0
    values: list[dict[str, Any]] = [
        _EMPTY | {"id": first["run"] + i, "project_id": place.project_id, "execution_id": place.execution_id, "test_id": test,
                  "rank": rank + i, "version_id": tests[test], "assignee_id": assignee_id}
        for i, test in enumerate(new)
    ]  # fmt: skip
    bulk_insert(conn, t.runs, plan.RUN_COLUMNS, [tuple(row.get(c) for c in plan.RUN_COLUMNS) for row in values])
    run_ids = {row["test_id"]: row["id"] for row in values}
    _add_iterations(conn, place.project_id, first["part"], [(run_ids[test], row) for test, found in rows.items() for row in found])
    count_runs(conn, place.execution_id, {_TODO: len(new)})
    return new


def _add_iterations(conn: sa.Connection, project_id: int, first: int, rows: Sequence[tuple[int, Sequence[tuple[str, str]]]]) -> None:
    positions: dict[int, int] = {}
    values = []
    for i, (run_id, parameters) in enumerate(rows):
        position = positions[run_id] = positions.get(run_id, -1) + 1
        row = {
            "id": first + i, "project_id": project_id, "run_id": run_id, "position": position, "status_id": _TODO, "name": "",
            "parameters": json.dumps(list(parameters), ensure_ascii=False), "log": "", "duration": "",
        }  # fmt: skip
        values.append(tuple(row[c] for c in plan.ITERATION_COLUMNS))
    bulk_insert(conn, t.run_iterations, plan.ITERATION_COLUMNS, values)


def remove_runs(conn: sa.Connection, place: Place, test_ids: Sequence[int]) -> list[int]:
    """Take the runs of these Tests away with all that belongs to them; returns the Tests that had one."""
    r = t.runs.c
    where = (r.project_id == place.project_id, r.execution_id == place.execution_id, any_of(conn, r.test_id, list(test_ids) or [0]))
    gone = conn.execute(sa.select(r.id, r.test_id, r.status_id).where(*where)).all()
    if not gone:
        return []
    _remove(conn, place.project_id, [row.id for row in gone])
    less: dict[int, int] = {}
    for row in gone:
        less[row.status_id] = less.get(row.status_id, 0) - 1
    count_runs(conn, place.execution_id, less)
    close_ranks(conn, place)
    return [row.test_id for row in gone]


def _remove(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> None:
    a = t.run_attempts.c
    attempts = list(conn.execute(sa.select(a.id).where(a.project_id == project_id, any_of(conn, a.run_id, run_ids))).scalars())
    _remove_parts(conn, project_id, [*run_ids, *attempts])
    conn.execute(sa.delete(t.run_attempts).where(a.project_id == project_id, any_of(conn, a.run_id, run_ids)))
    conn.execute(sa.delete(t.runs).where(t.runs.c.project_id == project_id, any_of(conn, t.runs.c.id, run_ids)))
    changes = t.changes.c
    conn.execute(sa.delete(t.changes).where(changes.of == "run", any_of(conn, changes.subject_id, run_ids)))


def _remove_parts(conn: sa.Connection, project_id: int, owners: Sequence[int]) -> None:
    for table in t.PARTS:
        conn.execute(sa.delete(table).where(table.c.project_id == project_id, any_of(conn, table.c.run_id, owners)))


def remove_attempts(conn: sa.Connection, project_id: int, ids: Sequence[int]) -> int:
    """Take attempts away with all that belongs to them, how many they were; how many their runs have is to be set by who asks."""
    if not ids:
        return 0
    a = t.run_attempts.c
    _remove_parts(conn, project_id, ids)
    return conn.execute(sa.delete(t.run_attempts).where(a.project_id == project_id, any_of(conn, a.id, ids))).rowcount


def close_ranks(conn: sa.Connection, place: Place) -> None:
    """Let the ranks of an execution's runs be 1, 2, 3 ... again, in their order."""
    r = t.runs.c
    here = (r.project_id == place.project_id, r.execution_id == place.execution_id)
    ordered = sa.select(r.id, sa.func.row_number().over(order_by=(r.rank, r.id)).label("place")).where(*here).subquery()
    conn.execute(sa.update(t.runs).where(*here, r.id == ordered.c.id, r.rank != ordered.c.place).values(rank=ordered.c.place))
    count = sa.select(sa.func.count() + 1).select_from(t.runs).where(*here).scalar_subquery()
    conn.execute(sa.update(t.executions).where(t.executions.c.issue_id == place.execution_id).values(next_rank=count))
