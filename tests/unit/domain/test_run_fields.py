# SPDX-License-Identifier: Apache-2.0
"""What custom fields of runs may hold, as the vendor's document says it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.run_fields import FIELD_TYPES, WITH_OPTIONS, RunField, is_empty, missing, read_value, value_of, with_value


def field(kind: str, *, required: bool = False, number: int = 100, name: str = "Where") -> RunField:
    return RunField(number, 1, "run", name, "", kind, required, ("Option A", "Option B") if kind in WITH_OPTIONS else ())


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("toggle", "true", "true"), ("toggle", "0", "false"), ("toggle", True, "true"), ("toggle", 1, "true"), ("number", "320.5", "320.5"),
        ("number", 320, "320"), ("select", "option a", "Option A"), ("radio", " Option B ", "Option B"),
        ("multiselect", ["OPTION B", "option a"], ["Option B", "Option A"]), ("multiselect", "option a", ["Option A"]),
        ("date", "2020-05-02", "2020-05-02"), ("datetime", "2020-05-02T10:30Z", "2020-05-02T10:30Z"),
        ("datetime", "2020-05-02T10:30:15+02:00", "2020-05-02T08:30Z"), ("text", "as it is", "as it is"), ("text", 5, "5"),
        ("text", "", None), ("multiselect", [], None), ("number", None, None),
    ],
)  # fmt: skip
def test_a_value_is_stored_in_one_way(kind: str, value: Any, stored: Any) -> None:
    assert read_value(field(kind), value) == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("toggle", "maybe"), ("number", "1,5"), ("number", "many"), ("select", "Option C"), ("multiselect", ["Option A", "x"]),
        ("multiselect", [["Option A"]]), ("date", "02.05.2020"), ("datetime", "2020-05-02"), ("datetime", "soon"), ("text", {"a": 1}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(kind: str, value: Any) -> None:
    with pytest.raises(ValueError, match="must be"):
        read_value(field(kind), value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)
)


@given(st.sampled_from(FIELD_TYPES), json_values, st.booleans())
def test_any_value_is_stored_or_refused_and_what_is_stored_is_taken_again(kind: str, value: Any, required: bool) -> None:  # noqa: FBT001
    one = field(kind, required=required)
    try:
        stored = read_value(one, value)
    except ValueError:
        return
    assert not (required and is_empty(stored) and is_empty(value))
    if not is_empty(stored):
        assert read_value(one, stored) == stored


@given(st.lists(st.tuples(st.integers(1, 4), st.text(max_size=3)), max_size=8))
def test_the_last_value_of_each_field_is_what_it_has(writes: list[tuple[int, str]]) -> None:
    fields = {n: field("text", number=n, name=f"Field {n}") for n in range(1, 5)}
    stored: list[dict[str, Any]] = []
    for number, value in writes:
        stored = with_value(fields[number], stored, value or None)
    last = dict(writes)
    for number, one in fields.items():
        assert (value_of(one, stored) or "") == last.get(number, "")
    assert len(stored) == sum(1 for v in last.values() if v)


def test_a_value_is_found_by_the_fields_id_or_name() -> None:
    one = field("text", required=True)
    assert value_of(one, [{"id": "100", "value": "a"}]) == "a"
    assert value_of(one, [{"name": "where", "value": "b"}]) == "b"
    assert value_of(one, [{"id": 7, "name": "other", "value": "c"}]) is None
    assert missing([one], [{"id": 100, "value": ""}]) == ["Where"]
    assert missing([one], [{"id": 100, "value": "x"}]) == []
