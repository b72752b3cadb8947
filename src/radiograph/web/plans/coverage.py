# SPDX-License-Identifier: Apache-2.0
"""Coverage as JSON and CSV: a page of requirements, all of them as a file, Tests that something is missing of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from starlette.responses import StreamingResponse

from radiograph.actions import coverage as views
from radiograph.actions import issue_coverage as issue_views
from radiograph.actions.browse import find
from radiograph.domain.errors import Refused, cut
from radiograph.formats.csv_export import csv_line
from radiograph.web.endpoints import Answer, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.plans.asked import coverage_of
from radiograph.web.threads import read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.coverage import CoverageLine
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.insight.coverage import Survey
    from radiograph.store.runs import RunRow
    from radiograph.web.threads import Threads


class Covered(Struct, rename="camel"):
    """A requirement: what it is, how many of its Tests mean what (with those below it), its own Tests, what is right below it."""

    key: str
    type: str
    summary: str
    status: str
    tests: dict[str, int]
    own_tests: int
    below: int
    parent: str | None


class CoverageList(Struct, rename="camel"):
    """Requirements, gaps first; `counts` are of all that are asked for but for the status, `next` is the `after` of the next page."""

    counts: dict[str, int]
    matching: int
    requirements: list[Covered]
    next: str | None


class GapTest(Struct):
    """A Test that something is missing of."""

    key: str
    summary: str


class GapList(Struct):
    """Tests by when they were made; `next` is the `after` of the next page."""

    total: int
    tests: list[GapTest]
    next: str | None


class CoveringRun(Struct):
    """A run, its execution, and what its status was."""

    id: int
    status: str
    execution: str


class Covering(Struct):
    """A Test that covers the issue, or what `of` names below it; without a run it is TODO."""

    key: str
    summary: str
    run: CoveringRun | None
    environments: dict[str, CoveringRun]
    of: list[str]


class IssueCovered(Struct):
    """What the latest results say of an issue: `counts` are of all its Tests, of which the first 200 are named."""

    key: str
    status: str
    counts: dict[str, int]
    below: dict[str, str]
    tests: list[Covering]


def _covered(line: CoverageLine) -> Covered:
    return Covered(
        line.head.key, line.head.type.label, line.head.summary, line.status, line.means, line.own, line.below,
        line.parent.key if line.parent else None,
    )  # fmt: skip


@signed_in
async def coverage(request: Request, caller: Caller) -> Response:
    """A page of the requirements of a project by what the latest results of their Tests say, gaps first."""
    found = await read(request, views.coverage_page, caller, request.path_params["key"], coverage_of(request))
    return encode(CoverageList(found.counts, found.total, [_covered(line) for line in found.listing.rows], found.listing.next or None))


@signed_in
async def gaps(request: Request, caller: Caller) -> Response:
    """The Tests of a project that never ran (`never-run`), or that cover nothing (`unlinked`)."""
    query = request.query_params
    found = await read(request, views.gap_page, caller, request.path_params["key"], query.get("gap", ""), query.get("after", ""))
    return encode(GapList(found.total, [GapTest(t.key, t.summary) for t in found.listing.rows], found.listing.next or None))


@signed_in
async def issue_coverage(request: Request, caller: Caller) -> Response:
    """The Tests that cover an issue, and what is below it, with their latest results in each environment."""
    issue = await read(request, find, caller, request.path_params["key"])
    found = await read(request, issue_views.issue_coverage, caller, issue, coverage_of(request))
    table, names = found.statuses, dict(found.environments)

    def shown(cell: tuple[int, RunRow]) -> CoveringRun:
        return CoveringRun(cell[1].id, table.by_id[cell[0]].name, cell[1].execution_key)

    tests = [
        Covering(
            t.head.key, t.head.summary, shown(t.result) if t.result else None, {names[e]: shown(c) for e, c in t.cells.items()},
            [h.key for h in t.of],
        )
        for t in found.tests
    ]  # fmt: skip
    return encode(IssueCovered(issue.key, found.status, found.means, {h.key: status for h, status in found.below}, tests))


_COLUMNS = ("Requirement", "Type", "Summary", "Status", "Tests", "OK", "NOK", "NOTRUN", "UNKNOWN", "Own Tests", "Below", "Parent")
_AT_ONCE = 500


@signed_in
async def export(request: Request, caller: Caller) -> Response:
    """All requirements of a project that are asked for, gaps first, as a CSV or JSON file."""
    key, kind, state = request.path_params["key"], request.query_params.get("format", "csv").strip().lower(), request.app.state
    if kind not in {"csv", "json"}:
        raise Refused(f"There is no format {cut(kind)!r}; there are csv and json.")
    survey, ids = await read(request, views.all_lines, caller, key, coverage_of(request))
    write = _csv if kind == "csv" else _json
    headers = {"Content-Disposition": f'attachment; filename="{key.strip().upper()}-coverage.{kind}"', "Cache-Control": "no-store"}
    media = "text/csv; charset=utf-8" if kind == "csv" else "application/json"
    return StreamingResponse(_sent(write(_all(state.services, caller, survey, ids)), state.threads), media_type=media, headers=headers)


def _all(services: Services, caller: Caller, survey: Survey, ids: list[int]) -> Iterator[list[Covered]]:
    for at in range(0, len(ids), _AT_ONCE):
        yield [_covered(line) for line in views.some_lines(services, caller, survey, ids[at : at + _AT_ONCE])]


def _csv(pieces: Iterator[list[Covered]]) -> Iterator[bytes]:
    yield csv_line(_COLUMNS)
    for rows in pieces:
        yield b"".join(csv_line(_cells(r)) for r in rows)


def _cells(r: Covered) -> tuple[str, ...]:
    counts = (str(r.tests.get(name, 0)) for name in ("OK", "NOK", "NOTRUN", "UNKNOWN"))
    return (r.key, r.type, r.summary, r.status, str(sum(r.tests.values())), *counts, str(r.own_tests), str(r.below), r.parent or "")


def _json(pieces: Iterator[list[Covered]]) -> Iterator[bytes]:
    yield b"["
    comma = b""
    for rows in pieces:
        for r in rows:
            yield comma + msgspec.json.encode(r)
            comma = b",\n"
    yield b"]\n"


async def _sent(pieces: Iterator[bytes], threads: Threads) -> AsyncIterator[bytes]:
    """Each piece is made in a thread for reading when the one before it was sent."""
    while piece := await threads.read(next, pieces, b""):
        yield piece


_PROJECT: dict[str, tuple[type, str, Any]] = {"key": (str, "The key of the project.", "DEMO")}
_CHOICE = (
    Word("version", "Only runs of executions with this fix version count."),
    Word("plan", "Only runs of this Test Plan's executions count."),
    Word("environment", "Only runs in this test environment count."),
    Word("at", "What was known at the end of a day (UTC) such as 2026-11-20, or at an instant."),
)
_WHICH = (
    Word("status", "OK, NOK, NOTRUN, UNKNOWN or UNCOVERED."),
    Word("type", "The name of an issue type, such as Epic."),
    Word("within", "The key of a requirement: it, and what is below it."),
    Word("q", "A text in the key or the summary."),
)
_AFTER = Word("after", "Where the page before ended: its `next`.")
endpoints = [
    Endpoint(
        id="coverage", group="Insight", method="GET", paths=("/api/projects/{key}/coverage",), handler=coverage,
        answers={200: Answer(CoverageList)}, path_parameters=_PROJECT, query=(*_CHOICE, *_WHICH, _AFTER), errors=(400,),
    ),
    Endpoint(
        id="export_coverage", group="Insight", method="GET", paths=("/api/projects/{key}/coverage/export",), handler=export,
        answers={200: Answer(bytes, "The file.", "*/*")}, path_parameters=_PROJECT, errors=(400,),
        query=(Word("format", "csv (the default) or json."), *_CHOICE, *_WHICH),
    ),
    Endpoint(
        id="coverage_gaps", group="Insight", method="GET", paths=("/api/projects/{key}/gaps",), handler=gaps,
        answers={200: Answer(GapList)}, path_parameters=_PROJECT, query=(Word("gap", "never-run or unlinked.", "unlinked", required=True), _AFTER),
        errors=(400,),
    ),
    Endpoint(
        id="issue_coverage", group="Insight", method="GET", paths=("/api/issues/{key}/coverage",), handler=issue_coverage,
        answers={200: Answer(IssueCovered)}, path_parameters={"key": (str, "The key of the issue.", "DEMO-2")}, query=_CHOICE, errors=(400,),
    ),
]  # fmt: skip
