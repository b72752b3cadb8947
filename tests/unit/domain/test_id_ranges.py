# SPDX-License-Identifier: Apache-2.0
"""Ids as ranges: what is joined is looked up as what it was made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.id_ranges import ids_in, is_within, joined, ranges_of
from radiograph.domain.undo import Made, together

PAIRS = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda p: (p[0], p[0] + p[1])), max_size=12)


@given(PAIRS)
def test_ranges_that_overlap_or_touch_are_joined_and_hold_the_same_ids(pairs: list[tuple[int, int]]) -> None:
    ids = {n for first, last in pairs for n in range(first, last + 1)}
    found = joined(pairs)
    assert found == ranges_of(ids)
    assert ids_in(found) == sorted(ids)
    assert all(is_within(found, n) == (n in ids) for n in range(75))


def test_tests_that_two_imports_added_to_a_plan_are_all_known() -> None:
    made = together([Made(added={1: [(1, 10)]}), Made(added={1: [(3, 5)]})])
    assert is_within(made.added[1], 7)
