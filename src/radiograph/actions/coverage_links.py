# SPDX-License-Identifier: Apache-2.0
"""Saying which Tests cover a requirement, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.issue_refs import issue_heads
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, IssueNotFound, Problem, Refused, cut
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.people import Caller, Right
from radiograph.domain.workflow import TESTS_LINK
from radiograph.store import audit, changes, issue_links
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.store.issue_links import HeadRow


def link_tests(services: Services, caller: Caller, requirement: str, tests: Sequence[str], remove: bool) -> int:  # noqa: FBT001  (passed on to a thread)
    """Let Tests cover a requirement, or no longer; how many links that made or took away.

    All or nothing: raises IssueNotFound, Refused that names each key that is no Test, Forbidden.
    """
    with services.db.write() as conn:
        return link_tests_in(conn, caller, requirement, tests, remove=remove)


def link_tests_in(conn: sa.Connection, caller: Caller, requirement: str, tests: Sequence[str], *, remove: bool) -> int:
    """Link Tests as `link_tests` does, inside a transaction that may hold the projects of all of them already."""
    wanted = [requirement, *tests]
    if not requirement.strip() or not tests:
        raise Refused("Name a requirement and the Tests that cover it.")
    lock_projects(conn, [h.project_id for h in issue_heads(conn, caller, wanted).values()])
    heads = issue_heads(conn, caller, wanted)
    covered, found = _checked(heads, requirement, tests)
    if not all(caller.may(Right.EDIT_ISSUE, h.project_id) for h in found):
        raise Forbidden
    changed = [test for test in found if _change(conn, covered, test, remove=remove)]
    for test in changed:
        _note(conn, caller, covered, test, added=not remove)
    counts = {"removed" if remove else "added": len(changed)}
    audit.note(conn, caller.id, "coverage.link", covered.key, counts, project_id=covered.project_id)
    return len(changed)


def _checked(heads: dict[str | int, HeadRow], requirement: str, tests: Sequence[str]) -> tuple[HeadRow, list[HeadRow]]:
    for key in (requirement, *tests):
        if key not in heads:
            raise IssueNotFound(key)
    covered = heads[requirement]
    if covered.type is IssueType.TEST or covered.type in EXECUTION_TYPES:
        raise Refused(f"{covered.key} is a {covered.type.label}: Tests cover Stories, Epics, Requirements and other issues.")
    wrong = [
        Problem(f"tests[{i}]", f"{cut(k)} is a {heads[k].type.label}, not a Test")
        for i, k in enumerate(tests)
        if heads[k].type is not IssueType.TEST
    ]
    if wrong:
        raise Refused("; ".join(p.problem for p in wrong[:20]) + ".", wrong)
    return covered, list({heads[k].id: heads[k] for k in tests}.values())


def _change(conn: sa.Connection, covered: HeadRow, test: HeadRow, *, remove: bool) -> bool:
    link = issue_links.find_coverage(conn, covered.id, test.id)
    if remove and link is not None:
        issue_links.remove_link(conn, link)
    elif not remove and link is None:
        issue_links.add_coverage(conn, covered.id, test.id)
    return (link is not None) is remove


def _note(conn: sa.Connection, caller: Caller, covered: HeadRow, test: HeadRow, *, added: bool) -> None:
    kind = next(k for k in issue_links.link_types(conn) if k.id == TESTS_LINK)
    for one, other, word in ((test, covered, kind.outward), (covered, test, kind.inward)):
        said = f"This issue {word} {other.key}"
        field = ("Link", "", said) if added else ("Link", said, "")
        changes.note_changes(conn, "issue", (one.project_id, one.id), caller.id, now_ms(), [field])
