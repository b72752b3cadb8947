# SPDX-License-Identifier: Apache-2.0
"""A Test Plan: its Tests by environment, its days, its board, its executions; each a view of one address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from msgspec import Struct, structs

from radiograph.actions import plan_page as plan_views
from radiograph.actions.browse_issue import changes_by_hand
from radiograph.actions.plan_page import FAILING, NEW, NOBODY, NOT_RUN
from radiograph.domain.clock import now_ms
from radiograph.domain.people import Right
from radiograph.domain.statuses import failing
from radiograph.web.pages.charts import burn_up_chart
from radiograph.web.pages.margin import margin
from radiograph.web.pages.plan_words import done_and_left, of_plan
from radiograph.web.pages.plans import dates
from radiograph.web.pages.projects import execution_line
from radiograph.web.pages.render import base_path, before, page
from radiograph.web.pages.statuses import Mark, Part, mark, parts
from radiograph.web.pages.words import ago, cut
from radiograph.web.plans.asked import FIELDS, wanted_of
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.plan_page import PlanLine, PlanPage, Wanted
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.plan_progress import Progress
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow

TESTS, DAYS, BOARD, EXECUTIONS = "", "progress", "board", "executions"
_TITLE, _KEYS_AT_ONCE = 300, 200


class Cell(Struct):
    """The latest run of a Test in an environment: its mark, the run, and both in words."""

    mark: Mark
    run: int
    words: str


class TestRow(Struct):
    """A Test of a plan; `cells` are by column, None where it has no run."""

    __test__ = False

    mark: Mark
    run: int
    key: str
    summary: str
    new: bool
    cells: list[Cell | None]
    folder: str
    assignee: str
    when: int | None


def _cell(run: RunRow | None, environment: str, table: StatusTable) -> Cell | None:
    if run is None:
        return None
    shown, when = mark(table.by_id[run.status_id]), run.finish_ms or run.start_ms
    return Cell(shown, run.id, f"{environment}: {shown.name} in {run.execution_key}{f', {ago(when)}' if when else ''}")


def _row(line: PlanLine, found: PlanPage) -> TestRow:
    table, run = found.progress.statuses, line.run
    cells = [_cell(line.cells.get(e.id), e.name, table) for e in found.columns]
    return TestRow(
        mark(table.by_id[line.status_id]), run.id if run else 0, line.test.key, cut(line.test.summary, _TITLE),
        line.test.id in (found.new or ()), cells, line.folder, line.assignee[1], (run.finish_ms or run.start_ms) if run else None,
    )  # fmt: skip


async def plan(request: Request, caller: Caller, issue: IssueRow) -> Response:
    """The page of a plan; `view` chooses what of it."""
    views = {DAYS: _days, BOARD: _board, EXECUTIONS: _executions}
    return await views.get(request.query_params.get("view", TESTS), _tests)(request, caller, issue)


def _page(request: Request, caller: Caller, issue: IssueRow, view: str, found: Progress, **values: Any) -> Response:  # noqa: ANN401
    base = base_path(request)
    return page(
        request, "plan.html", json=f"/api/plans/{issue.key}/progress", area=issue.project_key, here="/plans", i=issue, view=view,
        parts=parts(found.counts, found.statuses), total=len(found.tests), said_of=done_and_left(found), dates=dates(issue),
        may_edit=caller.may(Right.EDIT_ISSUE, issue.project_id), may_import=caller.may(Right.IMPORT, issue.project_id),
        **({"sentence": of_plan(found, None, f"{base}/browse/{issue.key}")} | values),
    )  # fmt: skip


async def _tests(request: Request, caller: Caller, issue: IssueRow) -> Response:
    wanted, base = wanted_of(request), base_path(request)
    found = await read(request, plan_views.plan_page, caller, issue, wanted)
    changed = await read(request, changes_by_hand, issue.id)
    rows = [_row(line, found) for line in found.listing.rows]
    progress = found.progress
    left = [r.key for r in rows if not progress.statuses[r.mark.name].final]
    return _page(
        request, caller, issue, TESTS, progress, wanted=wanted, rows=rows, columns=found.columns, environments=found.environments,
        sentence=of_plan(progress, found.new, f"{base}/browse/{issue.key}", wanted.environment), shown=found.total,
        folders=sorted(found.paths.items(), key=lambda f: f[1]), people=[(_address(wanted, assignee=name), name, *of) for name, of in found.assignees.items()],
        whose=found.assignees.get(wanted.assignee, (wanted.assignee, 0))[0], nobody=NOBODY, everybody=_address(structs.replace(wanted, assignee="")), executions=found.executions,
        chips=_chips(progress, found.new), kept=_kept(wanted), next=_address(wanted, after=found.listing.next) if found.listing.next else "",
        first=_address(wanted), left=len(progress.tests) - progress.done, keys=",".join(left[:_KEYS_AT_ONCE]),
        m=margin(issue, changed, base), has={n: any(getattr(r, n) for r in rows) for n in ("folder", "assignee", "new", "when")},
    )  # fmt: skip


class Chip(Struct):
    """A filter: what it asks for, its word or its mark, and how many Tests it finds."""

    status: str
    word: str
    mark: Mark | None
    count: int


def _chips(found: Progress, new: set[int] | None) -> list[Chip]:
    table, left = found.statuses, len(found.tests) - found.done
    chips = [Chip(p.mark.name, "", p.mark, p.count) for p in parts(found.counts, table)]
    nok = [s for s in failing(table) if found.counts.get(s)]
    if len(nok) > 1:
        chips.append(Chip(FAILING, "Failing", None, sum(found.counts[s] for s in nok)))
    if new:
        chips.append(Chip(NEW, "New failures", None, len(new)))
    if left:
        chips.append(Chip(NOT_RUN, "Not run", None, left))
    return chips


def _values(wanted: Wanted) -> dict[str, str]:
    return {FIELDS.get(n, n): v for n, v in structs.asdict(wanted).items() if v and n != "after"}


def _address(wanted: Wanted, **more: str) -> str:
    return "?" + urlencode(_values(wanted) | more)


def _kept(wanted: Wanted) -> dict[str, str]:
    """What a chip keeps of the other filters, and the form of the status: by name, for fields and addresses."""
    return {n: v for n, v in _values(wanted).items() if n != "status"}


async def _days(request: Request, caller: Caller, issue: IssueRow) -> Response:
    found = await read(request, plan_views.days_page, caller, issue, request.query_params.get("all") == "1")
    chart = burn_up_chart(found.days, now_ms()) if found.days else None
    return _page(request, caller, issue, DAYS, found.progress, chart=chart, runs=found.runs, asked=found.days is not None)


class FolderRow(Struct):
    """A folder of a board: how deep it stands, its Tests and those below it."""

    id: int
    name: str
    path: str
    depth: int
    parts: list[Part]
    tests: int
    failed: int


async def _board(request: Request, caller: Caller, issue: IssueRow) -> Response:
    found = await read(request, plan_views.board_page, caller, issue)
    table, nok = found.progress.statuses, failing(found.progress.statuses)
    rows = [
        FolderRow(
            b.node.folder.id, b.node.folder.name, f"{b.node.path}/{b.node.folder.name}", b.depth, parts(b.counts, table),
            sum(b.counts.values()), sum(b.counts.get(s, 0) for s in nok),
        )
        for b in found.folders
    ]  # fmt: skip
    loose = FolderRow(
        0, "In no folder", "", 0, parts(found.loose, table), sum(found.loose.values()), sum(found.loose.get(s, 0) for s in nok)
    )
    return _page(request, caller, issue, BOARD, found.progress, rows=rows, loose=loose)


async def _executions(request: Request, caller: Caller, issue: IssueRow) -> Response:
    found = await read(request, plan_views.executions_page, caller, issue, before(request))
    rows = [execution_line(e, found.progress.statuses) for e in found.listing.rows]
    return _page(request, caller, issue, EXECUTIONS, found.progress, rows=rows, next=found.listing.next)
