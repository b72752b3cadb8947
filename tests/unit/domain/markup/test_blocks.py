# SPDX-License-Identifier: Apache-2.0
"""Headings, lists, tables, quotes and code of wiki markup and of Markdown."""

from __future__ import annotations

from radiograph.domain.markup.markdown import read_markdown
from radiograph.domain.markup.tree import Block, Cell, Code, Heading, Item, Listing, Paragraph, Quote, Rule, Table, Text
from radiograph.domain.markup.wiki import read_wiki


def words(text: str) -> tuple[Text, ...]:
    return (Text(text),)


def item(text: str, *lists: Listing) -> Item:
    return Item(words(text), lists)


def para(text: str) -> Paragraph:
    return Paragraph(words(text))


def test_wiki_headings_quotes_rules_and_paragraphs() -> None:
    assert read_wiki("h2. Steps\nfirst\n\nsecond\nbq. said\n----") == (
        Heading(2, words("Steps")), para("first"), para("second"), Quote((para("said"),)), Rule(),
    )  # fmt: skip


def test_wiki_code_stays_as_it_is_and_may_have_a_title() -> None:
    text = "before {code:java|title=Pay.java}\nint *a* = 1;\n  // {quote}\n{code} after\n{noformat}\n*x*"
    assert read_wiki(text) == (
        para("before"), Code("int *a* = 1;\n  // {quote}", "Pay.java"), para(" after"), Code("*x*"),
    )  # fmt: skip


def test_wiki_quotes_and_panels_hold_blocks_and_may_never_close() -> None:
    assert read_wiki("{panel:title=Note}\n* a\n{panel}\n{quote}open") == (
        Quote((Listing(ordered=False, items=(item("a"),)),), "Note"), Quote((para("open"),)),
    )  # fmt: skip


def test_wiki_lists_nest_and_change_their_kind() -> None:
    assert read_wiki("* a\n** b\n*# c\n* d\n# e\n- f") == (
        Listing(
            ordered=False,
            items=(item("a", Listing(ordered=False, items=(item("b"),)), Listing(ordered=True, items=(item("c"),))), item("d")),
        ),
        Listing(ordered=True, items=(item("e"),)),
        Listing(ordered=False, items=(item("f"),)),
    )


def test_wiki_tables_have_heads_and_links_with_bars() -> None:
    (table,) = read_wiki("||Step||Result||\n|[a|https://x.example]|ok|")
    assert isinstance(table, Table)
    assert [[c.head for c in row] for row in table.rows] == [[True, True], [False, False]]
    assert table.rows[0] == (Cell(head=True, children=words("Step")), Cell(head=True, children=words("Result")))


def test_markdown_headings_fences_rules_and_quotes() -> None:
    text = "# Top #\n```python title=\"x.py\"\na = '**b**'\n```\n---\n> said\n> > twice\n\nend"
    assert read_markdown(text) == (
        Heading(1, words("Top")), Code("a = '**b**'", "x.py"), Rule(), Quote((para("said"), Quote((para("twice"),)))), para("end"),
    )  # fmt: skip


def test_markdown_lists_nest_by_their_indent() -> None:
    assert read_markdown("1. a\n   - b\n   - [x] c\n2. d") == (
        Listing(ordered=True, items=(item("a", Listing(ordered=False, items=(item("b"), item("☑ c")))), item("d"))),
    )


def test_markdown_tables() -> None:
    (table,) = read_markdown("a | b\n--|:-:\n1 | 2\n")
    assert table == Table((
        (Cell(head=True, children=words("a")), Cell(head=True, children=words("b"))),
        (Cell(head=False, children=words("1")), Cell(head=False, children=words("2"))),
    ))  # fmt: skip


def depth(block: Block) -> int:
    match block:
        case Quote(blocks):
            return 1 + max(map(depth, blocks), default=0)
        case Listing(_, items):
            return 1 + max((depth(below) for i in items for below in i.lists), default=0)
        case _:
            return 0


def test_nesting_is_bounded() -> None:
    assert max(map(depth, read_markdown("> " * 500 + "x"))) <= 9
    assert max(map(depth, read_markdown("\n".join(" " * i + "- x" for i in range(400))))) <= 9
    assert max(map(depth, read_wiki("\n".join("*" * i + " x" for i in range(1, 20))))) <= 9
    assert max(map(depth, read_wiki("{quote}{panel}" * 5000))) <= 3
