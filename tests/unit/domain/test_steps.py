# SPDX-License-Identifier: Apache-2.0
"""Steps keep their ids, wherever they go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain import steps as rules
from radiograph.domain.errors import NotFound, Refused
from radiograph.domain.issues import Step
from radiograph.domain.steps import StepDetail, StepField, TestStep

FEW = st.lists(st.sampled_from("abc"), max_size=8)


def steps(names: str | list[str], version: int = 1) -> list[TestStep]:
    texts = [Step(name) for name in names]
    return rules.joined(texts, rules.details_of(version, len(texts)))


def names(listed: list[TestStep]) -> str:
    return "".join(one.step.action for one in listed)


def test_an_id_tells_the_version_and_the_place_it_first_stood_at() -> None:
    assert [d.id for d in rules.details_of(7, 3)] == [70000, 70001, 70002]


def test_a_step_is_put_where_its_index_says_and_last_without_one() -> None:
    one = steps("x", 2)[0]
    found = [names(rules.insert(steps("abc"), one, index)) for index in (None, 1, 2, 4, 99, 0)]
    assert found == ["abcx", "xabc", "axbc", "abcx", "abcx", "xabc"]


def test_a_step_moves_to_the_index_it_is_given_and_stays_without_one() -> None:
    listed = steps("abcd")
    assert [names(rules.replace(listed, 1, listed[1], index)) for index in (None, 1, 2, 3, 4, 50)] == [
        "abcd", "bacd", "abcd", "acbd", "acdb", "acdb",
    ]  # fmt: skip


def test_more_steps_than_ids_have_room_for_are_refused() -> None:
    full = steps(["x"] * rules.MOST_STEPS)
    with pytest.raises(Refused, match="at most 10000 steps"):
        rules.insert(full, full[0], None)
    assert len(rules.replace(full, 0, full[1], None)) == rules.MOST_STEPS


def test_an_unknown_id_is_told_with_the_test() -> None:
    with pytest.raises(NotFound, match="DEMO-7 has no step with the id 5"):
        rules.position_of(steps("abc"), 5, "DEMO-7")


def test_steps_written_as_a_whole_keep_the_ids_of_those_that_equal_old_ones_in_order() -> None:
    kept = rules.carry(steps("abcd"), [Step(n) for n in "axcd"], 2)
    assert [d.id for d in kept or []] == [10000, 20001, 10002, 10003]


def test_steps_that_are_all_new_need_no_details() -> None:
    assert rules.carry(steps("abc"), [Step(n) for n in "xyz"], 2) is None


def test_a_long_stretch_of_changes_is_not_compared_but_what_surrounds_it_is_kept() -> None:
    old = steps(["first", *(f"old {i}" for i in range(1000)), "last"])
    new = [Step("first"), *(Step(f"old {i}") for i in range(999, 0, -1)), Step("last")]
    kept = rules.carry(old, new, 2)
    assert kept is not None
    assert (kept[0].id, kept[1].id, kept[-1].id) == (10000, 20001, 11001)


@given(FEW, FEW)
def test_every_step_has_one_id_of_its_own_and_a_kept_one_has_the_same_texts(before: list[str], after: list[str]) -> None:
    old, new = steps(before), [Step(n) for n in after]
    found = rules.carry(old, new, 2) or rules.details_of(2, len(new))
    assert len({d.id for d in found}) == len(new)
    texts = {one.detail.id: one.step for one in old}
    kept = [(d.id, step) for d, step in zip(found, new, strict=True) if d.id in texts]
    assert all(texts[number] == step for number, step in kept)
    assert [number for number, _ in kept] == sorted(number for number, _ in kept)


@given(FEW)
def test_equal_steps_keep_every_id(before: list[str]) -> None:
    old = steps(before)
    assert (rules.carry(old, [s.step for s in old], 2) or []) == [s.detail for s in old]


def test_details_are_kept_with_their_step() -> None:
    detail = StepDetail(10000, (5,), {"Browser": ["Chrome"]}, 10004)
    assert rules.carry([TestStep(Step("a"), detail)], [Step("x"), Step("a")], 2) == [StepDetail(20000), detail]


def test_custom_fields_are_found_whatever_the_case_and_unknown_ones_are_told() -> None:
    fields = [StepField(1, "Browser", "Single Select", ("Chrome", "Firefox")), StepField(2, "Note", "Text")]
    values, warnings = rules.custom_values({"BROWSER": [{"value": "chrome"}, "Opera"], "note": 5, "Colour": "red"}, fields)
    assert values == {"Browser": ["Chrome"], "Note": "5"}
    assert len(warnings) == 2
    assert "'Opera' is no option" in warnings[0]
    assert "no step field 'Colour'" in warnings[1]


@pytest.mark.parametrize(
    ("given_value", "text"),
    [("a", "a"), (None, ""), (3, "3"), (True, "true"), ({"raw": "r", "rendered": "<p>r</p>"}, "r"), ({"type": "Wiki", "value": {"raw": "w"}}, "w"),
     ([{"value": "x"}, "y"], "x, y"), ({}, "")],
)  # fmt: skip
def test_a_field_is_read_in_every_shape_it_comes_in(given_value: object, text: str) -> None:
    assert rules.plain(given_value) == text
