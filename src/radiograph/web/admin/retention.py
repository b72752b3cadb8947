# SPDX-License-Identifier: Apache-2.0
"""For how long a project keeps what, and what would go now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from radiograph.actions import projects
from radiograph.actions import retention as actions
from radiograph.actions.retention import Retention
from radiograph.domain.retention import MOST_DAYS, Rules
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Endpoint, Whole, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

QUERY = tuple(Whole(n, f"Look at {n} older than so many days instead of by the rule.", 0, MOST_DAYS, 0) for n in Rules.__struct_fields__)


def asked(given: Mapping[str, str]) -> Rules | None:
    """The rules that a query tries out; None when it has none."""
    return Rules(*(q.read(given) for q in QUERY)) if any(q.name in given for q in QUERY) else None


@signed_in
async def retention(request: Request, caller: Caller) -> Response:
    """A project's rules of retention, and what would go by them now.

    With days in the query: what would go by those. It takes the role admin in the project.
    """
    project = await read(request, projects.project, caller, request.path_params["key"])
    return encode(await read(request, actions.preview, caller, project, asked(request.query_params)))


@signed_in
async def set_retention(request: Request, caller: Caller) -> Response:
    """Set a project's rules of retention: days by kind, 0 for ever; nothing goes before the night."""
    rules = await read_body(request, Rules)
    project = await read(request, projects.project, caller, request.path_params["key"])
    await write(request, actions.set_rules, caller, project, rules)
    return encode(await read(request, actions.preview, caller, project, None))


_PATH: dict[str, tuple[type, str, Any]] = {"key": (str, "The project's key.", "DEMO")}
_PLACE: dict[str, Any] = {
    "group": "Administration",
    "paths": ("/api/projects/{key}/retention",),
    "path_parameters": _PATH,
    "errors": (403, 404),
}
endpoints = [
    Endpoint(id="retention", method="GET", handler=retention, answers={200: Answer(Retention)}, query=QUERY, **_PLACE),
    Endpoint(
        id="set_retention", method="PUT", handler=set_retention, answers={200: Answer(Retention)}, writes=True,
        body=Body(Rules, msgspec.to_builtins(Rules(executions=365, evidence=90))), **_PLACE,
    ),
]  # fmt: skip
