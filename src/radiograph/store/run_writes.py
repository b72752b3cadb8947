# SPDX-License-Identifier: Apache-2.0
"""Writing an import's runs: bulk statements only, inside the one transaction of the import."""

from __future__ import annotations

import sqlalchemy as sa

from radiograph.domain import import_plan as plan
from radiograph.store import tables as t
from radiograph.store.engines import bulk_insert, move_rows
from radiograph.store.execution_writes import count_runs
from radiograph.store.many import any_of


def write_runs(conn: sa.Connection, project_id: int, execution_id: int, rows: plan.RunRows) -> None:
    """Write the runs with all that belongs to them, keep earlier results as attempts, count."""
    if rows.replaced:
        _supersede(conn, project_id, rows)
    bulk_insert(conn, t.runs, plan.RUN_COLUMNS, rows.runs)
    bulk_insert(conn, t.run_attempts, plan.ATTEMPT_COLUMNS, rows.tries)
    bulk_insert(conn, t.run_steps, plan.STEP_COLUMNS, rows.steps)
    bulk_insert(conn, t.run_iterations, plan.ITERATION_COLUMNS, rows.iterations)
    bulk_insert(conn, t.run_examples, plan.EXAMPLE_COLUMNS, rows.examples)
    bulk_insert(conn, t.run_defects, plan.DEFECT_COLUMNS, rows.defects)
    bulk_insert(conn, t.run_evidence, plan.EVIDENCE_COLUMNS, rows.evidence)
    count_runs(conn, execution_id, rows.summary)


def _supersede(conn: sa.Connection, project_id: int, rows: plan.RunRows) -> None:
    kept = {run: (attempt, number) for run, attempt, number in rows.attempts}
    columns = [c.name for c in t.run_attempts.columns if c.name not in {"id", "project_id", "run_id", "number"}]
    query = sa.select(t.runs.c.id, *(t.runs.c[c] for c in columns)).where(
        t.runs.c.project_id == project_id, any_of(conn, t.runs.c.id, list(kept) or [0]),
    )  # fmt: skip
    old = [(kept[row[0]][0], project_id, row[0], kept[row[0]][1], *row[1:]) for row in conn.execute(query)]
    bulk_insert(conn, t.run_attempts, ("id", "project_id", "run_id", "number", *columns), old)
    pairs = [(run, attempt) for run, attempt, _ in rows.attempts]
    gone = [run for run in rows.replaced if run not in kept]
    for table in t.PARTS:
        imported = table.c.by_hand.is_(False) if table is t.run_defects else None
        move_rows(conn, table, project_id, pairs, imported)
        if gone:
            which = sa.and_(table.c.project_id == project_id, any_of(conn, table.c.run_id, gone))
            conn.execute(sa.delete(table).where(which if imported is None else which & imported))
    conn.execute(sa.delete(t.runs).where(t.runs.c.project_id == project_id, any_of(conn, t.runs.c.id, rows.replaced)))
