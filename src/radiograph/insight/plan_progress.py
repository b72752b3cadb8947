# SPDX-License-Identifier: Apache-2.0
"""How far a Test Plan is: each of its Tests by its latest run in the plan's executions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.burn_up import Day, burn_up
from radiograph.domain.statuses import TODO, failing, severity
from radiograph.store import plans
from radiograph.store.coverage import plan_projects
from radiograph.store.latest import (
    Counted,
    Result,
    Then,
    latest_packed,
    latest_results,
    of_plan,
    packed_status,
    these,
    unpacked,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import sqlalchemy as sa

    from radiograph.domain.statuses import StatusTable

COMPARED = 500
"""How many failures a plan may have for the new ones among them to be told."""


class Scope(Struct, frozen=True):
    """A plan as a reader sees it: the projects that they see (None: all), and one environment that counts (None: all)."""

    plan_id: int
    projects: tuple[int, ...] | None = None
    environment_id: int | None = None

    @property
    def which(self) -> Counted:
        """The executions that count."""
        return Counted(self.plan_id, None, self.environment_id)


class Progress(Struct):
    """The Tests of a plan by id, as numbers the latest runs of those that have one, and the Tests by status id (without a run: TODO)."""

    tests: list[int]
    packed: dict[int, int]
    by_status: dict[int, list[int]]
    statuses: StatusTable

    @property
    def counts(self) -> dict[int, int]:
        """How many Tests have each status."""
        return {status: len(tests) for status, tests in self.by_status.items()}

    def status(self, test: int) -> int:
        """The status id of a Test."""
        number = self.packed.get(test)
        return self.statuses[TODO].id if number is None else packed_status(number)

    def results(self, tests: Iterable[int]) -> dict[int, Result]:
        """The latest runs of those of these Tests that have one."""
        return {test: unpacked(self.packed[test]) for test in tests if test in self.packed}

    @property
    def done(self) -> int:
        """How many Tests have a final result."""
        return sum(len(tests) for s, tests in self.by_status.items() if self.statuses.by_id[s].final)

    @property
    def under_way(self) -> int:
        """How many Tests have begun, and have no final result."""
        return len(self.tests) - self.done - len(self.by_status.get(self.statuses[TODO].id, ()))

    def having(self, status_ids: Collection[int]) -> list[int]:
        """The Tests with one of these statuses: what needs a look first, then by id."""
        return [test for s in severity(self.statuses) if s in status_ids for test in self.by_status.get(s, ())]


def progress(conn: sa.Connection, scope: Scope, statuses: StatusTable) -> Progress:
    """How far a plan is, for its reader: a seek for each Test."""
    rows = latest_packed(conn, of_plan(scope.plan_id, scope.projects), scope.which, scope.projects)
    todo, by_status = statuses[TODO].id, dict[int, list[int]]()
    for test, number in rows:
        by_status.setdefault(todo if number is None else packed_status(number), []).append(test)
    return Progress([test for test, _ in rows], {test: n for test, n in rows if n is not None}, by_status, statuses)


def new_failures(conn: sa.Connection, scope: Scope, found: Progress, since_ms: int) -> set[int] | None:
    """The Tests that fail and did not fail at that time; None when more than 500 fail."""
    nok = set(failing(found.statuses))
    failed = found.having(nok)
    if len(failed) > COMPARED:
        return None
    held = plan_projects(conn, scope.plan_id)
    then = Then(since_ms, tuple(sorted(held if scope.projects is None else held & {*scope.projects})))
    before = latest_results(conn, these(conn, failed), scope.which, scope.projects, found.statuses, then) if failed else {}
    return {i for i in failed if i not in before or before[i].status_id not in nok}


def cells(
    conn: sa.Connection, scope: Scope, tests: Sequence[int], environments: Sequence[int], statuses: StatusTable
) -> dict[int, dict[int, Result]]:
    """By environment: the latest run of each of these Tests in the plan's executions that have it."""
    found = {}
    for number in environments:
        which = Scope(scope.plan_id, scope.projects, number).which
        found[number] = latest_results(conn, these(conn, tests), which, scope.projects, statuses)
    return found


def days_of(conn: sa.Connection, scope: Scope, statuses: StatusTable) -> list[Day]:
    """The days on which a plan came along; reads every run of its executions."""
    final = frozenset(s.id for s in statuses.all if s.final)
    ok = frozenset(s.id for s in statuses.all if s.requirement == "OK")
    runs = plans.dated_runs(conn, scope.plan_id, scope.projects)
    return burn_up(runs, plans.made_days(conn, scope.plan_id, scope.projects), final, ok)
