# SPDX-License-Identifier: Apache-2.0
"""Tries at the same Test become one result: other parameters are iterations, the same again are attempts.

Allure's own rule: tries with the same `historyId` are retries, of which the one that started last counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.clock import earliest, latest
from radiograph.domain.report import Iteration, TestResult
from radiograph.formats.reading import MAX_SUMMARY
from radiograph.formats.rounds import comment_of, whole_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from radiograph.formats.allure_results import Try


def join(tries: Iterable[Try]) -> list[TestResult]:
    """The results of tries that are in the order of their starts, one for each Test."""
    tests: dict[str, dict[object, list[Try]]] = {}
    for one in tries:
        tests.setdefault(one.definition, {}).setdefault(one.round, []).append(one)
    results = [_result(list(rounds.values())) for rounds in tests.values()]
    for index, result in enumerate(results):
        for each in (result, *result.attempts):
            each.index = index
    return results


def _result(rounds: Sequence[Sequence[Try]]) -> TestResult:
    """Of the rounds of a Test, each with its tries."""
    last = [tries[-1] for tries in rounds]
    earlier = sorted((one for tries in rounds for one in tries[:-1]), key=lambda one: one.order)
    result = _whole(last)
    result.attempts = [_whole([one]) for one in earlier]
    return result


def _whole(rounds: Sequence[Try]) -> TestResult:
    """A result of one try, or of several with different parameters."""
    first = rounds[0].result
    if len(rounds) == 1 and not rounds[0].parameters:
        return first
    results = [one.result for one in rounds]
    iterations = [_iteration(one, alone=len(rounds) == 1) for one in rounds]
    info = first.info
    if info is not None:
        info.summary = _common_name(rounds)[:MAX_SUMMARY]
        info.labels = _once(label for r in results if r.info for label in r.info.labels or ()) or None
    return TestResult(
        first.index, info=info, status=whole_status([r.status for r in results]),
        comment=comment_of([(one.name, one.result) for one in rounds]), place=first.place,
        start=earliest(r.start for r in results), finish=latest(r.finish for r in results),
        iterations=iterations, evidence=[f for r in results for f in r.evidence], defects=_once(d for r in results for d in r.defects),
        tags=_once(t for r in results for t in r.tags), warnings=[w for r in results for w in r.warnings],
    )  # fmt: skip


def _iteration(one: Try, *, alone: bool) -> Iteration:
    result = one.result
    took = f"{(result.finish.ms - result.start.ms) / 1000:.3f} s" if result.start and result.finish else ""
    return Iteration(result.status, one.name, one.parameters, result.steps, "" if alone else result.comment, took)


def _common_name(rounds: Sequence[Try]) -> str:
    """The end of the full name that every name begins with: `test_price` of `test_price[1]` and `test_price[2]`.

    Without such an end the name where they are alike, else the last part of the full name.
    """
    names, definition = [one.name for one in rounds], rounds[0].definition
    parts = (definition[at:] for at in range(len(definition) - 1) if at == 0 or not definition[at - 1].isalnum())
    found = next((part for part in parts if all(name.startswith(part) for name in names)), "")
    if found or len({*names}) == 1:
        return found or names[0]
    last = definition.rpartition("#")[2]
    return last if last != definition or " " in last else last.rpartition(".")[2] or last


def _once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
