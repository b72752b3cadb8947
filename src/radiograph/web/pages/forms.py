# SPDX-License-Identifier: Apache-2.0
"""Forms of pages: what they send, and where the reader is led when it is done.

A form is posted to the address of a page of its own, answers with 303, and what was done stands once on top of the
page that the reader is led to. Who may send one is told by where it comes from (`web/auth.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse

from radiograph.web.pages.render import LONGEST_SAID, SAID, WRONG, base_path
from radiograph.web.spool import receive

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Message

_MOST_FIELDS, _MOST_BYTES, _MOST_IN_ALL = 2000, 4 * 1024**2, 16 * 1024**2


async def sent(request: Request) -> FormData:
    """The fields of a form without files, of 16 MiB at most. Raises TooLarge, and what Starlette raises for a body that is none (400)."""
    spool = await receive(request, min(_MOST_IN_ALL, request.app.state.services.settings.max_body))
    try:
        data = bytes(spool.view())
    finally:
        spool.close()

    async def body() -> Message:
        return {"type": "http.request", "body": data, "more_body": False}

    async with Request(request.scope, body).form(max_files=0, max_fields=_MOST_FIELDS, max_part_size=_MOST_BYTES) as form:
        return FormData([(storable(name), storable(value) if isinstance(value, str) else value) for name, value in form.multi_items()])


def storable(text: str) -> str:
    """The text with U+FFFD for what no database can store, as bodies of JSON have it."""
    return text.replace("\0", "\ufffd")


def text(form: FormData, name: str) -> str:
    """A field without white space around it, "" when it is absent."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    """Every value of a field that may be there many times, such as the boxes that were ticked."""
    return [v.strip() for v in form.getlist(name) if isinstance(v, str) and v.strip()]


def done(request: Request, path: str, said: str, *, wrong: bool = False) -> Response:
    """Lead the reader to `path` (below the base path, with its query), where `said` stands once on top; `wrong`: it is why nothing was done."""
    response = RedirectResponse(f"{base_path(request)}{path}", 303)
    response.set_cookie(
        SAID, quote(f"{WRONG if wrong else ''}{said}"[:LONGEST_SAID]), max_age=60, path=base_path(request) or "/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response
