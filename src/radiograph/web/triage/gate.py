# SPDX-License-Identifier: Apache-2.0
"""The gate: may a pipeline go on? The verdict, the reason in words, and the failures, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from radiograph.actions import gate
from radiograph.domain.errors import cut
from radiograph.domain.gate import Rules
from radiograph.domain.judging import Why
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import Answer, Endpoint, Flag, Whole, Word, refused, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.baselines import Past
    from radiograph.domain.people import Caller
    from radiograph.insight.gate import Gate, NamedFailure

_COUNT, _IGNORE = "count", "ignore"
_WHOLE = 100.0


class GateFailure(Struct, rename="camel"):
    """A failure; `why` is new, or why it isn't counted; `defects` are open ones that it is known by, `done_defects` closed ones."""

    test: str
    summary: str
    run: int
    link: str
    message: str
    why: str
    defects: list[str]
    done_defects: list[str]


class GateExecution(Struct):
    """An execution and its page."""

    key: str
    link: str


class GateCounts(Struct, rename="camel"):
    """Runs by what they are; the failures that aren't new are counted under why they aren't."""

    runs: int
    passed: int
    failed: int
    new: int
    baseline: int
    main: int
    defect: int
    flaky: int
    quarantined: int
    executing: int
    todo: int


class GateRules(Struct, rename="camel"):
    """The rules that were applied."""

    allow_new: int
    flaky: str
    quarantine: str
    min_pass_rate: float | None
    require_finished: bool


class GateAnswer(Struct, rename="camel"):
    """The verdict and all that it comes from; `new_failures` and `not_counted` name 50 at most, the counts tell of all."""

    verdict: Literal["pass", "fail", "unknown"]
    reason: str
    link: str
    execution: GateExecution
    baseline: GateExecution | None
    main: GateExecution | None
    rules: GateRules
    counts: GateCounts
    pass_rate: float | None
    finished: bool
    last_result_ms: int | None
    new_failures: list[GateFailure]
    not_counted: list[GateFailure]


ALLOW_NEW = Whole("allow_new", "how many new failures are allowed", 0, 1_000_000, 0)
_FLAKY = Word("flaky", "`ignore` (the default) or `count` failures of Tests that are known to be flaky there")
_QUARANTINE = Word("quarantine", "`ignore` (the default) or `count` failures of Tests in quarantine")
_RATE = Word("min_pass_rate", "the least percentage of the finished runs that must have passed, such as 95")
_FINISHED = Flag("require_finished", "whether the verdict is unknown while runs are executing or planned ones haven't begun")


def rules_of(request: Request) -> Rules:
    """The rules that the query gives; raises Refused."""
    query = request.query_params
    return Rules(
        ALLOW_NEW.read(query), _counts(_FLAKY, request), _counts(_QUARANTINE, request), _rate(_RATE.read(query)), _FINISHED.read(query)
    )


def _counts(word: Word, request: Request) -> bool:
    text = word.read(request.query_params).lower()
    if text not in {"", _COUNT, _IGNORE}:
        raise refused(word.name, f"must be {_IGNORE} or {_COUNT}, not {cut(text)!r}")
    return text == _COUNT


def _rate(text: str) -> float | None:
    if not text:
        return None
    plain = text.removesuffix("%").strip()
    good = plain.isascii() and plain.replace(".", "", 1).isdigit() and len(plain) < 10  # noqa: PLR2004
    rate = float(plain) if good else -1.0
    if not 0 <= rate <= _WHOLE:
        raise refused("min_pass_rate", f"must be a percentage from 0 to 100, not {cut(text)!r}")
    return rate


def asked_of(request: Request) -> gate.Asked:
    """The execution that the query names."""
    query = request.query_params
    texts = {name: query.get(name, "").strip() for name in ("execution", "project", "branch", "revision", "plan", "baseline")}
    environments = [e.strip() for text in query.getlist("environment") for e in text.split(",") if e.strip()]
    return gate.Asked(environments=environments, **texts)


@signed_in
async def asked(request: Request, caller: Caller) -> Response:
    """Ask whether a pipeline may go on: does a Test Execution have new failures?

    The verdict is in the body: pass, fail, or unknown when there is nothing to judge yet. A failure is new unless it failed in
    the baseline or on the main branch too, is known by a defect that isn't done, or its Test is flaky there or in quarantine.
    """
    found = await read(request, gate.ask, caller, asked_of(request), rules_of(request))
    return encode(_shape(found, base_url(request)))


def _shape(g: Gate, base: str) -> GateAnswer:
    tally, rules = g.tally, g.rules
    counted = {reason.word: tally.failed.get(reason, 0) for reason in Why}
    counts = GateCounts(
        runs=tally.runs, passed=tally.passed, failed=sum(tally.failed.values()), executing=tally.executing, todo=tally.todo, **counted
    )
    return GateAnswer(
        g.verdict, g.reason, f"{base}/gate?execution={g.execution.key}", GateExecution(g.execution.key, f"{base}/browse/{g.execution.key}"),
        _execution(g.baseline, base), _execution(g.main, base),
        GateRules(rules.allow_new, _word(rules.flaky), _word(rules.quarantine), rules.min_pass_rate, rules.require_finished),
        counts, tally.rate, bool(tally.finished) and not tally.executing and not tally.todo, g.execution.imported_ms,
        [_failure(f, base) for f in g.new], [_failure(f, base) for f in g.others],
    )  # fmt: skip


def _word(counts: bool) -> str:  # noqa: FBT001
    return _COUNT if counts else _IGNORE


def _execution(past: Past | None, base: str) -> GateExecution | None:
    return None if past is None else GateExecution(past.key, f"{base}/browse/{past.key}")


def _failure(f: NamedFailure, base: str) -> GateFailure:
    message = f.comment.lstrip().partition("\n")[0].strip()[:300]
    return GateFailure(f.test_key, f.test_summary, f.run_id, f"{base}/runs/{f.run_id}", message, f.why.word, list(f.defects), list(f.done))


RULES = (ALLOW_NEW, _FLAKY, _QUARANTINE, _RATE, _FINISHED)
endpoints = [
    Endpoint(
        id="gate", group="Insight", method="GET", paths=("/api/gate",), handler=asked, answers={200: Answer(GateAnswer)}, errors=(400, 404),
        query=(
            Word("execution", "the key of a Test Execution"),
            Word("project", "instead: the newest of this project that has what follows", example="DEMO"),
            Word("branch", "on this branch"),
            Word("revision", "of this revision"),
            Word("environment", "on this test environment; give it more than once, or several with commas, for all of them"),
            Word("plan", "in this Test Plan"),
            Word("baseline", "the key of the execution to compare with, instead of the one that is right for the branch"),
            *RULES,
        ),
    ),
]  # fmt: skip
