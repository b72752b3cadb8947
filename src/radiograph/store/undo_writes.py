# SPDX-License-Identifier: Apache-2.0
"""Taking an import back: bulk statements, inside one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain import import_plan as plan
from radiograph.domain.issues import TestType, match_hash
from radiograph.domain.statuses import RUN_STATUSES, TODO
from radiograph.store import tables as t
from radiograph.store import test_names
from radiograph.store.engines import bulk_insert, move_rows, set_numbers
from radiograph.store.execution_writes import count_runs
from radiograph.store.import_reads import read_steps
from radiograph.store.many import any_of
from radiograph.store.run_membership import Place, remove_attempts, remove_runs
from radiograph.store.undo_reads import makers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.undo import AttemptState, RunChanges, RunState, TestState

_TODO = next(s.id for s in RUN_STATUSES if s.name == TODO)
_RESULT = plan.RUN_COLUMNS[plan.RUN_COLUMNS.index("version_id") :]
_KEPT_WHEN_EMPTY = {"id", "project_id", "execution_id", "test_id", "rank", "attempts", "version_id", "assignee_id"}


def change_runs(conn: sa.Connection, place: Place, changes: RunChanges) -> None:
    """Drop the attempts of the import, let those before be the runs' results again, empty or remove the other runs, and count."""
    remove_attempts(conn, place.project_id, changes.dropped)
    _restore(conn, place, changes.restored)
    emptied = [run.id for run in changes.emptied]
    _empty(conn, place.project_id, emptied)
    set_numbers(conn, t.runs, place.project_id, "import_id", makers_of(conn, place.execution_id, emptied))
    set_numbers(conn, t.run_attempts, place.project_id, "number", changes.renumbered)
    set_numbers(conn, t.runs, place.project_id, "attempts", changes.left)
    count_runs(conn, place.execution_id, changes.by_status(_TODO))
    remove_runs(conn, place, [run.test_id for run in changes.gone])


def _clear(conn: sa.Connection, project_id: int, runs: Sequence[int]) -> None:
    """Take the parts of runs away, but defects that were linked by hand."""
    for table in t.PARTS:
        which = sa.and_(table.c.project_id == project_id, any_of(conn, table.c.run_id, runs))
        conn.execute(sa.delete(table).where(which & t.run_defects.c.by_hand.is_(False) if table is t.run_defects else which))


def _restore(conn: sa.Connection, place: Place, pairs: Sequence[tuple[RunState, AttemptState]]) -> None:
    if not pairs:
        return
    r, a = t.runs.c, t.run_attempts.c
    runs, attempts = [run.id for run, _ in pairs], [attempt.id for _, attempt in pairs]
    left = {run.id: sum(not x.mine for x in run.attempts) - 1 for run, _ in pairs}
    query = sa.select(r.id, r.project_id, r.execution_id, r.test_id, r.rank, *(a[c] for c in _RESULT)).where(
        a.project_id == place.project_id, any_of(conn, a.id, attempts), r.project_id == a.project_id, r.id == a.run_id,
    )  # fmt: skip
    rows = [(*row[:5], left[row[0]], *row[5:]) for row in conn.execute(query)]
    _clear(conn, place.project_id, runs)
    for table in t.PARTS:
        move_rows(conn, table, place.project_id, [(attempt.id, run.id) for run, attempt in pairs], None)
    conn.execute(sa.delete(t.run_attempts).where(a.project_id == place.project_id, any_of(conn, a.id, attempts)))
    conn.execute(sa.delete(t.runs).where(r.project_id == place.project_id, any_of(conn, r.id, runs)))
    bulk_insert(conn, t.runs, plan.RUN_COLUMNS, rows)


def _empty(conn: sa.Connection, project_id: int, runs: Sequence[int]) -> None:
    """Let runs be as they were before any result."""
    if not runs:
        return
    _clear(conn, project_id, runs)
    nothing: dict[str, Any] = {c: None for c in plan.RUN_COLUMNS if c not in _KEPT_WHEN_EMPTY}
    nothing |= {"status_id": _TODO, "start_offset": 0, "finish_offset": 0, "comment": "", "attempts": 0}
    current = sa.select(t.tests.c.version_id).where(t.tests.c.issue_id == t.runs.c.test_id).scalar_subquery()
    where = (t.runs.c.project_id == project_id, any_of(conn, t.runs.c.id, runs))
    conn.execute(sa.update(t.runs).where(*where).values(**nothing, version_id=current))


def return_tests(conn: sa.Connection, returned: Sequence[tuple[TestState, int]]) -> None:
    """Let Tests have an earlier definition version again (its id beside each); the import's are removed."""
    if not returned:
        return
    v, i = t.test_versions.c, t.issues.c
    query = sa.select(v.id, v.type, v.text, v.steps, i.id.label("test_id"), i.project_id, i.summary).join(t.issues, i.id == v.test_id)
    rows = [
        {"at": row.test_id, "new_type": row.type, "new_version_id": row.id, "new_step_count": len(read_steps(row.steps)),
         "new_match_hash": match_hash(row.project_id, TestType(row.type), row.text if row.type == TestType.GENERIC else row.summary)}
        for row in conn.execute(query.where(any_of(conn, v.id, [version for _, version in returned])))
    ]  # fmt: skip
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in ("type", "version_id", "step_count", "match_hash")}
    conn.execute(sa.update(t.tests).where(t.tests.c.issue_id == sa.bindparam("at")).values(values), rows)
    test_names.remove_aliases(conn, [row["new_match_hash"] for row in rows])  # they have the names themselves again
    conn.execute(sa.delete(t.test_versions).where(any_of(conn, v.id, sorted(n for test, _ in returned for n in test.mine))))


_OF_TESTS = (
    t.plan_tests.c.test_id, t.requirement_links.c.test_id, t.flaky_tests.c.test_id, t.issue_versions.c.issue_id, t.issue_components.c.issue_id,
    t.tests.c.issue_id, t.test_versions.c.test_id, t.issues.c.id,
)  # fmt: skip
"""What a Test has that nobody has touched, in an order that references allow."""


def remove_tests(conn: sa.Connection, ids: Sequence[int]) -> None:
    """Remove Tests that have no runs and that nobody uses."""
    if ids:
        for column in _OF_TESTS:
            conn.execute(sa.delete(column.table).where(any_of(conn, column, ids)))


def unlink_plan(conn: sa.Connection, plan_id: int, execution_id: int, tests: Sequence[int], *, unlink: bool) -> None:
    """Take Tests out of a Test Plan, and the execution too."""
    if tests:
        conn.execute(sa.delete(t.plan_tests).where(t.plan_tests.c.plan_id == plan_id, any_of(conn, t.plan_tests.c.test_id, tests)))
    if unlink:
        p = t.plan_executions.c
        conn.execute(sa.delete(t.plan_executions).where(p.plan_id == plan_id, p.execution_id == execution_id))


def note_undone(conn: sa.Connection, import_id: int, user_id: int, now: int) -> None:
    """Keep that the import was taken back, by whom and when."""
    conn.execute(sa.update(t.imports).where(t.imports.c.id == import_id).values(undone_ms=now, undone_by=user_id))


def settle_imported(conn: sa.Connection, execution_id: int) -> None:
    """Let the execution tell when results last came that stand, by import or by hand."""
    i, c, r = t.imports.c, t.changes.c, t.runs.c
    sent = sa.select(sa.func.max(i.at_ms)).where(i.execution_id == execution_id, i.undone_ms.is_(None), i.outcome != "refused")
    edits = t.runs.join(t.changes, (c.of == "run") & (c.subject_id == r.id))
    by_hand = sa.select(sa.func.max(c.at_ms)).select_from(edits).where(r.execution_id == execution_id)
    last = max((at for at in (conn.execute(sent).scalar(), conn.execute(by_hand).scalar()) if at is not None), default=None)
    conn.execute(sa.update(t.executions).where(t.executions.c.issue_id == execution_id).values(imported_ms=last))
