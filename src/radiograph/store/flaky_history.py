# SPDX-License-Identifier: Apache-2.0
"""What the rule of flakiness looks at: which Tests results came for, and their last runs. Every question is one of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct, field

from radiograph.store import tables as t
from radiograph.store.executions import environments_of
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NEAR = 200
"""How many executions back others of the same revision are looked for."""
_B = t.id_blocks.c


class PastRun(Struct):
    """A run of a Test; times are UTC milliseconds."""

    id: int
    execution_id: int
    status_id: int
    version_id: int
    attempts: int
    start_ms: int | None
    finish_ms: int | None
    import_id: int | None


class PastTry(Struct):
    """An earlier result of a run."""

    run_id: int
    status_id: int
    start_ms: int | None
    finish_ms: int | None
    import_id: int | None


class Facts(Struct):
    """An execution: `counts` is by status id, times are UTC milliseconds."""

    id: int
    revision: str
    branch: str
    begin_ms: int | None
    imported_ms: int | None
    environments: list[str] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)


def ends(conn: sa.Connection, kinds: Sequence[str]) -> dict[int, dict[str, int]]:
    """By project and kind: the id that its next one would have. Each id below is seen by this transaction, or never was used."""
    query = sa.select(_B.project_id, _B.kind, sa.func.max(_B.next)).where(_B.kind.in_(kinds)).group_by(_B.project_id, _B.kind)
    found: dict[int, dict[str, int]] = {}
    for project, kind, after in conn.execute(query):
        found.setdefault(project, {})[kind] = after
    return found


def _ranges(conn: sa.Connection, project_id: int, kind: str, start: int) -> Iterator[tuple[int, int]]:
    """The ids of a project from `start` on, in rows (first, last): those of other projects lie between."""
    query = sa.select(_B.first, _B.next).where(_B.kind == kind, _B.project_id == project_id, _B.next > start)
    for first, after in conn.execute(query.order_by(_B.first)).all():
        yield max(first, start), after - 1


def executions_imported(conn: sa.Connection, project_id: int, start: int) -> list[int]:
    """The executions that imports brought results for, from the import of the id `start` on."""
    i = t.imports.c
    query = sa.select(i.execution_id).where(i.project_id == project_id, i.id >= start, i.execution_id.is_not(None))
    return list(conn.execute(query.distinct()).scalars())


def tests_retried(conn: sa.Connection, project_id: int, start: int) -> set[int]:
    """The Tests of runs that got attempts, from the attempt of the id `start` on."""
    a, r, found = t.run_attempts.c, t.runs.c, set()
    for first, last in _ranges(conn, project_id, "run", start):
        query = sa.select(r.test_id).join(t.run_attempts, (a.project_id == r.project_id) & (a.run_id == r.id))
        found |= set(conn.execute(query.where(a.project_id == project_id, a.id.between(first, last))).scalars())
    return found


def tests_edited(conn: sa.Connection, project_id: int, start: int) -> set[int]:
    """The Tests of runs whose status was changed by hand, from the change of the id `start` on."""
    c, r, found = t.changes.c, t.runs.c, set()
    for first, last in _ranges(conn, project_id, "change", start):
        query = sa.select(r.test_id).join(t.changes, (c.subject_id == r.id) & (r.project_id == project_id))
        where = (c.id.between(first, last), c.of == "run", c.field == "status")
        found |= set(conn.execute(query.where(*where)).scalars())
    return found


def tests_with_status(conn: sa.Connection, execution_ids: Sequence[int], status_ids: Sequence[int]) -> set[int]:
    """The Tests that have one of these statuses in one of these executions."""
    r = t.runs.c
    query = sa.select(r.test_id).where(any_of(conn, r.execution_id, list(execution_ids) or [0]), r.status_id.in_(list(status_ids)))
    return set(conn.execute(query).scalars())


def flaky_tests_in(conn: sa.Connection, project_id: int, execution_ids: Sequence[int]) -> set[int]:
    """The Tests of the table of flaky ones that have a run in one of these executions."""
    f, r = t.flaky_tests.c, t.runs.c
    query = sa.select(f.test_id).where(f.project_id == project_id, sa.exists().where(
        r.project_id == project_id, r.test_id == f.test_id, any_of(conn, r.execution_id, list(execution_ids) or [0]),
    ))  # fmt: skip
    return set(conn.execute(query).scalars())


def same_revisions(conn: sa.Connection, project_id: int, execution_ids: Sequence[int]) -> list[int]:
    """Those of a project's latest executions whose revision is that of one of these."""
    e = t.executions.c
    query = sa.select(e.issue_id, e.revision).where(e.project_id == project_id).order_by(e.issue_id.desc()).limit(_NEAR)
    near = conn.execute(query).all()
    given = set(execution_ids)
    revisions = {row[1] for row in near if row[0] in given and row[1]}
    return [row[0] for row in near if row[1] in revisions and row[0] not in given]


_PAST_RUNS = (
    sa.select(*(t.runs.c[n] for n in PastRun.__struct_fields__))
    .where(t.runs.c.test_id == sa.bindparam("test"), t.runs.c.project_id == sa.bindparam("project"))
    .order_by(t.runs.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
"""Made once: it is asked for every Test that results came for."""


def past_runs(conn: sa.Connection, project_id: int, test_id: int, limit: int) -> list[PastRun]:
    """A Test's last runs in a project, newest first."""
    return [PastRun(*row) for row in conn.execute(_PAST_RUNS, {"test": test_id, "project": project_id, "most": limit}).all()]


def past_tries(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> list[PastTry]:
    """The earlier results of these runs."""
    a = t.run_attempts.c
    query = sa.select(*(a[n] for n in PastTry.__struct_fields__)).where(
        a.project_id == project_id, any_of(conn, a.run_id, list(run_ids) or [0])
    )
    return [PastTry(*row) for row in conn.execute(query)]


def facts(conn: sa.Connection, execution_ids: Sequence[int]) -> dict[int, Facts]:
    """These executions by id."""
    e, s, ids = t.executions.c, t.execution_summaries.c, list(execution_ids) or [0]
    query: sa.Select[*tuple[Any, ...]] = sa.select(e.issue_id, e.revision, e.branch, e.begin_ms, e.imported_ms)
    found = {row[0]: Facts(*row) for row in conn.execute(query.where(any_of(conn, e.issue_id, ids)))}
    for owner, environments in environments_of(conn, ids).items():
        found[owner].environments = environments
    for owner, status, count in conn.execute(sa.select(s.execution_id, s.status_id, s.runs).where(any_of(conn, s.execution_id, ids))):
        if owner in found:
            found[owner].counts[status] = count
    return found


def replaced(conn: sa.Connection, execution_ids: Sequence[int]) -> dict[int, list[str]]:
    """What the imports into these executions counted, as JSON, by execution."""
    i, found = t.imports.c, dict[int, list[str]]()
    query = sa.select(i.execution_id, i.counts).where(any_of(conn, i.execution_id, list(execution_ids) or [0]))
    for owner, counts in conn.execute(query):
        found.setdefault(owner, []).append(counts)
    return found


def failed_at_first(conn: sa.Connection, project_id: int, execution_id: int, failing: Sequence[int]) -> int:
    """How many runs of an execution have a failing attempt; looks at each run with attempts."""
    a, r = t.run_attempts.c, t.runs.c
    query = sa.select(sa.func.count(r.id.distinct())).join(t.run_attempts, (a.project_id == r.project_id) & (a.run_id == r.id))
    where = (r.project_id == project_id, r.execution_id == execution_id, r.attempts > 0, a.status_id.in_(list(failing)))
    return int(conn.execute(query.where(*where)).scalar_one())


def import_times(conn: sa.Connection, import_ids: Sequence[int]) -> dict[int, int]:
    """When these imports were, in UTC milliseconds."""
    i = t.imports.c
    return {row[0]: row[1] for row in conn.execute(sa.select(i.id, i.at_ms).where(any_of(conn, i.id, list(import_ids) or [0])))}
