# SPDX-License-Identifier: Apache-2.0
"""The Tests of one requirement and of what is below it, with their latest results in each environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from radiograph.actions.coverage import Choices, choices_of, chosen_of, means_of
from radiograph.domain.coverage import GAPS_FIRST
from radiograph.insight import coverage as insight
from radiograph.store import coverage as store
from radiograph.store import import_reads, issue_links
from radiograph.store import runs as run_store
from radiograph.store.latest import projects_of_runs

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.coverage import Asked
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.coverage import Chosen, Survey
    from radiograph.store.issue_links import HeadRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.latest import Result
    from radiograph.store.runs import RunRow

SHOWN, COLUMNS = 200, 8
"""How many Tests a page names, and for how many environments."""


class CoveringTest(Struct):
    """A Test that covers a requirement or what is below it: its status id then (None: it had no run), its run, its runs by environment.

    A run tells the execution; what its status was is beside it: (status id, run).
    """

    head: HeadRow
    result: tuple[int, RunRow] | None
    cells: dict[int, tuple[int, RunRow]]
    of: list[HeadRow]
    """Which of the requirements below it covers; nothing where it covers the requirement itself."""


class IssueCoverage(Struct):
    """All that; `means` counts every Test, `tests` names the first 200, what is worst first."""

    status: str
    means: dict[str, int]
    tests: list[CoveringTest]
    environments: list[tuple[int, str]]
    below: list[tuple[HeadRow, str]]
    """What is right below it, each with what it is."""
    statuses: StatusTable
    choices: Choices


def issue_coverage(services: Services, caller: Caller, issue: IssueRow, asked: Asked) -> IssueCoverage:
    """What the latest results say of an issue. Raises Refused for a choice that there isn't."""
    with services.db.read() as conn:
        statuses, _ = import_reads.status_tables(conn)
        chosen = chosen_of(conn, caller, asked)
        survey = insight.survey_below(conn, issue.project_id, store.and_below(conn, issue.id, chosen.projects), chosen, statuses)
        tests = _worst_first(survey, issue.id)
        environments = _environments(conn, survey, issue, chosen)
        lines = _lines(conn, survey, issue, tests[:SHOWN], _cells(conn, issue, tests[:SHOWN], chosen, environments, statuses))
        below = survey.below.get(issue.id, [])
        heads = issue_links.heads(conn, below)
        return IssueCoverage(
            survey.statuses[issue.id], means_of(survey, survey.tests[issue.id]), lines, environments,
            [(heads[i], survey.statuses[i]) for i in below if i in heads], statuses, choices_of(conn, issue.project_id, survey),
        )  # fmt: skip


def _worst_first(survey: Survey, issue_id: int) -> list[int]:
    order = {means: n for n, means in enumerate(GAPS_FIRST)}
    return sorted(survey.tests[issue_id], key=lambda test: (order[survey.test_means(test)], test))


def _environments(conn: sa.Connection, survey: Survey, issue: IssueRow, chosen: Chosen) -> list[tuple[int, str]]:
    projects = {issue.project_id, *store.projects_of_tests(conn, survey.tests[issue.id])}
    found = store.environments_near(conn, projects if chosen.projects is None else projects & {*chosen.projects})
    if chosen.environment_id is not None:
        return [e for e in found if e[0] == chosen.environment_id]
    return found[:COLUMNS]


def _cells(
    conn: sa.Connection, issue: IssueRow, tests: list[int], chosen: Chosen, environments: list[tuple[int, str]], statuses: StatusTable
) -> dict[int, dict[int, Result]]:
    if len(environments) == 1 and chosen.environment_id is not None:
        return {}
    return {
        number: insight.results_of(conn, issue.project_id, tests, structs.replace(chosen, environment_id=number), statuses)
        for number, _ in environments
    }


def _lines(
    conn: sa.Connection, survey: Survey, issue: IssueRow, tests: list[int], cells: dict[int, dict[int, Result]]
) -> list[CoveringTest]:
    results = {test: survey.results[test] for test in tests if test in survey.results}
    wanted = {r.run_id for r in results.values()} | {r.run_id for found in cells.values() for r in found.values()}
    rows = {r.id: r for r in run_store.find_runs(conn, projects_of_runs(conn, wanted))}
    owners: dict[int, list[int]] = {}
    for requirement, test in store.links(conn, list(survey.requirements), None):
        owners.setdefault(test, []).append(requirement)
    heads = issue_links.heads(conn, [*tests, *survey.requirements])

    def shown(result: Result | None) -> tuple[int, RunRow] | None:
        return None if result is None or result.run_id not in rows else (result.status_id, rows[result.run_id])

    return [
        CoveringTest(
            heads[test], shown(results.get(test)), {e: cell for e, found in cells.items() if (cell := shown(found.get(test)))},
            [] if issue.id in owners.get(test, ()) else [heads[i] for i in owners.get(test, ())],
        )
        for test in tests
        if test in heads
    ]  # fmt: skip
