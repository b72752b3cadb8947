# SPDX-License-Identifier: Apache-2.0
"""Pages with several forms: the field `do` of each says what it does, and what goes wrong is said above the page it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from starlette.responses import Response

from radiograph.domain.errors import Conflict, NotFound, Refused, TooManyTries
from radiograph.domain.keys import parse_id
from radiograph.web.errors import status_of
from radiograph.web.pages.forms import done, sent, text
from radiograph.web.pages.render import base_path

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from radiograph.domain.people import Caller

Act: TypeAlias = "Callable[[Request, Caller, FormData], Awaitable[Response | str]]"
"""Does what a form asks; a text is said on top of the page it came from, which is loaded anew."""
Show: TypeAlias = "Callable[..., Awaitable[Response]]"
"""Shows the page; `wrong` is what went wrong, `status` the answer's."""


async def act(request: Request, caller: Caller, acts: Mapping[str, Act], show: Show) -> Response:
    """Do what a form asks. Raises Refused for one that the page doesn't have, and what isn't the reader's to mend (Forbidden)."""
    form = await sent(request)
    chosen = acts.get(text(form, "do"))
    if chosen is None:
        raise Refused("This page has no such form.")
    try:
        said = await chosen(request, caller, form)
    except (Refused, Conflict, NotFound, TooManyTries) as error:
        request.state.refused = form
        return await show(request, caller, wrong=error.message, status=status_of(error))
    if isinstance(said, Response):
        return said
    query = f"?{request.url.query}" if request.url.query else ""
    return done(request, request.url.path.removeprefix(base_path(request)) + query, said)


async def or_again(
    request: Request,
    caller: Caller,
    work: Callable[[Request, Caller, FormData], Awaitable[Response]],
    show: Callable[[Request, Caller], Awaitable[Response]],
) -> Response:
    """Do what the form that was sent asks; where that is refused, show its page again, with what was wrong on top and what was filled in.

    `show` shows the page by the request's address, which must be the page's own: its links are told from there.
    """
    form = await sent(request)
    try:
        return await work(request, caller, form)
    except (Refused, Conflict, NotFound, TooManyTries) as error:
        request.state.refused, request.state.refusal = form, error.message
        response = await show(request, caller)
        response.status_code = status_of(error)
        return response


def whole(form: FormData, name: str, default: int = 0) -> int:
    """A field with a whole number of 0 or more, the default when it is empty; raises Refused."""
    given = text(form, name)
    number = parse_id(given) if given else default
    if number is None:
        raise Refused(f"{name.replace('_', ' ')} must be a whole number, not {given[:100]!r}.")
    return number


def secret(form: FormData, name: str) -> str:
    """A password as it was typed, white space and all."""
    value: Any = form.get(name, "")
    return value if isinstance(value, str) else ""
