# SPDX-License-Identifier: Apache-2.0
"""What pages say of a Test Plan in words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from radiograph.actions.plan_page import FAILING, NEW, NOT_RUN
from radiograph.domain.statuses import failing
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.words import amount

if TYPE_CHECKING:
    from radiograph.insight.plan_progress import Progress


def of_plan(found: Progress, new: set[int] | None, address: str, environment: str = "") -> list[Piece]:
    """`212 of 240 Tests have a final result; 9 fail, 4 of them new since yesterday; 28 have not run.`

    Each number that names Tests leads to them; `address` is the plan's page.
    """
    total, done = len(found.tests), found.done
    if not total:
        return [Piece("This plan has no Tests yet.")]
    on = f"On {environment}, " if environment else ""
    head = f"{on}{'all ' if on else 'All '}{amount(total, 'Test')} {_have(total)} a final result" if done == total else ""
    start = Piece(head or f"{on}{done:,} of {amount(total, 'Test')} {_have(total)} a final result")
    return [start, *_failures(found, new, address, environment), *_left(found, address, environment), Piece(".")]


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _link(address: str, status: str, environment: str) -> str:
    return f"{address}?{urlencode({'status': status} | ({'environment': environment} if environment else {}))}"


def _failures(found: Progress, new: set[int] | None, address: str, environment: str) -> list[Piece]:
    failed = sum(found.counts.get(s, 0) for s in failing(found.statuses))
    if not failed:
        return [Piece("; none fails" if found.done else "")]
    first = Piece(f"{failed:,} {'fails' if failed == 1 else 'fail'}", _link(address, FAILING, environment), strong=True)
    if new is None:
        return [Piece("; "), first]
    if not new:
        return [Piece("; "), first, Piece(", none of them new since yesterday" if failed > 1 else ", as it did yesterday")]
    if len(new) == failed:
        return [Piece("; "), first, Piece(", new since yesterday" if failed == 1 else ", all of them new since yesterday")]
    return [
        Piece("; "),
        first,
        Piece(", "),
        Piece(f"{len(new):,} of them new", _link(address, NEW, environment)),
        Piece(" since yesterday"),
    ]


def _left(found: Progress, address: str, environment: str) -> list[Piece]:
    left = len(found.tests) - found.done
    if not left:
        return []
    begun = f", {found.under_way:,} of them {'is' if found.under_way == 1 else 'are'} under way" if found.under_way else ""
    return [Piece("; "), Piece(f"{left:,} {'has' if left == 1 else 'have'} not run", _link(address, NOT_RUN, environment)), Piece(begun)]


def done_and_left(found: Progress) -> str:
    """`212 done, 28 left`, `all 240 done`, `nothing done, 240 left`."""
    done, left = found.done, len(found.tests) - found.done
    if not found.tests:
        return "no Tests"
    if not left:
        return f"all {done:,} done"
    return f"{f'{done:,}' if done else 'nothing'} done, {left:,} left"
