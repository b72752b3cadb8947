# SPDX-License-Identifier: Apache-2.0
"""People and permissions through Jira's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import issues, projects
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.people import Right
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import Flag, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.jira import change_types, instance_types
from radiograph.web.jira.endpoint import START, jira_endpoint, most
from radiograph.web.jira.project_shapes import found_person_shape, myself_shape, picked_shape
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

NAME = Word("username", "The name of a person.", "ana")
KEY = Word("key", "The same: names are keys here.", "")
SEARCH = Word("username", "Letters of the name, the display name or the address; `.` for everybody.", "ana")
QUERY = Word("query", "The same, where it is asked so.", "")
INACTIVE = Flag("includeInactive", "Find those too who can't sign in.")
PROJECT = Word("project", "The key or id of a project.", "")
ISSUE = Word("issueKey", "The key or id of an issue.", "")
PROJECT_KEY = Word("projectKey", "The key of a project.", "")
PROJECT_ID = Word("projectId", "The id of a project.", "")
MOST = most()
PICKED = Whole("maxResults", "How many are wanted.", 0, 1000, 50, capped=True)


@signed_in
async def myself(request: Request, caller: Caller) -> Response:
    """The caller."""
    return encode(myself_shape(caller, base_url(request)))


@signed_in
async def user(request: Request, _caller: Caller) -> Response:
    """A person by name."""
    named = NAME.read(request.query_params) or KEY.read(request.query_params)
    if not named:
        raise Refused("username is required", [Problem("username", "Give the person's name.")])
    return encode(found_person_shape(await read(request, projects.person, named), base_url(request)))


@signed_in
async def search_users(request: Request, _caller: Caller) -> Response:
    """Look for people."""
    return encode(await _page(request))


async def _page(request: Request) -> list[instance_types.Person]:
    query = request.query_params
    text = SEARCH.read(query) or QUERY.read(query)
    skip, limit = START.read(query), MOST.read(query)
    found = await read(request, projects.find_people, text, INACTIVE.read(query))
    return [found_person_shape(row, base_url(request)) for row in found[skip : skip + limit]]


@signed_in
async def search_assignable(request: Request, caller: Caller) -> Response:
    """Look for people to whom issues of a project can be assigned: everybody who can sign in."""
    query = request.query_params
    issue, project = ISSUE.read(query), PROJECT.read(query)
    if issue:
        await read(request, issues.find, caller, issue)
    elif project:
        await read(request, projects.project, caller, project)
    return encode(await _page(request))


@signed_in
async def pick_users(request: Request, _caller: Caller) -> Response:
    """People whose names have a text in them, for a picker."""
    found = await read(request, projects.find_people, QUERY.read(request.query_params))
    shown = [picked_shape(row) for row in found[: PICKED.read(request.query_params)]]
    return encode(change_types.PickedUsers(shown, len(found), f"Showing {len(shown)} of {len(found)} matching users"))


_RIGHTS = {
    "BROWSE_PROJECTS": ("Browse Projects", Right.READ),
    "CREATE_ISSUES": ("Create Issues", Right.EDIT_ISSUE),
    "EDIT_ISSUES": ("Edit Issues", Right.EDIT_ISSUE),
    "ASSIGN_ISSUES": ("Assign Issues", Right.EDIT_ISSUE),
    "ASSIGNABLE_USER": ("Assignable User", Right.READ),
    "TRANSITION_ISSUES": ("Transition Issues", Right.EDIT_ISSUE),
    "RESOLVE_ISSUES": ("Resolve Issues", Right.EDIT_ISSUE),
    "CLOSE_ISSUES": ("Close Issues", Right.EDIT_ISSUE),
    "LINK_ISSUES": ("Link Issues", Right.EDIT_ISSUE),
    "DELETE_ISSUES": ("Delete Issues", Right.DELETE),
    "ADD_COMMENTS": ("Add Comments", Right.EDIT_RUN),
    "EDIT_OWN_COMMENTS": ("Edit Own Comments", Right.EDIT_RUN),
    "DELETE_OWN_COMMENTS": ("Delete Own Comments", Right.EDIT_RUN),
    "EDIT_ALL_COMMENTS": ("Edit All Comments", Right.EDIT_ISSUE),
    "DELETE_ALL_COMMENTS": ("Delete All Comments", Right.EDIT_ISSUE),
    "CREATE_ATTACHMENTS": ("Create Attachments", Right.EDIT_RUN),
    "DELETE_OWN_ATTACHMENTS": ("Delete Own Attachments", Right.EDIT_RUN),
    "DELETE_ALL_ATTACHMENTS": ("Delete All Attachments", Right.EDIT_ISSUE),
    "ADMINISTER_PROJECTS": ("Administer Projects", Right.ADMINISTER),
}
"""Jira's permissions by key: the name, and what it takes here."""


@signed_in
async def my_permissions(request: Request, caller: Caller) -> Response:
    """What the caller may do in a project, or (none is named) in any."""
    query = request.query_params
    issue, project = ISSUE.read(query), PROJECT_KEY.read(query) or PROJECT_ID.read(query)
    if issue:
        places = [(await read(request, issues.find, caller, issue)).project_id]
    elif project:
        places = [(await read(request, projects.project, caller, project)).id]
    else:
        places = [p.id for p in await read(request, projects.visible_projects, caller)]
    found = {
        key: _permission(number, key, name, "PROJECT", have=any(caller.may(right, p) for p in places))
        for number, (key, (name, right)) in enumerate(_RIGHTS.items(), 10)
    }
    administers = caller.admin and caller.token_projects is None
    found["ADMINISTER"] = _permission(0, "ADMINISTER", "Jira Administrators", "GLOBAL", have=administers)
    return encode(change_types.Permissions(found))


def _permission(number: int, key: str, name: str, kind: str, *, have: bool) -> change_types.Permission:
    return change_types.Permission(id=str(number), key=key, name=name, type=kind, description=name, have_permission=have)


_FOUND = (SEARCH, QUERY, START, MOST, INACTIVE)

endpoints = [
    jira_endpoint("myself", "GET", "myself", myself, instance_types.Myself),
    jira_endpoint("search_user", "GET", "user", user, instance_types.Person, query=(NAME, KEY), errors=(404,)),
    jira_endpoint("search_users", "GET", "user/search", search_users, list[instance_types.Person], query=_FOUND),
    jira_endpoint(
        "search_assignable", "GET", "user/assignable/search", search_assignable, list[instance_types.Person], query=(*_FOUND, PROJECT, ISSUE),
        errors=(404,),
    ),
    jira_endpoint("pick_users", "GET", "user/picker", pick_users, change_types.PickedUsers, query=(QUERY, PICKED)),
    jira_endpoint(
        "search_my_permissions", "GET", "mypermissions", my_permissions, change_types.Permissions, query=(PROJECT_KEY, PROJECT_ID, ISSUE),
        errors=(404,),
    ),
]  # fmt: skip
