# SPDX-License-Identifier: Apache-2.0
"""Parameters in the texts of steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.parameters import resolved


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Open ${page}", "Open basket"), ("${page}${page}", "basketbasket"), ("as ${user}", "as ${user}"), ("${ page }", "basket"),
        ("$page {page} ${", "$page {page} ${"), ("${empty}", ""), ("${tricky}", "${page}"),
    ],
)  # fmt: skip
def test_a_parameter_is_replaced_once_and_unknown_ones_stay(text: str, shown: str) -> None:
    assert resolved(text, {"page": "basket", "empty": "", "tricky": "${page}"}) == shown


@given(st.text(), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_a_text_without_parameters_stays(text: str, values: dict[str, str]) -> None:
    assert resolved(text.replace("${", ""), values) == text.replace("${", "") or "${" in text.replace("${", "")
