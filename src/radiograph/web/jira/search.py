# SPDX-License-Identifier: Apache-2.0
"""Finding issues, as Jira's REST API v2 does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from radiograph.actions import issues
from radiograph.actions.search import search as find
from radiograph.domain.errors import Problem, Refused, shown
from radiograph.domain.jql.fields import Fields
from radiograph.domain.jql.functions import FUNCTIONS
from radiograph.domain.jql.parser import RESERVED
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Body, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import search_types as types
from radiograph.web.jira import shapes
from radiograph.web.jira.endpoint import START, jira_endpoint, most
from radiograph.web.jira.project_shapes import field_shapes
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

MAX_RESULTS = most()
JQL = Word("jql", "The query; everything when absent.", "project = DEMO AND summary ~ 'pay' ORDER BY created DESC")
FIELDS = Word("fields", "Names of the fields wanted, with commas; all when absent.", "summary,status")
EXPAND = Word("expand", "`names` and `schema` add the names and types of the fields.", "names")
VALIDATE = Word(
    "validateQuery",
    "`true` (or `strict`, and when absent): a query that names what there isn't is a 400. `false` (or `warn`, `none`): "
    "such a condition finds nothing, and `warningMessages` tell of it.",
    "true",
)


def _names(given: list[str] | str | None) -> set[str]:
    texts = given if isinstance(given, list) else (given or "").split(",")
    return {name.strip() for name in texts if name.strip()}


def _validates(given: Any) -> bool:  # noqa: ANN401  (a member of the client's JSON)
    text = str("true" if given is None else given).strip().lower()
    if text not in {"", "true", "strict", "false", "warn", "none"}:
        problem = f"must be true or false, not {shown(text)}"
        raise Refused(f"validateQuery {problem}", [Problem("validateQuery", problem)])
    return text in {"", "true", "strict"}


@signed_in
async def search(request: Request, caller: Caller) -> Response:
    """Search for issues."""
    q = request.query_params
    given = types.SearchRequest(JQL.read(q), START.read(q), MAX_RESULTS.read(q), FIELDS.read(q), EXPAND.read(q), VALIDATE.read(q))
    return encode(await _found(request, caller, given))


@signed_in
async def search_by_body(request: Request, caller: Caller) -> Response:
    """Search for issues, with the query in the body."""
    return encode(await _found(request, caller, await read_body(request, types.SearchRequest, lenient=True)))


async def _found(request: Request, caller: Caller, given: types.SearchRequest) -> types.SearchAnswer:
    skip, limit = given.start_at or 0, MAX_RESULTS.default if given.max_results is None else min(given.max_results, MAX_RESULTS.most)
    found = await read(request, find, caller, given.jql or "", skip, limit, _validates(given.validate_query))
    custom = await read(request, issues.custom_fields)
    wanted, base, expand = _names(given.fields), base_url(request), _names(given.expand)
    chosen = shapes.Chosen(wanted)
    known = field_shapes(custom)
    return types.SearchAnswer(
        "", skip, limit, found.total, [shapes.issue_shape(row, custom, base, chosen) for row in found.rows], found.warnings or UNSET,
        {f.id: f.name for f in known} if "names" in expand else UNSET, {f.id: f.schema for f in known} if "schema" in expand else UNSET,
    )  # fmt: skip


@signed_in
async def autocomplete_data(request: Request, _caller: Caller) -> Response:
    """The fields, functions and reserved words of queries."""
    known = Fields(await read(request, issues.custom_fields))
    fields = [
        types.VisibleField(f.name, f.name, str(f.orderable).lower(), "true", list(f.operators), [f.meaning or f.name]) for f in known.all
    ]
    functions = [types.VisibleFunction(f.signature, f.signature, str(f.gives != "dates").lower(), [f.gives]) for f in FUNCTIONS]
    return encode(types.AutocompleteData(fields, functions, list(RESERVED)))


_QUERY = {"jql": "project = DEMO", "startAt": 0, "maxResults": 50, "fields": ["summary"]}
_PAGED = (JQL, START, MAX_RESULTS, FIELDS, EXPAND, VALIDATE)

endpoints = [
    jira_endpoint("search", "GET", "search", search, types.SearchAnswer, query=_PAGED),
    jira_endpoint("search_by_body", "POST", "search", search_by_body, types.SearchAnswer, body=Body(types.SearchRequest, _QUERY)),
    jira_endpoint("autocomplete_data", "GET", "jql/autocompletedata", autocomplete_data, types.AutocompleteData),
]
