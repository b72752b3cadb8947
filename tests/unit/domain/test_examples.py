# SPDX-License-Identifier: Apache-2.0
"""The rows of a scenario outline's examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.examples import example_values


@pytest.mark.parametrize(
    ("scenario", "rows"),
    [
        ("", []),
        ("Given <a>\nExamples:\n| a | b |\n| 1 | 2 |\n| 3 | |", [["1", "2"], ["3", ""]]),
        ("  Scenarios :\n\n  # a comment\n  | a |\n  | 1 |\n\n  | 2 |", [["1"], ["2"]]),
        ("Examples: one\n|a|\n|1|\nExamples: two\n|b|\n|2|", [["1"], ["2"]]),
        ("Examples:\n|a|\n|1|\n@tag\nExamples:\n|a|\n|2|", [["1"], ["2"]]),
        ("Given a table\n| x |\n| y |\nExamples:\n| a |", []),
        ("Examples:\n| a |\n| 1 |\nThen\n| no |\n| row |", [["1"]]),
        ("Examples:\n| a |\n| x \\| y |\n| l1\\nl2 |", [["x | y"], ["l1\nl2"]]),
        ("Examples:\n| a |\n| b\\\\ |", [["b\\"]]),
        ("Examples:\n| a | b |\n| |  |\n|||\n|| x |\n| x ||", [["", ""], ["", ""], ["", "x"], ["x", ""]]),
        ("Examples:\n| a | b |\n| 1 | 2", [["1", "2"]]),
        ("Examples:\n| a |\n| C:\\temp |\n| \\\\n |", [["C:\\temp"], ["\\n"]]),
    ],
)
def test_each_data_row_gives_its_values(scenario: str, rows: list[list[str]]) -> None:
    assert example_values(scenario) == rows


_CELL = st.text(st.sampled_from("ab |\\\nn"), max_size=5).map(str.strip)


def written(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


@given(st.lists(st.lists(_CELL, min_size=2, max_size=2), max_size=4))
def test_what_is_escaped_as_gherkin_has_it_comes_back(rows: list[list[str]]) -> None:
    table = "\n".join("| " + " | ".join(map(written, row)) + " |" for row in [["a", "b"], *rows])
    assert example_values(f"Examples:\n{table}") == rows


@given(st.text())
def test_any_text_has_rows_or_none(text: str) -> None:
    assert all(isinstance(value, str) for row in example_values(f"Examples:\n|a|\n{text}") for value in row)
