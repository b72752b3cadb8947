# SPDX-License-Identifier: Apache-2.0
"""The fields that issues have themselves, as conditions: what equals a value, what is empty, what has words, what is less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.errors import shown
from radiograph.domain.issues import IssueType, Priority, issue_type, priority
from radiograph.domain.jql.dates import function_date, read_date
from radiograph.domain.jql.errors import wrong
from radiograph.domain.jql.functions import find_function
from radiograph.domain.jql.syntax import Call, Value
from radiograph.domain.keys import parse_issue_key
from radiograph.domain.workflow import TESTS_LINK
from radiograph.store import tables as t
from radiograph.store.jql_functions import issues_of, link_ends
from radiograph.store.jql_saved import saved_filter
from radiograph.store.many import any_of, json_items

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from radiograph.store.jql_scope import Scope, Test

    Given = Sequence[Value | Call]


class Handler(Struct, frozen=True):
    """How a field's conditions are made; the operators that a field takes say which of these it needs.

    `equal`: one of some values. `empty`: without a value. `match`: has all of some words. `less`: stands to a value
    as an operator (>, >=, <, <=) says.
    """

    equal: Callable[[Scope, Given], Test] | None = None
    empty: Callable[[Scope], Test] | None = None
    match: Callable[[Scope, Sequence[str]], Test] | None = None
    less: Callable[[Scope, str, Value | Call], Test] | None = None


def plain(given: Given, field: str) -> list[Value]:
    """The values, where a field takes no function; raises WrongQuery for one."""
    for v in given:
        if isinstance(v, Call):
            find_function(v, "", field)
    return [v for v in given if isinstance(v, Value)]


def same_text(scope: Scope, column: sa.ColumnElement[Any], values: Sequence[Value]) -> Test:
    """The column is one of the texts; case doesn't matter."""
    texts = [v.text for v in values]
    return any_of(scope.conn, column, texts) | any_of(scope.conn, sa.func.lower(column), [x.lower() for x in texts])


def has_words(column: sa.ColumnElement[Any], words: Sequence[str]) -> Test:
    """The column has all of the words; case doesn't matter."""
    return sa.and_(sa.true(), *(column.icontains(w, autoescape=True) for w in words))


_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
}  # fmt: skip


def compared(column: Any, operator: str, value: Any) -> Test:  # noqa: ANN401
    """The column stands to the value as the operator says."""
    return _COMPARED[operator](column, value)  # type: ignore[no-any-return]


def date_of(scope: Scope, given: Value | Call, field: str) -> tuple[int, int]:
    """A date in UTC ms, and for how many ms it stands; raises WrongQuery for what is none."""
    if isinstance(given, Call):
        function = find_function(given, "dates", field)
        increment = given.arguments[0] if given.arguments else None
        at = function_date(function.name, increment.text if increment else "", scope.now)
        if at is None:
            raise wrong(f"{function.name} takes an increment such as -1 or +2w.", increment.at if increment else given.at)
        return at, 1
    found = read_date(given.text, scope.now)
    if found is None:
        raise wrong(f'{shown(given.text)} is no date; write 2026-11-23, "2026-11-23 10:00", -7d or startOfWeek().', given.at)
    return found


def on_dates(scope: Scope, column: sa.ColumnElement[int], given: Given, field: str) -> Test:
    """The column is within one of the dates: a day, a minute, an instant."""
    spans = [date_of(scope, v, field) for v in given]
    return sa.or_(sa.false(), *(column.between(at, at + span - 1) for at, span in spans))


def _dates(name: str) -> Handler:
    return Handler(
        equal=lambda s, given: on_dates(s, s.i.c[f"{name}_ms"], given, name),
        empty=lambda _s: sa.false(),
        less=lambda s, op, v: compared(s.i.c[f"{name}_ms"], op, date_of(s, v, name)[0]),
    )


def _text(name: str) -> Handler:
    return Handler(empty=lambda s: s.i.c[name] == "", match=lambda s, words: has_words(s.i.c[name], words))


def _project(scope: Scope, given: Given) -> Test:
    return any_of(scope.conn, scope.i.c.project_id, scope.project_ids(plain(given, "project")) or [0])


def _type(scope: Scope, given: Given) -> Test:
    kinds: list[IssueType] = []
    for v in given:
        if isinstance(v, Call):
            sub = find_function(v, "types", "issuetype").name == "subTaskIssueTypes"
            kinds += [k for k in IssueType if (k is IssueType.SUB_TEST_EXECUTION) is sub]
            continue
        kind = issue_type(v.text)
        if kind is None:
            scope.fault(f"there is no issue type {shown(v.text)}.{scope.near(v.text, lambda: [k.label for k in IssueType])}", v.at)
        else:
            kinds.append(kind)
    return scope.i.c.type_id.in_([int(k) for k in kinds])  # type: ignore[no-any-return]


def issues_in(scope: Scope, column: sa.ColumnElement[int], given: Given, field: str) -> Test:
    """The column is one of the issues that are named, or that functions give."""
    ids = scope.issue_ids([v for v in given if isinstance(v, Value)])
    calls = [issues_of(scope, v, field)(column) for v in given if isinstance(v, Call)]
    return sa.or_(any_of(scope.conn, column, ids) if ids else sa.false(), *calls)


def _key_order(scope: Scope, operator: str, given: Value | Call) -> Test:
    i = scope.i.c
    key = parse_issue_key(given.text) if isinstance(given, Value) else None
    if key is None:
        raise wrong("an issue is compared with a key such as DEMO-7.", given.at)
    projects = scope.project_ids([Value(key[0], given.at)])
    return sa.and_(i.project_id.in_(projects), compared(i.number, operator, key[1]))


def _anywhere(scope: Scope, words: Sequence[str]) -> Test:
    i = scope.i.c
    return has_words(i.summary, words) | has_words(i.description, words) | _comment(scope, words)


def _comment(scope: Scope, words: Sequence[str]) -> Test:
    c = t.comments.c
    return scope.i.c.id.in_(sa.select(c.issue_id).where(has_words(c.body, words)).correlate(None))  # type: ignore[no-any-return]


def _status(scope: Scope, given: Given) -> Test:
    w = t.workflow_statuses
    ids = scope.named(w, plain(given, "status"), "status")
    return scope.i.c.workflow.in_(sa.select(w.c.name).where(w.c.id.in_(ids)).correlate(None))  # type: ignore[no-any-return]


_CATEGORIES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}


def _category(scope: Scope, given: Given) -> Test:
    names = {name: key for key, label in _CATEGORIES.items() for name in (key, label.lower())}
    found = []
    for v in plain(given, "statusCategory"):
        if v.text.strip().lower() not in names:
            scope.fault(f"there is no status category {shown(v.text)}; they are {', '.join(_CATEGORIES.values())}.", v.at)
        found.append(names.get(v.text.strip().lower(), ""))
    return in_categories(scope, found)


def in_categories(scope: Scope, categories: Sequence[str]) -> Test:
    """The issue's status is of one of the categories: new, indeterminate, done."""
    w = t.workflow_statuses.c
    return scope.i.c.workflow.in_(sa.select(w.name).where(w.category.in_(categories)).correlate(None))  # type: ignore[no-any-return]


def _resolution(scope: Scope, given: Given) -> Test:
    parts: list[Test] = [sa.false()]
    for v in plain(given, "resolution"):
        name = v.text.strip().lower()
        if name not in {"done", "unresolved"}:
            scope.fault(f"there is no resolution {shown(v.text)}; they are Done and Unresolved.", v.at)
            continue
        done = in_categories(scope, ["done"])
        parts.append(done if name == "done" else ~done)
    return sa.or_(*parts)


def _priority_number(scope: Scope, value: Value) -> int:
    found = priority(value.text)
    if found is None:
        near = scope.near(value.text, lambda: [p.label for p in Priority])
        scope.fault(f"there is no priority {shown(value.text)}.{near}", value.at)
    return int(found or 0)


def _priority_order(scope: Scope, operator: str, given: Value | Call) -> Test:
    number = _priority_number(scope, plain([given], "priority")[0])
    turned = {">": "<", ">=": "<=", "<": ">", "<=": ">="}[operator]  # the highest has the lowest number
    return compared(scope.i.c.priority, turned, number) if number else sa.false()


def _labels(scope: Scope, given: Given) -> Test:
    source, label = json_items(scope.conn, scope.i.c.labels)
    return sa.exists(sa.select(sa.literal(1)).select_from(source).where(same_text(scope, label, plain(given, "labels"))).correlate(scope.i))


def _linked(table: sa.Table, owner: sa.Column[int], other: sa.Column[int], names: Callable[[Scope, Given], list[int]]) -> Handler:
    def has(scope: Scope, *only: Test) -> Test:
        return scope.i.c.id.in_(sa.select(owner).where(*only).select_from(table).correlate(None))  # type: ignore[no-any-return]

    return Handler(equal=lambda s, given: has(s, any_of(s.conn, other, names(s, given) or [0])), empty=lambda s: ~has(s))


def _component_ids(scope: Scope, given: Given) -> list[int]:
    return scope.named(t.components, plain(given, "component"), "component", where=scope.seen(t.components.c.project_id))


def _version_ids(scope: Scope, given: Given) -> list[int]:
    v, found = t.versions.c, []
    for call in given:
        if isinstance(call, Call):
            function = find_function(call, "versions", "fixVersion")
            where = [v.released == (function.name == "releasedVersions"), ~v.archived, scope.seen(v.project_id)]
            if call.arguments:
                where.append(v.project_id.in_(scope.project_ids(call.arguments)))
            found += list(scope.conn.execute(sa.select(v.id).where(*where)).scalars())
    return found + scope.named(t.versions, [x for x in given if isinstance(x, Value)], "version", where=scope.seen(v.project_id))


def _person(name: str) -> Handler:
    def equal(scope: Scope, given: Given) -> Test:
        for v in given:
            if isinstance(v, Call):
                find_function(v, "people", name)
        mine = [scope.caller_id for v in given if isinstance(v, Call)]
        ids = [*mine, *scope.people([v for v in given if isinstance(v, Value)], "person")]
        return scope.i.c[f"{name}_id"].in_(ids)  # type: ignore[no-any-return]

    return Handler(equal=equal, empty=lambda s: s.i.c[f"{name}_id"].is_(None))


def _links(scope: Scope, given: Given) -> Test:
    k, q, i, parts = t.issue_links.c, t.requirement_links.c, scope.i.c.id, [sa.false()]
    for v in plain(given, "issueLinkType"):
        source, target = link_ends(scope, v)
        parts.append(i.in_(sa.select(k.source_id).where(k.type_id.in_(source)).correlate(None)))
        parts.append(i.in_(sa.select(k.target_id).where(k.type_id.in_(target)).correlate(None)))
        parts += [
            i.in_(sa.select(c).correlate(None)) for c, types in ((q.test_id, source), (q.requirement_id, target)) if TESTS_LINK in types
        ]
    return sa.or_(*parts)


def _no_links(scope: Scope) -> Test:
    k, q, i = t.issue_links.c, t.requirement_links.c, scope.i.c.id
    return sa.and_(*(i.not_in(sa.select(c).correlate(None)) for c in (k.source_id, k.target_id, q.test_id, q.requirement_id)))


def _filter(scope: Scope, given: Given) -> Test:
    found: list[Test] = [sa.false()]
    for v in plain(given, "filter"):
        members = saved_filter(scope, v)
        if members is None:
            scope.fault(f"there is no saved filter {shown(v.text)}.", v.at)
        else:
            found.append(members(scope.i.c.id))
    return sa.or_(*found)


def _no_files(scope: Scope) -> Test:
    a = t.attachments.c
    return scope.i.c.id.not_in(sa.select(a.issue_id).where(~a.of_step).correlate(None))  # type: ignore[no-any-return]


_IC, _IV = t.issue_components, t.issue_versions
HANDLERS: dict[str, Handler] = {
    "project": Handler(equal=_project),
    "issuetype": Handler(equal=_type),
    "key": Handler(equal=lambda s, given: issues_in(s, s.i.c.id, given, "key"), less=_key_order),
    "summary": _text("summary"),
    "description": _text("description"),
    "text": Handler(match=_anywhere),
    "comment": Handler(match=_comment),
    "status": Handler(equal=_status, empty=lambda _s: sa.false()),
    "statusCategory": Handler(equal=_category),
    "resolution": Handler(equal=_resolution, empty=lambda s: ~in_categories(s, ["done"])),
    "priority": Handler(
        equal=lambda s, given: s.i.c.priority.in_([_priority_number(s, v) for v in plain(given, "priority")]),
        empty=lambda _s: sa.false(), less=_priority_order,
    ),
    "labels": Handler(equal=_labels, empty=lambda s: s.i.c.labels.is_(None) | (s.i.c.labels == "[]")),
    "component": _linked(_IC, _IC.c.issue_id, _IC.c.component_id, _component_ids),
    "fixVersion": _linked(_IV, _IV.c.issue_id, _IV.c.version_id, _version_ids),
    "assignee": _person("assignee"),
    "reporter": _person("reporter"),
    "created": _dates("created"),
    "updated": _dates("updated"),
    "parent": Handler(
        equal=lambda s, given: s.i.c.parent_id.is_not(None) & issues_in(s, s.i.c.parent_id, given, "parent"),
        empty=lambda s: s.i.c.parent_id.is_(None),
    ),
    "issueLinkType": Handler(equal=_links, empty=_no_links),
    "attachments": Handler(empty=_no_files),
    "filter": Handler(equal=_filter),
}  # fmt: skip
