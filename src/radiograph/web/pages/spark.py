# SPDX-License-Identifier: Apache-2.0
"""A line of bars, one an execution: what passed stands up, what failed hangs down (by its root: few failures are seen too)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.statuses import failing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from radiograph.domain.statuses import StatusTable

_UP, _DOWN, _STEP, _WIDTH, _LEAST = 16.0, 6.0, 7, 5, 1.5
_HUNDRED = 100


class Spark(Struct):
    """The bars as paths of an SVG 24 high and `width` wide, what they say in words, and the newest bar's numbers."""

    width: int
    passed: str
    failed: str
    words: str
    rate: str
    failures: int
    total: int


def share(passed: int, total: int) -> str:
    """`98 %`; 100 % only when all passed, 0 % only when none did."""
    if not total or passed in {0, total}:
        return f"{_HUNDRED if total and passed == total else 0} %"
    return f"{min(_HUNDRED - 1, max(1, round(_HUNDRED * passed / total)))} %"


def spark(counts: Sequence[Mapping[int, int]], table: StatusTable, bars: int) -> Spark:
    """The bars of these executions (runs by status id), oldest first, at the right end of a place for `bars`."""
    nok = failing(table)
    tallies = [
        (sum(n for s, n in c.items() if table.by_id[s].requirement == "OK"), sum(c.get(s, 0) for s in nok), sum(c.values())) for c in counts
    ]
    up, down = [], []
    for place, (passed, failed, total) in enumerate(tallies, bars - len(tallies)):
        x = place * _STEP
        if passed:
            up.append(_bar(x, -max(_LEAST, (_UP - 1) * passed / total), -1))
        if failed:
            down.append(_bar(x, _DOWN * math.sqrt(failed / total) + _LEAST))
    if not tallies:
        return Spark(bars * _STEP, "", "", "no results", "", 0, 0)
    rates = [share(passed, total) for passed, _, total in tallies]
    passed, failed, total = tallies[-1]
    words = f"passed in the last {len(rates)}, oldest first: {', '.join(rates)}" if len(rates) > 1 else f"passed: {rates[0]}"
    return Spark(bars * _STEP, "".join(up), "".join(down), words, rates[-1], failed, total)


def _bar(x: int, height: float, gap: int = 0) -> str:
    return f"M{x} {_UP + gap:g}h{_WIDTH}v{height:.1f}h-{_WIDTH}z"
