# SPDX-License-Identifier: Apache-2.0
"""What an import writes: bulk statements only, inside the one transaction of the import."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.domain import import_plan as plan
from radiograph.domain.issues import Definition, IssueFields, IssueType, TestType, match_hash
from radiograph.store import tables as t
from radiograph.store.blocks import take_ids
from radiograph.store.engines import any_of, bulk_insert, insert_missing, lock_projects, move_rows
from radiograph.store.names import component_ids, people_ids, version_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ISSUE = (
    "id", "project_id", "number", "key", "type_id", "summary", "description", "reporter_id", "assignee_id",
    "created_ms", "updated_ms", "labels",
)  # fmt: skip
_NUMBER = sa.text("UPDATE projects SET next_number = next_number + :count WHERE id = :project RETURNING key, next_number")
_RANK = sa.text("UPDATE executions SET next_rank = next_rank + :count WHERE issue_id = :execution RETURNING next_rank")
_ADD = sa.text(
    "INSERT INTO execution_summaries (execution_id, status_id, runs) VALUES (:e, :s, :n) "
    "ON CONFLICT (execution_id, status_id) DO UPDATE SET runs = execution_summaries.runs + excluded.runs",
)
_VERSION = ("id", "test_id", "number", "type", "text", "scenario_type", "steps", "created_ms", "created_by")


def number_issues(conn: sa.Connection, project_id: int, count: int) -> tuple[str, int, int]:
    """Reserve numbers and ids for new issues: the project's key, the first number and the first id."""
    after = conn.execute(_NUMBER, {"project": project_id, "count": count}).one()
    return after.key, after.next_number - count, take_ids(conn, "issue", project_id, count)


def create_execution(conn: sa.Connection, project_id: int, caller_id: int, summary: str, now: int) -> tuple[int, str]:
    """A new Test Execution issue; its id and key."""
    key, number, issue_id = number_issues(conn, project_id, 1)
    conn.execute(sa.insert(t.issues), {
        "id": issue_id, "project_id": project_id, "number": number, "key": f"{key}-{number}",
        "type_id": int(IssueType.TEST_EXECUTION), "summary": summary, "reporter_id": caller_id, "assignee_id": caller_id,
        "created_ms": now, "updated_ms": now,
    })  # fmt: skip
    conn.execute(sa.insert(t.executions), {"issue_id": issue_id, "project_id": project_id, "next_rank": 1})
    return issue_id, f"{key}-{number}"


def update_issue(conn: sa.Connection, issue_id: int, project_id: int, fields: IssueFields, now: int) -> None:
    """Set the fields that are given (not None); versions and components are made where missing."""
    values: dict[str, Any] = {"updated_ms": now}
    if fields.summary is not None:
        values["summary"] = fields.summary
    if fields.description is not None:
        values["description"] = fields.description
    if fields.labels is not None:
        values["labels"] = json.dumps(fields.labels, ensure_ascii=False)
    if fields.assignee:
        values["assignee_id"] = people_ids(conn, [fields.assignee])[fields.assignee]
    if fields.other:
        kept = conn.execute(sa.select(t.issues.c.fields).where(t.issues.c.id == issue_id)).scalar()
        values["fields"] = json.dumps((json.loads(kept) if kept else {}) | fields.other, ensure_ascii=False)
    conn.execute(sa.update(t.issues).where(t.issues.c.id == issue_id).values(values))
    if fields.fix_versions is not None:
        _replace(conn, t.issue_versions, "version_id", issue_id, version_ids(conn, project_id, fields.fix_versions).values())
    if fields.components is not None:
        _replace(conn, t.issue_components, "component_id", issue_id, component_ids(conn, project_id, fields.components).values())


def _replace(conn: sa.Connection, table: sa.Table, column: str, owner: int, ids: Iterable[int], key: str = "issue_id") -> None:
    conn.execute(sa.delete(table).where(table.c[key] == owner))
    rows = [{key: owner, column: i} for i in dict.fromkeys(ids)]
    if rows:
        conn.execute(sa.insert(table), rows)


def set_environments(conn: sa.Connection, execution_id: int, ids: Iterable[int]) -> None:
    """The execution's test environments from now on."""
    _replace(conn, t.execution_environments, "environment_id", execution_id, ids, "execution_id")


def update_execution(conn: sa.Connection, execution_id: int, values: dict[str, Any]) -> None:
    """Set columns of the execution."""
    conn.execute(sa.update(t.executions).where(t.executions.c.issue_id == execution_id).values(values))


def write_tests(conn: sa.Connection, changes: Sequence[plan.TestChange], caller_id: int, now: int) -> None:
    """Create and change Tests; gives the new ones their ids and keys, and all their new version ids."""
    for project_id in sorted({c.test.project_id for c in changes}):
        mine = [c for c in changes if c.test.project_id == project_id]
        created = [c for c in mine if c.created]
        _number(conn, project_id, created)
        first = take_ids(conn, "definition", project_id, sum(c.definition is not None for c in mine))
        versions = []
        for change in mine:
            if change.definition is not None:
                change.test.version_id = first
                first += 1
                versions.append(version_row(change, change.definition, caller_id, now))
        bulk_insert(conn, t.issues, _ISSUE, [_issue_row(c, caller_id, now) for c in created])
        bulk_insert(
            conn, t.tests, ("issue_id", "project_id", "type", "match_hash", "version_id", "step_count"), list(map(_test_row, created))
        )
        bulk_insert(conn, t.test_versions, _VERSION, versions)
        _change_tests(conn, [c for c in mine if not c.created], now)
    links = [{"requirement_id": r, "test_id": c.test.id} for c in changes for r in c.requirement_ids]
    insert_missing(conn, t.requirement_links, links)


def _number(conn: sa.Connection, project_id: int, created: Sequence[plan.TestChange]) -> None:
    if not created:
        return
    key, number, first = number_issues(conn, project_id, len(created))
    for i, change in enumerate(created):
        change.test.id, change.test.key = first + i, f"{key}-{number + i}"


def _issue_row(change: plan.TestChange, caller_id: int, now: int) -> plan.Row:
    test = change.test
    labels = json.dumps(change.labels, ensure_ascii=False) if change.labels else None
    number = int(test.key.rpartition("-")[2])
    return (
        test.id, test.project_id, number, test.key, int(IssueType.TEST), change.summary or "", change.description or "",
        caller_id, caller_id, now, now, labels,
    )  # fmt: skip


def _test_row(change: plan.TestChange) -> plan.Row:
    test, definition = change.test, change.definition
    kind = test.type if test.type is not None else TestType.GENERIC
    return (test.id, test.project_id, int(kind), _hash(test, definition, change.summary or ""), test.version_id, test.step_count)


def _hash(test: plan.KnownTest, definition: Definition | None, summary: str) -> int:
    generic = test.type is TestType.GENERIC and definition is not None
    return match_hash(test.project_id, test.type or TestType.MANUAL, definition.text if generic and definition else summary)


def version_row(change: plan.TestChange, d: Definition, caller_id: int, now: int) -> plan.Row:
    """The row of a definition version, in its column order."""
    steps = [(s.action, s.data, s.result) for s in d.steps]
    text = json.dumps(steps, ensure_ascii=False) if steps else None
    test = change.test
    return (test.version_id, test.id, change.number, int(d.type), d.text, d.scenario_type, text, now, caller_id)


def _change_tests(conn: sa.Connection, changes: Sequence[plan.TestChange], now: int) -> None:
    for change in changes:
        fields = IssueFields(summary=change.summary, description=change.description, labels=change.labels)
        update_issue(conn, change.test.id, change.test.project_id, fields, now)
        rehash_test(conn, change.test, change.definition)


def rehash_test(conn: sa.Connection, test: plan.KnownTest, definition: Definition | None) -> None:
    """Store a Test's type, current version and match hash after its summary or definition changed."""
    if test.type is None:
        return
    summary = conn.execute(sa.select(t.issues.c.summary).where(t.issues.c.id == test.id)).scalar_one()
    values: dict[str, Any] = {"type": int(test.type), "version_id": test.version_id, "step_count": test.step_count}
    if test.type is not TestType.GENERIC or definition is not None:
        values["match_hash"] = _hash(test, definition, summary)
    conn.execute(sa.update(t.tests).where(t.tests.c.issue_id == test.id).values(values))


def write_runs(conn: sa.Connection, project_id: int, execution_id: int, rows: plan.RunRows) -> None:
    """Write the runs with all that belongs to them, keep earlier results as attempts, count."""
    if rows.replaced:
        _supersede(conn, project_id, rows)
    bulk_insert(conn, t.runs, plan.RUN_COLUMNS, rows.runs)
    bulk_insert(conn, t.run_steps, plan.STEP_COLUMNS, rows.steps)
    bulk_insert(conn, t.run_iterations, plan.ITERATION_COLUMNS, rows.iterations)
    bulk_insert(conn, t.run_examples, plan.EXAMPLE_COLUMNS, rows.examples)
    bulk_insert(conn, t.run_defects, plan.DEFECT_COLUMNS, rows.defects)
    bulk_insert(conn, t.run_evidence, plan.EVIDENCE_COLUMNS, rows.evidence)
    count_runs(conn, execution_id, rows.summary)


def take_ranks(conn: sa.Connection, execution_id: int, count: int) -> int:
    """Reserve the ranks of so many new runs of an execution, and return the first."""
    return int(conn.execute(_RANK, {"execution": execution_id, "count": count}).scalar_one()) - count


def _supersede(conn: sa.Connection, project_id: int, rows: plan.RunRows) -> None:
    kept = {run: (attempt, number) for run, attempt, number in rows.attempts}
    columns = [c.name for c in t.run_attempts.columns if c.name not in {"id", "project_id", "run_id", "number"}]
    query = sa.select(t.runs.c.id, *(t.runs.c[c] for c in columns)).where(
        t.runs.c.project_id == project_id, any_of(conn, t.runs.c.id, list(kept) or [0]),
    )  # fmt: skip
    old = [(kept[row[0]][0], project_id, row[0], kept[row[0]][1], *row[1:]) for row in conn.execute(query)]
    bulk_insert(conn, t.run_attempts, ("id", "project_id", "run_id", "number", *columns), old)
    pairs = [(run, attempt) for run, attempt, _ in rows.attempts]
    gone = [run for run in rows.replaced if run not in kept]
    for table in t.PARTS:
        imported = table.c.by_hand.is_(False) if table is t.run_defects else None
        move_rows(conn, table, project_id, pairs, imported)
        if gone:
            which = sa.and_(table.c.project_id == project_id, any_of(conn, table.c.run_id, gone))
            conn.execute(sa.delete(table).where(which if imported is None else which & imported))
    conn.execute(sa.delete(t.runs).where(t.runs.c.project_id == project_id, any_of(conn, t.runs.c.id, rows.replaced)))


def count_runs(conn: sa.Connection, execution_id: int, more: dict[int, int]) -> None:
    """Add to the execution's count of runs by status."""
    rows = [{"e": execution_id, "s": s, "n": n} for s, n in sorted(more.items()) if n]
    if rows:
        conn.execute(_ADD, rows)


def link_plan(conn: sa.Connection, plan_id: int, execution_id: int, test_ids: Sequence[int]) -> int:
    """Link the execution to the Test Plan and add the Tests that it lacks; returns how many."""
    insert_missing(conn, t.plan_executions, [{"plan_id": plan_id, "execution_id": execution_id}])
    has = set(conn.execute(sa.select(t.plan_tests.c.test_id).where(t.plan_tests.c.plan_id == plan_id)).scalars())
    new = [(plan_id, test) for test in test_ids if test not in has]
    bulk_insert(conn, t.plan_tests, ("plan_id", "test_id"), new)
    return len(new)


def record_import(conn: sa.Connection, values: dict[str, Any]) -> None:
    """Keep an import record."""
    conn.execute(sa.insert(t.imports), values)


def hold(conn: sa.Connection, project_ids: Sequence[int]) -> None:
    """Take turns with every other writer to these projects, until the transaction ends."""
    lock_projects(conn, project_ids)
