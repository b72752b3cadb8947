# SPDX-License-Identifier: Apache-2.0
"""Realistic reports from a seed: 90 % pass, failing results have 2 KB of trace."""

from __future__ import annotations

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PASSING = 0.9
_TRACE = 2048
_WORDS = ("basket", "checkout", "payment", "session", "invoice", "search", "profile", "delivery", "refund", "voucher")


def definition(number: int) -> str:
    """The definition of the Generic Test of that number."""
    return f"com.example.{_WORDS[number % 10]}.{_WORDS[number // 10 % 10].title()}Test.case{number:06d}"


def test_info(number: int, project: str) -> dict[str, Any]:
    """What a runner says of its Test."""
    text = definition(number)
    return {"projectKey": project, "summary": text.rpartition(".")[2], "testType": "Generic", "definition": text}


def trace(rng: random.Random) -> str:
    """A stack trace of 2 KB, unlike the others."""
    lines = [f"AssertionError: expected {rng.randrange(500)}, got {rng.randrange(500)}"]
    while sum(map(len, lines)) < _TRACE:
        word = rng.choice(_WORDS)
        lines.append(f'  File "/app/{word}/{rng.choice(_WORDS)}.py", line {rng.randrange(900)}, in {word}_{rng.choice(_WORDS)}')
    return "\n".join(lines)[:_TRACE]


def result(rng: random.Random, when: datetime, steps: int) -> dict[str, Any]:
    """One result without its Test."""
    passed = rng.random() < _PASSING
    found: dict[str, Any] = {
        "start": when.isoformat(),
        "finish": (when + timedelta(milliseconds=rng.randrange(20, 20_000))).isoformat(),
        "comment": "" if passed and rng.random() < 0.5 else "ok" if passed else trace(rng),  # noqa: PLR2004
        "status": "PASS" if passed else "FAIL",
    }
    if steps:
        last = "PASS" if passed else "FAIL"
        names = ["PASS"] * (steps - 1) + [last]
        found["steps"] = [{"status": s, "comment": "", "actualResult": f"shown in {rng.randrange(900)} ms"} for s in names]
    return found


def report(project: str, tests: Sequence[str] | int, *, seed: int, steps: int = 0) -> bytes:
    """A report on these keys, or on so many Tests named by their definition."""
    rng = random.Random(seed)
    when = datetime(2026, 11, 1, tzinfo=UTC)
    names: list[dict[str, Any]]
    names = [{"testInfo": test_info(i, project)} for i in range(tests)] if isinstance(tests, int) else [{"testKey": key} for key in tests]
    body = {"info": {"project": project, "summary": "Benchmark"}, "tests": [n | result(rng, when, steps) for n in names]}
    return json.dumps(body).encode()


def write_evidence(path: Path, keys: Sequence[str], total: int, size: int, *, seed: int) -> int:
    """Write a report whose evidence is `total` bytes in files of `size`; returns how many files there are."""
    rng = random.Random(seed)
    count = total // size
    each = -(-count // len(keys))
    with path.open("wb") as file:
        file.write(b'{"info":{"project":"BENCH"},"tests":[')
        for place, key in enumerate(keys):
            file.write(b"," if place else b"")
            _one(file, key, range(place * each, min(count, (place + 1) * each)), size, rng)
        file.write(b"]}")
    return count


def _one(file: IO[bytes], key: str, numbers: range, size: int, rng: random.Random) -> None:
    file.write(json.dumps({"testKey": key, "status": "PASS"}).encode()[:-1] + b',"evidence":[')
    for i, number in enumerate(numbers):
        file.write(b"," if i else b"")
        file.write(b'{"filename":"shot%d.bin","contentType":"application/octet-stream","data":"' % number)
        file.write(base64.b64encode(rng.randbytes(size)))
        file.write(b'"}')
    file.write(b"]}")
