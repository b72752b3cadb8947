# SPDX-License-Identifier: Apache-2.0
"""Reads Cucumber JSON: of Cucumber for the JVM, JavaScript and Ruby, and of what writes the same (godog, pytest-bdd, Reqnroll)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, UnreadableReport
from radiograph.formats.behave import is_behave, is_features
from radiograph.formats.gherkin_json import read_features
from radiograph.formats.gherkin_results import Dialect
from radiograph.formats.reading import Format

if TYPE_CHECKING:
    from radiograph.domain.report import Report
    from radiograph.formats.reading import ReadOptions, Source

_NANOSECONDS = Dialect(unit=1e-9)
_MESSAGES = re.compile(
    r'\s*\{\s*"(?:meta"\s*:\s*\{.*"protocolVersion"|source"\s*:\s*\{.*"mediaType"|gherkinDocument"|testRunStarted")', re.DOTALL
)


def _looks_like(head: str) -> bool:
    return (is_features(head) and not is_behave(head)) or bool(_MESSAGES.match(head))


def _read(source: Source, options: ReadOptions) -> Report:
    head = bytes(source.data[:4096]).decode("utf-8", "replace")
    if _MESSAGES.match(head.removeprefix("\ufeff")):
        text = "these are Cucumber Messages (NDJSON); have Cucumber write its JSON report: --plugin json:report.json or --format json:report.json"
        raise UnreadableReport(f"The report can't be read: {text}.", [Problem("$", text)])
    return read_features(source, options, _NANOSECONDS)


FORMAT = Format("cucumber", "Cucumber JSON", _looks_like, _read)
