# SPDX-License-Identifier: Apache-2.0
"""Finding and removing what is kept no longer, a little at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa
from msgspec import Struct

from radiograph.store import run_membership
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Old(Struct, frozen=True):
    """An execution that got no results since long ago; `active_ms` is when it last did, `labels` its labels."""

    id: int
    active_ms: int
    labels: list[str]


def old_executions(conn: sa.Connection, project_id: int, since: int, before: int, after: int, limit: int) -> list[Old]:
    """A project's executions by id after `after`, whose last results are of a time (UTC ms) from `since` on and before `before`."""
    e, i = t.executions.c, t.issues.c
    active = sa.func.coalesce(e.imported_ms, i.created_ms)
    query = (
        sa.select(e.issue_id, active, i.labels)
        .join(t.issues, i.id == e.issue_id)
        .where(e.project_id == project_id, e.issue_id > after, active >= since, active < before, i.created_ms < before)
        .order_by(e.issue_id)
        .limit(limit)
    )
    return [Old(row[0], row[1], json.loads(row[2]) if row[2] else []) for row in conn.execute(query)]


def plans_of(conn: sa.Connection, executions: Sequence[int]) -> dict[int, list[int]]:
    """The Test Plans that these executions are linked to."""
    p = t.plan_executions.c
    found: dict[int, list[int]] = {}
    for execution, plan in conn.execute(sa.select(p.execution_id, p.plan_id).where(any_of(conn, p.execution_id, list(executions) or [0]))):
        found.setdefault(execution, []).append(plan)
    return found


def plan_states(conn: sa.Connection, plans: Sequence[int]) -> dict[int, tuple[list[bool], bool]]:
    """By plan: for each fix version whether it is released (or archived), and whether the plan's workflow is at its end."""
    i, w, v, iv = t.issues.c, t.workflow_statuses.c, t.versions.c, t.issue_versions.c
    ids = list(plans) or [0]
    states = sa.select(i.id, w.category).select_from(t.issues.outerjoin(t.workflow_statuses, w.name == i.workflow))
    found: dict[int, tuple[list[bool], bool]] = {
        row[0]: ([], row[1] == "done") for row in conn.execute(states.where(any_of(conn, i.id, ids)))
    }
    released = sa.select(iv.issue_id, v.released, v.archived).join(t.versions, v.id == iv.version_id)
    for plan, out, archived in conn.execute(released.where(any_of(conn, iv.issue_id, ids))):
        found[plan][0].append(bool(out or archived))
    return found


class Weight(Struct):
    """How much something is: rows, and the bytes of evidence that they name (files that others name too stay)."""

    rows: int = 0
    bytes: int = 0


def weigh_runs(conn: sa.Connection, executions: Sequence[int]) -> Weight:
    """The runs of these executions, with all their evidence but that of attempts."""
    s = t.execution_summaries.c
    ids = list(executions) or [0]
    runs = conn.execute(sa.select(sa.func.coalesce(sa.func.sum(s.runs), 0)).where(any_of(conn, s.execution_id, ids))).scalar_one()
    return Weight(int(runs), _evidence_bytes(conn, any_of(conn, t.runs.c.execution_id, ids)))


def _evidence_bytes(conn: sa.Connection, where: sa.ColumnElement[bool]) -> int:
    r, e = t.runs.c, t.run_evidence.c
    joined = t.runs.join(t.run_evidence, (e.project_id == r.project_id) & (e.run_id == r.id))
    return int(conn.execute(sa.select(sa.func.coalesce(sa.func.sum(e.size), 0)).select_from(joined).where(where)).scalar_one())


def passing_evidence(conn: sa.Connection, executions: Sequence[int], most: int | None = None) -> list[tuple[int, int, int]]:
    """The evidence of passing runs of these executions, or some of it: project, id, bytes."""
    r, e, s = t.runs.c, t.run_evidence.c, t.statuses.c
    passing = sa.select(s.id).where(s.of == "run", s.requirement == "OK")
    joined = t.runs.join(t.run_evidence, (e.project_id == r.project_id) & (e.run_id == r.id))
    query = sa.select(e.project_id, e.id, e.size).select_from(joined)
    rows = conn.execute(query.where(any_of(conn, r.execution_id, list(executions) or [0]), r.status_id.in_(passing)).limit(most))
    return [(row[0], row[1], row[2]) for row in rows]


def remove_evidence(conn: sa.Connection, project_id: int, ids: Sequence[int]) -> int:
    """Take evidence rows away; their files go with the sweep."""
    e = t.run_evidence.c
    return conn.execute(sa.delete(t.run_evidence).where(e.project_id == project_id, any_of(conn, e.id, list(ids) or [0]))).rowcount


def attempts_in(conn: sa.Connection, executions: Sequence[int], most: int | None = None) -> list[tuple[int, int]]:
    """The attempts of runs of these executions, or of so many of these runs: the run's id and the attempt's."""
    r, a = t.runs.c, t.run_attempts.c
    of: sa.ColumnElement[bool] = any_of(conn, r.execution_id, list(executions) or [0]) & (r.attempts > 0)
    if most is not None:
        of = any_of(conn, r.id, list(conn.execute(sa.select(r.id).where(of).limit(most)).scalars()) or [0])
    joined = t.runs.join(t.run_attempts, (a.project_id == r.project_id) & (a.run_id == r.id))
    query = sa.select(r.id, a.id).select_from(joined).where(of)
    return [(row[0], row[1]) for row in conn.execute(query)]


def remove_attempts(conn: sa.Connection, project_id: int, pairs: Sequence[tuple[int, int]]) -> int:
    """Take attempts with all their parts away; their runs have none then."""
    r, runs = t.runs.c, sorted({run for run, _ in pairs}) or [0]
    conn.execute(sa.update(t.runs).where(r.project_id == project_id, any_of(conn, r.id, runs)).values(attempts=0))
    return run_membership.remove_attempts(conn, project_id, [attempt for _, attempt in pairs])


def _free_imports(project_id: int | None, before: int) -> sa.ColumnElement[bool]:
    """Records that no result names: refused, taken back, or of executions that are gone."""
    i, r = t.imports.c, t.runs.c
    here = i.project_id.is_(None) if project_id is None else i.project_id == project_id
    named = sa.exists().where(r.execution_id == i.execution_id, r.import_id == i.id)
    empty = (i.outcome == "refused") | i.execution_id.is_(None) | (i.undone_ms.is_not(None) & ~named)
    return here & (i.at_ms < before) & empty


def old_imports(conn: sa.Connection, project_id: int | None, before: int) -> tuple[int, int]:
    """How many import records go, and of how many the warnings go because results still name them."""
    i = t.imports.c
    free = conn.execute(sa.select(sa.func.count()).select_from(t.imports).where(_free_imports(project_id, before))).scalar_one()
    worded = (i.at_ms < before, i.project_id == project_id, i.warnings != "[]", ~_free_imports(project_id, before))
    return int(free), int(conn.execute(sa.select(sa.func.count()).select_from(t.imports).where(*worded)).scalar_one())


def remove_imports(conn: sa.Connection, project_id: int | None, before: int) -> tuple[int, int]:
    """Take records away that no result names, and the warnings of the others; how many each."""
    i = t.imports.c
    free = conn.execute(sa.delete(t.imports).where(_free_imports(project_id, before))).rowcount
    worded = (i.at_ms < before, i.project_id == project_id, i.warnings != "[]")
    return free, conn.execute(sa.update(t.imports).where(*worded).values(warnings="[]")).rowcount


WAITING = "waiting"


def outgoing_count(conn: sa.Connection, project_id: int, before: int) -> int:
    """How many calls and mails that are over go."""
    o = t.outgoing.c
    where = (o.project_id == project_id, o.at_ms < before, o.state != WAITING)
    return int(conn.execute(sa.select(sa.func.count()).select_from(t.outgoing).where(*where)).scalar_one())


def remove_outgoing(conn: sa.Connection, project_id: int, before: int) -> int:
    """Take calls and mails away that are over."""
    o = t.outgoing.c
    return conn.execute(sa.delete(t.outgoing).where(o.project_id == project_id, o.at_ms < before, o.state != WAITING)).rowcount


def remove_audit(conn: sa.Connection, before: int, limit: int) -> int:
    """Take some audit rows away."""
    some = sa.select(t.audit.c.id).where(t.audit.c.at_ms < before).limit(limit)
    return conn.execute(sa.delete(t.audit).where(t.audit.c.id.in_(some))).rowcount
