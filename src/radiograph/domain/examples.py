# SPDX-License-Identifier: Apache-2.0
"""The rows of a scenario outline's examples."""

from __future__ import annotations

import re

from msgspec import Struct

_EXAMPLES = re.compile(r"(Examples|Scenarios)\s*:")
_CELL = re.compile(r"((?:\\.|[^|])*)(\||$)")
_ESCAPE = re.compile(r"\\([|n\\])")


class ExampleTable(Struct, frozen=True):
    """One `Examples:` table: the names of its columns, and its data rows."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


def example_tables(scenario: str) -> list[ExampleTable]:
    """Every `Examples:` table of a scenario, in order."""
    tables: list[ExampleTable] = []
    inside = header = False
    for line in scenario.splitlines():
        text = line.strip()
        if _EXAMPLES.match(text):
            inside, header = True, True
        elif inside and text.startswith("|"):
            cells = tuple(_cells(text))
            if header:
                tables.append(ExampleTable(cells, []))
            else:
                tables[-1].rows.append(cells)
            header = False
        elif text and not text.startswith(("#", "@")):
            inside = False
    return tables


def example_values(scenario: str) -> list[list[str]]:
    """The values of each data row of every `Examples:` table, in order; header rows are left out."""
    return [list(row) for table in example_tables(scenario) for row in table.rows]


def _cells(row: str) -> list[str]:
    """The cells of a row that starts with `|`; the `|` at its end may be missing."""
    found = [(cell[1].strip(), cell[2]) for cell in _CELL.finditer(row, 1)]
    return [_ESCAPE.sub(lambda escape: "\n" if escape[1] == "n" else escape[1], text) for text, end in found if text or end]
