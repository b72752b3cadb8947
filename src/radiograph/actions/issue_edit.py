# SPDX-License-Identifier: Apache-2.0
"""Carries out what a request says of an issue: its own fields here, those of its type and its relations elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions.issue_comments import change_comment
from radiograph.actions.issue_links import make_link
from radiograph.actions.issue_relations import RELATIONS, relate, wanted_refs
from radiograph.actions.issue_type_fields import write_definition, write_type_fields
from radiograph.actions.workflow import take_transition
from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.issue_change import IssueChange, changed_list
from radiograph.domain.issues import FIELD_TYPES, PARENTS, READ_ONLY_FIELDS, CustomField, IssueType, Priority
from radiograph.formats.jira_issue import no_such_field
from radiograph.store import issue_parts, issue_writes, names, project_parts
from radiograph.store import tables as t

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.domain.people import Caller
    from radiograph.store.issue_links import HeadRow
    from radiograph.store.issue_reads import IssueRow


class Edit(Struct):
    """A change under way: the issue as it was when its project was held, what to change, and the issues that it names."""

    conn: sa.Connection
    caller: Caller
    row: IssueRow
    change: IssueChange
    fields: dict[str, CustomField]
    named: dict[str | int, HeadRow]
    now: int


def check_fields(change: IssueChange, kind: IssueType, fields: dict[str, CustomField]) -> None:
    """Raise Refused in Jira's words for a field that issues of this type don't have, or that can't be written."""
    keys = {f.meaning: f.key for f in fields.values() if f.meaning}
    for place in (*change.values, *change.lists):
        if place in READ_ONLY_FIELDS or kind not in FIELD_TYPES.get(place, {kind}):
            raise no_such_field(keys.get(place, place))
    if "parent" in change.values and change.values["parent"] and kind not in PARENTS:
        raise no_such_field("parent")


def named_issues(change: IssueChange) -> list[str | int]:
    """Every key or id of an issue that the change names."""
    links = [ref for link in change.links for ref in (link.source, link.target) if ref]
    parent = change.values.get("parent")
    return [*wanted_refs(change), *links, *([parent] if parent else [])]


def carry_out(edit: Edit) -> None:
    """Write all of it; the caller's rights in the issue's own project have been looked at. Raises Refused that names the field."""
    columns = _columns(edit)
    if edit.row.type is IssueType.TEST:
        write_definition(edit)
    issue_writes.set_columns(edit.conn, edit.row.id, columns | {"updated_ms": edit.now})
    _names(edit)
    write_type_fields(edit)
    for meaning in RELATIONS:
        if meaning in edit.change.lists:
            relate(edit, meaning)
    for comment in edit.change.comments:
        change_comment(edit.conn, edit.caller, edit.row, comment, edit.now)
    for link in edit.change.links:
        make_link(edit.conn, edit.caller, link, edit.named, edit.now, of=edit.row)
    if edit.change.transition:
        take_transition(edit.conn, edit.row.id, edit.row.workflow, edit.change.transition)


def _columns(edit: Edit) -> dict[str, Any]:
    given, columns = edit.change.values, dict[str, Any]()
    for name in ("summary", "description"):
        if name in given:
            columns[name] = given[name] or ""
    if "priority" in given:
        columns["priority"] = given["priority"] or int(Priority.MEDIUM)
    for name in ("assignee", "reporter"):
        if name in given:
            columns[f"{name}_id"] = _person(edit, name)
    if "parent" in given:
        columns["parent_id"] = _parent(edit)
    if "labels" in edit.change.lists:
        labels = _changed(edit, "labels", edit.row.labels)
        columns["labels"] = json.dumps(labels, ensure_ascii=False) if labels else None
    other = _other(edit)
    if other != edit.row.other:
        columns["fields"] = json.dumps(other, ensure_ascii=False) if other else None
    return columns


def _changed(edit: Edit, name: str, now: list[str]) -> list[str]:
    operations = [(o.verb, [str(i) for i in o.items]) for o in edit.change.lists[name]]
    return changed_list(now, operations)


def _person(edit: Edit, name: str) -> int | None:
    given = edit.change.values[name]
    if given is None:
        return None
    if given == "-1":  # automatic: the caller, as for a new issue
        return edit.caller.id
    found = issue_parts.people(edit.conn, [given]).get(given)
    if found is None:
        raise Refused(f"{name}: User '{cut(given)}' does not exist.", [Problem(name, f"User '{cut(given)}' does not exist.")])
    return found.id


def _parent(edit: Edit) -> int | None:
    ref = edit.change.values["parent"]
    if ref is None:
        return None
    parent, allowed = edit.named.get(ref), PARENTS[edit.row.type]
    if parent is None or parent.project_id != edit.row.project_id or parent.id == edit.row.id or parent.type not in allowed:
        wanted = "that is no Sub Test Execution itself" if len(allowed) > _FEW else f"of the type {' or '.join(k.label for k in allowed)}"
        text = f"{cut(ref)} can't be the parent: it must be another issue of the same project {wanted}."
        raise Refused(f"parent: {text}", [Problem("parent", text)])
    return parent.id


def _other(edit: Edit) -> dict[str, Any]:
    """The fields that are kept as they come: Jira's that mean nothing here, and the instance's own."""
    other = dict(edit.row.other)
    given = {n: v for n, v in edit.change.values.items() if n in _KEPT or n.startswith("customfield_")}
    for name in edit.change.lists:
        if name == "versions" or name.startswith("customfield_"):
            given[name] = _changed_names(edit, name, _plain(other.get(name)))
    for name, value in given.items():
        other.pop(name, None)
        if value not in (None, []):
            other[name] = value
    return other


def _plain(kept: Any) -> list[str]:  # noqa: ANN401
    """The texts of a list as an import may have kept it."""
    listed = [i.get("name") or i.get("value") if isinstance(i, dict) else i for i in (kept if isinstance(kept, list) else [])]
    return [i for i in listed if isinstance(i, str)]


_FEW = 2
_KEPT = {"environment", "duedate", "timetracking", "security"}


def _changed_names(edit: Edit, name: str, now: list[str]) -> list[str]:
    table = t.components if name == "components" else t.versions
    operations = edit.change.lists[name]
    ids = [i for o in operations for i in o.items if isinstance(i, int)]
    known = project_parts.names_of(edit.conn, table, edit.row.project_id, ids) if ids else {}
    for number in ids:
        if number not in known:
            text = f"{table.name[:-1].title()} with id '{number}' does not exist in this project."
            raise Refused(f"{name}: {text}", [Problem(name, text)])
    return changed_list(now, [(o.verb, [known[i] if isinstance(i, int) else i for i in o.items]) for o in operations])


def _names(edit: Edit) -> None:
    """Fix versions and components, made where they are missing, as imports do."""
    row, conn = edit.row, edit.conn
    if "fixVersions" in edit.change.lists:
        wanted = _changed_names(edit, "fixVersions", [v.name for v in row.versions])
        issue_writes.replace_links(conn, t.issue_versions, row.id, names.version_ids(conn, row.project_id, wanted).values())
    if "components" in edit.change.lists:
        wanted = _changed_names(edit, "components", [name for _, name in row.components])
        issue_writes.replace_links(conn, t.issue_components, row.id, names.component_ids(conn, row.project_id, wanted).values())
