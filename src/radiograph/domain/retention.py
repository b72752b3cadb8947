# SPDX-License-Identifier: Apache-2.0
"""What is kept for how long. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY_MS = 86_400_000
MOST_DAYS = 36_500
KEEP_LABEL = "keep"
"""The label of executions that are never removed, nor anything of them."""
_HOUR = 2
"""When the night's run is due (UTC)."""


class Rules(Struct, frozen=True, omit_defaults=True):
    """After how many days each kind goes; 0 keeps it for ever.

    Executions, the evidence of their passing runs and the attempts of their runs count from when results last came.
    """

    executions: int = 0
    evidence: int = 0
    attempts: int = 0
    imports: int = 0
    outgoing: int = 0


class InstanceRules(Struct, frozen=True, omit_defaults=True):
    """The same for what belongs to no project: audit rows, and records of imports that were refused before a project was known."""

    audit: int = 0
    refused: int = 0


KINDS = {
    "executions": "Test Executions with their runs", "evidence": "Evidence of passing runs", "attempts": "Earlier attempts of runs",
    "imports": "Import records", "outgoing": "Calls and mails that went out",
}  # fmt: skip


def problems_of(rules: Rules | InstanceRules) -> list[str]:
    """What is wrong with rules, in words."""
    found = {n: getattr(rules, n) for n in rules.__struct_fields__}
    return [f"{n}: give 0 to {MOST_DAYS} days, not {days}" for n, days in found.items() if not 0 <= days <= MOST_DAYS]


def cutoff(days: int, now: int) -> int:
    """What is older than this time (UTC ms) goes; 0 when nothing does."""
    return now - days * DAY_MS if days else 0


def is_open(released: Iterable[bool], *, done: bool) -> bool:
    """Whether a Test Plan isn't done: a fix version is unreleased, or it has none and its workflow isn't at its end."""
    versions = list(released)
    return not all(versions) if versions else not done


def is_due(now: int, last: int) -> bool:
    """Whether the night's run is due: there was none since the last two o'clock (UTC)."""
    today = now - now % DAY_MS + _HOUR * 3_600_000
    return last < (today if now >= today else today - DAY_MS)
