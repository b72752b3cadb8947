# SPDX-License-Identifier: Apache-2.0
"""Several reports of one request become one, which goes into one Test Execution. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.clock import earliest, latest
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.report import ExecutionInfo, RefusedResult, Report, TestResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def join(reports: Sequence[tuple[str, Report]]) -> Report:
    """One report of several, each with the name of its file, which stands before every place in it.

    The first that says something of the execution counts, but for its begin and end, which enclose all, and the lists,
    which add up. Raises Refused when they name different executions.
    """
    if len(reports) == 1:
        return reports[0][1]
    keys = list(dict.fromkeys(r.execution_key.strip().upper() for _, r in reports if r.execution_key))
    if len(keys) > 1:
        text = f"the reports of one request name different Test Executions: {', '.join(keys)}; send them in a request each"
        raise Refused(text[0].upper() + text[1:] + ".", [Problem("$", text)])
    whole = Report(keys[0] if keys else "", _info([r.info for _, r in reports]), [], [], [])
    for name, report in reports:
        start = len(whole.results) + len(whole.refused)
        whole.results += [_placed(result, name, start) for result in report.results]
        whole.refused += [_refused(result, name, start) for result in report.refused]
        whole.notes += [f"{name}: {note}" for note in report.notes]
    return whole


def _placed(result: TestResult, name: str, start: int) -> TestResult:
    for one in (result, *result.attempts):
        one.place = f"{name}: {one.path}"
    result.index += start
    return result


def _refused(result: RefusedResult, name: str, start: int) -> RefusedResult:
    problems = [Problem(f"{name}: {p.path}", p.problem) for p in result.problems]
    return RefusedResult(result.index + start, problems, result.test_key, result.definition)


def _info(infos: Sequence[ExecutionInfo]) -> ExecutionInfo:
    whole = ExecutionInfo(implied=all(i.implied for i in infos))
    for name in ("project", "user", "revision", "branch", "build_url"):
        setattr(whole, name, next((v for v in (getattr(i, name) for i in infos) if v), None))
    whole.transition = next((i.transition for i in infos if i.transition), "")
    whole.plan_keys = _union(i.plan_keys for i in infos)
    whole.environments = _union(i.environments or [] for i in infos) or None
    whole.begin = earliest(i.begin for i in infos)
    whole.end = latest(i.end for i in infos)
    for name in ("summary", "description", "labels", "components", "fix_versions", "assignee", "priority"):
        setattr(whole.fields, name, next((v for v in (getattr(i.fields, name) for i in infos) if v), None))
    return whole


def _union(lists: Iterator[list[str]]) -> list[str]:
    return list(dict.fromkeys(item for listed in lists for item in listed))
