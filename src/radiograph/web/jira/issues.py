# SPDX-License-Identifier: Apache-2.0
"""Issues through Jira's API: making, reading, changing, moving and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from starlette.responses import Response

from radiograph.actions import issues, projects, workflow
from radiograph.domain.errors import DomainError, Problem, Refused
from radiograph.web.addresses import base_url
from radiograph.web.bodies import read_body
from radiograph.web.endpoints import Answer, Body, Flag, Word, signed_in
from radiograph.web.errors import encode, status_of
from radiograph.web.jira import change_types, history_types, project_shapes, shapes, types
from radiograph.web.jira.endpoint import ISSUE, NONE, jira_endpoint
from radiograph.web.jira.history_shapes import changelog_shape, rendered
from radiograph.web.jira.meta_shapes import fields_meta
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import IssueRow

FIELDS = Word("fields", "Names of the fields wanted, with commas; all when absent; `-comment` leaves one out.", "summary,status")
EXPAND = Word("expand", "What else is wanted: changelog, transitions, names, schema, renderedFields, editmeta.", "changelog")
TO_EXPAND = Word("expand", "With transitions.fields: the fields of each too.", "transitions.fields")
SUBTASKS = Flag("deleteSubtasks", "Delete the issues below it too.")
MAX_BULK = 1000


@signed_in
async def get_issue(request: Request, caller: Caller) -> Response:
    """An issue."""
    row = await read(request, issues.find, caller, request.path_params["key"])
    custom = await read(request, issues.custom_fields)
    base, chosen = base_url(request), shapes.Chosen(FIELDS.read(request.query_params).split(","))
    shown = shapes.issue_shape(row, custom, base, chosen)
    await _expand(request, caller, row, shown, {n.strip() for n in EXPAND.read(request.query_params).split(",")})
    return encode(shown)


async def _expand(request: Request, caller: Caller, row: IssueRow, shown: types.Issue, wanted: set[str]) -> None:
    base = base_url(request)
    custom = {f.key: f for f in await read(request, issues.custom_fields)}
    if "names" in wanted:
        named = {n: names[0] for n, names in project_shapes.SYSTEM_FIELDS.items()} | {k: f.name for k, f in custom.items()}
        shown.names = {n: named.get(n, n) for n in shown.fields}
    if "schema" in wanted:
        known = {n: project_shapes.system_schema(n) for n in project_shapes.SYSTEM_FIELDS}
        known |= {k: project_shapes.custom_schema(f) for k, f in custom.items()}
        shown.schema = {n: known[n] for n in shown.fields if n in known}
    if "renderedFields" in wanted:
        shown.rendered_fields = rendered(shown.fields)
    if wanted & {"transitions", "transitions.fields"}:
        shown.transitions = (await _transitions(request, caller, str(row.id))).transitions
    if "editmeta" in wanted:
        shown.editmeta = await _edit_meta(request, caller, row)
    if "changelog" in wanted:
        entries = await read(request, issues.history, caller, str(row.id))
        shown.changelog = changelog_shape(entries, base, row.parts.people)


@signed_in
async def create_issue(request: Request, caller: Caller) -> Response:
    """Create an issue."""
    body = await read_body(request, types.IssueChange)
    number, key = await write(request, issues.create, caller, msgspec.to_builtins(body))
    return encode(_created(number, key, base_url(request)), 201)


def _created(number: int, key: str, base: str) -> types.CreatedIssue:
    return types.CreatedIssue(str(number), key, f"{base}/rest/api/2/issue/{number}")


@signed_in
async def create_issues(request: Request, caller: Caller) -> Response:
    """Create several issues; each that can be is, and the answer says what is wrong with the others.

    400 with the same body when none could be created.
    """
    body = await read_body(request, change_types.BulkRequest)
    if not 0 < len(body.issue_updates) <= MAX_BULK:
        text = f"must have from 1 to {MAX_BULK} issues, not {len(body.issue_updates)}"
        raise Refused(f"issueUpdates {text}", [Problem("issueUpdates", text)])
    made = await write(request, issues.create_several, caller, body.issue_updates)
    created = [_created(*one, base_url(request)) for one in made if not isinstance(one, DomainError)]
    errors = [_failed(one, place) for place, one in enumerate(made) if isinstance(one, DomainError)]
    return encode(change_types.BulkAnswer(created, errors), 201 if created else 400)


def _failed(error: DomainError, place: int) -> change_types.BulkError:
    status, fields = status_of(error), {p.path: p.problem for p in error.details}
    told = change_types.ElementErrors([] if fields else [error.message], fields, status)
    return change_types.BulkError(status, told, place)


@signed_in
async def edit_issue(request: Request, caller: Caller) -> Response:
    """Change the given fields of an issue, and leave the others."""
    body = await read_body(request, types.IssueChange)
    await write(request, issues.edit, caller, request.path_params["key"], msgspec.to_builtins(body))
    return Response(status_code=204)


@signed_in
async def delete_issue(request: Request, caller: Caller) -> Response:
    """Delete an issue with all that belongs to it.

    A Test goes with its runs in every Test Execution, an execution with its runs; comments, files, links, relations and
    history go too.
    """
    await write(request, issues.delete, caller, request.path_params["key"], SUBTASKS.read(request.query_params))
    return Response(status_code=204)


@signed_in
async def transitions(request: Request, caller: Caller) -> Response:
    """The transitions that an issue can take now."""
    found = await _transitions(request, caller, request.path_params["key"])
    if "transitions.fields" in TO_EXPAND.read(request.query_params):
        for one in found.transitions:
            one.fields = {}
    return encode(found)


async def _transitions(request: Request, caller: Caller, key: str) -> history_types.Transitions:
    flow, possible = await read(request, workflow.transitions_of, caller, key)
    known = {s.id: shapes.status_shape(s, base_url(request)) for s in flow.statuses}
    shown = [history_types.TransitionOut(str(w.id), w.name, known[w.to_id], is_global=w.from_id is None) for w in possible]
    return history_types.Transitions("transitions", shown)


@signed_in
async def edit_by_transition(request: Request, caller: Caller) -> Response:
    """Take a transition by its id or name, with fields and comments beside it."""
    body = await read_body(request, types.IssueChange)
    await write(request, issues.transition, caller, request.path_params["key"], msgspec.to_builtins(body))
    return Response(status_code=204)


@signed_in
async def set_assignee(request: Request, caller: Caller) -> Response:
    """Assign an issue."""
    body = await read_body(request, change_types.AssigneeBody)
    await write(request, issues.assign, caller, request.path_params["key"], body.name or body.key or body.account_id)
    return Response(status_code=204)


@signed_in
async def edit_meta(request: Request, caller: Caller) -> Response:
    """The fields that can be edited in an issue."""
    row = await read(request, issues.find, caller, request.path_params["key"])
    return encode(await _edit_meta(request, caller, row))


async def _edit_meta(request: Request, caller: Caller, row: IssueRow) -> dict[str, Any]:
    whole = await read(request, projects.whole_project, caller, str(row.project_id))
    custom = await read(request, issues.custom_fields)
    return {"fields": fields_meta(whole, row.type, custom, base_url(request), creating=False)}


@signed_in
async def watchers(request: Request, caller: Caller) -> Response:
    """Who watches an issue: nobody, as nobody is told of changes."""
    row = await read(request, issues.find, caller, request.path_params["key"])
    return encode(types.Watchers(f"{base_url(request)}/rest/api/2/issue/{row.key}/watchers"))


@signed_in
async def remote_links(request: Request, caller: Caller) -> Response:
    """The links of an issue to other sites: there are none."""
    await read(request, issues.find, caller, request.path_params["key"])
    return encode([])


class EditMeta(Struct):
    """The fields that can be edited, by their ids."""

    fields: dict[str, Any]


_NEW = {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Test"}, "summary": "Adds", "customfield_10106": "calc.adds"}}
_CHANGES = {"fields": {"summary": "Adds two numbers"}, "update": {"labels": [{"add": "calculator"}]}}
_MOVE = {"transition": {"id": "21"}, "update": {"comment": [{"add": {"body": "Started"}}]}}
_KEY = {"key": "$response.body#/key"}
_THEN = {"issue": ("issue", _KEY), "edit": ("edit_issue", _KEY), "comment": ("create_comment", _KEY), "delete": ("delete_issue", _KEY)}
_CREATED = {201: Answer(types.CreatedIssue, "Created.", links=_THEN)}
_BULK = {
    201: Answer(change_types.BulkAnswer, "Created, all or some; errors tell of the others."),
    400: Answer(dict[str, Any], "None could be created (a BulkAnswer without issues), or the body could not be read (a JiraError)."),
}
_ONE: dict[str, Any] = {"path_parameters": ISSUE}
_DELETED = {"key": (str, "The key or id of the issue.", "DEMO-11")}

endpoints = [
    jira_endpoint("create_issue", "POST", "issue", create_issue, _CREATED, body=Body(types.IssueChange, _NEW), writes=True),
    jira_endpoint(
        "create_issues", "POST", "issue/bulk", create_issues, _BULK, body=Body(change_types.BulkRequest, {"issueUpdates": [_NEW]}),
        writes=True,
    ),
    jira_endpoint("issue", "GET", "issue/{key}", get_issue, types.Issue, query=(FIELDS, EXPAND), **_ONE),
    jira_endpoint("edit_issue", "PUT", "issue/{key}", edit_issue, NONE, body=Body(types.IssueChange, _CHANGES), writes=True, **_ONE),
    jira_endpoint(
        "delete_issue", "DELETE", "issue/{key}", delete_issue, NONE, query=(SUBTASKS,), writes=True, path_parameters=_DELETED,
    ),
    jira_endpoint("transitions", "GET", "issue/{key}/transitions", transitions, history_types.Transitions, query=(TO_EXPAND,), **_ONE),
    jira_endpoint(
        "edit_by_transition", "POST", "issue/{key}/transitions", edit_by_transition, NONE, body=Body(types.IssueChange, _MOVE), writes=True,
        **_ONE,
    ),
    jira_endpoint(
        "set_assignee", "PUT", "issue/{key}/assignee", set_assignee, NONE, body=Body(change_types.AssigneeBody, {"name": "ana"}), writes=True,
        **_ONE,
    ),
    jira_endpoint("edit_meta", "GET", "issue/{key}/editmeta", edit_meta, EditMeta, **_ONE),
    jira_endpoint("watchers", "GET", "issue/{key}/watchers", watchers, types.Watchers, **_ONE),
    jira_endpoint("remote_links", "GET", "issue/{key}/remotelink", remote_links, list[dict[str, Any]], **_ONE),
]  # fmt: skip
