# SPDX-License-Identifier: Apache-2.0
"""Recalculating statuses, and how far that is (Xray docs, v2.0, testrunstatus/reset and requirementstatus/reset)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions import jobs
from radiograph.domain.names_list import split_names
from radiograph.web.addresses import base_url, number
from radiograph.web.endpoints import Answer, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_types as types
from radiograph.web.raven.run_addresses import v2_only
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.web.endpoints import Handler

PROJECT = Word("projectKey", "Only what is in this project; without any of these parameters, all that the caller administers.", "DEMO")
EXECUTION = Word("testExecKey", "Only this Test Execution.")
KEYS = Word("keys", "Only these Test Executions, those of these Test Plans, and those with runs of these Tests; with ; or commas.")
FILTER = Word("filter", "Only what the saved filter of this id or name finds.")
JQL = Word("jql", "Only what this query finds.")


def _reset(kind: str, doc: str) -> Handler:
    async def reset(request: Request, caller: Caller) -> Response:
        query = request.query_params
        keys = split_names(f"{KEYS.read(query)},{EXECUTION.read(query)}".replace(";", ","))
        scope = jobs.Scope(PROJECT.read(query), keys, JQL.read(query), FILTER.read(query))
        task = await write(request, jobs.start_reset, caller, kind, scope)
        if task.executions or kind == jobs.RUN_STATUSES:
            request.app.state.jobs.submit(request.app.state.services, task)
        return encode(types.JobStarted(task.id, f"{base_url(request)}/rest/raven/2.0/api/job/{task.id}"))

    reset.__doc__ = doc
    return signed_in(reset)


@signed_in
async def job(request: Request, caller: Caller) -> Response:
    """How far a task is.

    Ours. For who started it, and for administrators.
    """
    row = await read(request, jobs.find_job, caller, number(request, "id"), request.app.state.jobs.living())
    return encode(types.JobState(row.id, row.kind, row.state, row.done, row.total, row.message))


_SCOPE: dict[str, Any] = {"query": (PROJECT, EXECUTION, KEYS, FILTER, JQL), "writes": True, "errors": (404,)}
_STARTED = {200: Answer(types.JobStarted, "Begun.", links={"job": ("job", {"id": "$response.body#/jobId"})})}
_runs = _reset(
    jobs.RUN_STATUSES,
    "Count the runs of Test Executions by status anew.\n\n    Statuses of runs stay, those set by hand too. Administrators of the projects may.",
)
_requirements = _reset(
    jobs.REQUIREMENT_STATUSES,
    "Recalculate the statuses of requirements.\n\n    They are computed whenever they are asked for, so that there is nothing to do.",
)

endpoints = [
    *v2_only("set_run_statuses_anew", "PUT", "api/testrunstatus/reset", _runs, _STARTED, **_SCOPE),
    *v2_only("set_requirement_statuses_anew", "PUT", "api/requirementstatus/reset", _requirements, _STARTED, **_SCOPE),
    *v2_only("job", "GET", "api/job/{id}", job, types.JobState, path_parameters={"id": (int, "The id of the task.", 1)}),
]
