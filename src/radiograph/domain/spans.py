# SPDX-License-Identifier: Apache-2.0
"""A page of rows that stand in several ranked lists, one list after the other. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Span(Struct, frozen=True):
    """So many rows of one list, those whose rank is above `after`."""

    owner: int
    after: int
    count: int


def page_of_spans(owners: Sequence[int], counts: Mapping[int, int], skip: int, limit: int) -> list[Span]:
    """Where `limit` rows after the first `skip` stand; all but the first and the last of the lists named are whole."""
    spans: list[Span] = []
    for owner in owners:
        if limit <= 0:
            break
        count = counts.get(owner, 0)
        taken = min(max(count - skip, 0), limit)
        if taken:
            spans.append(Span(owner, skip, taken))
        limit -= taken
        skip = max(0, skip - count)
    return spans
