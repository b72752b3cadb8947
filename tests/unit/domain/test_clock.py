# SPDX-License-Identifier: Apache-2.0
"""Instants: what is read is what is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.clock import Instant, earliest, format_instant, later, latest, parse_instant

NOON = 1_409_395_655_000
"""2014-08-30T10:47:35Z."""


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2014-08-30T11:47:35+01:00", Instant(NOON, 60)),
        ("2014-08-30T11:47:35+0100", Instant(NOON, 60)),
        ("2014-08-30T11:47:35.000+0100", Instant(NOON, 60)),
        ("2014-08-30T10:47:35Z", Instant(NOON)),
        ("  2014-08-30T10:47:35Z\n", Instant(NOON)),
        ("2014-08-30T10:47:35", Instant(NOON)),
        ("2014-08-30T05:17:35-05:30", Instant(NOON, -330)),
        ("2014-08-30T10:47:35.1234567Z", Instant(NOON + 123)),
        ("2014-08-30T10:47:35.9996Z", Instant(NOON + 1000)),
        ("1969-12-31T23:59:59.999Z", Instant(-1)),
    ],
)
def test_dates_are_read_as_clients_write_them(text: str, instant: Instant) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2014-13-01T00:00:00Z", "2014-02-30T00:00:00Z", "1409395655000", "2014-08-30T11:47:35+99:99",
        "2014-08-30T11:47:35+24:00", "10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2014-08-30T11:47:61Z", "9" * 100_000, "\0",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_instant(text) is None


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9996Z", "9999-12-31T23:59:59.9999+10:00"]
)
def test_an_instant_that_no_calendar_can_show_is_none(text: str) -> None:
    assert parse_instant(text) is None


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)),  # noqa: DTZ001  (the offset is drawn below)
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_what_is_written_is_read_as_the_same_instant(when: datetime, offset: int) -> None:
    zoned = when.replace(microsecond=when.microsecond // 1000 * 1000, tzinfo=timezone(timedelta(minutes=offset)))
    found = parse_instant(zoned.isoformat())
    assert found is not None
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=found.ms) == zoned
    assert parse_instant(format_instant(found.ms, found.offset)) == found


@given(
    st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([+-][0-9]{2}:?[0-9]{2})?", fullmatch=True)
)
def test_what_was_read_can_always_be_shown(text: str) -> None:
    found = parse_instant(text)
    if found is not None:
        assert parse_instant(format_instant(found.ms, found.offset)) == found
        assert parse_instant(format_instant(found.ms)) == Instant(found.ms)


def test_milliseconds_are_shown_only_where_there_are_any() -> None:
    assert format_instant(NOON, 60) == "2014-08-30T11:47:35+01:00"
    assert format_instant(NOON + 7, -330) == "2014-08-30T05:17:35.007-05:30"
    assert format_instant(253_402_300_799_999) == "9999-12-31T23:59:59.999+00:00"


def test_a_later_instant_has_the_same_offset_and_can_be_shown() -> None:
    assert later(Instant(NOON, 60), 1500.5) == Instant(NOON + 1501, 60)
    last = Instant(253_402_300_799_999)
    assert later(last, 1) == last
    assert format_instant(later(Instant(NOON, 840), 10**18).ms, 840).startswith("9999-12-31T")


def test_the_earliest_and_the_latest_of_instants_leave_out_the_missing_ones() -> None:
    early, late, same = Instant(5, 60), Instant(9), Instant(9, 60)
    assert (earliest([None, late, early]), latest([early, late, None])) == (early, late)
    assert (latest([late, same]), latest([same, late])) == (same, late)
    assert (earliest([None]), latest([])) == (None, None)
