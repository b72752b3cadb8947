# SPDX-License-Identifier: Apache-2.0
"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from radiograph.actions import accounts
from radiograph.domain.errors import NotSignedIn, TooManyTries
from radiograph.web.addresses import own_path
from radiograph.web.auth import COOKIE, refuse_other_sites, session_cookies, write_cookie
from radiograph.web.pages.render import base_path, page

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller


async def sign_in(request: Request) -> Response:
    """The form, and what it sends."""
    if request.method != "POST":
        return page(request, "sign_in.html", error="", name="")
    refuse_other_sites(request)
    state = request.app.state
    async with request.form(max_files=0, max_fields=10) as form:
        name, password = str(form.get("name", "")), str(form.get("password", ""))
    address = request.client.host if request.client else ""
    try:
        caller = await state.threads.read(accounts.sign_in_with_password, state.services, state.gate, name, password, address)
    except NotSignedIn:
        return page(request, "sign_in.html", 401, error="The name or the password is wrong.", name=name)
    except TooManyTries as error:
        return page(request, "sign_in.html", 429, error=error.message, name=name)
    cookie = await state.threads.write(accounts.open_session, state.services, caller)
    response = RedirectResponse(_own_path(request), 303)
    write_cookie(request, response, cookie)
    return response


def _own_path(request: Request) -> str:
    """Where to go after signing in: a path of this server, never another one."""
    return own_path(request.query_params.get("next", "")) or f"{base_path(request)}/"


async def sign_out(request: Request, _caller: Caller) -> Response:
    """End the session; every cookie that may be ours is tried, since another server's may come first or last."""
    state = request.app.state
    for cookie in session_cookies(request):
        await state.threads.write(accounts.close_session, state.services, cookie)
    response = RedirectResponse(f"{base_path(request)}/sign-in", 303)
    response.delete_cookie(COOKIE, path=state.services.settings.base_path or "/")
    return response
