# SPDX-License-Identifier: Apache-2.0
"""The rows of an import's runs: the second half of its plan. Pure.

The run of a Test that the execution has already keeps its id and rank and takes the new result
whole; what it had is an attempt if its status was final (design: "The rules of an import").
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.fingerprint import fingerprint
from radiograph.domain.import_plan import Decision, Decisions, Ids, Known, KnownRun, KnownTest, Row, RunRows
from radiograph.domain.issues import TestType
from radiograph.domain.outcome import IssueRef, RunWarning
from radiograph.domain.verdict import status_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.report import EvidenceFile, Iteration, StepResult, TestResult
    from radiograph.domain.statuses import Status


class Place(Struct, frozen=True):
    """Where the runs go and who sent them: ids, and `now` in UTC milliseconds."""

    project_id: int
    execution_id: int
    caller_id: int
    executor_id: int
    now: int


class Needs(Struct, frozen=True):
    """How many ids a plan needs of each kind."""

    runs: int
    attempts: int
    parts: int


def needs(decisions: Decisions, known: Known) -> Needs:
    """Count the ids that `run_rows` will use for these decisions."""
    replaced = [known.runs[d.test.id] for d in decisions.runs if d.test.id in known.runs] if known.runs else []
    attempts = sum(_is_final(known, run) for run in replaced) + sum(len(d.tries) for d in decisions.runs)
    return Needs(len(decisions.runs) - len(replaced), attempts, sum(map(_all_parts, decisions.runs)))


def _all_parts(decision: Decision) -> int:
    return _parts(decision.result) + (sum(_parts(r) for r, _ in decision.tries) if decision.tries else 0)


def _parts(r: TestResult) -> int:
    if not (r.steps or r.iterations or r.examples or r.defects or r.evidence):
        return 0
    inside = _inside(r.steps) + sum(_inside(i.steps) for i in r.iterations)
    return inside + len(r.iterations) + len(r.examples) + len(r.defects) + len(r.evidence)


def _inside(steps: Sequence[StepResult]) -> int:
    return len(steps) + sum(len(s.evidence) + len(s.defects) for s in steps if s.evidence or s.defects)


def _is_final(known: Known, run: KnownRun) -> bool:
    return known.run_statuses.by_id[run.status_id].final


def run_rows(decisions: Decisions, known: Known, place: Place, ids: Ids) -> RunRows:
    """Every row of the big tables that these decisions come to."""
    rows = _Rows(known, place, ids)
    for decision in decisions.runs:
        rows.add(decision)
    return rows.out


class _Rows:
    def __init__(self, known: Known, place: Place, ids: Ids) -> None:
        self.known, self.place, self.ids = known, place, ids
        self.out = RunRows()
        self.part = ids.part
        self.run = ids.run
        self.rank = ids.rank
        self.attempt = ids.attempt

    def add(self, d: Decision) -> None:
        out, place, r, test = self.out, self.place, d.result, d.test
        known = self.known.runs.get(test.id)
        if known is None:
            run_id, rank, attempts = self.run, self.rank, 0
            self.run += 1
            self.rank += 1
        else:
            run_id, rank, attempts = known.id, known.rank, self.supersede(known)
        if d.tries:
            attempts = self.tries(d, run_id, attempts)
        status = d.status.id
        out.summary[status] = out.summary.get(status, 0) + 1
        out.runs.append((run_id, place.project_id, place.execution_id, test.id, rank, attempts, *self.result(r, d.status, test)))
        if r.steps or r.iterations or r.examples or r.defects or r.evidence:
            self.parts(r, test, run_id, d.warnings)
        out.tests.append(IssueRef(test.id, test.key))
        if d.warnings:
            out.warnings.append(RunWarning(run_id, test.key, d.warnings))

    def result(self, r: TestResult, status: Status, test: KnownTest) -> Row:
        """The columns that a run and an attempt have both."""
        start, finish, people = r.start, r.finish, self.known.people
        return (
            test.version_id, status.id,
            start.ms if start else None, start.offset if start else 0,
            finish.ms if finish else None, finish.offset if finish else 0,
            r.comment,
            people[r.executed_by] if r.executed_by else self.place.executor_id,
            people[r.assignee] if r.assignee else self.place.caller_id,
            fingerprint(r.comment) if status.requirement == "NOK" else None,
            self.ids.import_id,
            json.dumps(r.custom_fields) if r.custom_fields else None,
        )  # fmt: skip

    def tries(self, d: Decision, run_id: int, before: int) -> int:
        """Note the attempts that the report has; returns how many the run then has, `before` being those of earlier imports."""
        for number, (earlier, status) in enumerate(d.tries, before + 1):
            row = (self.attempt, self.place.project_id, run_id, number, *self.result(earlier, status, d.test))
            self.out.tries.append(row)
            self.parts(earlier, d.test, self.attempt, d.warnings)
            self.attempt += 1
        return before + len(d.tries)

    def supersede(self, known: KnownRun) -> int:
        """Note that a run's old result goes; returns how many attempts the run then has."""
        out = self.out
        out.replaced.append(known.id)
        out.summary[known.status_id] = out.summary.get(known.status_id, 0) - 1
        if not _is_final(self.known, known):
            return known.attempts
        out.attempts.append((known.id, self.attempt, known.attempts + 1))
        self.attempt += 1
        return known.attempts + 1

    def next_part(self) -> int:
        self.part += 1
        return self.part - 1

    def parts(self, r: TestResult, test: KnownTest, run_id: int, warnings: list[str]) -> None:
        """The rows of what a result is made of; `run_id` is that of its run or of its attempt."""
        project, table = self.place.project_id, self.known.run_statuses
        if len(r.steps) > test.step_count and test.type is TestType.MANUAL:
            beyond = len(r.steps) - test.step_count
            warnings.append(f"{beyond} step results are beyond the {test.step_count} steps of {test.key}; they were kept")
        self.steps(r.steps, run_id, None)
        for position, iteration in enumerate(r.iterations):
            self.iteration(iteration, run_id, position)
        for position, name in enumerate(r.examples):
            row = (self.next_part(), project, run_id, position, status_of(table, name).id)
            self.out.examples.append(row)
        self.defects(r.defects, run_id, None)
        self.evidence(r.evidence, run_id, None)

    def iteration(self, iteration: Iteration, run_id: int, position: int) -> None:
        number = self.next_part()
        status = status_of(self.known.run_statuses, iteration.status).id
        parameters = json.dumps(iteration.parameters, ensure_ascii=False)
        self.out.iterations.append(
            (number, self.place.project_id, run_id, position, status, iteration.name, parameters, iteration.log, iteration.duration),
        )
        self.steps(iteration.steps, run_id, number)

    def steps(self, steps: Sequence[StepResult], run_id: int, iteration: int | None) -> None:
        table, project = self.known.step_statuses, self.place.project_id
        for position, step in enumerate(steps):
            number = self.next_part()
            status = (table.named(step.status) or status_of(table, step.status)).id
            self.out.steps.append((number, project, run_id, iteration, position, status, step.comment, step.actual))
            if step.defects or step.evidence:
                self.defects(step.defects, run_id, number)
                self.evidence(step.evidence, run_id, number)

    def defects(self, keys: Sequence[str], run_id: int, step: int | None) -> None:
        for key in keys:
            issue = self.known.issues.get(key.strip().upper())
            self.out.defects.append((self.next_part(), self.place.project_id, run_id, step, issue, key, False))

    def evidence(self, files: Sequence[EvidenceFile], run_id: int, step: int | None) -> None:
        place = self.place
        for file in files:
            if file.sha256:
                self.out.evidence.append((
                    self.next_part(), place.project_id, run_id, step, file.filename, file.content_type,
                    file.size, file.sha256, place.now, place.caller_id,
                ))  # fmt: skip
