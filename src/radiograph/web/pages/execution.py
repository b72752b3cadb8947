# SPDX-License-Identifier: Apache-2.0
"""A Test Execution with its runs, failures first, those of one cause together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.browse_execution import execution_page
from radiograph.actions.browse_issue import changes_by_hand
from radiograph.actions.execution_export import FORMATS
from radiograph.domain.people import Right
from radiograph.web.pages import sentences
from radiograph.web.pages.margin import margin
from radiograph.web.pages.render import base_path, page, web_address
from radiograph.web.pages.run_lines import GroupLine, group_lines
from radiograph.web.pages.run_query import COLUMNS, COOKIE, Query, asked
from radiograph.web.pages.statuses import parts
from radiograph.web.pages.words import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import IssueRow

_YEAR_S = 365 * 24 * 3600


async def execution(request: Request, caller: Caller, issue: IssueRow) -> Response:
    """The page of an execution; what stands in its address chooses its runs and their columns."""
    state, base, query = request.app.state, base_path(request), asked(request)
    found = await state.threads.read(execution_page, state.services, caller, issue, query.wanted)
    changed = await state.threads.read(changes_by_hand, state.services, issue.id)
    e, groups = found.execution, group_lines(found)
    new = None if found.new is None else len(found.new)
    response = page(
        request, "execution.html", json=f"/rest/raven/2.0/api/testexec/{e.key}/test?detailed=true", area=issue.project_key, here="/executions",
        e=e, project=issue.project_key,
        sentence=sentences.of_execution(e, found.statuses, found.previous, new, base),
        parts=parts(e.counts, found.statuses), total=sum(e.counts.values()), took=duration(e.begin_ms, e.end_ms), build=web_address(e.build_url),
        plans=issue.plans, imported=found.imported, groups=groups, query=query, f=query.given, new=new, flaky=found.flaky, b=found.baseline,
        has=_columns(groups, query), columns=COLUMNS, changed=found.listing.changed, next=query.link(after=found.listing.next) if found.listing.next else "",
        exports=[(name, kind.label) for name, kind in FORMATS.items()], description=issue.description, m=margin(issue, changed, base),
        state=found.state, statuses=[s.name for s in found.statuses.all], people=found.team, may_edit=caller.may(Right.EDIT_RUN, e.project_id), may_choose=caller.may(Right.EDIT_ISSUE, e.project_id),
    )  # fmt: skip
    if query.chosen:
        response.set_cookie(COOKIE, ".".join(query.columns), max_age=_YEAR_S, path=base or "/", httponly=True, samesite="lax")
    return response


def _columns(groups: list[GroupLine], query: Query) -> dict[str, bool]:
    """Which columns are shown: those that are chosen and hold anything; new and flaky stand there when any run is."""
    lines = [line for group in groups for line in group.lines]
    shown = {name: name in query.columns and any(getattr(r, name) for r in lines) for name in COLUMNS}
    return shown | {"tags": any(r.new or r.flaky for r in lines)}
