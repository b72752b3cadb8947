# SPDX-License-Identifier: Apache-2.0
"""Instants: UTC milliseconds with the offset, in minutes, that they were written with."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Instant(Struct, frozen=True, gc=False):
    """`ms` is milliseconds since 1970 UTC, `offset` the minutes east of UTC it was written with."""

    ms: int
    offset: int = 0


def now_ms() -> int:
    """Now, in UTC milliseconds."""
    return time.time_ns() // 1_000_000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE = timedelta()


def _ms(when: datetime) -> int:
    since = when - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + (since.microseconds + 500) // 1000


_FIRST, _LAST = _ms(datetime.min.replace(tzinfo=UTC)), _ms(datetime.max.replace(tzinfo=UTC)) - 1
"""The instants that a calendar can show, in UTC milliseconds: of the years 1 to 9999."""


def parse_instant(text: str) -> Instant | None:
    """Read an ISO 8601 date and time (`Z`, `+01:00`, `+0100`, fractions); None when it isn't one.

    Without an offset it is UTC. One outside the years 1 to 9999, there or in UTC, is none either: nothing could
    show it. Sources: the formats that clients send (Xray docs and reporters).
    """
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    offset = 0 if when.tzinfo is UTC else int((when.utcoffset() or _NONE).total_seconds() // 60)
    ms = _ms(when)
    shown = ms + offset * 60_000
    return Instant(ms, offset) if _FIRST <= ms <= _LAST and _FIRST <= shown <= _LAST else None


_DAY_MS = 86_400_000


def later(begin: Instant, ms: float) -> Instant:
    """The instant so many milliseconds after another, with its offset; at most about the last that a calendar can show."""
    at = begin.ms + int(ms + 0.5)
    return Instant(at if at < _LAST - _DAY_MS else max(_LAST - _DAY_MS, begin.ms), begin.offset)


def earliest(instants: Iterable[Instant | None]) -> Instant | None:
    """The first of several instants; those that are missing don't count. None where all are."""
    return min((i for i in instants if i is not None), key=_by_ms, default=None)


def latest(instants: Iterable[Instant | None]) -> Instant | None:
    """The last of several instants, and of equal ones the last that is given; those that are missing don't count. None where all are."""
    return max(reversed([i for i in instants if i is not None]), key=_by_ms, default=None)


def _by_ms(instant: Instant) -> int:
    return instant.ms


def format_instant(ms: int, offset: int = 0) -> str:
    """ISO 8601 with an offset (`2014-08-30T11:47:35+01:00`), milliseconds only where there are any."""
    when = (_EPOCH + timedelta(milliseconds=ms)).astimezone(timezone(timedelta(minutes=offset)))
    return when.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")
