# SPDX-License-Identifier: Apache-2.0
"""The small reader of diagnostics in YAML."""

from __future__ import annotations

import pytest

from radiograph.formats.tap_yaml import read_block


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("", {}),
        ("\n\na: 1", {"a": "1"}),
        ("a: 1\n\nb: two words", {"a": "1", "b": "two words"}),
        ("a: 'it''s'\nb: \"x\\ny\\u00e4\\\"\\u0007\"", {"a": "it's", "b": 'x\nyä"\ufffd'}),
        ("a: |-\n  one\n    two\n\n  three\nb: 2", {"a": "one\n  two\n\nthree", "b": "2"}),
        ("a: >2\n  one\n  two", {"a": "one\ntwo"}),
        ("at:\n  file: x\n  line: 3\nb:", {"at": "file: x\nline: 3", "b": ""}),
        ("a: one\n  two", {"a": "one two"}),
        ("'odd: key': 1\nduration_ms: 2.5", {"odd: key": "1", "duration_ms": "2.5"}),
        ("  a: 1\n  b: |\n    x", {"a": "1", "b": "x"}),
        ("a: |\n    deep\n  less", {"a": "deep\nless"}),
        ("a:\n  - 1\n  - 2", {"a": "- 1\n- 2"}),
        ("a: '", {"a": "'"}),
        ('a: "\\u00"', {"a": "u00"}),
    ],
)
def test_entries_are_read(text: str, entries: dict[str, str]) -> None:
    assert read_block(text.split("\n") if text else []) == entries


@pytest.mark.parametrize("text", ["- a\n- b", "just text", "a: 1\nnot an entry", "  a: 1\nb: 2", "{a: 1"])
def test_what_is_no_entries_is_told(text: str) -> None:
    assert read_block(text.split("\n")) is None
