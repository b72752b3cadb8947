# SPDX-License-Identifier: Apache-2.0
"""How pages show what requirements are: marks, bars, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import structs

from radiograph.domain.coverage import NOK, NOT_RUN, OK, UNCOVERED, UNKNOWN
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.statuses import Mark, Part, laid_out
from radiograph.web.pages.words import amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.actions.coverage import Asked

MARKS = {
    UNCOVERED: Mark("UNCOVERED", "aborted", "", failed=True),
    NOK: Mark("NOK", "fail", "", failed=True),
    UNKNOWN: Mark("UNKNOWN", "own", "", failed=False),
    NOT_RUN: Mark("NOTRUN", "todo", "", failed=False),
    OK: Mark("OK", "pass", "", failed=False),
}
"""By what a requirement is: the shape that the run statuses have which say so."""
WORDS = {UNCOVERED: "no Test", NOK: "a Test fails", UNKNOWN: "unclear", NOT_RUN: "not all run", OK: "all pass"}
_NAMES = {"text": "q"}


def bar(counts: Mapping[str, int]) -> list[Part]:
    """The parts of a bar, gaps first."""
    return laid_out([(MARKS[status], n) for status, n in counts.items()])


def query(asked: Asked, *, only: tuple[str, ...] = (), **more: str) -> str:
    """The query of an address that asks for the same, but for the page; of the choices `only` names, where any are named."""
    values = {_NAMES.get(n, n): v for n, v in structs.asdict(asked).items() if v and n != "after" and (not only or n in only)}
    return urlencode({n: v for n, v in (values | more).items() if v})


CHOICE = ("version", "plan", "environment", "at")
"""What chooses the results that count."""


def chosen_in_words(asked: Asked) -> str:
    """`in version v1.3, on iOS, as known at the end of 2026-11-20 (UTC)`; nothing where all results count."""
    at = f"as known at {'the end of ' if len(asked.at) == len('2026-11-20') else ''}{asked.at} (UTC)" if asked.at else ""
    parts = (
        asked.version and f"in version {asked.version}",
        asked.plan and f"in plan {asked.plan}",
        asked.environment and f"on {asked.environment}",
        at,
    )
    return ", ".join(filter(None, parts))


def of_coverage(counts: Mapping[str, int], asked: Asked, address: str) -> list[Piece]:
    """`12 of 20 requirements are OK; 3 have a failing Test; 5 have no Test.` Each number leads to what it counts."""
    total, ok = sum(counts.values()), counts.get(OK, 0)
    if not total:
        return [Piece("No requirements here.")]
    where = chosen_in_words(asked)
    whole = (
        f"{ok:,} of {amount(total, 'requirement')}"
        if ok < total
        else f"All {amount(total, 'requirement')}"
        if total > 1
        else "The one requirement"
    )
    if not ok:
        whole = f"None of {amount(total, 'requirement')}" if total > 1 else "The one requirement"
    be = "is" if total == 1 or ok < 2 else "are"  # noqa: PLR2004  (one, or none)
    pieces = [
        Piece(whole, f"{address}?{query(asked, status=OK)}" if ok else ""),
        Piece(f" {be} {'not ' if total == 1 and not ok else ''}OK"),
    ]
    said = {
        UNCOVERED: ("has no Test", "have no Test"), NOK: ("has a failing Test", "have a failing Test"),
        UNKNOWN: ("is unclear", "are unclear"), NOT_RUN: ("was not run whole", "were not run whole"),
    }  # fmt: skip
    for status, words in said.items():
        if count := counts.get(status):
            text = f"{count:,} {words[count != 1]}"
            pieces += [Piece("; "), Piece(text, f"{address}?{query(asked, status=status)}", strong=status in {UNCOVERED, NOK})]
    return [*pieces, Piece(f", {where}." if where else ".")]
