# SPDX-License-Identifier: Apache-2.0
"""What every reader of a report format has in common: what it is given, and how it is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import Problem, UnreadableReport, shown
from radiograph.domain.issues import TestType
from radiograph.domain.report import EvidenceFile, Report, TestInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_SUMMARY = 255
"""Jira's limit of a summary, in characters."""
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_LONGEST_SECONDS = 10 * 365 * 86_400
HEAD = 64 * 1024
"""So much of a report's beginning tells its format, in bytes."""


_FILES = 5
"""So many missing files are named."""
MOST_RESULTS = 1_000_000
"""So many results a report has at most; each takes about 1.5 kB of memory until it is stored."""


class Source(Struct, frozen=True):
    """A report as it came: the file's name ("" where it had none) and its bytes, which may be a memory map."""

    name: str
    data: memoryview


class ReadOptions(Struct, frozen=True):
    """How to read: `keep_output` makes evidence of what a test printed; an archive may unpack to `unpacked` bytes."""

    keep_output: bool = False
    unpacked: int = 2 * 1024**3


class Format(Struct, frozen=True):
    """A report format. `name` stands in addresses, `label` in messages.

    `looks_like` is asked with the beginning of a report as text; `read` raises UnreadableReport. Of a format whose
    reports are zips, `holds_results` tells by the names of its files whether a zip is one.
    Where a format has dialects that people know by names of their own, `dialect` is asked for that of a report by its beginning.
    """

    name: str
    label: str
    looks_like: Callable[[str], bool]
    read: Callable[[Source, ReadOptions], Report]
    holds_results: Callable[[Sequence[str]], bool] | None = None
    dialect: Callable[[str], str] | None = None

    def label_of(self, head: str) -> str:
        """What a report with this beginning is called in messages."""
        return self.dialect(head) if self.dialect else self.label


def base64_file(filename: str, content_type: str, text: str, path: str) -> EvidenceFile:
    """Evidence out of base64 in a report; `path` is its place there, for messages."""
    return EvidenceFile(filename, content_type, memoryview(b'"%b"' % text.strip().encode("utf-8", "replace")), path)


def plain_file(filename: str, content_type: str, data: bytes | memoryview, path: str) -> EvidenceFile:
    """Evidence out of bytes or a text of a report."""
    return EvidenceFile(filename, content_type, memoryview(data), path, plain=True)


def missing_files(names: Sequence[str]) -> str:
    """Words about files that a report names but doesn't hold; "" for none."""
    if not names:
        return ""
    more = f" and {len(names) - _FILES} more" if len(names) > _FILES else ""
    return f"the report names files that it doesn't hold, which were left out: {', '.join(map(shown, names[:_FILES]))}{more}"


def derived_test(definition: str, summary: str) -> TestInfo:
    """A Generic Test as a report implies it: found by its definition, and made with this summary where there is none."""
    return TestInfo(
        summary=summary.strip()[:MAX_SUMMARY] or definition[:MAX_SUMMARY], type=TestType.GENERIC, definition=definition, derived=True
    )


def seconds(text: str) -> float | None:
    """A duration as reports write it: `0.25`, `3,000.457` (groups of thousands), `1,5` (a decimal comma); None for others.

    One below zero, as clocks that were set back make it, or above ten years is none.
    """
    try:
        found = float(text)
    except ValueError:
        found = _grouped(text.strip())
    return found if 0 <= found <= _LONGEST_SECONDS else None


def _grouped(text: str) -> float:
    """A number with commas; one below zero for what is none."""
    try:
        return float(text.replace(",", "") if _GROUPED.fullmatch(text) else text.replace(",", "."))
    except ValueError:
        return -1.0


def check_count(count: int) -> None:
    """Raise UnreadableReport when a report has more results than can be held; asked before each is made."""
    if count > MOST_RESULTS:
        text = f"it has more than {MOST_RESULTS:,} results; send it in several reports"
        raise UnreadableReport(f"The report can't be read: {text}.", [Problem("$", text)])
