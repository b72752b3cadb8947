# SPDX-License-Identifier: Apache-2.0
"""The status of one result: the one that it gives, or the one that its parts add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, shown
from radiograph.domain.statuses import TODO, Status, StatusTable, combine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.import_plan import Known
    from radiograph.domain.report import StepResult, TestResult


def verdict(known: Known, result: TestResult) -> tuple[Status | None, list[Problem], list[str]]:
    """The status of a result (None: it can't be told), what can't be read, and warnings."""
    if not (result.steps or result.examples or result.iterations):
        status = known.run_statuses.named(result.status)
        if status is not None:
            return status, [], result.warnings
    look = _Verdict(known, result)
    return look.status, look.problems, [*result.warnings, *look.warnings]


class _Verdict:
    """Reads the statuses of one result; what can't be read is in `problems`, or in `warnings`."""

    def __init__(self, known: Known, result: TestResult) -> None:
        """Read every status that the result has."""
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self._known = known
        self._path = result.path
        parts = self._parts(result)
        self.status = self._own(result, parts)

    def _own(self, result: TestResult, parts: list[Status]) -> Status | None:
        if result.status:
            return self._find(self._known.run_statuses, result.status, f"{self._path}.status")
        if not parts and not self.problems:
            text = "no status is given, and there are no steps, examples or iterations to compute it from"
            self.problems.append(Problem(f"{self._path}.status", text))
        return combine(parts)

    def _parts(self, result: TestResult) -> list[Status]:
        runs = self._known.run_statuses
        found = self._steps(result.steps, f"{self._path}.steps")
        for i, name in enumerate(result.examples):
            found.append(self._find(runs, name, f"{self._path}.examples[{i}]"))
        for i, iteration in enumerate(result.iterations):
            path = f"{self._path}.iterations[{i}]"
            steps = self._steps(iteration.steps, f"{path}.steps")
            own = self._find(runs, iteration.status, f"{path}.status") if iteration.status else combine(s for s in steps if s)
            if own is None and not iteration.status:
                self.problems.append(Problem(f"{path}.status", "an iteration needs a status or steps"))
            elif own is not None:
                iteration.status = own.name
            found.append(own)
        return [s for s in found if s is not None]

    def _steps(self, steps: Sequence[StepResult], path: str) -> list[Status | None]:
        named, runs = self._known.step_statuses.named, self._known.run_statuses.named
        found: list[Status | None] = []
        for i, step in enumerate(steps):
            status = named(step.status or TODO) or self._find(self._known.step_statuses, step.status, f"{path}[{i}].status")
            found.append(runs(status.means or status.name) if status else None)
        return found

    def _find(self, table: StatusTable, name: str, path: str) -> Status | None:
        found = table.find(name)
        if found is not None:
            return found
        names = ", ".join(s.name for s in table.all)
        if self._known.unknown_is_todo:
            self.warnings.append(f"{path}: {shown(name)} is no status here and was taken as TODO; the statuses are {names}")
            return table[TODO]
        self.problems.append(Problem(path, f"{shown(name)} is no status here; the statuses are {names}"))
        return None


def status_of(table: StatusTable, name: str) -> Status:
    """The status of a name that a verdict has read already (empty or unknown ones became TODO)."""
    return table.named(name) or table.find(name) or table[TODO]
