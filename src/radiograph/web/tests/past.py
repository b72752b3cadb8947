# SPDX-License-Identifier: Apache-2.0
"""What the page of a Test shows, as JSON: its past, its versions and how they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse_test
from radiograph.domain.clock import format_instant
from radiograph.domain.differences import Line  # noqa: TC001  (msgspec reads the annotations)
from radiograph.insight.history import durations
from radiograph.web.endpoints import Answer, Endpoint, Whole, signed_in
from radiograph.web.errors import encode
from radiograph.web.tests.names import GROUP, TEST
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse_test import Past
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.runs import RunRow

_MOST = 10**9
VERSION = Whole("version", "The number of a version of the definition; 0 or none: the current one.", 0, _MOST, 0)
AGAINST = Whole("against", "The number of the version to compare it with; 0 or none: the one before it.", 0, _MOST, 0)


class PastRun(Struct):
    """A run: `started` is empty where that isn't known, `duration` is in seconds."""

    id: int
    execution: str
    status: str
    started: str
    duration: float | None
    attempts: int


class PastColumn(Struct):
    """Runs of one revision, or of about the same time, by their sets of environments."""

    revision: str
    runs: dict[str, PastRun]


class PastVersion(Struct):
    """A version of the definition; `runs` are those among the latest 2,000 that ran it."""

    number: int
    created: str
    by: str
    runs: int


class TestPast(Struct, rename="camel"):
    """A Test with its latest 50 runs, oldest column first; `median_duration` (seconds) is that of their passes."""

    __test__ = False

    id: int
    key: str
    summary: str
    type: str
    version: int
    environments: list[str]
    columns: list[PastColumn]
    median_duration: float | None
    versions: list[PastVersion]
    flaky: list[str]
    quarantine: str | None
    requirements: list[str]
    names: list[str]
    keys: list[str]


class VersionDifferences(Struct):
    """How a version differs from another: the lines of a text, or the steps, of both in order."""

    version: int
    against: int
    lines: list[Line]


@signed_in
async def past(request: Request, caller: Caller) -> Response:
    """A Test with its past.

    Its latest runs by sets of test environments and time, the versions of its definition, whether it is flaky or in
    quarantine (the reason), what it covers, and the names and keys that it had before.
    """
    row, found = await read(request, browse_test.past, caller, request.path_params["key"])
    passing = [s.id for s in found.statuses.all if s.requirement == "OK"]
    took = durations(found.grid, passing)
    columns = [PastColumn(c.revision, {name: _run(r, found.statuses) for name, r in c.runs.items()}) for c in found.grid.columns]
    return encode(TestPast(
        row.id, row.key, row.summary, row.definition.type.label, row.number, found.grid.rows, columns, took.median / 1000 if took else None,
        _versions(found), [f.sentence for f in found.flaky], found.quarantine.reason if found.quarantine else None,
        [r.key for r in found.requirements], [a.text for a in found.aliases], found.keys,
    ))  # fmt: skip


def _run(run: RunRow, table: StatusTable) -> PastRun:
    known = run.start_ms is not None and run.finish_ms is not None
    took = ((run.finish_ms or 0) - (run.start_ms or 0)) / 1000 if known else None
    started = format_instant(run.start_ms) if run.start_ms is not None else ""
    return PastRun(run.id, run.execution_key, table.by_id[run.status_id].name, started, took, run.attempts)


def _versions(found: Past) -> list[PastVersion]:
    return [PastVersion(v.number, format_instant(v.created_ms), v.by, found.runs.get(v.id, 0)) for v in found.versions]


@signed_in
async def version_differences(request: Request, caller: Caller) -> Response:
    """How two versions of a Test's definition differ, line by line and word by word."""
    query, key = request.query_params, request.path_params["key"]
    version, against = VERSION.read(query) or None, AGAINST.read(query)
    if not against:
        row = (await read(request, browse_test.compare_versions, caller, key, version, None)).row
        against = max(1, row.number - 1)
    found = await read(request, browse_test.compare_versions, caller, key, version, against)
    return encode(VersionDifferences(found.row.number, found.against, found.lines))


endpoints = [
    Endpoint(
        id="past_of_test", group=GROUP, method="GET", paths=("/api/tests/{key}",), handler=past, answers={200: Answer(TestPast, "The Test.")},
        **TEST,
    ),
    Endpoint(
        id="version_differences", group=GROUP, method="GET", paths=("/api/tests/{key}/differences",), handler=version_differences,
        answers={200: Answer(VersionDifferences, "The lines.")}, query=(VERSION, AGAINST), **TEST,
    ),
]  # fmt: skip
