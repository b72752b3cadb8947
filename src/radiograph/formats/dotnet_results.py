# SPDX-License-Identifier: Apache-2.0
"""What the results of .NET's report formats have in common: times, files that aren't there, what was printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.clock import Instant, earliest, latest, parse_instant
from radiograph.domain.errors import shown
from radiograph.formats.reading import plain_file, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from radiograph.domain.report import ExecutionInfo, TestResult

_SPAN = re.compile(r"(?:(\d{1,6})\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)")
_DAY, _HOUR, _MINUTE = 86_400, 3600, 60
_NO_DATE = "0001-01-01"
"""How .NET writes a date that isn't set."""
_FIRST, _LAST = -62_135_510_400_000, 253_402_214_400_000
"""A day inside the years that a calendar can show, in UTC milliseconds."""
_FILES = 5
"""So many missing files are named."""


def span(text: str) -> float | None:
    """A duration in seconds: a TimeSpan (`00:00:01.2345678`, with days `1.02:03:04`) or a number; None for others."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return seconds(text)
    days, hours, minutes, rest = int(found[1] or 0), int(found[2]), int(found[3]), float(found[4])
    return days * _DAY + hours * _HOUR + minutes * _MINUTE + rest


def give_times(result: TestResult, start: str = "", finish: str = "", duration: str = "") -> None:
    """Give a result its times as they are written, with a warning for each that can't be read.

    A finish that is no more exact than a second gives way to the start plus the duration.
    """
    begin, end = (_instant(result, name, text) for name, text in (("start", start), ("end", finish)))
    took = span(duration) if duration.strip() else None
    if took is None and duration.strip():
        result.warnings = [*result.warnings, f"{result.place}: the duration {shown(duration)} can't be read and was left out"]
    if took is not None and begin and (end is None or "." not in finish):
        end = shifted(begin, took) or end
    elif took is not None and end and begin is None:
        begin = shifted(end, -took)
    result.start, result.finish = begin, end
    result.elapsed = took if begin is None and end is None else None


def shifted(instant: Instant, by: float) -> Instant | None:
    """So many seconds later; None outside the years of the calendar."""
    ms = instant.ms + round(by * 1000)
    return Instant(ms, instant.offset) if _FIRST <= ms <= _LAST else None


def instant_of(text: str) -> Instant | None:
    """A date and time; None where none is set or it can't be read."""
    return None if not text.strip() or text.startswith(_NO_DATE) else parse_instant(text)


def give_bounds(info: ExecutionInfo, results: Iterable[TestResult]) -> None:
    """Where the report doesn't say when it began and ended, the earliest and the latest time of its results."""
    times = [t for r in results for t in (r.start, r.finish)]
    info.begin = info.begin or earliest(times)
    info.end = info.end or latest(times)


def missing_files(paths: Iterable[str]) -> str:
    """Words about files that a report names but doesn't hold; "" for none."""
    names = [path.strip() for path in paths if path.strip()]
    if not names:
        return ""
    more = f" and {len(names) - _FILES} more" if len(names) > _FILES else ""
    return f"the report names files that it doesn't hold, which were left out: {', '.join(map(shown, names[:_FILES]))}{more}"


def add_output(result: TestResult, text: str, name: str = "system-out.txt") -> None:
    """Make evidence of what a test printed."""
    if text.strip():
        result.evidence = [*result.evidence, plain_file(name, "text/plain", text.encode("utf-8", "replace"), result.place)]


def _instant(result: TestResult, name: str, text: str) -> Instant | None:
    found = instant_of(text)
    if found is None and text.strip() and not text.startswith(_NO_DATE):
        result.warnings = [*result.warnings, f"{result.place}: the {name} time {shown(text)} can't be read and was left out"]
    return found
