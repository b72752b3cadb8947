# SPDX-License-Identifier: Apache-2.0
"""Reads the `info` part of a multipart import: the body that Jira takes to create or edit an issue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.errors import Problem, Refused, UnreadableReport, shown
from radiograph.domain.issues import EXECUTION_TYPES, MAX_NAME, CustomField, IssueFields, issue_type, priority
from radiograph.domain.report import ExecutionInfo
from radiograph.formats.json_value import MAX_SIZE, read_value
from radiograph.formats.reading import MAX_SUMMARY
from radiograph.formats.xray_results import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from radiograph.formats.body import Body

_IGNORED = ("historyMetadata", "properties")
_OF_RESULT = {"summary", "project", "issuetype"}
_READ = {"fields", "xrayFields", "update", "transition"}


def read_info(body: Body, fields: Mapping[str, CustomField]) -> tuple[ExecutionInfo, list[str]]:
    """The execution's fields, and what was ignored. `fields` maps `customfield_…` to what it means here.

    Raises UnreadableReport or Refused, with the JSON path, when it can't be read.
    """
    root = _object(_decode(body), "$info")
    given = _object(root.get("fields") or {}, "$info.fields")
    reader = InfoReader(fields)
    info = reader.read(_updated(given, _object(root.get("update") or {}, "$info.update"), reader.notes))
    info.transition = _transition(root.get("transition"))
    _xray_fields(_object(root.get("xrayFields") or given.get("xrayFields") or {}, "$info.xrayFields"), info)
    notes = [f"$info.{name} was ignored" for name in _IGNORED if root.get(name)]
    unknown = [n for n in root if n not in {*_READ, *_IGNORED}]
    notes += [f'$info.{name} is not known and was ignored; fields belong inside "fields"' for name in unknown]
    return info, notes + reader.notes


def read_test_info(body: Body, fields: Mapping[str, CustomField]) -> tuple[IssueFields, list[str]]:
    """The part `testInfo`: the fields of the Tests that an import creates, as Jira takes them to create an issue.

    What a Test gets from its result (summary, project, type, definition) isn't taken from it, and told. Raises as `read_info`.
    """
    root = _object(_decode(body), "$testInfo")
    given = _object(root.get("fields") or {}, "$testInfo.fields")
    reader = InfoReader(fields)
    found = reader.read({name: v for name, v in given.items() if name not in _OF_RESULT}).fields
    notes = [f"$testInfo.fields.{name} was ignored: a Test gets it from its result" for name in ("summary",) if given.get(name)]
    return found, [*notes, *(note.replace("$info", "$testInfo") for note in reader.notes)]


def _updated(given: dict[str, Any], update: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """The fields with the operations of `update` carried out: `set`, and `add` to what is given; others are noted."""
    fields = dict(given)
    for name, operations in update.items():
        for operation in operations if isinstance(operations, list) else [operations]:
            if isinstance(operation, dict) and operation.keys() == {"set"}:
                fields[name] = operation["set"]
            elif isinstance(operation, dict) and operation.keys() == {"add"} and isinstance(fields.get(name) or [], list):
                fields[name] = [*(fields.get(name) or []), operation["add"]]
            else:
                notes.append(f"$info.update.{name}: only set, and add to a list, are possible here; the rest was ignored")
    return fields


def _transition(value: Any) -> str:  # noqa: ANN401
    named = value.get("id") or value.get("name") if isinstance(value, dict) else value
    if named in (None, "", {}, []):
        return ""
    if not isinstance(named, (str, int)) or isinstance(named, bool):
        raise _wrong("$info.transition", 'an object such as {"id": "31"}', value)
    return str(named)


def _decode(body: Body) -> Any:  # noqa: ANN401  (any JSON)
    """The value; some clients encode it twice."""
    if len(memoryview(body)) > MAX_SIZE:
        raise UnreadableReport(f"The info part is larger than {MAX_SIZE} bytes.", [Problem("$info", "is too large")])
    try:
        value = read_value(body, "info part")
        return read_value(value.encode(), "info part") if isinstance(value, str) else value
    except UnreadableReport as error:
        raise UnreadableReport(error.message, [Problem(f"$info{p.path[1:]}", p.problem) for p in error.details]) from None


def _object(value: Any, path: str) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise _wrong(path, "an object", value)
    return value


def _wrong(path: str, wanted: str, value: Any) -> Refused:  # noqa: ANN401
    text = f"must be {wanted}, not {json.dumps(value)[:80]}"
    return Refused(f"Error assembling issue data: {path} {text}", [Problem(path, text)])


def _xray_fields(given: dict[str, Any], info: ExecutionInfo) -> None:
    if given.get("testPlanKey"):
        info.plan_keys = [*info.plan_keys, str(given["testPlanKey"])]
    if given.get("environments"):
        info.environments = [*(info.environments or []), *texts(given["environments"])]


class InfoReader:
    """Reads `fields`; what was ignored or odd is in `notes`."""

    def __init__(self, fields: Mapping[str, CustomField]) -> None:
        """Take the instance's custom fields by key."""
        self.fields = fields
        self.notes: list[str] = []

    def read(self, given: dict[str, Any]) -> ExecutionInfo:
        """The fields of an issue; raises Refused with the path of what has a wrong type."""
        info = ExecutionInfo(project=project_of(given.get("project")))
        _check_type(given.get("issuetype"))
        f = info.fields = IssueFields(other={})
        f.summary = _text(given.get("summary"), "summary")
        if f.summary and len(f.summary) > MAX_SUMMARY:
            raise _wrong("$info.fields.summary", f"at most {MAX_SUMMARY} characters", f.summary)
        f.description = _text(given.get("description"), "description")
        f.labels = _names(given.get("labels"), "labels")
        f.components = _names(given.get("components"), "components")
        f.fix_versions = _names(given.get("fixVersions"), "fixVersions")
        f.assignee = _person(given.get("assignee"))
        f.priority = self._priority(given.get("priority"))
        for name, value in given.items():
            if name.startswith("customfield_") and value not in (None, "", []):
                self._custom(name, value, info)
        known = {"project", "issuetype", "summary", "description", "labels", "components", "fixVersions", "assignee"} | {
            "priority",
            "versions",
            "xrayFields",
        }
        if given.get("versions"):
            f.other["versions"] = _names(given["versions"], "versions")
        for name, value in given.items():
            if name not in known and not name.startswith("customfield_"):
                f.other[name] = value
                self.notes.append(f"$info.fields.{name} is kept as it came")
        return info

    def _custom(self, name: str, value: Any, info: ExecutionInfo) -> None:  # noqa: ANN401
        path = f"$info.fields.{name}"
        field = self.fields.get(name)
        meaning = field.meaning if field else ""
        if meaning == "test_plan":
            info.plan_keys = [*info.plan_keys, *values(value)]
        elif meaning == "test_environments":
            info.environments = short(values(value), path)
        elif meaning in {"begin", "end"}:
            setattr(info, meaning, self._instant(value, path))
        elif meaning in {"revision", "branch"}:
            setattr(info, meaning, str(value))
        elif meaning == "build":
            info.build_url = str(value)
        else:
            info.fields.other[name] = value
            if field is None:
                self.notes.append(f"{path} is no field of this instance; it was kept as it came")

    def _priority(self, value: Any) -> int | None:  # noqa: ANN401
        named = value.get("id") or value.get("name") if isinstance(value, dict) else value
        if named in (None, "", {}, []):
            return None
        found = priority(str(named))
        if found is None:
            self.notes.append(f"$info.fields.priority: {shown(str(named))} is no priority; it was left out")
        return None if found is None else int(found)

    def _instant(self, value: Any, path: str) -> Instant | None:  # noqa: ANN401
        found = parse_instant(value) if isinstance(value, str) else None
        if found is None:
            self.notes.append(f"{path}: {shown(str(value))} is no date such as 2014-08-30T11:47:35.000+0100; it was left out")
        return found


def values(value: Any) -> list[str]:  # noqa: ANN401
    """Texts, options and issues, alone or in a list, as clients write them."""
    items = value if isinstance(value, list) else [value]
    named = [i.get("value") or i.get("key") or i.get("name") if isinstance(i, dict) else i for i in items]
    return texts([str(n) for n in named if n not in (None, "")])


def project_of(value: Any) -> str | None:  # noqa: ANN401
    """The key or id of `{"key": ...}`, `{"id": ...}` or a text; None when absent."""
    if value in (None, "", {}):
        return None
    named = value.get("key") or value.get("id") if isinstance(value, dict) else value
    if not isinstance(named, (str, int)) or isinstance(named, bool):
        raise _wrong("$info.fields.project", 'an object such as {"key": "DEMO"}', value)
    return str(named)


def _check_type(value: Any) -> None:  # noqa: ANN401
    if value in (None, "", {}):
        return
    named = value.get("id") or value.get("name") if isinstance(value, dict) else value
    found = issue_type(str(named))
    if found not in EXECUTION_TYPES:
        what = f"{shown(str(named))} is {'a ' + found.label if found else 'no issue type here'}; leave it out or use Test Execution"
        raise Refused(f"issuetype: {what}", [Problem("$info.fields.issuetype", what)])


def _text(value: Any, name: str) -> str | None:  # noqa: ANN401
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise _wrong(f"$info.fields.{name}", "a text", value)
    return value


def _names(value: Any, name: str) -> list[str] | None:  # noqa: ANN401
    if value in (None, "", []):
        return None
    if not isinstance(value, list):
        raise _wrong(f"$info.fields.{name}", "a list", value)
    return short(values(value), f"$info.fields.{name}") or None


def short(names: list[str], path: str) -> list[str]:
    """The names, none too long for an index; raises Refused with the path."""
    for name in names:
        if len(name) > MAX_NAME:
            raise _wrong(path, f"of names with at most {MAX_NAME} characters", name)
    return names


def _person(value: Any) -> str | None:  # noqa: ANN401
    if value in (None, "", {}):
        return None
    named = value.get("name") or value.get("key") or value.get("accountId") if isinstance(value, dict) else value
    if not isinstance(named, str):
        text = "expected Object containing a `name` property"
        raise Refused(f"Error assembling issue data: {text}", [Problem("$info.fields.assignee", text)])
    return short([named.strip()], "$info.fields.assignee")[0] or None
