# SPDX-License-Identifier: Apache-2.0
"""Instants: UTC milliseconds with the offset, in minutes, that they were written with."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

from msgspec import Struct


class Instant(Struct, frozen=True, gc=False):
    """`ms` is milliseconds since 1970 UTC, `offset` the minutes east of UTC it was written with."""

    ms: int
    offset: int = 0


def now_ms() -> int:
    """Now, in UTC milliseconds."""
    return time.time_ns() // 1_000_000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _ms(when: datetime) -> int:
    since = when - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + (since.microseconds + 500) // 1000


def parse_instant(text: str) -> Instant | None:
    """Read an ISO 8601 date and time (`Z`, `+01:00`, `+0100`, fractions); None when it isn't one.

    Without an offset it is UTC. Sources: the formats that clients send (Xray docs and reporters).
    """
    try:
        when = datetime.fromisoformat(text.strip())
        if when.tzinfo is UTC:
            return Instant(_ms(when))
        offset = when.utcoffset()
        if offset is None:
            return Instant(_ms(when.replace(tzinfo=UTC)))
        return Instant(_ms(when), int(offset.total_seconds() // 60))
    except (ValueError, OverflowError):
        return None


def format_instant(ms: int, offset: int = 0) -> str:
    """ISO 8601 with an offset (`2014-08-30T11:47:35+01:00`), milliseconds only where there are any."""
    zone = timezone(timedelta(minutes=offset))
    when = datetime.fromtimestamp(ms / 1000, tz=zone)
    return when.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")
