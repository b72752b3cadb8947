# SPDX-License-Identifier: Apache-2.0
"""How two definitions differ."""

from __future__ import annotations

import time

from radiograph.domain.differences import Line, differences, words
from radiograph.domain.issues import Definition, Step, TestType


def text(value: str) -> Definition:
    return Definition(TestType.CUCUMBER, value)


def shown(lines: list[Line]) -> list[tuple[str, int, int, str]]:
    signs = {"same": "", "removed": "-", "added": "+"}
    return [
        (line.kind, line.before, line.after, "|".join("".join(f"{signs[p.kind]}{p.text}" for p in cell) for cell in line.cells))
        for line in lines
    ]  # fmt: skip


def test_equal_texts_have_no_differences() -> None:
    assert shown(differences(text("Given a\nThen b"), text("Given a\nThen b"))) == [("same", 1, 1, "Given a"), ("same", 2, 2, "Then b")]
    assert differences(text(""), text("")) == []


def test_a_line_that_changed_is_one_line_with_its_words() -> None:
    found = shown(differences(text("Given a basket\nThen 200"), text("Given a full basket\nThen 200")))
    assert found == [("changed", 1, 1, "Given a +full basket"), ("same", 2, 2, "Then 200")]


def test_lines_that_have_nothing_in_common_are_removed_and_added() -> None:
    assert shown(differences(text("xxxx"), text("Given the basket"))) == [("removed", 1, 0, "-xxxx"), ("added", 0, 1, "+Given the basket")]


def test_lines_keep_their_numbers_on_both_sides() -> None:
    found = shown(differences(text("a\nb\nc"), text("a\nc\nd")))
    assert [(kind, before, after) for kind, before, after, _ in found] == [
        ("same", 1, 1),
        ("removed", 2, 0),
        ("same", 3, 2),
        ("added", 0, 3),
    ]


def test_steps_are_compared_cell_by_cell() -> None:
    one = Definition(TestType.MANUAL, steps=(Step("Open", "x", "shown"), Step("Pay", "", "200")))
    other = Definition(TestType.MANUAL, steps=(Step("Open", "x", "shown"), Step("Pay", "visa", "200")))
    found = differences(one, other)
    assert [line.kind for line in found] == ["same", "changed"]
    assert [[(p.kind, p.text) for p in cell] for cell in found[1].cells] == [[("same", "Pay")], [("added", "visa")], [("same", "200")]]


def test_the_words_of_both_texts_are_all_there() -> None:
    before, after = "sort the 3 orders by date", "sort 4 orders by 日付 \u202edate"
    pieces = list(words(before, after))
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


def test_long_definitions_are_compared_quickly() -> None:
    many = [f"step {i}" for i in range(5000)]
    began = time.perf_counter()
    assert differences(text("\n".join(many)), text("\n".join(reversed(many))))
    assert differences(text("word " * 50_000), text("other " * 50_000))
    assert time.perf_counter() - began < 5
