# SPDX-License-Identifier: Apache-2.0
"""Issues by their key: an execution and a Test have pages of their own, plans and others a plain one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse
from radiograph.actions.browse_issue import changes_by_hand, issue_page
from radiograph.actions.browse_runs import test_page
from radiograph.actions.tests import facts_of
from radiograph.domain.issues import IssueType, TestType
from radiograph.domain.steps import plain
from radiograph.web.addresses import attachment_address
from radiograph.web.pages import sentences
from radiograph.web.pages.execution import execution
from radiograph.web.pages.margin import folder_lines, margin
from radiograph.web.pages.projects import execution_line
from radiograph.web.pages.render import base_path, before, page
from radiograph.web.pages.statuses import Mark, mark, parts
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


GATHERS = (IssueType.TEST_PLAN, IssueType.TEST_SET, IssueType.PRECONDITION)
"""What has Tests; the Tests of any other issue cover it."""


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
    state, base = request.app.state, base_path(request)
    found = await state.threads.read(issue_page, state.services, caller, issue)
    tests, table = folder_lines(found.tests, found.statuses), found.statuses
    counts = Counter(table["TODO"].id if m.status_id is None else m.status_id for m in found.tests)
    return page(
        request, "issue.html", json=f"/rest/api/2/issue/{issue.key}", i=issue, tests=tests, total=len(found.tests), parts=parts(counts, table),
        rows=[execution_line(e, table) for e in found.executions], found_in=[_line(r, table) for r in found.runs],
        m=margin(issue, found.changes, base), covering=issue.type not in GATHERS,
    )  # fmt: skip


def _line(r: RunRow, table: StatusTable) -> HistoryLine:
    return HistoryLine(
        r.id, mark(table.by_id[r.status_id]), r.test_key, r.execution_key, r.execution_summary[:300], first_line(r.comment),
        duration(r.start_ms, r.finish_ms), r.attempts + 1 if r.attempts else 0, r.start_ms,
    )  # fmt: skip


async def _test(request: Request, caller: Caller, issue: IssueRow) -> Response:
    state, d = request.app.state, issue.definition
    assert d is not None  # noqa: S101  (looked at by browse_issue)
    found = await state.threads.read(test_page, state.services, caller, issue, before(request))
    facts = await state.threads.read(facts_of, state.services, caller, issue.id)
    changed = await state.threads.read(changes_by_hand, state.services, issue.id)
    rows = [_line(r, found.statuses) for r in found.listing.rows]
    return page(
        request, "test.html", json=f"/rest/api/2/issue/{issue.key}", t=issue, d=d, generic=d.type is TestType.GENERIC,
        versions=found.versions, sentence=sentences.of_test(found.history, found.statuses, base_path(request)),
        history=strip(reversed(found.history), found.statuses), rows=rows, has={name: any(getattr(r, name) for r in rows) for name in ("comment", "attempts")},
        next=found.listing.next, f=facts, steps=_steps(facts.view, base_path(request)), m=margin(issue, changed, base_path(request)),
    )  # fmt: skip
