# SPDX-License-Identifier: Apache-2.0
"""The table that the benchmark prints, and its JSON."""

from __future__ import annotations

import dataclasses
import json
import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclasses.dataclass
class Row:
    """One measurement: seconds (or another unit) beside its floor, and the target of the ratio or the value."""

    work: str
    unit: str
    values: list[float]
    floor: list[float] = dataclasses.field(default_factory=list)
    target: str = ""
    note: str = ""

    @property
    def median(self) -> float:
        """The median value."""
        return statistics.median(self.values)

    @property
    def ratio(self) -> float | None:
        """Median by median of the floor, or None without one."""
        return self.median / statistics.median(self.floor) if self.floor else None

    def cells(self) -> list[str]:
        """What the table shows."""
        floor = f"{statistics.median(self.floor):.3f}" if self.floor else ""
        ratio = f"{self.ratio:.2f}" if self.ratio else ""
        spread = f"{min(self.values):.3f}-{max(self.values):.3f}" if len(self.values) > 1 else ""
        return [self.work, f"{self.median:.3f} {self.unit}", spread, floor, ratio, self.target, self.note]


HEAD = ["work", "median", "min-max", "floor", "ratio", "target", "note"]


def show(rows: Sequence[Row]) -> str:
    """A table in Markdown, its columns aligned."""
    cells = [HEAD, *(r.cells() for r in rows)]
    widths = [max(len(c[i]) for c in cells) for i in range(len(HEAD))]
    lines = ["| " + " | ".join(text.ljust(w) for text, w in zip(c, widths, strict=True)) + " |" for c in cells]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def keep(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([dataclasses.asdict(r) | {"ratio": r.ratio} for r in rows], indent=1), "utf-8")
