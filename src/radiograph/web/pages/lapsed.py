# SPDX-License-Identifier: Apache-2.0
"""A form that was sent after its reader's session had ended: its fields, to be sent again once they are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from radiograph.domain.errors import Refused, TooLarge
from radiograph.web import multipart
from radiograph.web.addresses import own_path
from radiograph.web.auth import host_of, is_of_other_site
from radiograph.web.spool import receive

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST_BYTES, _MOST_FIELDS = 1024**2, 2000
_SECRETS = {"password", "old", "new", "again", "secret"}
"""Fields that no page ever shows: they are typed again."""


class Lapsed(Struct):
    """The fields of a form, but for passwords; `lost` says that something of it couldn't be kept, such as a file."""

    fields: list[tuple[str, str]]
    lost: bool


async def fields_of(request: Request) -> Lapsed | None:
    """What a form of one of our own pages sent; None for what may come from elsewhere, is no form, or is too long to be kept.

    Another site must not have its fields put into a page of ours, from which they would be sent as our own.
    """
    kind = request.headers.get("content-type", "").lower()
    if request.method != "POST" or not _is_ours(request) or not kind.startswith(("application/x-www-form-urlencoded", "multipart/")):
        return None
    try:
        spool = await receive(request, _MOST_BYTES)
    except TooLarge:
        return None
    try:
        found, lost = _read(spool.view(), request.headers["content-type"])
    except Refused:
        return None
    finally:
        spool.close()
    kept = [(name, value) for name, value in found if name not in _SECRETS]
    lost = lost or len(kept) != len(found)
    return Lapsed(kept, lost) if len(kept) <= _MOST_FIELDS and (kept or lost) else None


def _is_ours(request: Request) -> bool:
    """Whether the browser says that a page of this server sent it; one that says nothing may be acting for another site."""
    site = request.headers.get("sec-fetch-site")
    told = site == "same-origin" or (site is None and bool(request.headers.get("origin")))
    return told and not is_of_other_site(request)


def _read(body: memoryview, kind: str) -> tuple[list[tuple[str, str]], bool]:
    boundary = multipart.boundary_of(kind, bytes(body[:1024])) if kind.lower().startswith("multipart/") else None
    if boundary is None:
        return parse_qsl(bytes(body).decode("utf-8", "replace"), keep_blank_values=True), False
    parts = multipart.parts_of(body, boundary)
    texts = [(p.name, bytes(p.data).decode("utf-8", "replace")) for p in parts if not p.filename and not p.name.endswith("file")]
    return texts, any(p.filename for p in parts)


def page_before(request: Request) -> str:
    """The path, with its query, of the page that a form stood on, as the browser names it; "" where it names none of ours."""
    address = request.headers.get("referer", "")
    if host_of(address) != request.headers.get("host"):
        return ""
    before = urlsplit(address)
    return own_path(before.path + (f"?{before.query}" if before.query else ""))
