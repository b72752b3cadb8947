# SPDX-License-Identifier: Apache-2.0
"""Datasets: combinations, bounds, and parameters in texts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.datasets import Column, Dataset, check_iterations, combined, make_dataset, read_header, resolve
from radiograph.domain.errors import Refused

CELL = st.sampled_from(["", "1", "2", "x y", "é"])


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """A dataset of a few columns, with at least one value."""
    kinds = draw(st.lists(st.booleans(), min_size=1, max_size=4))
    columns = tuple(Column(f"c{i}", kind) for i, kind in enumerate(kinds))
    rows = draw(st.lists(st.tuples(*[CELL] * len(columns)).filter(any), min_size=1, max_size=5))
    return Dataset(columns, tuple(rows))


def test_a_combinatorial_parameter_is_combined_with_every_row() -> None:
    made = make_dataset(["user", "browser*", "role"], [(2, ["ana", "Chrome", "lead"]), (3, ["ben", "Firefox", "tester"])])
    assert resolve(made) == [
        ("ana", "Chrome", "lead"),
        ("ana", "Firefox", "lead"),
        ("ben", "Chrome", "tester"),
        ("ben", "Firefox", "tester"),
    ]


def test_columns_of_different_lengths_leave_no_empty_combination() -> None:
    made = make_dataset(["user", "browser*"], [(2, ["ana", "Chrome"]), (3, ["", "Firefox"])])
    assert resolve(made) == [("ana", "Chrome"), ("ana", "Firefox")]


def test_only_combinatorial_parameters_are_combined_with_each_other() -> None:
    made = make_dataset(["a*", "b*"], [(2, ["1", "x"]), (3, ["2", "y"])])
    assert resolve(made) == [("1", "x"), ("1", "y"), ("2", "x"), ("2", "y")]


@given(datasets())
def test_there_are_as_many_rows_as_the_values_multiply_to(dataset: Dataset) -> None:
    rows = resolve(dataset)
    assert len(rows) == combined(dataset)
    plain = [i for i, c in enumerate(dataset.columns) if not c.combinatorial]
    whole = sum(any(row[i].strip() for i in plain) for row in dataset.rows) or 1
    values = [len({row[i] for row in dataset.rows if row[i].strip()}) or 1 for i, c in enumerate(dataset.columns) if c.combinatorial]
    assert len(rows) == whole * math.prod(values)


@given(datasets())
def test_every_value_of_a_row_stood_in_its_column(dataset: Dataset) -> None:
    for row in resolve(dataset):
        assert len(row) == len(dataset.columns)
        for i, cell in enumerate(row):
            assert cell == "" or cell in {r[i] for r in dataset.rows}


@given(datasets())
def test_without_combinatorial_parameters_the_rows_stay_as_they_are(dataset: Dataset) -> None:
    plain = Dataset(tuple(Column(c.name) for c in dataset.columns), dataset.rows)
    assert resolve(plain) == list(dataset.rows)


@pytest.mark.parametrize(
    ("header", "problem"),
    [(["a", ""], "line 1, column 2: the parameter has no name"), (["*"], "line 1, column 1: the parameter has no name"),
     (["a", "a*"], "line 1, column 2: the parameter a is there twice"), (["x" * 256], "line 1, column 1: .*255"),
     ([str(i) for i in range(101)], "line 1: a dataset has at most 100 parameters, not 101")],
)  # fmt: skip
def test_a_bad_header_is_told_with_its_column(header: list[str], problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        read_header(header)


def test_a_line_with_too_many_values_is_told_with_line_and_column() -> None:
    with pytest.raises(Refused, match="line 4, column 2: the line has 3 values for 1 parameters") as refused:
        make_dataset(["a"], [(2, ["1"]), (4, ["1", "2", "3"])])
    assert refused.value.details[0].path == "line 4, column 2"


def test_a_short_line_is_filled_up_and_a_blank_one_left_out() -> None:
    assert make_dataset(["a", "b"], [(2, ["1"]), (3, ["", " "]), (4, ["2", "3"])]).rows == (("1", ""), ("2", "3"))


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(Refused, match="no row of values"):
        make_dataset(["a"], [])


def test_too_many_rows_are_refused_as_written_and_as_combined() -> None:
    with pytest.raises(Refused, match="line 10002: a dataset has at most 10000 rows"):
        make_dataset(["a"], ((i + 2, ["x"]) for i in range(10_001)))
    rows = [(i + 2, [str(i)] * 3) for i in range(22)]
    with pytest.raises(Refused, match="make 10648 rows of it; at most 10000"):
        make_dataset(["a*", "b*", "c*"], rows)


def test_more_iterations_than_a_request_may_make_are_refused() -> None:
    dataset = make_dataset(["a"], ((i + 2, ["x"]) for i in range(10_000)))
    check_iterations([dataset] * 10)
    with pytest.raises(Refused, match="make 110000 iterations; add fewer Tests at once, 100000 iterations at most"):
        check_iterations([dataset] * 11)
