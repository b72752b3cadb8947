# SPDX-License-Identifier: Apache-2.0
"""Puts the server together: routes, errors, headers, and what each request works with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute, Mount, Route

from radiograph.actions.accounts import Gate
from radiograph.actions.live import how_they_stand
from radiograph.domain.errors import DomainError
from radiograph.web import api_docs, errors, health
from radiograph.web.api import ENDPOINTS
from radiograph.web.endpoints import routes_of
from radiograph.web.jobs import Jobs
from radiograph.web.live import Live
from radiograph.web.pages import routes as pages
from radiograph.web.pages.render import html_error
from radiograph.web.threads import Threads
from radiograph.web.upkeep import lifespan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from radiograph.actions.services import Services

_SESSIONS = 10_000
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class SafeHeaders:
    """Adds the headers that keep browsers from guessing and framing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the answer gets the headers that it lacks."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                has = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _HEADERS if h[0] not in has)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class PlainAddresses:
    """Refuses an address with a NUL in it: no key, name or id has one, and some databases can't even look for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or ("\0" not in scope["path"] and b"%00" not in scope["query_string"]):
            await self.app(scope, receive, send)
            return
        text = "The address has a NUL character (%00) in it; nothing here has one in its key, name or id."
        await errors.answer(Request(scope), 400, text)(scope, receive, send)


@cache
def all_routes() -> tuple[BaseRoute, ...]:
    """Every route, without the base path; made once a process, since each compiles a pattern."""
    return (
        *routes_of(ENDPOINTS),
        Route("/api-docs", api_docs.operations),
        Route("/api-docs/{operation}", api_docs.operation),
        *pages.routes,
    )


def build_app(services: Services) -> Starlette:
    """The server for these services; the one composition of everything that speaks HTTP."""
    base = services.settings.base_path.rstrip("/")
    routes: Sequence[BaseRoute] = all_routes()
    if base:
        routes = [*routes_of(health.endpoints), Mount(base, routes=routes)]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(SafeHeaders), Middleware(PlainAddresses)],
        exception_handlers={
            DomainError: errors.on_domain_error,
            HTTPException: errors.on_http_error,
            ClientDisconnect: errors.on_hung_up,
            Exception: errors.on_crash,
        },
    )
    app.state.services = services
    app.state.html_error = html_error
    app.state.gate = Gate()
    app.state.threads = Threads()
    app.state.jobs = Jobs()
    app.state.live = Live(lambda ids: app.state.threads.read(how_they_stand, app.state.services, ids))
    app.state.sessions = {}
    app.state.sessions_limit = _SESSIONS
    return app
