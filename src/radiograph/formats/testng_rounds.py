# SPDX-License-Identifier: Apache-2.0
"""The calls of one TestNG method become its results: calls that were retried become attempts, those with parameters rounds of one result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.clock import earliest, latest
from radiograph.domain.report import Iteration, TestResult

if TYPE_CHECKING:
    from radiograph.formats.testng_method import Try

_Parameters = tuple[tuple[str, str], ...]


def results_of(calls: list[Try]) -> list[TestResult]:
    """The results of a method, in their order."""
    if len(calls) > 1:
        calls = _without_retried(calls)
    plain = [c.result for c in calls if not c.parameters]
    rounds = [c for c in calls if c.parameters]
    return [*plain, _joined(rounds)] if rounds else plain


def _without_retried(calls: list[Try]) -> list[Try]:
    """Calls that weren't retried, each with the earlier ones that have its parameters as attempts.

    Where there is none, as a report may be cut short, the last that was retried counts.
    """
    groups: dict[_Parameters, list[Try]] = {}
    for call in calls:
        groups.setdefault(tuple(call.parameters), []).append(call)
    kept: list[Try] = []
    for group in groups.values():
        kept += _last_calls(group) if len(group) > 1 else group
    return kept


def _last_calls(group: list[Try]) -> list[Try]:
    """Of calls with the same parameters those that count; the retried ones go to the next of them, or to the last one."""
    sure = any(not (c.retried or c.may_be_retried) for c in group)
    retried = [c.retried or (sure and c.may_be_retried) for c in group]
    if all(retried):
        retried[-1] = False
    kept: list[Try] = []
    earlier: list[Try] = []
    for call, again in zip(group, retried, strict=True):
        if again:
            earlier.append(call)
        else:
            _add_attempts(call, earlier)
            earlier = []
            kept.append(call)
    _add_attempts(kept[-1], earlier)
    return kept


def _add_attempts(call: Try, earlier: list[Try]) -> None:
    for attempt in earlier:
        result = attempt.result
        result.status, result.info = "FAIL", None
        if attempt.parameters:
            result.iterations = [_iteration(attempt)]
        call.result.attempts = [*call.result.attempts, result]


def _iteration(call: Try) -> Iteration:
    return Iteration(call.result.status, "", call.parameters, [], call.result.comment, f"{call.took} ms" if call.took else "")


def _joined(rounds: list[Try]) -> TestResult:
    """One result of all rounds: FAIL if one failed, PASS if all passed, else TODO; its comment is that of the first that failed."""
    results = [c.result for c in rounds]
    joined = results[0]
    iterations = [_iteration(c) for c in rounds]
    joined.comment, joined.status = _comment(results), _status([r.status for r in results])
    joined.start = earliest(r.start for r in results)
    joined.finish = latest(r.finish for r in results)
    joined.elapsed = None if joined.start or joined.finish else sum(r.elapsed or 0 for r in results)
    for other in results[1:]:
        _add(joined, other)
    joined.iterations = iterations
    return joined


def _status(statuses: list[str]) -> str:
    if "FAIL" in statuses:
        return "FAIL"
    return statuses[0] if len(set(statuses)) == 1 else "TODO"


def _comment(results: list[TestResult]) -> str:
    told = [r.comment for r in results if r.status == "FAIL"] or [r.comment for r in results if r.comment]
    if len(told) < 2:  # noqa: PLR2004  (one has nothing to add)
        return "".join(told)
    return f"{told[0]}\n\nThe iterations have what {len(told) - 1} more said."


def _add(joined: TestResult, other: TestResult) -> None:
    """Add what another round has beside its outcome."""
    joined.test_key = joined.test_key or other.test_key
    joined.evidence = [*joined.evidence, *other.evidence]
    joined.warnings = [*joined.warnings, *other.warnings]
    joined.attempts = [*joined.attempts, *other.attempts]
    if joined.info is not None and other.info is not None:
        joined.info.requirement_keys = list(dict.fromkeys([*joined.info.requirement_keys, *other.info.requirement_keys]))
        joined.info.labels = list(dict.fromkeys([*(joined.info.labels or []), *(other.info.labels or [])])) or None
