# SPDX-License-Identifier: Apache-2.0
"""How pages say times, durations, sizes."""

from __future__ import annotations

import pytest

from radiograph.domain.clock import now_ms
from radiograph.domain.statuses import RUN_STATUSES, Status, StatusTable
from radiograph.web.pages import words
from radiograph.web.pages.render import web_address
from radiograph.web.pages.statuses import mark, parts

DAY = 86_400_000


@pytest.mark.parametrize(
    ("age_ms", "said"),
    [(0, "just now"), (59_000, "just now"), (61_000, "1 min ago"), (7_300_000, "2 h ago"), (3 * DAY + 5, "3 d ago")],
)
def test_an_age_is_told_in_its_largest_unit(age_ms: int, said: str) -> None:
    assert words.ago(now_ms() - age_ms) == said


def test_what_is_over_a_month_old_or_to_come_has_a_date() -> None:
    assert words.ago(1_400_000_000_000) == "2014-05-13"
    assert words.ago(now_ms() + 400 * DAY).count("-") == 2


@pytest.mark.parametrize(
    ("ms", "said"),
    [(0, "0 ms"), (99, "99 ms"), (100, "0.1 s"), (1_500, "1.5 s"), (119_900, "119.9 s"), (720_000, "12 min"), (12_600_000, "3.5 h")],
)
def test_a_duration_reads_well_at_every_length(ms: int, said: str) -> None:
    assert words.duration(10, 10 + ms) == said


def test_a_duration_without_both_ends_in_order_is_not_told() -> None:
    assert [words.duration(*ends) for ends in ((None, 5), (5, None), (5, 4))] == ["", "", ""]


def test_spans_sizes_and_amounts_agree_with_their_numbers() -> None:
    assert [words.days(n) for n in (DAY, 3 * DAY, 3_600_000, 61_000)] == ["1 day", "3 days", "1 hour", "1 minute"]
    assert [words.size(n) for n in (0, 999, 12_345, 4_000_000, 2_500_000_000)] == ["0 B", "999 B", "12.3 kB", "4.0 MB", "2.5 GB"]
    assert [words.amount(n, "run") for n in (0, 1, 1234)] == ["0 runs", "1 run", "1,234 runs"]


def test_a_comments_first_line_is_the_first_that_says_something() -> None:
    assert words.first_line("\n  \n  boom \nat x") == "boom"
    assert len(words.first_line("x" * 10_000)) == 300


def test_only_addresses_of_the_web_become_links() -> None:
    assert web_address("https://ci.example/7") == "https://ci.example/7"
    assert [web_address(a) for a in ("javascript:x", "data:text/html,x", " https://x", "//x", "ftp://x", "")] == [""] * 6


def test_the_parts_of_a_bar_fill_it_and_none_is_too_thin_to_be_seen() -> None:
    shown = parts({0: 100_000, 3: 1, 1: 0}, StatusTable(RUN_STATUSES))
    assert [p.mark.name for p in shown] == ["FAIL", "PASS"]
    assert shown[0].width > 5
    assert sum(p.width for p in shown) == pytest.approx(1000, abs=0.1)
    assert parts({}, StatusTable(RUN_STATUSES)) == []


def test_an_own_status_keeps_its_colour_only_when_it_is_one() -> None:
    own = [Status(9, "BLOCKED", "", colour, final=True, requirement="NOK") for colour in ("#FF8800", "red", "#fff", 'x" y="')]
    assert [mark(s).colour for s in own] == ["#FF8800", "", "", ""]
    assert {mark(s).shape for s in own} == {"own"}
    assert [mark(s).shape for s in RUN_STATUSES] == ["pass", "todo", "executing", "fail", "aborted"]
