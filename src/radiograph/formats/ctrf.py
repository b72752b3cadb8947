# SPDX-License-Identifier: Apache-2.0
"""Reads CTRF, the Common Test Report Format: JSON with `results` that hold a tool, a summary and tests (ctrf.io, its JSON schema)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Raw, Struct

from radiograph.domain.clock import earliest, latest
from radiograph.domain.errors import Problem
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report
from radiograph.formats.ctrf_tests import read_test
from radiograph.formats.ctrf_values import instant, members, text, texts
from radiograph.formats.raw_json import RawJson
from radiograph.formats.reading import MAX_SUMMARY, Format, ReadOptions, Source, check_count

if TYPE_CHECKING:
    from radiograph.domain.report import TestResult

_NAMED = re.compile(r'"reportFormat"\s*:\s*"CTRF"', re.IGNORECASE)
_RESULTS = re.compile(r'"results"\s*:\s*\{')
_MEMBER = re.compile(r'"(?:tool|summary|tests)"\s*:')


def _looks_like(head: str) -> bool:
    if not head.lstrip("\ufeff \t\r\n").startswith("{"):
        return False
    results = _RESULTS.search(head)
    return _NAMED.search(head) is not None or (results is not None and _MEMBER.search(head, results.end()) is not None)


class _Results(Struct):
    tests: list[Raw] | None = None
    summary: Any = None
    environment: Any = None


class _Root(Struct):
    results: _Results


def read_ctrf(source: Source, options: ReadOptions) -> Report:
    """The report in a CTRF document. Raises UnreadableReport."""
    json = RawJson(source.data)
    root = json.root(_Root).results
    check_count(len(root.tests or ()))
    report = Report("", ExecutionInfo(), [], [], json.notes)
    for index, raw in enumerate(root.tests or ()):
        place = f"$.results.tests[{index}]"
        found = _one(json, raw, index, place, options)
        if isinstance(found, Problem):
            report.refused.append(RefusedResult(index, [found]))
        else:
            report.results.append(found)
    _take_environment(members(root.environment), report.info)
    _take_times(members(root.summary), report)
    return report


FORMAT = Format("ctrf", "CTRF JSON", _looks_like, read_ctrf)


def _one(json: RawJson, raw: Raw, index: int, place: str, options: ReadOptions) -> TestResult | Problem:
    test = json.result(raw, place)
    if isinstance(test, Problem):
        return test
    if not text(test.get("name")):
        return Problem(f"{place}.name", "the test has no name, so it can't be told which Test it is")
    return read_test(test, index, place, keep_output=options.keep_output)


def _take_environment(environment: dict[str, Any], info: ExecutionInfo) -> None:
    info.fields.summary = text(environment.get("reportName"))[:MAX_SUMMARY] or None
    info.revision = text(environment.get("commit")) or None
    info.branch = text(environment.get("branchName")) or None
    info.build_url = text(environment.get("buildUrl")) or None
    info.environments = texts(environment.get("testEnvironment")) or None


def _take_times(summary: dict[str, Any], report: Report) -> None:
    """The beginning and end of the run, as the summary has them, or else the first and last of the tests."""
    info, results = report.info, report.results
    info.begin = instant(summary.get("start")) or earliest(r.start for r in results)
    info.end = instant(summary.get("stop")) or latest(r.finish for r in results)
