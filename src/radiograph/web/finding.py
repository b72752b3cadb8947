# SPDX-License-Identifier: Apache-2.0
"""What the field above every page offers while it is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.finding import Hit, find_anything
from radiograph.web.endpoints import Answer, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

_TEXT = Word("q", "A key, a part of one, or words.", "basket")


class HitData(Struct):
    """Something that was found: what it is, its key or name, what it is about, and its page below the base path."""

    kind: str
    name: str
    text: str
    path: str


class HitsData(Struct):
    """What was found, the likeliest first."""

    hits: list[HitData]


@signed_in
async def find(request: Request, caller: Caller) -> Response:
    """At most ten things by a part of what they are called: projects, issues, test environments, versions.

    Words are looked for in summaries, a piece of a definition in definitions; the newest issues are looked through.
    """
    found: list[Hit] = await read(request, find_anything, caller, _TEXT.read(request.query_params))
    return encode(HitsData([HitData(h.kind, h.name, h.text, h.path) for h in found]))


endpoints = [
    Endpoint(
        id="find", group="Projects", method="GET", paths=("/api/find",), handler=find, query=(_TEXT,),
        answers={200: Answer(HitsData, "What was found.")},
    ),
]  # fmt: skip
