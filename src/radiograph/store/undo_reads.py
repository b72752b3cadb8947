# SPDX-License-Identifier: Apache-2.0
"""What taking an import back has to know: its runs, its Tests, its execution, and who uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from radiograph.domain.id_ranges import ids_in, is_within
from radiograph.domain.undo import AttemptState, Made, RunState, TestState
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from radiograph.domain.id_ranges import Ranges
    from radiograph.store.import_records import ImportRow


def made_by(conn: sa.Connection, record: ImportRow) -> dict[int, Made]:
    """What the import made, as it noted it (it is absent when it noted nothing), and what those into its execution made that are undone."""
    i = t.imports.c
    undone = (i.execution_id == record.execution_id) & i.undone_ms.is_not(None)
    query = sa.select(i.id, i.made).where((i.id == record.id) | undone, i.made.is_not(None))
    return {row[0]: msgspec.json.decode(row[1], type=Made) for row in conn.execute(query)}


def makers_of(conn: sa.Connection, execution_id: int, runs: Sequence[int]) -> list[tuple[int, int]]:
    """Those of these runs that an import into the execution made which stands, each with the import."""
    i = t.imports.c
    query = sa.select(i.id, i.made).where(i.execution_id == execution_id, i.undone_ms.is_(None), i.made.is_not(None))
    each = [(row[0], msgspec.json.decode(row[1], type=Made)) for row in conn.execute(query)] if runs else []
    return [(run, number) for number, made in each for run in runs if is_within(made.runs, run)]


def other_imports(conn: sa.Connection, execution_id: int, but: int) -> list[int]:
    """The imports into the execution that stand, but for one; oldest first."""
    i = t.imports.c
    where = (i.execution_id == execution_id, i.undone_ms.is_(None), i.id != but, i.outcome != "refused")
    return list(conn.execute(sa.select(i.id).where(*where).order_by(i.id)).scalars())


def runs_touched(conn: sa.Connection, record: ImportRow, changes: int | None) -> list[RunState]:
    """The runs whose result, or one of whose attempts, is the import's; `changes` as it noted them."""
    r, a = t.runs.c, t.run_attempts.c
    here = (r.project_id == record.project_id, r.execution_id == record.execution_id)
    attempts: dict[int, list[AttemptState]] = {}
    earlier = (
        sa.select(a.run_id, a.id, a.status_id, a.version_id, a.import_id)
        .select_from(t.runs.join(t.run_attempts, (a.project_id == r.project_id) & (a.run_id == r.id)))
        .where(*here, r.attempts > 0)
        .order_by(a.run_id, a.number)
    )
    for run, number, status, version, by in conn.execute(earlier).all():
        attempts.setdefault(run, []).append(AttemptState(number, status, version, by == record.id))
    query = sa.select(r.id, r.test_id, r.status_id, r.version_id, r.import_id).where(*here).order_by(r.rank)
    rows = [row for row in conn.execute(query).all() if row[4] == record.id or any(x.mine for x in attempts.get(row[0], ()))]
    edited = _edited(conn, [row[0] for row in rows if row[4] == record.id], record.at_ms, changes)
    return [RunState(*row[:4], mine=row[4] == record.id, edited=row[0] in edited, attempts=attempts.get(row[0], [])) for row in rows]


def _edited(conn: sa.Connection, runs: Sequence[int], since_ms: int, after: int | None) -> set[int]:
    """Those of these runs that were changed by hand after the import. By ids: a change that was made without a network has an earlier time."""
    c = t.changes.c
    later = c.at_ms >= since_ms if after is None else c.id > after
    if not runs:
        return set()
    query = sa.select(c.subject_id).where(c.of == "run", any_of(conn, c.subject_id, runs), later).distinct()
    return set(conn.execute(query).scalars())


def tests_touched(
    conn: sa.Connection, record: ImportRow, made: Made, imports: Collection[int], runs: Collection[RunState]
) -> list[TestState]:
    """The Tests that these imports made or gave new definitions, which `made` has; `runs` are those that the import touched."""
    v, i = t.test_versions.c, t.issues.c
    if not made.definitions:
        return []
    ids = list(conn.execute(sa.select(v.test_id).where(any_of(conn, v.id, ids_in(made.definitions))).distinct()).scalars())
    query = (
        sa.select(i.id, i.key, i.project_id, i.import_id, t.tests.c.version_id)
        .join(t.tests, t.tests.c.issue_id == i.id)
        .where(any_of(conn, i.id, ids or [0]))
        .order_by(i.id)
    )
    versions: dict[int, list[int]] = {}
    for test, version in conn.execute(
        sa.select(v.test_id, v.id).where(any_of(conn, v.test_id, ids or [0])).order_by(v.test_id, v.number)
    ).all():
        versions.setdefault(test, []).append(version)
    elsewhere = _versions_elsewhere(conn, ids, record.execution_id or 0)
    for test, others in _versions_beside(conn, ids, record, {run.id for run in runs}).items():
        elsewhere.setdefault(test, set()).update(others)
    rows = conn.execute(query).all()
    r = t.runs.c
    here = set(
        conn.execute(sa.select(r.test_id).where(r.execution_id == record.execution_id, any_of(conn, r.test_id, ids or [0]))).scalars()
    )
    used = _used(conn, [row.id for row in rows if row.import_id in imports], made)
    return [
        TestState(
            row.id, row.key, row.project_id, row.import_id in imports, row.version_id, versions[row.id],
            frozenset(n for n in versions[row.id] if is_within(made.definitions, n)), frozenset(elsewhere.get(row.id, ())), used.get(row.id, ""),
            row.id in here,
        )
        for row in rows
    ]  # fmt: skip


def _versions_elsewhere(conn: sa.Connection, tests: Sequence[int], execution: int) -> dict[int, set[int]]:
    """By Test: the versions that runs in other executions, or their attempts, are of.

    Most versions are found with the first run that is looked at, so a Test's thousand runs are read only for the others.
    """
    r, a, v = t.runs.c, t.run_attempts.c, t.test_versions.c
    of_run = sa.exists().where(r.test_id == v.test_id, r.version_id == v.id, r.execution_id != execution)
    query = sa.select(v.test_id, v.id, of_run).where(any_of(conn, v.test_id, tests or [0]))
    found: dict[int, set[int]] = {}
    unseen: set[int] = set()
    for test, version, used in conn.execute(query).all():
        if used:
            found.setdefault(test, set()).add(version)
        else:
            unseen.add(test)
    joined = t.runs.join(t.run_attempts, (a.project_id == r.project_id) & (a.run_id == r.id))
    where = (any_of(conn, r.test_id, unseen or [0]), r.execution_id != execution, r.attempts > 0)
    for test, version in conn.execute(sa.select(r.test_id, a.version_id).select_from(joined).where(*where).distinct()):
        found.setdefault(test, set()).add(version)
    return found


def _versions_beside(conn: sa.Connection, tests: Sequence[int], record: ImportRow, touched: set[int]) -> dict[int, set[int]]:
    """By Test: the versions that the other runs of the import's own execution, or their attempts, are of.

    Such as a run that was kept when the import before was taken back, or one that somebody added again.
    """
    r, a = t.runs.c, t.run_attempts.c
    joined = t.runs.outerjoin(t.run_attempts, (a.project_id == r.project_id) & (a.run_id == r.id))
    where = (r.project_id == record.project_id, r.execution_id == record.execution_id, any_of(conn, r.test_id, tests or [0]))
    found: dict[int, set[int]] = {}
    for run, test, *versions in conn.execute(sa.select(r.id, r.test_id, r.version_id, a.version_id).select_from(joined).where(*where)):
        if run not in touched:
            found.setdefault(test, set()).update(v for v in versions if v is not None)
    return found


_USES = (
    ("it has comments", t.comments.c.issue_id), ("it has files", t.attachments.c.issue_id), ("it is linked with other issues", t.issue_links.c.source_id),
    ("it is linked with other issues", t.issue_links.c.target_id), ("it is below or above other issues", t.issues.c.parent_id),
    ("it is in a Test Set", t.set_tests.c.test_id), ("it is in a folder", t.folder_tests.c.test_id),
    ("it has a Precondition", t.precondition_tests.c.test_id), ("it was renamed or merged", t.test_aliases.c.test_id),
    ("it was moved", t.issue_aliases.c.issue_id), ("it has a dataset", t.datasets.c.test_id), ("it is a defect of runs", t.run_defects.c.issue_id),
    ("it is in quarantine", t.quarantines.c.test_id),
)  # fmt: skip


def _used(conn: sa.Connection, ids: Sequence[int], made: Made) -> dict[int, str]:
    """By issue, what holds it that somebody else has done, in words."""
    found: dict[int, str] = {}
    if not ids:
        return found
    c, p = t.changes.c, t.plan_tests.c
    edited = sa.select(c.subject_id).where(c.of == "issue", any_of(conn, c.subject_id, ids)).distinct()
    found |= dict.fromkeys(conn.execute(edited).scalars(), "somebody edited it")
    for words, column in _USES:
        found |= dict.fromkeys(conn.execute(sa.select(column).where(any_of(conn, column, ids)).distinct()).scalars(), words)
    for plan, test in conn.execute(sa.select(p.plan_id, p.test_id).where(any_of(conn, p.test_id, ids))):
        if not is_within(made.added.get(plan, []), test):
            found[test] = "it is in a Test Plan"
    return found


def execution_used(conn: sa.Connection, execution_id: int, made: Made) -> str:
    """What holds the execution that somebody else has done, in words; "" for nothing."""
    p = t.plan_executions.c
    plans = set(conn.execute(sa.select(p.plan_id).where(p.execution_id == execution_id)).scalars()) - set(made.linked)
    return "it is in a Test Plan by hand or by another import" if plans else _used(conn, [execution_id], made).get(execution_id, "")


def maker(conn: sa.Connection, issue_id: int) -> int | None:
    """The import that made the issue, if one did."""
    number: int | None = conn.execute(sa.select(t.issues.c.import_id).where(t.issues.c.id == issue_id)).scalar()
    return number


def plan_tests_to_drop(conn: sa.Connection, plan_id: int, added: Ranges, execution_id: int) -> list[int]:
    """Of the Tests that the import added to the plan, those without a run in the plan's other executions."""
    p, r, e = t.plan_tests.c, t.runs.c, t.plan_executions.c
    others = sa.select(e.execution_id).where(e.plan_id == plan_id, e.execution_id != execution_id)
    mine = [n for n in conn.execute(sa.select(p.test_id).where(p.plan_id == plan_id)).scalars() if is_within(added, n)]
    lacks = ~sa.exists().where(r.test_id == p.test_id, r.execution_id.in_(others))
    return list(conn.execute(sa.select(p.test_id).where(p.plan_id == plan_id, any_of(conn, p.test_id, mine or [0]), lacks)).scalars())


def projects_of_plans(conn: sa.Connection, plan_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """By plan that still exists: its project and key."""
    i = t.issues.c
    rows: Any = conn.execute(sa.select(i.id, i.project_id, i.key).where(any_of(conn, i.id, list(plan_ids) or [0])))
    return {row[0]: (row[1], row[2]) for row in rows}
