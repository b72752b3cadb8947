# SPDX-License-Identifier: Apache-2.0
"""Characters that hide, or that turn what is around them."""

from __future__ import annotations

from radiograph.domain.unseen import pieces


def test_what_turns_a_line_around_is_shown_by_its_number() -> None:
    assert list(pieces("a\u202eb", exact=False)) == [("a", ""), ("U+202E", "RIGHT-TO-LEFT OVERRIDE"), ("b", "")]
    assert list(pieces("\x1b", exact=False)) == [("U+001B", "a control character")]


def test_marks_that_scripts_need_are_shown_in_traces_only() -> None:
    assert list(pieces("a\u200eb", exact=False)) == [("a\u200eb", "")]
    assert ("U+200E", "LEFT-TO-RIGHT MARK") in list(pieces("a\u200eb", exact=True))
    assert ("U+200D", "ZERO WIDTH JOINER") in list(pieces("a\u200db", exact=True))


def test_emoji_and_persian_keep_their_joiners() -> None:
    for text in ("👩\u200d💻 ok", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"):
        assert list(pieces(text, exact=True)) == [(text, "")]


def test_line_ends_and_tabs_are_no_secret() -> None:
    assert list(pieces("a\n\tb", exact=True)) == [("a\n\tb", "")]
