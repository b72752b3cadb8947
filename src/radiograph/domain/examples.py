# SPDX-License-Identifier: Apache-2.0
"""The rows of a scenario outline's examples."""

from __future__ import annotations

import re

_EXAMPLES = re.compile(r"(Examples|Scenarios)\s*:")
_CELL = re.compile(r"(?<!\\)\|")


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
                rows.append([_cell(c) for c in _CELL.split(text.strip("|"))])
            header = False
        elif text and not text.startswith(("#", "@")):
            inside = False
    return rows


def _cell(text: str) -> str:
    return text.strip().replace("\\|", "|").replace("\\n", "\n").replace("\\\\", "\\")
