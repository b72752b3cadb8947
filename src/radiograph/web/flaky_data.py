# SPDX-License-Identifier: Apache-2.0
"""A project's flaky Tests, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions.flakiness import Wanted, flaky_page
from radiograph.domain.clock import format_instant
from radiograph.web.endpoints import Answer, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.flaky import NamedFlaky

_FILTERS = (
    Word("environments", 'A set of test environments, as a JSON list of their names: only Tests flaky on it. `[]` is "none".', '["iOS"]'),
    Word("q", "A part of the Test's key or summary.", "basket"), Word("after", "Where the page before ended: its `next`."),
)  # fmt: skip


class PieceData(Struct, rename="camel"):
    """A piece of evidence.

    `retry`: the run passed after a failing attempt of its own. `revision`: the run failed and `otherRunId` passed at the same revision.
    `return`: the run failed on the main branch after the failure `otherRunId` had gone by itself.
    """

    kind: str
    run_id: int
    other_run_id: int | None
    revision: str
    at: str


class SeenData(Struct, rename="camel"):
    """A run that was looked at."""

    run_id: int
    status: str


class FlakyData(Struct, rename="camel"):
    """A flaky Test on a set of test environments.

    `trend` is 1 where the newer half of the runs shows more than the older one, -1 where less; `quietRuns` came after the last piece.
    """

    test_key: str
    summary: str
    environments: list[str]
    sentence: str
    score: int
    runs: int
    failures: int
    retries: int
    flips: int
    trend: int
    quiet_runs: int
    evidence: list[PieceData]
    seen: list[SeenData]
    worked_out: str


class FlakyTestsData(Struct, rename="camel"):
    """A page of flaky Tests, the flakiest first; `next` is where the next page starts, "" on the last.

    `workedOut` is up to when results were looked at, "" where that wasn't done yet; `behind`: newer ones wait.
    """

    tests: list[FlakyData]
    next: str
    worked_out: str
    behind: bool


def _data(found: NamedFlaky, table: StatusTable) -> FlakyData:
    row, evidence = found.row, found.row.evidence
    pieces = [PieceData(p.kind, p.run, p.other, p.revision, format_instant(p.at_ms)) for p in evidence.pieces]
    seen = [SeenData(run, table.by_id[status].name) for run, status in evidence.strip]
    return FlakyData(
        found.key, found.summary, row.environments, row.sentence, row.score, row.runs, row.failures, row.retries, row.flips, evidence.trend,
        evidence.quiet, pieces, seen, format_instant(row.computed_ms),
    )  # fmt: skip


@signed_in
async def flaky_tests(request: Request, caller: Caller) -> Response:
    """A project's flaky Tests with the runs that show it, the flakiest first, 40 at a time."""
    wanted = Wanted(*(f.read(request.query_params) for f in _FILTERS))
    found = await read(request, flaky_page, caller, request.path_params["key"], wanted)
    at = format_instant(found.worked_out_ms) if found.worked_out_ms else ""
    return encode(FlakyTestsData([_data(r, found.statuses) for r in found.listing.rows], found.listing.next, at, found.behind))


_KEY: dict[str, tuple[type, str, Any]] = {"key": (str, "The key of the project.", "DEMO")}

endpoints = [
    Endpoint(
        id="flaky_tests", group="Projects", method="GET", paths=("/api/projects/{key}/flaky",), handler=flaky_tests,
        answers={200: Answer(FlakyTestsData, "The flaky Tests.")}, query=_FILTERS, path_parameters=_KEY, errors=(404,),
    ),
]  # fmt: skip
