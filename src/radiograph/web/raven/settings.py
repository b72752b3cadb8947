# SPDX-License-Identifier: Apache-2.0
"""Test Plans, the licence and the statuses through Xray's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import instance, runs
from radiograph.domain.clock import format_instant
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_types as types
from radiograph.web.raven.runs import LIMIT, PAGE, page
from radiograph.web.raven.versions import versions
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.executions import ExecutionRow


@signed_in
async def executions_of_plan(request: Request, caller: Caller) -> Response:
    """The Test Executions of a Test Plan; an empty array is past the end."""
    skip, limit = page(request)
    found = await read(request, runs.executions_of_plan, caller, request.path_params["key"])
    return encode([_execution(e, base_url(request)) for e in found[skip : skip + limit]])


def _execution(e: ExecutionRow, base: str) -> types.PlanExecution:
    return types.PlanExecution(
        id=e.id, key=e.key, summary=e.summary, self_=f"{base}/rest/api/2/issue/{e.id}", test_environments=e.environments,
        environments=e.environments, created=format_instant(e.created_ms), archived=False,
    )  # fmt: skip


@signed_in
async def licence(request: Request, _caller: Caller) -> Response:
    """The state of the licence."""
    return encode(types.Licence(await read(request, instance.is_licensed), "Open source, perpetual"))


@signed_in
async def run_statuses(request: Request, _caller: Caller) -> Response:
    """The statuses that runs can have, by rank."""
    table, _ = await read(request, runs.statuses)
    return encode([
        types.RunStatus(
            id=s.id, rank=i, name=s.name, description=s.description, final=s.final, color=s.color, requirement_status_name=s.requirement,
        )
        for i, s in enumerate(table.all)
    ])  # fmt: skip


@signed_in
async def step_statuses(request: Request, _caller: Caller) -> Response:
    """The statuses that steps can have, by rank."""
    of_runs, table = await read(request, runs.statuses)
    meant = {s.id: of_runs.find(s.means) for s in table.all}
    return encode([
        types.StepStatus(
            id=s.id, rank=i, name=s.name, description=s.description, color=s.color, test_status_id=run.id if run else None,
        )
        for i, s in enumerate(table.all) for run in (meant[s.id],)
    ])  # fmt: skip


_PLAN = {"key": (str, "The key of the Test Plan.", "DEMO-100")}
_EXECUTIONS, _RUN, _STEP = list[types.PlanExecution], list[types.RunStatus], list[types.StepStatus]

endpoints = [
    *versions(
        "executions_of_plan", "GET", "api/testplan/{key}/testexecution", executions_of_plan, _EXECUTIONS, _EXECUTIONS,
        path_parameters=_PLAN, query=(PAGE, LIMIT),
    ),
    *versions("licence", "GET", "api/xraylicense", licence, types.Licence, types.Licence),
    *versions("run_statuses", "GET", "api/settings/teststatuses", run_statuses, _RUN, _RUN),
    *versions("step_statuses", "GET", "api/settings/teststepstatuses", step_statuses, _STEP, _STEP),
]  # fmt: skip
