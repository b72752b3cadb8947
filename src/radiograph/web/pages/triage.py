# SPDX-License-Identifier: Apache-2.0
"""The triage of a project: its failures by cause, new ones first, and what is done with many of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from radiograph.actions import triage as actions
from radiograph.actions import triage_edits
from radiograph.domain.errors import Refused
from radiograph.domain.judging import Why
from radiograph.domain.people import Right
from radiograph.web.pages import forms
from radiograph.web.pages.acting import or_again
from radiograph.web.pages.gate import WORDS
from radiograph.web.pages.render import base_path, page
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.words import amount, cut
from radiograph.web.triage.groups import asked_of

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.triage import Asked, TriagePage
    from radiograph.domain.people import Caller
    from radiograph.insight.triage import Group
    from radiograph.store.fingerprints import FailureLine

_OFFERED = 200
NOTHING_SAID = "Failed without a message"
_LABELS = {
    Why.NEW: "New", Why.QUARANTINED: "In quarantine", Why.DEFECT: "Known", Why.FLAKY: "Flaky", Why.MAIN: "On main too", Why.BASELINE: "Failed before",
}  # fmt: skip


class Line(Struct):
    """A failed run of a group, with what it is in a word ("" where that is what all of the group are)."""

    run: int
    key: str
    summary: str
    execution: str
    comment: str
    assignee: str
    word: str


class GroupLine(Struct):
    """A group: its name in addresses, what its failures say, where, how many are what, and some of them."""

    name: str
    href: str
    title: str
    state: str
    word: str
    runs: int
    tests: int
    parts: list[str]
    where: str
    defects: list[str]
    done: list[str]
    first: tuple[str, int, int] | None
    assigned: str
    lines: list[Line]
    more: int


class Chip(Struct):
    """A filter by state."""

    label: str
    count: int
    href: str
    current: bool


async def triage(request: Request, caller: Caller) -> Response:
    """The page, and what its form sends."""
    if request.method == "POST":
        return await or_again(request, caller, _change, _show)
    return await _show(request, caller)


async def _show(request: Request, caller: Caller) -> Response:
    state, asked = request.app.state, asked_of(request)
    found = await state.threads.read(actions.triage_page, state.services, caller, request.path_params["key"], asked)
    return _page(request, caller, asked, found)


def _page(request: Request, caller: Caller, asked: Asked, found: TriagePage) -> Response:
    key, query = found.project.key, _query(asked)
    rows = [_line(g, asked) for g in found.groups]
    titles = [g.title for g in rows]
    address = f"?{query}" if query else ""
    return page(
        request, "triage.html", json=f"/api/projects/{key}/triage{address}", area=key, here="/triage", project=found.project, asked=asked, rows=rows,
        sentence=_sentence(found, base_path(request)), chips=_chips(asked, found), scope=found.scope, cut=found.cut, total=found.total,
        next=f"?{_query(asked, start=found.next)}" if found.next else "", first=f"?{_query(asked, start=0)}" if asked.start else "",
        may_edit=caller.may(Right.EDIT_RUN, found.project.id), may_report=caller.may(Right.EDIT_ISSUE, found.project.id),
        branches=_offered(found.branches, asked.branch), environments=_offered(found.environments, asked.environment), here_query=query, whole=f"?{_query(asked, group='', start=0)}", me=caller.name,
        prefilled=titles[0] if len(titles) == 1 else "",
    )  # fmt: skip


def _query(asked: Asked, **other: object) -> str:
    """The query of this page, with other values for some of it."""
    names = ("execution", "branch", "environment", "state", "group", "start")
    values = {name: other.get(name, getattr(asked, name)) for name in names}
    return urlencode({k: v for k, v in values.items() if v})


def _offered(names: list[str], chosen: str) -> list[str]:
    """What a list offers: the first names, and the chosen one wherever it is."""
    shown = names[:_OFFERED]
    return [chosen, *shown] if chosen and chosen not in shown else shown


def _chips(asked: Asked, found: TriagePage) -> list[Chip]:
    whole = sum(found.states.values())
    chips = [Chip("All", whole, f"?{_query(asked, state='', group='', start=0)}", not asked.state)]
    for why in Why:
        if found.states.get(why):
            address = f"?{_query(asked, state=why.word, group='', start=0)}"
            chips.append(Chip(_LABELS[why], found.states[why], address, asked.state == why.word))
    return chips


def _line(g: Group, asked: Asked) -> GroupLine:
    alike = len(g.why) == 1
    by_run = {j.run.id: j.why for j in g.runs}
    lines = [_run(line, "" if alike else WORDS[by_run[line.id]]) for line in g.lines]
    parts = [] if alike else [f"{n:,} {WORDS[w]}" for w, n in sorted(g.why.items())]
    where = " / ".join([*(cut(e, 60) for e in g.environments[:3]), *([f"+{len(g.environments) - 3}"] if len(g.environments) > 3 else [])])  # noqa: PLR2004
    first = (g.first.key, g.first.run_id, g.first.at_ms) if g.first else None
    name = actions.NONE if g.fingerprint is None else str(g.fingerprint)
    return GroupLine(
        name, f"?{_query(asked, group=name, start=0)}", g.title or NOTHING_SAID, g.state.word, WORDS[g.state], len(g.runs), g.tests,
        parts, where, g.defects, g.done, first, g.assigned, lines, 0 if asked.group and len(lines) >= len(g.runs) else len(g.runs) - len(lines),
    )  # fmt: skip


def _run(line: FailureLine, word: str) -> Line:
    comment = cut(" ".join(line.comment.split()), 200)
    return Line(line.id, line.test_key, cut(line.test_summary, 300), line.execution_key, comment, line.assignee or "", word)


def _sentence(found: TriagePage, base: str) -> list[Piece]:
    """`12 new failures of 3 causes since DEMO-1198; 26 more are known.`"""
    if not found.scope:
        return [Piece("There are no executions with results here.")]
    only = found.scope[0] if len(found.scope) == 1 else None
    head = (
        [Piece(" in "), Piece(only.execution.key, f"{base}/browse/{only.execution.key}")]
        if only
        else [Piece(f" in the newest {len(found.scope)} executions")]
    )
    if not found.failures:
        return [Piece("No failures"), *head, Piece(".")]
    since = [Piece(" since "), Piece(only.baseline.key, f"{base}/browse/{only.baseline.key}")] if only and only.baseline else []
    causes = found.states.get(Why.NEW, 0)
    if not found.new:
        return [Piece(amount(found.failures, "failure")), *head, Piece(", none of them new"), *since, Piece(".")]
    rest = found.failures - found.new
    known = f"; {rest:,} more {'is' if rest == 1 else 'are'} not new." if rest else "."
    return [Piece(amount(found.new, "new failure"), strong=True), Piece(f" of {amount(causes, 'cause')}"), *head, *since, Piece(known)]


async def _change(request: Request, caller: Caller, form: FormData) -> Response:
    state, key, asked = request.app.state, request.path_params["key"], asked_of(request)
    chosen = triage_edits.Chosen(asked, forms.texts(form, "group"), forms.texts(form, "run"))
    what = forms.text(form, "do")
    write, services = state.threads.write, state.services
    if what == "assign":
        done = await write(triage_edits.assign, services, caller, key, chosen, forms.text(form, "assignee"))
        said = f"{amount(done.changed, 'run')} assigned to {done.what or 'nobody'}"
    elif what == "unlink":
        done = await write(triage_edits.unlink, services, caller, key, chosen, forms.text(form, "linked"))
        said, done.already = f"{done.what} unlinked from {amount(done.changed, 'run')} and from what is known", 0
    elif what in {"link", "bug"}:
        future = forms.text(form, "future") == "1"
        texts = [forms.text(form, n) for n in (("defect",) if what == "link" else ("summary", "description"))]
        link = triage_edits.link if what == "link" else triage_edits.report
        done = await write(link, services, caller, key, chosen, *texts, future=future)
        said = f"{amount(done.changed, 'run')} linked with {done.what}"
    else:
        raise Refused("Choose what to do: link, unlink, report a Bug, or assign.")
    already = f"; {amount(done.already, 'run')} {'was' if done.already == 1 else 'were'} already" if done.already else ""
    query = _query(asked)
    return forms.done(request, f"/projects/{key}/triage{f'?{query}' if query else ''}", f"{said}{already}.")
