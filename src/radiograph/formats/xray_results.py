# SPDX-License-Identifier: Apache-2.0
"""From the Xray JSON as it is written to a Report: empty texts, empty lists and nulls are as if absent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.errors import Problem, shown
from radiograph.domain.issues import MAX_NAME, IssueFields, Step, test_type
from radiograph.domain.report import EvidenceFile, ExecutionInfo, Iteration, StepResult, TestInfo, TestResult
from radiograph.formats.reading import MAX_SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from radiograph.formats import xray_wire as wire


def texts(value: Iterable[str | None] | str | None) -> list[str]:
    """The texts of a list (or of a comma list), without the empty ones."""
    parts = value.split(",") if isinstance(value, str) else value or []
    return [p.strip() for p in parts if p and p.strip()]


def read_info(info: wire.WireInfo, notes: list[str]) -> ExecutionInfo:
    """What the report says of its Test Execution; dates that can't be read are noted."""
    fields = IssueFields(
        summary=(info.summary or "")[:MAX_SUMMARY] or None,
        description=info.description or None,
        fix_versions=[_name(info.version, "$.info.version", notes)] if info.version else None,
    )
    if info.summary and len(info.summary) > MAX_SUMMARY:
        notes.append(f"$.info.summary is longer than {MAX_SUMMARY} characters and was cut")
    begin = _date(info.start_date, "$.info.startDate", notes)
    end = _date(info.finish_date, "$.info.finishDate", notes)
    if begin and end and end.ms < begin.ms:
        notes.append("$.info.finishDate is before startDate")
    return ExecutionInfo(
        project=(info.project or "").strip() or None, fields=fields, user=_name(info.user, "$.info.user", notes) or None,
        revision=info.revision or None, begin=begin, end=end, plan_keys=texts(info.test_plan_key),
        environments=[_name(n, "$.info.testEnvironments", notes) for n in texts(info.test_environments)] or None,
    )  # fmt: skip


def _name(text: str | None, path: str, notes: list[str]) -> str:
    name = text.strip() if text else ""
    if len(name) > MAX_NAME:
        notes.append(f"{path}: {shown(name)} is longer than {MAX_NAME} characters and was cut")
    return name[:MAX_NAME]


def _date(text: str | None, path: str, notes: list[str]) -> Instant | None:
    if not text:
        return None
    found = parse_instant(text)
    if found is None:
        notes.append(f"{path}: {shown(text)} is no date such as 2014-08-30T11:47:35+01:00; it was left out")
    return found


def read_result(index: int, test: wire.WireTest, problems: list[Problem]) -> TestResult:
    """One result; what makes it unusable goes to `problems`."""
    start = parse_instant(test.start) if test.start else None
    finish = parse_instant(test.finish) if test.finish else None
    result = TestResult(
        index, test.test_key.strip() if test.test_key else "", None, test.status or "", start, finish, test.comment or "",
        test.executed_by.strip() if test.executed_by else "", test.assignee.strip() if test.assignee else "",
    )  # fmt: skip
    if len(result.executed_by) > MAX_NAME or len(result.assignee) > MAX_NAME:
        result.executed_by = _name(result.executed_by, f"$.tests[{index}].executedBy", result.warnings)
        result.assignee = _name(result.assignee, f"$.tests[{index}].assignee", result.warnings)
    _check_dates(test, result)
    _parts(test, result, f"$.tests[{index}]")
    if test.test_info is not None:
        result.info = _info(test.test_info, f"$.tests[{index}].testInfo", problems)
    return result


def _check_dates(test: wire.WireTest, result: TestResult) -> None:
    start, finish = result.start, result.finish
    if start is None and test.start:
        _date(test.start, f"$.tests[{result.index}].start", result.warnings)
    if finish is None and test.finish:
        _date(test.finish, f"$.tests[{result.index}].finish", result.warnings)
    if start is not None and finish is not None and finish.ms < start.ms:
        result.warnings.append(f"$.tests[{result.index}].finish is before its start")


def _parts(test: wire.WireTest, result: TestResult, path: str) -> None:
    if test.evidence or test.evidences:
        result.evidence = _evidence(test, path)
    if test.defects:
        result.defects = list(dict.fromkeys(texts(test.defects)))
    if test.steps:
        result.steps = _steps(test.steps, f"{path}.steps")
    if test.examples:
        result.examples = test.examples
    if test.iterations:
        result.iterations = [_iteration(it, f"{path}.iterations[{i}]") for i, it in enumerate(test.iterations)]
    if test.custom_fields:
        result.custom_fields = [{"id": f.id, "name": f.name, "value": f.value} for f in test.custom_fields]
    if test.test_version and bytes(test.test_version) not in {b"null", b'""'}:
        result.warnings.append(f"{path}.testVersion is not supported; the result is of the Test's current definition")
    if test.results and bytes(memoryview(test.results)[:1]) == b"[" and bytes(test.results).strip() != b"[]":
        result.warnings.append(f"{path}.results is of an old format and was ignored; use steps, examples or iterations")


def _evidence(owner: wire.WireTest | wire.WireStepResult, path: str) -> list[EvidenceFile]:
    return [
        EvidenceFile(file.filename or "", file.content_type or "", memoryview(file.data) or None, f"{path}.{name}[{i}]")
        for name, files in (("evidence", owner.evidence), ("evidences", owner.evidences))
        for i, file in enumerate(files or [])
    ]


def _steps(steps: list[wire.WireStepResult], path: str) -> list[StepResult]:
    return [
        StepResult(
            s.status or "",
            s.comment or "",
            s.actual_result or "",
            _evidence(s, f"{path}[{i}]") if s.evidence or s.evidences else (),
            texts(s.defects) if s.defects else (),
        )
        for i, s in enumerate(steps)
    ]


def _iteration(iteration: wire.WireIteration, path: str) -> Iteration:
    return Iteration(
        iteration.status or "",
        iteration.name or "",
        [(_text(p.name), _text(p.value)) for p in iteration.parameters or []],
        _steps(iteration.steps or [], f"{path}.steps"),
        iteration.log or "",
        _text(iteration.duration),
    )


def _text(value: Any) -> str:  # noqa: ANN401  (any scalar of JSON)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _info(info: wire.WireTestInfo, path: str, problems: list[Problem]) -> TestInfo:
    summary = (info.summary or "").strip()
    if len(summary) > MAX_SUMMARY:
        problems.append(Problem(f"{path}.summary", f"is longer than {MAX_SUMMARY} characters"))
    name = info.test_type or info.type or ""
    return TestInfo(
        project_key=(info.project_key or "").strip() or None, summary=summary or None, type=test_type(name) if name else None,
        type_name=name, description=info.description or None, requirement_keys=texts(info.requirement_keys),
        labels=texts(info.labels) or None,
        steps=[Step(s.action or "", s.data or "", s.result or "") for s in info.steps] if info.steps else None,
        scenario=info.scenario or None, scenario_type=info.scenario_type or None, definition=info.definition or None,
    )  # fmt: skip
