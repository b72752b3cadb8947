# SPDX-License-Identifier: Apache-2.0
"""Datasets as CSV (RFC 4180): the first line names the parameters, `,` stands between the values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from radiograph.domain.datasets import Dataset, make_dataset, refused, resolve
from radiograph.domain.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_dataset(data: bytes | memoryview) -> Dataset:
    """The dataset in a CSV file. Raises Refused that names line and column (from 1)."""
    try:
        text = str(data, "utf-8-sig")
    except UnicodeDecodeError as error:
        line = bytes(data[: error.start]).count(b"\n") + 1
        raise refused(line, None, f"the file is not UTF-8 (byte {error.start})") from None
    lines = _lines(text.replace("\0", "�"))
    header = next(lines, None)
    if header is None:
        raise Refused("The file is empty: its first line names the parameters.", [Problem("line 1", "the file is empty")])
    return make_dataset(header[1], lines)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that isn't empty, with the number that it begins at."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    first = 1
    try:
        for cells in reader:
            if cells:
                yield first, cells
            first = reader.line_num + 1
    except csv.Error as error:
        raise refused(max(first, reader.line_num), None, f"it is no CSV: {error}") from None


def write_dataset(dataset: Dataset, *, resolved: bool) -> str:
    """The dataset as CSV: `resolved` with every combination, else as it was written."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([c.name if resolved else c.header for c in dataset.columns])
    writer.writerows(resolve(dataset) if resolved else dataset.rows)
    return out.getvalue()
