# SPDX-License-Identifier: Apache-2.0
"""Files as the page of a run shows them: in place where that is safe, and always with a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup  # noqa: TC002  (msgspec reads the annotations)
from msgspec import Struct

from radiograph.evidence.kinds import kind_of
from radiograph.web.addresses import attachment_address
from radiograph.web.pages.markup import Around, exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.runs import EvidenceRow

LINES, _LINE = 40, 1000


class File(Struct):
    """A file: its address, that of its page, how it is shown (`evidence/kinds.py`), and of a text its first lines."""

    name: str
    size: int
    href: str
    page: str
    kind: str
    lines: list[Markup]
    more: bool


class Showing(Struct):
    """What showing parts of a run takes: the base path, what texts may name, and the beginnings of text files by evidence id."""

    base: str
    around: Around
    texts: Mapping[int, str]


def file_line(row: EvidenceRow | AttachmentRow, showing: Showing) -> File:
    """A file, with its first lines where they were read."""
    text = showing.texts.get(row.id, "")
    lines = text.split("\n", LINES + 1) if "\0" not in text else []
    shown = [exact(line[:_LINE].removesuffix("\r")) for line in lines[:LINES]]
    more = len(lines) > LINES or len(text.encode()) < row.size or any(len(line) > _LINE for line in lines[:LINES])
    kind = kind_of(row.content_type, row.filename)
    address = attachment_address(showing.base, row.id, row.filename)
    return File(row.filename, row.size, address, f"{showing.base}/evidence/{row.id}", kind, shown, bool(shown) and more)


def images(rows: Iterable[EvidenceRow | AttachmentRow], base: str) -> dict[str, str]:
    """The addresses of the images among these files, by name: what a comment may show."""
    return {r.filename: attachment_address(base, r.id, r.filename) for r in rows if kind_of(r.content_type, r.filename) == "image"}
