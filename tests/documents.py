# SPDX-License-Identifier: Apache-2.0
"""The documents as the tests of them read them: links, headings, and the shell blocks that are to be run.

A block that is run has `<!-- run: demo -->` or `<!-- run: serve -->` above it, which names the server that it
talks to; what it prints may stand in the next block, with `<!-- prints -->` above it and `…` for what varies.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
_FENCE = re.compile(r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


class Run(NamedTuple):
    """A block to run: for the server of that kind, and what it has to print (None: whatever it likes)."""

    server: str
    script: str
    prints: str | None


def documents() -> list[Path]:
    """Every document, those of the pages first."""
    return [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / n for n in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]


def prose(path: Path) -> str:
    """The text of a document without its blocks of code."""
    return _FENCE.sub("", path.read_text("utf-8"))


def links(path: Path) -> list[str]:
    """The targets of the links and pictures."""
    return _LINK.findall(prose(path))


def anchors(path: Path) -> set[str]:
    """What a link to a heading can name, as both the site and a repository's pages make it."""
    return {slug(heading) for heading in _HEADING.findall(prose(path))}


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


def runs(path: Path) -> Iterator[Run]:
    """The blocks to run, in their order."""
    found = [(m["mark"] or "", m["text"]) for m in _FENCE.finditer(path.read_text("utf-8"))]
    for (mark, text), (following, printed) in zip(found, [*found, ("", "")][1:], strict=True):
        if mark.startswith("run: "):
            yield Run(mark.removeprefix("run: "), text, printed if following == "prints" else None)


def matches(expected: str, printed: str) -> bool:
    """Whether that was printed; `…` stands for anything."""
    pattern = ".*".join(map(re.escape, expected.strip().split("…")))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None
