# SPDX-License-Identifier: Apache-2.0
"""The printable report of a Test Execution: for paper and for a PDF by the browser's own printing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.report import report as report_of
from radiograph.domain.clock import now_ms
from radiograph.web.addresses import base_url
from radiograph.web.pages import sentences
from radiograph.web.pages.render import base_path, page, web_address
from radiograph.web.pages.statuses import Mark, mark, parts
from radiograph.web.pages.words import cut, duration, first_line
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.report import Group, Report
    from radiograph.domain.people import Caller
    from radiograph.store.runs import RunRow

_TRACE = 12


class Line(Struct):
    """A failure."""

    id: int
    mark: Mark
    key: str
    summary: str
    duration: str
    defects: str
    new: bool
    flaky: str


class Block(Struct):
    """Failures that look alike: the line that heads them, and the rest of what the first one says."""

    head: str
    trace: str
    lines: list[Line]


def _line(r: RunRow, found: Report) -> Line:
    return Line(
        r.id, mark(found.statuses.by_id[r.status_id]), r.test_key, cut(r.test_summary, 300), duration(r.start_ms, r.finish_ms),
        ", ".join(found.defects.get(r.id, [])[:5]), r.test_id in (found.new or ()), found.flaky.get(r.test_id, ""),
    )  # fmt: skip


def _block(group: Group, found: Report) -> Block:
    lines = group.comment.strip().splitlines()
    return Block(first_line(group.comment) or "Without a comment", "\n".join(lines[1:_TRACE]), [_line(r, found) for r in group.runs])


async def report(request: Request, caller: Caller) -> Response:
    """Summary, environment facts, and every failure, in groups of one cause."""
    found: Report = await read(request, report_of, caller, request.path_params["key"])
    e, base = found.execution, base_path(request)
    new = None if found.new is None else len(found.new)
    blocks = [_block(g, found) for g in found.groups]
    shown = sum(len(b.lines) for b in blocks)
    return page(
        request, "report.html", json=f"/rest/raven/2.0/export/execution/{e.key}?format=ctrf", e=e, issue=found.issue,
        sentence=sentences.of_execution(e, found.statuses, found.previous, new, base), parts=parts(e.counts, found.statuses),
        total=sum(e.counts.values()), took=duration(e.begin_ms, e.end_ms), build=web_address(e.build_url), blocks=blocks,
        more=found.failed - shown, made=now_ms(), address=f"{base_url(request)}/browse/{e.key}",
    )  # fmt: skip
