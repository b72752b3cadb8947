# SPDX-License-Identifier: Apache-2.0
"""The Tests of a project, as the page lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse_tests import Asked, TestsPage, tests_page
from radiograph.domain.clock import format_instant
from radiograph.web.endpoints import Answer, Endpoint, Flag, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.tests.names import GROUP
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

AFTER = Whole("after", "Where the page before ended.", 0, 2**63 - 1, 0)
_WORDS = (
    Word("status", "The status of the latest run, or `failing`.", "failing"), Word("type", "Manual, Cucumber or Generic."),
    Word("label", "A label."), Word("folder", "A folder of the Test Repository, with those below it.", "/Shop"),
    Word("q", "Words in the key or the summary."),
)  # fmt: skip
_FLAGS = (
    Flag("flaky", "Flaky ones only."), Flag("quarantined", "Those in quarantine only."), Flag("never", "Those without a run only."),
)  # fmt: skip


class ListedTestShape(Struct, rename="camel"):
    """A Test; `latest` are the statuses of its last runs, newest first, `lastRun` when the newest began."""

    key: str
    summary: str
    type: str
    latest: list[str]
    last_run: str
    folder: str
    labels: list[str]
    flaky: str
    quarantined: bool


class TestListing(Struct):
    """A page of Tests; `next` goes into `after` for the next one, null at the end."""

    __test__ = False

    tests: list[ListedTestShape]
    next: int | None


def asked(request: Request) -> Asked:
    """What the query asks for; the page of Tests reads it alike."""
    query = request.query_params
    status, kind, label, folder, words = (word.read(query)[:300] for word in _WORDS)
    flaky, quarantined, never = (flag.read(query) for flag in _FLAGS)
    return Asked(status, kind, label, folder, words, flaky, quarantined, never)


@signed_in
async def tests_of_project(request: Request, caller: Caller) -> Response:
    """The Tests of a project by key, 50 at most, by what is asked of them.

    At most 5,000 Tests are looked at for a page: one with few or no Tests in it may have a next one.
    """
    after = AFTER.read(request.query_params)
    found: TestsPage = await read(request, tests_page, caller, request.path_params["key"], asked(request), after)
    statuses = found.statuses.by_id
    shown = [
        ListedTestShape(
            r.key, r.summary, r.type.label, [statuses[s].name for _, s in r.latest],
            format_instant(r.ran_ms) if r.ran_ms is not None else "", found.places.get(r.id, ""), r.labels, found.flaky.get(r.id, ""),
            r.id in found.quarantined,
        )
        for r in found.rows
    ]  # fmt: skip
    return encode(TestListing(shown, found.next or None))


endpoints = [
    Endpoint(
        id="tests_of_project", group=GROUP, method="GET", paths=("/api/projects/{key}/tests",), handler=tests_of_project,
        answers={200: Answer(TestListing, "The Tests.")}, query=(*_WORDS, *_FLAGS, AFTER), path_parameters={"key": (str, "The key of the project.", "DEMO")},
    ),
]  # fmt: skip
