# SPDX-License-Identifier: Apache-2.0
"""What a request asks to compare; pages and the API read it alike."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from radiograph.actions.browse import PAGE
from radiograph.actions.compare import Asked

if TYPE_CHECKING:
    from starlette.requests import Request


def asked_of(request: Request, limit: int = PAGE) -> Asked:
    """What the query asks for; what it doesn't give is empty."""
    query = request.query_params
    texts = {name: query.get(name, "").strip() for name in ("plan", "project", "show", "after")}
    environments = [e.strip() for e in query.getlist("environment") if e.strip()]
    return Asked([k for k in query.getlist("e") if k.strip()], environments=environments, limit=limit, **texts)


def query_of(keys: list[str], show: str = "", after: str = "") -> str:
    """The query that asks for the same comparison, whatever is newest by then."""
    more = [(name, value) for name, value in (("show", show), ("after", after)) if value]
    return urlencode([("e", key) for key in keys] + more)
