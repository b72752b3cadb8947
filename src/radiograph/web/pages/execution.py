# SPDX-License-Identifier: Apache-2.0
"""A Test Execution with its runs, failures first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from radiograph.actions.browse_execution import Wanted, execution_page
from radiograph.actions.browse_issue import changes_by_hand
from radiograph.actions.execution_export import FORMATS
from radiograph.web.pages import sentences
from radiograph.web.pages.margin import margin
from radiograph.web.pages.render import base_path, page, web_address
from radiograph.web.pages.statuses import Mark, mark, parts
from radiograph.web.pages.words import cut, duration, first_line

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse_execution import ExecutionPage
    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow

_TITLE = 300


class RunLine(Struct):
    """A run in the list of an execution."""

    id: int
    mark: Mark
    key: str
    summary: str
    comment: str
    duration: str
    evidence: int
    defects: list[str]
    attempts: int
    new: bool


def _line(r: RunRow, found: ExecutionPage) -> RunLine:
    return RunLine(
        r.id, mark(found.statuses.by_id[r.status_id]), r.test_key, cut(r.test_summary, _TITLE), first_line(r.comment),
        duration(r.start_ms, r.finish_ms), found.evidence.get(r.id, 0), found.defects.get(r.id, []),
        r.attempts + 1 if r.attempts else 0, r.test_id in (found.new or ()),
    )  # fmt: skip


async def execution(request: Request, caller: Caller, issue: IssueRow) -> Response:
    """The page of an execution; `status`, `new`, `q` and `after` choose its runs."""
    state, query, base = request.app.state, request.query_params, base_path(request)
    wanted = Wanted(query.get("status", ""), query.get("new", "") == "1", query.get("q", "").strip(), query.get("after", ""))
    found = await state.threads.read(execution_page, state.services, caller, issue, wanted)
    changed = await state.threads.read(changes_by_hand, state.services, issue.id)
    e = found.execution
    new = None if found.new is None else len(found.new)
    rows = [_line(r, found) for r in found.listing.rows]
    return page(
        request, "execution.html", json=f"/rest/raven/2.0/api/testexec/{e.key}/test?detailed=true", e=e, project=issue.project_key,
        sentence=sentences.of_execution(e, found.statuses, found.previous, new, base), parts=parts(e.counts, found.statuses),
        total=sum(e.counts.values()), took=duration(e.begin_ms, e.end_ms), build=web_address(e.build_url), plans=issue.plans,
        imported=found.imported, rows=rows, wanted=wanted, new=new, has=_columns(rows),
        next=_following(wanted, found.listing.next), exports=[(name, kind.label) for name, kind in FORMATS.items()], description=issue.description, m=margin(issue, changed, base),
    )  # fmt: skip


def _columns(rows: list[RunLine]) -> dict[str, bool]:
    """Which columns hold anything; the others are left out."""
    return {name: any(getattr(r, name) for r in rows) for name in ("new", "comment", "defects", "evidence", "attempts")}


def _following(wanted: Wanted, after: str) -> str:
    """The address of the next page, with the filters of this one; empty when this is the last."""
    values = {"status": wanted.status, "new": "1" if wanted.new else "", "q": wanted.text, "after": after}
    return "?" + urlencode({k: v for k, v in values.items() if v}) if after else ""
