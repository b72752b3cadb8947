# SPDX-License-Identifier: Apache-2.0
"""Values of CTRF as tools write them: the schema's types, and what comes in their place."""

from __future__ import annotations

from typing import Any

from radiograph.domain.clock import Instant

_SECONDS_UNTIL = 1e11
_MILLISECONDS_UNTIL = 1e14
_MICROSECONDS_UNTIL = 1e17
_LATEST = 253_402_300_799_000
"""The end of the year 9999, in milliseconds."""


def text(value: Any) -> str:  # noqa: ANN401  (any JSON)
    """A text; of a number or truth value its text, of null, objects and lists none."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def texts(value: Any) -> list[str]:  # noqa: ANN401
    """The texts of a list, or the one that stands in place of a list."""
    if value is None:
        return []
    found = [text(v) for v in (value if isinstance(value, list) else [value])]
    return [t for t in found if t]


def members(value: Any) -> dict[str, Any]:  # noqa: ANN401
    """An object; none in place of another value."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """The objects of a list."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def number(value: Any) -> float | None:  # noqa: ANN401
    """A number, also one that was written as a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < float("inf") else None


def instant(value: Any) -> Instant | None:  # noqa: ANN401
    """A time in milliseconds since 1970, or as some tools have it in seconds, micro- or nanoseconds; 0 is none."""
    found = number(value)
    if found is None or found <= 0:
        return None
    if found < _SECONDS_UNTIL:
        found *= 1000
    elif found >= _MILLISECONDS_UNTIL:
        found /= 1000 if found < _MICROSECONDS_UNTIL else 1_000_000
    return Instant(round(found)) if found <= _LATEST else None
