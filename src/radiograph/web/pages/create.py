# SPDX-License-Identifier: Apache-2.0
"""The form that issues are made in: Tests, executions, plans, requirements and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from radiograph.actions.coverage import choices_for
from radiograph.actions.issue_refs import edit_right
from radiograph.actions.new_issue import COVERED, KINDS, PARTS, NewIssue, create_by_form
from radiograph.actions.projects import project
from radiograph.domain.errors import Conflict, Forbidden, IssueNotFound, Refused
from radiograph.domain.issues import IssueType, TestType, issue_type
from radiograph.web.pages.forms import done, sent, text
from radiograph.web.pages.render import page
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.errors import DomainError
    from radiograph.domain.people import Caller


async def create_page(request: Request, caller: Caller) -> Response:
    """The form, filled in with what the address gives; the type chooses its fields."""
    query = request.query_params
    return await _form(request, caller, NewIssue(**{n: query.get(n, "").strip() for n in NewIssue.__struct_fields__}), None)


async def create_sent(request: Request, caller: Caller) -> Response:
    """Make the issue; what is wrong stands above the form, which keeps what was written."""
    form, key = await sent(request), request.path_params["key"]
    given = NewIssue(**{n: text(form, n) for n in NewIssue.__struct_fields__})
    try:
        made = await write(request, create_by_form, caller, key, given)
    except (Refused, IssueNotFound, Conflict) as error:
        return await _form(request, caller, given, error)
    return done(request, f"/browse/{made}", f"{made} was made.")


async def _form(request: Request, caller: Caller, given: NewIssue, wrong: DomainError | None) -> Response:
    row = await read(request, project, caller, request.path_params["key"])
    may = [k for k in KINDS if caller.may(edit_right(k), row.id)]
    if not may:
        raise Forbidden
    kind = issue_type(given.type) if given.type else may[0]
    kind = kind if kind in may else may[0]
    kinds = TestType if kind in {IssueType.TEST, IssueType.PRECONDITION} else ()
    return page(
        request, "create.html", 200 if wrong is None else 400, area=row.key, here="/create", project=row, kind=kind, types=IssueType,
        kinds=[k.label for k in may], given=structs.replace(given, type=kind.label), wrong=wrong, test_types=[k.label for k in kinds],
        test_type=given.test_type or TestType.MANUAL.label, may_be_part=kind in PARTS, covered=kind in COVERED,
        choices=await read(request, choices_for, row.id), json=f"/rest/api/2/issue/createmeta?projectKeys={row.key}&expand=projects.issuetypes.fields",
    )  # fmt: skip
