# SPDX-License-Identifier: Apache-2.0
"""The steps and examples of a Test Run through Xray's API, one at a time, with their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response

from radiograph.actions import runs
from radiograph.actions.run_step_files import remove_step_file
from radiograph.domain.errors import NotFound
from radiograph.domain.run_edits import ExampleEdit, FileEdit, RunEdit, StepEdit
from radiograph.web.addresses import base_url, number
from radiograph.web.endpoints import TEXT, Answer, Body, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_addresses as at
from radiograph.web.raven import run_bodies as bodies
from radiograph.web.raven import run_shapes as shapes
from radiograph.web.raven import run_types as types
from radiograph.web.raven.run_edits import FILENAME, body_of, change, edited_step, named_file, numbered_file
from radiograph.web.raven.run_examples import FILE, NAME, STEP
from radiograph.web.raven.runs import STATUS
from radiograph.web.raven.versions import is_v2, versions
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from radiograph.domain.people import Caller


def step_of(request: Request, steps: Sequence[types.StepV1 | types.StepV2]) -> types.StepV1 | types.StepV2:
    """The step that the address means: by its id, or by its position where that is negative. Raises NotFound."""
    wanted = at.part_number(request, "step")
    for step in steps:
        if wanted in {step.id, -step.index}:
            return step
    raise NotFound(f"There is no step {wanted} in Test Run {request.path_params['id']}.")


async def _step(request: Request, caller: Caller) -> types.StepV1 | types.StepV2:
    view = await read(request, runs.run, caller, number(request, "id"))
    base, v2 = base_url(request), is_v2(request)
    own = shapes.step_shapes(view, None, base, v2=v2)
    inside = shapes.stored_iteration_steps(view, base, v2=v2) if at.part_number(request, "step") >= 0 else []
    return step_of(request, [*own, *inside])


@signed_in
async def step(request: Request, caller: Caller) -> Response:
    """A step of a run with its result."""
    return encode(await _step(request, caller))


@signed_in
async def edit_step(request: Request, caller: Caller) -> Response:
    """Change the result of a step of a run; the run's status is then what its parts add up to."""
    body = await body_of(request, caller, bodies.StepResultBody, files=True)
    edit = bodies.step_edit(at.part_number(request, "step"), body)
    done = await change(request, caller, RunEdit(steps=[edit]))
    return encode(edited_step(done.steps[0]))


@signed_in
async def step_status(request: Request, caller: Caller) -> Response:
    """The status of a step of a run, as plain text."""
    return PlainTextResponse((await _step(request, caller)).status)


@signed_in
async def set_step_status(request: Request, caller: Caller) -> Response:
    """Set the status of a step of a run; the run's is then what its parts add up to."""
    edit = StepEdit(id=at.part_number(request, "step"), status=STATUS.read(request.query_params))
    await change(request, caller, RunEdit(steps=[edit]))
    return Response()


@signed_in
async def step_files(request: Request, caller: Caller) -> Response:
    """The files of a step's result."""
    return encode(at.one_page(request, (await _step(request, caller)).evidences))


@signed_in
async def add_step_file(request: Request, caller: Caller) -> Response:
    """Add a file to a step's result as evidence."""
    body = await body_of(request, caller, bodies.EvidenceBody, files=True)
    edit = StepEdit(id=at.part_number(request, "step"), files=FileEdit(add=[bodies.new_file(body, "")]))
    done = await change(request, caller, RunEdit(steps=[edit]))
    return encode(edited_step(done.steps[0]))


@signed_in
async def remove_step_files_named(request: Request, caller: Caller) -> Response:
    """Remove the files of a name from a step's result."""
    return await _remove(request, caller, await named_file(request, caller))


@signed_in
async def remove_step_file_numbered(request: Request, caller: Caller) -> Response:
    """Remove a file from a step's result."""
    return await _remove(request, caller, numbered_file(request))


async def _remove(request: Request, caller: Caller, edit: FileEdit) -> Response:
    await write(request, remove_step_file, caller, number(request, "id"), None, at.part_number(request, "step"), edit)
    return Response()


def _example_at(request: Request) -> int:
    index = at.part_number(request, "index")
    if index < 0:
        raise NotFound(f"There is no example {index} in Test Run {request.path_params['id']}.")
    return index


@signed_in
async def example(request: Request, caller: Caller) -> Response:
    """A row of the examples with its status: index 0 is the first data row, whose rank is 1."""
    index = _example_at(request)
    found = shapes.example_shapes(await read(request, runs.run, caller, number(request, "id")))
    if index >= len(found):
        raise NotFound(f"There is no example {index} in Test Run {request.path_params['id']}.")
    return encode(found[index])


@signed_in
async def set_example(request: Request, caller: Caller) -> Response:
    """Set the status of a row of the examples; the run's is then what its parts add up to."""
    edit = ExampleEdit(id=-_example_at(request) - 1, status=STATUS.read(request.query_params))
    await change(request, caller, RunEdit(examples=[edit]))
    return Response()


_STEPS = "api/testrun/{id}/step/{step}"
_ONE: dict[str, Any] = {"path_parameters": at.STEP}
_SET: dict[str, Any] = {"path_parameters": at.STEP, "writes": True}
_DONE: tuple[Any, Any] = ({200: Answer()}, {200: Answer()})
_STATUS: tuple[Any, Any] = ({200: Answer(str, "The name of the status.", TEXT)},) * 2
_EDITED = (types.EditedStepResult, types.EditedStepResult)
_FILES = (list[types.Attachment], list[types.Attachment])
_PAGED = (at.PART_PAGE, at.PART_LIMIT)


def _added(version: int) -> dict[int, Answer]:
    step = {"id": "$request.path.id", "step": "$request.path.step"}
    links = {
        "remove": (f"remove_step_file_v{version}", step | {"file": "$response.body#/evidenceIds/0"}),
        "remove_named": (f"remove_step_files_v{version}", step | {"filename": "$request.body#/filename"}),
    }
    return {200: Answer(types.EditedStepResult, "The id of the file.", links=links)}


endpoints = [
    *versions("run_step", "GET", _STEPS, step, types.StepV1, types.StepV2, **_ONE),
    *versions("edit_step", "PUT", _STEPS, edit_step, *_EDITED, body=Body(bodies.StepResultBody, STEP), **_SET),
    *versions("step_status", "GET", f"{_STEPS}/status", step_status, *_STATUS, **_ONE),
    *versions("set_step_status", "PUT", f"{_STEPS}/status", set_step_status, *_DONE, query=(STATUS,), **_SET),
    *versions("step_files", "GET", f"{_STEPS}/attachment", step_files, *_FILES, query=_PAGED, **_ONE),
    *versions("add_step_file", "POST", f"{_STEPS}/attachment", add_step_file, _added(1), _added(2), body=Body(bodies.EvidenceBody, FILE), **_SET),
    *versions("remove_step_files", "DELETE", f"{_STEPS}/attachment", remove_step_files_named, *_DONE, query=(FILENAME,), body=Body(str, NAME, TEXT, required=False), **_SET),
    *versions(
        "remove_step_file", "DELETE", f"{_STEPS}/attachment/{{file}}", remove_step_file_numbered, *_DONE,
        path_parameters=at.STEP_FILE, writes=True,
    ),
    *versions("run_example", "GET", "api/testrun/{id}/example/{index}", example, types.Example, types.Example, path_parameters=at.EXAMPLE),
    *versions(
        "set_example", "PUT", "api/testrun/{id}/example/{index}", set_example, *_DONE,
        path_parameters=at.EXAMPLE, query=(STATUS,), writes=True,
    ),
]  # fmt: skip
