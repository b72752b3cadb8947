# SPDX-License-Identifier: Apache-2.0
"""The Xray JSON format as it is written (vendor's schema, and what clients send beside it)."""

from __future__ import annotations

import functools
import operator
import types
from typing import Any, Literal

import msgspec
from msgspec import Raw, Struct


class WireEvidence(Struct, forbid_unknown_fields=True, rename="camel", gc=False):
    """A file; `data` stays the JSON token it was written as."""

    data: Raw = Raw()
    filename: str | None = None
    content_type: str | None = None


class WireStepResult(Struct, forbid_unknown_fields=True, rename="camel", gc=False):
    """The result of a step, by position."""

    status: str | None = None
    comment: str | None = None
    actual_result: str | None = None
    evidences: list[WireEvidence] | None = None
    evidence: list[WireEvidence] | None = None
    defects: list[str | None] | None = None


class WireParameter(Struct, forbid_unknown_fields=True, gc=False):
    """A parameter of an iteration; clients send numbers too."""

    name: str | int | float | None = None
    value: str | int | float | bool | None = None


class WireIteration(Struct, forbid_unknown_fields=True, gc=False):
    """One round of a data-driven Test."""

    name: str | None = None
    parameters: list[WireParameter] | None = None
    status: str | None = None
    steps: list[WireStepResult] | None = None
    log: str | None = None
    duration: str | int | float | None = None


class WireStep(Struct, forbid_unknown_fields=True, gc=False):
    """A step of a Manual Test."""

    action: str | None = None
    data: str | None = None
    result: str | None = None


class WireTestInfo(Struct, forbid_unknown_fields=True, rename="camel", gc=False):
    """What a result says of its Test."""

    project_key: str | None = None
    summary: str | None = None
    test_type: str | None = None
    type: str | None = None
    description: str | None = None
    requirement_keys: list[str | None] | str | None = None
    labels: list[str | None] | str | None = None
    steps: list[WireStep] | None = None
    scenario: str | None = None
    scenario_type: str | None = None
    definition: str | None = None


class WireCustomField(Struct, forbid_unknown_fields=True, gc=False):
    """A test run custom field; the value stays as it came."""

    id: int | str | None = None
    name: str | None = None
    value: Any = None


class WireTest(Struct, forbid_unknown_fields=True, rename="camel", gc=False):
    """A result. The order is the one that most clients write in, which decodes fastest."""

    test_key: str | None = None
    test_info: WireTestInfo | None = None
    start: str | None = None
    finish: str | None = None
    comment: str | None = None
    executed_by: str | None = None
    assignee: str | None = None
    status: str | None = None
    steps: list[WireStepResult] | None = None
    examples: list[str] | None = None
    iterations: list[WireIteration] | None = None
    defects: list[str | None] | None = None
    evidence: list[WireEvidence] | None = None
    evidences: list[WireEvidence] | None = None
    custom_fields: list[WireCustomField] | None = None
    results: Raw = Raw()
    test_version: Raw = Raw()


class WireInfo(Struct, forbid_unknown_fields=True, rename="camel", gc=False):
    """What a report says of its Test Execution."""

    project: str | None = None
    summary: str | None = None
    description: str | None = None
    version: str | None = None
    revision: str | None = None
    user: str | None = None
    start_date: str | None = None
    finish_date: str | None = None
    test_plan_key: str | None = None
    test_environments: list[str | None] | str | None = None


class WireReport(Struct, forbid_unknown_fields=True, rename="camel", gc=False):
    """The names at the root."""

    test_execution_key: str | None = None
    info: Raw = Raw()
    tests: list[Raw] | None = None


_LENIENT: dict[Any, Any] = {}


def lenient(kind: Any) -> Any:  # noqa: ANN401  (a Struct class in, its twin out)
    """The same struct, and those inside it, taking names that it doesn't know."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        if kind not in _LENIENT:
            fields = [(f.name, lenient(f.type), f.default) for f in msgspec.structs.fields(kind)]
            _LENIENT[kind] = msgspec.defstruct(kind.__name__, fields, rename=_RENAME, gc=False)
        return _LENIENT[kind]
    inside = getattr(kind, "__args__", None)
    if not inside:
        return kind
    if isinstance(kind, types.UnionType):
        return functools.reduce(operator.or_, map(lenient, inside))
    return types.GenericAlias(kind.__origin__, tuple(map(lenient, inside)))


_RENAME: Literal["camel"] = "camel"
