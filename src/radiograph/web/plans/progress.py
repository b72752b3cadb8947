# SPDX-License-Identifier: Apache-2.0
"""Test Plans and how far they are, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions import browse, plan_page, plans
from radiograph.domain.burn_up import DAY_MS
from radiograph.domain.clock import format_instant
from radiograph.domain.statuses import failing
from radiograph.web.endpoints import Answer, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.pages.plans import dates
from radiograph.web.pages.render import before
from radiograph.web.plans.asked import wanted_of
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.plan_page import PlanLine
    from radiograph.actions.plan_page import PlanPage as Found
    from radiograph.domain.people import Caller
    from radiograph.insight.plan_progress import Progress


class PlanState(Struct, rename="camel"):
    """How far a plan is: how many Tests it has, have a final result, have begun without one, and fail; `counts` are by status."""

    tests: int
    done: int
    under_way: int
    failing: int
    counts: dict[str, int]


class PlanSummary(Struct, rename="camel"):
    """A Test Plan; `newestExecution` is a key, or null."""

    key: str
    summary: str
    versions: list[str]
    dates: str
    executions: int
    newest_execution: str | None
    progress: PlanState


class PlanList(Struct, rename="camel"):
    """Test Plans, newest first; `next` is the `before` of the next page, or null."""

    plans: list[PlanSummary]
    next: str | None


class PlannedRun(Struct, rename="camel"):
    """The latest run of a Test, and its execution."""

    id: int
    status: str
    execution: str


class PlannedTest(Struct, rename="camel"):
    """A Test of a plan; `run` is null where it has none, `environments` has those where it ran, `new` says that it didn't fail a day ago."""

    key: str
    summary: str
    status: str
    new: bool
    run: PlannedRun | None
    environments: dict[str, PlannedRun]
    folder: str
    assignee: str | None


class PlanProgress(Struct, rename="camel"):
    """A plan with a page of its Tests, failures first; `newFailures` is null when too many fail to tell."""

    key: str
    summary: str
    progress: PlanState
    new_failures: int | None
    environments: list[str]
    matching: int
    tests: list[PlannedTest]
    next: str | None


class PlanDay(Struct):
    """From this day (UTC) until the next: how many Tests of the plan were made, have a final result, passed."""

    day: str
    tests: int
    done: int
    passed: int


def state_of(found: Progress) -> PlanState:
    """How far a plan is."""
    names = {found.statuses.by_id[s].name: n for s, n in sorted(found.counts.items())}
    failed = sum(found.counts.get(s, 0) for s in failing(found.statuses))
    return PlanState(len(found.tests), found.done, found.under_way, failed, names)


@signed_in
async def plans_of_project(request: Request, caller: Caller) -> Response:
    """The Test Plans of a project with how far they are, newest first."""
    found = await read(request, plans.plans_page, caller, request.path_params["key"], before(request))
    rows = [
        PlanSummary(
            r.head.key, r.head.summary, [v.name for v in r.issue.versions], dates(r.issue), r.head.executions,
            r.newest.key if r.newest else None, state_of(r.progress),
        )
        for r in found.rows
    ]  # fmt: skip
    return encode(PlanList(rows, found.next or None))


def _test(line: PlanLine, found: Found) -> PlannedTest:
    table, names = found.progress.statuses, {e.id: e.name for e in found.columns}
    cells = {names[e]: PlannedRun(r.id, table.by_id[r.status_id].name, r.execution_key) for e, r in line.cells.items()}
    run = PlannedRun(line.run.id, table.by_id[line.status_id].name, line.run.execution_key) if line.run else None
    return PlannedTest(
        line.test.key, line.test.summary, table.by_id[line.status_id].name, line.test.id in (found.new or ()), run, cells, line.folder,
        line.assignee[0] or None,
    )  # fmt: skip


@signed_in
async def progress(request: Request, caller: Caller) -> Response:
    """How far a Test Plan is: its Tests by their latest runs in its executions, failures first."""
    issue = await read(request, browse.find_plan, caller, request.path_params["key"])
    found = await read(request, plan_page.plan_page, caller, issue, wanted_of(request))
    new = None if found.new is None else len(found.new)
    tests = [_test(line, found) for line in found.listing.rows]
    environments = [e.name for e in found.environments]
    answer = PlanProgress(
        issue.key, issue.summary, state_of(found.progress), new, environments, found.total, tests, found.listing.next or None
    )
    return encode(answer)


@signed_in
async def burn_up(request: Request, caller: Caller) -> Response:
    """The days on which something changed in a Test Plan, by the days of its runs. It reads every run of its executions."""
    issue = await read(request, browse.find_plan, caller, request.path_params["key"])
    found = await read(request, plan_page.days_page, caller, issue, True)
    return encode([PlanDay(format_instant(d.day * DAY_MS), d.tests, d.done, d.passed) for d in found.days or ()])


_PLAN: dict[str, tuple[type, str, Any]] = {"key": (str, "The key of the Test Plan.", "DEMO-100")}
FILTERS = (
    Word("environment", "Only runs in this test environment count."),
    Word("folder", "The id of a folder of the plan's board, with those below it; 0: in none."),
    Word("assignee", "The name of who the latest run, else the Test, is assigned to; - is nobody."),
    Word("q", "A text in the key or the summary."),
    Word("after", "Where the page before ended: its `next`."),
)
endpoints = [
    Endpoint(
        id="plans_of_project", group="Insight", method="GET", paths=("/api/projects/{key}/plans",), handler=plans_of_project,
        answers={200: Answer(PlanList)}, path_parameters={"key": (str, "The key of the project.", "DEMO")},
        query=(Word("before", "Where the page before ended: its `next`."),),
    ),
    Endpoint(
        id="plan_progress", group="Insight", method="GET", paths=("/api/plans/{key}/progress",), handler=progress,
        answers={200: Answer(PlanProgress)}, path_parameters=_PLAN,
        query=(Word("status", "The name of a status; or `not-run` (no final result), `failing`, `new` (fails, and did not a day ago)."), *FILTERS),
    ),
    Endpoint(
        id="plan_burn_up", group="Insight", method="GET", paths=("/api/plans/{key}/burn-up",), handler=burn_up,
        answers={200: Answer(list[PlanDay])}, path_parameters=_PLAN,
    ),
]  # fmt: skip
