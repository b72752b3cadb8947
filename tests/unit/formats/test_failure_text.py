# SPDX-License-Identifier: Apache-2.0
"""Comments of failures out of their type, message and trace."""

from __future__ import annotations

import pytest

from radiograph.formats.failure_text import failure_text


@pytest.mark.parametrize(
    ("kind", "message", "trace", "text"),
    [
        ("", "", "", ""),
        ("E", "", "", "E"),
        ("", "m", "", "m"),
        ("E", "m", "", "E: m"),
        ("E", "E: m", "", "E: m"),
        ("", "", " t\n", "t"),
        ("", "m", "m", "m"),
        ("E", "m", "m", "E: m"),
        ("E", "m", "E: m\n at x", "E: m\n at x"),
        ("a.E", "m", "a.E: m\n at x", "a.E: m\n at x"),
        ("E", "m", "m\n at x", "E: m\n at x"),
        ("E", "m", "at x\nE: m", "E: m\n\nat x\nE: m"),
        ("E", "", "t", "E\n\nt"),
        ("E", "", "E in x", "E in x"),
    ],
)
def test_a_failure_is_told_by_its_message_then_its_trace(kind: str, message: str, trace: str, text: str) -> None:
    assert failure_text(kind, message, trace) == text
