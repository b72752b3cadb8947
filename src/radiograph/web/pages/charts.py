# SPDX-License-Identifier: Apache-2.0
"""Charts as SVG: places of lines and words in a box, worked out here and drawn by a template."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.burn_up import DAY_MS, Day, thinned

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 960, 240
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 12, 12, 28
_POINTS, _TICKS, _LABELS = 200, 4, 6
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
    """How a plan came along, drawn; `now` in UTC milliseconds."""
    shown = thinned(days, _POINTS)
    top = _round_up(max(d.tests for d in days))
    xs = [_LEFT + (WIDTH - _LEFT - _RIGHT) * (d.day - days[0].day) / max(1, days[-1].day - days[0].day) for d in shown]

    def y(count: float) -> float:
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - count / top), 1)

    def line(name: str) -> str:
        places = [f"{x:.1f} {y(getattr(d, name))}" for x, d in zip(xs, shown, strict=True)]
        return f"M{'L'.join(places)}" if len(places) > 1 else f"M{places[0]}H{WIDTH - _RIGHT}"

    end = xs[-1] if len(xs) > 1 else WIDTH - _RIGHT
    area = f"{line('passed')}V{y(0)}H{xs[0]:.1f}Z" if len(xs) > 1 else f"M{xs[0]:.1f} {y(shown[0].passed)}H{end}V{y(0)}H{xs[0]:.1f}Z"
    places = thinned(shown, min(_LABELS, len(shown)))
    across = [Tick(round(xs[shown.index(d)], 1), _date(d.day)[5:]) for d in places]
    up = [Tick(y(top * i / _TICKS), f"{top * i // _TICKS:,}") for i in range(_TICKS + 1)] if top >= _TICKS else [Tick(y(top), f"{top:,}")]
    table = [(_date(d.day), d.tests, d.done, d.passed) for d in reversed(days)]
    return Chart(line("tests"), line("done"), line("passed"), area, across, up, _said(days, now), table)


def _said(days: Sequence[Day], now: int) -> str:
    first, last = days[0], days[-1]
    until = "today" if last.day == now // DAY_MS else _date(last.day)
    return (
        f"From {_date(first.day)} to {until}: Tests in the plan from {first.tests:,} to {last.tests:,}, "
        f"with a final result from {first.done:,} to {last.done:,}, passed from {first.passed:,} to {last.passed:,}."
    )


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY_MS / 1000, UTC).strftime("%Y-%m-%d")


def _round_up(count: int) -> int:
    """The next number that is not much more, and whose quarters are whole and easy to read."""
    size = 1
    while True:
        for step in _STEPS:
            if step * size * _TICKS >= count:
                return step * size * _TICKS
        size *= 10
