# SPDX-License-Identifier: Apache-2.0
"""What is read of TAP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report


def _statuses(found: Report) -> None:
    assert [r.status for r in found.results] == ["PASS", "FAIL", "TODO", "TODO", "TODO"]


CELLS: Cells = {
    "statuses": Cell(b"1..5\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no network\nnot ok 4 - d # TODO later\nok 5 - e # TODO\n", _statuses),
    "keys": Without("TAP has no place for keys"),
    "requirements": Without("TAP has no place for requirements"),
    "steps": Without("TAP has no steps; the points of a subtest are Tests"),
    "examples": Without("TAP has no scenarios"),
    "iterations": Without("TAP has no parameters"),
    "evidence": Without("TAP has no files, but for what tests printed"),
    "retries": Without("TAP has no reruns"),
}
