# SPDX-License-Identifier: Apache-2.0
"""Datasets: a Test's parameters and the rows of their values. Pure.

A column whose header ends in `*` is combinatorial: each of its values is combined with every row of the
others (Xray docs, Parameterized Tests).
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.issues import MAX_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_COLUMNS, MOST_ROWS = 100, 10_000
"""How many parameters a dataset has at most, and how many rows, as written and when they are combined."""
MOST_ITERATIONS = 100_000
"""How many iterations one request may make of datasets."""


class Column(Struct, frozen=True):
    """A parameter."""

    name: str
    combinatorial: bool = False

    @property
    def header(self) -> str:
        """Its name as a header has it."""
        return f"{self.name}*" if self.combinatorial else self.name


class Dataset(Struct, frozen=True):
    """Parameters, and rows with a cell for each of them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


def read_header(cells: Sequence[str]) -> tuple[Column, ...]:
    """The columns that a header names. Raises Refused that names the column (from 1)."""
    if len(cells) > MOST_COLUMNS:
        raise refused(1, None, f"a dataset has at most {MOST_COLUMNS} parameters, not {len(cells)}")
    columns: list[Column] = []
    for i, cell in enumerate(cells, 1):
        text = cell.strip()
        name = text.removesuffix("*").strip()
        if not name:
            raise refused(1, i, "the parameter has no name")
        if len(name) > MAX_NAME:
            raise refused(1, i, f"a parameter's name has at most {MAX_NAME} characters, not {len(name)}")
        if any(c.name == name for c in columns):
            raise refused(1, i, f"the parameter {cut(name)} is there twice")
        columns.append(Column(name, text.endswith("*")))
    return tuple(columns)


def make_dataset(header: Sequence[str], lines: Iterable[tuple[int, Sequence[str]]]) -> Dataset:
    """The dataset of a header and of lines (their number, their cells); blank lines are left out, short ones filled up.

    Raises Refused that names line and column.
    """
    columns = read_header(header)
    rows: list[tuple[str, ...]] = []
    for line, cells in lines:
        if len(cells) > len(columns):
            raise refused(line, len(columns) + 1, f"the line has {len(cells)} values for {len(columns)} parameters")
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            raise refused(line, None, f"a dataset has at most {MOST_ROWS} rows")
        rows.append((*cells, *[""] * (len(columns) - len(cells))))
    if not rows:
        raise refused(2, None, "there is no row of values below the header")
    dataset = Dataset(columns, tuple(rows))
    if (count := combined(dataset)) > MOST_ROWS:
        text = f"The combinatorial parameters make {count} rows of it; at most {MOST_ROWS} are possible."
        raise Refused(text, [Problem("file", text)])
    return dataset


def refused(line: int, column: int | None, problem: str) -> Refused:
    """An error that names a line, and a column where one is meant; both from 1."""
    place = f"line {line}" if column is None else f"line {line}, column {column}"
    return Refused(f"{place}: {problem}.", [Problem(place, problem)])


def combined(dataset: Dataset) -> int:
    """How many rows `resolve` gives."""
    plain, values = _split(dataset)
    return len(plain) * math.prod(map(len, values))


def check_iterations(datasets: Iterable[Dataset]) -> None:
    """Raise Refused when these datasets make more iterations together than one request may make."""
    if (count := sum(map(combined, datasets))) > MOST_ITERATIONS:
        raise Refused(f"The Tests' datasets make {count} iterations; add fewer Tests at once, {MOST_ITERATIONS} iterations at most.")


def resolve(dataset: Dataset) -> list[tuple[str, ...]]:
    """Every row of values in the order of the columns, combinatorial ones multiplied out."""
    plain, values = _split(dataset)
    places = [i for i, c in enumerate(dataset.columns) if c.combinatorial]
    others = [i for i, c in enumerate(dataset.columns) if not c.combinatorial]
    rows = []
    for row, chosen in itertools.product(plain, itertools.product(*values)):
        cells = dict(zip(others, row, strict=True)) | dict(zip(places, chosen, strict=True))
        rows.append(tuple(cells[i] for i in range(len(dataset.columns))))
    return rows


def _split(dataset: Dataset) -> tuple[list[tuple[str, ...]], list[list[str]]]:
    """The rows of the plain columns, and the values of each combinatorial one; where there are none, one empty."""
    others = [i for i, c in enumerate(dataset.columns) if not c.combinatorial]
    plain = [tuple(row[i] for i in others) for row in dataset.rows]
    plain = [row for row in plain if any(cell.strip() for cell in row)] or [("",) * len(others)]
    values = [
        list(dict.fromkeys(row[i] for row in dataset.rows if row[i].strip())) or [""]
        for i, c in enumerate(dataset.columns) if c.combinatorial
    ]  # fmt: skip
    return plain, values
