# SPDX-License-Identifier: Apache-2.0
"""The steps of Tests through Xray's API: `step` in v1 (in 2.0 too), `steps` in v2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from radiograph.actions import steps
from radiograph.domain.steps import joined, position_of
from radiograph.web.addresses import base_url, number
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Endpoint, Whole, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import step_shapes as shapes
from radiograph.web.raven import test_types as types
from radiograph.web.raven.run_types import Attachment
from radiograph.web.raven.versions import is_v2
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.actions.tests import TestView
    from radiograph.domain.people import Caller
    from radiograph.web.endpoints import Handler
    from radiograph.web.raven.versions import Answers

VERSION = Whole("testVersion", "The number of a version of the Test's definition; 0 or none: the current one.", 0, 10**9, 0)


def version_of(request: Request) -> int | None:
    """The definition version asked for; None: the current one."""
    return VERSION.read(request.query_params) or None


async def _view(request: Request, caller: Caller) -> TestView:
    view: TestView = await read(request, steps.steps_of, caller, request.path_params["key"], version_of(request))
    return view


async def _place(request: Request, caller: Caller) -> tuple[TestView, int]:
    view = await _view(request, caller)
    return view, position_of(joined(view.row.definition.steps, view.row.details), number(request, "id"), view.row.key)


@signed_in
async def list_steps(request: Request, caller: Caller) -> Response:
    """The steps of a Test; one that isn't Manual has none."""
    return encode(shapes.v1_steps(await _view(request, caller), base_url(request)))


@signed_in
async def list_steps_v2(request: Request, caller: Caller) -> Response:
    """The steps of a Test, as they are or in a version of its definition; one that isn't Manual has none."""
    return encode(shapes.v2_steps(await _view(request, caller), base_url(request)))


@signed_in
async def one_step(request: Request, caller: Caller) -> Response:
    """A step of a Test."""
    view, position = await _place(request, caller)
    return encode(shapes.v1_step(view, position, base_url(request)))


@signed_in
async def one_step_v2(request: Request, caller: Caller) -> Response:
    """A step of a Test, as it is or in a version of the definition."""
    view, position = await _place(request, caller)
    return encode(types.OneStepV2(shapes.v2_step(view, position, base_url(request))))


@signed_in
async def files(request: Request, caller: Caller) -> Response:
    """The files of a step."""
    view, position = await _place(request, caller)
    return encode(shapes.files_of(view, position, base_url(request)))


async def _create(request: Request, caller: Caller) -> steps.WrittenStep:
    change, added = shapes.read_change(await read_body(request, types.GivenStep, files=True))
    done: steps.WrittenStep = await write(
        request, steps.create_step, caller, request.path_params["key"], change, added, version_of(request)
    )
    return done


async def _edit(request: Request, caller: Caller) -> steps.WrittenStep:
    key, at = request.path_params["key"], number(request, "id")
    change, added = shapes.read_change(await read_body(request, types.GivenStep, files=True))
    done: steps.WrittenStep = await write(request, steps.edit_step, caller, key, at, change, added, version_of(request))
    return done


@signed_in
async def create_step(request: Request, caller: Caller) -> Response:
    """Add a step to a Manual Test, which makes a new version of its definition."""
    done = await _create(request, caller)
    return encode(types.WrittenStepV1(done.id, done.attachments))


@signed_in
async def create_step_v2(request: Request, caller: Caller) -> Response:
    """Add a step to a Manual Test, which makes a new version of its definition."""
    done = await _create(request, caller)
    return encode(types.WrittenStepV2(types.WrittenStepV1(done.id, done.attachments), done.warnings), 201)


@signed_in
async def edit_step(request: Request, caller: Caller) -> Response:
    """Change what is given of a step, which makes a new version of the Test's definition."""
    done = await _edit(request, caller)
    return encode(types.WrittenStepV1(done.id, done.attachments))


@signed_in
async def edit_step_v2(request: Request, caller: Caller) -> Response:
    """Change what is given of a step, which makes a new version of the Test's definition."""
    done = await _edit(request, caller)
    return encode(types.WrittenStepV2(types.WrittenStepV1(done.id, done.attachments), done.warnings))


@signed_in
async def delete_step(request: Request, caller: Caller) -> Response:
    """Remove a step; earlier versions of the definition, and runs of them, keep it."""
    await write(request, steps.delete_step, caller, request.path_params["key"], number(request, "id"), version_of(request))
    return Response(status_code=_done(request))


@signed_in
async def delete_file(request: Request, caller: Caller) -> Response:
    """Remove a file of a step, from every version of the definition."""
    place = request.path_params["key"], number(request, "id"), number(request, "attachment")
    await write(request, steps.delete_file, caller, *place)
    return Response(status_code=_done(request))


def _done(request: Request) -> int:
    """The status of a removal: `steps` are of v2 only, `step` answers in 2.0 as it does in 1.0."""
    return 204 if is_v2(request) and "/steps/" in request.url.path else 200


_TEST = {"key": (str, "The key of the Test.", "DEMO-1207")}
_STEP = _TEST | {"id": (int, "The id of the step.", 30000)}
_LAST_STEP = _TEST | {"id": (int, "The id of the step.", 30001)}
_FILE = _STEP | {"attachment": (int, "The id of the file.", 1)}
_PICTURE = {"data": "aW5rIG9uIHBhcGVy", "filename": "basket.txt", "contentType": "text/plain"}
_V1 = {"step": "Open the basket", "data": "two articles", "result": "The basket is shown", "attachments": [_PICTURE]}
_V2 = {"fields": {"Action": "Open the basket", "Expected Result": "The basket is shown"}, "index": 1, "attachments": [_PICTURE]}
_EDIT_V1 = {"result": "The basket is shown with two articles", "attachments": {"add": [_PICTURE]}}
_EDIT_V2 = {"fields": {"Expected Result": {"raw": "The basket is shown with two articles"}}}


def _thereafter(version: str, member: str) -> dict[str, tuple[str, dict[str, str]]]:
    """What can follow the creation of a step."""
    place = {"key": "$request.path.key", "id": f"$response.body#/{member}id"}
    file = place | {"attachment": f"$response.body#/{member}attachmentIds/0"}
    links = {"file": (f"delete_step_file_v{version}", file)}
    return links | {name: (f"{name}_v{version}", place) for name in ("step", "step_files", "edit_step", "delete_step")}


def _endpoints(version: str, name: str, method: str, path: str, handler: Handler, answers: Answers, **more: Any) -> Endpoint:  # noqa: ANN401
    """A step's endpoint: those of v1 are in 2.0 as well, as vendor's clients use them there; those of v2 are not in 1.0."""
    names = ("1.0", "2.0", "latest") if version == "1" else ("2.0", "latest")
    paths = tuple(f"/rest/raven/{v}/api/test/{{key}}/{path}" for v in names)
    found = answers if isinstance(answers, dict) else {200: Answer(answers)}
    query = (VERSION,)
    return Endpoint(
        id=f"{name}_v{version}", group=f"Xray {version}.0", method=method, paths=paths, handler=handler, answers=found, **({"query": query} | more)
    )  # fmt: skip


def _both(
    version: str, one: str, many: str, shapes_: tuple[Any, Any, Any], handlers: tuple[Handler, ...], methods: tuple[str, str]
) -> list[Endpoint]:
    """Everything that can be done with steps in a version."""
    listed, single, answer = shapes_
    lists, shows, creates, edits = handlers
    new, change = (_V1, _EDIT_V1) if version == "1" else (_V2, _EDIT_V2)
    created = {200 if version == "1" else 201: Answer(answer, "Added.", links=_thereafter(version, "" if version == "1" else "step/"))}
    gone = {200 if version == "1" else 204: Answer()}
    kept: dict[str, Any] = {"path_parameters": _STEP}
    writes: dict[str, Any] = {"path_parameters": _STEP, "writes": True}
    return [
        _endpoints(version, "steps", "GET", one, lists, listed, path_parameters=_TEST),
        _endpoints(version, "create_step", methods[0], one, creates, created, path_parameters=_TEST, body=Body(types.GivenStep, new), writes=True),
        _endpoints(version, "step", "GET", f"{one}/{{id}}", shows, single, **kept),
        _endpoints(version, "edit_step", methods[1], f"{one}/{{id}}", edits, answer, body=Body(types.GivenStep, change), **writes),
        _endpoints(version, "delete_step", "DELETE", f"{one}/{{id}}", delete_step, gone, path_parameters=_LAST_STEP, writes=True),
        _endpoints(version, "step_files", "GET", f"{one}/{{id}}/{many}", files, list[Attachment], **kept),
        _endpoints(
            version, "delete_step_file", "DELETE", f"{one}/{{id}}/attachment/{{attachment}}", delete_file, gone, path_parameters=_FILE,
            query=(), writes=True,
        ),
    ]  # fmt: skip


_V1_TYPES = (list[types.DefinedStepV1], types.DefinedStepV1, types.WrittenStepV1)
_V2_TYPES = (types.StepListV2, types.OneStepV2, types.WrittenStepV2)

endpoints = [
    *_both("1", "step", "attachment", _V1_TYPES, (list_steps, one_step, create_step, edit_step), ("PUT", "POST")),
    *_both("2", "steps", "attachments", _V2_TYPES, (list_steps_v2, one_step_v2, create_step_v2, edit_step_v2), ("POST", "PUT")),
]
