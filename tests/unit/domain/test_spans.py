# SPDX-License-Identifier: Apache-2.0
"""Pages over several ranked lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.spans import Span, page_of_spans


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 20), st.integers(0, 12))
def test_the_spans_are_the_page_of_the_lists_joined(sizes: list[int], skip: int, limit: int) -> None:
    counts = dict(enumerate(sizes, 1))
    joined = [(owner, rank) for owner, size in counts.items() for rank in range(1, size + 1)]
    spans = page_of_spans(list(counts), counts, skip, limit)
    assert [(s.owner, s.after + i) for s in spans for i in range(1, s.count + 1)] == joined[skip : skip + limit]
    assert all(s == Span(s.owner, 0, counts[s.owner]) for s in spans[1:-1])
