# SPDX-License-Identifier: Apache-2.0
"""Reads all that one request brings: a report, several, or zips of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.domain.joining import join
from radiograph.formats.archive import is_zip, unpack
from radiograph.formats.known import AUTO, detect, format_of, formats, read_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.report import Report
    from radiograph.formats.reading import Format, ReadOptions, Source

_SHOWN = 5


def read_reports(sources: Sequence[Source], name: str, options: ReadOptions) -> tuple[Report, str]:
    """One report of all sources, and the names of their formats. With the name "auto" each is told by its beginning.

    Of a zip every file that is a report is read, and the others are told. Raises UnreadableReport that names the file.
    """
    found: list[tuple[str, Format, Source]] = []
    notes: list[str] = []
    for number, source in enumerate(sources, 1):
        if is_zip(source.data) and not _whole_zips(name):
            found += _in_zip(source, name, options, notes)
        else:
            found.append((source.name or f"report {number}", format_of(source, name), source))
    report = join([(file, read_as(kind, source, options)) for file, kind, source in found])
    report.notes += notes
    return report, ", ".join(dict.fromkeys(kind.name for _, kind, _ in found))


def _whole_zips(name: str) -> bool:
    """Whether a zip is one report of the format, as Allure's results are."""
    return name in formats() and formats()[name].holds_results is not None


def _in_zip(source: Source, name: str, options: ReadOptions, notes: list[str]) -> list[tuple[str, Format, Source]]:
    """The reports in a zip with their formats: the zip itself where it is one; what is none is noted."""
    files = unpack(source, options.unpacked)
    names = [file.name for file in files]
    whole = (kind for kind in formats().values() if kind.holds_results is not None and kind.holds_results(names))
    if name == AUTO and (kind := next(whole, None)) is not None:
        return [(source.name or "zip", kind, source)]
    wanted, others = [], []
    for file in files:
        found = detect(file.data)
        if found is not None and name in {AUTO, found.name}:
            wanted.append((file.name, found, file))
        else:
            others.append(file.name)
    if not wanted:
        text = f"none of the {len(files)} files in the zip is a report that can be read"
        raise UnreadableReport(text[0].upper() + text[1:] + f": {', '.join(names[:_SHOWN])}.", [Problem(source.name or "$", text)])
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        notes.append(f"{', '.join(others[:_SHOWN])}{more}: no report of {'a known format' if name == AUTO else name}, and left out")
    return wanted
