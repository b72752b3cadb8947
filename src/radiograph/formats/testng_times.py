# SPDX-License-Identifier: Apache-2.0
"""Dates as TestNG writes them: with the name of a zone (`2024-01-01T10:00:00 CET`), or with a `Z`."""

from __future__ import annotations

import re

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.errors import shown

_NAMED = re.compile(r"[A-Za-z]+(?:([+-])(\d{1,2}?)(?::?([0-5]\d))?)?")
_QUARTER_MS = 15 * 60_000
_SLACK_MS = 2000
_FURTHEST_MS = 14 * 60 * 60_000
_MINUTES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "EET": 120, "EEST": 180,
    "MSK": 180, "SGT": 480, "HKT": 480, "AWST": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
    "BRT": -180, "ADT": -180, "EDT": -240, "EST": -300, "CDT": -300, "MDT": -360, "MST": -420, "PDT": -420, "PST": -480, "AKDT": -480,
    "AKST": -540, "HST": -600,
}  # fmt: skip
"""Minutes east of UTC by the zone's name; names that several zones share (IST, CST) are none."""
_OFFSETS = {name: f"{'-' if m < 0 else '+'}{abs(m) // 60:02d}:{abs(m) % 60:02d}" for name, m in _MINUTES.items()}


class Dates:
    """Reads the dates of one report; what is odd about them goes once into `notes`."""

    def __init__(self, notes: list[str]) -> None:
        """Take where notes go."""
        self._notes = notes
        self._said: set[str] = set()
        self._window: tuple[Instant, Instant] | None = None

    def suite(self, begin: Instant | None, end: Instant | None) -> None:
        """From here on methods are of a suite that ran in this time."""
        self._window = (begin, end) if begin is not None and end is not None else None

    def read(self, text: str, place: str, warnings: list[str]) -> Instant | None:
        """A date; None for no text, and with a warning for one that can't be read."""
        if not text:
            return None
        found = self.zoned(text.strip()) or parse_instant(text)
        if found is None:
            warnings.append(f"{place}: {shown(text)} is no date such as 2014-08-30T11:47:35+01:00; it was left out")
        return found

    def of_method(self, text: str, place: str, warnings: list[str]) -> Instant | None:
        """When a method began. TestNG 6 writes local times there with a `Z`, but those of suites in UTC: the shift shows."""
        found = self.read(text, place, warnings)
        if found is None or self._window is None or not text.endswith("Z"):
            return found
        begin, end = self._window
        if begin.ms - _SLACK_MS <= found.ms <= end.ms + _SLACK_MS:
            return found
        shift = round((found.ms - begin.ms) / _QUARTER_MS) * _QUARTER_MS
        moved = Instant(found.ms - shift, shift // 60_000)
        if abs(shift) > _FURTHEST_MS or not begin.ms - _SLACK_MS <= moved.ms <= end.ms + _SLACK_MS:
            return found
        self._say(f"times of test methods were in local time, {moved.offset} minutes from that of their suite: they were put right")
        return moved

    def zoned(self, text: str) -> Instant | None:
        """A date with the name of a zone behind it; None where there is no such name."""
        written, _, zone = text.partition(" ")
        zone = zone.strip()
        if not zone[:1].isalpha():
            return None
        offset = _OFFSETS.get(zone.upper())
        if offset is None:
            named = _NAMED.fullmatch(zone)
            if named is None:
                return None
            offset = f"{named[1]}{named[2].zfill(2)}:{named[3] or '00'}" if named[1] else "Z"
            if not named[1] and parse_instant(written):
                self._say(f"times in the zone {shown(zone)} were read as UTC, as the name can mean several zones or none")
        return parse_instant(written + offset)

    def _say(self, note: str) -> None:
        if note not in self._said:
            self._said.add(note)
            self._notes.append(note)
