# SPDX-License-Identifier: Apache-2.0
"""The failed runs of executions, and what is known of them: set-wise, however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.failure_groups import FailedRun
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def failed_runs(conn: sa.Connection, execution_ids: Sequence[int], failing: Sequence[int], limit: int) -> list[FailedRun]:
    """The runs of these executions with one of these statuses, the newest execution's first, by rank; `limit` at most."""
    r = t.runs.c
    query = sa.select(r.id, r.execution_id, r.test_id, r.status_id, r.rank, r.fingerprint)
    query = query.where(any_of(conn, r.execution_id, list(execution_ids) or [0]), r.status_id.in_(failing))
    rows = conn.execute(query.limit(limit)).all()
    if len(rows) == limit:  # which ones they are must not be chance; sorting all of them takes the database longer
        rows = conn.execute(query.order_by(r.execution_id.desc(), r.rank).limit(limit)).all()
    return sorted((FailedRun(*row) for row in rows), key=lambda run: (-run.execution_id, run.rank))


def failed_tests(conn: sa.Connection, execution_ids: Sequence[int], failing: Sequence[int]) -> dict[int, set[int]]:
    """The Tests that failed in each of these executions."""
    r = t.runs.c
    found: dict[int, set[int]] = {i: set() for i in execution_ids}
    query = sa.select(r.execution_id, r.test_id).where(any_of(conn, r.execution_id, list(execution_ids) or [0]), r.status_id.in_(failing))
    for execution, test in conn.execute(query).all():
        found[execution].add(test)
    return found


def first_comments(conn: sa.Connection, project_id: int, run_ids: Sequence[int], length: int) -> dict[int, str]:
    """The beginnings of these runs' comments, by run."""
    r = t.runs.c
    query = sa.select(r.id, sa.func.substr(r.comment, 1, length)).where(
        r.project_id == project_id, any_of(conn, r.id, list(run_ids) or [0])
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def unfinished(conn: sa.Connection, execution_id: int, status_id: int) -> int:
    """How many runs of an execution have this status and were put there by hand: an import's own are results that it skipped."""
    r = t.runs.c
    where = (r.execution_id == execution_id, r.status_id == status_id, r.import_id.is_(None))
    return int(conn.execute(sa.select(sa.func.count()).select_from(t.runs).where(*where)).scalar_one())
