# SPDX-License-Identifier: Apache-2.0
"""What the Tests that cover a requirement say of it, and of what it is a part of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OK, NOK, NOT_RUN, UNKNOWN, UNCOVERED = "OK", "NOK", "NOTRUN", "UNKNOWN", "UNCOVERED"
WORST_FIRST = (NOK, UNKNOWN, NOT_RUN)
"""What makes a requirement other than OK, the one that decides first.

Xray joins the statuses of the Tests, in which a final one wins over one that isn't and one that an instance added over ABORTED,
and takes what the joint status means: what means neither OK, NOK nor NOTRUN was added by the instance (Xray docs, Coverage Analysis).
"""
GAPS_FIRST = (UNCOVERED, *WORST_FIRST, OK)
"""All that a requirement can be, what needs a look first."""
_Key = TypeVar("_Key")
_Test = TypeVar("_Test")


def meaning(requirement: str) -> str:
    """What a status whose `requirement` is this text means for a requirement: OK, NOK, NOTRUN, else UNKNOWN."""
    return requirement if requirement in {OK, NOK, NOT_RUN} else UNKNOWN


def requirement_status(tests: Iterable[str]) -> str:
    """OK when all its Tests are; else the first of NOK, UNKNOWN and NOTRUN that one of them is; UNCOVERED without Tests.

    `tests` are what the statuses of the Tests' latest runs mean for a requirement (see `meaning`).
    """
    found = set(tests)
    if not found:
        return UNCOVERED
    return next((s for s in WORST_FIRST if s in found), OK)


def roll_up(own: Mapping[_Key, Iterable[_Test]], parents: Mapping[_Key, _Key | None]) -> dict[_Key, set[_Test]]:
    """The Tests of each requirement of `own`: its own, and those of all that is below it by `parents`.

    A parent that is not in `own` gets nothing; parents in a circle each get all that is in it.
    """
    found: dict[_Key, set[_Test]] = {key: set() for key in own}
    for key, tests in own.items():
        held = list(tests)
        seen: set[_Key] = set()
        above: _Key | None = key
        while above is not None and above not in seen:
            seen.add(above)
            if above in found:
                found[above].update(held)
            above = parents.get(above)
    return found
