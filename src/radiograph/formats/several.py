# SPDX-License-Identifier: Apache-2.0
"""Reads all that one request brings: a report, several, or zips of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.domain.joining import join
from radiograph.formats.archive import is_zip, unpack
from radiograph.formats.known import detect, formats, read_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.report import Report
    from radiograph.formats.reading import ReadOptions, Source

AUTO = "auto"
_SHOWN = 5


def read_reports(sources: Sequence[Source], name: str, options: ReadOptions) -> tuple[Report, str]:
    """One report of all sources, and the names of their formats. With the name "auto" each is told by its beginning.

    Of a zip every file that is a report is read, and the others are told. Raises UnreadableReport that names the file.
    """
    found: list[tuple[str, str, Report]] = []
    notes: list[str] = []
    for number, source in enumerate(sources, 1):
        if is_zip(source.data) and not _whole_zips(name):
            found += _read_zip(source, name, options, notes)
        else:
            found.append((source.name or f"report {number}", *_read(source, name, options)))
    report = join([(file, report) for file, _, report in found])
    report.notes += notes
    return report, ", ".join(dict.fromkeys(kind for _, kind, _ in found))


def _whole_zips(name: str) -> bool:
    """Whether a zip is one report of the format, as Allure's results are."""
    return name in formats() and formats()[name].holds_results is not None


def _read(source: Source, name: str, options: ReadOptions) -> tuple[str, Report]:
    kind = detect(source.data) if name == AUTO else None
    return kind.name if kind else name, read_report(source, name, options)


def _read_zip(source: Source, name: str, options: ReadOptions, notes: list[str]) -> list[tuple[str, str, Report]]:
    files = unpack(source, options.unpacked)
    names = [file.name for file in files]
    for kind in formats().values():
        if name == AUTO and kind.holds_results is not None and kind.holds_results(names):
            return [(source.name or "zip", kind.name, kind.read(source, options))]
    wanted, others = [], []
    for file in files:
        kind_of = detect(file.data)
        if kind_of is not None and name in {AUTO, kind_of.name}:
            wanted.append(file)
        else:
            others.append(file.name)
    if not wanted:
        text = f"none of the {len(files)} files in the zip is a report that can be read"
        raise UnreadableReport(text[0].upper() + text[1:] + f": {', '.join(names[:_SHOWN])}.", [Problem(source.name or "$", text)])
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        notes.append(f"{', '.join(others[:_SHOWN])}{more}: no report of {'a known format' if name == AUTO else name}, and left out")
    return [(file.name, *_read(file, name, options)) for file in wanted]
