# SPDX-License-Identifier: Apache-2.0
"""The custom fields of a project's Test Runs and steps: Xray's settings, and our way to define them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from starlette.responses import Response

from radiograph.actions import run_fields
from radiograph.domain.run_fields import RunField
from radiograph.web.addresses import number
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven import run_types as types
from radiograph.web.raven.run_addresses import PART_LIMIT, PART_PAGE, one_page, v2_only
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.domain.run_fields import FieldOwner
    from radiograph.web.endpoints import Endpoint, Handler


class RunFieldDefinition(Struct):
    """What a custom field is; `options` are for select, radio and multiselect."""

    name: str
    type: str
    description: str = ""
    required: bool = False
    options: list[str] = []


def _shape(field: RunField) -> types.RunFieldConfig:
    return types.RunFieldConfig(field.id, field.name, field.description, field.type, field.required, list(field.options))


def _field(body: RunFieldDefinition, of: FieldOwner, field_id: int = 0) -> RunField:
    options = tuple(option.strip() for option in body.options)
    return RunField(field_id, 0, of, body.name, body.description, body.type.strip().lower(), body.required, options)


def _handlers(of: FieldOwner, what: str) -> dict[str, Handler]:
    async def listed(request: Request, caller: Caller) -> Response:
        found = await read(request, run_fields.fields_of, caller, request.path_params["project"], of)
        return encode([_shape(f) for f in one_page(request, found)])

    async def define(request: Request, caller: Caller) -> Response:
        body = await read_body(request, RunFieldDefinition)
        return encode(_shape(await write(request, run_fields.define, caller, request.path_params["project"], _field(body, of))), 201)

    async def redefine(request: Request, caller: Caller) -> Response:
        body = await read_body(request, RunFieldDefinition)
        field = _field(body, of, number(request, "field"))
        return encode(_shape(await write(request, run_fields.redefine, caller, request.path_params["project"], field)))

    async def remove(request: Request, caller: Caller) -> Response:
        await write(request, run_fields.remove, caller, request.path_params["project"], of, number(request, "field"))
        return Response(status_code=204)

    listed.__doc__ = f"The custom fields of a project's {what}."
    define.__doc__ = f"Define a custom field of a project's {what}.\n\n    Ours; leads may."
    redefine.__doc__ = f"Set what a custom field of a project's {what} is.\n\n    Ours; leads may. Values that runs have stay."
    remove.__doc__ = f"Take a custom field of a project's {what} away.\n\n    Ours; leads may. Values that runs have stay."
    return {"listed": signed_in(listed), "define": signed_in(define), "redefine": signed_in(redefine), "remove": signed_in(remove)}


_PROJECT = {"project": (str, "The key or id of the project.", "DEMO")}
_NEW = {"name": "Device", "type": "select", "description": "What it ran on", "required": False, "options": ["Phone", "Tablet"]}
_GONE = {"run": "102", "step": "103"}
_IDS, _NAMES = {"run": "100", "step": "101"}, {"run": "Browser", "step": "Hint"}


def _endpoints(of: FieldOwner, path: str, what: str) -> list[Endpoint]:
    base, does = f"api/project/{{project}}/settings/customfields/{path}", _handlers(of, what)
    one = _PROJECT | {"field": (str, "The id of the field.", _IDS[of])}
    gone = _PROJECT | {"field": (str, "The id of the field.", _GONE[of])}
    now = _NEW | {"name": _NAMES[of], "options": ["Chrome", "Firefox", "Safari"]}
    place = {"project": "$request.path.project", "field": "$response.body#/id"}
    made = {
        201: Answer(types.RunFieldConfig, "Defined.", links={"edit": (f"edit_{of}_field", place), "remove": (f"remove_{of}_field", place)})
    }
    writes: dict[str, Any] = {"writes": True, "errors": (409,)}
    return [
        *v2_only(f"{of}_fields", "GET", base, does["listed"], list[types.RunFieldConfig], path_parameters=_PROJECT, query=(PART_PAGE, PART_LIMIT)),
        *v2_only(f"create_{of}_field", "POST", base, does["define"], made, path_parameters=_PROJECT, body=Body(RunFieldDefinition, _NEW), **writes),
        *v2_only(
            f"edit_{of}_field", "PUT", f"{base}/{{field}}", does["redefine"], types.RunFieldConfig,
            path_parameters=one, body=Body(RunFieldDefinition, now), **writes,
        ),
        *v2_only(f"remove_{of}_field", "DELETE", f"{base}/{{field}}", does["remove"], {204: Answer()}, path_parameters=gone, writes=True),
    ]  # fmt: skip


endpoints = [*_endpoints("run", "testruns", "Test Runs"), *_endpoints("step", "teststeps", "steps")]
