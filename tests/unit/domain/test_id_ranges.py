# SPDX-License-Identifier: Apache-2.0
"""Many ids as a few ranges."""

from __future__ import annotations

import random

from radiograph.domain.id_ranges import is_within, joined, ranges_of
from radiograph.domain.undo import Made, together


def test_ranges_hold_just_their_ids_also_joined_from_ranges_that_overlap() -> None:
    chance = random.Random(7)
    for _ in range(200):
        one, other = (set(chance.choices(range(40), k=chance.randint(0, 25))) for _ in range(2))
        both = joined([*ranges_of(one), *ranges_of(other)])
        assert both == ranges_of(one | other)
        assert {n for n in range(-1, 42) if is_within(both, n)} == one | other


def test_tests_that_two_imports_added_to_a_plan_are_all_known() -> None:
    made = together([Made(added={1: [(1, 10)]}), Made(added={1: [(3, 5)]})])
    assert is_within(made.added[1], 7)
