# SPDX-License-Identifier: Apache-2.0
"""Projects, and the executions of one."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse, projects
from radiograph.domain.statuses import FAIL, failing
from radiograph.web.addresses import base_url
from radiograph.web.pages import sentences
from radiograph.web.pages.render import base_path, before, page
from radiograph.web.pages.statuses import Mark, Part, mark, parts

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow


class ExecutionLine(Struct):
    """An execution in a list."""

    key: str
    summary: str
    parts: list[Part]
    total: int
    failed: int
    failure: Mark
    environments: str
    version: str
    branch: str
    when: int


def execution_line(e: ExecutionRow, table: StatusTable) -> ExecutionLine:
    """A row for an execution."""
    failed = sum(e.counts.get(s, 0) for s in failing(table))
    return ExecutionLine(
        e.key, e.summary, parts(e.counts, table), sum(e.counts.values()), failed, mark(table[FAIL]), " · ".join(e.environments), ", ".join(e.versions),
        e.branch, e.begin_ms or e.created_ms,
    )  # fmt: skip


_LATEST = 10
_FIRST = """{"info": {"project": "%s"}, "tests": [{"status": "PASS", "testInfo":
    {"projectKey": "%s", "summary": "My first Test", "testType": "Generic", "definition": "first"}}]}"""


def _first_import(key: str, name: str, address: str) -> str:
    """The line for a shell that sends a project its first result, as this reader."""
    lines = (
        f"curl -u {shlex.quote(name)} -H 'Content-Type: application/json' -X POST",
        f"  --data '{_FIRST % (key, key)}'",
        f"  {shlex.quote(address)}/rest/raven/2.0/import/execution",
    )
    return " \\\n".join(lines)


async def all_projects(request: Request, caller: Caller) -> Response:
    """Every project that the reader can see."""
    state = request.app.state
    rows = await state.threads.read(projects.visible_projects, state.services, caller)
    return page(request, "projects.html", json="/rest/api/2/project", projects=rows)


async def project(request: Request, caller: Caller) -> Response:
    """A project at a glance: its latest executions."""
    state = request.app.state
    found = await state.threads.read(browse.project_page, state.services, caller, request.path_params["key"], before(request))
    return page(
        request, "project.html", json=f"/rest/api/2/project/{found.project.key}", area=found.project.key, project=found.project,
        sentence=sentences.of_project(found.listing.rows, found.statuses, base_path(request)),
        rows=[execution_line(e, found.statuses) for e in found.listing.rows[:_LATEST]],
        first=_first_import(found.project.key, caller.name, base_url(request)),
    )  # fmt: skip
