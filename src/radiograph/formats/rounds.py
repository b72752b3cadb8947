# SPDX-License-Identifier: Apache-2.0
"""Gathers the results of a report whose data-driven Tests have a result for each round: these become iterations of one result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import earliest, latest
from radiograph.domain.report import Iteration, TestInfo, TestResult

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

_WORDS = {"PASS", "FAIL", "TODO"}


class Round(Struct):
    """One round: its result, its name, its parameters, its duration as it was written."""

    result: TestResult
    name: str
    parameters: list[tuple[str, str]]
    duration: str = ""


class Gathered:
    """The results of a report in their order, the rounds of a Test where its first one stands."""

    def __init__(self) -> None:
        """Begin with none."""
        self._places: list[TestResult | list[Round]] = []
        self._rounds: dict[Hashable, list[Round]] = {}

    def add(self, result: TestResult) -> None:
        """Add a result that is no round."""
        self._places.append(result)

    def add_round(self, key: Hashable, one: Round) -> None:
        """Add a round of the Test that this key tells."""
        rounds = self._rounds.get(key)
        if rounds is None:
            rounds = self._rounds[key] = []
            self._places.append(rounds)
        rounds.append(one)

    def results(self) -> list[TestResult]:
        """All of them, numbered; nothing can be added after this."""
        found = [joined(place) if isinstance(place, list) else place for place in self._places]
        for index, result in enumerate(found):
            for each in (result, *result.attempts):
                each.index = index
        return found


def joined(rounds: Sequence[Round]) -> TestResult:
    """One result of the rounds of a Test."""
    results = [one.result for one in rounds]
    first = results[0]
    alone = len(rounds) == 1
    return TestResult(
        first.index, first.test_key, _info(results), whole_status([r.status for r in results]), earliest(r.start for r in results),
        latest(r.finish for r in results), comment_of([(one.name, one.result) for one in rounds]), iterations=[_iteration(one, alone=alone) for one in rounds],
        evidence=[file for r in results for file in r.evidence], warnings=[w for r in results for w in r.warnings], place=first.place,
        test_id=first.test_id, elapsed=_elapsed(results),
    )  # fmt: skip


def whole_status(statuses: Sequence[str]) -> str:
    """All PASS: PASS; any FAIL: FAIL; else TODO. With another word none: the statuses of the iterations tell."""
    if not _WORDS.issuperset(statuses):
        return ""
    return "FAIL" if "FAIL" in statuses else "PASS" if {*statuses} == {"PASS"} else "TODO"


def _iteration(one: Round, *, alone: bool) -> Iteration:
    return Iteration(one.result.status, one.name, one.parameters, one.result.steps, "" if alone else one.result.comment, one.duration)


def comment_of(rounds: Sequence[tuple[str, TestResult]]) -> str:
    """How many rounds failed, by their names, and why the first of them did; each has its own words in its log."""
    told = sorted(((name, result) for name, result in rounds if result.comment), key=lambda one: one[1].status != "FAIL")
    if len(rounds) == 1 or not told:
        return told[0][1].comment if told else ""
    failed = sum(result.status == "FAIL" for _, result in rounds)
    head = f"{failed} of {len(rounds)} iterations failed.\n\n" if failed else ""
    return f"{head}{told[0][0]}: {told[0][1].comment}"


def _info(results: Sequence[TestResult]) -> TestInfo | None:
    """What the rounds say of their Test: that of the first, with the requirements and labels of all."""
    infos = [r.info for r in results if r.info]
    if not infos:
        return None
    info = infos[0]
    info.requirement_keys = _once(key for i in infos for key in i.requirement_keys)
    info.labels = _once(label for i in infos for label in i.labels or ()) or None
    info.given = tuple(_once(name for i in infos for name in i.given if getattr(info, name)))
    return info


def _elapsed(results: Sequence[TestResult]) -> float | None:
    took = [r.elapsed for r in results if r.elapsed is not None]
    return sum(took) if took and not any(r.start or r.finish for r in results) else None


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
