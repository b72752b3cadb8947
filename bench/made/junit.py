# SPDX-License-Identifier: Apache-2.0
"""A large JUnit report as Surefire or pytest write it: suites of 100 cases, every tenth fails with a trace of 1 KB."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUITE = 100
_WORDS = ("basket", "checkout", "payment", "session", "invoice", "search", "profile", "delivery", "refund", "voucher")


def report(cases: int) -> Iterator[bytes]:
    """A report of so many test cases, in pieces."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="nightly">\n'
    for first in range(0, cases, _SUITE):
        numbers = range(first, min(first + _SUITE, cases))
        yield "".join([_head(first, len(numbers)), *map(_case, numbers), "  </testsuite>\n"]).encode()
    yield b"</testsuites>\n"


def _class(number: int) -> str:
    return f"com.example.{_WORDS[number % 10]}.{_WORDS[number // 10 % 10].title()}{number}Test"


def _head(first: int, count: int) -> str:
    when = f"2026-11-{1 + first // 8000 % 28:02d}T{first // 400 % 24:02d}:00:00Z"
    return f'  <testsuite name="{_class(first // _SUITE)}" tests="{count}" timestamp="{when}" time="{count * 0.125}">\n'


def _case(number: int) -> str:
    opening = f'    <testcase name="case{number:06d}" classname="{_class(number // _SUITE)}" time="{number % 250 / 1000}"'
    if number % 10:
        return opening + "/>\n"
    said = f"expected: &lt;{number}&gt; but was: &lt;{number % 7}&gt;"
    trace = "\n".join(f"\tat com.example.{w}.{w.title()}.call{n}({w.title()}.java:{number % 900})" for n in range(2) for w in _WORDS)
    return f'{opening}>\n      <failure message="{said}" type="AssertionError">AssertionError: {said}\n{trace}</failure>\n    </testcase>\n'
