# SPDX-License-Identifier: Apache-2.0
"""The rows of a scenario outline's examples."""

from __future__ import annotations

import re

_EXAMPLES = re.compile(r"(Examples|Scenarios)\s*:")
_CELL = re.compile(r"((?:\\.|[^|])*)(\||$)")
_ESCAPE = re.compile(r"\\([|n\\])")


def example_values(scenario: str) -> list[list[str]]:
    """The values of each data row of every `Examples:` table, in order; header rows are left out."""
    rows: list[list[str]] = []
    inside = header = False
    for line in scenario.splitlines():
        text = line.strip()
        if _EXAMPLES.match(text):
            inside, header = True, True
        elif inside and text.startswith("|"):
            if not header:
                rows.append(_cells(text))
            header = False
        elif text and not text.startswith(("#", "@")):
            inside = False
    return rows


def _cells(row: str) -> list[str]:
    """The cells of a row that starts with `|`; the `|` at its end may be missing."""
    found = [(cell[1].strip(), cell[2]) for cell in _CELL.finditer(row, 1)]
    return [_ESCAPE.sub(lambda escape: "\n" if escape[1] == "n" else escape[1], text) for text, end in found if text or end]
