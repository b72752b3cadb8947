# SPDX-License-Identifier: Apache-2.0
"""Failures of one cause share a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.fingerprint import fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("expected 5 but was 7", "expected 12 but was 900"),
        ("at Calc.java:12", "at Calc.java:345"),
        ("object 0x7fff12ab is gone", "object 0x1 is gone"),
        ("session 12ab-4c is over", "session 1-2 is over"),
        ("a\n  b\t c", "a b c"),
        ("2026-01-02T03:04:05Z boom", "2027-11-12T13:14:15Z boom"),
        ("x" * 600 + "1st", "x" * 600 + "2nd"),
    ],
)
def test_numbers_addresses_and_white_space_make_no_difference(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), [("expected x", "expected y"), ("NullPointer at A", "NullPointer at B"), ("a", "A")])
def test_words_do(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_nothing_has_none() -> None:
    assert fingerprint("") is None


@given(st.text(st.characters(), min_size=1))
def test_every_text_has_one_of_64_bits(trace: str) -> None:
    number = fingerprint(trace)
    assert number is not None
    assert -(2**63) <= number < 2**63
    assert fingerprint(trace) == number
