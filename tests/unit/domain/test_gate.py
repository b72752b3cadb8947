# SPDX-License-Identifier: Apache-2.0
"""The verdict of a gate, and its reason in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.gate import Names, Rules, Tally, decide
from radiograph.domain.judging import Why

NAMES = Names("E-2", "E-1", "E-1")
ALONE = Names("E-2", "", "")


def tally(passed: int = 8, *, executing: int = 0, todo: int = 0, **failed: int) -> Tally:
    by_why = {Why[name.upper()]: count for name, count in failed.items()}
    finished = passed + sum(by_why.values())
    return Tally(finished + executing + todo, passed, finished, by_why, executing, todo)


@pytest.mark.parametrize(
    ("numbers", "rules", "names", "verdict", "words"),
    [
        (tally(), Rules(), NAMES, "pass", "E-2 may pass: all 8 passed."),
        (tally(todo=2), Rules(), NAMES, "pass", "E-2 may pass: 8 of 10 passed, none failed."),
        (tally(new=1), Rules(), NAMES, "fail", "E-2 is stopped: 1 new failure since E-1."),
        (tally(new=2), Rules(allow_new=1), NAMES, "fail", "E-2 is stopped: 2 new failures (1 allowed) since E-1."),
        (tally(new=2), Rules(allow_new=2), NAMES, "pass", "E-2 may pass: 2 new failures, 2 allowed since E-1; 8 of 10 passed."),
        (tally(new=1), Rules(), ALONE, "fail", "E-2 is stopped: 1 new failure, and there is nothing earlier to compare with."),
        (
            tally(baseline=1, defect=2, flaky=3), Rules(), NAMES, "pass",
            "E-2 may pass: no new failures since E-1; 8 of 14 passed. Not counted: 1 failing in E-1 too, 2 known by a defect, 3 flaky.",
        ),
        (
            tally(baseline=2), Rules(min_pass_rate=90), NAMES, "fail",
            "E-2 is stopped: 80 % of 10 finished runs passed, 90 % are asked for. Not counted: 2 failing in E-1 too.",
        ),
        (tally(0), Rules(), NAMES, "unknown", "E-2 has no results yet."),
        (tally(0, executing=3), Rules(), NAMES, "unknown", "E-2 has no result that is finished yet."),
        (
            tally(new=1, executing=1, todo=2), Rules(require_finished=True), NAMES, "unknown",
            "E-2 is not finished: of 12 runs 1 executing and 2 not begun.",
        ),
    ],
)  # fmt: skip
def test_a_verdict_is_told_with_its_reason(numbers: Tally, rules: Rules, names: Names, verdict: str, words: str) -> None:
    assert decide(numbers, rules, names) == (verdict, words)


def test_a_rate_just_below_what_is_asked_for_is_never_rounded_up_to_it() -> None:
    numbers = tally(99_999, baseline=1)
    assert numbers.rate == 99.99
    assert decide(numbers, Rules(min_pass_rate=100), NAMES)[0] == "fail"


@given(st.integers(1, 50), st.dictionaries(st.sampled_from(list(Why)), st.integers(0, 20)), st.integers(0, 20))
def test_only_new_failures_stop_a_pipeline(passed: int, failed: dict[Why, int], allowed: int) -> None:
    finished = passed + sum(failed.values())
    verdict, _ = decide(Tally(finished, passed, finished, failed, 0, 0), Rules(allow_new=allowed), NAMES)
    assert verdict == ("fail" if failed.get(Why.NEW, 0) > allowed else "pass")
