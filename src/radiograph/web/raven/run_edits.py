# SPDX-License-Identifier: Apache-2.0
"""Changing a Test Run through Xray's API: the whole of it, its status, comment, assignee, defects, files and custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from starlette.responses import Response

from radiograph.actions import run_edits, runs
from radiograph.actions.editing import check_may_edit
from radiograph.domain.errors import NotFound, Problem, Refused, cut
from radiograph.domain.run_edits import DefectEdit, FieldEdit, FileEdit, RunEdit
from radiograph.web.addresses import base_url, number
from radiograph.web.bodies import read_body, read_text
from radiograph.web.endpoints import TEXT, Answer, Body, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_addresses as at
from radiograph.web.raven import run_bodies as bodies
from radiograph.web.raven import run_shapes as shapes
from radiograph.web.raven import run_types as types
from radiograph.web.raven.run_examples import COMMENT, DEFECTS, FIELD, FILE, NAME, RUN
from radiograph.web.raven.runs import STATUS
from radiograph.web.raven.versions import is_v2, versions
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.domain.run_edits import Edited, EditedStep

_T = TypeVar("_T")
USER = Word("user", "The name of who the run is for; without it, the body is the name.", "admin")
FILENAME = Word("filename", "The name of the files to remove; without it, the body is the name.", "error.png")


def edited_step(done: EditedStep) -> types.EditedStepResult:
    """What came of a step's change."""
    return types.EditedStepResult(done.id, done.files, done.warnings)


def _edited(done: Edited) -> types.EditedRun:
    iterations = [types.EditedIteration(i.id, list(map(edited_step, i.steps)), []) for i in done.iterations]
    return types.EditedRun(done.id, done.files, list(map(edited_step, done.steps)), iterations, done.warnings)


async def body_of(request: Request, caller: Caller, kind: type[_T], *, files: bool = False) -> _T:
    """The request's JSON.

    What is wrong with it is only told where the run is there and may be changed (NotFound, Forbidden).
    """
    try:
        return await read_body(request, kind, files=files)
    except Refused:
        await read(request, check_may_edit, caller, number(request, "id"))
        raise


async def text_of(request: Request, caller: Caller) -> str:
    """The request's body as text; what is wrong with it is told as in `body_of`."""
    try:
        return await read_text(request)
    except Refused:
        await read(request, check_may_edit, caller, number(request, "id"))
        raise


async def change(request: Request, caller: Caller, edit: RunEdit) -> Edited:
    """Change the run that the address names."""
    done: Edited = await write(request, run_edits.edit_run, caller, number(request, "id"), edit)
    return done


def nothing(request: Request) -> Response:
    """Done, without a body: 204 in version 2.0, 200 in 1.0."""
    return Response(status_code=204 if is_v2(request) else 200)


@signed_in
async def edit_run(request: Request, caller: Caller) -> Response:
    """Change a Test Run.

    What isn't given stays. When a status of a step, example or iteration is given and the run's isn't, the run's
    is what its parts add up to.
    """
    body = await body_of(request, caller, bodies.RunBody, files=True)
    return encode(_edited(await change(request, caller, bodies.run_edit(body))))


@signed_in
async def set_status(request: Request, caller: Caller) -> Response:
    """Set the status of a run by hand; its steps stay as they are."""
    await change(request, caller, RunEdit(status=STATUS.read(request.query_params)))
    return nothing(request)


@signed_in
async def set_comment(request: Request, caller: Caller) -> Response:
    """Set the comment of a run: the body is its text, and none empties it."""
    text = await text_of(request, caller)
    await change(request, caller, RunEdit(comment=text))
    return encode(shapes.text_shape(text))


@signed_in
async def set_assignee(request: Request, caller: Caller) -> Response:
    """Assign a run to a user."""
    name = USER.read(request.query_params) or (await text_of(request, caller)).strip()
    await change(request, caller, RunEdit(assignee=name))
    return encode(types.Assignee(bool(name), name))


@signed_in
async def unassign(request: Request, caller: Caller) -> Response:
    """Take the assignee of a run away."""
    await change(request, caller, RunEdit(assignee=""))
    return nothing(request)


@signed_in
async def add_defects(request: Request, caller: Caller) -> Response:
    """Link issues to a run as defects; the answer says what was odd, an empty array when nothing was."""
    keys = await body_of(request, caller, list[str])
    done = await change(request, caller, RunEdit(defects=DefectEdit(add=keys)))
    return encode(done.warnings, 201 if is_v2(request) else 200)


@signed_in
async def unlink_defect(request: Request, caller: Caller) -> Response:
    """Unlink a defect from a run."""
    await write(request, run_edits.unlink_defect, caller, number(request, "id"), request.path_params["defect"])
    return nothing(request)


@signed_in
async def add_file(request: Request, caller: Caller) -> Response:
    """Add a file to a run as evidence."""
    body = await body_of(request, caller, bodies.EvidenceBody, files=True)
    done = await change(request, caller, RunEdit(files=FileEdit(add=[bodies.new_file(body, "")])))
    view = await read(request, runs.run, caller, number(request, "id"))
    file = next((f for f in shapes.evidence_shapes(view, base_url(request)) if f.id in done.files), None)
    if file is None:
        raise NotFound("The file was removed again.")
    return encode(file, 201 if is_v2(request) else 200)


async def named_file(request: Request, caller: Caller) -> FileEdit:
    """The files to remove: those of the name in the query or body. Raises Refused when there is none."""
    name = FILENAME.read(request.query_params) or (await text_of(request, caller)).strip()
    if not name:
        await read(request, check_may_edit, caller, number(request, "id"))
        problem = "give the name of the file in the body or as the parameter filename"
        raise Refused(f"{problem[0].upper()}{problem[1:]}.", [Problem("filename", problem)])
    return FileEdit(remove_named=[name])


def numbered_file(request: Request) -> FileEdit:
    """The file to remove, by the id in the path; raises NotFound when it is no number."""
    return FileEdit(remove=[number(request, "file")])


@signed_in
async def remove_files_named(request: Request, caller: Caller) -> Response:
    """Remove the files of a name from a run."""
    await write(request, run_edits.remove_file, caller, number(request, "id"), await named_file(request, caller))
    return nothing(request)


@signed_in
async def remove_file(request: Request, caller: Caller) -> Response:
    """Remove a file from a run."""
    await write(request, run_edits.remove_file, caller, number(request, "id"), numbered_file(request))
    return nothing(request)


@signed_in
async def custom_field(request: Request, caller: Caller) -> Response:
    """A custom field of a run, by its id or name."""
    key = request.path_params["field"]
    shape = shapes.custom_field_shape(await read(request, runs.run, caller, number(request, "id")), key)
    if shape is None:
        raise NotFound(f"Test Run {request.path_params['id']} has no custom field {cut(key)}.")
    return encode(shape)


@signed_in
async def set_custom_field(request: Request, caller: Caller) -> Response:
    """Set a custom field of a run, by its id or name."""
    body = await body_of(request, caller, bodies.RunFieldValue)
    await change(request, caller, RunEdit(fields=[FieldEdit(key=request.path_params["field"], value=body.value)]))
    return Response(status_code=204)


_CHANGES: dict[str, Any] = {"path_parameters": at.RUN, "writes": True}
_DONE: tuple[Any, Any] = ({200: Answer()}, {204: Answer()})
_DEFECT = at.RUN | {"defect": (str, "The key or id of the issue.", "DEMO-11")}
_FIELD = at.RUN | {"field": (str, "The id or name of the field.", "Browser")}
_FILE_LINKS = {
    "remove": ("remove_run_file_v{}", {"id": "$request.path.id", "file": "$response.body#/id"}),
    "remove_named": ("remove_run_files_v{}", {"id": "$request.path.id", "filename": "$response.body#/fileName"}),
}


def _added(status: int, version: int) -> dict[int, Answer]:
    links = {name: (to.format(version), values) for name, (to, values) in _FILE_LINKS.items()}
    return {status: Answer(types.Attachment, "The file.", links=links)}


def _linked(status: int, version: int) -> dict[int, Answer]:
    link = (f"unlink_run_defect_v{version}", {"id": "$request.path.id", "defect": "$request.body#/0"})
    return {status: Answer(list[str], "What was odd.", links={"unlink": link})}


endpoints = [
    *versions("edit_run", "PUT", "api/testrun/{id}", edit_run, types.EditedRun, types.EditedRun, body=Body(bodies.RunBody, RUN), **_CHANGES),
    *versions("set_run_status", "PUT", "api/testrun/{id}/status", set_status, *_DONE, query=(STATUS,), **_CHANGES),
    *versions("set_run_comment", "PUT", "api/testrun/{id}/comment", set_comment, types.Text, types.Text, body=Body(str, COMMENT, TEXT, required=False), **_CHANGES),
    *versions("set_run_assignee", "PUT", "api/testrun/{id}/assignee", set_assignee, types.Assignee, types.Assignee, query=(USER,), body=Body(str, "admin", TEXT, required=False), **_CHANGES),
    *versions("unassign_run", "DELETE", "api/testrun/{id}/assignee", unassign, *_DONE, **_CHANGES),
    *versions(
        "add_run_defects", "POST", "api/testrun/{id}/defect", add_defects, _linked(200, 1), _linked(201, 2),
        body=Body(list[str], DEFECTS), **_CHANGES,
    ),
    *versions("unlink_run_defect", "DELETE", "api/testrun/{id}/defect/{defect}", unlink_defect, *_DONE, path_parameters=_DEFECT, writes=True),
    *versions(
        "add_run_file", "POST", "api/testrun/{id}/attachment", add_file, _added(200, 1), _added(201, 2),
        body=Body(bodies.EvidenceBody, FILE), **_CHANGES,
    ),
    *versions("remove_run_files", "DELETE", "api/testrun/{id}/attachment", remove_files_named, *_DONE, query=(FILENAME,), body=Body(str, NAME, TEXT, required=False), **_CHANGES),
    *versions("remove_run_file", "DELETE", "api/testrun/{id}/attachment/{file}", remove_file, *_DONE, path_parameters=at.RUN_FILE, writes=True),
    *at.v2_only("run_custom_field", "GET", "api/testrun/{id}/customfield/{field}", custom_field, types.CustomFieldValue, path_parameters=_FIELD),
    *at.v2_only(
        "set_run_custom_field", "PUT", "api/testrun/{id}/customfield/{field}", set_custom_field, {204: Answer()},
        path_parameters=_FIELD, body=Body(bodies.RunFieldValue, FIELD), writes=True,
    ),
]  # fmt: skip
