# SPDX-License-Identifier: Apache-2.0
"""The Test Plans of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.plans import plans_page
from radiograph.domain.people import Right
from radiograph.domain.statuses import failing
from radiograph.web.pages.plan_words import done_and_left
from radiograph.web.pages.render import before, page
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.statuses import Part, parts
from radiograph.web.pages.words import amount
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.plans import PlanLine
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow

BEGIN, END = "customfield_10103", "customfield_10104"
"""Where an issue keeps the dates of a plan."""


class PlanRow(Struct):
    """A plan in the list."""

    key: str
    summary: str
    parts: list[Part]
    said: str
    failed: int
    version: str
    dates: str
    executions: int
    newest: ExecutionRow | None


def dates(issue: IssueRow) -> str:
    """`2026-11-01 to 2026-11-30`, the days that a plan begins and ends; what is unknown is left out."""
    begin, end = (str(issue.other.get(field) or "")[:10] for field in (BEGIN, END))
    if begin and end:
        return f"{begin} to {end}"
    return f"from {begin}" if begin else f"until {end}" if end else ""


def _row(line: PlanLine, table: StatusTable) -> PlanRow:
    counts = line.progress.counts
    return PlanRow(
        line.head.key, line.head.summary, parts(counts, table), done_and_left(line.progress), sum(counts.get(s, 0) for s in failing(table)),
        ", ".join(v.name for v in line.issue.versions), dates(line.issue), line.head.executions, line.newest,
    )  # fmt: skip


def _sentence(rows: list[PlanRow], *, whole: bool) -> list[Piece]:
    """`2 of 3 plans have Tests left to run; 1 has failures.` `whole`: these are all plans, not a page of them."""
    here = "" if whole else " on this page"
    left = sum(not r.said.startswith(("all", "no ")) for r in rows)
    failed = sum(bool(r.failed) for r in rows)
    if len(rows) == 1:
        return [
            Piece(
                f"{'Its one plan' if whole else 'The one plan on this page'} {'has Tests left to run' if left else 'has nothing left to run'}; {'some fail' if failed else 'none fails'}."
            )
        ]
    first = (
        f"{left:,} of {amount(len(rows), 'plan')}{here} {'has' if left == 1 else 'have'} Tests left to run"
        if left
        else f"Nothing{here} is left to run"
    )
    return [Piece(f"{first}; {failed or 'none'} {'has' if failed == 1 else 'have'} failures.")]


async def plans(request: Request, caller: Caller) -> Response:
    """Every Test Plan of a project with how far it is, newest first."""
    found = await read(request, plans_page, caller, request.path_params["key"], before(request))
    rows = [_row(line, found.statuses) for line in found.rows]
    key = found.project.key
    return page(
        request, "plans.html", json=f"/api/projects/{key}/plans", area=key, here="/plans", project=found.project, rows=rows,
        sentence=_sentence(rows, whole=before(request) is None and not found.next) if rows else [], next=found.next, may_make=caller.may(Right.EDIT_ISSUE, found.project.id),
    )  # fmt: skip
