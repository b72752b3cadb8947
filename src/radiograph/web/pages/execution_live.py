# SPDX-License-Identifier: Apache-2.0
"""What changes in an execution while its page is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from radiograph.actions import browse
from radiograph.domain.errors import NotFound
from radiograph.web.auth import authenticate

if TYPE_CHECKING:
    from starlette.requests import Request

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Security-Policy": "default-src 'none'"}


async def execution_live(request: Request) -> Response:
    """How the execution stands, now and at each change, as server-sent events; who isn't signed in gets a 401."""
    state = request.app.state
    caller = await authenticate(request)
    issue = await state.threads.read(browse.find, state.services, caller, request.path_params["key"])
    if issue.execution is None:
        raise NotFound(f"{issue.key} is no Test Execution.")
    return StreamingResponse(state.live.events(issue.id), media_type="text/event-stream", headers=_HEADERS)
