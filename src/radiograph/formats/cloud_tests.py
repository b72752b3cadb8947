# SPDX-License-Identifier: Apache-2.0
"""Tests as Xray Cloud takes them in bulk, as bodies that Jira takes to create an issue (Xray Cloud docs, Import Tests - REST v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.domain.errors import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from radiograph.domain.issues import CustomField

_MEANINGS = {
    "testtype": "test_type", "steps": "steps", "gherkin_def": "scenario", "unstructured_def": "definition",
    "xray_test_sets": "test_sets", "xray_preconditions": "preconditions", "xray_test_repository_folder": "repository_path",
}  # fmt: skip
_TYPES = {"test", "precondition", "pre-condition"}


def read_test(value: Any, fields: Iterable[CustomField]) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    """The body that creates one element of the list. Raises Refused with the member's name."""
    if not isinstance(value, dict) or not isinstance(value.get("fields"), dict):
        raise Refused('Each Test is an object with "fields", as Jira takes them.', [Problem("fields", "must be an object")])
    keys = {f.meaning: f.key for f in fields}
    given = {"issuetype": {"name": "Test"}} | value["fields"]
    for name, meaning in _MEANINGS.items():
        if value.get(name) not in (None, "", []):
            given[keys[meaning]] = {"value": value[name]} if name == "testtype" else value[name]
    if value.get("xray_issue_type") and str(value["xray_issue_type"]).lower() not in _TYPES:
        raise Refused("only Tests can be imported in bulk", [Problem("xray_issue_type", "must be test")])
    folder = value.get("xray_test_repository_folder")
    if folder:
        given[keys["repository_path"]] = f"/{str(folder).strip().strip('/')}"
    return {"fields": given} | ({"update": value["update"]} if value.get("update") else {})
