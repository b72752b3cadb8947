# SPDX-License-Identifier: Apache-2.0
"""A large report as node's test runner writes it: suites of 100 tests, every tenth fails with its diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUITE = 100
_WORDS = ("basket", "checkout", "payment", "session", "invoice", "search", "profile", "delivery", "refund", "voucher")
_FRAMES = "".join(f"        {w}.run (file:///project/src/{w}/index.js:{10 * i + 7}:{i + 3})\n" for i, w in enumerate(_WORDS))


def report(cases: int) -> Iterator[bytes]:
    """The report, a suite at a time."""
    yield b"TAP version 13\n"
    suites = range(0, cases, _SUITE)
    for number, first in enumerate(suites, 1):
        numbers = range(first, min(cases, first + _SUITE))
        points = "".join(_point(i, n) for i, n in enumerate(numbers, 1))
        name = f"{_WORDS[number % 10]} {number}"
        end = f"    1..{len(numbers)}\nnot ok {number} - {name}\n  ---\n  duration_ms: 41.5\n  type: 'suite'\n  failureType: 'subtestsFailed'\n  error: '10 subtests failed'\n  ...\n"
        yield f"# Subtest: {name}\n{points}{end}".encode()
    yield f"1..{len(suites)}\n# tests {cases}\n".encode()


def _point(place: int, number: int) -> str:
    name = f"{_WORDS[number // 10 % 10]} case {number}"
    head = f"    # Subtest: {name}\n    {'not ' if number % 10 == 0 else ''}ok {place} - {name}\n      ---\n      duration_ms: {number % 5000}.25\n"
    if number % 10:
        return f"{head}      ...\n"
    error = f"      failureType: 'testCodeFailure'\n      error: |-\n        Expected values to be strictly equal:\n        \n        {number} !== {number + 1}\n        \n"
    rest = f"      code: 'ERR_ASSERTION'\n      name: 'AssertionError'\n      expected: {number + 1}\n      actual: {number}\n      operator: 'strictEqual'\n"
    return f"{head}{error}{rest}      stack: |-\n{_FRAMES}      ...\n"
