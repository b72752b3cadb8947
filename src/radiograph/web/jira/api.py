# SPDX-License-Identifier: Apache-2.0
"""The part of Jira's REST API v2 that clients of Xray need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import issues
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Body, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import attachments, comments, links, meta, people, projects, shapes, types
from radiograph.web.jira import issues as issue_endpoints
from radiograph.web.jira.endpoint import jira_endpoint
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

START = Whole("startAt", "How many issues to skip.", 0, 10**9, 0)
MAX_RESULTS = Whole("maxResults", "How many issues a page has; more than 1000 are answered as 1000.", 0, 1000, 50, capped=True)
JQL = Word("jql", "project, issuetype, key and summary, joined by AND; ORDER BY key or created.", "project = DEMO AND summary ~ 'pay'")
FIELDS = Word("fields", "Names of the fields wanted, with commas; all when absent.", "summary,status")


def _wanted(text: str) -> shapes.Chosen:
    return shapes.Chosen(text.split(","))


@signed_in
async def search(request: Request, caller: Caller) -> Response:
    """Search for issues."""
    query = request.query_params
    skip, limit = START.read(query), MAX_RESULTS.read(query)
    return encode(await _found(request, caller, JQL.read(query), skip, limit, FIELDS.read(query)))


@signed_in
async def search_by_body(request: Request, caller: Caller) -> Response:
    """Search for issues, with the query in the body."""
    given = await read_body(request, types.SearchRequest, lenient=True)
    skip, limit = given.start_at or 0, MAX_RESULTS.default if given.max_results is None else min(given.max_results, MAX_RESULTS.most)
    fields = given.fields or ""
    return encode(await _found(request, caller, given.jql or "", skip, limit, fields if isinstance(fields, str) else ",".join(fields)))


async def _found(request: Request, caller: Caller, jql: str, skip: int, limit: int, fields: str) -> types.SearchAnswer:
    rows, total = await read(request, issues.search, caller, jql, skip, limit)
    custom = await read(request, issues.custom_fields)
    wanted, base = _wanted(fields), base_url(request)
    return types.SearchAnswer("", skip, limit, total, [shapes.issue_shape(row, custom, base, wanted) for row in rows])


_QUERY = {"jql": "project = DEMO", "startAt": 0, "maxResults": 50, "fields": ["summary"]}
_PAGED = (JQL, START, MAX_RESULTS, FIELDS)

endpoints = [
    *meta.endpoints,  # first: issue/createmeta is no issue
    *issue_endpoints.endpoints,
    *comments.endpoints,
    *attachments.endpoints,
    *links.endpoints,
    jira_endpoint("search", "GET", "search", search, types.SearchAnswer, query=_PAGED),
    jira_endpoint("search_by_body", "POST", "search", search_by_body, types.SearchAnswer, body=Body(types.SearchRequest, _QUERY)),
    *projects.endpoints,
    *people.endpoints,
]
