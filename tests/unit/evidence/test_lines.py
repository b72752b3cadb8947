# SPDX-License-Identifier: Apache-2.0
"""Windows of lines and lines that match, in files of any shape."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiograph.evidence import lines
from radiograph.evidence.lines import Line, index_of, lines_with, window

texts = st.lists(st.sampled_from([b"\n", b"a", b"bb", b"needle", b"nee", b"dle", b"NEEDLE", b"\r\n", b"\xff"]), max_size=80).map(b"".join)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PIECE", 16)
    monkeypatch.setattr(lines, "_SMALL", 5)


def plainly(data: bytes) -> list[str]:
    """The lines, found in the simplest way."""
    parts = data.split(b"\n")
    if not parts[-1]:
        parts.pop()
    return [p.removesuffix(b"\r").decode("utf-8", "replace") for p in parts]


@settings(deadline=None, max_examples=300)
@given(texts, st.integers(1, 40), st.integers(1, 10))
def test_a_window_is_the_lines_that_it_names_with_and_without_an_index(data: bytes, first: int, count: int) -> None:
    file, all_lines = io.BytesIO(data), plainly(data)
    index = index_of(file)
    assert index.lines == len(all_lines)
    expected = [(n, text) for n, text in enumerate(all_lines, 1) if first <= n < first + count]
    for using in (index, None):
        assert [(line.number, line.text) for line in window(file, using, first, count, 1000)] == expected


@settings(deadline=None, max_examples=300)
@given(texts, st.integers(0, 10), st.integers(1, 5), st.sampled_from(["needle", "b", "eed"]))
def test_lines_that_match_are_counted_once_each_and_given_from_a_number_on(data: bytes, after: int, limit: int, text: str) -> None:
    matching = [(n, line) for n, line in enumerate(plainly(data), 1) if text in line.lower()]
    found = lines_with(io.BytesIO(data), text, after, limit, 1000)
    assert found.count == len(matching)
    assert [(line.number, line.text) for line in found.lines] == [m for m in matching if m[0] > after][:limit]


def test_of_a_long_line_no_more_than_is_shown_is_given() -> None:
    file = io.BytesIO(b"x" * 100 + b"\n" + b"y" * 50 + b"needle" + b"y" * 50)
    assert window(file, index_of(file), 1, 2, 10) == [Line(1, "x" * 10, 0, 90), Line(2, "y" * 10, 0, 96)]
    (line,) = lines_with(file, "needle", 0, 10, 10).lines
    assert (line.number, line.before, line.after) == (2, 1, 1)
    assert line.text.startswith("y" * 10 + "needle")


def test_an_empty_file_has_no_lines() -> None:
    file = io.BytesIO(b"")
    assert index_of(file).lines == 0
    assert window(file, index_of(file), 1, 5, 10) == []
    assert lines_with(file, "x", 0, 5, 10).count == 0
