# SPDX-License-Identifier: Apache-2.0
"""How pages show statuses: always a shape, a colour and a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.statuses import ABORTED, EXECUTING, FAIL, PASS, TODO, severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from radiograph.domain.statuses import Status, StatusTable

_BUILT_IN = {PASS, FAIL, TODO, EXECUTING, ABORTED}
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_WIDTH, _LEAST = 1000.0, 6.0


class Mark(Struct, frozen=True):
    """A status as it is shown: its word, the name of its shape, and the colour of an own status (`#RRGGBB`).

    The built-in shapes take their colour from the stylesheet, where it suits the theme.
    """

    name: str
    shape: str
    colour: str
    failed: bool


def mark(status: Status) -> Mark:
    """How a status is shown; one that the instance added is a diamond in its own colour."""
    built_in = status.name in _BUILT_IN
    colour = status.color if _COLOUR.fullmatch(status.color) and not built_in else ""
    return Mark(status.name, status.name.lower() if built_in else "own", colour, status.requirement == "NOK")


class Part(Struct, frozen=True):
    """A part of a bar: from `x`, `width` wide, of 1000."""

    mark: Mark
    count: int
    x: float
    width: float


def parts(counts: Mapping[int, int], table: StatusTable) -> list[Part]:
    """The parts of a bar, failures first; none is too thin to be seen."""
    return laid_out([(mark(table.by_id[s]), counts[s]) for s in severity(table) if counts.get(s)])


def laid_out(counts: Sequence[tuple[Mark, int]]) -> list[Part]:
    """The parts of a bar in this order; none is too thin to be seen."""
    total = sum(count for _, count in counts)
    widths = [max(_LEAST, _WIDTH * count / total) for _, count in counts]
    scale = _WIDTH / sum(widths) if widths else 1.0
    found, x = [], 0.0
    for (shown, count), width in zip(counts, widths, strict=True):
        found.append(Part(shown, count, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return found
