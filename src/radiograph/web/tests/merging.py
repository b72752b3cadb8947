# SPDX-License-Identifier: Apache-2.0
"""Merging Tests: what it would do, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.test_merge import Merge, merge_tests, preview_merge
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.tests.names import GROUP
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

INTO = Word("into", "The key of the Test that stays.", "DEMO-1209", required=True)


class MergeWanted(Struct):
    """The key of the Test that stays."""

    into: str


class MergeDone(Struct):
    """What moves, or moved: `joined` are executions in which both have a run, the earlier of which becomes an attempt of the later.

    `belongings` are counts by what they are of: requirements, sets, plans, comments and so on.
    """

    source: str
    target: str
    runs: int
    joined: int
    versions: int
    belongings: dict[str, int]


def _shape(merge: Merge) -> MergeDone:
    return MergeDone(merge.source.key, merge.target.key, merge.runs, merge.joined, merge.versions, merge.belongings)


@signed_in
async def preview(request: Request, caller: Caller) -> Response:
    """What merging a Test into another would do; nothing is changed."""
    return encode(_shape(await read(request, preview_merge, caller, request.path_params["key"], INTO.read(request.query_params))))


@signed_in
async def merge(request: Request, caller: Caller) -> Response:
    """Merge a Test into another of its project and type.

    The other gets all that it has. Its key and its name lead there from then on. It takes a lead.
    """
    wanted = await read_body(request, MergeWanted)
    return encode(_shape(await write(request, merge_tests, caller, request.path_params["key"], wanted.into)))


def _going(key: str) -> dict[str, tuple[type, str, str]]:
    return {"key": (str, "The key of the Test that goes.", key)}


_PATH, _DONE = "/api/tests/{key}/merge", {200: Answer(MergeDone, "The counts.")}

endpoints = [
    Endpoint(
        id="preview_merge", group=GROUP, method="GET", paths=(_PATH,), handler=preview, answers=_DONE, errors=(403, 409),
        query=(INTO,), path_parameters=_going("DEMO-1211"),
    ),
    Endpoint(
        id="merge_tests", group=GROUP, method="POST", paths=(_PATH,), handler=merge, answers=_DONE, errors=(409,), writes=True,
        body=Body(MergeWanted, {"into": "DEMO-1209"}), path_parameters=_going("DEMO-1210"),
    ),
]  # fmt: skip
