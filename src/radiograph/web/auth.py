# SPDX-License-Identifier: Apache-2.0
"""Who is calling: Basic, Bearer, or the session cookie that an authenticated answer sets."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from radiograph.actions import accounts
from radiograph.domain.errors import Forbidden, NotSignedIn

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

COOKIE = "JSESSIONID"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_MOST_COOKIES = 5


async def authenticate(request: Request) -> Caller:
    """The caller; raises NotSignedIn, TooManyTries, or Forbidden for a form of another site.

    A form of another site may carry the name and password that a browser was given at a Basic challenge, as it may carry a cookie.
    A Bearer token no browser sends by itself.
    """
    header = request.headers.get("authorization", "")
    scheme, _, value = header.partition(" ")
    state = request.app.state
    if scheme.lower() == "bearer":
        caller = await state.threads.read(
            accounts.sign_in_with_token, state.services, state.gate, value.strip(), _address(request),
        )  # fmt: skip
        return await _with_session(request, caller, value.strip())
    if scheme.lower() == "basic":
        refuse_other_sites(request)
        name, password = _basic(value)
        caller = await state.threads.read(
            accounts.sign_in_with_password, state.services, state.gate, name, password, _address(request),
        )  # fmt: skip
        return await _with_session(request, caller, value.strip())
    return await _by_cookie(request)


async def _by_cookie(request: Request) -> Caller:
    state = request.app.state
    for cookie in session_cookies(request):
        found: Caller | None = await state.threads.read(accounts.sign_in_with_session, state.services, cookie)
        if found is not None:
            refuse_other_sites(request)
            return found
    raise NotSignedIn


def session_cookies(request: Request) -> list[str]:
    """What may be our session: another server of the same host, such as a Jira, has a cookie of the same name."""
    pairs = (pair.strip().partition("=") for header in request.headers.getlist("cookie") for pair in header.split(";"))
    return list(dict.fromkeys(value.strip('"') for name, _, value in pairs if name == COOKIE and value))[:_MOST_COOKIES]


def refuse_other_sites(request: Request) -> None:
    """A browser that acts for another site may change nothing: its Origin, or Sec-Fetch-Site, gives it away."""
    if request.method not in _SAFE and is_of_other_site(request):
        raise Forbidden("This request came from another site.")


def is_of_other_site(request: Request) -> bool:
    """Whether a browser says that a page of another site sent this."""
    origin = request.headers.get("origin")
    elsewhere = bool(origin) and host_of(origin or "") != request.headers.get("host")
    return elsewhere or request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}


def host_of(address: str) -> str:
    """The host, with its port, of an address that a browser names; "" for what is no address."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _basic(value: str) -> tuple[str, str]:
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:  # no base64, or no UTF-8
        raise NotSignedIn from None
    if not colon:
        raise NotSignedIn
    return name, password


async def _with_session(request: Request, caller: Caller, credential: str) -> Caller:
    """Remember to set the session cookie; one session is reused for each credential, so no call writes one.

    A scoped token gets none: a session has its owner's whole rights.
    """
    state = request.app.state
    scoped = caller.token_projects is not None or caller.token_role is not None
    if scoped or session_cookies(request):
        return caller
    mark = hashlib.sha256(f"{caller.id}\0{credential}".encode()).hexdigest()
    cookie = state.sessions.get(mark)
    if cookie is None:
        cookie = await state.threads.write(accounts.open_session, state.services, caller)
        state.sessions[mark] = cookie
        while len(state.sessions) > state.sessions_limit:
            state.sessions.pop(next(iter(state.sessions)))
    request.state.new_session = cookie
    return caller


def set_session_cookie(request: Request, response: Response) -> None:
    """Set the cookie of the session that `authenticate` chose, if it chose one."""
    cookie = getattr(request.state, "new_session", None)
    if cookie:
        write_cookie(request, response, cookie)


def write_cookie(request: Request, response: Response, cookie: str) -> None:
    """Set a session cookie as it has to be."""
    path = request.app.state.services.settings.base_path or "/"
    response.set_cookie(COOKIE, cookie, path=path, httponly=True, samesite="lax", secure=request.url.scheme == "https")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
