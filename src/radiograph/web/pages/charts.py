# SPDX-License-Identifier: Apache-2.0
"""Charts as SVG: places of lines and words in a box, worked out here and drawn by a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.burn_up import DAY_MS
from radiograph.domain.clock import format_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.burn_up import Day

WIDTH, HEIGHT = 960, 240
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 12, 12, 28
_TICKS, _LABELS = 4, 6
_STEPS = (1, 2, 3, 4, 5, 6, 8)


class Tick(Struct):
    """A label at a place of an axis."""

    at: float
    word: str


class Chart(Struct):
    """The lines of a burn-up as SVG paths, its axes, what it says in words, and its days for a table (newest first)."""

    tests: str
    done: str
    passed: str
    area: str
    across: list[Tick]
    up: list[Tick]
    said: str
    days: list[tuple[str, int, int, int]]
    width: int = WIDTH
    height: int = HEIGHT
    floor: float = HEIGHT - _BOTTOM
    left: float = _LEFT
    right: float = WIDTH - _RIGHT


def burn_up_chart(days: Sequence[Day], now: int) -> Chart:
    """How a plan came along until now (UTC milliseconds), drawn."""
    first, last = days[0].day, max(days[-1].day, now // DAY_MS)
    top, span = _round_up(max(d.tests for d in days)), max(1, last - first)

    def x(day: int) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (day - first) / span, 1)

    def y(count: float) -> float:
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - count / top), 1)

    def line(name: str) -> str:
        steps = [f"H{x(d.day)}V{y(getattr(d, name))}" for d in days[1:]]
        return f"M{_LEFT} {y(getattr(days[0], name))}{''.join(steps)}H{WIDTH - _RIGHT}"

    labels = sorted({first + round(span * i / (_LABELS - 1)) for i in range(_LABELS)}) if last > first else [first]
    up = [Tick(y(top * i / _TICKS), f"{top * i // _TICKS:,}") for i in range(_TICKS + 1)]
    table = [(_date(d.day), d.tests, d.done, d.passed) for d in reversed(days)]
    across = [Tick(x(day), _date(day)[5:]) for day in labels]
    return Chart(
        line("tests"), line("done"), line("passed"), f"{line('passed')}V{y(0)}H{_LEFT}Z", across, up, _said(days, last, now), table
    )


def _said(days: Sequence[Day], until_day: int, now: int) -> str:
    first, last = days[0], days[-1]
    until = "today" if until_day == now // DAY_MS else _date(until_day)
    return (
        f"From {_date(first.day)} to {until}: {_went(first.tests, last.tests)} Tests in the plan, "
        f"{_went(first.done, last.done)} with a final result, {_went(first.passed, last.passed)} passed."
    )


def _went(first: int, last: int) -> str:
    """`40 to 43`, or `43` for what didn't change."""
    return f"{last:,}" if first == last else f"{first:,} to {last:,}"


def _date(day: int) -> str:
    return format_instant(day * DAY_MS)[:10]


def _round_up(count: int) -> int:
    """The next number that is not much more, and whose quarters are whole and easy to read."""
    size = 1
    while True:
        for step in _STEPS:
            if step * size * _TICKS >= count:
                return step * size * _TICKS
        size *= 10
