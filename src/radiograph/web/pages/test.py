# SPDX-License-Identifier: Apache-2.0
"""The page of a Test: its past at one glance, its definition in every version, what it belongs to, and its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse_issue import changes_by_hand
from radiograph.actions.browse_runs import test_page
from radiograph.actions.browse_test import compare_versions, past_of
from radiograph.actions.tests import facts_of
from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.issues import TestType
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Right
from radiograph.domain.steps import plain
from radiograph.web.addresses import attachment_address
from radiograph.web.pages import sentences
from radiograph.web.pages.grid import grid_rows, plot
from radiograph.web.pages.margin import margin
from radiograph.web.pages.render import base_path, before, page
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.words import duration, first_line

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse_test import Compared, Past
    from radiograph.actions.tests import TestView
    from radiograph.domain.issues import Step
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow


class HistoryLine(Struct):
    """A run in the list of a Test, or of a defect."""

    id: int
    mark: Mark
    test: str
    execution: str
    summary: str
    comment: str
    duration: str
    attempts: int
    when: int | None


def history_line(r: RunRow, table: StatusTable) -> HistoryLine:
    """A run as a line of a list."""
    return HistoryLine(
        r.id, mark(table.by_id[r.status_id]), r.test_key, r.execution_key, r.execution_summary[:300], first_line(r.comment),
        duration(r.start_ms, r.finish_ms), r.attempts + 1 if r.attempts else 0, r.start_ms,
    )  # fmt: skip


class StepLine(Struct):
    """A step of a Test: its texts, custom fields by name, files (name, address), and the key of the Test that it calls."""

    step: Step
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]
    calls: str


def _steps(view: TestView, base: str) -> list[StepLine]:
    return [
        StepLine(
            step, [(name, plain(value)) for name, value in detail.fields.items()],
            [(f.filename, attachment_address(base, f.id, f.filename)) for a in detail.attachments if (f := view.files.get(a))],
            view.called.get(detail.calls or 0, ""),
        )
        for step, detail in zip(view.row.definition.steps, view.row.details, strict=True)
    ]  # fmt: skip


class VersionLine(Struct):
    """A version of the definition; `runs` are those that ran it among the latest, `before` is the version before it (0: none)."""

    number: int
    when: int
    by: str
    runs: int
    before: int


def _versions(past: Past) -> list[VersionLine]:
    numbers = [v.number for v in past.versions[1:]] + [0]
    return [
        VersionLine(v.number, v.created_ms, v.by, past.runs.get(v.id, 0), earlier)
        for v, earlier in zip(past.versions, numbers, strict=False)
    ]  # fmt: skip


async def browse_test(request: Request, caller: Caller, issue: IssueRow) -> Response:
    """A Test. Its address says which version is shown and against which."""
    state, base = request.app.state, base_path(request)
    threads, services = state.threads, state.services
    runs = await threads.read(test_page, services, caller, issue, before(request))
    past = await threads.read(past_of, services, caller, issue.id, issue.project_id)
    facts = await threads.read(facts_of, services, caller, issue.id)
    changed = await threads.read(changes_by_hand, services, issue.id)
    wanted = _number(request, "version"), _number(request, "against")
    shown = await threads.read(compare_versions, services, caller, issue.key, *wanted) if any(wanted) else None
    rows = [history_line(r, past.statuses) for r in runs.rows]
    return page(
        request, "test.html", area=issue.project_key, here="/tests", json=f"/api/tests/{issue.key}", t=issue, d=_definition(issue, shown),
        generic=facts.view.row.definition.type is TestType.GENERIC, sentence=sentences.of_test(past.history, past.grid, past.statuses, base),
        grid=grid_rows(past.grid, past.statuses), plot=plot(past.grid, past.statuses), past=past, versions=_versions(past),
        current=facts.view.row.number, shown=shown, flaky=[f.sentence for f in past.flaky], rows=rows,
        has={name: any(getattr(r, name) for r in rows) for name in ("comment", "attempts")}, next=runs.next, f=facts,
        steps=_steps(facts.view, base), m=margin(issue, changed, base), may_edit=caller.may(Right.EDIT_ISSUE, issue.project_id),
    )  # fmt: skip


def _definition(issue: IssueRow, shown: Compared | None) -> object:
    return shown.row.definition if shown else issue.definition


def _number(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "").strip()
    if not given:
        return None
    number = parse_id(given)
    if number is None or number > 10**9:
        problem = f"must be the number of a version, not {cut(given)!r}"
        raise Refused(f"The parameter {name} {problem}.", [Problem(name, problem)])
    return number
