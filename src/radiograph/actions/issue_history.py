# SPDX-License-Identifier: Apache-2.0
"""What an issue's fields say, as texts: the difference of two moments is its history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from radiograph.domain.clock import format_instant
from radiograph.domain.issues import Definition, Priority, TestType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow


def differences(before: IssueRow, after: IssueRow, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(field, before, after) of each field that differs; `names` are those of custom fields by key."""
    old, new = dict(_texts(before, names)), dict(_texts(after, names))
    fields = list(dict.fromkeys([*old, *new]))
    return [(name, old.get(name, ""), new.get(name, "")) for name in fields if old.get(name, "") != new.get(name, "")]


def _texts(row: IssueRow, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from (("summary", row.summary), ("description", row.description), ("status", row.workflow))
    yield from (("assignee", row.assignee or ""), ("reporter", row.reporter or ""), ("labels", " ".join(row.labels)))
    yield "priority", Priority(row.priority).label
    yield "Parent", row.parts.parent.key if row.parts.parent else ""
    yield "Fix Version", ", ".join(v.name for v in row.versions)
    yield "Component", ", ".join(name for _, name in row.components)
    for key, value in row.other.items():
        yield names.get(key, _OTHER.get(key, key)), value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if row.execution is not None:
        yield from _execution(row.execution)
    if row.definition is not None:
        yield from _definition(row.definition)
    if row.parts.condition is not None:
        yield from (("Pre-Condition Type", row.parts.condition[0].label), ("Conditions", row.parts.condition[1]))
    yield "Test Repository Path", row.parts.folder
    yield "Pre-Conditions association with a Test", ", ".join(row.parts.preconditions)
    yield "Test Sets association with a Test", ", ".join(row.parts.test_sets)
    yield "Test Plan", ", ".join(row.plans)


_OTHER = {"versions": "Version", "environment": "Environment", "duedate": "Due Date"}


def _execution(row: ExecutionRow) -> Iterator[tuple[str, str]]:
    yield "Test Environments", ", ".join(row.environments)
    yield from (("Revision", row.revision), ("Branch", row.branch), ("Build", row.build_url))
    yield "Begin Date", format_instant(row.begin_ms, row.begin_offset) if row.begin_ms is not None else ""
    yield "End Date", format_instant(row.end_ms, row.end_offset) if row.end_ms is not None else ""


def _definition(d: Definition) -> Iterator[tuple[str, str]]:
    yield "Test Type", d.type.label
    if d.type is TestType.GENERIC:
        yield "Generic Test Definition", d.text
    if d.type is TestType.CUCUMBER:
        yield from (("Cucumber Scenario", d.text), ("Cucumber Test Type", d.scenario_type))
    yield "Manual Test Steps", "\n".join(f"{i}. {s.action} | {s.data} | {s.result}" for i, s in enumerate(d.steps, 1))
