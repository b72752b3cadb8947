# SPDX-License-Identifier: Apache-2.0
"""Reads an XML report from beginning to end in little memory, with the line of everything.

expat itself is driven, because its binding tells lines and document types, which `ElementTree` hides
(docs/decisions/0020-expat-itself.md). A document type is refused, and entities with it. Characters that
XML can't hold, as terminals write them into messages, are replaced by U+FFFD and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal
from xml.parsers import expat

from msgspec import Struct

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.formats.reading import check_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.formats.body import Body

_FIRST_PIECE, _LARGEST_PIECE = 64 * 1024, 16 * 1024 * 1024
"""Bytes given to expat at once: more while a token isn't at its end, which older versions read again from its beginning."""
_DEEPEST = 500
_LONGEST_REFERENCE = 12
_LEGAL_CONTROLS = b"\t\n\r"
_CONTROLS = bytes(c for c in range(0x20) if c not in _LEGAL_CONTROLS)
_TO_MARKS = bytes(ord("?") if c in _CONTROLS else c for c in range(256))
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_DECLARATION = 200
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_CUT_OFF = {expat.errors.codes[text] for text in (
    expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_PARTIAL_CHAR,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
)}  # fmt: skip
_INVALID = expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]
_PROLOG = re.compile(r"\ufeff?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)")
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ASCII_END = 0x80

Kind = Literal["start", "end", "whole"]


class Element(Struct, gc=False):
    """An element: its name without a prefix, its line (from 1), the text that stands directly in it."""

    name: str
    attrs: dict[str, str]
    line: int
    children: list[Element] = []
    text: str = ""

    def get(self, name: str, default: str = "") -> str:
        """An attribute."""
        return self.attrs.get(name, default)

    def find(self, *names: str) -> Element | None:
        """The first child of one of these names."""
        return next((c for c in self.children if c.name in names), None)

    def all(self, *names: str) -> Iterator[Element]:
        """The children of these names, in their order."""
        return (c for c in self.children if c.name in names)


def root_of(head: str) -> tuple[str, dict[str, str]] | None:
    """The name and attributes of the root element at the beginning of a text; None where that isn't XML."""
    prolog = _PROLOG.match(head)
    found = _ROOT.match(head, prolog.end() if prolog else 0)
    return None if found is None else (found[1], {m[1]: m[2] or m[3] or "" for m in _ATTRIBUTE.finditer(found[2])})


class XmlReport:
    """An XML report; after its events have been read, `notes` says what was mended in it."""

    def __init__(self, body: Body) -> None:
        """Take the bytes, in any encoding that their first line names."""
        self._view = memoryview(body)
        named = _ENCODING.match(bytes(self._view[:_DECLARATION]))
        self._utf_8 = named is None or named[1].lower() == b"utf-8"
        self._replaced = 0

    @property
    def notes(self) -> list[str]:
        """What was mended."""
        if not self._replaced:
            return []
        return [f"{self._replaced} control characters that XML can't hold were replaced"]

    def events(self, whole: Iterable[str], skip: Iterable[str] = ()) -> Iterator[tuple[Kind, Element]]:
        """The report's elements as they end, those named in `whole` with all that is in them.

        Other elements come twice: at their start, without their text, and at their end; those named in `skip`
        and all in them not at all. Raises UnreadableReport with the line.
        """
        tree = _Tree(frozenset(whole), frozenset(skip))
        counts: Counter[str] = Counter()
        for piece, last in self._pieces(tree):
            tree.feed(piece, last=last)
            if tree.events:
                events, tree.events = tree.events, []
                counts.update(element.name for kind, element in events if kind == "whole")
                check_count(max(counts.values(), default=0))
                yield from events

    def _pieces(self, tree: _Tree) -> Iterator[tuple[bytes, bool]]:
        wide = bytes(self._view[:2]) in _WIDE
        at, size, kept, before = 0, _FIRST_PIECE, b"", -1
        while True:
            piece = kept + bytes(self._view[at : at + size])
            at += size
            last = at >= len(self._view)
            kept = b"" if last or wide else piece[_cut(piece) :]
            yield piece if wide else self._mended(piece[: len(piece) - len(kept)]), last
            if last:
                return
            size = min(size * 2, _LARGEST_PIECE) if tree.at == before else _FIRST_PIECE
            before = tree.at

    def _mended(self, piece: bytes) -> bytes:
        found = len(piece) - len(piece.translate(None, _CONTROLS))
        if found:
            self._replaced += found
            piece = _CONTROL.sub(b"\xef\xbf\xbd", piece) if self._utf_8 else piece.translate(_TO_MARKS)
        return _REFERENCE.sub(self._reference, piece) if b"&#" in piece else piece

    def _reference(self, found: re.Match[bytes]) -> bytes:
        code = int(found[1], 16) if found[1] else int(found[2])
        if _may_stand(code):
            return found[0]
        self._replaced += 1
        return b"&#xFFFD;"


def _cut(piece: bytes) -> int:
    """Where a reference begins that the piece may have cut in two; its end where there is none."""
    at = piece.rfind(b"&", len(piece) - _LONGEST_REFERENCE if len(piece) > _LONGEST_REFERENCE else 0)
    return at if at >= 0 and b";" not in piece[at:] else len(piece)


def _may_stand(code: int) -> bool:
    """Whether XML 1.0 allows this character (section 2.2)."""
    return code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF  # noqa: PLR2004


class _Tree:
    """expat's calls turned into events."""

    def __init__(self, whole: frozenset[str], skip: frozenset[str]) -> None:
        self.events: list[tuple[Kind, Element]] = []
        self._fed = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartDoctypeDeclHandler = self._doctype
        self._listen(whole, skip)

    @property
    def at(self) -> int:
        """How far reading has come, in bytes."""
        return self._parser.CurrentByteIndex

    def feed(self, piece: bytes, *, last: bool) -> None:
        """Parse a piece; raises UnreadableReport."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise self._unreadable(error, piece, last=last) from None
        except (LookupError, ValueError) as error:
            raise _refused(f"has an encoding that can't be read ({error}); write it in UTF-8", 1) from None
        self._fed += len(piece)

    def _listen(self, whole: frozenset[str], skip: frozenset[str]) -> None:  # noqa: C901  (three small functions)
        """Set the handlers: closures, since they run for every element and attributes of `self` would cost a third of the time."""
        parser, tell = self._parser, self._tell
        stack: list[Element] = []
        texts: list[list[str]] = [[]]
        inside = skipped = 0

        def start(name: str, attrs: dict[str, str]) -> None:
            nonlocal inside, skipped
            if skipped or name in skip:
                skipped += 1
                return
            if ":" in name:
                name = name.rpartition(":")[2]
            element = Element(name, attrs, parser.CurrentLineNumber, [])
            if inside:
                stack[-1].children.append(element)
                inside += 1
            elif name in whole:
                inside = 1
            else:
                if texts[-1] and texts[-1][-1].isspace():
                    texts[-1].pop()  # between elements: of a long report it would add up
                tell("start", element)
            stack.append(element)
            texts.append([])
            if len(stack) > _DEEPEST:
                raise _refused("is nested too deeply to be a report", element.line)

        def end(_name: str) -> None:
            nonlocal inside, skipped
            if skipped:
                skipped -= 1
                return
            element, pieces = stack.pop(), texts.pop()
            if pieces:
                element.text = pieces[0] if len(pieces) == 1 else "".join(pieces)
            if not inside:
                tell("end", element)
                return
            inside -= 1
            if not inside:
                tell("whole", element)

        def text(piece: str) -> None:
            if not skipped:
                texts[-1].append(piece)

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text

    def _tell(self, kind: Kind, element: Element) -> None:
        self.events.append((kind, element))

    def _doctype(self, *_: object) -> None:
        raise _refused(
            "has a document type (DOCTYPE), which reports don't need and which can do harm; leave it out", self._parser.CurrentLineNumber
        )

    def _unreadable(self, error: expat.ExpatError, piece: bytes, *, last: bool) -> UnreadableReport:
        at = self._parser.ErrorByteIndex - self._fed
        if error.code in _CUT_OFF and last:
            return _refused("ends too early: it was cut off. Send it whole", error.lineno)
        if error.code == _INVALID and 0 <= at < len(piece) and piece[at] >= _ASCII_END:
            return _refused(
                f"has the byte 0x{piece[at]:02x}, which is not in its encoding: write it in UTF-8, or name its encoding in its first line",
                error.lineno,
            )
        return _refused(f"is not well-formed XML: {expat.ErrorString(error.code)}, in column {error.offset + 1}", error.lineno)


def _refused(problem: str, line: int) -> UnreadableReport:
    return UnreadableReport(f"The report can't be read. Line {line}: it {problem}.", [Problem(f"line {line}", problem)])
