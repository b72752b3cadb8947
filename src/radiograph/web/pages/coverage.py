# SPDX-License-Identifier: Apache-2.0
"""Coverage of a project: one row a requirement, gaps on top; Tests that never ran or cover nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import coverage as views
from radiograph.actions.coverage import GAPS, NEVER_RUN, UNLINKED
from radiograph.actions.coverage_links import link_tests
from radiograph.actions.plan_edits import keys_in
from radiograph.actions.projects import project
from radiograph.domain.coverage import GAPS_FIRST
from radiograph.domain.people import Right
from radiograph.web.pages import coverage_words as said
from radiograph.web.pages.acting import or_again
from radiograph.web.pages.forms import done, text
from radiograph.web.pages.render import base_path, page
from radiograph.web.pages.words import amount, cut
from radiograph.web.plans.asked import coverage_of
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.coverage import Asked, CoverageLine
    from radiograph.domain.people import Caller
    from radiograph.web.pages.statuses import Mark, Part

_TITLE = 300
_GAP_WORDS = {NEVER_RUN: "Tests that never ran", UNLINKED: "Tests without a requirement"}


class RequirementRow(Struct):
    """A requirement in the list."""

    mark: Mark
    words: str
    key: str
    type: str
    summary: str
    tests: int
    own: int
    below: int
    parts: list[Part]
    parent: str
    parent_title: str


def _row(line: CoverageLine) -> RequirementRow:
    return RequirementRow(
        said.MARKS[line.status], said.WORDS[line.status], line.head.key, line.head.type.label, cut(line.head.summary, _TITLE), line.tests,
        line.own, line.below, said.bar(line.means), line.parent.key if line.parent else "", cut(line.parent.summary, _TITLE) if line.parent else "",
    )  # fmt: skip


class Chip(Struct):
    """A filter by what requirements are: its mark, how many are so, and its address."""

    status: str
    mark: Mark
    count: int
    href: str


def _chips(counts: dict[str, int], asked: Asked) -> list[Chip]:
    return [Chip(s, said.MARKS[s], counts[s], "?" + said.query(asked, status=s)) for s in GAPS_FIRST if s in counts]


async def coverage(request: Request, caller: Caller) -> Response:
    """The requirements of a project by what the latest results of their Tests say."""
    key = request.path_params["key"]
    if request.query_params.get("gap", "") in GAPS:
        return await _gap(request, caller, request.query_params["gap"])
    asked = coverage_of(request)
    found = await read(request, views.coverage_page, caller, key, asked)
    gaps = await read(request, views.count_gaps, found.project.id)
    rows, key, base = [_row(line) for line in found.listing.rows], found.project.key, base_path(request)
    address = f"{base}/projects/{key}/coverage"
    query = said.query(asked)
    return page(
        request, "coverage.html", json=f"/api/projects/{key}/coverage{f'?{query}' if query else ''}", area=key, here="/coverage",
        project=found.project, asked=asked, sentence=said.of_coverage(found.counts, asked, address), parts=said.bar(found.counts),
        chips=_chips(found.counts, asked), total=sum(found.counts.values()), shown=found.total, rows=rows, choices=found.choices,
        kept=said.query(asked, only=said.CHOICE), all_of="?" + said.query(asked, status=""), query=query, gaps=_gap_chips(gaps),
        next="?" + said.query(asked, after=found.listing.next) if found.listing.next else "",
        may_edit=caller.may(Right.EDIT_ISSUE, found.project.id), has={n: any(getattr(r, n) for r in rows) for n in ("parent",)},
    )  # fmt: skip


def _gap_chips(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(gap, _GAP_WORDS[gap], count) for gap, count in counts.items()]


async def _gap(request: Request, caller: Caller, gap: str) -> Response:
    key, after = request.path_params["key"], request.query_params.get("after", "")
    found = await read(request, views.gap_page, caller, key, gap, after)
    gaps = await read(request, views.count_gaps, found.project.id)
    key = found.project.key
    return page(
        request, "gap.html", json=f"/api/projects/{key}/gaps?gap={gap}", area=key, here="/coverage", project=found.project, gap=gap,
        word=_GAP_WORDS[gap], rows=found.listing.rows, total=found.total, gaps=_gap_chips(gaps), after=after, next=found.listing.next,
        may_edit=caller.may(Right.EDIT_ISSUE, found.project.id), may_import=caller.may(Right.IMPORT, found.project.id),
        keys=",".join(r.key for r in found.listing.rows),
    )  # fmt: skip


async def link(request: Request, caller: Caller) -> Response:
    """Let Tests cover a requirement, or no longer."""
    return await or_again(request, caller, _link, coverage)


async def _link(request: Request, caller: Caller, form: FormData) -> Response:
    row = await read(request, project, caller, request.path_params["key"])
    remove, requirement, tests = text(form, "do") == "remove", text(form, "requirement").upper(), keys_in(text(form, "tests"))
    count = await write(request, link_tests, caller, requirement, tests, remove)
    did = "no longer covers" if remove and count == 1 else "no longer cover" if remove else "covers" if count == 1 else "cover"
    back = f"/browse/{requirement}" if text(form, "back") == "issue" else f"/projects/{row.key}/coverage"
    return done(request, back, f"{amount(count, 'Test')} {did} {requirement} now." if count else "Nothing changed: it was so before.")
