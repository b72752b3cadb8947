# SPDX-License-Identifier: Apache-2.0
"""Test Runs, whole or in pages by rank."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.fingerprint import READ
from radiograph.domain.issues import Definition, TestType
from radiograph.store import tables as t
from radiograph.store.blocks import project_of
from radiograph.store.import_reads import read_steps
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class RunRow(Struct):
    """A run and what its Test and Execution are called; dates are UTC milliseconds with their offset in minutes."""

    id: int
    project_id: int
    execution_id: int
    test_id: int
    rank: int
    attempts: int
    version_id: int
    status_id: int
    start_ms: int | None
    start_offset: int
    finish_ms: int | None
    finish_offset: int
    comment: str
    executor_id: int | None
    assignee_id: int | None
    import_id: int | None
    custom_fields: str | None
    test_key: str
    test_summary: str
    execution_key: str
    execution_summary: str
    test_project_id: int


class StepRow(Struct):
    """The result of a step; `iteration_id` is None for steps of the run itself."""

    id: int
    iteration_id: int | None
    position: int
    status_id: int
    comment: str
    actual: str


class IterationRow(Struct):
    """One iteration; `parameters` are pairs of name and value."""

    id: int
    position: int
    status_id: int
    name: str
    parameters: list[tuple[str, str]]
    log: str
    duration: str


class ExampleRow(Struct):
    """The status of one row of the examples."""

    id: int
    position: int
    status_id: int


class DefectRow(Struct):
    """A defect of a run or of one of its steps; `issue_id` is None for an issue of elsewhere."""

    id: int
    step_id: int | None
    issue_id: int | None
    key: str
    summary: str | None
    workflow: str | None
    issue_project_id: int | None = None


class EvidenceRow(Struct):
    """A file of a run or of one of its steps; `size` in bytes."""

    id: int
    project_id: int
    run_id: int
    step_id: int | None
    filename: str
    content_type: str
    size: int
    sha256: str
    created_ms: int
    author_id: int | None


class AttemptRow(Struct):
    """An earlier result of a run."""

    id: int
    number: int
    status_id: int
    start_ms: int | None
    finish_ms: int | None
    comment: str


class RunParts(Struct):
    """All that belongs to a run beside its row."""

    steps: list[StepRow]
    iterations: list[IterationRow]
    examples: list[ExampleRow]
    defects: list[DefectRow]
    evidence: list[EvidenceRow]
    attempts: list[AttemptRow]


_TEST = t.issues.alias("test")
_EXECUTION = t.issues.alias("execution")
_RUN = [t.runs.c[n] for n in RunRow.__struct_fields__[:17]]
_FROM = t.runs.join(_TEST, _TEST.c.id == t.runs.c.test_id).join(_EXECUTION, _EXECUTION.c.id == t.runs.c.execution_id)
_SELECT: sa.Select[*tuple[Any, ...]] = sa.select(
    *_RUN, _TEST.c.key, _TEST.c.summary, _EXECUTION.c.key, _EXECUTION.c.summary, _TEST.c.project_id
).select_from(_FROM)

LISTED: sa.Select[*tuple[Any, ...]] = _SELECT.with_only_columns(
    *(sa.func.substr(c, 1, READ) if c is t.runs.c.comment else c for c in _SELECT.selected_columns), maintain_column_froms=True
)
"""As `_SELECT`, with no more of the comment than a fingerprint is made of, which is more than a list shows."""


def find_run(conn: sa.Connection, run_id: int) -> RunRow | None:
    """The run of that id."""
    project = project_of(conn, "run", run_id)
    if project is None:
        return None
    row = conn.execute(_SELECT.where(t.runs.c.project_id == project, t.runs.c.id == run_id)).first()
    return RunRow(*row) if row else None


def find_runs(conn: sa.Connection, places: Sequence[tuple[int, int]]) -> list[RunRow]:
    """The runs of these places (id, project id), in that order."""
    ids, projects = [i for i, _ in places] or [0], sorted({p for _, p in places}) or [0]
    query = _SELECT.where(any_of(conn, t.runs.c.project_id, projects), any_of(conn, t.runs.c.id, ids))
    found = {row[0]: RunRow(*row) for row in conn.execute(query)}
    return [found[i] for i, _ in places if i in found]


def run_of(conn: sa.Connection, execution_id: int, test_id: int) -> RunRow | None:
    """The run of a Test in an execution."""
    row = conn.execute(_SELECT.where(t.runs.c.execution_id == execution_id, t.runs.c.test_id == test_id)).first()
    return RunRow(*row) if row else None


def runs_by_rank(conn: sa.Connection, execution_id: int, after: int, limit: int) -> list[RunRow]:
    """An execution's runs whose rank is above `after`, in the order of rank."""
    query = _SELECT.where(t.runs.c.execution_id == execution_id, t.runs.c.rank > after).order_by(t.runs.c.rank).limit(limit)
    return [RunRow(*row) for row in conn.execute(query)]


def runs_of_executions(conn: sa.Connection, execution_ids: Sequence[int]) -> dict[int, list[RunRow]]:
    """All the runs of these executions, by execution and in the order of rank; for executions that are small together."""
    query = _SELECT.where(any_of(conn, t.runs.c.execution_id, list(execution_ids) or [0])).order_by(t.runs.c.execution_id, t.runs.c.rank)
    found: dict[int, list[RunRow]] = {}
    for row in conn.execute(query):
        run = RunRow(*row)
        found.setdefault(run.execution_id, []).append(run)
    return found


def runs_by_status(conn: sa.Connection, execution_id: int, status_id: int, after: int, limit: int, text: str = "") -> list[RunRow]:
    """An execution's runs of one status whose rank is above `after` and whose Test's key or summary has the text in it.

    Their comments are cut.
    """
    where = [t.runs.c.execution_id == execution_id, t.runs.c.status_id == status_id, t.runs.c.rank > after]
    if text:
        where.append(_TEST.c.summary.icontains(text, autoescape=True) | _TEST.c.key.icontains(text, autoescape=True))
    return [RunRow(*row) for row in conn.execute(LISTED.where(*where).order_by(t.runs.c.rank).limit(limit))]


def runs_of_tests(conn: sa.Connection, where: tuple[int, int], test_ids: Iterable[int], after: int, limit: int) -> list[RunRow]:
    """The runs of these Tests in an execution (`where`: project id, execution id) whose rank is above `after`; comments are cut."""
    r = t.runs.c
    chosen = (r.project_id == where[0], r.execution_id == where[1], any_of(conn, r.test_id, sorted(test_ids) or [0]), r.rank > after)
    return [RunRow(*row) for row in conn.execute(LISTED.where(*chosen).order_by(r.rank).limit(limit))]


def runs_of_test(conn: sa.Connection, test_id: int, before: int | None, limit: int) -> list[RunRow]:
    """A Test's runs, newest first, those before the run of id `before`; comments are cut."""
    query = LISTED.where(t.runs.c.test_id == test_id)
    if before is not None:
        query = query.where(t.runs.c.id < before)
    return [RunRow(*row) for row in conn.execute(query.order_by(t.runs.c.id.desc()).limit(limit))]


def later_runs_of_test(conn: sa.Connection, test_id: int, after: int, limit: int) -> list[RunRow]:
    """A Test's runs after the run of id `after`, oldest first; comments are cut."""
    query = LISTED.where(t.runs.c.test_id == test_id, t.runs.c.id > after).order_by(t.runs.c.id)
    return [RunRow(*row) for row in conn.execute(query.limit(limit))]


def evidence_counts(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, int]:
    """How many files each of these runs has; those without are left out."""
    e = t.run_evidence.c
    query = sa.select(e.run_id, sa.func.count()).where(e.project_id == project_id, any_of(conn, e.run_id, list(run_ids) or [0]))
    return {row[0]: row[1] for row in conn.execute(query.group_by(e.run_id))}


def defect_keys(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, list[str]]:
    """The keys of the defects of each of these runs, each key once."""
    found: dict[int, list[str]] = {}
    for run_id, defect in _defects(conn, project_id, list(run_ids) or [0]):
        keys = found.setdefault(run_id, [])
        if defect.key not in keys:
            keys.append(defect.key)
    return found


def parts(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, RunParts]:
    """What belongs to these runs (or attempts)."""
    found = {i: RunParts([], [], [], [], [], []) for i in run_ids}
    for row in _rows(conn, t.run_steps, ("run_id", *StepRow.__struct_fields__), project_id, run_ids, "position"):
        found[row[0]].steps.append(StepRow(*row[1:]))
    for row in _rows(conn, t.run_iterations, ("run_id", *IterationRow.__struct_fields__), project_id, run_ids, "position"):
        iteration = IterationRow(*row[1:])
        iteration.parameters = [(n, v) for n, v in json.loads(row.parameters)]
        found[row[0]].iterations.append(iteration)
    for row in _rows(conn, t.run_examples, ("run_id", *ExampleRow.__struct_fields__), project_id, run_ids, "position"):
        found[row[0]].examples.append(ExampleRow(*row[1:]))
    for row in _rows(conn, t.run_evidence, EvidenceRow.__struct_fields__, project_id, run_ids, "id"):
        found[row.run_id].evidence.append(EvidenceRow(*row))
    for row in _rows(conn, t.run_attempts, ("run_id", *AttemptRow.__struct_fields__), project_id, run_ids, "number"):
        found[row[0]].attempts.append(AttemptRow(*row[1:]))
    for run_id, defect in _defects(conn, project_id, run_ids):
        found[run_id].defects.append(defect)
    return found


def _rows(
    conn: sa.Connection, table: sa.Table, columns: Iterable[str], project_id: int, run_ids: Sequence[int], order: str
) -> Iterable[sa.Row[*tuple[Any, ...]]]:
    where = (table.c.project_id == project_id, any_of(conn, table.c.run_id, run_ids))
    return conn.execute(sa.select(*(table.c[n] for n in columns)).where(*where).order_by(table.c.run_id, table.c[order]))


def _defects(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> Iterable[tuple[int, DefectRow]]:
    d = t.run_defects
    query = (
        sa.select(d.c.run_id, d.c.id, d.c.step_id, d.c.issue_id, d.c.key, t.issues.c.summary, t.issues.c.workflow, t.issues.c.project_id)
        .select_from(d.outerjoin(t.issues, t.issues.c.id == d.c.issue_id))
        .where(d.c.project_id == project_id, any_of(conn, d.c.run_id, run_ids))
        .order_by(d.c.id)
    )
    return ((row[0], DefectRow(*row[1:])) for row in conn.execute(query))


def find_evidence(conn: sa.Connection, evidence_id: int) -> EvidenceRow | None:
    """The evidence of that id."""
    project = project_of(conn, "part", evidence_id)
    e = t.run_evidence
    query = sa.select(*(e.c[n] for n in EvidenceRow.__struct_fields__)).where(e.c.project_id == project, e.c.id == evidence_id)
    row = conn.execute(query).first() if project is not None else None
    return EvidenceRow(*row) if row else None


def definition_versions(conn: sa.Connection, version_ids: Iterable[int]) -> dict[int, Definition]:
    """Definition versions by id."""
    v = t.test_versions
    query = sa.select(v.c.id, v.c.type, v.c.text, v.c.scenario_type, v.c.steps).where(any_of(conn, v.c.id, list(version_ids) or [0]))
    return {row.id: Definition(TestType(row.type), row.text, row.scenario_type, read_steps(row.steps)) for row in conn.execute(query)}


def people(conn: sa.Connection, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people by id."""
    wanted = sorted({i for i in ids if i is not None})
    query = sa.select(t.users.c.id, t.users.c.name).where(any_of(conn, t.users.c.id, wanted or [0]))
    return {row.id: row.name for row in conn.execute(query)}


def tests_of_execution(conn: sa.Connection, execution_id: int) -> list[int]:
    """The Tests that have a run in an execution, by its rank."""
    return list(conn.execute(sa.select(t.runs.c.test_id).where(t.runs.c.execution_id == execution_id).order_by(t.runs.c.rank)).scalars())
