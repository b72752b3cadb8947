# SPDX-License-Identifier: Apache-2.0
"""The newest executions of many projects, as counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Tally(Struct):
    """How many runs of an execution have each status, by its id."""

    execution_id: int
    counts: dict[int, int]


def recent_tallies(conn: sa.Connection, project_ids: Sequence[int], limit: int) -> dict[int, list[Tally]]:
    """The newest `limit` executions of each of these projects that have results, oldest first; a project without any is left out.

    Each project's oldest one to be shown is found by a step in its index; from there on its summaries are read.
    """
    p, e, s, x = t.projects.c, t.executions.c, t.execution_summaries.c, t.executions.alias("x").c
    oldest = sa.select(x.issue_id).where(x.project_id == p.id).order_by(x.issue_id.desc()).offset(limit - 1).limit(1).scalar_subquery()
    source = t.projects.join(t.executions, sa.and_(e.project_id == p.id, e.issue_id >= sa.func.coalesce(oldest, 0)))
    source = source.join(t.execution_summaries, s.execution_id == e.issue_id)
    query = (
        sa.select(p.id, e.issue_id, s.status_id, s.runs).select_from(source).where(any_of(conn, p.id, list(project_ids) or [0]), s.runs > 0)
    )
    found: dict[int, dict[int, Tally]] = {}
    for project, execution, status, count in conn.execute(query.order_by(p.id, e.issue_id)):
        held = found.setdefault(project, {})
        held.setdefault(execution, Tally(execution, {})).counts[status] = count
    return {project: list(held.values()) for project, held in found.items()}
