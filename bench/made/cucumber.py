# SPDX-License-Identifier: Apache-2.0
"""A large Cucumber JSON report: features of 20 scenarios of five steps, one in ten of which fails with a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCENARIOS = 20
_TRACE = "".join(f"\tat com.acme.shop.Basket.line{i}(Basket.java:{40 + i})\n" for i in range(15))


def report(cases: int) -> Iterator[bytes]:
    """The pieces of a report of so many scenarios."""
    yield b"["
    for feature in range(0, cases, _SCENARIOS):
        yield b"," * (feature > 0) + json.dumps(_feature(feature, min(cases, feature + _SCENARIOS))).encode()
    yield b"]"


def _feature(first: int, end: int) -> dict[str, Any]:
    return {
        "line": 1, "elements": [_scenario(i) for i in range(first, end)], "name": f"Feature {first}", "description": "",
        "id": f"feature-{first}", "keyword": "Feature", "uri": f"classpath:shop/feature_{first}.feature",
        "tags": [{"name": "@shop", "type": "Tag", "location": {"line": 1, "column": 1}}],
    }  # fmt: skip


def _scenario(number: int) -> dict[str, Any]:
    failed = not number % 10
    steps = [_step(number, i, "passed") for i in range(3)]
    steps += [_step(number, 3, "failed" if failed else "passed"), _step(number, 4, "skipped" if failed else "passed")]
    return {
        "start_timestamp": f"2026-11-20T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
        "before": [{"result": {"duration": 120_000, "status": "passed"}, "match": {"location": "shop.Steps.open()"}}],
        "line": 4 + 8 * (number % _SCENARIOS), "name": f"Scenario {number}", "description": "",
        "id": f"feature;scenario-{number}", "type": "scenario", "keyword": "Scenario", "steps": steps,
        "tags": [{"name": "@shop"}, {"name": f"@TEST_DEMO-{number + 1}"}],
    }  # fmt: skip


def _step(number: int, at: int, status: str) -> dict[str, Any]:
    result: dict[str, Any] = {"status": status} | ({} if status == "skipped" else {"duration": 1_000_000 + number % 977})
    if status == "failed":
        result["error_message"] = f"java.lang.AssertionError: it costs {number}, not {number + 1}\n{_TRACE}"
    return {
        "result": result, "line": 5 + 8 * (number % _SCENARIOS) + at, "name": f"I do {number} things at {at}",
        "match": {"arguments": [{"val": str(number), "offset": 5}], "location": f"shop.Steps.do{at}(int)"},
        "keyword": "When " if at else "Given ",
    }  # fmt: skip
