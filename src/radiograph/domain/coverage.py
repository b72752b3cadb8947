# SPDX-License-Identifier: Apache-2.0
"""What the Tests that cover a requirement say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNCOVERED, NOT_RUN = "UNCOVERED", "NOTRUN"
_WORST_FIRST = ("NOK", "UNKNOWN", NOT_RUN)


def requirement_status(tests: Iterable[str]) -> str:
    """OK when all its Tests are; else the worst of NOK, UNKNOWN and NOTRUN; UNCOVERED without Tests (Xray docs, Coverage Analysis).

    `tests` are what the statuses of the Tests' latest runs mean for a requirement.
    """
    found = set(tests)
    if not found:
        return UNCOVERED
    return next((s for s in _WORST_FIRST if s in found), "OK")
