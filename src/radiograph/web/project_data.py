# SPDX-License-Identifier: Apache-2.0
"""What the pages of a project show, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions.browse_executions import executions_page
from radiograph.actions.overview import project_overview
from radiograph.domain.clock import format_instant
from radiograph.store.execution_lists import Sought
from radiograph.web.endpoints import Answer, Endpoint, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow

GROUP = "Projects"
_LATEST = 8
KEY: dict[str, tuple[type, str, Any]] = {"key": (str, "The key of the project.", "DEMO")}
_FILTERS = (
    Word("environment", "The name of a test environment that the executions ran on.", "iOS"), Word("branch", "Their branch.", "main"),
    Word("version", "A fix version of theirs.", "v1.3"), Word("plan", "The key of a Test Plan that they belong to.", "DEMO-100"),
    Word("q", "A part of their key or summary.", "nightly"),
)  # fmt: skip
_BEFORE = Whole("before", "Where the page before ended: its `next`.", 0, 2**53, 0)


class ExecutionData(Struct, rename="camel"):
    """A Test Execution and how many of its runs have each status; times are ISO 8601, "" where there is none."""

    key: str
    summary: str
    environments: list[str]
    versions: list[str]
    branch: str
    revision: str
    begin: str
    end: str
    counts: dict[str, int]


class ExecutionsData(Struct):
    """A page of executions, newest first; `next` is where the next one starts, "" on the last."""

    executions: list[ExecutionData]
    next: str


def execution_data(e: ExecutionRow, table: StatusTable) -> ExecutionData:
    """An execution as programs see it."""
    begin, end = (
        "" if ms is None else format_instant(ms, offset) for ms, offset in ((e.begin_ms, e.begin_offset), (e.end_ms, e.end_offset))
    )
    counts = {table.by_id[s].name: n for s, n in sorted(e.counts.items())}
    return ExecutionData(e.key, e.summary, e.environments, e.versions, e.branch, e.revision, begin, end, counts)


@signed_in
async def executions(request: Request, caller: Caller) -> Response:
    """A project's Test Executions, newest first, 50 at a time.

    Only some thousands of executions are looked at for a page: one with filters may hold few, and yet another one follow.
    """
    query = request.query_params
    sought = Sought(*(f.read(query) for f in _FILTERS))
    found = await read(request, executions_page, caller, request.path_params["key"], sought, _BEFORE.read(query) or None)
    return encode(ExecutionsData([execution_data(e, found.statuses) for e in found.listing.rows], found.listing.next))


class SeriesData(Struct, rename="camel"):
    """The newest executions, oldest first, that have something in common: `by` is environments, branch or plan, `names` what they have."""

    by: str
    names: list[str]
    executions: list[ExecutionData]


class NewFailureData(Struct, rename="camel"):
    """A run that failed in the newest execution and did not in what it is compared with."""

    run: int
    test: str
    summary: str


class OverviewData(Struct, rename="camel"):
    """A project at a glance; `newFailures` has the first few of `newCount`, `baseline` is what they are told by, "" when nothing is."""

    key: str
    name: str
    latest: list[ExecutionData]
    series: list[SeriesData]
    baseline: str
    new_count: int
    new_failures: list[NewFailureData]


@signed_in
async def overview(request: Request, caller: Caller) -> Response:
    """A project at a glance: its newest Test Executions, by test environments, branch and plan, and its new failures."""
    row, found = await read(request, project_overview, caller, request.path_params["key"])
    held = (("environments", found.environments), ("branch", found.branches), ("plan", found.plans))
    series = [SeriesData(by, s.names, [execution_data(e, found.statuses) for e in s.executions]) for by, lines in held for s in lines]
    new = [NewFailureData(r.id, r.test_key, r.test_summary) for r in found.new.runs] if found.new else []
    latest = [execution_data(e, found.statuses) for e in found.latest[:_LATEST]]
    return encode(
        OverviewData(row.key, row.name, latest, series, found.new.baseline if found.new else "", found.new.count if found.new else 0, new)
    )


endpoints = [
    Endpoint(
        id="project_executions", group=GROUP, method="GET", paths=("/api/projects/{key}/executions",), handler=executions,
        answers={200: Answer(ExecutionsData, "The executions.")}, query=(*_FILTERS, _BEFORE), path_parameters=KEY, errors=(404,),
    ),
    Endpoint(
        id="project_overview", group=GROUP, method="GET", paths=("/api/projects/{key}/overview",), handler=overview,
        answers={200: Answer(OverviewData, "The overview.")}, path_parameters=KEY, errors=(404,),
    ),
]  # fmt: skip
