# SPDX-License-Identifier: Apache-2.0
"""A project's failures, gathered by what they say, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import triage
from radiograph.domain.judging import Why
from radiograph.web.endpoints import Answer, Endpoint, Whole, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.insight.baselines import Measured
    from radiograph.insight.triage import Group


class TriageRun(Struct, rename="camel"):
    """A failed run of a group."""

    id: int
    test: str
    summary: str
    execution: str
    assignee: str | None


class TriageFirst(Struct, rename="camel"):
    """Where failures of a group were first seen; the time is in UTC milliseconds."""

    execution: str
    run: int
    at_ms: int


class TriageGroup(Struct, rename="camel"):
    """Failures that say the same; `fingerprint` is a text of digits, or none for those that say nothing.

    `state` is new if one of them is, else the first reason why they aren't; `why` counts the runs by that.
    """

    fingerprint: str
    title: str
    state: str
    why: dict[str, int]
    runs: int
    tests: int
    environments: list[str]
    branches: list[str]
    defects: list[str]
    done_defects: list[str]
    first: TriageFirst | None
    assigned: str
    some: list[TriageRun]


class TriageExecution(Struct):
    """An execution that was looked at, and what it is measured by (null: nothing)."""

    key: str
    baseline: str | None


class TriageAnswer(Struct):
    """Groups of failures, what is new first; `next` is the start of the next page (0: this is the last)."""

    executions: list[TriageExecution]
    failures: int
    new: int
    states: dict[str, int]
    groups: list[TriageGroup]
    next: int


START = Whole("start", "how many groups came before", 0, 1_000_000, 0)


def asked_of(request: Request) -> triage.Asked:
    """What the query asks for; pages read it alike."""
    query = request.query_params
    texts = {name: query.get(name, "").strip() for name in ("execution", "branch", "environment", "state", "group")}
    return triage.Asked(start=START.read(query), **texts)


@signed_in
async def groups(request: Request, caller: Caller) -> Response:
    """A project's failures, gathered by what they say.

    Without an execution: those of the newest execution of each branch and set of test environments.
    """
    found = await read(request, triage.triage_page, caller, request.path_params["key"], asked_of(request))
    states = {w.word: found.states.get(w, 0) for w in Why}
    return encode(
        TriageAnswer([_execution(m) for m in found.scope], found.failures, found.new, states, [_group(g) for g in found.groups], found.next)
    )


def _execution(m: Measured) -> TriageExecution:
    return TriageExecution(m.execution.key, m.baseline.key if m.baseline else None)


def _group(g: Group) -> TriageGroup:
    first = TriageFirst(g.first.key, g.first.run_id, g.first.at_ms) if g.first else None
    return TriageGroup(
        triage.NONE if g.fingerprint is None else str(g.fingerprint), g.title, g.state.word, {w.word: n for w, n in sorted(g.why.items())},
        len(g.runs), g.tests, g.environments, g.branches, g.defects, g.done, first, g.assigned,
        [TriageRun(line.id, line.test_key, line.test_summary, line.execution_key, line.assignee) for line in g.lines],
    )  # fmt: skip


endpoints = [
    Endpoint(
        id="triage", group="Insight", method="GET", paths=("/api/projects/{key}/triage",), handler=groups,
        answers={200: Answer(TriageAnswer)}, errors=(400, 404), path_parameters={"key": (str, "the project's key", "DEMO")},
        query=(
            Word("execution", "the key of a Test Execution of the project"),
            Word("branch", "else: the newest executions on this branch"),
            Word("environment", "and on this test environment"),
            Word("state", f"the groups of this state: {', '.join(w.word for w in Why)}"),
            Word("group", "the group of this fingerprint, with 200 of its runs"),
            START,
        ),
    ),
]  # fmt: skip
