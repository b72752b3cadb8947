# SPDX-License-Identifier: Apache-2.0
"""Reads TAP 12, 13 and 14 in the dialects of node, tap, tape, mocha, vitest, Perl's Test::More and prove, bats, pytest-tap and others.

The rules are those of the TAP 14 specification; what is not TAP is no error, as it says, but what tests printed.
"""

from __future__ import annotations

import re

from radiograph.domain.report import ExecutionInfo, Report
from radiograph.formats.reading import Format, ReadOptions, Source
from radiograph.formats.tap_stream import Stream
from radiograph.formats.text_lines import TextLines, without_colours

_LOOKED_AT = 60
_STRONG = re.compile(r"TAP version \d+|1\.\.\d+(?: *#.*)?|(?:not )?ok (?:\d+(?: .*)?|- .*)")


def _looks_like(head: str) -> bool:
    if head.lstrip()[:1] in {"<", "{", "["}:
        return False
    return any(_STRONG.fullmatch(without_colours(line).rstrip()) for line in head.split("\n")[:_LOOKED_AT])


def read_tap(source: Source, options: ReadOptions) -> Report:
    """The report in a TAP stream, or in several one behind the other. Nothing in it makes it unreadable."""
    lines = TextLines(source.data)
    stream = Stream(keep_output=options.keep_output)
    for number, line in lines:
        stream.read(number, line)
    results = stream.results()
    return Report("", ExecutionInfo(), results, [], [*stream.notes, *lines.notes])


FORMAT = Format("tap", "TAP", _looks_like, read_tap)
