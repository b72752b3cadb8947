# SPDX-License-Identifier: Apache-2.0
"""A project's Tests in quarantine, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import quarantine
from radiograph.web.endpoints import Answer, Endpoint, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.quarantines import Quarantine


class Quarantined(Struct, rename="camel"):
    """A Test in quarantine; times are UTC milliseconds, `ended_ms` is null unless somebody ended it before its time."""

    id: int
    test: str
    summary: str
    reason: str
    by: str | None
    created_ms: int
    until_ms: int | None
    ended_ms: int | None


class QuarantineAnswer(Struct):
    """Those that hold, the first to end on top, and the last 50 that are over."""

    holding: list[Quarantined]
    over: list[Quarantined]


@signed_in
async def quarantined(request: Request, caller: Caller) -> Response:
    """A project's Tests in quarantine: their failures don't close a gate."""
    found = await read(request, quarantine.quarantine_page, caller, request.path_params["key"])
    return encode(QuarantineAnswer([_shape(q) for q in found.holding], [_shape(q) for q in found.over]))


def _shape(q: Quarantine) -> Quarantined:
    return Quarantined(q.id, q.test_key, q.test_summary, q.reason, q.by, q.created_ms, q.until_ms, q.ended_ms)


endpoints = [
    Endpoint(
        id="quarantine", group="Insight", method="GET", paths=("/api/projects/{key}/quarantine",), handler=quarantined,
        answers={200: Answer(QuarantineAnswer)}, errors=(404,), path_parameters={"key": (str, "the project's key", "DEMO")},
    ),
]  # fmt: skip
