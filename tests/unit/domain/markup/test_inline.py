# SPDX-License-Identifier: Apache-2.0
"""Styles, names, links, keys and images inside a line."""

from __future__ import annotations

import pytest

from radiograph.domain.markup.inline import MARKDOWN, PLAIN, WIKI, inline
from radiograph.domain.markup.tree import Break, Image, Inline, Key, Link, Mono, Styled, Text


def told(nodes: tuple[Inline, ...]) -> str:
    """The nodes in words, so that a test reads as what it says."""
    return "".join(map(_one, nodes))


def _one(node: Inline) -> str:  # noqa: PLR0911  (one line a kind)
    match node:
        case Text(text):
            return text
        case Break():
            return "⏎"
        case Mono(text):
            return f"<mono {text}>"
        case Styled(style, children):
            return f"<{style} {told(children)}>"
        case Link(address, children):
            return f"<link {address} {told(children)}>"
        case Key(text):
            return f"<key {text}>"
        case Image(name, _):
            return f"<image {name}>"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a *bold* word", "a <bold bold> word"),
        ("_it_, {{x = 1}}", "<italic it>, <mono x = 1>"),
        ("*bold and _both_*", "<bold bold and <italic both>>"),
        ("+new+ -old- x^2^ ", "<inserted new> <deleted old> x^2^ "),
        ("2*3*4 snake_case_name a-b-c", "2*3*4 snake_case_name a-b-c"),
        ("*never closed", "*never closed"),
        ("*a _b* c_", "<bold a _b> c_"),
        (r"\*not bold\*", "*not bold*"),
        ("one\ntwo", "one⏎two"),
        (r"one\\ two", "one⏎ two"),
        ("[Docs|https://x.example/a_b_c]", "<link https://x.example/a_b_c Docs>"),
        ("[https://x.example]", "<link https://x.example https://x.example>"),
        ("[Docs|https://x.example|smart-link]", "<link https://x.example Docs>"),
        ("[click|javascript:alert(1)]", "[click|javascript:alert(1)]"),
        ("[click|JaVaScRiPt:alert(1)] [x|data:text/html,1] [y|//evil.example]", "[click|JaVaScRiPt:alert(1)] [x|data:text/html,1] [y|//evil.example]"),
        ("!error.png|thumbnail! and [^server.log]", "<image error.png> and <image server.log>"),
        ("Stop! Now! Please", "Stop! Now! Please"),
        ("see DEMO-7, not UTF-8x", "see <key DEMO-7>, not UTF-8x"),
        ("(https://x.example/a_(b)).", "(<link https://x.example/a_(b) https://x.example/a_(b)>)."),
        ("{color:red}hot{color}", "hot"),
    ],
)  # fmt: skip
def test_wiki_markup_inside_a_line(text: str, read: str) -> None:
    assert told(inline(text, WIKI)) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a **bold** and *leaning* word", "a <bold bold> and <italic leaning> word"),
        ("`x*y*z` and ``a`b``", "<mono x*y*z> and <mono a`b>"),
        ("~~gone~~ __too__", "<deleted gone> <bold too>"),
        ("[Docs](https://x.example/a_b)", "<link https://x.example/a_b Docs>"),
        ("[**Docs** `x`](https://x.example)", "<link https://x.example <bold Docs> <mono x>>"),
        ("[click](javascript:alert(1))", "[click](javascript:alert(1))"),
        ("<https://x.example>", "<link https://x.example https://x.example>"),
        ("![shot](error.png)", "<image error.png>"),
        (r"\*plain\* 2*3*4", "*plain* 2*3*4"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("mail mailto:a@b.example, DEMO-7", "mail <link mailto:a@b.example mailto:a@b.example>, <key DEMO-7>"),
    ],
)  # fmt: skip
def test_markdown_inside_a_line(text: str, read: str) -> None:
    assert told(inline(text, MARKDOWN)) == read


def test_plain_text_has_links_and_keys_and_nothing_else() -> None:
    assert told(inline("*a* _b_ `c` https://x.example/?q=1. DEMO-7\nend", PLAIN)) == (
        "*a* _b_ `c` <link https://x.example/?q=1 https://x.example/?q=1>. <key DEMO-7>⏎end"
    )


def test_a_line_of_marks_is_cut_into_a_bounded_number_of_pieces() -> None:
    nodes = inline("*a " * 100_000, WIKI)
    assert told(nodes) == "*a " * 100_000
    assert len(nodes) < 60_000


def test_styles_nest_a_bounded_number_of_times() -> None:
    text = "".join(f"{mark}a " for mark in ["*", "_", "+", "^", "~", "??"] * 50)
    assert told(inline(text, WIKI)) == text
