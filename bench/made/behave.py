# SPDX-License-Identifier: Apache-2.0
"""A large report of Behave: features of 20 scenarios of five steps, one in ten of which fails with a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCENARIOS = 20
_TRACE = [f'  File "shop/basket.py", line {40 + i}, in line_{i}' for i in range(15)]


def report(cases: int) -> Iterator[bytes]:
    """The pieces of a report of so many scenarios."""
    yield b"["
    for feature in range(0, cases, _SCENARIOS):
        yield b"\n," * (feature > 0) + json.dumps(_feature(feature, min(cases, feature + _SCENARIOS))).encode()
    yield b"\n]"


def _feature(first: int, end: int) -> dict[str, Any]:
    return {
        "keyword": "Feature", "name": f"Feature {first}", "tags": ["shop"], "location": f"features/feature_{first}.feature:1",
        "status": "failed", "elements": [_scenario(i, f"features/feature_{first}.feature") for i in range(first, end)],
    }  # fmt: skip


def _scenario(number: int, file: str) -> dict[str, Any]:
    failed, line = not number % 10, 4 + 8 * (number % _SCENARIOS)
    words = ["passed"] * 3 + (["failed", ""] if failed else ["passed"] * 2)
    return {
        "type": "scenario", "keyword": "Scenario", "name": f"Scenario {number}", "tags": [f"TEST_DEMO-{number + 1}"],
        "location": f"{file}:{line}", "steps": [_step(number, f"{file}:{line + 1 + i}", word) for i, word in enumerate(words)],
        "status": "failed" if failed else "passed",
    }  # fmt: skip


def _step(number: int, location: str, status: str) -> dict[str, Any]:
    step: dict[str, Any] = {"keyword": "When", "step_type": "when", "name": f"I do {number} things", "location": location}
    if status:
        step["match"] = {"location": "features/steps/steps.py:12", "arguments": [{"name": "n", "original": str(number), "value": number}]}
        step["result"] = {"status": status, "duration": 0.001 + number % 977 / 1e6}
    if status == "failed":
        step["result"]["error_message"] = [f"Assertion Failed: it costs {number}, not {number + 1}", *_TRACE]
    return step
