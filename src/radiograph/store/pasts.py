# SPDX-License-Identifier: Apache-2.0
"""The executions that others are measured by, in three queries however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.baselines import Past
from radiograph.domain.statuses import TODO
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FINAL = sa.select(t.statuses.c.id).where(t.statuses.c.of == "run", t.statuses.c.final)
"""The ids of the statuses that are results."""
LOOK_BACK = 500
"""How many executions of a project, back from one, are looked at."""


def has_results(execution_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether an execution has results: runs that are finished. What is planned or under way has none yet."""
    s = t.execution_summaries.c
    return sa.exists().where(s.execution_id == execution_id, s.runs > 0, s.status_id.in_(FINAL))


def begun(conn: sa.Connection, execution_ids: Sequence[int]) -> set[int]:
    """Those of these executions that aren't only planned: a run of theirs isn't TODO, or they were imported."""
    s, st, i, ids = t.execution_summaries.c, t.statuses.c, t.imports.c, list(execution_ids) or [0]
    planned = sa.select(st.id).where(st.of == "run", st.name == TODO)
    going = sa.select(s.execution_id).where(any_of(conn, s.execution_id, ids), s.runs > 0, s.status_id.not_in(planned))
    sent = sa.select(i.execution_id).where(any_of(conn, i.execution_id, ids), i.undone_ms.is_(None))
    return {*conn.execute(going).scalars(), *(number for number in conn.execute(sent).scalars() if number is not None)}


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
    query = sa.select(s.execution_id, sa.func.sum(s.runs)).select_from(source).where(s.status_id.in_(FINAL)).group_by(s.execution_id)
    return {row[0]: int(row[1]) for row in conn.execute(query)}
