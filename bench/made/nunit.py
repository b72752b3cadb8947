# SPDX-License-Identifier: Apache-2.0
"""A large NUnit 3 report: fixtures of 50 cases, a tenth of them rounds of parameterized methods, a tenth failing with a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIXTURE, _ROUNDS = 50, 5
_TRACE = "".join(f"   at Acme.Shop.Basket.Step{n}(Int32 value) in /project/Basket.cs:line {n}\n" for n in range(20))
_TIMES = 'start-time="2026-11-26T10:00:00.1250000Z" end-time="2026-11-26T10:00:00.2370000Z" duration="0.112000"'


def report(cases: int) -> Iterator[bytes]:
    """The report in pieces of a fixture each."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<test-run id="2" start-time="2026-11-26 10:00:00Z" end-time="2026-11-26 11:00:00Z">\n'
    yield b'<test-suite type="Assembly" id="0-1" name="Acme.dll" fullname="/project/Acme.dll" runstate="Runnable">\n'
    for first in range(0, cases, _FIXTURE):
        yield _fixture(first, min(_FIXTURE, cases - first)).encode()
    yield b"</test-suite>\n</test-run>\n"


def _fixture(first: int, count: int) -> str:
    owner = f"Acme.Shop.Basket{first // _FIXTURE}Tests"
    plain = [_case(owner, f"Case{n}", n) for n in range(first, first + count - min(_ROUNDS, count))]
    rounds = [_case(owner, "Sums", n, f"({n},{n + 1})") for n in range(first + len(plain), first + count)]
    head = f'<test-suite type="TestFixture" name="{owner}" fullname="{owner}" classname="{owner}" runstate="Runnable">\n'
    group = '<properties><property name="Category" value="Smoke" /></properties>\n'
    method = f'<test-suite type="ParameterizedMethod" name="Sums" fullname="{owner}.Sums" classname="{owner}">\n'
    return "".join([head, group, *plain, method, *rounds, "</test-suite>\n</test-suite>\n"])


def _case(owner: str, method: str, number: int, arguments: str = "") -> str:
    name = method + arguments
    head = (
        f'<test-case id="0-{number}" name="{name}" fullname="{owner}.{name}" methodname="{method}" classname="{owner}" '
        f'runstate="Runnable" seed="{number}" {_TIMES} asserts="1"'
    )
    if number % 10:
        return f'{head} result="Passed" />\n'
    message = f"  Expected: {number}\n  But was:  {number + 1}\n"
    return (
        f'{head} result="Failed"><failure><message><![CDATA[{message}]]></message>'
        f"<stack-trace><![CDATA[{_TRACE}]]></stack-trace></failure></test-case>\n"
    )
