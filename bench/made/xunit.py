# SPDX-License-Identifier: Apache-2.0
"""A large xUnit.net report: collections of 50 tests, a tenth of them rounds of theories, a tenth failing with a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLLECTION, _ROUNDS = 50, 5
_TRACE = "".join(f"   at Acme.Shop.Basket.Step{n}(Int32 value) in /project/Basket.cs:line {n}\n" for n in range(20))


def report(cases: int) -> Iterator[bytes]:
    """The report in pieces of a collection each."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<assemblies timestamp="11/26/2026 10:00:00">\n'
    yield b'<assembly name="/project/Acme.dll" test-framework="xUnit.net 2.9.2.0" run-date="2026-11-26" run-time="10:00:00">\n'
    for first in range(0, cases, _COLLECTION):
        yield _collection(first, min(_COLLECTION, cases - first)).encode()
    yield b"</assembly>\n</assemblies>\n"


def _collection(first: int, count: int) -> str:
    owner = f"Acme.Shop.Basket{first // _COLLECTION}Tests"
    plain = [_test(owner, f"Case{n}", n) for n in range(first, first + count - min(_ROUNDS, count))]
    rounds = [_test(owner, "Sums", n, f"(a: {n}, b: {n + 1})") for n in range(first + len(plain), first + count)]
    return "".join([f'<collection name="Test collection for {owner}" time="0.5">\n', *plain, *rounds, "</collection>\n"])


def _test(owner: str, method: str, number: int, arguments: str = "") -> str:
    passed = number % 10 != 0
    head = f'<test name="{owner}.{method}{arguments}" type="{owner}" method="{method}" time="0.0120000" result="{"Pass" if passed else "Fail"}">'
    traits = '<traits><trait name="Category" value="Smoke" /></traits>'
    failure = (
        f'<failure exception-type="Xunit.Sdk.EqualException"><message><![CDATA[Assert.Equal() Failure\nExpected: {number}]]></message>'
        f"<stack-trace><![CDATA[{_TRACE}]]></stack-trace></failure>"
    )
    return f"{head}{traits}{'' if passed else failure}</test>\n"
