# SPDX-License-Identifier: Apache-2.0
"""Two runs of one Test in one execution become one: which of them is the run, and which an attempt of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Result(Struct, frozen=True):
    """A run or an attempt; `start_ms` is when it began (UTC milliseconds), `import_id` what brought it; either may be unknown."""

    id: int
    start_ms: int | None = None
    import_id: int | None = None
    final: bool = True


def later(one: Result, other: Result) -> Result:
    """The later of two: by their starts, else by what brought them, else by their ids.

    One that was never run is earlier than any that was: a TODO that somebody planned hides no result.
    """
    if one.final != other.final and (one.start_ms is None or other.start_ms is None):
        return one if one.final else other
    if one.start_ms is not None and other.start_ms is not None and one.start_ms != other.start_ms:
        return max(one, other, key=lambda r: r.start_ms or 0)
    return max(one, other, key=lambda r: (r.import_id or 0, r.id))


def in_order(results: Iterable[Result]) -> list[Result]:
    """The oldest first: by start where that is known, which an id follows where it isn't."""
    return sorted(results, key=lambda r: (r.start_ms or 0, r.id))
