# SPDX-License-Identifier: Apache-2.0
"""The table of formats: each cell is a test, and none is missing."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from tests.unit.formats.cells import FEATURES, Cell, Cells, Without

from radiograph.formats import known
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

TABLE: dict[str, Cells] = {
    name: importlib.import_module(f"tests.unit.formats.cells.{format_.looks_like.__module__.rpartition('.')[2]}").CELLS
    for name, format_ in known.formats().items()
}


@pytest.mark.parametrize(
    ("name", "feature"), [(name, feature) for name in TABLE for feature in FEATURES], ids=lambda word: word.replace(" ", "_")
)
def test_a_format_gives_what_its_reports_have(name: str, feature: str) -> None:
    cell = TABLE[name][feature]
    if isinstance(cell, Without):
        assert cell.why
        return
    found = read_reports([Source("report", memoryview(cell.document))], name, ReadOptions(keep_output=True))[0]
    cell.expect(found)


def test_the_table_is_whole_and_in_the_docs() -> None:
    assert {name: set(cells) for name, cells in TABLE.items()} == {name: set(FEATURES) for name in TABLE}
    lines = [
        f"| {name} | " + " | ".join("yes" if isinstance(cells[f], Cell) else "-" for f in FEATURES) + " |" for name, cells in TABLE.items()
    ]
    page = (Path(__file__).parents[3] / "docs" / "reference" / "formats" / "index.md").read_text("utf-8")
    assert [line for line in lines if line not in page] == []
