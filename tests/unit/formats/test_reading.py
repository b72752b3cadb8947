# SPDX-License-Identifier: Apache-2.0
"""What every reader has in common."""

from __future__ import annotations

import pytest

from radiograph.formats.reading import base64_file, derived_test, seconds


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.25", 0.25), (" 3 ", 3), ("3,000.457", 3000.457), ("1,234,567", 1_234_567), ("1,5", 1.5), ("12,34", 12.34), ("1e-3", 0.001),
        ("-0.5", None), ("", None), ("nan", None), ("inf", None), ("1.2.3", None), ("x", None),
    ],
)  # fmt: skip
def test_durations_are_read_as_reports_write_them(text: str, number: float | None) -> None:
    assert seconds(text) == number


def test_a_long_summary_of_a_derived_test_is_cut_and_its_definition_is_not() -> None:
    info = derived_test("d" * 300, "")
    assert (len(info.summary or ""), len(info.definition or ""), info.derived) == (255, 300, True)


def test_base64_is_kept_as_a_json_token() -> None:
    assert bytes(base64_file("a", "", " YQ== \n", "p").data or b"") == b'"YQ=="'
