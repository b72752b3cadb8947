# SPDX-License-Identifier: Apache-2.0
"""The values of Xray's custom fields, in the shapes that its clients read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.domain.issues import Definition, TestType, option_id
from radiograph.web.jira.dates import jira_date

if TYPE_CHECKING:
    from radiograph.domain.issues import CustomField
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow


def custom_value(row: IssueRow, field: CustomField) -> Any:  # noqa: ANN401  (each field has its own shape)
    """What an issue has in a field; None when it has nothing there."""
    value = _values(row).get(field.meaning)
    if field.kind == "option" and isinstance(value, str):
        return {"value": value, "id": option_id(field, value)}
    return value


def _values(row: IssueRow) -> dict[str, Any]:
    parts = row.parts
    if row.execution is not None:
        return _of_execution(row.execution) | {
            "test_plan": row.plans, "tests": parts.tests, "execution_status": _counts(parts.counts),
        }  # fmt: skip
    if row.definition is not None:
        more = {"preconditions": parts.preconditions, "test_sets": parts.test_sets, "repository_path": parts.folder or None}
        return _of_definition(row.definition) | more
    if parts.condition is not None:
        return {"precondition_type": parts.condition[0].label, "condition": parts.condition[1] or None}
    return {
        "set_tests": parts.tests,
        "plan_tests": parts.tests,
        "plan_status": _counts(parts.counts),
        "requirement_status": parts.requirement,
    }


def _counts(counts: dict[str, int]) -> dict[str, Any]:
    return {"count": sum(counts.values()), "statuses": [{"name": name, "count": count} for name, count in counts.items()]}


def _of_execution(row: ExecutionRow) -> dict[str, Any]:
    return {
        "test_environments": row.environments, "revision": row.revision or None, "branch": row.branch or None,
        "begin": _date(row.begin_ms, row.begin_offset), "end": _date(row.end_ms, row.end_offset), "build": row.build_url or None,
    }  # fmt: skip


def _of_definition(d: Definition) -> dict[str, Any]:
    steps = [{"index": i, "fields": {"Action": s.action, "Data": s.data, "Expected Result": s.result}} for i, s in enumerate(d.steps, 1)]
    cucumber = d.type is TestType.CUCUMBER
    return {
        "test_type": d.type.label,
        "definition": d.text if d.type is TestType.GENERIC else None,
        "scenario": d.text if cucumber else None,
        "scenario_type": (d.scenario_type or "Scenario") if cucumber else None,
        "steps": {"steps": steps} if d.type is TestType.MANUAL else None,
    }


def _date(ms: int | None, offset: int) -> str | None:
    return None if ms is None else jira_date(ms, offset)
