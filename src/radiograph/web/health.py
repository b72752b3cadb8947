# SPDX-License-Identifier: Apache-2.0
"""Whether the process answers, and whether it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.web.endpoints import Answer, Endpoint
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.services import Services


class Health(Struct):
    """`live` or `ready`."""

    status: str


async def live(_request: Request) -> Response:
    """The process answers."""
    return encode(Health("live"))


async def ready(request: Request) -> Response:
    """Requests are served: the database answers."""
    await read(request, _touch)
    return encode(Health("ready"))


def _touch(services: Services) -> None:
    with services.db.read() as conn:
        conn.exec_driver_sql("SELECT 1")


endpoints = [
    Endpoint(id="live", group="Health", method="GET", paths=("/health/live",), handler=live, answers={200: Answer(Health)}, open=True),
    Endpoint(
        id="ready", group="Health", method="GET", paths=("/health/ready",), handler=ready, answers={200: Answer(Health)}, errors=(503,),
        open=True,
    ),
]  # fmt: skip
