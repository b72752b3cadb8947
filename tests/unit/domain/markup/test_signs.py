# SPDX-License-Identifier: Apache-2.0
"""Which markup a text is in, told by its signs."""

from __future__ import annotations

import pytest

from radiograph.domain.markup.signs import kind_of, read_text
from radiograph.domain.markup.tree import Code

PYTEST = """    def test_pay():
>       assert pay(`card`) == 200
E       assert 503 == 200
E        +  where 503 = pay()"""
JAVA = "org.opentest4j.AssertionFailedError: expected: <1> but was: <2>\n\tat com.acme.CalcTest.adds(CalcTest.java:12)"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The payment page fails on iOS.", "prose"),
        ("Two lines,\nhttps://x.example and DEMO-7", "prose"),
        (PYTEST, "trace"),
        (JAVA, "trace"),
        ("AssertionError: expected 200, got 503\n  at checkout/payment.py:118 in pay", "trace"),
        ("\x1b[31mred\x1b[0m", "trace"),
        ('Traceback (most recent call last):\n  File "a.py", line 1\nValueError: **kwargs', "trace"),
        ("h3. What I saw\n* a\n* b", "wiki"),
        ("See {code}x{code}", "wiki"),
        ("Use {{pay()}} here", "wiki"),
        ("||a||b||\n|1|2|", "wiki"),
        ("*Important* thing", "wiki"),
        ("* one\n* two", "wiki"),
        ("## What I saw\n- a", "markdown"),
        ("The **card** was `refused`", "markdown"),
        ("```\nValueError: x\n```", "markdown"),
        ("1. Open\n2. Pay", "markdown"),
        ("- [x] done\n- [ ] open", "markdown"),
        ("{{ 7 * 7 }} is a template's", "prose"),
        ("2 * 3 = 6 and snake_case_name", "prose"),
    ],
)  # fmt: skip
def test_signs_tell_the_markup(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_trace_is_the_text_itself() -> None:
    assert read_text(JAVA).blocks == (Code(JAVA),)
    assert read_text(PYTEST).blocks == (Code(PYTEST),)


def test_a_text_of_a_megabyte_is_never_read_for_markup() -> None:
    long = "h1. x\n" * 200_000
    assert read_text(long).blocks == (Code(long),)
