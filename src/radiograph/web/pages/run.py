# SPDX-License-Identifier: Apache-2.0
"""A Test Run: what was expected, what happened, and what proves it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from radiograph.actions import runs
from radiograph.actions.browse_runs import EARLIER, MOST_ALIKE, run_page
from radiograph.domain.errors import NotFound
from radiograph.domain.statuses import failing
from radiograph.insight.run_past import failing_streak
from radiograph.web.addresses import number
from radiograph.web.pages import run_parts, sentences
from radiograph.web.pages.markup import Around, rich
from radiograph.web.pages.render import base_path, page, web_address
from radiograph.web.pages.run_files import Showing, file_line, images
from radiograph.web.pages.run_steps import SHOWN_TEXT, step_lines
from radiograph.web.pages.statuses import mark
from radiograph.web.pages.strip import strip
from radiograph.web.pages.words import duration

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.browse_runs import RunPage
    from radiograph.actions.run_seen import Since
    from radiograph.domain.people import Caller
    from radiograph.web.pages.strip import Cell

_SLOW = 2
"""So many times its usual duration is told as slow."""


async def run(request: Request, caller: Caller) -> Response:
    """The page of a run."""
    return await shown(request, caller)


async def shown(
    request: Request, caller: Caller, *, status: int = 200, since: Since | None = None, mine: dict[str, str] | None = None, wrong: str = ""
) -> Response:  # fmt: skip
    """The page of a run; with `since` what others changed while the reader filled in `mine`, with `wrong` what a form lacked."""
    state, base = request.app.state, base_path(request)
    found: RunPage = await state.threads.read(run_page, state.services, caller, number(request, "id"))
    printed = request.query_params.get("print", "") == "1"
    showing = _showing(found, base)
    view, row = found.view, found.view.row
    own = [e for e in view.parts.evidence if e.step_id is None]
    return page(
        request, "run.html", status, json=f"/rest/raven/2.0/api/testrun/{row.id}", r=row, mark=mark(view.run_statuses.by_id[row.status_id]),
        found=found, execution=found.execution, executor=view.people.get(row.executor_id or 0, ""),
        assignee=view.people.get(row.assignee_id or 0, ""), build=web_address(found.execution.build_url),
        comment=rich(row.comment[:SHOWN_TEXT], showing.around), cut=len(row.comment) > SHOWN_TEXT,
        steps=step_lines(view, view.parts, None, showing), examples=run_parts.examples(view),
        iterations=run_parts.iterations(view, request.query_params, showing, everything=printed) if view.parts.iterations else None,
        evidence=[file_line(e, showing) for e in own], defects=[d for d in view.parts.defects if d.step_id is None],
        tracker=web_address(state.services.settings.tracker_url), attempts=run_parts.attempts(view, found.attempts, showing),
        left_out=max(0, len(view.parts.attempts) - len(found.attempts)), changes=found.changes[::-1], printed=printed, most=MOST_ALIKE,
        names=[s.name for s in view.run_statuses.all], since=since, mine=mine, wrong=wrong, own_text=row.comment, **_past(found, base),
    )  # fmt: skip


def _showing(found: RunPage, base: str) -> Showing:
    around = Around(base, found.projects, images(found.view.parts.evidence, base))
    return Showing(base, around, found.texts)


def _past(found: RunPage, base: str) -> dict[str, Any]:
    """What the runs before this one make of it: the sentence, the strips, since when and how slow."""
    view, row = found.view, found.view.row
    nok, until = failing(view.run_statuses), found.own
    first = next(iter(failing_streak(until, nok)), None)
    where = {i: " · ".join(e.environments) for i, e in found.heads.items()}
    rows = _by_environment(found, where)
    here = f" on {where[row.execution_id]}" if rows and where[row.execution_id] else ""
    took = duration(row.start_ms, row.finish_ms)
    usual = duration(0, found.usual) if found.usual is not None and took else ""
    slow = bool(usual) and (row.finish_ms or 0) - (row.start_ms or 0) > _SLOW * max(1, found.usual or 0)
    complete = len(until) < EARLIER
    return {
        "sentence": sentences.of_run(row, until, nok, base, complete=complete, here=here), "took": took, "usual": usual, "slow": slow,
        "history": strip(found.history, view.run_statuses, row.id, where), "rows": rows,
        "first": first if first is not None and first.id != row.id and (complete or first.id != until[0].id) else None,
        "first_in": found.heads.get(first.execution_id) if first else None,
        "first_build": web_address(found.heads[first.execution_id].build_url) if first and first.execution_id in found.heads else "",
        "first_by": found.people.get(first.executor_id or 0, "") if first else "",
    }  # fmt: skip


def _by_environment(found: RunPage, where: dict[int, str]) -> list[tuple[str, list[Cell]]]:
    """A strip for each set of test environments; none when they all ran on the same."""
    ordered = sorted(found.history, key=lambda r: (where.get(r.execution_id, ""), r.id))
    rows = [(name, list(of)) for name, of in groupby(ordered, key=lambda r: where.get(r.execution_id, ""))]
    if len(rows) < 2:  # noqa: PLR2004  (one set: the strip above has it)
        return []
    return [(name or "no environment", strip(of, found.view.run_statuses, found.view.row.id)) for name, of in rows]


async def iteration(request: Request, caller: Caller) -> Response:
    """One iteration, for a page that opens it in place."""
    state, base = request.app.state, base_path(request)
    view = await state.threads.read(runs.run, state.services, caller, number(request, "id"))
    keys = frozenset({view.row.execution_key.rpartition("-")[0], view.row.test_key.rpartition("-")[0]})
    showing = Showing(base, Around(base, keys, images(view.parts.evidence, base)), {})
    found = run_parts.one_iteration(view, number(request, "number"), showing)
    if found is None:
        raise NotFound(f"The run has no iteration {request.path_params['number'][:20]}.")
    return page(request, "parts/iteration.html", i=found, tracker=web_address(state.services.settings.tracker_url))
