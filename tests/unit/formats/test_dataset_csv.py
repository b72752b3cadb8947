# SPDX-License-Identifier: Apache-2.0
"""Datasets as CSV."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.datasets import Column, Dataset
from radiograph.domain.errors import Refused
from radiograph.formats.dataset_csv import read_dataset, write_dataset

CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


def test_a_file_is_read_with_quotes_line_ends_in_values_and_a_byte_order_mark() -> None:
    data = '\ufeffuser,"what, and* why",browser*\r\nana,"two\nlines ""quoted""",Chrome\r\n\r\nben,,\r\n'.encode()
    found = read_dataset(data)
    assert found.columns == (Column("user"), Column("what, and* why"), Column("browser", combinatorial=True))
    assert found.rows == (("ana", 'two\nlines "quoted"', "Chrome"), ("ben", "", ""))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2).filter(lambda row: any(c.strip() for c in row)), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    dataset = Dataset((Column("a"), Column("b")), tuple(map(tuple, rows)))
    assert read_dataset(write_dataset(dataset, resolved=False).encode()) == dataset


def test_the_mark_of_combinatorial_parameters_is_written_unless_they_are_combined() -> None:
    dataset = Dataset((Column("a", combinatorial=True), Column("b")), (("1", "x"), ("2", "y")))
    assert write_dataset(dataset, resolved=False) == "a*,b\r\n1,x\r\n2,y\r\n"
    assert list(csv.reader(io.StringIO(write_dataset(dataset, resolved=True)))) == [
        ["a", "b"], ["1", "x"], ["2", "x"], ["1", "y"], ["2", "y"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"", "The file is empty"), (b"\xef\xbb\xbf\r\n", "The file is empty"), (b"a,b\r\n1,\xff\r\n", "line 2: the file is not UTF-8"),
     (b'a,b\r\n1,2\r\n"3,4\r\n', "line 3: it is no CSV"), (b'a\r\n"1" 2\r\n', "line 2: it is no CSV"),
     (b'a\r\n"1\r\n2"\r\n1,2\r\n', "line 4, column 2: the line has 2 values"), (b"a\r\n" + b"x" * 200_000, "line 2: it is no CSV: field larger")],
)  # fmt: skip
def test_a_bad_file_is_told_with_its_line(data: bytes, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        read_dataset(data)
