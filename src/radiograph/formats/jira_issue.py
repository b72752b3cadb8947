# SPDX-License-Identifier: Apache-2.0
"""Reads the body that Jira takes to create, edit or transition any issue, Xray's custom fields included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.domain.errors import Problem, Refused, shown
from radiograph.domain.issue_change import CommentOperation, IssueChange, ListOperation, NewLink, Verb
from radiograph.domain.issues import IssueType, issue_type
from radiograph.formats import jira_values as v

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from radiograph.domain.issues import CustomField

_VALUES: dict[str, Callable[[str, Any], Any]] = {
    "summary": v.summary,
    "description": v.text,
    "environment": v.text,
    "duedate": v.day,
    "assignee": v.person,
    "reporter": v.person,
    "priority": v.priority_of,
    "parent": v.issue,
}
_LISTS: dict[str, Callable[[str, Any], tuple[str | int, ...]]] = {
    "labels": v.items,
    "components": lambda name, value: v.items(name, value, ids=True),
    "fixVersions": lambda name, value: v.items(name, value, ids=True),
    "versions": lambda name, value: v.items(name, value, ids=True),
}
KEPT = frozenset({"timetracking", "security"})
"""System fields of Jira's that mean nothing here and are kept as they come."""
_ELSEWHERE = frozenset({"project", "issuetype"})
_OWN_LISTS = frozenset({"labels", "options"})


def read_change(body: Any, fields: Mapping[str, CustomField]) -> IssueChange:  # noqa: ANN401  (any JSON)
    """What the body says. `fields` are the instance's custom fields by key. Raises Refused with the field's name as the path."""
    if not isinstance(body, dict) or not isinstance(body.get("fields"), (dict, type(None))):
        raise Refused("The body must be an object with the member fields.", [Problem("fields", "must be an object")])
    given = body.get("fields") or {}
    reader = _Reader(fields, IssueChange(project=project_of(given.get("project")), type=_type(given.get("issuetype"))))
    for name, value in given.items():
        if name not in _ELSEWHERE:
            reader.operate(name, "set", value)
    for name, operations in _updates(body.get("update")):
        for verb, value in operations:
            reader.operate(name, verb, value)
    reader.change.transition = v.named("transition", body.get("transition"), "id", "name", wanted='an object such as {"id": "31"}') or ""
    return reader.change


def _updates(update: Any) -> list[tuple[str, list[tuple[str, Any]]]]:  # noqa: ANN401
    if not isinstance(update, (dict, type(None))):
        raise v.wrong("update", "an object", update)
    found = []
    for name, operations in (update or {}).items():
        if not isinstance(operations, list) or not all(isinstance(o, dict) for o in operations):
            raise v.wrong(name, 'a list of operations such as [{"add": "x"}]', operations)
        found.append((name, [pair for operation in operations for pair in operation.items()]))
    return found


class _Reader:
    def __init__(self, fields: Mapping[str, CustomField], change: IssueChange) -> None:
        self.fields, self.change = fields, change

    def operate(self, name: str, verb: str, value: Any) -> None:  # noqa: ANN401
        """One operation on one field."""
        if name == "comment":
            self.change.comments.append(_comment(verb, value))
        elif name == "issuelinks":
            self.change.links.append(_link(verb, value))
        elif name in _LISTS:
            self._list(name, verb, value, _LISTS[name])
        else:
            self._custom(name, verb, value) if name in self.fields else self._value(name, verb, value)

    def _list(self, name: str, verb: str, value: Any, read: Callable[[str, Any], tuple[str | int, ...]], under: str = "") -> None:  # noqa: ANN401
        verbs: dict[str, Verb] = {"set": "set", "add": "add", "remove": "remove"}
        if verb not in verbs:
            raise v.refused(name, f"The operation {shown(verb)} is not possible; there are set, add and remove.")
        many = value if verb == "set" or isinstance(value, list) else [value]
        self.change.lists.setdefault(under or name, []).append(ListOperation(verbs[verb], read(name, many)))

    def _value(self, name: str, verb: str, value: Any) -> None:  # noqa: ANN401
        read = _VALUES.get(name)
        if read is None and name not in KEPT:
            raise no_such_field(name, next((f.key for f in self.fields.values() if f.name.lower() == name.strip().lower()), ""))
        _only_set(name, verb)
        self.change.values[name] = read(name, value) if read else value

    def _custom(self, name: str, verb: str, value: Any) -> None:  # noqa: ANN401
        field = self.fields[name]
        place = field.meaning or field.key
        if field.kind == "issues":
            self._list(name, verb, value, v.issues, place)
        elif field.kind in _OWN_LISTS:
            self._list(name, verb, value, v.labels, place)
        else:
            _only_set(name, verb)
            self.change.values[place] = _custom_value(field, value)


def _custom_value(field: CustomField, value: Any) -> Any:  # noqa: ANN401
    if field.kind == "steps":
        return v.steps(field.key, value)
    if field.kind == "option":
        found = v.option(field.key, value, field)
        return found if field.meaning or found is None else {"value": found}
    if not field.meaning:
        return v.own(field.key, value, field.kind)
    return v.date(field.key, value) if field.kind == "datetime" else v.text(field.key, value)


def own_value(field: CustomField, value: Any) -> Any:  # noqa: ANN401
    """A value of one of the instance's own fields as it is kept. Raises Refused."""
    if field.kind == "issues":
        return list(v.issues(field.key, value))
    return list(v.labels(field.key, value)) if field.kind in _OWN_LISTS else _custom_value(field, value)


def _only_set(name: str, verb: str) -> None:
    if verb != "set":
        raise v.refused(name, f"The operation {shown(verb)} is not possible; this field has one value, which can be set.")


def no_such_field(name: str, meant: str = "") -> Refused:
    """The error for a field that the instance or the issue's type doesn't have, in Jira's words; `meant` is the key that it is sent by."""
    hint = f" Send it as {meant}." if meant else ""
    return v.refused(name, f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.{hint}")


def _comment(verb: str, value: Any) -> CommentOperation:  # noqa: ANN401
    if verb not in {"add", "edit", "remove"}:
        raise v.refused("comment", f"The operation {shown(verb)} is not possible; there are add, edit and remove.")
    if not isinstance(value, dict) or not isinstance(value.get("body", ""), str):
        raise v.wrong("comment", 'an object such as {"body": "text"}', value)
    if verb != "remove" and not value.get("body", "").strip():
        raise v.refused("comment", "Comment body can not be empty!")
    return CommentOperation(verb, str(value.get("id", "")), value.get("body", ""))  # type: ignore[arg-type]


def _link(verb: str, value: Any) -> NewLink:  # noqa: ANN401
    if verb != "add":
        raise v.refused("issuelinks", f"The operation {shown(verb)} is not possible; there is add.")
    return read_link(value)


def read_link(value: Any) -> NewLink:  # noqa: ANN401
    """A link as `{"type": {"name"}, "inwardIssue": {"key"}, "outwardIssue": {"key"}}`; the inward issue is the source."""
    if not isinstance(value, dict):
        raise v.wrong("issuelinks", "an object", value)
    kind = v.named("type", value.get("type"), "name", "id", wanted='an object such as {"name": "Blocks"}')
    source = v.named("inwardIssue", value.get("inwardIssue"), "key", "id", wanted='an object such as {"key": "DEMO-7"}')
    target = v.named("outwardIssue", value.get("outwardIssue"), "key", "id", wanted='an object such as {"key": "DEMO-7"}')
    if kind is None:
        raise v.refused("type", 'Give the type of the link, such as {"name": "Blocks"}.')
    return NewLink(kind, source or "", target or "")


def project_of(value: Any) -> str | None:  # noqa: ANN401
    """The key or id of `{"key": ...}`, `{"id": ...}` or a text; None when absent."""
    return v.named("project", value, "key", "id", wanted='an object such as {"key": "DEMO"}')


def _type(value: Any) -> IssueType | None:  # noqa: ANN401
    if value in (None, "", {}):
        return None
    named = value.get("id") or value.get("name") if isinstance(value, dict) else value
    found = issue_type(str(named))
    if found is None:
        names = ", ".join(k.label for k in IssueType)
        raise v.refused("issuetype", f"{shown(str(named))} is no issue type; use one of {names}")
    return found
