# SPDX-License-Identifier: Apache-2.0
"""The bars of executions say the same in words as in pictures."""

from __future__ import annotations

import re

import pytest

from radiograph.domain.statuses import RUN_STATUSES, StatusTable
from radiograph.web.pages.spark import share, spark

TABLE = StatusTable(RUN_STATUSES)
PASS, TODO, FAIL = TABLE["PASS"].id, TABLE["TODO"].id, TABLE["FAIL"].id


@pytest.mark.parametrize(
    ("passed", "total", "said"), [(0, 0, "0 %"), (0, 9, "0 %"), (9, 9, "100 %"), (99_999, 100_000, "99 %"), (1, 100_000, "1 %")]
)
def test_a_share_is_whole_only_when_all_passed(passed: int, total: int, said: str) -> None:
    assert share(passed, total) == said


def test_each_execution_is_a_bar_up_and_where_it_failed_one_down_at_the_right_end() -> None:
    found = spark([{PASS: 10}, {PASS: 9, FAIL: 1}, {TODO: 5}], TABLE, 4)
    assert re.findall(r"M(\d+) ", found.passed) == ["7", "14"]
    assert re.findall(r"M(\d+) ", found.failed) == ["14"]
    assert (found.words, found.rate, found.failures, found.total) == ("passed in the last 3, oldest first: 100 %, 90 %, 0 %", "0 %", 0, 5)


def test_a_bar_never_leaves_its_picture_and_one_failure_is_seen() -> None:
    for counts in ({FAIL: 7}, {PASS: 99_999, FAIL: 1}, {PASS: 1}):
        found = spark([counts], TABLE, 1)
        for path in (found.passed, found.failed):
            for start, height in re.findall(r"M0 ([\d.]+)h5v(-?[\d.]+)", path):
                assert 0 <= float(start) + float(height) <= 24
                assert abs(float(height)) >= 1.5


def test_nothing_is_said_to_be_nothing() -> None:
    assert spark([], TABLE, 20).words == "no results"
