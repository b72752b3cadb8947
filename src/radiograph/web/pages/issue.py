# SPDX-License-Identifier: Apache-2.0
"""Issues by their key: an execution and a Test have pages of their own, plans and others a plain one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse
from radiograph.actions.browse_runs import test_page
from radiograph.actions.tests import facts_of
from radiograph.domain.issues import IssueType, TestType
from radiograph.domain.steps import plain
from radiograph.web.addresses import attachment_address
from radiograph.web.pages import sentences
from radiograph.web.pages.execution import execution
from radiograph.web.pages.projects import execution_line
from radiograph.web.pages.render import base_path, before, page
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.strip import strip
from radiograph.web.pages.words import duration, first_line

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.tests import TestView
    from radiograph.domain.issues import Step
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow


class HistoryLine(Struct):
    """A run in the list of a Test."""

    id: int
    mark: Mark
    execution: str
    summary: str
    comment: str
    duration: str
    attempts: int
    when: int | None


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


async def browse_issue(request: Request, caller: Caller) -> Response:
    """Any issue by its key, each type in its own page."""
    state = request.app.state
    issue = await state.threads.read(browse.find, state.services, caller, request.path_params["key"])
    if issue.execution is not None:
        return await execution(request, caller, issue)
    if issue.type is IssueType.TEST and issue.definition is not None:
        return await _test(request, caller, issue)
    return await _plain(request, caller, issue)


async def _plain(request: Request, caller: Caller, issue: IssueRow) -> Response:
    state, json = request.app.state, f"/rest/api/2/issue/{issue.key}"
    if issue.type is not IssueType.TEST_PLAN:
        return page(request, "issue.html", json=json, i=issue, rows=[], tests=[])
    plan = await state.threads.read(browse.plan_page, state.services, caller, issue.id)
    tests = [(key, mark(plan.statuses.by_id[s] if s is not None else plan.statuses["TODO"])) for _, key, s in plan.tests]
    rows = [execution_line(e, plan.statuses) for e in plan.executions]
    return page(request, "issue.html", json=f"/rest/raven/2.0/api/testplan/{issue.key}/testexecution", i=issue, rows=rows, tests=tests)


def _line(r: RunRow, table: StatusTable) -> HistoryLine:
    return HistoryLine(
        r.id, mark(table.by_id[r.status_id]), r.execution_key, r.execution_summary[:300], first_line(r.comment),
        duration(r.start_ms, r.finish_ms), r.attempts + 1 if r.attempts else 0, r.start_ms,
    )  # fmt: skip


async def _test(request: Request, caller: Caller, issue: IssueRow) -> Response:
    state, d = request.app.state, issue.definition
    assert d is not None  # noqa: S101  (looked at by browse_issue)
    found = await state.threads.read(test_page, state.services, caller, issue, before(request))
    facts = await state.threads.read(facts_of, state.services, caller, issue.id)
    rows = [_line(r, found.statuses) for r in found.listing.rows]
    return page(
        request, "test.html", json=f"/rest/api/2/issue/{issue.key}", t=issue, d=d, generic=d.type is TestType.GENERIC,
        versions=found.versions, sentence=sentences.of_test(found.history, found.statuses, base_path(request)),
        history=strip(reversed(found.history), found.statuses), rows=rows, has={name: any(getattr(r, name) for r in rows) for name in ("comment", "attempts")},
        next=found.listing.next, f=facts, steps=_steps(facts.view, base_path(request)),
    )  # fmt: skip
