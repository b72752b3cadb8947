# SPDX-License-Identifier: Apache-2.0
"""The executions that others are measured by, in three queries however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.baselines import Past
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOK_BACK = 500
"""How many executions of a project, back from one, are looked at."""


def pasts(conn: sa.Connection, project_id: int, until: int | None = None) -> list[Past]:
    """A project's last 500 executions up to the id `until` (it too), newest first."""
    e = t.executions.c
    ids = sa.select(e.issue_id).where(e.project_id == project_id)
    if until is not None:
        ids = ids.where(e.issue_id <= until)
    return _read(conn, ids.order_by(e.issue_id.desc()).limit(LOOK_BACK))


def pasts_of(conn: sa.Connection, execution_ids: Sequence[int]) -> list[Past]:
    """These executions, newest first."""
    e = t.executions.c
    return _read(conn, sa.select(e.issue_id).where(any_of(conn, e.issue_id, list(execution_ids) or [0])))


def _read(conn: sa.Connection, ids: sa.Select[int]) -> list[Past]:
    e, i, wanted = t.executions.c, t.issues.c, ids.subquery("wanted")
    columns = (e.issue_id, i.key, e.branch, e.revision, e.baseline_id, e.begin_ms, i.created_ms)
    source = wanted.join(t.executions, e.issue_id == wanted.c.issue_id).join(t.issues, i.id == e.issue_id)
    rows = conn.execute(sa.select(*columns).select_from(source).order_by(e.issue_id.desc())).all()
    names, runs = _environments(conn, wanted), _runs(conn, wanted)
    return [
        Past(row[0], row[1], row[2], row[3], tuple(sorted(names.get(row[0], ()))), row[4], runs.get(row[0], 0), row[5] or row[6])
        for row in rows
    ]


def _environments(conn: sa.Connection, wanted: sa.Subquery) -> dict[int, list[str]]:
    ee, n = t.execution_environments, t.environments.c
    source = wanted.join(ee, ee.c.execution_id == wanted.c.issue_id).join(t.environments, n.id == ee.c.environment_id)
    found: dict[int, list[str]] = {}
    for owner, name in conn.execute(sa.select(ee.c.execution_id, n.name).select_from(source)):
        found.setdefault(owner, []).append(name)
    return found


def _runs(conn: sa.Connection, wanted: sa.Subquery) -> dict[int, int]:
    s = t.execution_summaries.c
    source = wanted.join(t.execution_summaries, s.execution_id == wanted.c.issue_id)
    query = sa.select(s.execution_id, sa.func.sum(s.runs)).select_from(source).group_by(s.execution_id)
    return {row[0]: int(row[1]) for row in conn.execute(query)}
