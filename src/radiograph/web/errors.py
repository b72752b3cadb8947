# SPDX-License-Identifier: Apache-2.0
"""The one place where an error gets an HTTP status and a shape.

Xray's paths: `{"error", "message", "details"}`. Jira's: `{"errorMessages", "errors"}`. Pages: HTML.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.responses import Response

from radiograph.domain import errors as e
from radiograph.web.log import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    HtmlError = Callable[[Request, int, str, Sequence[e.Problem], str], Response]

JSON = "application/json;charset=UTF-8"


class XrayError(Struct):
    """What was wrong; `message` is the same text, and `details` tell each place."""

    error: str
    message: str
    details: list[e.Problem]


class JiraError(Struct, rename="camel"):
    """What was wrong: texts, or problems by field."""

    error_messages: list[str]
    errors: dict[str, str]


STATUS: dict[type[e.DomainError], int] = {
    e.NotSignedIn: 401,
    e.LicenceLapsed: 401,
    e.Forbidden: 403,
    e.NotFound: 404,
    e.Conflict: 409,
    e.TooLarge: 413,
    e.UnsupportedType: 415,
    e.TooManyTries: 429,
    e.StoreUnavailable: 503,
    e.StorageFull: 507,
    e.Refused: 400,
    e.DomainError: 400,
}
INTERNAL = "An internal error occurred when importing execution results."


_WHOLE = {"$", "body"}
"""Places that are no field but all of a body."""


def status_of(error: e.DomainError) -> int:
    """The HTTP status of an error, by the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def encode(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401
    """A JSON answer as clients of Xray and Jira expect it."""
    return Response(msgspec.json.encode(value), status, headers, JSON)


def answer(request: Request, status: int, text: str, details: Sequence[e.Problem] = (), **headers: str) -> Response:
    """An error in the shape that the path's clients read."""
    path = request.scope.get("path", "")
    if "/rest/api/" in path:
        fields = {p.path: p.problem for p in details if p.path not in _WHOLE}
        return encode(JiraError([] if fields else [text], fields), status, headers)
    if _wants_page(request):
        page: HtmlError | None = getattr(request.app.state, "html_error", None)
        if page is not None:
            return page(request, status, text, details, headers.get("X-Error-Id", ""))
    return encode(XrayError(text, text, list(details)), status, headers)


def _wants_page(request: Request) -> bool:
    path = request.scope.get("path", "")
    api = any(part in path for part in ("/rest/", "/api/", "/health/", "/plugins/", "/secure/")) or path.endswith(".json")
    return not api and "text/html" in request.headers.get("accept", "")


async def on_domain_error(request: Request, error: Exception) -> Response:
    """A domain error with its status; headers where the status asks for one."""
    assert isinstance(error, e.DomainError)  # noqa: S101  (Starlette sends each class to its handler)
    headers = {}
    request.state.near = getattr(error, "near", ())
    if isinstance(error, e.NotSignedIn):
        # A browser asks its person for a password when a page's own script is told "Basic"; the page leads to the sign-in instead.
        scheme = "Session" if request.headers.get("x-requested-with") == "fetch" else "Basic"
        headers["WWW-Authenticate"] = f'{scheme} realm="Radiograph", charset="UTF-8"'
    if isinstance(error, e.TooManyTries):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, e.StoreUnavailable):
        headers["Retry-After"] = "2"
        LOG.error("store unavailable", cause=str(error.__cause__))
    return answer(request, status_of(error), error.message, error.details, **headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    """What the router says (404, 405), as JSON."""
    assert isinstance(error, HTTPException)  # noqa: S101
    path = request.url.path
    texts = {
        404: f"There is nothing at {path}.",
        405: f"{request.method} is not possible at {path}.",
    }
    text = texts.get(error.status_code, error.detail or HTTPStatus(error.status_code).phrase)
    return answer(request, error.status_code, text, (), **dict(error.headers or {}))


async def on_hung_up(request: Request, _error: Exception) -> Response:
    """The client hung up in the middle of its body: nobody reads the answer, and nothing is wrong here."""
    LOG.info("client hung up", path=request.url.path)
    return answer(request, 400, "The request ended in the middle of its body.")


async def on_crash(request: Request, error: Exception) -> Response:
    """A bug: the answer has an id that the log holds too, and nothing else of it."""
    number = secrets.token_hex(6)
    LOG.error("internal error", error_id=number, path=request.url.path, exc_info=error)
    text = f"{INTERNAL} Error id: {number}" if "/import/" in request.url.path else f"An internal error occurred. Error id: {number}"
    return answer(request, 500, text, (), **{"X-Error-Id": number})
