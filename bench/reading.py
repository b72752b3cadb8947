# SPDX-License-Identifier: Apache-2.0
"""Pages over a big store: the first page of a long execution, and the history of a Test."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bench.serving import Server
from bench.table import Row
from radiograph.domain.issues import IssueType
from radiograph.store import tables as t
from radiograph.store.engines import bulk_insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.sites import Site

_TIMES = 21
_OK = 200


def pages(site: Site, total: int) -> list[Row]:
    """Grow a copy of the site to `total` runs, and read its pages."""
    url = site.copy()
    with Server(url) as running:
        key, test = places(url)
    grow(url, total)
    with Server(url) as running:
        small = _time(running, "/health/live")
        rows = [
            Row(f"{site.kind}: first page of {key}, {total:,} runs in the store", "ms", _time(running, f"/browse/{key}"), small, "< 30"),
            Row(f"{site.kind}: history of a Test, {total:,} runs in the store", "ms", _time(running, f"/browse/{test}"), small, "< 30"),
        ]
    site.drop(url)
    for row in rows:
        row.note = "beside /health/live"
    return rows


def places(url: str) -> tuple[str, str]:
    """The keys of the first execution and of the first Test."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as conn:
        execution = conn.execute(sa.select(t.runs.c.execution_id).limit(1)).scalar_one()
        test = conn.execute(sa.select(t.runs.c.test_id).order_by(t.runs.c.id).limit(1)).scalar_one()
        keys: dict[int, str] = dict(
            conn.execute(sa.select(t.issues.c.id, t.issues.c.key).where(t.issues.c.id.in_([execution, test]))).all()
        )
    return keys[execution], keys[test]


def grow(url: str, total: int) -> None:
    """Copy the runs of the execution into new executions until there are `total`, and run the first Test 10,000 times more."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        rows = [tuple(r) for r in conn.execute(sa.select(t.runs).order_by(t.runs.c.id))]
        have, next_id, execution = len(rows), rows[-1][0] + 1, 50_000_000
        while have < total:
            execution += 1
            _add(conn, rows, next_id, [execution] * len(rows))
            next_id, have = next_id + len(rows), have + len(rows)
        _add(conn, rows[:1] * 10_000, next_id, range(60_000_000, 60_010_000))
    engine.dispose()


def _add(conn: sa.Connection, rows: Sequence[tuple[Any, ...]], next_id: int, executions: Sequence[int]) -> None:
    """Add a copy of each row, each to the execution at its place; executions are made."""
    columns = [c.name for c in t.runs.columns]
    place = {name: i for i, name in enumerate(columns)}
    project = rows[0][place["project_id"]]
    new = sorted(set(executions))
    kind, at = int(IssueType.TEST_EXECUTION), rows[0][place["start_ms"]]
    issues = ("id", "project_id", "number", "key", "type_id", "summary", "created_ms", "updated_ms")
    bulk_insert(conn, t.issues, issues, [(i, project, i, f"BENCH-{i}", kind, f"Execution {i}", at, at) for i in new])
    bulk_insert(conn, t.executions, ("issue_id", "project_id", "next_rank"), [(i, project, len(rows) // len(new) + 1) for i in new])
    copies = []
    for number, (row, execution) in enumerate(zip(rows, executions, strict=True), next_id):
        changed = list(row)
        changed[place["id"]], changed[place["execution_id"]] = number, execution
        copies.append(tuple(changed))
    bulk_insert(conn, t.runs, columns, copies)


def _time(running: Server, path: str) -> list[float]:
    connection = running.connection()
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": "Bearer bench-token", "Accept": "text/html"})
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status == _OK, (path, answer.status)
    return times[1:]
