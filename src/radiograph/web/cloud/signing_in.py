# SPDX-License-Identifier: Apache-2.0
"""`POST /api/v{1,2}/authenticate`: a client's id and secret for a token (Xray Cloud docs, Authentication - REST v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import clients
from radiograph.web.bodies import read_body
from radiograph.web.cloud.endpoint import cloud_endpoint
from radiograph.web.endpoints import Answer, Body
from radiograph.web.errors import encode

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class Credentials(Struct):
    """What `radiograph client add` printed."""

    client_id: str
    client_secret: str


async def authenticate(request: Request) -> Response:
    """Trade a client id and secret for a token that lasts a day.

    The answer is the token as a JSON text. It is sent as `Authorization: Bearer`, to Xray Server's and Jira's paths too.
    """
    given = await read_body(request, Credentials)
    state, address = request.app.state, request.client.host if request.client else ""
    token = await state.threads.write(
        clients.sign_in_client, state.services, state.gate, given.client_id.strip(), given.client_secret.strip(), address
    )
    return encode(token)


_EXAMPLE = {"client_id": "0123456789ABCDEF0123456789ABCDEF", "client_secret": "the secret that was printed once"}

endpoints = [
    cloud_endpoint(
        "authenticate", "POST", "authenticate", authenticate, {200: Answer(str, "The token, as a JSON text.")},
        body=Body(Credentials, _EXAMPLE), errors=(401, 429, 503), open=True,
    ),
]  # fmt: skip
