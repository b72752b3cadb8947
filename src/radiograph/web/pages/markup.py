# SPDX-License-Identifier: Apache-2.0
"""Comments and traces as HTML: every text is escaped here, and every tag and attribute is one of these."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from radiograph.domain.ansi import PLAIN, looks
from radiograph.domain.markup import tree
from radiograph.domain.markup.signs import read_text
from radiograph.domain.unseen import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from radiograph.domain.ansi import Look

_STYLES = {"bold": "strong", "italic": "em", "inserted": "ins", "deleted": "del", "above": "sup", "below": "sub", "cited": "cite"}
_LONG_WORD = re.compile(r"[!-~]{80}(?=[!-~])")


class Around(Struct, frozen=True):
    """What a text may name: keys of issues in these projects, and images by the names of these files (with their addresses)."""

    base: str = ""
    projects: frozenset[str] = frozenset()
    images: Mapping[str, str] = {}
    top: int = 1
    """The level of the text's first heading. A text stands below a heading of level 2: this one is a `h3`, deeper ones are `h4`."""


NOTHING = Around()


def rich(text: str, around: Around = NOTHING) -> Markup:
    """A text that people or tools wrote, as HTML; its markup is told by its signs (`domain/markup/signs.py`)."""
    return document(read_text(text), around)


def document(found: tree.Document, around: Around) -> Markup:
    """A text that was read, as HTML."""
    around = replace(around, top=next(_levels(found.blocks), 1))
    return Markup("".join(_block(b, around) for b in found.blocks))  # noqa: S704  (made of escaped pieces)


def _levels(blocks: Iterable[tree.Block]) -> Iterator[int]:
    for block in blocks:
        if isinstance(block, tree.Heading):
            yield block.level
        elif isinstance(block, tree.Quote):
            yield from _levels(block.blocks)


def trace(text: str, name: str = "", look: Look = PLAIN) -> Markup:
    """A trace or log, exact: the colours of its terminal kept, what can't be seen shown."""
    label = f' aria-label="{escape(name)}"' if name else ""
    return Markup(f'<pre class="trace" tabindex="0"{label}>{exact(text, look)}</pre>')  # noqa: S704  (made of escaped pieces)


def exact(text: str, look: Look = PLAIN) -> Markup:
    """The inside of a trace."""
    return Markup("".join(_looked(piece, how) for piece, how in looks(text, look)))  # noqa: S704  (made of escaped pieces)


def _looked(text: str, look: Look) -> str:
    inside = _seen(text, exact=True)
    flags = [name for name in ("bold", "dim", "italic", "underlined") if getattr(look, name)]
    classes = [f"ansi-{name}" for name in [*filter(None, [look.colour]), *flags]]
    return f'<span class="{" ".join(classes)}">{inside}</span>' if classes else inside


def _seen(text: str, *, exact: bool = False) -> str:
    return "".join(
        f'<span class="unseen" title="{escape(name)}">{shown}</span>' if name else str(escape(shown)) if exact else _breakable(shown)
        for shown, name in pieces(text, exact=exact)
    )


def _breakable(text: str) -> str:
    """The text, with places to break in its longest words: browsers take seconds to fit a word of thousands into a table."""
    ends = [0, *(found.end() for found in _LONG_WORD.finditer(text)), len(text)]
    return "<wbr>".join(str(escape(text[at:end])) for at, end in itertools.pairwise(ends))


def _block(block: tree.Block, around: Around) -> str:  # noqa: PLR0911  (one line a kind)
    match block:
        case tree.Paragraph(children):
            return f'<p dir="auto">{_inlines(children, around)}</p>'
        case tree.Heading(level, children):
            tag = "h3" if level <= around.top else "h4"
            return f'<{tag} dir="auto">{_inlines(children, around)}</{tag}>'
        case tree.Listing():
            return _listing(block, around)
        case tree.Table(rows):
            return f"<table>{''.join(_row(row, around) for row in rows)}</table>"
        case tree.Quote(blocks, title):
            head = f'<p class="title" dir="auto">{_seen(title)}</p>' if title else ""
            return f"<blockquote>{head}{''.join(_block(b, around) for b in blocks)}</blockquote>"
        case tree.Code(text, title):
            return f'<p class="title">{_seen(title)}</p>{trace(text, title)}' if title else str(trace(text))
        case _:
            return "<hr>"


def _listing(listing: tree.Listing, around: Around) -> str:
    tag = "ol" if listing.ordered else "ul"
    items = (
        f'<li dir="auto">{_inlines(item.children, around)}{"".join(_listing(below, around) for below in item.lists)}</li>'
        for item in listing.items
    )
    return f"<{tag}>{''.join(items)}</{tag}>"


def _row(row: Iterable[tree.Cell], around: Around) -> str:
    cells = "".join(
        f'<{"th" if c.head else "td"} dir="auto">{_inlines(c.children, around)}</{"th" if c.head else "td"}>' for c in row
    )  # fmt: skip
    return f"<tr>{cells}</tr>"


def _inlines(children: Iterable[tree.Inline], around: Around) -> str:
    return "".join(_inline(child, around) for child in children)


def _inline(node: tree.Inline, around: Around) -> str:  # noqa: PLR0911  (one line a kind)
    match node:
        case tree.Text(text):
            return _seen(text)
        case tree.Break():
            return "<br>"
        case tree.Mono(text):
            return f"<code>{_seen(text, exact=True)}</code>"
        case tree.Styled(style, children):
            return f"<{_STYLES[style]}>{_inlines(children, around)}</{_STYLES[style]}>"
        case tree.Link(address, children):
            # Asked once more here, where it counts: whoever builds a tree can't make a link run a script.
            inside = _inlines(children, around)
            return f'<a href="{escape(address)}" rel="noreferrer nofollow">{inside}</a>' if tree.is_web_address(address) else inside
        case tree.Key(text):
            known = text.rpartition("-")[0] in around.projects
            return f'<a class="key" href="{escape(around.base)}/browse/{quote(text)}">{text}</a>' if known else _seen(text)
        case tree.Image(name, source):
            return _image(name, source, around)


def _image(name: str, source: str, around: Around) -> str:
    address = escape(around.images.get(name, ""))
    return f'<a href="{address}"><img src="{address}" alt="{escape(name)}" loading="lazy"></a>' if address else _seen(source)
