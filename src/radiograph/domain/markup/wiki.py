# SPDX-License-Identifier: Apache-2.0
"""Jira's wiki markup."""

from __future__ import annotations

import re

from radiograph.domain.markup.inline import WIKI, inline
from radiograph.domain.markup.lists import Entry, listings
from radiograph.domain.markup.tree import Block, Cell, Code, Heading, Paragraph, Quote, Rule, Table

_TAG = re.compile(r"(\{(?:code|noformat|quote|panel)(?::[^{}\n]{0,300})?\})")
_HEADING = re.compile(r"h([1-6])\.\s+(.+)")
_LIST = re.compile(r"([*#]{1,20}|-)\s+(\S.*)")
_CELLS = re.compile(r"\[[^\[\]\n]{1,3000}\]|\{\{[^{}\n]{1,2000}\}\}|(?P<bar>\|\|?)|[^|\[{]+|.")
_MOST_COLUMNS = 64


def read_wiki(text: str) -> tuple[Block, ...]:
    """The blocks of a text in Jira's wiki markup; any text is some."""
    pieces = _TAG.split(text)
    blocks: list[Block] = []
    open_: list[tuple[str, str, list[Block]]] = []  # the tag, its title, and what was before it
    at = 0
    while at < len(pieces):
        if at % 2 == 0:
            blocks += _segment(pieces[at])
            at += 1
            continue
        name, title = _tag(pieces[at])
        if name in {"code", "noformat"}:
            end = _closing(pieces, at, name)
            blocks.append(Code(_trimmed("".join(pieces[at + 1 : end])), title))
            at = end + 1
            continue
        if any(o[0] == name for o in open_):
            while True:
                closed, said, before = open_.pop()
                before.append(Quote(tuple(blocks), said))
                blocks = before
                if closed == name:
                    break
        else:
            open_.append((name, title, blocks))
            blocks = []
        at += 1
    while open_:
        _, said, before = open_.pop()
        before.append(Quote(tuple(blocks), said))
        blocks = before
    return tuple(blocks)


def _tag(piece: str) -> tuple[str, str]:
    """A tag's name and its title."""
    name, _, rest = piece[1:-1].partition(":")
    options = [option.partition("=") for option in rest.split("|")]
    return name, next((value.strip() for key, sign, value in options if sign and key.strip() == "title"), "")


def _closing(pieces: list[str], at: int, name: str) -> int:
    """Where the tag closes; at the end of the text when it never does."""
    return next((i for i in range(at + 2, len(pieces), 2) if pieces[i] == f"{{{name}}}"), len(pieces))


def _trimmed(text: str) -> str:
    text = text.removeprefix("\r").removeprefix("\n")
    return text.rstrip()


def _segment(text: str) -> list[Block]:
    """The blocks of a text without tags."""
    reader = _Lines()
    for line in text.splitlines():
        reader.take(line)
    reader.flush()
    return reader.blocks


class _Lines:
    """Lines on their way into blocks: those of the paragraph, list or table that is under way."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._lines: list[str] = []
        self._entries: list[Entry] = []
        self._rows: list[tuple[Cell, ...]] = []

    def take(self, line: str) -> None:
        """One more line."""
        bare = line.strip()
        if not bare:
            self.flush()
        elif alone := _alone(bare):
            self.flush()
            self.blocks.append(alone)
        elif entry := _LIST.match(bare):
            self._begin(self._entries)
            self._entries.append(Entry(len(entry[1]), entry[1][-1] == "#", [entry[2]]))
        elif bare.startswith("|"):
            self._begin(self._rows)
            self._rows.append(_row(bare))
        elif self._entries:
            self._entries[-1].lines.append(bare)
        else:
            self._begin(self._lines)
            self._lines.append(line.rstrip())

    def _begin(self, kind: list[str] | list[Entry] | list[tuple[Cell, ...]]) -> None:
        """Go on with what is of this kind, and end what is of another."""
        if any(other and other is not kind for other in (self._lines, self._entries, self._rows)):
            self.flush()

    def flush(self) -> None:
        """End what is under way."""
        if self._lines:
            self.blocks.append(Paragraph(inline("\n".join(self._lines), WIKI)))
        self.blocks += listings(self._entries, WIKI)
        if self._rows:
            self.blocks.append(Table(tuple(self._rows)))
        # Emptied in place: `_begin` tells them apart by what they are.
        for kind in (self._lines, self._entries, self._rows):
            kind.clear()


def _alone(bare: str) -> Block | None:
    """What a line is by itself, if it is anything."""
    if heading := _HEADING.fullmatch(bare):
        return Heading(int(heading[1]), inline(heading[2], WIKI))
    if bare.startswith("bq. "):
        return Quote((Paragraph(inline(bare[4:].strip(), WIKI)),))
    return Rule() if len(bare) in {4, 5} and set(bare) == {"-"} else None


def _row(bare: str) -> tuple[Cell, ...]:
    """The cells of `||head||head||` or `|cell|cell|`; bars inside links and names separate nothing."""
    cells: list[tuple[bool, list[str]]] = []
    for piece in _CELLS.finditer(bare):
        if piece["bar"] and len(cells) < _MOST_COLUMNS:
            cells.append((piece["bar"] == "||", []))
        else:
            cells[-1][1].append(piece[0])
    if len(cells) > 1 and not "".join(cells[-1][1]).strip():
        cells.pop()  # the bar that ends the row
    return tuple(Cell(head, inline("".join(texts).strip(), WIKI)) for head, texts in cells)
