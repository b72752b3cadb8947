# SPDX-License-Identifier: Apache-2.0
"""What can be set when an issue is created or edited, as `createmeta` and `editmeta` tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from radiograph.domain.issues import FIELD_OPTIONS, FIELD_TYPES, PARENTS, READ_ONLY_FIELDS, IssueType, Priority, option_id
from radiograph.web.jira.project_shapes import SYSTEM_FIELDS, component_shape, custom_schema, project_shape, system_schema
from radiograph.web.jira.shapes import priority_shape, type_shape, version_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.projects import WholeProject
    from radiograph.domain.issues import CustomField

_WRITABLE = (
    "summary", "description", "project", "issuetype", "labels", "fixVersions", "versions", "components", "assignee", "reporter",
    "priority", "duedate", "environment", "issuelinks",
)  # fmt: skip
_REQUIRED = {"summary", "project", "issuetype"}
_OWN_LISTS = {"issues", "labels", "options"}


def fields_meta(whole: WholeProject, kind: IssueType, custom: Sequence[CustomField], base: str, *, creating: bool) -> dict[str, Any]:
    """By field: its name, kind of values, whether it is required, what can be done to it, and its options where they are known."""
    found: dict[str, Any] = {}
    names = [n for n in _WRITABLE if creating or n not in {"project", "issuetype"}]
    for name in [*names, *(["parent"] if kind in PARENTS else [])]:
        found[name] = {
            "required": name in _REQUIRED, "schema": _built(system_schema(name)), "name": SYSTEM_FIELDS[name][0], "fieldId": name,
            "hasDefaultValue": name == "priority", "operations": _operations(name),
        } | _allowed(name, whole, kind, base)  # fmt: skip
    if not creating:
        found["comment"] = {
            "required": False, "schema": _built(system_schema("comment")), "name": "Comment", "fieldId": "comment",
            "hasDefaultValue": False, "operations": ["add", "edit", "remove"],
        }  # fmt: skip
    for field in custom:
        if kind in FIELD_TYPES.get(field.meaning, {kind}) and field.meaning not in READ_ONLY_FIELDS:
            found[field.key] = _custom(field)
    return found


def _custom(field: CustomField) -> dict[str, Any]:
    operations = ["add", "set", "remove"] if field.kind in _OWN_LISTS else ["set"]
    shown = {
        "required": False, "schema": _built(custom_schema(field)), "name": field.name, "fieldId": field.key, "hasDefaultValue": False,
        "operations": operations,
    }  # fmt: skip
    options = FIELD_OPTIONS.get(field.meaning)
    return shown | ({"allowedValues": [{"id": option_id(field, o), "value": o} for o in options]} if options else {})


def _operations(name: str) -> list[str]:
    if name == "issuelinks":
        return ["add"]
    return ["add", "set", "remove"] if SYSTEM_FIELDS[name][1] == "array" else ["set"]


def _allowed(name: str, whole: WholeProject, kind: IssueType, base: str) -> dict[str, Any]:
    values: dict[str, list[Any]] = {
        "project": [project_shape(whole.row, base)],
        "issuetype": [type_shape(kind, base)],
        "priority": [priority_shape(int(p), base) for p in Priority],
        "fixVersions": [version_shape(v, base) for v in whole.versions],
        "versions": [version_shape(v, base) for v in whole.versions],
        "components": [component_shape(c, whole.row.key, base) for c in whole.components],
    }
    return {"allowedValues": _built(values[name])} if name in values else {}


def _built(value: Any) -> Any:  # noqa: ANN401
    return msgspec.to_builtins(value)


def create_meta(
    wholes: Sequence[WholeProject], kinds: Sequence[IssueType], custom: Sequence[CustomField], base: str, *, with_fields: bool
) -> dict[str, Any]:
    """Projects with the issue types that can be created in them, and their fields when they are asked for."""
    return {
        "expand": "projects",
        "projects": [
            _built(project_shape(whole.row, base))
            | {
                "issuetypes": [
                    _built(type_shape(k, base)) | ({"fields": fields_meta(whole, k, custom, base, creating=True)} if with_fields else {})
                    for k in kinds
                ]
            }
            for whole in wholes
        ],
    }
