# SPDX-License-Identifier: Apache-2.0
"""Projects with their versions and components through Jira's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from starlette.responses import Response

from radiograph.actions import project_parts as parts
from radiograph.actions import projects, workflow
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.issues import IssueType
from radiograph.formats.jira_values import day
from radiograph.web.addresses import base_url, number
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Whole, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import change_types, project_types, shapes
from radiograph.web.jira import project_shapes as project_s
from radiograph.web.jira.endpoint import NONE, PROJECT, jira_endpoint
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.store.project_parts import ProjectComponent

MOVE_FIXED = Whole("moveFixIssuesTo", "The id of the version that its issues get instead; 0 for none.", 0, 10**15, 0)
MOVE_TO = Whole("moveIssuesTo", "The id of the component that its issues get instead; 0 for none.", 0, 10**15, 0)


@signed_in
async def get_project(request: Request, caller: Caller) -> Response:
    """A project with its issue types, versions and components."""
    whole = await read(request, projects.whole_project, caller, request.path_params["key"])
    return encode(project_s.whole_project_shape(whole, base_url(request)))


@signed_in
async def all_projects(request: Request, caller: Caller) -> Response:
    """The projects that the caller can see."""
    rows = await read(request, projects.visible_projects, caller)
    return encode([project_s.project_shape(row, base_url(request)) for row in rows])


@signed_in
async def create_project(request: Request, caller: Caller) -> Response:
    """Add a project; for administrators of the instance."""
    body = await read_body(request, change_types.ProjectBody)
    found = await write(request, projects.create_project, caller, body.key, body.name, body.description or "")
    made = change_types.CreatedProject(f"{base_url(request)}/rest/api/2/project/{found}", found, body.key.strip().upper())
    return encode(made, 201)


@signed_in
async def project_versions(request: Request, caller: Caller) -> Response:
    """The versions of a project."""
    whole = await read(request, projects.whole_project, caller, request.path_params["key"])
    return encode([shapes.version_shape(v, base_url(request)) for v in whole.versions])


@signed_in
async def project_components(request: Request, caller: Caller) -> Response:
    """The components of a project."""
    whole = await read(request, projects.whole_project, caller, request.path_params["key"])
    return encode([project_s.component_shape(c, whole.row.key, base_url(request)) for c in whole.components])


@signed_in
async def project_statuses(request: Request, caller: Caller) -> Response:
    """The statuses that issues of each type can have."""
    await read(request, projects.project, caller, request.path_params["key"])
    base, flow = base_url(request), await read(request, workflow.workflow)
    statuses = [shapes.status_shape(s, base) for s in flow.statuses]
    kinds = [shapes.type_shape(k, base) for k in IssueType]
    return encode([change_types.TypeStatuses(k.self_, k.id, k.name, subtask=k.subtask, statuses=statuses) for k in kinds])


@signed_in
async def version(request: Request, caller: Caller) -> Response:
    """A version."""
    return encode(shapes.version_shape(await read(request, parts.find_version, caller, number(request, "id")), base_url(request)))


@signed_in
async def create_version(request: Request, caller: Caller) -> Response:
    """Add a version to a project, named by `project` (its key) or `projectId`."""
    body = await read_body(request, change_types.VersionBody)
    project = body.project or body.project_id
    if not project:
        raise Refused("project is required", [Problem("project", "Give the project's key, or its id as projectId.")])
    row = await write(request, parts.create_version, caller, str(project), _version_values(body))
    return encode(shapes.version_shape(row, base_url(request)), 201)


@signed_in
async def edit_version(request: Request, caller: Caller) -> Response:
    """Change what is given of a version."""
    values = _version_values(await read_body(request, change_types.VersionBody))
    row = await write(request, parts.edit_version, caller, number(request, "id"), values)
    return encode(shapes.version_shape(row, base_url(request)))


def _version_values(body: change_types.VersionBody) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if body.name is not UNSET:
        values["name"] = body.name.strip()
    if body.description is not UNSET:
        values["description"] = body.description or ""
    for name in ("released", "archived"):
        if getattr(body, name) is not UNSET:
            values[name] = bool(getattr(body, name))
    for name, member in (("startDate", "start_date"), ("releaseDate", "release_date")):
        if getattr(body, member) is not UNSET:
            values[member] = day(name, getattr(body, member)) or ""
    return values


@signed_in
async def delete_version(request: Request, caller: Caller) -> Response:
    """Remove a version; issues lose it."""
    await write(request, parts.remove_version, caller, number(request, "id"), _instead(request, MOVE_FIXED))
    return Response(status_code=204)


def _instead(request: Request, parameter: Whole) -> int | None:
    return parameter.read(request.query_params) or None


@signed_in
async def version_counts(request: Request, caller: Caller) -> Response:
    """How many issues a version has."""
    found = number(request, "id")
    count = await read(request, parts.count_issues, caller, found)
    return encode(change_types.RelatedCounts(f"{base_url(request)}/rest/api/2/version/{found}", count))


@signed_in
async def component(request: Request, caller: Caller) -> Response:
    """A component."""
    return encode(await _component(request, caller, await read(request, parts.find_component, caller, number(request, "id"))))


async def _component(request: Request, caller: Caller, row: ProjectComponent) -> project_types.Component:
    project = await read(request, projects.project, caller, str(row.project_id))
    return project_s.component_shape(row, project.key, base_url(request))


@signed_in
async def create_component(request: Request, caller: Caller) -> Response:
    """Add a component to a project, named by its key."""
    body = await read_body(request, change_types.ComponentBody)
    if not body.project:
        raise Refused("project is required", [Problem("project", "Give the project's key.")])
    row = await write(request, parts.create_component, caller, body.project, _component_values(body))
    return encode(await _component(request, caller, row), 201)


@signed_in
async def edit_component(request: Request, caller: Caller) -> Response:
    """Change what is given of a component."""
    values = _component_values(await read_body(request, change_types.ComponentBody))
    row = await write(request, parts.edit_component, caller, number(request, "id"), values)
    return encode(await _component(request, caller, row))


def _component_values(body: change_types.ComponentBody) -> dict[str, Any]:
    values: dict[str, Any] = {} if body.name is UNSET else {"name": body.name.strip()}
    if body.description is not UNSET:
        values["description"] = body.description or ""
    return values


@signed_in
async def delete_component(request: Request, caller: Caller) -> Response:
    """Remove a component; issues lose it."""
    await write(request, parts.remove_component, caller, number(request, "id"), _instead(request, MOVE_TO))
    return Response(status_code=204)


_ONE: dict[str, Any] = {"path_parameters": PROJECT}
_VERSION: dict[str, Any] = {"path_parameters": {"id": (int, "The id of the version.", 1)}}
_COMPONENT: dict[str, Any] = {"path_parameters": {"id": (int, "The id of the component.", 1)}}
_IT = {"id": "$response.body#/id"}
_NEW_VERSION = {
    201: Answer(
        project_types.Version, "Added.",
        links={"version": ("version", _IT), "edit": ("edit_version", _IT), "counts": ("version_counts", _IT), "delete": ("delete_version", _IT)},
    ),
}  # fmt: skip
_NEW_COMPONENT = {
    201: Answer(
        project_types.Component, "Added.",
        links={"component": ("component", _IT), "edit": ("edit_component", _IT), "delete": ("delete_component", _IT)},
    ),
}  # fmt: skip
_VERSION_BODY = Body(change_types.VersionBody, {"name": "v1.4", "project": "DEMO", "releaseDate": "2026-12-24"})
_VERSION_CHANGE = Body(change_types.VersionBody, {"description": "The winter release", "released": True})
_COMPONENT_BODY = Body(change_types.ComponentBody, {"name": "Payment", "project": "DEMO"})
_COMPONENT_CHANGE = Body(change_types.ComponentBody, {"description": "Cards and vouchers"})
_PROJECT_BODY = Body(change_types.ProjectBody, {"key": "SHOP", "name": "Shop"})

endpoints = [
    jira_endpoint("projects", "GET", "project", all_projects, list[project_types.Project]),
    jira_endpoint(
        "create_project", "POST", "project", create_project, {201: Answer(change_types.CreatedProject, "Added.")}, body=_PROJECT_BODY,
        writes=True,
    ),
    jira_endpoint("project", "GET", "project/{key}", get_project, project_types.WholeProject, **_ONE),
    jira_endpoint("project_versions", "GET", "project/{key}/versions", project_versions, list[project_types.Version], **_ONE),
    jira_endpoint("project_components", "GET", "project/{key}/components", project_components, list[project_types.Component], **_ONE),
    jira_endpoint("project_statuses", "GET", "project/{key}/statuses", project_statuses, list[change_types.TypeStatuses], **_ONE),
    jira_endpoint("create_version", "POST", "version", create_version, _NEW_VERSION, body=_VERSION_BODY, writes=True, errors=(404,)),
    jira_endpoint("version", "GET", "version/{id}", version, project_types.Version, **_VERSION),
    jira_endpoint("edit_version", "PUT", "version/{id}", edit_version, project_types.Version, body=_VERSION_CHANGE, writes=True, **_VERSION),
    jira_endpoint("delete_version", "DELETE", "version/{id}", delete_version, NONE, query=(MOVE_FIXED,), writes=True, **_VERSION),
    jira_endpoint("version_counts", "GET", "version/{id}/relatedIssueCounts", version_counts, change_types.RelatedCounts, **_VERSION),
    jira_endpoint(
        "create_component", "POST", "component", create_component, _NEW_COMPONENT, body=_COMPONENT_BODY, writes=True, errors=(404,),
    ),
    jira_endpoint("component", "GET", "component/{id}", component, project_types.Component, **_COMPONENT),
    jira_endpoint(
        "edit_component", "PUT", "component/{id}", edit_component, project_types.Component, body=_COMPONENT_CHANGE, writes=True, **_COMPONENT,
    ),
    jira_endpoint("delete_component", "DELETE", "component/{id}", delete_component, NONE, query=(MOVE_TO,), writes=True, **_COMPONENT),
]  # fmt: skip
