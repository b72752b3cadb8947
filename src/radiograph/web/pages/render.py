# SPDX-License-Identifier: Apache-2.0
"""Templates, and what every page has."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import jinja2
from starlette.responses import HTMLResponse, RedirectResponse, Response

from radiograph import __version__
from radiograph.actions import browse, projects
from radiograph.domain.clock import format_instant
from radiograph.domain.errors import NotSignedIn
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Right
from radiograph.web.auth import authenticate
from radiograph.web.pages import words
from radiograph.web.pages.areas import TABS
from radiograph.web.pages.lapsed import fields_of, page_before
from radiograph.web.pages.markup import exact
from radiograph.web.spool import check_head

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from radiograph.domain.errors import Problem
    from radiograph.domain.people import Caller

CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
SAID, LONGEST_SAID, WRONG = "radiograph-said", 600, "!"
"""The cookie with what a form did, in words, for the page that its reader is led to; `WRONG` before the words: it did nothing."""
_TEMPLATES = Path(__file__).parent.parent / "templates"


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters |= {
        "ago": words.ago, "iso": format_instant, "exact": words.exact, "size": words.size, "amount": words.amount, "cut": words.cut,
        "seconds": words.seconds, "exact_text": exact,
    }  # fmt: skip
    made.globals |= {"version": __version__, "may_execute": lambda caller, project_id: caller.may(Right.EDIT_RUN, project_id)}
    return made


_ENVIRONMENT = _environment()


def base_path(request: Request) -> str:
    """Under which path the server lies, without a slash at the end; pages link below it."""
    return str(request.app.state.services.settings.base_path).rstrip("/")


def page(
    request: Request, template: str, status: int = 200, *, json: str = "", area: str = "", here: str = "", **values: Any,  # noqa: ANN401
) -> Response:  # fmt: skip
    """A rendered page.

    `json` is the address of its twin in the API, below the base path; `area` is the key of the project that it belongs to,
    `here` the path of its tab among that project's (`web/pages/areas.py`).
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    said = unquote(request.cookies.get(SAID, ""))[:LONGEST_SAID] if caller else ""
    text = _ENVIRONMENT.get_template(template).render(
        base=base_path(request), **_refused(request), caller=caller, json=json, area=area, here=here,
        tabs=TABS if area else (), said=said.removeprefix(WRONG), said_wrong=said.startswith(WRONG), **values,
    )  # fmt: skip
    response = HTMLResponse(text, status, {"Content-Security-Policy": CSP, "Cache-Control": "no-store"})
    if said:
        response.delete_cookie(SAID, path=base_path(request) or "/")
    return response


def _refused(request: Request) -> dict[str, Any]:
    """What templates say of a form that was refused: what was wrong, what was typed, and what was ticked."""
    form: FormData | None = getattr(request.state, "refused", None)
    ticked = partial(_ticked, form) if form is not None else lambda _name, _value: False
    return {"refusal": getattr(request.state, "refusal", ""), "typed": partial(_typed, form), "ticked": ticked}


def _ticked(refused: FormData, name: str, value: object) -> bool:
    return str(value) in refused.getlist(name)


def _typed(refused: FormData | None, do: str | None, name: str, default: object = "", **where: str) -> object:
    """What a form that was refused had in a field, so that nobody types it twice; the default for every other form.

    `do` is what the form does (None: whatever it is); `where` are fields that tell it from others that do the same.
    """
    mine = refused is not None and all(refused.get(n, "") == value for n, value in ({} if do is None else {"do": do} | where).items())
    value = refused.get(name, "") if refused is not None and mine else default
    return value if isinstance(value, str) else default


def for_people(endpoint: Callable[[Request, Caller], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """A page for who is signed in; others are sent to sign in, and come back to the same address; a form is kept meanwhile."""

    async def guarded(request: Request) -> Response:
        try:
            request.state.caller = caller = await authenticate(request)
        except NotSignedIn:
            return await _signed_out(request)
        if request.method == "POST":
            check_head(request, request.app.state.services.settings.max_body)
            if "key" in request.path_params:
                await _look_for(request, caller)
        return await endpoint(request, caller)

    return guarded


async def _signed_out(request: Request) -> Response:
    """Send to sign in, and back: to the address, or for a form that can't be kept to the page that it stood on."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = here if request.method in {"GET", "HEAD"} else page_before(request) or f"{base_path(request)}/"
    sign_in = f"{base_path(request)}/sign-in?next={quote(wanted)}"
    form = await fields_of(request)
    return RedirectResponse(sign_in, 303) if form is None else page(request, "lapsed.html", 401, form=form, sign_in=sign_in, address=here)


async def _look_for(request: Request, caller: Caller) -> None:
    """Raise NotFound where a form's project or issue isn't there: that is said before what the form lacks."""
    state, key = request.app.state, request.path_params["key"]
    look = projects.project if request.url.path.startswith(f"{base_path(request)}/projects/") else browse.find
    await state.threads.read(look, state.services, caller, key)


def before(request: Request) -> int | None:
    """Where the page before ended, by the query's `before`; None: this is the first page."""
    return parse_id(request.query_params.get("before", ""))


def web_address(text: str) -> str:
    """The text where it is an address of the web, else nothing: a link never runs a script."""
    return text if text.startswith(("https://", "http://")) else ""


_TITLES = {
    400: "This can't be done", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "Not possible here", 409: "Conflict",
    429: "Too many tries", 500: "Something broke", 503: "The database can't be reached",
}  # fmt: skip


def html_error(request: Request, status: int, text: str, details: Sequence[Problem], error_id: str) -> Response:
    """An error as a page: what, why, keys that look like the one asked for, the id that the log has."""
    near = getattr(request.state, "near", ())
    text = text.partition(" Did you mean ")[0] if near else text
    title = _TITLES.get(status, f"Error {status}")
    return page(request, "error.html", status, code=status, title=title, text=text, near=near, details=details, error_id=error_id)
