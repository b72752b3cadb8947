# SPDX-License-Identifier: Apache-2.0
"""The status of a requirement, and of what it is a part of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.coverage import GAPS_FIRST, UNCOVERED, meaning, requirement_status, roll_up

_MEANINGS = st.sampled_from(["OK", "NOK", "NOTRUN", "UNKNOWN"])
_OWN = st.dictionaries(st.integers(0, 12), st.sets(st.integers(100, 120), max_size=4), min_size=1)
_PARENTS = st.dictionaries(st.integers(0, 12), st.integers(0, 14) | st.none())


@pytest.mark.parametrize(
    ("tests", "status"),
    [
        ([], "UNCOVERED"), (["OK"], "OK"), (["OK", "OK"], "OK"), (["OK", "NOTRUN"], "NOTRUN"), (["NOTRUN", "UNKNOWN"], "UNKNOWN"),
        (["NOK", "UNKNOWN", "OK"], "NOK"),
    ],
)  # fmt: skip
def test_the_worst_of_its_tests_decides(tests: list[str], status: str) -> None:
    assert requirement_status(tests) == status


def test_a_status_that_means_none_of_the_three_is_unknown() -> None:
    assert [meaning(m) for m in ("OK", "NOK", "NOTRUN", "", "UNKNOWN", "ok")] == ["OK", "NOK", "NOTRUN", "UNKNOWN", "UNKNOWN", "UNKNOWN"]


def _below(key: int, parents: dict[int, int | None], own: dict[int, set[int]]) -> set[int]:
    """What has `key` among the parents of its parents: looked for from below, one at a time."""
    found = set()
    for start in own:
        at: int | None = start
        for _ in range(len(parents) + 2):
            if at == key:
                found.add(start)
            at = None if at is None else parents.get(at)
    return found


@given(_OWN, _PARENTS)
def test_an_epic_has_the_tests_of_all_below_it_and_no_others(own: dict[int, set[int]], parents: dict[int, int | None]) -> None:
    found = roll_up(own, parents)
    assert found.keys() == own.keys()
    for key in own:
        assert found[key] == set().union(*(own[k] for k in _below(key, parents, own)))


@given(_OWN, _PARENTS, st.data())
def test_an_epic_is_never_better_than_what_is_below_it(
    own: dict[int, set[int]], parents: dict[int, int | None], data: st.DataObject
) -> None:
    means = {test: data.draw(_MEANINGS) for tests in own.values() for test in tests}
    status = {key: requirement_status(means[t] for t in tests) for key, tests in roll_up(own, parents).items()}
    rank = {name: i for i, name in enumerate(GAPS_FIRST)}
    for key, parent in parents.items():
        if key in own and parent in own and status[key] != UNCOVERED:
            assert status[parent] != UNCOVERED
            assert rank[status[parent]] <= rank[status[key]]
