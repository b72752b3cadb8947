# SPDX-License-Identifier: Apache-2.0
"""The latest runs of many Tests, in all executions or in some, now or as they were known at an earlier time.

One seek of an index for each Test, however many runs the store has.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.known_then import Came, Changed, status_then
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from radiograph.domain.statuses import StatusTable

# Made once: an alias has a copy of each column of its table.
_RUN, _IN_PLAN, _OF_VERSION, _ON = (x.alias() for x in (t.runs, t.plan_executions, t.issue_versions, t.execution_environments))
_EXECUTION, _ATTEMPT, _CHANGE = (x.alias() for x in (t.issues, t.run_attempts, t.changes))
_IMPORT, _EARLIER_IMPORT = t.imports.alias(), t.imports.alias()
_ROOM = 65_536
"""What a status id has room in: a run's id and its status come out of one seek as one number."""


class Counted(Struct, frozen=True):
    """The executions that count: of a Test Plan, of some versions, with a test environment; None doesn't narrow."""

    plan_id: int | None = None
    version_ids: tuple[int, ...] | None = None
    environment_id: int | None = None

    def has(self, execution: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
        """The conditions on an execution's id: each is one look into the table that says so."""
        p, v, e = _IN_PLAN.c, _OF_VERSION.c, _ON.c
        found: list[sa.ColumnElement[bool]] = []
        if self.plan_id is not None:
            found.append(sa.exists().where(p.plan_id == self.plan_id, p.execution_id == execution))
        if self.version_ids is not None:
            found.append(sa.exists().where(v.issue_id == execution, v.version_id.in_(self.version_ids)))
        if self.environment_id is not None:
            found.append(sa.exists().where(e.execution_id == execution, e.environment_id == self.environment_id))
        return found


class Result(Struct, frozen=True):
    """A run and its status."""

    run_id: int
    status_id: int


class Then(Struct, frozen=True):
    """An earlier time (UTC milliseconds), and the projects whose runs count for it."""

    at_ms: int
    projects: tuple[int, ...]


def latest_packed(
    conn: sa.Connection, tests: sa.Select[tuple[int]], which: Counted, projects: Collection[int] | None, then: Then | None = None
) -> list[tuple[int, int | None]]:
    """Tests by id, each with its latest run in the executions that count, in these projects (None: all), as one number (see `unpacked`).

    `tests` selects the ids of Tests; one without a run has None. With `then` runs count that were there at that time.
    """
    given, r = tests.subquery(), _RUN
    (test,) = given.c
    packed = sa.select(r.c.id * _ROOM + r.c.status_id).where(r.c.test_id == test, *which.has(r.c.execution_id))
    if projects is not None:
        packed = packed.where(r.c.project_id.in_(sorted(projects)))
    if then is not None:
        packed = packed.where(*_there(conn, r, then))
    one = packed.order_by(r.c.id.desc()).limit(1).correlate_except(r).scalar_subquery()
    rows: Any = conn.execute(sa.select(test, one).order_by(test)).all()
    return list(rows)


def unpacked(number: int) -> Result:
    """The run, and its status, that a number of `latest_packed` stands for."""
    return Result(*divmod(number, _ROOM))


def packed_status(number: int) -> int:
    """The status id that a number of `latest_packed` stands for."""
    return number % _ROOM


def latest_results(
    conn: sa.Connection, tests: sa.Select[tuple[int]], which: Counted, projects: Collection[int] | None, statuses: StatusTable,
    then: Then | None = None,
) -> dict[int, Result]:  # fmt: skip
    """By Test: its latest run in the executions that count (see `latest_packed`); a Test without one is left out.

    With `then` it is what was known at that time: runs have the statuses that they had.
    """
    found = {test: unpacked(number) for test, number in latest_packed(conn, tests, which, projects, then) if number is not None}
    return found if then is None else _as_known(conn, found, statuses, then.at_ms)


def these(conn: sa.Connection, ids: Iterable[int]) -> sa.Select[tuple[int]]:
    """A query for the ids of these Tests."""
    return sa.select(t.tests.c.issue_id).where(any_of(conn, t.tests.c.issue_id, list(ids) or [0]))


def of_plan(plan_id: int, projects: Collection[int] | None) -> sa.Select[tuple[int]]:
    """A query for the ids of the Tests of a plan in these projects (None: all)."""
    p, test = t.plan_tests.c, t.tests.c
    query = sa.select(p.test_id).where(p.plan_id == plan_id)
    return query if projects is None else query.join(t.tests, test.issue_id == p.test_id).where(test.project_id.in_(sorted(projects)))


def projects_of_runs(conn: sa.Connection, ids: Iterable[int]) -> list[tuple[int, int]]:
    """These runs, each with its project: (id, project id)."""
    wanted, b = list(ids), t.id_blocks.c
    if not wanted:
        return []
    blocks = conn.execute(
        sa.select(b.first, b.project_id).where(b.kind == "run", b.first <= max(wanted), b.last >= min(wanted)).order_by(b.first)
    ).all()
    firsts = [row[0] for row in blocks]
    return [(i, blocks[bisect_right(firsts, i) - 1][1]) for i in wanted]


# --- as it was known ------------------------------------------------------------------------------
def _there(conn: sa.Connection, r: Any, then: Then) -> list[sa.ColumnElement[bool]]:  # noqa: ANN401
    """The conditions on a run that it was there: in an execution made by then, with a result or a change that had come."""
    e, a, c = _EXECUTION, _ATTEMPT, _CHANGE
    made = sa.exists().where(e.c.id == r.c.execution_id, e.c.created_ms <= then.at_ms)
    earlier = sa.exists().where(
        a.c.project_id == r.c.project_id, a.c.run_id == r.c.id, _had_come(a.c.import_id, _EARLIER_IMPORT, then.at_ms)
    )
    changed = sa.exists().where(c.c.of == "run", c.c.subject_id == r.c.id, c.c.field == "status", c.c.at_ms <= then.at_ms)
    there = sa.or_(_had_come(r.c.import_id, _IMPORT, then.at_ms), sa.and_(r.c.attempts > 0, earlier), changed)
    bound = _first_after(conn, then)
    return [r.c.project_id.in_(then.projects), made, there, *([r.c.id < bound] if bound is not None else [])]


def _had_come(import_id: sa.ColumnElement[int], m: sa.FromClause, at_ms: int) -> sa.ColumnElement[bool]:
    return sa.or_(import_id.is_(None), ~sa.exists().where(m.c.id == import_id, m.c.at_ms > at_ms))


def _first_after(conn: sa.Connection, then: Then) -> int | None:
    """An id that every run that was there is below, so that a look far back doesn't walk through all that came since."""
    bounds = [_first_in(conn, project, then.at_ms) for project in then.projects]
    return None if None in bounds or not bounds else max(b for b in bounds if b is not None)


_LOOKED_AT = 20


def _first_in(conn: sa.Connection, project_id: int, at_ms: int) -> int | None:
    """The first run of the first execution that an import made after a time: ids of a project's runs ascend."""
    m, i, r = t.imports.c, t.issues.c, t.runs.c
    near = sa.select(m.execution_id).where(m.at_ms > at_ms, m.project_id == project_id, m.execution_id.is_not(None))
    later = list(conn.execute(near.order_by(m.at_ms).limit(_LOOKED_AT)).scalars())
    made = sa.select(i.id).where(any_of(conn, i.id, later or [0]), i.created_ms > at_ms)
    new = list(conn.execute(made).scalars())
    query = sa.select(sa.func.min(r.id)).where(any_of(conn, r.execution_id, new or [0]), r.rank == 1)
    return conn.execute(query).scalar()


def _as_known(conn: sa.Connection, found: Mapping[int, Result], statuses: StatusTable, at_ms: int) -> dict[int, Result]:
    runs = [r.run_id for r in found.values()]
    came = _results(conn, projects_of_runs(conn, runs))
    changed = _changes(conn, runs, statuses)
    known = {}
    for test, run in found.items():
        status = status_then(came.get(run.run_id, []), changed.get(run.run_id, []), at_ms)
        if status is not None:
            known[test] = Result(run.run_id, status)
    return known


def _results(conn: sa.Connection, places: Sequence[tuple[int, int]]) -> dict[int, list[Came]]:
    """The results of runs, oldest first, each from when its import came (without one: from when the execution was made)."""
    ids, projects = [i for i, _ in places] or [0], sorted({p for _, p in places}) or [0]
    r, a, e, m = t.runs.c, t.run_attempts, t.issues, t.imports
    here = (any_of(conn, r.project_id, projects), any_of(conn, r.id, ids))
    made = t.runs.join(e, e.c.id == r.execution_id)
    since = sa.func.coalesce(m.c.at_ms, e.c.created_ms)
    now = sa.select(r.id, since, r.status_id).select_from(made.outerjoin(m, m.c.id == r.import_id)).where(*here)
    both = made.join(a, sa.and_(a.c.project_id == r.project_id, a.c.run_id == r.id)).outerjoin(m, m.c.id == a.c.import_id)
    before = sa.select(r.id, since, a.c.status_id).select_from(both).where(*here, r.attempts > 0).order_by(a.c.run_id, a.c.number)
    found: dict[int, list[Came]] = {}
    for run, at, status in [*conn.execute(before), *conn.execute(now)]:
        found.setdefault(run, []).append(Came(at, status))
    return found


def _changes(conn: sa.Connection, runs: Sequence[int], statuses: StatusTable) -> dict[int, list[Changed]]:
    c = t.changes.c
    where = (c.of == "run", c.field == "status", any_of(conn, c.subject_id, list(runs) or [0]))
    found: dict[int, list[Changed]] = {}
    for run, at, before, after in conn.execute(sa.select(c.subject_id, c.at_ms, c.before, c.after).where(*where).order_by(c.id)):
        was, became = statuses.find(before), statuses.find(after)
        if was is not None and became is not None:
            found.setdefault(run, []).append(Changed(at, was.id, became.id))
    return found
