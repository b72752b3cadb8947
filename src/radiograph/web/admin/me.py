# SPDX-License-Identifier: Apache-2.0
"""The caller's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import own_account
from radiograph.actions.own_account import Me
from radiograph.web.auth import session_cookies
from radiograph.web.endpoints import Answer, Endpoint, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


@signed_in
async def own(request: Request, caller: Caller) -> Response:
    """The caller's account: tokens and clients without their secrets, sessions, roles."""
    return encode(await read(request, own_account.me, caller, session_cookies(request)))


endpoints = [Endpoint(id="me", group="Administration", method="GET", paths=("/api/me",), handler=own, answers={200: Answer(Me)})]
