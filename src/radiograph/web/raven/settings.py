# SPDX-License-Identifier: Apache-2.0
"""The licence and the statuses through Xray's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import instance, runs
from radiograph.web.endpoints import signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_types as types
from radiograph.web.raven.versions import versions
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller


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


_RUN, _STEP = list[types.RunStatus], list[types.StepStatus]

endpoints = [
    *versions("licence", "GET", "api/xraylicense", licence, types.Licence, types.Licence),
    *versions("run_statuses", "GET", "api/settings/teststatuses", run_statuses, _RUN, _RUN),
    *versions("step_statuses", "GET", "api/settings/teststepstatuses", step_statuses, _STEP, _STEP),
]
