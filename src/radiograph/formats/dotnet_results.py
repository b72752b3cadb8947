# SPDX-License-Identifier: Apache-2.0
"""What .NET's report formats have in common: how they are gone through, times, files that aren't there, what was printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from radiograph.domain.clock import Instant, earliest, latest, parse_instant
from radiograph.domain.errors import shown
from radiograph.formats.reading import missing_files, plain_file, seconds
from radiograph.formats.xml_events import XmlReport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from radiograph.domain.report import ExecutionInfo, Report, TestResult
    from radiograph.formats.reading import Source
    from radiograph.formats.xml_events import Element, Kind

_SPAN = re.compile(r"(?:(\d{1,6})\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)")
_DAY, _HOUR, _MINUTE = 86_400, 3600, 60
_NO_DATE = "0001-01-01"
"""How .NET writes a date that isn't set."""
_FIRST, _LAST = -62_135_510_400_000, 253_402_214_400_000
"""A day inside the years that a calendar can show, in UTC milliseconds."""


class Reading(Protocol):
    """What takes the events of a report, and makes the report of them."""

    def take(self, kind: Kind, element: Element) -> None:
        """Take an event."""

    def report(self) -> Report:
        """What was read."""


def read_events(source: Source, reading: Reading, whole: Iterable[str], skip: Iterable[str] = ()) -> Report:
    """Give a report's events to what reads them; `whole` and `skip` are as `XmlReport.events` has them. Raises UnreadableReport."""
    xml = XmlReport(source.data)
    for kind, element in xml.events(whole, skip):
        reading.take(kind, element)
    report = reading.report()
    report.notes += xml.notes
    return report


class Clock:
    """When tests ran of which a report tells no more than how long each took: one after the other. `at` is None while that isn't known."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.at: Instant | None = None

    def run(self, result: TestResult) -> None:
        """Give a result its time, unless the report tells it or the test didn't run."""
        took = result.elapsed
        if self.at is None or took is None or (took == 0 and result.status == "TODO"):
            return
        result.start = self.at
        result.finish = self.at = shifted(self.at, took) or self.at
        result.elapsed = None


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


def files_left_out(paths: Iterable[str]) -> str:
    """Words about files that a report names but doesn't hold; "" for none."""
    return missing_files([path.strip() for path in paths if path.strip()])


def add_output(result: TestResult, text: str, name: str = "system-out.txt") -> None:
    """Make evidence of what a test printed."""
    if text.strip():
        result.evidence = [*result.evidence, plain_file(name, "text/plain", text.encode("utf-8", "replace"), result.place)]


def _instant(result: TestResult, name: str, text: str) -> Instant | None:
    found = instant_of(text)
    if found is None and text.strip() and not text.startswith(_NO_DATE):
        result.warnings = [*result.warnings, f"{result.place}: the {name} time {shown(text)} can't be read and was left out"]
    return found
