# SPDX-License-Identifier: Apache-2.0
"""A large TRX report as `dotnet test` writes it, results before definitions: a tenth of the tests are rounds, a tenth fails with a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLASS, _ROUNDS = 50, 5
_PIECE = 500
_TRACE = "".join(f"   at Acme.Shop.Basket.Step{n}(Int32 value) in /project/Basket.cs:line {n}\n" for n in range(20))
_LIST = 'testListId="8c84fa94-04c1-424b-9868-57a2d4851a1d"'
_TIMES = 'duration="00:00:00.0120000" startTime="2026-11-26T10:00:01.0000000+01:00" endTime="2026-11-26T10:00:01.0120000+01:00"'


def report(cases: int) -> Iterator[bytes]:
    """The report in pieces of 500 elements."""
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<TestRun id="1" name="ci@ci 2026-11-26 10:00:02" runUser="ci" '
    yield b'xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">\n'
    yield b'<Times start="2026-11-26T10:00:00.5000000+01:00" finish="2026-11-26T10:30:00.0000000+01:00" />\n<Results>\n'
    for first in range(0, cases, _PIECE):
        yield "".join(_result(n) for n in range(first, min(first + _PIECE, cases))).encode()
    yield b"</Results>\n<TestDefinitions>\n"
    for first in range(0, cases, _PIECE):
        yield "".join(_definition(n) for n in range(first, min(first + _PIECE, cases))).encode()
    yield b"</TestDefinitions>\n</TestRun>\n"


def _id(kind: str, number: int) -> str:
    return f"{number:08d}-0000-0000-0000-0000000000{kind}"


def _names(number: int) -> tuple[str, str, str]:
    owner = f"Acme.Shop.Basket{number // _CLASS}Tests"
    is_round = number % _CLASS >= _CLASS - _ROUNDS
    method = "Sums" if is_round else f"Case{number}"
    return owner, method, f"{owner}.{method}(a: {number}, b: {number + 1})" if is_round else f"{owner}.{method}"


def _result(number: int) -> str:
    passed = number % 10 != 0
    head = (
        f'<UnitTestResult executionId="{_id("e1", number)}" testId="{_id("a1", number)}" testName="{_names(number)[2]}" computerName="ci" '
        f'{_TIMES} testType="13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b" outcome="{"Passed" if passed else "Failed"}" {_LIST}'
    )
    message = f"Assert.AreEqual failed. Expected:&lt;{number}&gt;."
    failure = f"<Output><ErrorInfo><Message>{message}</Message><StackTrace>{_TRACE}</StackTrace></ErrorInfo></Output>"
    return f"{head} />\n" if passed else f"{head}>{failure}</UnitTestResult>\n"


def _definition(number: int) -> str:
    owner, method, name = _names(number)
    return (
        f'<UnitTest name="{name}" storage="/project/acme.dll" id="{_id("a1", number)}"><TestCategory><TestCategoryItem TestCategory="Smoke" />'
        f'</TestCategory><Execution id="{_id("e1", number)}" /><TestMethod codeBase="/project/Acme.dll" '
        f'adapterTypeName="executor://xunit/VsTestRunner2" className="{owner}" name="{method}" /></UnitTest>\n'
    )
