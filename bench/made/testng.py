# SPDX-License-Identifier: Apache-2.0
"""A large TestNG report: classes of 100 methods, every tenth fails with a trace of 1 KB, every twentieth is of a data provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLASS = 100
_WORDS = ("basket", "checkout", "payment", "session", "invoice", "search", "profile", "delivery", "refund", "voucher")


def report(cases: int) -> Iterator[bytes]:
    """A report of so many calls of test methods, in pieces."""
    times = 'started-at="2026-11-01T00:00:00 CET" finished-at="2026-11-02T00:00:00 CET" duration-ms="86400000"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testng-results total="{cases}">\n  <suite name="nightly" {times}>\n'.encode()
    yield f'    <test name="all" {times}>\n'.encode()
    for first in range(0, cases, _CLASS):
        word = _WORDS[first // _CLASS % 10]
        methods = "".join(map(_method, range(first, min(first + _CLASS, cases))))
        yield f'      <class name="com.example.{word}.{word.title()}{first // _CLASS}Test">\n{methods}      </class>\n'.encode()
    yield b"    </test>\n  </suite>\n</testng-results>\n"


def _method(number: int) -> str:
    when = f"2026-11-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d} CET"
    failed = number % 10 == 0
    name = f"case{number // 5 * 5:06d}" if number % _CLASS < 5 else f"case{number:06d}"  # noqa: PLR2004  (five rounds)
    params = f'          <params><param index="0"><value><![CDATA[{number}]]></value></param></params>\n' if number % _CLASS < 5 else ""  # noqa: PLR2004
    return (
        f'        <test-method signature="{name}()[pri:0, instance:com.example.Test@{number:x}]" started-at="{when}" name="{name}" '
        f'finished-at="{when}" duration-ms="{number % 250}" status="{"FAIL" if failed else "PASS"}">\n{params}'
        f"{_exception(number) if failed else ''}          <reporter-output>\n          </reporter-output>\n        </test-method>\n"
    )


def _exception(number: int) -> str:
    said = f"expected [{number}] but found [{number % 7}]"
    trace = "\n".join(f"\tat com.example.{w}.{w.title()}.call{n}({w.title()}.java:{number % 900})" for n in range(2) for w in _WORDS)
    kind = "java.lang.AssertionError"
    return (
        f'          <exception class="{kind}"><message><![CDATA[{said}]]></message>'
        f"<full-stacktrace><![CDATA[{kind}: {said}\n{trace}\n]]></full-stacktrace></exception>\n"
    )
