# SPDX-License-Identifier: Apache-2.0
"""Badges for a README: a small picture that says how tests stand, by an address that nobody can guess."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from starlette.responses import Response

from radiograph.actions.badges import BAD, GOOD, NONE, Badge
from radiograph.actions.badges import badge as badge_of
from radiograph.domain.errors import NotFound
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_AGE_S = 60
_LABEL, _HEIGHT, _LEFT = "tests", 20, 44
_NARROW, _WIDE = "iljt.,:;!|'()[] ", "mwMW@%"
_COLOURS = {GOOD: "#1f7a38", BAD: "#c42b1c", NONE: "#6b6b66"}
_SHAPES = {
    GOOD: '<circle cx="12" cy="10" r="4"/>', BAD: '<path d="M9 6.5 12 9.500l3-3 1.500 1.500-3 3 3 3-1.500 1.500-3-3-3 3-1.500-1.500 3-3-3-3z" transform="translate(0 -1)"/>',
    NONE: '<circle cx="12" cy="10" r="3.500" fill="none" stroke="#fff" stroke-width="1.500"/>',
}  # fmt: skip
"""A disc, a cross and a ring: what the colour says, for who doesn't see it."""


def _width(text: str) -> int:
    """About how wide a text is at 11 px; the picture then makes it so."""
    return round(sum(3.5 if c in _NARROW else 9.5 if c in _WIDE else 6.4 for c in text))


def draw(badge: Badge) -> str:
    """The picture, as SVG that needs no font and no script, with its text for who doesn't see it."""
    said, long = escape(badge.text), _width(badge.text)
    total, name = _LEFT + 34 + long, f"{_LABEL}: {said}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{_HEIGHT}" viewBox="0 0 {total} {_HEIGHT}" role="img" aria-label="{name}">'
        f'<title>{name}</title><clipPath id="c"><rect width="{total}" height="{_HEIGHT}" rx="3"/></clipPath><g clip-path="url(#c)">'
        f'<rect width="{_LEFT}" height="{_HEIGHT}" fill="#1d1d1b"/><rect x="{_LEFT}" width="{total - _LEFT}" height="{_HEIGHT}" fill="{_COLOURS[badge.state]}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="8" y="14" textLength="{_LEFT - 16}">{_LABEL}</text>'
        f'<g transform="translate({_LEFT} 0)">{_SHAPES[badge.state]}</g><text x="{_LEFT + 24}" y="14" textLength="{long}">{said}</text></g></svg>'
    )


async def badge(request: Request) -> Response:
    """The badge of a branch, a Test Plan or a Test Execution; `key` is the project's badge key."""
    target, given = str(request.path_params["target"]), request.query_params.get("key", "")
    named = target.removesuffix(".svg") if target.endswith(".svg") else ""
    try:
        found, status = await read(request, badge_of, request.path_params["key"], named, given if named else ""), 200
    except NotFound:
        found, status = Badge("no such badge", NONE), 404
    picture = draw(found)
    mark = f'"{hashlib.sha256(picture.encode()).hexdigest()[:32]}"'
    headers = {
        "ETag": mark, "Cache-Control": f"public, max-age={MAX_AGE_S}", "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }  # fmt: skip
    if status == 200 and mark in request.headers.get("if-none-match", ""):  # noqa: PLR2004
        return Response(None, 304, headers)
    return Response(picture, status, headers, "image/svg+xml")
