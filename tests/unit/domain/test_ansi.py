# SPDX-License-Identifier: Apache-2.0
"""Colours of a terminal in a log."""

from __future__ import annotations

from radiograph.domain.ansi import Look, looks, without_looks


def test_colours_and_weights_are_read_and_taken_out() -> None:
    text = "\x1b[1;31mFAIL\x1b[0m ok \x1b[92mgreen\x1b[39m plain"
    assert list(looks(text)) == [
        ("FAIL", Look("red", bold=True)), (" ok ", Look()), ("green", Look("green")), (" plain", Look()),
    ]  # fmt: skip
    assert without_looks(text) == "FAIL ok green plain"


def test_extended_colours_do_not_leak_their_numbers() -> None:
    assert list(looks("\x1b[38;5;9mred\x1b[38;2;1;4;31mnone\x1b[48;5;1mback")) == [
        ("red", Look("red")), ("none", Look("red")), ("back", Look("red")),
    ]  # fmt: skip
    assert list(looks("\x1b[38;5mx\x1b[38my\x1b[?25lz\x1b[2K!")) == [("x", Look()), ("y", Look()), ("z", Look()), ("!", Look())]


def test_titles_and_links_of_terminals_are_taken_out() -> None:
    assert without_looks("\x1b]0;title\x07a\x1b]8;;https://x.example\x1b\\b\x1b]8;;\x1b\\") == "ab"


def test_a_sequence_that_never_ends_is_text() -> None:
    text = "\x1b[" + "1;" * 100_000
    assert "".join(piece for piece, _ in looks(text)) == text
