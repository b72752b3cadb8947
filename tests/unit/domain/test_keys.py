# SPDX-License-Identifier: Apache-2.0
"""Keys and ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.keys import is_project_key, parse_id, parse_issue_key


@given(st.from_regex(r"[A-Z][A-Z0-9_]{1,20}", fullmatch=True), st.integers(1, 10**18 - 1))
def test_a_key_is_its_project_and_number(project: str, number: int) -> None:
    assert parse_issue_key(f" {project.lower()}-{number} ") == (project, number)


@pytest.mark.parametrize(
    "text", ["", "DEMO", "DEMO-", "DEMO-0", "DEMO-01", "-1", "D-1", "1A-1", "DEMO-1-2", "DEMO-" + "9" * 19, "DEMO-\u0661", "DÉMO-1", "DEMO-1\0", "A" * 10**6]
)  # fmt: skip
def test_what_is_no_issue_key_is_none(text: str) -> None:
    assert parse_issue_key(text) is None


@given(st.integers(0, 10**18 - 1))
def test_digits_are_an_id(number: int) -> None:
    assert parse_id(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", " 1", "1\n", "\u0661\u0662", "²", "1_000", "0x1", "9" * 19, "9" * 10_000])
def test_what_no_id_can_be_is_none(text: str) -> None:
    assert parse_id(text) is None


@given(st.text())
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    number = parse_id(text)
    assert number is None or 0 <= number < 2**63
    assert parse_issue_key(text) is None or "-" in text


@pytest.mark.parametrize(("text", "good"), [("DEMO", True), ("A_1", True), ("A", False), ("demo", False), ("1A", False), ("A" * 65, False), ("AB\n", False)])  # fmt: skip
def test_project_keys_are_capitals_digits_and_underscores(text: str, good: bool) -> None:  # noqa: FBT001
    assert is_project_key(text) is good
