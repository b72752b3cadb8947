# SPDX-License-Identifier: Apache-2.0
"""The iterations of a Test Run and their steps, which only version 2.0 of Xray's API has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from radiograph.actions import runs
from radiograph.actions.run_step_files import remove_step_file
from radiograph.domain.errors import NotFound
from radiograph.domain.run_edits import FileEdit, IterationEdit, RunEdit, StepEdit
from radiograph.web.addresses import base_url, number
from radiograph.web.endpoints import TEXT, Answer, Body, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_addresses as at
from radiograph.web.raven import run_bodies as bodies
from radiograph.web.raven import run_shapes as shapes
from radiograph.web.raven import run_types as types
from radiograph.web.raven.run_edits import FILENAME, body_of, change, edited_step, named_file, numbered_file
from radiograph.web.raven.run_examples import FILE, ITERATION, NAME, STEP
from radiograph.web.raven.run_steps import step_of
from radiograph.web.raven.runs import STATUS
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.domain.run_edits import EditedStep


async def _iteration(request: Request, caller: Caller) -> types.IterationV2:
    view = await read(request, runs.run, caller, number(request, "id"))
    wanted = at.part_number(request, "iteration")
    for index, row in enumerate(view.parts.iterations):
        if wanted in {row.id, -row.position - 1}:
            return shapes.iteration_shape(view, index, base_url(request), v2=True)
    raise NotFound(f"There is no iteration {wanted} in Test Run {view.row.id}.")


async def _step(request: Request, caller: Caller) -> types.StepV1 | types.StepV2:
    return step_of(request, (await _iteration(request, caller)).steps)


async def _change_step(request: Request, caller: Caller, step: StepEdit) -> EditedStep:
    edit = IterationEdit(id=at.part_number(request, "iteration"), steps=[step])
    return (await change(request, caller, RunEdit(iterations=[edit]))).iterations[0].steps[0]


@signed_in
async def iteration(request: Request, caller: Caller) -> Response:
    """An iteration of a run, with its parameters in the texts of its steps."""
    return encode(await _iteration(request, caller))


@signed_in
async def edit_iteration(request: Request, caller: Caller) -> Response:
    """Change the status and the steps of an iteration; the run's status is then what its parts add up to."""
    body = await body_of(request, caller, bodies.IterationBody, files=True)
    edit = bodies.iteration_edit(at.part_number(request, "iteration"), body)
    (done,) = (await change(request, caller, RunEdit(iterations=[edit]))).iterations
    return encode(types.EditedIteration(done.id, list(map(edited_step, done.steps)), []))


@signed_in
async def steps(request: Request, caller: Caller) -> Response:
    """The steps of an iteration with their results."""
    return encode(at.one_page(request, (await _iteration(request, caller)).steps))


@signed_in
async def step(request: Request, caller: Caller) -> Response:
    """A step of an iteration with its result."""
    return encode(await _step(request, caller))


@signed_in
async def edit_step(request: Request, caller: Caller) -> Response:
    """Change the result of a step of an iteration; the statuses of the iteration and of the run follow."""
    body = await body_of(request, caller, bodies.StepResultBody, files=True)
    return encode(edited_step(await _change_step(request, caller, bodies.step_edit(at.part_number(request, "step"), body))))


@signed_in
async def step_status(request: Request, caller: Caller) -> Response:
    """The status of a step of an iteration."""
    return encode(types.StatusOnly((await _step(request, caller)).status))


@signed_in
async def set_step_status(request: Request, caller: Caller) -> Response:
    """Set the status of a step of an iteration; the statuses of the iteration and of the run follow."""
    await _change_step(request, caller, StepEdit(id=at.part_number(request, "step"), status=STATUS.read(request.query_params)))
    return Response(status_code=204)


@signed_in
async def step_files(request: Request, caller: Caller) -> Response:
    """The files of a step of an iteration."""
    return encode(at.one_page(request, (await _step(request, caller)).evidences))


@signed_in
async def add_step_file(request: Request, caller: Caller) -> Response:
    """Add a file to a step of an iteration as evidence."""
    body = await body_of(request, caller, bodies.EvidenceBody, files=True)
    await _change_step(request, caller, StepEdit(id=at.part_number(request, "step"), files=FileEdit(add=[bodies.new_file(body, "")])))
    return Response(status_code=204)


@signed_in
async def remove_step_files_named(request: Request, caller: Caller) -> Response:
    """Remove the files of a name from a step of an iteration."""
    return await _remove(request, caller, await named_file(request, caller))


@signed_in
async def remove_step_file_numbered(request: Request, caller: Caller) -> Response:
    """Remove a file from a step of an iteration."""
    return await _remove(request, caller, numbered_file(request))


async def _remove(request: Request, caller: Caller, edit: FileEdit) -> Response:
    place = at.part_number(request, "iteration"), at.part_number(request, "step")
    await write(request, remove_step_file, caller, number(request, "id"), *place, edit)
    return Response(status_code=204)


_PATH = "api/testrun/{id}/iteration/{iteration}"
_STEPS = f"{_PATH}/step/{{step}}"
_DONE = {204: Answer()}
_HERE = {n: f"$request.path.{n}" for n in ("id", "iteration", "step")}
_ADDED = {
    204: Answer(links={"remove_named": ("remove_iteration_step_files", _HERE | {"filename": "$request.body#/filename"})}),
}
_FILE_LINK = {"remove": ("remove_iteration_step_file", _HERE | {"file": "$response.body#/0/id"})}
_FILES = {200: Answer(list[types.Attachment], "The files.", links=_FILE_LINK)}
_PAGED = (at.PART_PAGE, at.PART_LIMIT)
_ONE: dict[str, Any] = {"path_parameters": at.ITERATION}
_STEP: dict[str, Any] = {"path_parameters": at.ITERATION_STEP}
_SET: dict[str, Any] = {"path_parameters": at.ITERATION_STEP, "writes": True}

endpoints = [
    *at.v2_only("run_iteration", "GET", _PATH, iteration, types.IterationV2, **_ONE),
    *at.v2_only(
        "edit_iteration", "PUT", _PATH, edit_iteration, types.EditedIteration, body=Body(bodies.IterationBody, ITERATION), writes=True, **_ONE,
    ),
    *at.v2_only("iteration_steps", "GET", f"{_PATH}/step", steps, list[types.StepV2], query=_PAGED, **_ONE),
    *at.v2_only("iteration_step", "GET", _STEPS, step, types.StepV2, **_STEP),
    *at.v2_only("edit_iteration_step", "PUT", _STEPS, edit_step, types.EditedStepResult, body=Body(bodies.StepResultBody, STEP), **_SET),
    *at.v2_only("iteration_step_status", "GET", f"{_STEPS}/status", step_status, types.StatusOnly, **_STEP),
    *at.v2_only("set_iteration_step_status", "PUT", f"{_STEPS}/status", set_step_status, _DONE, query=(STATUS,), **_SET),
    *at.v2_only("iteration_step_files", "GET", f"{_STEPS}/attachment", step_files, _FILES, query=_PAGED, **_STEP),
    *at.v2_only(
        "add_iteration_step_file", "POST", f"{_STEPS}/attachment", add_step_file, _ADDED, body=Body(bodies.EvidenceBody, FILE), **_SET,
    ),
    *at.v2_only("remove_iteration_step_files", "DELETE", f"{_STEPS}/attachment", remove_step_files_named, _DONE, query=(FILENAME,), body=Body(str, NAME, TEXT, required=False), **_SET),
    *at.v2_only(
        "remove_iteration_step_file", "DELETE", f"{_STEPS}/attachment/{{file}}", remove_step_file_numbered, _DONE,
        path_parameters=at.ITERATION_STEP_FILE, writes=True,
    ),
]  # fmt: skip
