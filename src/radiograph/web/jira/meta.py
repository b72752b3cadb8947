# SPDX-License-Identifier: Apache-2.0
"""What issues can be and have: types, fields, statuses, priorities, and what can be created; through Jira's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph import __version__
from radiograph.actions import fields as field_actions
from radiograph.actions import issues, projects, workflow
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import NotFound, cut
from radiograph.domain.issues import IssueType, Priority, issue_type, priority
from radiograph.domain.workflow import CATEGORIES
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import change_types, instance_types, project_shapes, shapes
from radiograph.web.jira.dates import jira_date
from radiograph.web.jira.endpoint import PROJECT, START, jira_endpoint, most
from radiograph.web.jira.meta_shapes import create_meta, fields_meta
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

JIRA_VERSION = "9.12.0"
"""What `serverInfo` says: the libraries that ask it want a Jira of the last long-term line."""
MOST = most()
KEYS = Word("projectKeys", "Keys of projects, with commas; all when absent.", "DEMO")
IDS = Word("projectIds", "Ids of projects, with commas.", "")
TYPE_NAMES = Word("issuetypeNames", "Names of issue types, with commas; all when absent.", "Test")
TYPE_IDS = Word("issuetypeIds", "Ids of issue types, with commas.", "")
EXPAND = Word("expand", "With projects.issuetypes.fields: the fields too.", "projects.issuetypes.fields")


@signed_in
async def fields(request: Request, _caller: Caller) -> Response:
    """The fields of issues; clients find Xray's by their names."""
    return encode(project_shapes.field_shapes(await read(request, issues.custom_fields)))


@signed_in
async def create_field(request: Request, caller: Caller) -> Response:
    """Add a custom field to the issues of every project; for administrators of the instance."""
    body = await read_body(request, change_types.FieldBody)
    made = await write(request, field_actions.create_field, caller, body.name, body.type)
    return encode(project_shapes.custom_field_shape(made), 201)


@signed_in
async def issue_types(request: Request, _caller: Caller) -> Response:
    """The issue types."""
    return encode([shapes.type_shape(k, base_url(request)) for k in IssueType])


@signed_in
async def one_issue_type(request: Request, _caller: Caller) -> Response:
    """An issue type by its id or name."""
    return encode(shapes.type_shape(_issue_type(request.path_params["id"]), base_url(request)))


def _issue_type(named: str) -> IssueType:
    kind = issue_type(named)
    if kind is None:
        raise NotFound(f"The issue type '{cut(named)}' does not exist.")
    return kind


@signed_in
async def statuses(request: Request, _caller: Caller) -> Response:
    """The statuses that issues can have."""
    flow = await read(request, workflow.workflow)
    return encode([shapes.status_shape(s, base_url(request)) for s in flow.statuses])


@signed_in
async def status(request: Request, _caller: Caller) -> Response:
    """A status by its id or name."""
    named = request.path_params["id"].strip().lower()
    flow = await read(request, workflow.workflow)
    found = next((s for s in flow.statuses if named in {str(s.id), s.name.lower()}), None)
    if found is None:
        raise NotFound(f"The status '{cut(named)}' does not exist.")
    return encode(shapes.status_shape(found, base_url(request)))


@signed_in
async def status_categories(request: Request, _caller: Caller) -> Response:
    """What statuses can mean."""
    return encode([shapes.category_shape(key, base_url(request)) for key in CATEGORIES])


@signed_in
async def status_category(request: Request, _caller: Caller) -> Response:
    """What a status can mean, by its id or key."""
    named = request.path_params["id"]
    found = next((k for k, (number, _) in CATEGORIES.items() if named in {k, str(number)}), None)
    if found is None:
        raise NotFound(f"The status category '{cut(named)}' does not exist.")
    return encode(shapes.category_shape(found, base_url(request)))


@signed_in
async def priorities(request: Request, _caller: Caller) -> Response:
    """The priorities, the highest first."""
    return encode([shapes.priority_shape(int(p), base_url(request)) for p in Priority])


@signed_in
async def one_priority(request: Request, _caller: Caller) -> Response:
    """A priority by its id or name."""
    found = priority(request.path_params["id"])
    if found is None:
        raise NotFound(f"The priority '{cut(request.path_params['id'])}' does not exist.")
    return encode(shapes.priority_shape(int(found), base_url(request)))


@signed_in
async def resolutions(request: Request, _caller: Caller) -> Response:
    """The one resolution, which every issue has that is done."""
    return encode([shapes.resolution_shape(base_url(request))])


@signed_in
async def search_create_meta(request: Request, caller: Caller) -> Response:
    """What can be created: projects, issue types, and on request their fields."""
    query = request.query_params
    named = {*_listed(KEYS.read(query).upper()), *_listed(IDS.read(query))}
    rows = await read(request, projects.visible_projects, caller)
    wholes = [await read(request, projects.whole_project, caller, row.key) for row in rows if not named or {row.key, str(row.id)} & named]
    wanted = {*_listed(TYPE_NAMES.read(query)), *_listed(TYPE_IDS.read(query))}
    kinds = [k for k in IssueType if not wanted or k in {issue_type(n) for n in wanted}]
    with_fields = "fields" in EXPAND.read(query)
    custom = await read(request, issues.custom_fields)
    return encode(create_meta(wholes, kinds, custom, base_url(request), with_fields=with_fields))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


@signed_in
async def creatable_types(request: Request, caller: Caller) -> Response:
    """The issue types that can be created in a project."""
    await read(request, projects.project, caller, request.path_params["key"])
    return encode(_page(request, [shapes.type_shape(k, base_url(request)) for k in IssueType]))


@signed_in
async def creatable_fields(request: Request, caller: Caller) -> Response:
    """The fields that an issue of a type can be created with in a project."""
    whole = await read(request, projects.whole_project, caller, request.path_params["key"])
    kind = _issue_type(request.path_params["id"])
    custom = await read(request, issues.custom_fields)
    return encode(_page(request, list(fields_meta(whole, kind, custom, base_url(request), creating=True).values())))


def _page(request: Request, rows: Sequence[Any]) -> change_types.MetaPage:
    skip, limit = START.read(request.query_params), MOST.read(request.query_params)
    shown = list(rows[skip : skip + limit])
    is_last = skip + limit >= len(rows)
    return change_types.MetaPage(max_results=limit, start_at=skip, total=len(rows), is_last=is_last, values=shown)


async def server_info(request: Request) -> Response:
    """What this server is to Jira's clients; anyone may ask, as in Jira."""
    numbers = [int(n) for n in JIRA_VERSION.split(".")]
    return encode(instance_types.ServerInfo(
        base_url=base_url(request), version=JIRA_VERSION, version_numbers=numbers, deployment_type="Server", build_number=912000,
        server_title=f"Radiograph {__version__}", server_time=jira_date(now_ms()),
    ))  # fmt: skip


_FIELD = Body(change_types.FieldBody, {"name": "Severity", "type": "option"})
_META = (KEYS, IDS, TYPE_NAMES, TYPE_IDS, EXPAND)
_PAGED: dict[str, Any] = {"query": (START, MOST)}


def _one(what: str, example: str) -> dict[str, Any]:
    return {"path_parameters": {"id": (str, f"The id or name of {what}.", example)}}


endpoints = [
    jira_endpoint("fields", "GET", "field", fields, list[instance_types.Field]),
    jira_endpoint("create_field", "POST", "field", create_field, {201: Answer(instance_types.Field, "Added.")}, body=_FIELD, writes=True),
    jira_endpoint("issue_types", "GET", "issuetype", issue_types, list[instance_types.TypeOfIssue]),
    jira_endpoint("issue_type", "GET", "issuetype/{id}", one_issue_type, instance_types.TypeOfIssue, **_one("the issue type", "10006")),
    jira_endpoint("statuses", "GET", "status", statuses, list[instance_types.WorkflowStatus]),
    jira_endpoint("status", "GET", "status/{id}", status, instance_types.WorkflowStatus, **_one("the status", "3")),
    jira_endpoint("status_categories", "GET", "statuscategory", status_categories, list[instance_types.StatusCategory]),
    jira_endpoint("status_category", "GET", "statuscategory/{id}", status_category, instance_types.StatusCategory, **_one("the category", "2")),
    jira_endpoint("priorities", "GET", "priority", priorities, list[instance_types.Named]),
    jira_endpoint("priority", "GET", "priority/{id}", one_priority, instance_types.Named, **_one("the priority", "3")),
    jira_endpoint("resolutions", "GET", "resolution", resolutions, list[instance_types.Named]),
    jira_endpoint("search_create_meta", "GET", "issue/createmeta", search_create_meta, dict[str, Any], query=_META),
    jira_endpoint(
        "creatable_types", "GET", "issue/createmeta/{key}/issuetypes", creatable_types, change_types.MetaPage, path_parameters=PROJECT,
        **_PAGED,
    ),
    jira_endpoint(
        "creatable_fields", "GET", "issue/createmeta/{key}/issuetypes/{id}", creatable_fields, change_types.MetaPage,
        path_parameters=PROJECT | _one("the issue type", "10006")["path_parameters"], **_PAGED,
    ),
    jira_endpoint("server_info", "GET", "serverInfo", server_info, instance_types.ServerInfo, open=True),
]  # fmt: skip
