# SPDX-License-Identifier: Apache-2.0
"""What the page of an issue shows beside its fields: the Tests that it gathers or that cover it, the runs it is a defect of, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.search import visible_projects
from radiograph.store import failures, import_reads, issue_links, relations, test_reads
from radiograph.store.changes import Change, changes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import RunRow

SHOWN_TESTS, SHOWN_RUNS, SHOWN_CHANGES = 200, 50, 100
"""How many of each a page names at most; the API has all of them in pages."""


class Member(Struct):
    """A Test of an issue: `status_id` is that of its latest run (None: it has none)."""

    key: str
    summary: str
    status_id: int | None


class IssuePage(Struct):
    """All that, with how many there are of Tests and runs; `changes` are by hand, `runs` those that the issue is a defect of, both newest first."""

    tests: list[Member]
    all_tests: int
    runs: list[RunRow]
    all_runs: int
    changes: list[Change]
    statuses: StatusTable


def issue_page(services: Services, caller: Caller, issue: IssueRow, start: int = 0) -> IssuePage:
    """What belongs to an issue, its Tests after the first `start`; Tests and runs of projects that the caller can't see are left out, and aren't counted."""
    with services.db.read() as conn:
        seen = visible_projects(conn, caller)
        table, _ = import_reads.status_tables(conn)
        found = failures.runs_with_defect(conn, issue.id, seen, SHOWN_RUNS)
        changed = changes_of(conn, "issue", [issue.id])[::-1][:SHOWN_CHANGES]
        ids, count = _members(conn, issue, seen, start)
        return IssuePage(_tests(conn, ids, seen), count, found, failures.count_with_defect(conn, issue.id, seen), changed, table)


def changes_by_hand(services: Services, issue_id: int) -> list[Change]:
    """What was changed by hand in an issue, newest first, 100 at most."""
    with services.db.read() as conn:
        return changes_of(conn, "issue", [issue_id])[::-1][:SHOWN_CHANGES]


def _tests(conn: sa.Connection, ids: list[int], seen: Sequence[int] | None) -> list[Member]:
    """These Tests, each with the status of its latest run."""
    heads, statuses = issue_links.heads(conn, ids), test_reads.latest_statuses(conn, ids, seen) if ids else {}
    return [Member(heads[i].key, heads[i].summary, statuses.get(i)) for i in ids if i in heads]


def _members(conn: sa.Connection, issue: IssueRow, seen: Sequence[int] | None, start: int) -> tuple[list[int], int]:
    """The ids of a page of the Tests, and how many there are."""
    if issue.type in relations.GATHERINGS:
        ids = relations.members_of(conn, issue.type, issue.id, start, SHOWN_TESTS, seen)
        return ids, len(ids) if not start and len(ids) < SHOWN_TESTS else relations.count_members(conn, issue.type, issue.id, seen)
    links = [link.source for link in issue.parts.links if link.is_coverage and link.target.id == issue.id]
    ids = [source.id for source in links if seen is None or source.project_id in seen]
    return ids[start : start + SHOWN_TESTS], len(ids)
