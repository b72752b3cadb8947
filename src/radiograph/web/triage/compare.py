# SPDX-License-Identifier: Apache-2.0
"""Executions side by side, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import compare
from radiograph.actions.browse import PAGE
from radiograph.domain.comparing import Change
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import Answer, Endpoint, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read
from radiograph.web.triage.asked import asked_of, query_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.comparison import Comparison, Row
    from radiograph.store.comparisons import CellRow


class ComparedExecution(Struct, rename="camel"):
    """An execution that is compared; `counts` are its runs by status."""

    key: str
    summary: str
    project: int
    branch: str
    revision: str
    environments: list[str]
    counts: dict[str, int]


class ComparedRun(Struct, rename="camel"):
    """A Test's run in one of the executions; `duration_ms` is null where it is not known."""

    id: int
    status: str
    attempts: int
    duration_ms: int | None


class ComparedTest(Struct, rename="camel"):
    """A Test and what became of it; `runs` are in the order of the executions, null where it has none."""

    key: str
    summary: str
    change: str
    runs: list[ComparedRun | None]


class ComparedAll(Struct, rename="camel"):
    """Executions, the baseline first; how many Tests changed in each way; a page of them, and the address of the next ("": none)."""

    executions: list[ComparedExecution]
    counts: dict[str, int]
    tests: list[ComparedTest]
    next: str


LIMIT = Whole("limit", "how many Tests a page has", 1, 1000, PAGE, capped=True)


@signed_in
async def compared(request: Request, caller: Caller) -> Response:
    """Compare Test Executions Test by Test.

    Give `e` two to eight times (the first is the baseline), or a plan or project to compare the newest execution of each
    set of its test environments, or a project with `environment` twice or more.
    """
    asked = asked_of(request, LIMIT.read(request.query_params))
    found = await read(request, compare.compared, caller, asked)
    return encode(_shape(found, asked.show, f"{base_url(request)}/api/compare"))


def _shape(found: Comparison, show: str, address: str) -> ComparedAll:
    table = found.statuses
    executions = [
        ComparedExecution(
            e.key, e.summary, e.project_id, e.branch, e.revision, e.environments, {table.by_id[s].name: n for s, n in e.counts.items()},
        )
        for e in found.executions
    ]  # fmt: skip
    after = ".".join(map(str, found.next)) if found.next else ""
    follow = f"{address}?{query_of([e.key for e in found.executions], show, after)}" if after else ""
    counts = {c.word: found.counts.get(c, 0) for c in Change}
    return ComparedAll(executions, counts, [_test(row, table) for row in found.rows], follow)


def _test(row: Row, table: StatusTable) -> ComparedTest:
    return ComparedTest(row.key, row.summary, row.change.word, [_run(c, table) for c in row.cells])


def _run(cell: CellRow | None, table: StatusTable) -> ComparedRun | None:
    return None if cell is None else ComparedRun(cell.id, table.by_id[cell.status_id].name, cell.attempts, cell.took_ms)


endpoints = [
    Endpoint(
        id="compare_executions", group="Insight", method="GET", paths=("/api/compare",), handler=compared,
        answers={200: Answer(ComparedAll)}, errors=(400, 404),
        query=(
            Word("e", "the key of an execution; give it two to eight times, the baseline first"),
            Word("plan", "the key of a Test Plan: the newest execution of each set of its test environments", example="DEMO-100"),
            Word("project", "the key of a project: the same among its last 500 executions"),
            Word("environment", "with project: the newest execution on this test environment (several with commas); give it twice or more"),
            Word("show", f"the Tests that changed so: all, or one of {', '.join(c.word for c in Change)}; without it all but {Change.SAME.word}"),
            Word("after", "where the page before ended"),
            LIMIT,
        ),
    ),
]  # fmt: skip
