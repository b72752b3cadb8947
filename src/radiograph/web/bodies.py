# SPDX-License-Identifier: Apache-2.0
"""Bodies of requests that are no report: JSON of a type, or plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from radiograph.domain.errors import Problem, Refused
from radiograph.formats.json_value import MAX_SIZE, read_typed
from radiograph.web.spool import receive

if TYPE_CHECKING:
    from starlette.requests import Request

_T = TypeVar("_T")
_PLACE = re.compile(r"(.*?) - at `\$\.?(.*)`$", re.DOTALL)


async def read_body(request: Request, kind: type[_T], *, files: bool = False, lenient: bool = False) -> _T:
    """The request's JSON as a type; raises Refused that names the member.

    With `files` it may be as large as an import (the setting `max_body`); else 16 MiB. `Raw` members
    stay views of the body. `lenient` takes a number or a truth value that was written as a text, as Jira does.
    """
    spool = await receive(request, None if files else MAX_SIZE)
    try:
        return read_typed(spool.view(), kind, "body", lenient=lenient)
    except msgspec.ValidationError as error:
        found = _PLACE.match(str(error))
        problem, path = (found[1], found[2]) if found else (str(error), "body")
        raise Refused(f"{path}: {problem}", [Problem(path, problem)]) from None
    finally:
        spool.close()


async def read_text(request: Request) -> str:
    """The request's body as text, "" when there is none; a JSON string is taken for its text.

    Xray's clients send plain text as `application/json`. Raises Refused when it is no UTF-8.
    """
    spool = await receive(request, MAX_SIZE)
    try:
        data = bytes(spool.view())
    finally:
        spool.close()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start})"
        raise Refused(f"The body {problem}.", [Problem("body", problem)]) from None
    return _unquoted(text).replace("\0", "�")


def _unquoted(text: str) -> str:
    if not text.lstrip().startswith('"'):
        return text
    try:
        return msgspec.json.decode(text, type=str)
    except msgspec.DecodeError:
        return text
