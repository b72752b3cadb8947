# SPDX-License-Identifier: Apache-2.0
"""Markdown, as far as people use it in comments; a line break stays one, and HTML is text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.markup.inline import MARKDOWN, inline
from radiograph.domain.markup.lists import Entry, listings
from radiograph.domain.markup.tree import DEEPEST, Block, Cell, Code, Heading, Paragraph, Quote, Rule, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]{0,20}([^`]{0,300})$")
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_LIST = re.compile(r"([-*+]|[0-9]{1,9}[.)])\s+(\S.*)")
_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_RULE_LEAST, _MOST_COLUMNS = 3, 64


def read_markdown(text: str) -> tuple[Block, ...]:
    """The blocks of a text in Markdown; any text is some."""
    return tuple(_blocks(text.splitlines(), 0))


def _blocks(lines: Sequence[str], depth: int) -> list[Block]:
    reader = _Lines(lines, depth)
    while reader.at < len(lines):
        reader.step()
    reader.flush()
    return reader.blocks


class _Lines:
    """Lines on their way into blocks, with the paragraph or list that is under way."""

    def __init__(self, lines: Sequence[str], depth: int) -> None:
        self.blocks: list[Block] = []
        self.at = 0
        self._all, self._depth = lines, depth
        self._lines: list[str] = []
        self._entries: list[Entry] = []
        self._indents: list[int] = []

    def step(self) -> None:
        """Take a line, and those that belong to it."""
        line, bare = self._all[self.at], self._all[self.at].strip()
        if fence := _FENCE.match(bare):
            self._fenced(fence[1], fence[2].strip())
        elif bare.startswith(">") and self._depth < DEEPEST:
            self._quoted()
        elif self._is_table(bare):
            self._table()
        else:
            self.at += 1
            self._line(line, bare)

    def _line(self, line: str, bare: str) -> None:
        if not bare:
            self._blank()
        elif alone := _alone(bare):
            self.flush()
            self.blocks.append(alone)
        elif entry := _LIST.match(bare):
            self._entry(len(line) - len(line.lstrip()), entry)
        elif self._entries and (line[0].isspace() or not self._lines):
            self._entries[-1].lines.append(bare)
        else:
            self._lines.append(line.strip())

    def _blank(self) -> None:
        following = self._all[self.at] if self.at < len(self._all) else ""
        if not (self._entries and _LIST.match(following.strip())):
            self.flush()

    def _entry(self, indent: int, entry: re.Match[str]) -> None:
        if self._lines:
            self.flush()
        while self._indents and self._indents[-1] >= indent:
            self._indents.pop()
        self._indents = [*self._indents, indent][-DEEPEST:]
        text = entry[2]
        text = _BOXES.get(text[:4], text[:4]) + text[4:]
        self._entries.append(Entry(len(self._indents), entry[1][-1] in ".)", [text]))

    def _fenced(self, fence: str, title: str) -> None:
        self.flush()
        end = self.at + 1
        while end < len(self._all) and not _closes(self._all[end].strip(), fence):
            end += 1
        self.blocks.append(Code("\n".join(self._all[self.at + 1 : end]).rstrip(), title.partition("title=")[2].strip('"')))
        self.at = end + 1

    def _quoted(self) -> None:
        self.flush()
        inside = []
        while self.at < len(self._all) and (bare := self._all[self.at].lstrip()).startswith(">"):
            inside.append(bare[1:].removeprefix(" "))
            self.at += 1
        self.blocks.append(Quote(tuple(_blocks(inside, self._depth + 1))))

    def _is_table(self, bare: str) -> bool:
        following = self._all[self.at + 1].strip() if self.at + 1 < len(self._all) else ""
        return "|" in bare and "|" in following and "-" in following and not set(following) - set("|-: ")

    def _table(self) -> None:
        self.flush()
        rows = [_row(self._all[self.at], head=True)]
        self.at += 2
        while self.at < len(self._all) and "|" in self._all[self.at]:
            rows.append(_row(self._all[self.at], head=False))
            self.at += 1
        self.blocks.append(Table(tuple(rows)))

    def flush(self) -> None:
        """End what is under way."""
        if self._lines:
            self.blocks.append(Paragraph(inline("\n".join(self._lines), MARKDOWN)))
        self.blocks += listings(self._entries, MARKDOWN)
        self._lines, self._entries, self._indents = [], [], []


def _closes(bare: str, fence: str) -> bool:
    return bare.startswith(fence) and not bare.strip(fence[0])


def _alone(bare: str) -> Block | None:
    """What a line is by itself, if it is anything."""
    if heading := _HEADING.match(bare):
        return Heading(len(heading[1]), inline(heading[2].rstrip("#").rstrip(), MARKDOWN))
    marks = bare.replace(" ", "")
    return Rule() if len(marks) >= _RULE_LEAST and marks[0] in "-*_" and not marks.strip(marks[0]) else None


def _row(line: str, *, head: bool) -> tuple[Cell, ...]:
    texts = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"), maxsplit=_MOST_COLUMNS)
    return tuple(Cell(head, inline(text.strip(), MARKDOWN)) for text in texts)
