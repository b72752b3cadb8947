# SPDX-License-Identifier: Apache-2.0
"""Which failure of an execution comes next, which failed alike, and which runs have an issue as their defect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.runs import RunRow, find_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def nearest(conn: sa.Connection, execution_id: int, status_ids: Sequence[int], rank: int, *, later: bool) -> tuple[int, str] | None:
    """The run (id, key of its Test) with one of these statuses that is nearest before or after a rank; None: there is none."""
    r = t.runs.c
    found: list[tuple[int, int, str]] = []
    for status in status_ids:
        query = sa.select(r.rank, r.id, t.issues.c.key).join(t.issues, t.issues.c.id == r.test_id)
        query = query.where(r.execution_id == execution_id, r.status_id == status, r.rank > rank if later else r.rank < rank)
        found += [(row[0], row[1], row[2]) for row in conn.execute(query.order_by(r.rank if later else r.rank.desc()).limit(1))]
    if not found:
        return None
    row = min(found) if later else max(found)
    return row[1], row[2]


def beside(conn: sa.Connection, execution_id: int, rank: int, *, later: bool) -> tuple[int, str] | None:
    """The run (id, key of its Test) that stands before or after a rank, whatever its status; None: there is none."""
    r = t.runs.c
    query = sa.select(r.id, t.issues.c.key).join(t.issues, t.issues.c.id == r.test_id)
    query = query.where(r.execution_id == execution_id, r.rank > rank if later else r.rank < rank)
    row = conn.execute(query.order_by(r.rank if later else r.rank.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def failed_alike(conn: sa.Connection, run: RunRow, failing: Sequence[int], most: int) -> tuple[int, int] | None:
    """The fingerprint of a failure, and how many other runs of its execution have it (`most` at most); None without one.

    Only the failures of the execution are looked at: a fingerprint may have been seen in many others.
    """
    r = t.runs.c
    own = conn.execute(sa.select(r.fingerprint).where(r.project_id == run.project_id, r.id == run.id)).scalar()
    if own is None:
        return None
    where = (r.execution_id == run.execution_id, r.status_id.in_(failing), r.fingerprint == own, r.id != run.id)
    some = sa.select(sa.literal(1)).where(*where).limit(most).subquery()
    return int(own), int(conn.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def runs_with_defect(conn: sa.Connection, issue_id: int, projects: Collection[int] | None, limit: int) -> list[RunRow]:
    """The latest `limit` runs of these projects (None: all) that have an issue as a defect, of their own or of a step, newest first."""
    query = _with_defect(issue_id, projects).order_by(t.runs.c.id.desc()).limit(limit)
    return find_runs(conn, [(row[0], row[1]) for row in conn.execute(query)])


def count_with_defect(conn: sa.Connection, issue_id: int, projects: Collection[int] | None) -> int:
    """How many runs of these projects (None: all) have an issue as a defect."""
    return int(conn.execute(sa.select(sa.func.count()).select_from(_with_defect(issue_id, projects).subquery())).scalar_one())


def _with_defect(issue_id: int, projects: Collection[int] | None) -> sa.Select[Any]:
    """Their ids and projects; attempts have defects too, and are no runs."""
    d, r = t.run_defects.c, t.runs.c
    source = t.run_defects.join(t.runs, (r.project_id == d.project_id) & (r.id == d.run_id))
    query = sa.select(r.id, r.project_id).select_from(source).where(d.issue_id == issue_id).distinct()
    return query if projects is None else query.where(r.project_id.in_(sorted(projects)))
