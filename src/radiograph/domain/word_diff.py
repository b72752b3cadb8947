# SPDX-License-Identifier: Apache-2.0
"""In which words two short texts differ."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TypeAlias

LONGEST, MOST_WORDS = 500, 120
"""Longer texts aren't compared: what differs in a page of words is no help."""
_LEAST_ALIKE = 0.35
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

Pieces: TypeAlias = "list[tuple[str, bool]]"
"""A text in pieces, each with whether the other text lacks it there."""


def word_diff(expected: str, actual: str) -> tuple[Pieces, Pieces] | None:
    """Both texts in pieces; None for equal or empty ones, for long ones, and for those that have next to nothing in common."""
    if not expected or not actual or expected == actual or max(len(expected), len(actual)) > LONGEST:
        return None
    one, other = _WORD.findall(expected), _WORD.findall(actual)
    if max(len(one), len(other)) > MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    blocks = matcher.get_matching_blocks()
    shared = sum(len(word) for b in blocks for word in one[b.a : b.a + b.size] if not word.isspace())
    if shared < _LEAST_ALIKE * min(len(expected), len(actual)):
        return None
    return _pieces(one, [(b.a, b.size) for b in blocks]), _pieces(other, [(b.b, b.size) for b in blocks])


def _pieces(words: list[str], shared: list[tuple[int, int]]) -> Pieces:
    found: Pieces = []
    at = 0
    for start, size in shared:
        found += [("".join(words[at:start]), True), ("".join(words[start : start + size]), False)]
        at = start + size
    return [(text, differs and not text.isspace()) for text, differs in found if text]
