# SPDX-License-Identifier: Apache-2.0
"""Issues by their key: an execution and a Test have pages of their own, plans and others a plain one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from radiograph.actions import browse
from radiograph.actions.browse_issue import issue_page
from radiograph.domain.issues import IssueType
from radiograph.domain.keys import parse_id
from radiograph.web.pages.execution import execution
from radiograph.web.pages.issue_coverage import coverage_block
from radiograph.web.pages.margin import margin, test_lines
from radiograph.web.pages.plan import plan
from radiograph.web.pages.render import base_path, page
from radiograph.web.pages.statuses import parts
from radiograph.web.pages.test import browse_test, history_line

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.store.issue_reads import IssueRow


REQUIREMENTS = (IssueType.STORY, IssueType.EPIC, IssueType.REQUIREMENT)
"""What is always a requirement; other issues are when Tests cover them."""
GATHERS = (IssueType.TEST_PLAN, IssueType.TEST_SET, IssueType.PRECONDITION)
"""What has Tests; the Tests of any other issue cover it."""


async def browse_issue(request: Request, caller: Caller) -> Response:
    """Any issue by its key, each type in its own page."""
    state = request.app.state
    issue = await state.threads.read(browse.find, state.services, caller, request.path_params["key"])
    if issue.execution is not None:
        return await execution(request, caller, issue)
    if issue.type is IssueType.TEST and issue.definition is not None:
        return await browse_test(request, caller, issue)
    if issue.type is IssueType.TEST_PLAN:
        return await plan(request, caller, issue)
    return await _plain(request, caller, issue)


async def _plain(request: Request, caller: Caller, issue: IssueRow) -> Response:
    state, base = request.app.state, base_path(request)
    start = parse_id(request.query_params.get("tests", "")) or 0
    found = await state.threads.read(issue_page, state.services, caller, issue, start)
    covered = (
        await coverage_block(request, caller, issue)
        if issue.type in REQUIREMENTS or (issue.type not in GATHERS and found.all_tests)
        else None
    )
    tests, table = test_lines(found.tests, found.statuses), found.statuses
    counts = Counter(table["TODO"].id if m.status_id is None else m.status_id for m in found.tests)
    return page(
        request, "issue.html", json=f"/rest/api/2/issue/{issue.key}", area=issue.project_key, here="/coverage" if covered else "/browse", i=issue,
        tests=tests, start=start, total=found.all_tests, next=start + len(tests) if start + len(tests) < found.all_tests else 0,
        parts=parts(counts, table), all_runs=found.all_runs, found_in=[history_line(r, table) for r in found.runs],
        m=margin(issue, found.changes, base), covering=issue.type not in GATHERS, covered=covered,
    )  # fmt: skip
