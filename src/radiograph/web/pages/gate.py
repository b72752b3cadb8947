# SPDX-License-Identifier: Apache-2.0
"""The verdict of a gate, in the words that a pipeline gets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from radiograph.actions import gate as actions
from radiograph.domain.judging import Why
from radiograph.web.pages.render import page
from radiograph.web.pages.words import amount, cut, first_line
from radiograph.web.triage.gate import asked_of, rules_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.insight.gate import Gate, NamedFailure

WORDS = {
    Why.NEW: "new", Why.QUARANTINED: "in quarantine", Why.DEFECT: "known", Why.FLAKY: "flaky", Why.MAIN: "fails on main", Why.BASELINE: "failed before",
}  # fmt: skip
_SIGNS = {"pass": "may pass", "fail": "stopped", "unknown": "unknown"}


class FailureLine(Struct):
    """A failure: its run, its Test, its message, why it isn't new, and its defects."""

    run: int
    key: str
    summary: str
    comment: str
    word: str
    defects: list[str]
    done: list[str]


async def gate(request: Request, caller: Caller) -> Response:
    """The verdict on an execution by the rules of the address, with the failures that it comes from."""
    state, asked, rules = request.app.state, asked_of(request), rules_of(request)
    found = await state.threads.read(actions.ask, state.services, caller, asked, rules)
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "execution"]
    address = urlencode(
        [("execution", found.execution.key), *(p for p in kept if p[0] not in {"project", "branch", "revision", "environment", "plan"})]
    )
    return page(
        request, "gate.html", json=f"/api/gate?{address}", g=found, sign=_SIGNS[found.verdict], new=[_line(f) for f in found.new],
        others=[_line(f) for f in found.others], more=found.tally.new - len(found.new), rules=_rules(found),
        area=found.execution.key.rpartition("-")[0], here="/-", failed=sum(found.tally.failed.values()), address=address,
    )  # fmt: skip


def _line(f: NamedFailure) -> FailureLine:
    return FailureLine(f.run_id, f.test_key, cut(f.test_summary, 300), first_line(f.comment), WORDS[f.why], list(f.defects), list(f.done))


def _rules(g: Gate) -> list[str]:
    """The rules in words."""
    rules = g.rules
    said = [f"{amount(rules.allow_new, 'new failure')} allowed" if rules.allow_new else "no new failures allowed"]
    said.append("flaky failures count" if rules.flaky else "flaky failures don't count")
    said.append("quarantined ones count" if rules.quarantine else "quarantined ones don't")
    if rules.min_pass_rate is not None:
        said.append(f"{rules.min_pass_rate:g} % must pass")
    if rules.require_finished:
        said.append("every run must be finished")
    return said
