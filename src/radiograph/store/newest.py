# SPDX-License-Identifier: Apache-2.0
"""The newest executions with results: of a plan or a project for each set of test environments, or on given ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.pasts import LOOK_BACK, has_results, pasts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def of_project(conn: sa.Connection, project_id: int, limit: int) -> list[int]:
    """The newest execution of each set of environments among the project's last 500; the newest `limit` of them, oldest first."""
    found: dict[tuple[str, ...], int] = {}
    for past in pasts(conn, project_id):
        if past.runs:
            found.setdefault(past.environments, past.id)
    return sorted(list(found.values())[:limit])


def of_plan(conn: sa.Connection, plan_id: int, projects: Collection[int] | None, limit: int) -> list[int]:
    """As `of_project`, among the executions of a Test Plan that are in these projects (None: in any)."""
    p, ee = t.plan_executions.c, t.execution_environments.c
    query = sa.select(p.execution_id).where(p.plan_id == plan_id, has_results(p.execution_id))
    if projects is not None:
        query = query.join(t.executions, t.executions.c.issue_id == p.execution_id).where(t.executions.c.project_id.in_(sorted(projects)))
    ids = query.order_by(p.execution_id.desc()).limit(LOOK_BACK).subquery()
    pairs = sa.select(ids.c.execution_id, ee.environment_id).join(
        t.execution_environments, ee.execution_id == ids.c.execution_id, isouter=True
    )
    sets: dict[int, set[int]] = {}
    for execution, environment in conn.execute(pairs.order_by(ids.c.execution_id.desc())):
        sets.setdefault(execution, set()).add(environment or 0)
    found: dict[frozenset[int], int] = {}
    for execution, environments in sets.items():
        found.setdefault(frozenset(environments), execution)
    return sorted(list(found.values())[:limit])


def executions_of_plan(conn: sa.Connection, plan_id: int) -> set[int]:
    """The last executions of a Test Plan, as many as are looked at."""
    p = t.plan_executions.c
    query = sa.select(p.execution_id).where(p.plan_id == plan_id).order_by(p.execution_id.desc()).limit(LOOK_BACK)
    return set(conn.execute(query).scalars())


def with_environments(conn: sa.Connection, project_id: int, names: Sequence[str]) -> int | None:
    """The newest execution with results on all of these environments: on just them if there is one, else on more."""
    wanted = set(names)
    there = [p for p in pasts(conn, project_id) if p.runs and wanted <= set(p.environments)]
    return next((p.id for p in there if wanted == set(p.environments)), there[0].id if there else None)
