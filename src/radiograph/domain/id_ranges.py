# SPDX-License-Identifier: Apache-2.0
"""Many ids as a few ranges: ids come from blocks, so those that are made together mostly follow each other. Pure."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Ranges: TypeAlias = "list[tuple[int, int]]"
"""First and last id of each range, both in it; sorted, and none touches the next."""


def ranges_of(ids: Iterable[int]) -> Ranges:
    """The ranges that hold just these ids."""
    numbers = sorted(set(ids))
    if numbers and numbers[-1] - numbers[0] == len(numbers) - 1:
        return [(numbers[0], numbers[-1])]
    found: Ranges = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges that hold just the ids of all of these, which may overlap."""
    found: Ranges = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def is_within(ranges: Ranges, number: int) -> bool:
    """Whether an id is in one of the ranges."""
    at = bisect_right(ranges, (number, 1 << 63)) - 1
    return at >= 0 and ranges[at][0] <= number <= ranges[at][1]
