# SPDX-License-Identifier: Apache-2.0
"""How pages say times, durations, sizes and numbers."""

from __future__ import annotations

from datetime import UTC, datetime

from radiograph.domain.clock import now_ms

_DAY, _HOUR, _MINUTE = 86_400_000, 3_600_000, 60_000
_UNITS = (("d", _DAY), ("h", _HOUR), ("min", _MINUTE))
_MONTH_DAYS = 31
_TENTH, _SHORT_S, _LONG_MIN = 100, 120, 120
_KB, _MB, _GB = 1_000, 1_000_000, 1_000_000_000


def ago(ms: int) -> str:
    """`3 h ago`; a date once it is over a month, or in the future."""
    age = now_ms() - ms
    if not -_MINUTE <= age <= _MONTH_DAYS * _DAY:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d")
    return f"{span(age)} ago" if age >= _MINUTE else "just now"


def span(ms: int) -> str:
    """The largest unit of a span: `3 d`, `5 h`, `2 min`; `0 min` for less than a minute."""
    for name, size in _UNITS:
        if ms >= size:
            return f"{ms // size} {name}"
    return "0 min"


def days(ms: int) -> str:
    """A span for a sentence: `3 days`, `1 day`, `5 hours`, `20 minutes`."""
    for name, size in (("day", _DAY), ("hour", _HOUR)):
        if ms >= size:
            return amount(ms // size, name)
    return amount(max(0, ms) // _MINUTE, "minute")


def exact(ms: int) -> str:
    """`2026-11-23 10:00:00 UTC`."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def duration(start: int | None, finish: int | None) -> str:
    """`4 ms`, `1.5 s`, `12 min` or `3.5 h`; empty when one end is unknown."""
    if start is None or finish is None or finish < start:
        return ""
    span_ms = finish - start
    return f"{span_ms} ms" if span_ms < _TENTH else _long(span_ms / 1000)


def took(span_ms: int | None) -> str:
    """As `duration`, of milliseconds; empty for None."""
    return "" if span_ms is None else duration(0, span_ms)


def seconds(value: float) -> str:
    """`97 ms`, `1.5 s`, `12 min` or `3.5 h`."""
    return f"{value * 1000:.0f} ms" if value < 1 else _long(value)


def _long(value: float) -> str:
    if value < _SHORT_S:
        return f"{value:.1f} s"
    minutes = value / 60
    return f"{minutes:.0f} min" if minutes < _LONG_MIN else f"{minutes / 60:.1f} h"


def size(count: int) -> str:
    """Bytes as `840 B`, `12.3 kB`, `4.0 MB`."""
    for name, unit in (("GB", _GB), ("MB", _MB), ("kB", _KB)):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} B"


def amount(count: int, thing: str) -> str:
    """`1 run`, `1,234 runs`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def cut(text: str, length: int) -> str:
    """At most so many characters of a text, an ellipsis where it was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def first_line(text: str) -> str:
    """The first line that says something, at most 300 characters."""
    return cut(text.lstrip().partition("\n")[0].strip(), 300)
