# SPDX-License-Identifier: Apache-2.0
"""Names with commas between them, and in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.names_list import split_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []), (" , ,", []), ("a", ["a"]), ("a, b ,a", ["a", "b"]), ("a\\,b,c", ["a,b", "c"]), ("a\\", ["a\\"]), ("a\\\\,b", ["a\\", "b"]),
        ("iOS\\ 17,Android", ["iOS 17", "Android"]),
    ],
)  # fmt: skip
def test_names_are_split_at_commas_that_are_not_escaped(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool), unique=True, max_size=5))
def test_escaped_names_come_back(names: list[str]) -> None:
    assert split_names(",".join(n.replace("\\", "\\\\").replace(",", "\\,") for n in names)) == names
