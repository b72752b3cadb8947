# SPDX-License-Identifier: Apache-2.0
"""The tree that a comment is read into. It holds texts and addresses only; how it looks is the reader's business."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

LONGEST = 200_000
"""So many characters of a text are read for markup; a longer one is a log, and shown as it is."""
DEEPEST = 8
"""So deep go quotes, lists and styles; what is deeper stays text."""
MOST = 20_000
"""So many pieces a paragraph has at most; the rest of one that has more is one piece."""


class Text(Struct, frozen=True):
    """Characters as they are."""

    text: str


class Break(Struct, frozen=True):
    """The end of a line inside a paragraph."""


class Mono(Struct, frozen=True):
    """A name, a path or a value, character for character."""

    text: str


class Styled(Struct, frozen=True):
    """Text that stands out: `style` is bold, italic, inserted, deleted, above, below or cited."""

    style: str
    children: tuple[Inline, ...]


class Link(Struct, frozen=True):
    """A link to an address that begins with `http://`, `https://` or `mailto:`, and to nothing else."""

    address: str
    children: tuple[Inline, ...]


class Key(Struct, frozen=True):
    """What may be the key of an issue, such as DEMO-7; whether it is one, only the store knows."""

    text: str


class Image(Struct, frozen=True):
    """An image by the name of a file; `source` is how it was written, for where there is no such file."""

    name: str
    source: str


Inline: TypeAlias = Text | Break | Mono | Styled | Link | Key | Image


class Paragraph(Struct, frozen=True):
    """Lines that belong together."""

    children: tuple[Inline, ...]


class Heading(Struct, frozen=True):
    """A heading of level 1 to 6."""

    level: int
    children: tuple[Inline, ...]


class Item(Struct, frozen=True):
    """An entry of a list with the lists below it."""

    children: tuple[Inline, ...]
    lists: tuple[Listing, ...] = ()


class Listing(Struct, frozen=True):
    """A list, numbered where it is `ordered`."""

    ordered: bool
    items: tuple[Item, ...]


class Cell(Struct, frozen=True):
    """A cell of a table; `head` says that it names a row or a column."""

    head: bool
    children: tuple[Inline, ...]


class Table(Struct, frozen=True):
    """A table; its rows may differ in length."""

    rows: tuple[tuple[Cell, ...], ...]


class Quote(Struct, frozen=True):
    """What somebody else said, or a panel with its title."""

    blocks: tuple[Block, ...]
    title: str = ""


class Code(Struct, frozen=True):
    """Code, a log or a trace: character for character, with the colours of a terminal if it has any."""

    text: str
    title: str = ""


class Rule(Struct, frozen=True):
    """A line between two parts."""


Block: TypeAlias = Paragraph | Heading | Listing | Table | Quote | Code | Rule


class Document(Struct, frozen=True):
    """A text that was read; `kind` is wiki, markdown, prose or trace (one `Code`, the text itself)."""

    kind: str
    blocks: tuple[Block, ...]


def is_web_address(text: str) -> bool:
    """Whether a link may lead there: http, https or mailto, and no control character."""
    return text.lower().startswith(("http://", "https://", "mailto:")) and text.isprintable() and " " not in text
