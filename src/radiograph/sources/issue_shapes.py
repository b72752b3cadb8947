# SPDX-License-Identifier: Apache-2.0
"""What Jira's and Xray's API say of issues, in our words; nothing is looked up, and what is missing is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.issues import BUILT_IN_FIELDS, Definition, IssueType, Priority, Step, TestType, issue_type, priority, test_type
from radiograph.domain.keys import parse_issue_key

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = {
    "test plan": "test_plan", "test environments": "test_environments", "revision": "revision", "begin date": "begin", "end date": "end",
    "test type": "test_type", "generic test definition": "definition", "cucumber scenario": "scenario",
    "cucumber test type": "scenario_type", "manual test steps": "steps", "manual test steps (export)": "",
    "pre-condition type": "precondition_type", "precondition type": "precondition_type", "conditions": "condition",
    "pre-condition definition": "condition", "precondition definition": "condition", "branch": "branch", "build": "build",
}  # fmt: skip
"""By the lower-case name of a field: what it means here."""
_TOLD_ELSEWHERE = {f.name.lower() for f in BUILT_IN_FIELDS} | {"tests associated with test plan", "test count"}
"""Fields that show what is copied as a relation, or is worked out."""
_OLDER_PRIORITIES = {
    "blocker": Priority.HIGHEST, "critical": Priority.HIGH, "major": Priority.HIGH, "minor": Priority.LOW, "trivial": Priority.LOWEST,
}  # fmt: skip
"""Names that Jira's priorities had before version 7."""


class SourceFile(Struct):
    """A file and where it can be fetched."""

    name: str
    type: str
    address: str
    author: str = ""
    created_ms: int = 0


class SourceLink(Struct, frozen=True):
    """A link as its source end names it: `source` <outward> `target`."""

    type: str
    inward: str
    outward: str
    source: str
    target: str


class SourceComment(Struct):
    """A comment on an issue."""

    author: str
    body: str
    created_ms: int


class SourceIssue(Struct, kw_only=True):
    """An issue of the other server; `type` is None when there is no such type here. Times are UTC milliseconds."""

    key: str
    number: int
    type_name: str
    type: IssueType | None
    summary: str
    description: str = ""
    labels: list[str] = []
    components: list[str] = []
    fix_versions: list[str] = []
    assignee: str = ""
    reporter: str = ""
    created_ms: int = 0
    updated_ms: int = 0
    status: str = ""
    category: str = "new"
    priority: int = 3
    parent: str = ""
    links: list[SourceLink] = []
    files: list[SourceFile] = []
    comments: list[SourceComment] = []
    custom: dict[str, Any] = field(default_factory=dict)
    """Values of Xray's fields by what they mean here."""
    own: dict[str, Any] = field(default_factory=dict)
    """Values of the other custom fields by their ids there."""
    kept: dict[str, Any] = field(default_factory=dict)
    """Values of Jira's fields that are only kept here: due date, environment, affected versions."""
    people: dict[str, str] = field(default_factory=dict)
    """The names shown of the people that it speaks of, by their names."""


def field_meanings(fields: Any) -> dict[str, str]:  # noqa: ANN401  (any JSON)
    """By the id of a custom field: what it means here (`GET /rest/api/2/field`)."""
    names = {key: name.strip().lower() for key, name in field_names(fields).items()}
    return {key: NAMES.get(name, "") for key, name in names.items() if name in NAMES or name in _TOLD_ELSEWHERE}


def field_names(fields: Any) -> dict[str, str]:  # noqa: ANN401  (any JSON)
    """The names of the custom fields by id (`GET /rest/api/2/field`)."""
    rows = [f for f in fields if isinstance(f, dict)] if isinstance(fields, list) else []
    return {str(f["id"]): str(f.get("name", "")) for f in rows if str(f.get("id", "")).startswith("customfield_")}


def read_issue(shape: Mapping[str, Any], meanings: Mapping[str, str]) -> SourceIssue | None:
    """An issue of a search, or None when it has no key."""
    key = str(shape.get("key", ""))
    parsed = parse_issue_key(key)
    fields = shape.get("fields") or {}
    if parsed is None or not isinstance(fields, dict):
        return None
    type_name = _name(fields.get("issuetype"))
    category = (fields.get("status") or {}).get("statusCategory") or {}
    given = {k: v for k, v in fields.items() if v not in (None, "", [], {})}
    return SourceIssue(
        key=key, number=parsed[1], type_name=type_name, type=issue_type(type_name) if type_name else None,
        summary=_text(fields.get("summary")), description=_text(fields.get("description")),
        labels=[str(label) for label in fields.get("labels") or []], components=_names(fields.get("components")),
        fix_versions=_names(fields.get("fixVersions")), assignee=_person(fields.get("assignee")), reporter=_person(fields.get("reporter")),
        created_ms=_ms(fields.get("created")), updated_ms=_ms(fields.get("updated")),
        status=_name(fields.get("status")), category=str(category.get("key", "new")),
        priority=_priority(_name(fields.get("priority"))), parent=str((fields.get("parent") or {}).get("key", "")),
        links=[link for one in fields.get("issuelinks") or [] if (link := _link(key, one)) is not None],
        files=[_file(f) for f in fields.get("attachment") or [] if isinstance(f, dict)],
        comments=[_comment(c) for c in (fields.get("comment") or {}).get("comments") or []],
        custom={meanings[k]: v for k, v in given.items() if meanings.get(k)}, people=_people(fields),
        own={k: v for k, v in given.items() if k.startswith("customfield_") and k not in meanings},
        kept={k: v for k, v in given.items() if k in {"duedate", "environment"}} | _affected(given),
    )  # fmt: skip


def _priority(name: str) -> int:
    return int(priority(name) or _OLDER_PRIORITIES.get(name.strip().lower(), Priority.MEDIUM))


def _affected(fields: Mapping[str, Any]) -> dict[str, Any]:
    names = _names(fields.get("versions"))
    return {"versions": names} if names else {}


class SourceStep(Struct):
    """What a step of a Test has beside its texts; `calls` is the key of the Test that it calls."""

    files: list[SourceFile] = []
    fields: dict[str, str | list[str]] = {}
    calls: str = ""

    def __bool__(self) -> bool:
        """Whether it has anything."""
        return bool(self.files or self.fields or self.calls)


def read_definition(shape: Mapping[str, Any]) -> Definition:
    """The definition of a Test of `GET test?keys=`."""
    found = test_type(str(shape.get("type", "")))
    kind = TestType.GENERIC if found is None else found
    if kind is TestType.MANUAL:
        return Definition(kind, steps=tuple(_step(row) for row in _step_rows(shape)))
    given = shape.get("definition")
    text = _text(given) if not isinstance(given, dict) else _text(given.get("definition"))
    outline = "Scenario Outline" if kind is TestType.CUCUMBER and ("Scenario Outline" in text or "Examples:" in text) else ""
    return Definition(kind, text, outline or ("Scenario" if kind is TestType.CUCUMBER else ""))


def read_steps(shape: Mapping[str, Any]) -> list[SourceStep]:
    """What the steps of a Test of `GET test?keys=` have beside their texts; none unless it is Manual."""
    return [
        SourceStep([_file(f) for f in row.get("attachments") or [] if isinstance(f, dict)], _own_fields(row), _text(row.get(_CALLS)))
        for row in _step_rows(shape)
    ]


def _step_rows(shape: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = shape.get("definition")
    rows = given.get("steps") or [] if isinstance(given, dict) else []
    return [row for row in rows if isinstance(row, dict)]


_CALLS = "calledTestIssueKey"
_NATIVE = {"action", "step", "data", "expected result", "result"}


def _step(row: Mapping[str, Any]) -> Step:
    named = {str(k).lower(): v for k, v in (row.get("fields") or row).items()}
    action = f"Call {row[_CALLS]}" if row.get(_CALLS) else _text(named.get("action", named.get("step")))
    return Step(action, _text(named.get("data")), _text(named.get("expected result", named.get("result"))))


def _own_fields(row: Mapping[str, Any]) -> dict[str, str | list[str]]:
    fields = {str(k): v for k, v in (row.get("fields") or {}).items() if str(k).lower() not in _NATIVE}
    found = {name: _own_value(value.get("value") if isinstance(value, dict) else value) for name, value in fields.items()}
    return {name: value for name, value in found.items() if value}


def _own_value(value: Any) -> str | list[str]:  # noqa: ANN401
    return texts(value) if isinstance(value, list) else _text(value)


def custom_definition(custom: Mapping[str, Any]) -> Definition | None:
    """The definition that a Test's custom fields tell, where Xray's own API doesn't."""
    named = _option(custom.get("test_type"))
    kind = test_type(named) if named else None
    if kind is TestType.MANUAL:
        rows = custom.get("steps") or {}
        listed = rows.get("steps") if isinstance(rows, dict) else rows
        return Definition(kind, steps=tuple(_step(r) for r in listed or [] if isinstance(r, dict)))
    if kind is TestType.CUCUMBER:
        return Definition(kind, _text(custom.get("scenario")), _option(custom.get("scenario_type")) or "Scenario")
    return Definition(kind, _text(custom.get("definition"))) if kind is TestType.GENERIC else None


def instant(value: Any) -> Instant | None:  # noqa: ANN401
    """A date of a custom field, or None."""
    return parse_instant(value) if isinstance(value, str) else None


def texts(value: Any) -> list[str]:  # noqa: ANN401
    """The texts of a field that has one or several: plain, or objects with `value`, `name` or `key`."""
    rows = value if isinstance(value, list) else [value]
    return [text for row in rows if row and (text := _option(row))]


def _option(value: Any) -> str:  # noqa: ANN401
    return str(value.get("value") or value.get("name") or value.get("key") or "") if isinstance(value, dict) else str(value or "")


def _text(value: Any) -> str:  # noqa: ANN401
    """A text, plain or as `{raw, rendered}` or `{value: {raw}}`."""
    if isinstance(value, dict):
        return _text(value.get("raw", value.get("value")))
    return "" if value is None else str(value)


def _name(value: Any) -> str:  # noqa: ANN401
    return str(value.get("name", "")) if isinstance(value, dict) else ""


def _names(value: Any) -> list[str]:  # noqa: ANN401
    return [name for one in value or [] if (name := _name(one))]


def _person(value: Any) -> str:  # noqa: ANN401
    return str(value.get("name") or value.get("key") or "") if isinstance(value, dict) else ""


def _people(fields: Mapping[str, Any]) -> dict[str, str]:
    comments = (fields.get("comment") or {}).get("comments") or []
    speakers = [fields.get("assignee"), fields.get("reporter"), *(c.get("author") for c in comments if isinstance(c, dict))]
    return {_person(p): str(p["displayName"]) for p in speakers if isinstance(p, dict) and _person(p) and p.get("displayName")}


def _ms(value: Any) -> int:  # noqa: ANN401
    found = parse_instant(value) if isinstance(value, str) else None
    return found.ms if found else 0


def _file(row: Mapping[str, Any]) -> SourceFile:
    """A file of Jira (`filename`, `content`) or of Xray (`fileName`, `fileURL`)."""
    name = row.get("filename") or row.get("fileName") or "file"
    kind = row.get("mimeType") or row.get("contentType") or ""
    made = row.get("createdDate") if isinstance(row.get("createdDate"), int) else _ms(row.get("created"))
    author = row.get("author")
    who = _person(author) if isinstance(author, dict) else str(author or "")
    return SourceFile(str(name), str(kind), str(row.get("content") or row.get("fileURL") or ""), who, int(made or 0))


read_file = _file


def _comment(row: Mapping[str, Any]) -> SourceComment:
    return SourceComment(_person(row.get("author")), _text(row.get("body")), _ms(row.get("created")))


def _link(key: str, row: Any) -> SourceLink | None:  # noqa: ANN401
    kind = row.get("type") if isinstance(row, dict) else None
    if not isinstance(kind, dict):
        return None
    ends = {end: str((row.get(f"{end}Issue") or {}).get("key", "")) for end in ("outward", "inward")}
    pair = (key, ends["outward"]) if ends["outward"] else (ends["inward"], key)
    names = (str(kind.get("name", "")), str(kind.get("inward", "")), str(kind.get("outward", "")))
    return SourceLink(*names, *pair) if all(pair) else None
