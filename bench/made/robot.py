# SPDX-License-Identifier: Apache-2.0
"""A large `output.xml` as Robot Framework 7 writes it: suites of 100 tests, five keywords each, every tenth fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUITE = 100
_WORDS = ("Basket", "Checkout", "Payment", "Session", "Invoice", "Search", "Profile", "Delivery", "Refund", "Voucher")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<robot generator="Robot 7.5 (Python 3.13.0 on linux)" generated="2026-11-01T00:00:00.000000" rpa="false" schemaversion="5">\n'


def report(cases: int) -> Iterator[bytes]:
    """The report, a suite at a time."""
    yield f'{_HEAD}<suite id="s1" name="Shop" source="/project/shop">\n'.encode()
    for first in range(0, cases, _SUITE):
        number = first // _SUITE + 1
        name = f"{_WORDS[number % 10]} {number}"
        tests = "".join(_test(number, n) for n in range(first, min(cases, first + _SUITE)))
        yield f'<suite id="s1-s{number}" name="{name}" source="/project/shop/{number}.robot">\n{tests}{_status("PASS", first)}</suite>\n'.encode()
    yield f'{_status("FAIL", 0)}</suite>\n<statistics><total><stat pass="0" fail="0" skip="0">All Tests</stat></total></statistics>\n<errors>\n</errors>\n</robot>\n'.encode()


def _test(suite: int, number: int) -> str:
    fails = number % 10 == 0
    message = f"Element 'css:#total-{number}' should be visible but was not after 5 seconds"
    body = [
        _keyword("Open Shop", number, kind=' type="SETUP"'),
        _keyword("Log In", number, "ada", "secret"),
        _keyword("Add To Basket", number, f"article-{number % 500}"),
        _keyword("Total Should Be", number, f"{number % 90}.50", fails=message if fails else ""),
        _keyword("Close Shop", number, kind=' type="TEARDOWN"'),
    ]
    status = _status("FAIL", number, message) if fails else _status("PASS", number)
    name = f"{_WORDS[number // 10 % 10]} Case {number}"
    return f'<test id="s1-s{suite}-t{number}" name="{name}" line="{number % 900}">\n{"".join(body)}<tag>smoke</tag>\n<tag>REQ_DEMO-{number % 50 + 1}</tag>\n{status}</test>\n'


def _keyword(name: str, number: int, *arguments: str, kind: str = "", fails: str = "") -> str:
    level, text = ("FAIL", fails) if fails else ("INFO", f"Clicking element 'id:button-{number}'.")
    inner = f'<kw name="Click Element" owner="SeleniumLibrary">\n<msg time="{_time(number)}" level="{level}">{text}</msg>\n<arg>id:button</arg>\n{_status(level if fails else "PASS", number, fails)}</kw>\n'
    given = "".join(f"<arg>{a}</arg>\n" for a in arguments)
    return f'<kw name="{name}"{kind}>\n{inner}{given}{_status("FAIL" if fails else "PASS", number, fails)}</kw>\n'


def _status(word: str, number: int, message: str = "") -> str:
    return f'<status status="{word}" start="{_time(number)}" elapsed="0.{number % 1000:06d}">{message}</status>\n'


def _time(number: int) -> str:
    return f"2026-11-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000000"
