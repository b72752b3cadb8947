# SPDX-License-Identifier: Apache-2.0
"""The search: a JQL query, or just words or a key."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct
from starlette.responses import RedirectResponse

from radiograph.actions import browse
from radiograph.actions.finding import places
from radiograph.actions.search import search as find
from radiograph.domain.errors import IssueNotFound
from radiograph.domain.jql.errors import WrongQuery
from radiograph.domain.jql.parser import parse_jql
from radiograph.domain.jql.printer import quoted
from radiograph.domain.keys import parse_id, parse_issue_key
from radiograph.web.pages.render import base_path, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.search import Found
    from radiograph.domain.people import Caller

_PAGE = 50
_BEFORE, _AFTER = 60, 30
"""Characters of the query that are shown around a fault."""


class Marked(Struct):
    """A fault: what is wrong, the query around it, and how far in it is."""

    what: str
    text: str
    indent: int


def _marked(jql: str, error: WrongQuery) -> list[Marked]:
    found = []
    for fault in error.faults[:10]:
        start = max(0, min(fault.at, len(jql)) - _BEFORE)
        text = "".join(c if c.isprintable() else " " for c in jql[start : fault.at + _AFTER])
        found.append(Marked(fault.what, text, fault.at - start))
    return found


def as_query(text: str) -> str:
    """The query that a text in the search box is: itself, or the words that a summary has when it is no query."""
    try:
        parse_jql(text)
    except WrongQuery:
        if any(sign in text for sign in "=~<>()"):
            return text  # meant as a query: its fault is shown
        return f"summary ~ {quoted(text)} ORDER BY updated DESC"
    return text


async def search(request: Request, caller: Caller) -> Response:
    """What a query finds, 50 at a time; a key leads to its issue, plain words are looked for in summaries."""
    given = request.query_params.get("jql", "").replace("\0", " ").strip()
    skip = min(parse_id(request.query_params.get("start", "")) or 0, 10**9)
    if parse_issue_key(given):
        found = await _key(request, caller, given)
        if found:
            return found
    jql = as_query(given)
    answer: Found | None = None
    faults: list[Marked] = []
    try:
        if given:
            answer = await request.app.state.threads.read(find, request.app.state.services, caller, jql, skip, _PAGE)
    except WrongQuery as error:
        faults = _marked(jql, error)
    words = jql != given and not faults and not skip
    found_places = await request.app.state.threads.read(places, request.app.state.services, caller, given) if words else []
    more = skip + _PAGE if answer is not None and skip + _PAGE < answer.total else 0
    return page(
        request, "search.html", 400 if faults else 200, json=f"/rest/api/2/search?{urlencode({'jql': jql})}" if answer else "",
        places=found_places, given=given, jql=jql if jql != given else "", faults=faults, rows=answer.rows if answer else [],
        total=answer.total if answer else None, start=skip, next=f"?{urlencode({'jql': given, 'start': more})}" if more else "",
    )  # fmt: skip


async def _key(request: Request, caller: Caller, key: str) -> Response | None:
    state = request.app.state
    try:
        issue = await state.threads.read(browse.find, state.services, caller, key)
    except IssueNotFound:
        return None
    return RedirectResponse(f"{base_path(request)}/browse/{issue.key}", 303)
