# SPDX-License-Identifier: Apache-2.0
"""Reads the body that Jira takes to create or edit any issue, Xray's custom fields included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from radiograph.domain.errors import Problem, Refused, shown
from radiograph.domain.issues import Definition, IssueFields, IssueType, Step, TestType, issue_type, test_type
from radiograph.domain.report import ExecutionInfo
from radiograph.formats.jira_info import InfoReader, project_of, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.domain.issues import CustomField


class IssueBody(Struct):
    """What a body sets: `definition` is None when it says nothing of the Test's."""

    project: str | None
    type: IssueType | None
    fields: IssueFields
    definition: Definition | None = None
    info: ExecutionInfo = field(default_factory=ExecutionInfo)
    label_changes: list[tuple[str, str]] = []


def read_issue(body: Any, fields: Mapping[str, CustomField]) -> IssueBody:  # noqa: ANN401  (any JSON)
    """The issue in a body. Raises Refused with the field's name as the path."""
    given = body.get("fields") if isinstance(body, dict) else body
    if not isinstance(body, dict) or not (given is None or isinstance(given, dict)):
        raise Refused("The body must be an object with the member fields.", [Problem("fields", "must be an object")])
    given = (given or {}) | _set_by_update(body.get("update"))
    meanings = {key: f.meaning for key, f in fields.items()}
    ours = {meanings.get(k): v for k, v in given.items() if meanings.get(k) in _DEFINITIONS and v not in (None, "")}
    reader = InfoReader(fields)
    info = reader.read({k: v for k, v in given.items() if meanings.get(k) not in _DEFINITIONS and k != "issuetype"})
    return IssueBody(
        project_of(given.get("project")), _type(given.get("issuetype")), info.fields, _definition(ours), info, _label_changes(body)
    )


_DEFINITIONS = {"test_type", "definition", "scenario", "scenario_type", "steps"}


def _set_by_update(update: Any) -> dict[str, Any]:  # noqa: ANN401
    found = {}
    for name, operations in (update or {}).items() if isinstance(update, dict) else ():
        for operation in operations if isinstance(operations, list) else ():
            if isinstance(operation, dict) and "set" in operation:
                found[name] = operation["set"]
    return found


def _label_changes(body: dict[str, Any]) -> list[tuple[str, str]]:
    update = body.get("update")
    operations = update.get("labels") if isinstance(update, dict) else None
    return [
        (verb, str(op[verb]))
        for op in (operations if isinstance(operations, list) else [])
        for verb in ("add", "remove")
        if isinstance(op, dict) and verb in op
    ]


def _type(value: Any) -> IssueType | None:  # noqa: ANN401
    if value in (None, "", {}):
        return None
    named = value.get("id") or value.get("name") if isinstance(value, dict) else value
    found = issue_type(str(named))
    if found is None:
        names = ", ".join(k.label for k in IssueType)
        text = f"{shown(str(named))} is no issue type; use one of {names}"
        raise Refused(text, [Problem("issuetype", text)])
    return found


def _definition(ours: dict[str | None, Any]) -> Definition | None:
    if not ours:
        return None
    named = (values(ours.get("test_type")) or [""])[0]
    kind = test_type(named) if named else _implied(ours)
    if kind is None:
        raise Refused("Test Type", [Problem("Test Type", f"{shown(named)} is not a test type; use Manual, Cucumber or Generic")])
    if kind is TestType.MANUAL:
        return Definition(kind, steps=_steps(ours.get("steps")))
    if kind is TestType.GENERIC:
        return Definition(kind, str(ours.get("definition") or ""))
    outline = (values(ours.get("scenario_type")) or ["Scenario"])[0]
    return Definition(kind, str(ours.get("scenario") or ""), outline)


def _implied(ours: dict[str | None, Any]) -> TestType:
    if "scenario" in ours:
        return TestType.CUCUMBER
    return TestType.GENERIC if "definition" in ours else TestType.MANUAL


def _steps(value: Any) -> tuple[Step, ...]:  # noqa: ANN401
    """Steps in either of the vendor's shapes: `{index, fields: {...}}`, or `{index, step, data, result}`."""
    listed = value.get("steps") if isinstance(value, dict) else value
    steps = []
    for step in listed if isinstance(listed, list) else []:
        if not isinstance(step, dict) or not isinstance(step.get("fields", {}), dict):
            raise Refused("Manual Test Steps", [Problem("Manual Test Steps", f"a step must be an object, not {str(step)[:80]}")])
        named = {k.lower(): _raw(v) for k, v in (step.get("fields") or step).items()}
        action = named.get("action") or named.get("step") or ""
        result = named.get("expected result") or named.get("result") or ""
        steps.append(Step(action, named.get("data") or "", result))
    return tuple(steps)


def _raw(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        value = value.get("raw") or value.get("value")
    return "" if value is None else str(value)
