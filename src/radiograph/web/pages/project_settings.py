# SPDX-License-Identifier: Apache-2.0
"""A project's settings, and making a project."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import project_admin, project_parts, projects, run_fields
from radiograph.domain.errors import Refused, cut
from radiograph.domain.keys import parse_id
from radiograph.domain.run_fields import FIELD_TYPES, RunField
from radiograph.web.pages.acting import act, whole
from radiograph.web.pages.forms import done, text
from radiograph.web.pages.me import ROLES, role_of
from radiograph.web.pages.render import page
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import VersionRow
    from radiograph.store.project_parts import ProjectComponent
    from radiograph.store.projects import ProjectRow
    from radiograph.web.pages.acting import Act


PAGE, OFFERED = 50, 200
"""How many versions or components a page of them has, and how many of them a form offers."""


class Turn(Struct):
    """A page of versions or components, newest first: where the next one begins (0: nowhere), and whether this isn't the first."""

    rows: Sequence[VersionRow | ProjectComponent]
    next: int
    first: bool


def _turn(request: Request, what: str, rows: Sequence[VersionRow | ProjectComponent]) -> Turn:
    start = parse_id(request.query_params.get(what, "")) or 0
    return Turn(rows[::-1][start : start + PAGE], start + PAGE if len(rows) > start + PAGE else 0, start > 0)


async def show(request: Request, caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    """The settings."""
    found = await read(request, project_admin.settings_of, caller, request.path_params["key"])
    return page(
        request, "project_settings.html", status, json=f"/api/projects/{found.key}/settings", area=found.key, here="/settings", project=found,
        roles=ROLES[1:], kinds=FIELD_TYPES, wrong=wrong, versions=_turn(request, "versions", found.versions),
        components=_turn(request, "components", found.components), offered=OFFERED,
    )  # fmt: skip


async def _project(request: Request, caller: Caller) -> ProjectRow:
    found: ProjectRow = await read(request, projects.project, caller, request.path_params["key"])
    return found


async def _describe(request: Request, caller: Caller, form: FormData) -> str:
    given = (text(form, "name"), text(form, "description"), text(form, "main_branch"))
    await write(request, project_admin.describe, caller, await _project(request, caller), *given)
    return "The project's name, description and main branch are kept."


async def _role(request: Request, caller: Caller, form: FormData) -> str:
    role = role_of(form)
    await write(request, project_admin.set_role, caller, await _project(request, caller), text(form, "person"), role)
    return f"{text(form, 'person')} {f'is {role.name.lower()} here' if role else 'has no role here any more'}."


async def _version(request: Request, caller: Caller, form: FormData) -> str:
    values = {"name": text(form, "name"), "description": text(form, "description"), "release_date": text(form, "release_date")}
    await write(request, project_parts.create_version, caller, request.path_params["key"], values)
    return f"The version {values['name']} is added."


async def _edit_version(request: Request, caller: Caller, form: FormData) -> str:
    changes = {"release": {"released": True}, "reopen": {"released": False}, "archive": {"archived": True}, "restore": {"archived": False}}
    found = await write(request, project_parts.edit_version, caller, whole(form, "id"), changes.get(text(form, "to"), {}))
    state = "archived" if found.archived else "released" if found.released else "open"
    return f"The version {found.name} is {state}."


def _named(form: FormData, word: str, rows: Sequence[VersionRow | ProjectComponent]) -> tuple[int, int | None]:
    """The ids of what a form names to remove and of what its issues get instead; raises Refused for a name that there isn't."""
    ids = {row.name.strip(): row.id for row in rows} | {row.name: row.id for row in rows}
    name, instead = text(form, "name"), text(form, "instead")
    for given in (name, instead):
        if given not in ids and (given or not name):
            raise Refused(f"There is no {word} {cut(given)!r} here." if given else f"Name the {word} to remove.")
    return ids[name], ids[instead] if instead else None


async def _remove_version(request: Request, caller: Caller, form: FormData) -> str:
    found = await read(request, project_admin.settings_of, caller, request.path_params["key"])
    await write(request, project_parts.remove_version, caller, *_named(form, "version", found.versions))
    return "The version is removed; its issues have the other one, if you chose one."


async def _component(request: Request, caller: Caller, form: FormData) -> str:
    values = {"name": text(form, "name"), "description": text(form, "description")}
    await write(request, project_parts.create_component, caller, request.path_params["key"], values)
    return f"The component {values['name']} is added."


async def _remove_component(request: Request, caller: Caller, form: FormData) -> str:
    found = await read(request, project_admin.settings_of, caller, request.path_params["key"])
    await write(request, project_parts.remove_component, caller, *_named(form, "component", found.components))
    return "The component is removed."


async def _field(request: Request, caller: Caller, form: FormData) -> str:
    of = "step" if text(form, "of") == "step" else "run"
    options = tuple(o.strip() for o in text(form, "options").split(",") if o.strip())
    field = RunField(0, 0, of, text(form, "name"), text(form, "description"), text(form, "type"), bool(text(form, "required")), options)
    await write(request, run_fields.define, caller, request.path_params["key"], field)
    return f"The field {field.name} is defined."


async def _remove_field(request: Request, caller: Caller, form: FormData) -> str:
    of = "step" if text(form, "of") == "step" else "run"
    await write(request, run_fields.remove, caller, request.path_params["key"], of, whole(form, "id"))
    return "The field is taken away; values that runs have stay."


async def _delete(request: Request, caller: Caller, form: FormData) -> Response:
    row, state = await _project(request, caller), request.app.state
    job = await write(request, project_admin.start_delete, caller, row, text(form, "key"))
    state.jobs.begin(state.services, job, partial(project_admin.run_delete, state.services, caller, row, job))
    return done(request, f"/jobs/{job}?then=/", f"The project {row.key} is being deleted.")


_ACTS: Mapping[str, Act] = {
    "describe": _describe, "role": _role, "version": _version, "edit-version": _edit_version, "remove-version": _remove_version,
    "component": _component, "remove-component": _remove_component, "field": _field, "remove-field": _remove_field, "delete": _delete,
}  # fmt: skip


async def project_settings(request: Request, caller: Caller) -> Response:
    """The settings, and what their forms do."""
    await _project(request, caller)
    return await act(request, caller, _ACTS, show) if request.method == "POST" else await show(request, caller)


async def _new(request: Request, _caller: Caller, *, wrong: str = "", status: int = 200) -> Response:
    return page(request, "new_project.html", status, json="/rest/api/2/project", wrong=wrong)


async def _create(request: Request, caller: Caller, form: FormData) -> Response:
    key = text(form, "key").upper()
    await write(request, projects.create_project, caller, key, text(form, "name"), text(form, "description"))
    return done(request, f"/projects/{key}", f"The project {key} is there. Give people roles in its settings.")


async def new_project(request: Request, caller: Caller) -> Response:
    """The form for a project, and what it does."""
    return await act(request, caller, {"create": _create}, _new) if request.method == "POST" else await _new(request, caller)
