# SPDX-License-Identifier: Apache-2.0
"""Templates, and how pages say times and durations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from starlette.responses import HTMLResponse, RedirectResponse, Response

from radiograph.domain.clock import format_instant, now_ms
from radiograph.domain.errors import NotSignedIn
from radiograph.web.auth import authenticate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from radiograph.domain.errors import Problem
    from radiograph.domain.people import Caller

CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000))
_TEMPLATES = Path(__file__).parent.parent / "templates"


def ago(ms: int) -> str:
    """`3 h ago`; a date once it is over a month."""
    age = now_ms() - ms
    if age > 31 * _UNITS[0][1]:
        return format_instant(ms)[:10]
    for name, size in _UNITS:
        if age >= size:
            return f"{age // size} {name} ago"
    return "just now"


def duration(start: int | None, finish: int | None) -> str:
    """`1.5 s` or `12 min`; empty when one end is unknown."""
    if start is None or finish is None or finish < start:
        return ""
    seconds = (finish - start) / 1000
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"  # noqa: PLR2004


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["ago"] = ago
    made.filters["iso"] = format_instant
    return made


_ENVIRONMENT = _environment()


def page(request: Request, template: str, caller: Caller | None, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
    """A rendered page."""
    base = request.app.state.services.settings.base_path.rstrip("/")
    text = _ENVIRONMENT.get_template(template).render(base=base, caller=caller, **values)
    return HTMLResponse(text, status, {"Content-Security-Policy": CSP, "Cache-Control": "no-store"})


def for_people(endpoint: Callable[[Request, Caller], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """A page for who is signed in; others are sent to sign in, and come back."""

    async def guarded(request: Request) -> Response:
        try:
            caller = await authenticate(request)
        except NotSignedIn:
            base = request.app.state.services.settings.base_path.rstrip("/")
            return RedirectResponse(f"{base}/sign-in?next={request.url.path}", 303)
        return await endpoint(request, caller)

    return guarded


def html_error(request: Request, status: int, text: str, details: Sequence[Problem], error_id: str) -> Response:
    """An error as a page."""
    return page(request, "error.html", None, status, status_code=status, text=text, details=details, error_id=error_id)
