# SPDX-License-Identifier: Apache-2.0
"""What the latest results say of requirements: now, or as it was known; of a version, a plan, an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.coverage import GAPS_FIRST, NOT_RUN, meaning, requirement_status, roll_up
from radiograph.store import coverage
from radiograph.store.latest import Counted, Result, Then, latest_results, these

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import sqlalchemy as sa

    from radiograph.domain.statuses import StatusTable
    from radiograph.store.coverage import Requirement


class Chosen(Struct, frozen=True):
    """The results that count: of the executions of some versions, of a plan, of an environment (None doesn't narrow), until a time.

    `projects` are those that the reader sees (None: all), `at_ms` is UTC milliseconds (None: now).
    """

    projects: tuple[int, ...] | None = None
    version_ids: tuple[int, ...] | None = None
    plan_id: int | None = None
    environment_id: int | None = None
    at_ms: int | None = None

    @property
    def counted(self) -> Counted:
        """The executions that count."""
        return Counted(self.plan_id, self.version_ids, self.environment_id)


class Survey(Struct):
    """The requirements of a project by id: the Tests of each with those below it, how many are its own, and the Tests' latest runs."""

    requirements: dict[int, Requirement]
    tests: dict[int, set[int]]
    own: dict[int, int]
    results: dict[int, Result]
    meant: dict[int, str]
    """What the latest run of each Test that has one means for what it covers."""
    statuses: dict[int, str]
    """What each requirement is: one of `GAPS_FIRST`."""
    below: dict[int, list[int]]
    """The requirements right below each that has any."""

    def counts(self, ids: Iterable[int] | None = None) -> dict[str, int]:
        """How many of these requirements (None: of all) are what, gaps first; what none is is left out."""
        found = [self.statuses[i] for i in (self.statuses if ids is None else ids)]
        return {status: found.count(status) for status in GAPS_FIRST if status in found}

    def test_means(self, test: int) -> str:
        """What the latest run of a Test means for what it covers."""
        return self.meant.get(test, NOT_RUN)


def survey(conn: sa.Connection, project_id: int, chosen: Chosen, statuses: StatusTable) -> Survey:
    """What is known of every requirement of a project: a seek for each Test that covers one."""
    return survey_below(conn, project_id, coverage.requirements(conn, project_id), chosen, statuses)


def survey_below(conn: sa.Connection, project_id: int, found: list[Requirement], chosen: Chosen, statuses: StatusTable) -> Survey:
    """What is known of these requirements of a project only."""
    own: dict[int, list[int]] = {r.id: [] for r in found}
    for requirement, test in coverage.links(conn, list(own), chosen.projects):
        own[requirement].append(test)
    parents = {r.id: r.parent_id for r in found}
    tests = roll_up(own, parents)
    results = results_of(conn, project_id, {test for held in own.values() for test in held}, chosen, statuses)
    means = {s.id: meaning(s.requirement) for s in statuses.all}
    meant = {test: means.get(result.status_id, NOT_RUN) for test, result in results.items()}
    said = {i: requirement_status(meant.get(test, NOT_RUN) for test in held) for i, held in tests.items()}
    made = Survey({r.id: r for r in found}, tests, {i: len(held) for i, held in own.items()}, results, meant, said, {})
    for number, parent in parents.items():
        if parent in own:
            made.below.setdefault(parent, []).append(number)
    return made


def results_of(conn: sa.Connection, project_id: int, tests: Collection[int], chosen: Chosen, statuses: StatusTable) -> dict[int, Result]:
    """The latest run of each of these Tests that has one, of those that count."""
    if not tests:
        return {}
    return latest_results(conn, these(conn, tests), chosen.counted, chosen.projects, statuses, _then(conn, project_id, tests, chosen))


def _then(conn: sa.Connection, project_id: int, tests: Collection[int], chosen: Chosen) -> Then | None:
    """The earlier time, and whose runs count for it: those of the Tests' projects, of the requirements', of the plan's executions."""
    if chosen.at_ms is None:
        return None
    projects = {project_id, *coverage.projects_of_tests(conn, tests)}
    if chosen.plan_id is not None:
        projects |= coverage.plan_projects(conn, chosen.plan_id)
    return Then(chosen.at_ms, tuple(sorted(projects if chosen.projects is None else projects & {*chosen.projects})))
