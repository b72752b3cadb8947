# SPDX-License-Identifier: Apache-2.0
"""The rule of flakiness on histories that are written as they are spoken of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.flakiness import WINDOW, WINDOW_MS, Finding, Result, is_outage, judge, sentence

_DAY = 86_400_000
_HOUR = 3_600_000


def history(verdicts: str, revisions: str = "", **more: Any) -> list[Result]:
    """One letter a run, oldest first: P passed, F failed, R passed when it was run again; `revisions` names each run's."""
    return [
        Result(i + 1, i * _HOUR, v != "F", 1, revisions[i] if revisions else f"r{i}", retried=v == "R", **more) for i, v in enumerate(verdicts)
    ]  # fmt: skip


def pieces(finding: Finding | None) -> list[tuple[str, int, int | None]]:
    return [] if finding is None else [(p.kind, p.run, p.other) for p in finding.pieces]


def test_one_retry_that_passed_is_enough_and_names_its_run() -> None:
    assert pieces(judge(history("PPPRPP"))) == [("retry", 4, None)]


def test_a_failure_beside_a_pass_at_the_same_revision_names_both_runs() -> None:
    assert pieces(judge(history("PFPP", "abbc"))) == [("revision", 2, 3)]
    assert pieces(judge(history("PPFP", "abbc"))) == [("revision", 3, 2)]


@pytest.mark.parametrize("verdicts", ["FFFFFFFFFF", "F", "PPPPPFFF", "PPPFFFFFFF", "FFFFPPPP", "PPFFFPPP", "PFPPP", "PPPP", ""])
def test_what_always_fails_or_changed_by_one_step_is_not_flaky(verdicts: str) -> None:
    assert judge(history(verdicts)) is None


def test_an_unknown_revision_is_no_common_one() -> None:
    assert judge([Result(i, i, i != 2, 1, "") for i in range(1, 6)]) is None


def test_another_definition_at_the_same_revision_is_no_flip() -> None:
    assert judge([Result(1, 1, False, 1, "a"), Result(2, 2, True, 2, "a")]) is None


def test_a_failure_that_comes_and_goes_three_times_on_the_main_branch_is_flaky() -> None:
    assert pieces(judge(history("FPPFPPPFP"))) == [("return", 4, 1), ("return", 8, 4)]
    assert judge(history("FPPFPPPPP")) is None, "twice is a break that came back"
    assert judge(history("FPPFPPPFP", main=False)) is None, "branches differ in what they have"


def test_breaks_that_last_are_no_returns() -> None:
    assert judge(history("FFFPPFFFPPFFFP")) is None


def test_returns_with_another_definition_between_them_are_a_mended_test() -> None:
    parts = [("F", 1), ("P", 1), ("F", 2), ("P", 2), ("F", 3), ("P", 3)]
    assert judge([Result(i, i, v == "P", version, f"r{i}") for i, (v, version) in enumerate(parts, 1)]) is None


def test_a_flaky_test_that_now_fails_five_times_in_a_row_is_broken() -> None:
    assert judge(history("PRPRPFFFF")) is not None
    assert judge(history("PRPRPFFFFF")) is None


def test_what_an_outage_took_down_is_no_evidence() -> None:
    down = Result(2, 2, False, 1, "a", outage=True)
    assert judge([Result(1, 1, True, 1, "a"), down, Result(3, 3, True, 1, "a")]) is None
    assert judge([Result(1, 1, True, 1, "a", outage=True, retried=True)]) is None


def test_only_the_last_runs_count_and_none_that_is_older_than_thirty_days() -> None:
    assert judge(history("R" + "P" * WINDOW)) is None
    assert judge(history("R" + "P" * (WINDOW - 1))) is not None
    old = Result(1, 0, True, 1, retried=True)
    assert judge([old, Result(2, WINDOW_MS, True, 1)]) is not None
    assert judge([old, Result(2, WINDOW_MS + 1, True, 1)]) is None


def test_a_run_is_one_piece_by_the_strongest_that_it_shows() -> None:
    found = judge(history("FPFPFP", "aabbcc"))
    assert found is not None
    assert (found.count("revision"), found.count("return"), found.failures) == (3, 0, 3)


def test_the_trend_and_the_quiet_since_tell_whether_it_goes_on() -> None:
    worse, better, steady = judge(history("PPPPPRRR")), judge(history("RRRPPPPP")), judge(history("RPPPPPPR"))
    assert worse is not None
    assert better is not None
    assert steady is not None
    assert (worse.trend, better.trend, steady.trend) == (1, -1, 0)
    assert (worse.quiet, better.quiet) == (0, 5)


def test_more_evidence_scores_more_and_few_runs_do_not_lead() -> None:
    often, seldom, young = judge(history("RP" * 10)), judge(history("RPPPPPPPPP" * 2)), judge(history("R"))
    assert often is not None
    assert seldom is not None
    assert young is not None
    assert often.score > young.score > seldom.score


def test_sentences_say_what_was_seen_where() -> None:
    assert sentence(20, 4, 0, 0, ["iOS"]) == "flaky on iOS: in 4 of the last 20 runs a retry at the same revision passed"
    assert sentence(20, 1, 2, 0, []) == (
        "flaky: in 1 of the last 20 runs a retry at the same revision passed, and 2 failed while another run at the same revision passed"
    )
    assert sentence(9, 0, 1, 3, ["a", "b"]) == "flaky on a / b: 1 of the last 9 runs failed while another run at the same revision passed"
    assert sentence(9, 0, 0, 2, []) == "flaky: in the last 9 runs it failed, passed and failed again twice with its definition unchanged"
    assert "a retry in the same execution passed" in sentence(9, 1, 0, 0, [], revision=False)


def test_an_outage_is_a_third_of_an_execution_that_is_no_handful() -> None:
    assert [is_outage(*n) for n in ((3, 10), (2, 10), (9, 9), (0, 100), (30, 100))] == [True, False, False, False, True]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.integers(1, 2)), max_size=80))
def test_no_history_is_flaky_without_both_verdicts_and_every_piece_is_one_of_its_runs(runs: list[tuple[bool, str, int]]) -> None:
    results = [Result(i, i, passed, version, revision) for i, (passed, revision, version) in enumerate(runs)]
    found = judge(results)
    if found is not None:
        assert {r.passed for r in results[-WINDOW:]} == {True, False}
        seen = {r.run: r for r in results[-WINDOW:]}
        assert all(p.run in seen and p.other in seen for p in found.pieces)
        assert 0 < len(found.pieces) <= found.runs
