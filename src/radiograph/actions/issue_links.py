# SPDX-License-Identifier: Apache-2.0
"""Links between issues. One of the type "Tests" between a Test and another issue says that it covers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.issue_refs import issue_heads, not_found
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issues import IssueType
from radiograph.domain.keys import parse_id
from radiograph.domain.people import Caller, Right
from radiograph.domain.workflow import TESTS_LINK, LinkType
from radiograph.store import audit, changes, comments
from radiograph.store import issue_links as store
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.issue_change import NewLink
    from radiograph.store.issue_links import HeadRow, LinkRow
    from radiograph.store.issue_reads import IssueRow


def link_types(services: Services) -> list[LinkType]:
    """Every type of links."""
    with services.db.read() as conn:
        return store.link_types(conn)


def create(services: Services, caller: Caller, link: NewLink, comment: str = "") -> None:
    """Link two issues; nothing happens where they are linked so. Raises Refused, IssueNotFound, Forbidden."""
    now = now_ms()
    with services.db.write() as conn:
        refs = [r for r in (link.source, link.target) if r]
        lock_projects(conn, [h.project_id for h in issue_heads(conn, caller, refs).values()])
        named = issue_heads(conn, caller, refs)
        number = comments.take_comment(conn) if comment.strip() else None  # before the link's, as an edited issue takes them
        source = make_link(conn, caller, link, named, now)
        if number is not None:
            comments.add_comment(conn, source.id, caller.id, comment, now, number=number)
        audit.note(conn, caller.id, "link.create", f"{link.source} {link.type} {link.target}"[:500], project_id=source.project_id)


def make_link(
    conn: sa.Connection, caller: Caller, link: NewLink, named: Mapping[str | int, HeadRow], now: int, *, of: IssueRow | None = None
) -> HeadRow:
    """Make a link between issues whose projects are held, with its history; returns the source. `of` is the issue that "" means."""
    kind = _type(conn, link.type)
    own = store.heads(conn, [of.id])[of.id] if of else None
    ends = []
    for ref, name in ((link.source, "inwardIssue"), (link.target, "outwardIssue")):
        end = named.get(ref) if ref else own
        if end is None and ref:
            raise not_found(conn, caller, ref)
        if end is None:
            raise Refused(f"{name} is required", [Problem(name, 'Give the issue, such as {"key": "DEMO-7"}.')])
        ends.append(end)
    source, target = ends
    _check(caller, source, target)
    if _is_coverage(kind, source, target):
        test, requirement = (source, target) if source.type is IssueType.TEST else (target, source)
        store.add_coverage(conn, requirement.id, test.id)
        source, target = test, requirement
    else:
        store.add_link(conn, kind.id, source.id, target.id)
    _note(conn, caller, kind, source, target, now, added=True)
    return source


def _type(conn: sa.Connection, named: str) -> LinkType:
    types = store.link_types(conn)
    found = next((k for k in types if named.strip().lower() == k.name.lower() or named.strip() == str(k.id)), None)
    if found is None:
        text = f"No issue link type with name '{cut(named)}' found; there are {', '.join(k.name for k in types)}."
        raise Refused(text, [Problem("type", text)])
    return found


def _check(caller: Caller, source: HeadRow, target: HeadRow) -> None:
    if source.id == target.id:
        raise Refused("An issue can't be linked to itself.", [Problem("outwardIssue", "An issue can't be linked to itself.")])
    if not caller.may(Right.EDIT_ISSUE, source.project_id):
        raise Forbidden


def _is_coverage(kind: LinkType, source: HeadRow, target: HeadRow) -> bool:
    return kind.id == TESTS_LINK and (source.type is IssueType.TEST) != (target.type is IssueType.TEST)


def _note(conn: sa.Connection, caller: Caller, kind: LinkType, source: HeadRow, target: HeadRow, now: int, *, added: bool) -> None:
    for one, other, word in ((source, target, kind.outward), (target, source, kind.inward)):
        text = f"This issue {word} {other.key}"
        field = ("Link", "", text) if added else ("Link", text, "")
        changes.note_changes(conn, "issue", (one.project_id, one.id), caller.id, now, [field])


def find(services: Services, caller: Caller, link_id: str) -> LinkRow:
    """A link of which the caller can see both ends; raises NotFound."""
    with services.db.read() as conn:
        return _find(conn, caller, link_id)


def _find(conn: sa.Connection, caller: Caller, link_id: str) -> LinkRow:
    requirement, dash, test = link_id.partition("-")
    first, second = parse_id(requirement), parse_id(test)
    found = None
    if first is not None and not dash:
        found = store.find_link(conn, first)
    elif first is not None and second is not None:
        found = store.find_coverage(conn, first, second)
    if found is None or any(caller.role_in(end.project_id) is None for end in (found.source, found.target)):
        raise NotFound(f"No issue link with id '{cut(link_id)}' exists.")
    return found


def remove(services: Services, caller: Caller, link_id: str) -> None:
    """Remove a link, with its history. Raises NotFound, Forbidden."""
    with services.db.write() as conn:
        found = _find(conn, caller, link_id)
        lock_projects(conn, [found.source.project_id, found.target.project_id])
        found = _find(conn, caller, link_id)
        if not caller.may(Right.EDIT_ISSUE, found.source.project_id):
            raise Forbidden
        store.remove_link(conn, found)
        _note(conn, caller, found.type, found.source, found.target, now_ms(), added=False)
        subject = f"{found.source.key} {found.type.name} {found.target.key}"
        audit.note(conn, caller.id, "link.remove", subject, project_id=found.source.project_id)
