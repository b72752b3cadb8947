# SPDX-License-Identifier: Apache-2.0
"""Lines of a text report, however it was written down."""

from __future__ import annotations

import codecs

import pytest

from radiograph.formats import text_lines
from radiograph.formats.text_lines import TextLines


def lines(data: bytes) -> tuple[list[str], list[str]]:
    found = TextLines(memoryview(data))
    return [line for _, line in found], found.notes


@pytest.mark.parametrize("piece", [1, 2, 3, 1 << 18])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_are_the_same_in_every_encoding_and_wherever_pieces_end(encoding: str, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if encoding == "utf-16":
        piece += piece % 2
    monkeypatch.setattr(text_lines, "_PIECE", piece)
    assert lines("ok 1 ä\r\n\nnot ok ਊĀ 2\nlast".encode(encoding)) == (["ok 1 ä", "", "not ok ਊĀ 2", "last"], [])


def test_utf_16_of_the_other_order_is_read() -> None:
    assert lines(codecs.BOM_UTF16_BE + "a\nb\n".encode("utf-16-be"))[0] == ["a", "b"]


def test_lines_are_numbered_from_one() -> None:
    assert list(TextLines(memoryview(b"a\n\nb"))) == [(1, "a"), (2, ""), (3, "b")]


def test_an_empty_text_has_no_lines() -> None:
    assert lines(b"") == ([], [])


def test_what_is_not_utf_8_is_replaced_and_told_with_its_first_line() -> None:
    assert lines(b"a\n\xe4b\n\xe4\n") == (
        ["a", "\ufffdb", "\ufffd"],
        ["2 lines, the first is line 2, are not UTF-8; what can't be read was replaced by U+FFFD"],
    )


def test_colours_are_taken_out_and_other_control_characters_replaced() -> None:
    text = b"\x1b[31;1mred\x1b[0m \x1b]8;;https://example.org\x07link\x1b]8;;\x07\ttab\0"
    assert lines(text) == (["red link\ttab\ufffd"], ["1 control characters were replaced by U+FFFD"])


def test_a_long_line_is_put_together_once() -> None:
    assert [len(line) for line in lines(b"x" * 3_000_000 + b"\nend")[0]] == [3_000_000, 3]
