# SPDX-License-Identifier: Apache-2.0
"""A large CTRF report as end-to-end runners write it: every tenth test fails with a trace, some were tried again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 1000
_WORDS = ("basket", "checkout", "payment", "session", "invoice", "search", "profile", "delivery", "refund", "voucher")
_BEGIN = 1_793_491_200_000
_TRACE = "".join(f"\n    at {w} (/project/src/{w}/index.ts:{10 * i + 7}:{i + 3})" for i, w in enumerate(_WORDS))
_FLAKY = 50


def report(cases: int) -> Iterator[bytes]:
    """The report, a thousand tests at a time."""
    summary = {
        "tests": cases,
        "passed": 0,
        "failed": 0,
        "skipped": 0,
        "pending": 0,
        "other": 0,
        "start": _BEGIN,
        "stop": _BEGIN + 3_600_000,
    }
    head = {"reportFormat": "CTRF", "specVersion": "1.0.0", "results": {"tool": {"name": "playwright"}, "summary": summary}}
    yield json.dumps(head).encode()[:-2] + b', "tests": ['
    for first in range(0, cases, _PIECE):
        tests = (json.dumps(_test(n)) for n in range(first, min(cases, first + _PIECE)))
        yield (b", " if first else b"") + ", ".join(tests).encode()
    yield b"]}}"


def _test(number: int) -> dict[str, Any]:
    fails = number % 10 == 0
    word = _WORDS[number // 10 % 10]
    start = _BEGIN + number * 17
    test: dict[str, Any] = {
        "name": f"{word} case {number}", "status": "failed" if fails else "passed", "duration": number % 5000, "start": start,
        "stop": start + number % 5000, "suite": ["chromium", f"{word}.spec.ts", word.title()], "filePath": f"tests/{word}.spec.ts",
        "retries": 0, "flaky": False, "tags": ["smoke"], "type": "e2e", "rawStatus": "failed" if fails else "passed", "browser": "chromium",
    }  # fmt: skip
    if fails:
        message = f"expect(received).toBe(expected) // Object.is equality\n\nExpected: {number + 1}\nReceived: {number}"
        test |= {"message": message, "trace": f"Error: {message}{_TRACE}"}
    elif number % _FLAKY == 1:
        test |= {"flaky": True, "retries": 1, "retryAttempts": [{"attempt": 1, "status": "failed", "duration": 31, "message": "Timed out"}]}
    return test
