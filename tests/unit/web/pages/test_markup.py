# SPDX-License-Identifier: Apache-2.0
"""Whatever is written in a comment: the page that shows it has our tags and no others."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from radiograph.web.pages.markup import Around, rich, trace

AROUND = Around("/base", frozenset({"DEMO"}), {"error.png": "/base/file/1/error.png"})
TAGS = {
    "p", "br", "strong", "em", "ins", "del", "sup", "sub", "cite", "code", "a", "img", "h3", "h4", "ul", "ol", "li", "table", "tr", "td",
    "th", "blockquote", "pre", "span", "hr", "wbr",
}  # fmt: skip
ATTRIBUTES = {"dir", "href", "rel", "src", "alt", "loading", "class", "title", "tabindex", "aria-label"}
ADDRESS = re.compile(r"https?://|mailto:|/base/", re.IGNORECASE)
SHAPES = [
    "*", "_", "{{", "}}", "{code}", "{code:title=<b>}", "{noformat}", "{quote}", '{panel:title=x"onload=y}', "h1. ", "bq. ", "||", "|", "[", "]", "!", "^",
    "](", "**", "__", "~~", "`", "```", "> ", "- ", "1. ", "# ", "\n", "\n\n", "    ", "\t", "javascript:alert(1)", "JAVASCRIPT:", "data:text/html,<b>",
    'https://x.example/"onclick=1', "http://", "mailto:", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"'&<>", "&lt;", "\x1b[31m",
    "\x1b]8;;javascript:1\x07", "\u202e", "\u2066", "\x00", "DEMO-7", "SECRET-1", "error.png", "![x](error.png)", "!error.png!", "[^error.png]", "\\",
    "---", "|---|---|", "a | b", "👩\u200d💻", "שלום",
]  # fmt: skip
texts = st.one_of(st.text(max_size=300), st.lists(st.one_of(st.sampled_from(SHAPES), st.text(max_size=4)), max_size=60).map("".join))


class Reader(HTMLParser):
    """Reads a piece of a page as a browser does, and notes what it met."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES
            if name in {"href", "src"}:
                assert ADDRESS.match(value or "")
        if tag not in {"br", "img", "hr", "wbr"}:
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, _data: str) -> None:
        pytest.fail("a comment")

    def handle_decl(self, _decl: str) -> None:
        pytest.fail("a declaration")


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@settings(max_examples=400, deadline=None)
@given(texts)
@example('[x|https://a.example/"><script>]')
@example('{panel:title="><script>}x{panel}')
@example('!["><b>](error.png)')
def test_a_comment_is_made_of_our_tags_alone(text: str) -> None:
    for page in (str(rich(text, AROUND)), str(trace(text, text))):
        assert read(page).deepest < 60
        assert not re.search(r"(?:href|src)=.?javascript", page, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [
        "*a " * 330_000, "{{" * 500_000, "[a" * 500_000, "!a" * 500_000, "> " * 500_000, "`" * 1_000_000, "* a\n" * 250_000, "{quote}" * 140_000,
        "|" * 1_000_000, "\n" * 1_000_000, "{code:" * 160_000, "A" * 1_000_000, "\x1b[" * 500_000, "https://" * 125_000, " " * 1_000_000 + "x",
        "_*" * 500_000, "\u202e" * 100_000, "```" + " " * 1_000_000 + "`", "- a\nb\n" * 160_000, "\\" * 1_000_000,
    ],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_hostile_texts_of_a_megabyte_and_of_the_longest_that_is_read_take_bounded_work(text: str) -> None:
    for given_text in (text, text[:200_000], "h1. x\n" + text[:199_000], "## x\n" + text[:199_000]):
        began = time.thread_time()
        rich(given_text, AROUND)
        assert time.thread_time() - began < 5


def test_links_keys_and_images_lead_only_where_they_may() -> None:
    page = str(rich("{{x}} DEMO-7 SECRET-1 !error.png! !other.png! [a|https://x.example/?a=1&b=2]", AROUND))
    assert '<a class="key" href="/base/browse/DEMO-7">DEMO-7</a> SECRET-1' in page
    assert '<img src="/base/file/1/error.png" alt="error.png" loading="lazy">' in page
    assert "!other.png!" in page
    assert '<a href="https://x.example/?a=1&amp;b=2" rel="noreferrer nofollow">a</a>' in page


def test_a_trace_keeps_its_colours_and_shows_what_hides() -> None:
    page = str(rich("\x1b[1;31mFAIL\x1b[0m <b> \u202e", AROUND))
    assert page == (
        '<pre class="trace" tabindex="0"><span class="ansi-red ansi-bold">FAIL</span> &lt;b&gt; '
        '<span class="unseen" title="RIGHT-TO-LEFT OVERRIDE">U+202E</span></pre>'
    )


def test_text_of_either_direction_finds_its_own() -> None:
    assert str(rich("שלום עולם", AROUND)) == '<p dir="auto">שלום עולם</p>'


def test_a_word_of_thousands_has_places_to_break() -> None:
    assert str(rich("<" * 200)) == f'<p dir="auto">{"&lt;" * 80}<wbr>{"&lt;" * 80}<wbr>{"&lt;" * 40}</p>'


def test_headings_begin_below_the_pages_own_and_skip_no_level() -> None:
    page = str(rich("h3. First\nh5. Deeper\nh1. Higher"))
    assert page == '<h3 dir="auto">First</h3><h4 dir="auto">Deeper</h4><h3 dir="auto">Higher</h3>'
