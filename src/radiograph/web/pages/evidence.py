# SPDX-License-Identifier: Apache-2.0
"""A file of evidence: an image beside the same one of the last pass, a log that is searched, JSON, requests, or a download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from markupsafe import Markup
from msgspec import Struct

from radiograph.actions.browse_evidence import MATCHES, WINDOW, evidence_page, read_lines, read_whole
from radiograph.domain.ansi import without_looks
from radiograph.domain.keys import parse_id
from radiograph.formats import har
from radiograph.web.addresses import attachment_address, number
from radiograph.web.endpoints import Whole
from radiograph.web.pages import json_tree
from radiograph.web.pages.markup import exact
from radiograph.web.pages.render import base_path, page, web_address
from radiograph.web.pages.words import cut, seconds, size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse_evidence import EvidencePage, Lines
    from radiograph.domain.people import Caller
    from radiograph.formats.har import HarRequest

ZOOMS = ("fit", "50", "100", "200", "400")
VIEWS = ("beside", "slider", "difference", "one")
LINE = Whole("line", "The number of the first line.", 1, 10**12, 1)
LONGEST_SOUGHT = 500
_ROOM, _AROUND, _LONGEST_URL, _BAD = 110_000, 200, 2000, 400
"""How many characters the lines or requests of a page have, about, and how many each costs beside its own."""


class LineOf(Struct):
    """A line of a log; `cut` says that it is longer than what is shown."""

    number: int
    text: Markup
    cut: bool


class RequestLine(Struct):
    """A request of an archive; `href` leads there when it is an address of the web."""

    method: str
    url: str
    href: str
    status: str
    bad: bool
    kind: str
    size: str
    took: str


async def evidence(request: Request, caller: Caller) -> Response:
    """The page of a file."""
    state, base, query = request.app.state, base_path(request), request.query_params
    found: EvidencePage = await state.threads.read(evidence_page, state.services, caller, number(request, "id"))
    file = found.file
    beside = [f.id for f in found.beside]
    at = beside.index(file.id) if file.id in beside else 0
    values: dict[str, Any] = {
        "f": file, "found": found, "run": found.run, "href": attachment_address(base, file.id, file.filename), "text": None, "tree": None,
        "requests": None, "previous": found.beside[at - 1] if at else None, "next": found.beside[at + 1] if at + 1 < len(beside) else None,
    }  # fmt: skip
    kind = found.kind
    if kind == "image":
        values |= _image(request, found)
    if kind == "har":
        values |= await state.threads.read(
            _requests, state.services, found, query.get("failed", "") == "1", parse_id(query.get("request", "")) or 0
        )
        kind = "har" if values["requests"] is not None else "json"
    if kind == "json" and "line" not in query and not query.get("q"):
        values["tree"] = await state.threads.read(_tree, state.services, found)
    if kind == "text" or (kind == "json" and values["tree"] is None):
        sought = query.get("q", "").strip()[:LONGEST_SOUGHT]
        lines = await state.threads.read(read_lines, state.services, file.sha256, sought, LINE.read(query))
        values |= _text(lines, sought)
        kind = "text"
    return page(request, "evidence.html", json=f"/api/evidence/{file.id}", kind=kind, **values)


def _image(request: Request, found: EvidencePage) -> dict[str, Any]:
    query, earlier = request.query_params, found.earlier
    view = query.get("view", "") if query.get("view", "") in VIEWS and earlier else "beside" if earlier else "one"
    zoom = query.get("zoom", "") if query.get("zoom", "") in ZOOMS else "fit"
    old = attachment_address(base_path(request), earlier.file.id, earlier.file.filename) if earlier else ""
    return {"view": view, "zoom": zoom, "zooms": ZOOMS, "views": VIEWS, "old": old, "earlier": earlier}


def _tree(services: Any, found: EvidencePage) -> Markup | None:  # noqa: ANN401  (the server's services)
    data = read_whole(services, found.file.sha256, json_tree.MOST_BYTES)
    return None if data is None else json_tree.json_tree(data)


def _requests(services: Any, found: EvidencePage, failed: bool, start: int) -> dict[str, Any]:  # noqa: ANN401, FBT001
    data = read_whole(services, found.file.sha256, har.MOST_BYTES)
    rows = har.read_har(data) if data is not None else None
    if rows is None:
        return {"requests": None}
    bad = [r for r in rows if _is_bad(r)]
    chosen = bad if failed else rows
    shown = fitting((_request(r) for r in chosen[start:]), lambda r: 2 * len(r.url) + len(r.href))
    end = start + len(shown)
    return {"requests": shown, "total": len(rows), "bad": len(bad), "failed": failed, "start": start, "end": end, "of": len(chosen)}


_Row = TypeVar("_Row")


def fitting(rows: Iterable[_Row], length: Callable[[_Row], int]) -> list[_Row]:
    """The first rows, as many as a page has room for; one at least."""
    found: list[_Row] = []
    room = _ROOM
    for row in rows:
        room -= length(row) + _AROUND
        if found and room < 0:
            break
        found.append(row)
    return found


def _is_bad(r: HarRequest) -> bool:
    return r.status >= _BAD or r.status <= 0


def _request(r: HarRequest) -> RequestLine:
    status = f"{r.status} {r.reason}".strip() if r.status > 0 else "no answer"
    took = seconds(r.took / 1000) if r.took >= 0 else ""
    length = size(r.size) if r.size >= 0 else ""
    return RequestLine(
        cut(r.method, 20),
        cut(r.url, _LONGEST_URL),
        web_address(r.url) if len(r.url) <= _LONGEST_URL else "",
        cut(status, 60),
        _is_bad(r),
        cut(r.kind, 60),
        length,
        took,
    )


def _text(found: Lines, sought: str) -> dict[str, Any]:
    every = (LineOf(r.number, _marked(r.text, sought), bool(r.before or r.after)) for r in found.rows)
    rows = fitting(every, lambda line: len(line.text))
    last = rows[-1].number if rows else 0
    following = ""
    if sought and found.matching is not None and (len(rows) == MATCHES or len(rows) < len(found.rows)):
        following = f"?{urlencode({'q': sought, 'line': last + 1})}"
    elif not sought and last < found.total:
        following = f"?line={last + 1}"
    first = rows[0].number if rows else 1
    before = f"?line={max(1, first - WINDOW)}" if not sought and first > 1 else ""
    ending = max(1, found.total - WINDOW + 1)
    return {
        "text": found, "lines": rows, "sought": sought, "following": following, "before": before, "first": first, "last": last,
        "ending": f"?line={ending}#L{found.total}" if not sought and last < found.total else "", "window": WINDOW,
    }  # fmt: skip


def _marked(text: str, sought: str) -> Markup:
    """A line with what was looked for marked; the colours of a terminal are left out then, they could lie across it."""
    if not sought:
        return exact(text)
    plain = without_looks(text)
    at, parts, low = 0, [], plain.lower()
    while (place := low.find(sought.lower(), at)) >= 0 and len(low) == len(plain):
        parts.append(Markup("{}<mark>{}</mark>").format(exact(plain[at:place]), exact(plain[place : place + len(sought)])))
        at = place + len(sought)
    return Markup("").join([*parts, exact(plain[at:])])
