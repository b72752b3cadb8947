# SPDX-License-Identifier: Apache-2.0
"""What the pages of projects, issues and imports show, as plain rows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from radiograph.actions import issues
from radiograph.actions.projects import project, visible_projects
from radiograph.domain.errors import IssueNotFound, NotFound, Refused, cut
from radiograph.domain.issues import IssueType
from radiograph.domain.keys import parse_id
from radiograph.store import executions, import_reads, import_records
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.import_records import ImportRow
    from radiograph.store.issue_reads import IssueRow

PAGE = 50
_KEY = re.compile(r"([A-Z][A-Z0-9_]*)-([0-9]{1,12})")
_Row = TypeVar("_Row")


class Listing(Struct, Generic[_Row]):
    """A page of rows, and where the next one starts (empty: this is the last)."""

    rows: list[_Row]
    next: str = ""


def place_of(after: str, name: str = "after") -> tuple[int, int] | None:
    """The two numbers of a place such as `3.10042`, after which a page begins; None at the beginning.

    Raises Refused, which calls the parameter `name`, for another text.
    """
    if not after:
        return None
    first, _, second = after.partition(".")
    numbers = parse_id(first), parse_id(second)
    if numbers[0] is None or numbers[1] is None:
        raise bad_place(after, name)
    return numbers[0], numbers[1]


def bad_place(after: str, name: str = "after") -> Refused:
    """What a place that no page has is answered with."""
    return Refused(f"The parameter {name} can't be {cut(after)!r}; follow the links of the page.")


def find(services: Services, caller: Caller, key: str) -> IssueRow:
    """The issue of a key or id, without the keys of its Tests; raises IssueNotFound with existing keys that look like it."""
    try:
        return issues.find(services, caller, key, members=False)
    except IssueNotFound as error:
        candidates = _candidates(key.strip().upper(), error.near)
        with services.db.read() as conn:
            heads = import_reads.issue_heads(conn, candidates)
        seen = {k for k, head in heads.items() if caller.role_in(head[1]) is not None}
        raise IssueNotFound(key, [k for k in candidates if k in seen][:3]) from None


def find_execution(services: Services, caller: Caller, key: str) -> IssueRow:
    """The Test Execution of a key; raises IssueNotFound, Refused for another issue."""
    issue = find(services, caller, key)
    if issue.execution is None:
        raise Refused(f"{issue.key} is a {issue.type.label}, not a Test Execution.")
    return issue


def find_plan(services: Services, caller: Caller, key: str) -> IssueRow:
    """The Test Plan of a key; raises IssueNotFound, Refused for another issue."""
    issue = find(services, caller, key)
    if issue.type is not IssueType.TEST_PLAN:
        raise Refused(f"{issue.key} is a {issue.type.label}, not a Test Plan.")
    return issue


def _candidates(key: str, near: tuple[str, ...]) -> list[str]:
    """Keys that a slip of the finger makes into this one: a digit too many or swapped, or a project close to it."""
    found = _KEY.fullmatch(key)
    if found is None:
        return list(near)
    project_key, digits = found.groups()
    shorter = [digits[:i] + digits[i + 1 :] for i in range(len(digits))]
    swapped = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)]
    numbers = [n for n in dict.fromkeys([*shorter, *swapped, str(int(digits))]) if n and n != digits and not n.startswith("0")]
    return [*near, *(f"{project_key}-{n}" for n in numbers)]


class ImportView(Struct):
    """An import record with the names of who sent it, of its execution (empty: none) and of who took it back, and its JSON columns read."""

    row: ImportRow
    by: str
    execution: str
    counts: dict[str, int]
    phases: dict[str, float]
    warnings: list[str]
    undone_by: str = ""


def _import_views(conn: Any, rows: list[ImportRow]) -> list[ImportView]:  # noqa: ANN401
    names = run_store.people(conn, [r.user_id for r in rows] + [r.undone_by for r in rows if r.undone_by])
    keys = executions.keys(conn, [r.execution_id for r in rows if r.execution_id])
    return [
        ImportView(
            r, names.get(r.user_id, ""), keys.get(r.execution_id or 0, ""), json.loads(r.counts), json.loads(r.phases),
            json.loads(r.warnings), names.get(r.undone_by or 0, ""),
        )
        for r in rows
    ]  # fmt: skip


def imports_page(
    services: Services, caller: Caller, before: str, project_key: str = "", wanted: import_records.Wanted | None = None
) -> Listing[ImportView]:
    """Import records that the caller may see, newest first, of one project where it is named.

    `before` is where the page before ended ("" for the first page): a time and an id, or as it once was a time alone.
    Raises NotFound, and Refused for another text.
    """
    place = place_of(before if "." in before or not before else f"{before}.0", "before")
    if project_key:
        ids = [project(services, caller, project_key).id]
    else:
        ids = [p.id for p in visible_projects(services, caller)] + ([0] if caller.admin else [])
    with services.db.read() as conn:
        rows = import_records.imports(conn, ids, place, PAGE + 1, wanted or import_records.Wanted())
        views = _import_views(conn, rows[:PAGE])
    return Listing(views, f"{rows[PAGE - 1].at_ms}.{rows[PAGE - 1].id}" if len(rows) > PAGE else "")


def import_page(services: Services, caller: Caller, import_id: int) -> ImportView:
    """An import record; raises NotFound."""
    with services.db.read() as conn:
        row = import_records.find_import(conn, import_id)
        if row is None or not (caller.admin or caller.role_in(row.project_id or 0) is not None):
            raise NotFound(f"There is no import {import_id}.")
        return _import_views(conn, [row])[0]
