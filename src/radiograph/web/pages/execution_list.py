# SPDX-License-Identifier: Apache-2.0
"""The executions of a project, filtered by what stands in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import structs

from radiograph.actions.browse_executions import executions_page
from radiograph.store.execution_lists import Sought
from radiograph.web.pages.projects import execution_line
from radiograph.web.pages.render import before, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


def sought(request: Request) -> Sought:
    """What the address asks for: `environment`, `branch`, `version`, `plan`, and words as `q`."""
    query = request.query_params
    names = ("environment", "branch", "version", "plan", "q")
    return Sought(*(query.get(n, "").strip()[:300] for n in names))


def address_of(wanted: Sought | None = None, **more: str) -> str:
    """The query that asks for the same, with more."""
    values = structs.asdict(wanted or Sought())
    values["q"] = values.pop("text")
    return urlencode({k: v for k, v in (values | more).items() if v})


async def execution_list(request: Request, caller: Caller) -> Response:
    """A project's executions, newest first."""
    state, wanted = request.app.state, sought(request)
    found = await state.threads.read(executions_page, state.services, caller, request.path_params["key"], wanted, before(request))
    key, after = found.project.key, found.listing.next
    c = found.choices
    filters = [
        ("environment", "Environment", _with(c.environments, wanted.environment), wanted.environment),
        ("branch", "Branch", _with(c.branches, wanted.branch), wanted.branch),
        ("version", "Version", _with(c.versions, wanted.version), wanted.version),
        ("plan", "Plan", _with(c.plans, wanted.plan), wanted.plan),
    ]
    query = address_of(wanted, before=request.query_params.get("before", ""))
    return page(
        request, "executions.html", json=f"/api/projects/{key}/executions{'?' if query else ''}{query}", area=key, here="/executions",
        project=found.project, rows=[execution_line(e, found.statuses) for e in found.listing.rows], filters=[f for f in filters if f[2]],
        wanted=wanted, filtered=wanted != Sought(), first=before(request) is None, newest=address_of(wanted),
        next=address_of(wanted, before=after) if after else "",
    )  # fmt: skip


def _with(names: list[str], chosen: str) -> list[str]:
    """What can be chosen; what the address asks for is among it, known or not."""
    return names if not chosen or chosen in names else [*names, chosen]
