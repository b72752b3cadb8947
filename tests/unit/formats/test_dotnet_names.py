# SPDX-License-Identifier: Apache-2.0
"""Names of tests with arguments in them are taken apart where that is certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.formats.dotnet_names import name_of, parameters
from radiograph.formats.dotnet_results import span
from radiograph.formats.xunit_text import unescaped


@pytest.mark.parametrize(
    ("text", "plain", "short", "owner_arguments", "arguments"),
    [
        ("A.T.Adds", "A.T.Adds", "Adds", (), None),
        ("A.T.Adds(1,2)", "A.T.Adds", "Adds(1,2)", (), "1,2"),
        ("A.T.Adds()", "A.T.Adds", "Adds()", (), ""),
        ('A.Money("EUR").Rounds(1.5)', "A.Money.Rounds", "Rounds(1.5)", ('"EUR"',), "1.5"),
        ('A.Money("a.b").Formats', "A.Money.Formats", "Formats", ('"a.b"',), None),
        ("A.T.Says(\"q\\\"uo)te(\",'ab',')')", "A.T.Says", "Says(\"q\\\"uo)te(\",'ab',')')", (), "\"q\\\"uo)te(\",'ab',')'"),
        ("A.T.Sums<Int32>(1)", "A.T.Sums<Int32>", "Sums<Int32>(1)", (), "1"),
        ("A.Outer(1)+Inner.Adds", "A.Outer+Inner.Adds", "Adds", ("1",), None),
        ("pays (slowly)", "pays (slowly)", "pays (slowly)", (), None),
        ("adds f(x)", "adds f(x)", "adds f(x)", (), None),
        ('A.T.Cut("abc', 'A.T.Cut("abc', 'A.T.Cut("abc', (), None),
        ("A.T.Odd)(", "A.T.Odd)(", "A.T.Odd)(", (), None),
        ("A.T.Mid(1)dle", "A.T.Mid(1)dle", "Mid(1)dle", (), None),
        ("(1)", "(1)", "(1)", (), None),
        ("", "", "", (), None),
    ],
)  # fmt: skip
def test_a_name_is_taken_apart(text: str, plain: str, short: str, owner_arguments: tuple[str, ...], arguments: str | None) -> None:
    found = name_of(text)
    assert (found.plain, found.short, found.owner_arguments, found.arguments) == (plain, short, owner_arguments, arguments)


def test_a_sentence_may_have_arguments_where_the_framework_writes_them() -> None:
    assert name_of("adds two numbers(x: 1)", spaced=True).arguments == "x: 1"
    assert name_of("adds (two) numbers", spaced=True).arguments is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("", []),
        ("1,2", [("argument 1", "1"), ("argument 2", "2")]),
        ('x: 1, y: "a, b: c"', [("x", "1"), ("y", '"a, b: c"')]),
        ("values: [1, 2, 3], ···: 4", [("argument 1", "values: [1, 2, 3]"), ("argument 2", "···: 4")]),
        ("x: 1, ???: 2", [("x", "1"), ("???", "2")]),
        ('"cut off···, 2', [("arguments", '"cut off···, 2')]),
        ("[1, 2", [("arguments", "[1, 2")]),
        ('System.Func`2[System.Int32,System.String],"a"', [("argument 1", "System.Func`2[System.Int32,System.String]"), ("argument 2", '"a"')]),
    ],
)  # fmt: skip
def test_parameters_are_told_apart_where_that_is_certain(arguments: str, told: list[tuple[str, str]]) -> None:
    assert parameters(arguments) == told


@given(st.text("ab .,+()[]{}\"'\\`<", max_size=30))
def test_no_name_breaks_it_or_loses_a_letter(text: str) -> None:
    found = name_of(text, spaced=True)
    kept = [c for part in (found.plain, *found.owner_arguments, found.arguments or "") for c in part if c in "ab"]
    assert sorted(kept) == sorted(c for c in text if c in "ab")
    assert sum(value.count("a") for _, value in parameters(text)) <= text.count("a")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:01.2345678", 1.2345678), ("1.02:03:04.5", 93784.5), ("0.25", 0.25), ("3,000.457", 3000.457),
        ("-00:00:01", None), ("-0.5", None), ("soon", None), ("0:0:1", None), ("9999999.00:00:00", None),
    ],
)  # fmt: skip
def test_durations_are_time_spans_or_seconds(text: str, seconds: float | None) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"Expected: \"2\"\r\nActual:   \"3\"", 'Expected: "2"\nActual:   "3"'),
        (r"Failure\nExpected: 5", "Failure\nExpected: 5"),
        (r"C:\\temp\\a", r"C:\temp\a"),
        (r"C:\new\table", r"C:\new\table"),
        (r"C:\work\x", r"C:\work\x"),
        (r'a "quoted" \"text\"', r'a "quoted" \"text\"'),
        (r"\q \"", r"\q \""),
        ("plain", "plain"),
    ],
)
def test_escapes_of_xunit_are_undone_where_they_are_some(written: str, meant: str) -> None:
    assert unescaped(written) == meant
