# SPDX-License-Identifier: Apache-2.0
"""Dates of a query: absolute, relative to now, and those that functions give. All are UTC; weeks begin on Monday."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from radiograph.domain.clock import parse_instant

_ABSOLUTE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?")
_RELATIVE = re.compile(r"[+-]?(?:\s*\d{1,5}\s*[yMwdhm])+")
_PART = re.compile(r"(\d{1,5})\s*([yMwdhm])")
_BARE = re.compile(r"[+-]?\d{1,5}")
_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_MONTHS = {"y": 12, "M": 1}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY, _MINUTE = 86_400_000, 60_000
_SPANS = {"day": "d", "week": "w", "month": "M", "year": "y"}


def read_date(text: str, now: int) -> tuple[int, int] | None:
    """A date of a query as UTC milliseconds, and for how many it stands: a day, a minute, an instant; None when it is none.

    `2026-11-23`, `2026/11/23 10:00`, ISO 8601, or relative to `now`: `-7d`, `-1w 2d` (y, M, w, d, h, m).
    """
    text = text.strip()
    found = _ABSOLUTE.fullmatch(text)
    if found:
        try:
            at = datetime(*(int(g or 0) for g in found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        except ValueError:
            return None
        return _ms(at), _DAY if found[4] is None else _MINUTE
    moved = _moved(_from_ms(now), text)
    if moved is not None:
        return _ms(moved), 1
    instant = parse_instant(text) if "T" in text else None
    return (instant.ms, 1) if instant else None


def function_date(name: str, increment: str, now: int) -> int | None:
    """The instant that `now`, `startOfDay`, `endOfWeek`, … give; `increment` is `-1` (of the span) or `+2w`; None when it is no increment."""
    at = _from_ms(now)
    if name == "now":
        return now
    edge, _, span = name.lower().partition("of")
    given = increment.strip()
    if _BARE.fullmatch(given):
        given += _SPANS[span]
    start = _start(at, span)
    moved = _moved(start, given) if given else start
    if moved is None:
        return None
    if edge == "start":
        return _ms(moved)
    after = _moved(_start(moved, span) if span in {"month", "year"} else moved, f"+1{_SPANS[span]}")
    return None if after is None else _ms(after) - 1


def _start(at: datetime, span: str) -> datetime:
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if span == "week":
        return day - timedelta(days=min(day.weekday(), (day - datetime.min.replace(tzinfo=UTC)).days))
    if span == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if span == "year" else day


def _moved(at: datetime, text: str) -> datetime | None:
    if not _RELATIVE.fullmatch(text):
        return None
    sign = -1 if text.startswith("-") else 1
    try:
        for amount, unit in _PART.findall(text):
            at = _by_months(at, sign * int(amount) * _MONTHS[unit]) if unit in _MONTHS else at + sign * int(amount) * _UNITS[unit]
    except (OverflowError, ValueError):
        return None
    return at


def _by_months(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _from_ms(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)
