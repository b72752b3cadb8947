# SPDX-License-Identifier: Apache-2.0
"""Changes of one run and of what belongs to it, inside the transaction that holds its project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.execution_writes import count_runs
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from radiograph.domain.report import EvidenceFile
    from radiograph.store.runs import RunRow


def update_run(conn: sa.Connection, run: RunRow, values: Mapping[str, Any]) -> None:
    """Set columns of a run; the execution's counts follow its status."""
    if not values:
        return
    conn.execute(sa.update(t.runs).where(t.runs.c.project_id == run.project_id, t.runs.c.id == run.id).values(dict(values)))
    status = values.get("status_id", run.status_id)
    if status != run.status_id:
        count_runs(conn, run.execution_id, {run.status_id: -1, status: 1})


def update_part(conn: sa.Connection, table: sa.Table, project_id: int, number: int, values: Mapping[str, Any]) -> None:
    """Set columns of one of a run's steps, examples or iterations."""
    if values:
        conn.execute(sa.update(table).where(table.c.project_id == project_id, table.c.id == number).values(dict(values)))


def add_steps(conn: sa.Connection, run: RunRow, iteration_id: int | None, positions: Sequence[int], status_id: int) -> dict[int, int]:
    """Make results for steps that have none, of one status; their ids by position."""
    first = take_ids(conn, "part", run.project_id, len(positions))
    ids = {position: first + i for i, position in enumerate(positions)}
    rows = [
        {"id": number, "project_id": run.project_id, "run_id": run.id, "iteration_id": iteration_id, "position": position,
         "status_id": status_id, "comment": "", "actual": ""}
        for position, number in ids.items()
    ]  # fmt: skip
    if rows:
        conn.execute(sa.insert(t.run_steps), rows)
    return ids


def add_examples(conn: sa.Connection, run: RunRow, positions: Sequence[int], status_id: int) -> dict[int, int]:
    """Make results for rows of the examples that have none, of one status; their ids by position."""
    first = take_ids(conn, "part", run.project_id, len(positions))
    ids = {position: first + i for i, position in enumerate(positions)}
    rows = [
        {"id": number, "project_id": run.project_id, "run_id": run.id, "position": position, "status_id": status_id}
        for position, number in ids.items()
    ]
    if rows:
        conn.execute(sa.insert(t.run_examples), rows)
    return ids


def add_defects(conn: sa.Connection, run: RunRow, step_id: int | None, defects: Sequence[tuple[int | None, str]]) -> None:
    """Link defects by hand: (issue id, or None for one of elsewhere; key)."""
    first = take_ids(conn, "part", run.project_id, len(defects))
    rows = [
        {
            "id": first + i,
            "project_id": run.project_id,
            "run_id": run.id,
            "step_id": step_id,
            "issue_id": issue,
            "key": key,
            "by_hand": True,
        }
        for i, (issue, key) in enumerate(defects)
    ]
    if rows:
        conn.execute(sa.insert(t.run_defects), rows)


def add_evidence(
    conn: sa.Connection, run: RunRow, step_id: int | None, files: Sequence[EvidenceFile], author_id: int, now: int
) -> list[int]:
    """Add files that are stored already to a run or one of its steps; `now` in UTC milliseconds. Returns their ids."""
    first = take_ids(conn, "part", run.project_id, len(files))
    rows = [
        {"id": first + i, "project_id": run.project_id, "run_id": run.id, "step_id": step_id, "filename": f.filename,
         "content_type": f.content_type, "size": f.size, "sha256": f.sha256, "created_ms": now, "author_id": author_id}
        for i, f in enumerate(files)
    ]  # fmt: skip
    if rows:
        conn.execute(sa.insert(t.run_evidence), rows)
    return [row["id"] for row in rows]  # type: ignore[misc]


def remove_parts(conn: sa.Connection, table: sa.Table, project_id: int, ids: Iterable[int]) -> None:
    """Take defects or files of a run away; the sweep takes files that no row names any more."""
    conn.execute(sa.delete(table).where(table.c.project_id == project_id, any_of(conn, table.c.id, sorted(ids) or [0])))


def person_id(conn: sa.Connection, name: str) -> int | None:
    """The id of the person of that name, or None."""
    return conn.execute(sa.select(t.users.c.id).where(t.users.c.name == name)).scalar()


def issues_named(conn: sa.Connection, ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """The keys and project ids of these issues by id."""
    i = t.issues.c
    return {
        row.id: (row.key, row.project_id)
        for row in conn.execute(sa.select(i.id, i.key, i.project_id).where(any_of(conn, i.id, list(ids) or [0])))
    }
