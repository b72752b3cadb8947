# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a query, and where."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


TOLD = 10
"""So many faults of one query are told."""


class Fault(Struct, frozen=True):
    """One thing that is wrong, and the character of the query (from 0) where it is."""

    what: str
    at: int


class WrongQuery(Refused):
    """The JQL query can't be understood, or names what there isn't."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Tell the first faults with their places."""
        more = [f"… and {len(faults) - TOLD} more."] if len(faults) > TOLD else []
        super().__init__("\n".join([_told(f) for f in faults[:TOLD]] + more))
        self.faults = tuple(faults)


def _told(fault: Fault) -> str:
    return f"Error in the JQL query at character {fault.at + 1}: {fault.what}"


def wrong(what: str, at: int) -> WrongQuery:
    """The error of one fault."""
    return WrongQuery([Fault(what, at)])


def meant(text: str, known: Iterable[str]) -> str:
    """` Did you mean …?` with the names that look like the text, or nothing."""
    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(text.lower(), names, 3, 0.6)
    return f" Did you mean {' or '.join(repr(names[n]) for n in near)}?" if near else ""
