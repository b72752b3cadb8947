# SPDX-License-Identifier: Apache-2.0
"""Whether an execution lets a pipeline go on: rules, counts, and the verdict in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from radiograph.domain.judging import Why

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict: TypeAlias = Literal["pass", "fail", "unknown"]


class Rules(Struct, frozen=True):
    """What a gate asks for; `min_pass_rate` is in percent of the runs that are finished (None: any).

    `flaky` and `quarantine` tell whether the failures of flaky Tests and of those in quarantine count as new ones do.
    """

    allow_new: int = 0
    flaky: bool = False
    quarantine: bool = False
    min_pass_rate: float | None = None
    require_finished: bool = False


class Tally(Struct, frozen=True):
    """An execution in numbers; `failed` is by what each failure is, `executing` and `todo` are runs without a result yet."""

    runs: int
    passed: int
    finished: int
    failed: Mapping[Why, int]
    executing: int
    todo: int

    @property
    def new(self) -> int:
        """How many failures are new."""
        return self.failed.get(Why.NEW, 0)

    @property
    def rate(self) -> float | None:
        """The percentage of the finished runs that passed, cut after two digits; None when none is finished."""
        return int(10_000 * self.passed / self.finished) / 100 if self.finished else None


class Names(Struct, frozen=True):
    """The keys that the words name: the execution, what it is measured by, and the main branch's last ("" where there is none)."""

    execution: str
    baseline: str
    main: str


def decide(tally: Tally, rules: Rules, names: Names) -> tuple[Verdict, str]:
    """The verdict, and the reason for it in words."""
    missing = _missing(tally, rules, names.execution)
    if missing:
        return "unknown", missing
    faults = _faults(tally, rules, names)
    if faults:
        return "fail", f"{names.execution} is stopped: {'; and '.join(faults)}.{_rest(tally, names)}"
    return "pass", f"{names.execution} may pass: {_good(tally, rules, names)}{_rest(tally, names)}"


def _missing(tally: Tally, rules: Rules, key: str) -> str:
    if not tally.finished and not tally.executing:
        return f"{key} has no results yet."
    open_runs = [f"{n:,} {what}" for n, what in ((tally.executing, "executing"), (tally.todo, "not begun")) if n]
    if rules.require_finished and open_runs:
        return f"{key} is not finished: of {tally.runs:,} runs {' and '.join(open_runs)}."
    return "" if tally.finished else f"{key} has no result that is finished yet."


def _faults(tally: Tally, rules: Rules, names: Names) -> list[str]:
    found = []
    if tally.new > rules.allow_new:
        since = f" since {names.baseline}" if names.baseline else ", and there is nothing earlier to compare with"
        allowed = f" ({rules.allow_new:,} allowed)" if rules.allow_new else ""
        found.append(f"{tally.new:,} new failure{'' if tally.new == 1 else 's'}{allowed}{since}")
    if rules.min_pass_rate is not None and tally.rate is not None and tally.rate < rules.min_pass_rate:
        found.append(f"{tally.rate:g} % of {tally.finished:,} finished runs passed, {rules.min_pass_rate:g} % are asked for")
    return found


def _good(tally: Tally, rules: Rules, names: Names) -> str:
    failed = sum(tally.failed.values())
    if not failed:
        return f"all {tally.passed:,} passed." if tally.passed == tally.runs else f"{tally.passed:,} of {tally.runs:,} passed, none failed."
    new = f"{tally.new:,} new failure{'' if tally.new == 1 else 's'}, {rules.allow_new:,} allowed" if tally.new else "no new failures"
    return f"{new}{f' since {names.baseline}' if names.baseline else ''}; {tally.passed:,} of {tally.runs:,} passed."


def _rest(tally: Tally, names: Names) -> str:
    """What the other failures are: ` Not counted: 3 known by a defect, 2 flaky.`"""
    words = {
        Why.BASELINE: f"failing in {names.baseline} too", Why.MAIN: f"failing on the main branch ({names.main}) too",
        Why.DEFECT: "known by a defect", Why.FLAKY: "flaky", Why.QUARANTINED: "in quarantine",
    }  # fmt: skip
    said = [f"{n:,} {word}" for reason, word in words.items() if (n := tally.failed.get(reason, 0))]
    return f" Not counted: {', '.join(said)}." if said else ""
