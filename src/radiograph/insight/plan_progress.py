# SPDX-License-Identifier: Apache-2.0
"""How far a Test Plan is: each of its Tests by its latest run in the plan's executions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.burn_up import Day, burn_up
from radiograph.domain.statuses import TODO, failing
from radiograph.store import plans
from radiograph.store.latest import Counted, Result, Then, latest_results, of_plan, projects_of_runs, these

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
    """The Tests of a plan by id, the latest run of each that has one, and how many have each status (id; without a run: TODO)."""

    tests: list[int]
    results: dict[int, Result]
    counts: dict[int, int]
    statuses: StatusTable

    def status(self, test: int) -> int:
        """The status id of a Test."""
        found = self.results.get(test)
        return self.statuses[TODO].id if found is None else found.status_id

    @property
    def done(self) -> int:
        """How many Tests have a final result."""
        return sum(n for s, n in self.counts.items() if self.statuses.by_id[s].final)

    @property
    def under_way(self) -> int:
        """How many Tests have begun, and have no final result."""
        return len(self.tests) - self.done - self.counts.get(self.statuses[TODO].id, 0)

    def having(self, status_ids: Collection[int]) -> list[int]:
        """The Tests with one of these statuses."""
        return [test for test in self.tests if self.status(test) in status_ids]


def progress(conn: sa.Connection, scope: Scope, statuses: StatusTable) -> Progress:
    """How far a plan is, for its reader."""
    tests = plans.tests_of(conn, scope.plan_id, scope.projects)
    results = latest_results(conn, of_plan(scope.plan_id), scope.which, scope.projects, statuses)
    found = Progress(tests, results, {}, statuses)
    for test in tests:
        status = found.status(test)
        found.counts[status] = found.counts.get(status, 0) + 1
    return found


def new_failures(conn: sa.Connection, scope: Scope, found: Progress, since_ms: int) -> set[int] | None:
    """The Tests that fail and did not fail at that time; None when more than 500 fail."""
    nok = set(failing(found.statuses))
    failed = found.having(nok)
    if len(failed) > COMPARED:
        return None
    projects = {p for _, p in projects_of_runs(conn, [found.results[i].run_id for i in failed])}
    then = Then(since_ms, tuple(sorted(projects)))
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
