# SPDX-License-Identifier: Apache-2.0
"""What a test looks for in a Report; where it isn't there, the test fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.clock import parse_instant

if TYPE_CHECKING:
    from radiograph.domain.clock import Instant
    from radiograph.domain.report import Report, TestInfo, TestResult


def one(report: Report) -> TestResult:
    """The only result."""
    assert len(report.results) == 1
    return report.results[0]


def info(result: TestResult) -> TestInfo:
    """What it says of its Test."""
    assert result.info is not None
    return result.info


def at(text: str) -> Instant:
    """The instant that a text is."""
    found = parse_instant(text)
    assert found is not None
    return found
