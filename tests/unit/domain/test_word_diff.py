# SPDX-License-Identifier: Apache-2.0
"""In which words two short texts differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.word_diff import word_diff


def test_the_words_that_differ_are_told_on_both_sides() -> None:
    assert word_diff("answers 200 in time", "answers 503 in time") == (
        [("answers ", False), ("200", True), (" in time", False)], [("answers ", False), ("503", True), (" in time", False)],
    )  # fmt: skip


def test_equal_empty_long_and_unlike_texts_are_not_compared() -> None:
    for one, other in (("a", "a"), ("", "a"), ("a", ""), ("a " * 300, "b " * 300), ("a thank-you page", "503")):
        assert word_diff(one, other) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_pieces_are_the_texts(one: str, other: str) -> None:
    found = word_diff(one, other)
    if found is not None:
        assert tuple("".join(text for text, _ in side) for side in found) == (one, other)
