# SPDX-License-Identifier: Apache-2.0
"""What stands inside a line: styles, names, links, keys, images.

One expression cuts a text into pieces from left to right. Its alternatives are bounded and never contain the
character that they begin with, so a text is walked a small number of times whatever is in it. Styles are closed by a
stack of at most `DEEPEST`; what is never closed is text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.markup.tree import DEEPEST, MOST, Break, Image, Inline, Key, Link, Mono, Styled, Text, is_web_address

if TYPE_CHECKING:
    from collections.abc import Mapping

_URL = r"""(?P<url>(?:https?://|mailto:)[^\s<>"|\[\]{}`\\^]{1,2000})"""
_KEY = r"(?P<key>(?<![\w/.#-])[A-Z][A-Z0-9_]{1,63}-[1-9][0-9]{0,17}(?![\w-]))"
_LINE = r"(?P<line>\n)"
_WIKI = re.compile(
    rf"""(?P<turn>\\\\(?=\s|$)\n?)|\\(?P<escaped>[\\*_+\-^~?{{}}\[\]!|\#])
    |\{{\{{(?P<mono>[^{{}}\s](?:[^{{}}\n]{{0,2000}}[^{{}}\s])?)\}}\}}|(?P<colour>\{{color(?::[^{{}}\n]{{0,40}})?\}})
    |\[(?P<link>[^\[\]\n]{{1,3000}})\]|!(?P<image>[^\s!|][^!\n|]{{0,300}})(?:\|[^!\n]{{0,300}})?!
    |{_URL}|{_KEY}|(?P<mark>\?\?|[*_+^~-])|{_LINE}""",
    re.VERBOSE,
)
_MARKDOWN = re.compile(
    rf"""(?P<turn>\\\n)|\\(?P<escaped>[!-/:-@\[-`{{-~])
    |``(?P<twice>(?:[^`\n]|`(?!`)){{1,2000}})``|`(?P<mono>[^`\n]{{1,2000}})`
    |!\[(?P<alt>[^\[\]\n]{{0,300}})\]\((?P<image>[^()\s]{{1,300}})\)
    |\[(?P<label>[^\[\]\n]{{1,1000}})\]\((?P<address>[^()\s]{{1,2000}}(?:\([^()\s]{{0,200}}\)[^()\s]{{0,200}})?)(?:\ "[^"\n]{{0,300}}")?\)
    |<(?P<auto>(?:https?://|mailto:)[^\s<>]{{1,2000}})>
    |{_URL}|{_KEY}|(?P<mark>\*\*|__|~~|[*_])|{_LINE}""",
    re.VERBOSE,
)
_PLAIN = re.compile(rf"{_URL}|{_KEY}|{_LINE}")
_WIKI_STYLES = {"*": "bold", "_": "italic", "+": "inserted", "-": "deleted", "^": "above", "~": "below", "??": "cited"}
_MARKDOWN_STYLES = {"**": "bold", "__": "bold", "*": "italic", "_": "italic", "~~": "deleted"}
_AFTER_URL = ".,;:!?'\"*_)"


class Dialect(Struct, frozen=True):
    """How a kind of markup is cut into pieces, and what its marks mean."""

    pattern: re.Pattern[str]
    styles: Mapping[str, str]


WIKI = Dialect(_WIKI, _WIKI_STYLES)
MARKDOWN = Dialect(_MARKDOWN, _MARKDOWN_STYLES)
PLAIN = Dialect(_PLAIN, {})


class _Frame(Struct):
    """A style that was opened and isn't closed yet; the first one is the text itself."""

    mark: str
    children: list[Inline]


def inline(text: str, dialect: Dialect) -> tuple[Inline, ...]:
    """The pieces of a text without a trailing line break."""
    return _Inlines(text, dialect).read()


class _Inlines:
    """One text on its way."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self._text, self._dialect = text, dialect
        self._stack = [_Frame("", [])]
        self._count = 0

    def read(self) -> tuple[Inline, ...]:
        """Cut the text, and close what is open at its end."""
        at = 0
        for found in self._dialect.pattern.finditer(self._text):
            if found.start() < at:
                continue  # inside an address that was taken back
            self._say(self._text[at : found.start()])
            at = self._take(found)
            self._count += 1
            if self._count >= MOST:
                break
        self._say(self._text[at:])
        while len(self._stack) > 1:
            self._give_up()
        return tuple(self._stack[0].children)

    def _add(self, node: Inline) -> None:
        self._stack[-1].children.append(node)

    def _say(self, text: str) -> None:
        if text:
            self._add(Text(text))

    def _take(self, found: re.Match[str]) -> int:
        """Add a piece; where the next one may begin."""
        kind = found.lastgroup or ""
        if kind == "mark":
            self._mark(found)
        elif kind == "url":
            return found.start() + self._address(found["url"])
        else:
            self._add(_piece(kind, found))
        return found.end()

    def _address(self, url: str) -> int:
        """A bare address, without what ends the sentence around it; how much of it was taken."""
        end = len(url.rstrip(_AFTER_URL))
        if url[end : end + 1] == ")" and "(" in url[:end]:
            end += 1
        taken = url[:end]
        self._add(Link(taken, (Text(taken),)) if is_web_address(taken) else Text(taken))
        return len(taken)

    def _mark(self, found: re.Match[str]) -> None:
        mark, text = found["mark"], self._text
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        inside = before and not before.isspace()
        if inside and not _is_word(after) and any(frame.mark == mark for frame in self._stack):
            self._close(mark)
        elif after and not after.isspace() and not _is_word(before) and len(self._stack) <= DEEPEST:
            self._stack.append(_Frame(mark, []))
        else:
            self._say(mark)

    def _close(self, mark: str) -> None:
        while self._stack[-1].mark != mark:
            self._give_up()
        frame = self._stack.pop()
        if frame.children:
            self._add(Styled(self._dialect.styles[mark], tuple(frame.children)))
        else:
            self._say(mark * 2)

    def _give_up(self) -> None:
        frame = self._stack.pop()
        self._say(frame.mark)
        self._stack[-1].children.extend(frame.children)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _piece(kind: str, found: re.Match[str]) -> Inline:  # noqa: PLR0911  (one line a kind)
    match kind:
        case "line" | "turn":
            return Break()
        case "escaped":
            return Text(found["escaped"])
        case "colour":
            return Text("")  # colour means status, and nothing that somebody liked
        case "mono" | "twice":
            return Mono(found[kind].strip() or found[kind])
        case "key":
            return Key(found["key"])
        case "image":
            return Image(found["image"].strip(), found[0])
        case "link":
            return _wiki_link(found)
        case "auto":
            return _link(found["auto"], (Text(found["auto"]),), found[0])
        case _:
            return _link(found["address"], inline(found["label"], _LABEL), found[0])


def _wiki_link(found: re.Match[str]) -> Inline:
    label, bar, address = found["link"].rpartition("|")
    if bar and label.rpartition("|")[2].startswith(("http://", "https://", "mailto:")):
        label, _, address = label.rpartition("|")  # a third part says how it opens
    address = address.strip()
    if address.startswith("^"):
        return Image(address[1:].strip(), found[0])
    return _link(address, (Text(label.strip() or address),), found[0])


def _link(address: str, children: tuple[Inline, ...], source: str) -> Inline:
    """A link where it leads to the web; else what was written."""
    return Link(address, children) if is_web_address(address) else Text(source)


_LABEL = Dialect(re.compile(r"`(?P<mono>[^`\n]{1,2000})`|(?P<mark>\*\*|__|~~|[*_])"), _MARKDOWN_STYLES)
