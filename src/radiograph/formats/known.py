# SPDX-License-Identifier: Apache-2.0
"""The report formats that can be read, and how a report's format is told from its beginning."""

from __future__ import annotations

import codecs
import functools
import importlib
from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.formats.reading import HEAD, Format, ReadOptions, Source

if TYPE_CHECKING:
    from radiograph.domain.report import Report

AUTO = "auto"
"""What stands for a format's name where a report's format is told by its beginning."""
_MODULES = (
    "testng",
    "junit",
    "allure",
    "robot",
    "tap",
    "ctrf",
    "nunit",
    "xunit",
    "trx",
    "behave",
    "cucumber",
    "xray_json",  # any other JSON object
)
"""Modules with a `FORMAT`, in the order in which they are asked: the more particular ones first."""
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


@functools.cache
def formats() -> dict[str, Format]:
    """Every format by its name. Readers are loaded at the first call, so that commands that read nothing start quickly."""
    found = [importlib.import_module(f"radiograph.formats.{module}").FORMAT for module in _MODULES]
    return {f.name: f for f in found}


def detect(data: memoryview) -> Format | None:
    """The format of a report by its beginning; None when it is like none. An archive is looked into by who unpacks it."""
    return _like(head_of(data))


def _like(head: str) -> Format | None:
    return next((f for f in formats().values() if f.looks_like(head)), None)


def head_of(data: memoryview) -> str:
    """The beginning of a report as text, without a byte order mark."""
    head = bytes(data[:HEAD])
    encoding = next((name for mark, name in _WIDE if head.startswith(mark)), "utf-8-sig")
    return head.decode(encoding, "replace")


def format_of(source: Source, name: str) -> Format:
    """The named format, or with the name "auto" the one that a report looks like.

    Raises UnreadableReport that says what it looks like where it can't be read as what it was sent for.
    """
    head = head_of(source.data)
    if name == AUTO:
        found = _like(head)
        if found is None:
            known = ", ".join(f.label for f in formats().values())
            raise _wrong(source, f"its format can't be told from its beginning; what can be read is {known}")
        return found
    found = formats()[name]
    other = None if found.looks_like(head) else _like(head)
    if other is not None:
        path = "" if other.name == "xray" else f"/{other.name}"
        raise _wrong(source, f"this looks like {other.label_of(head)}, not {found.label}; send it to .../import/execution{path}")
    return found


def read_as(kind: Format, source: Source, options: ReadOptions) -> Report:
    """Read a report of a format; raises UnreadableReport."""
    report = kind.read(source, options)
    report.info.implied = kind.name != "xray"
    return report


def _wrong(source: Source, problem: str) -> UnreadableReport:
    what = f"The report {source.name}" if source.name else "The report"
    return UnreadableReport(f"{what} can't be read: {problem}.", [Problem("$", problem)])
