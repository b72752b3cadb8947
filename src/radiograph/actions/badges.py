# SPDX-License-Identifier: Apache-2.0
"""What a badge says: how tests stand on a branch, in a Test Plan or in a Test Execution, for who has the project's badge key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.sharing import is_badge_key
from radiograph.domain.errors import NotFound
from radiograph.domain.issues import IssueType
from radiograph.domain.keys import parse_issue_key
from radiograph.domain.statuses import failing
from radiograph.store import badge_reads, executions, import_reads, projects

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services

GOOD, BAD, NONE = "pass", "fail", "none"
_PLAN_MOST = 20_000
_NO_BADGE = "There is no such badge."


class Badge(Struct, frozen=True):
    """What a badge says, and whether that is good, bad or neither."""

    text: str
    state: str


def badge(services: Services, project_key: str, target: str, key: str) -> Badge:
    """The badge of a branch, or of the Test Plan or Test Execution of a key.

    Raises NotFound, in the same words for everything that there is no badge of, so that nothing is told to who guesses.
    """
    with services.db.read() as conn:
        project = projects.find_project(conn, project_key)
    if not is_badge_key(services, project.id if project else 0, key) or project is None:
        raise NotFound(_NO_BADGE)
    with services.db.read() as conn:
        issue = badge_reads.issue_of(conn, project.id, target.upper()) if parse_issue_key(target) else None
        if issue is not None and issue[1] == IssueType.TEST_PLAN:
            return _of_plan(conn, issue[0])
        if issue is not None and issue[1] in {IssueType.TEST_EXECUTION, IssueType.SUB_TEST_EXECUTION}:
            return _of_execution(conn, issue[0])
        newest = badge_reads.newest_of_branch(conn, project.id, target)
        return _of_execution(conn, newest) if newest is not None else Badge("no results", NONE)


def _of_execution(conn: sa.Connection, number: int) -> Badge:
    table, counts = import_reads.status_tables(conn)[0], executions.executions(conn, [number])[number].counts
    return _said({word: sum(n for s, n in counts.items() if table.by_id[s].requirement == word) for word in ("OK", "NOK", "NOTRUN")})


def _of_plan(conn: sa.Connection, number: int) -> Badge:
    table, counts = import_reads.status_tables(conn)[0], {"OK": 0, "NOK": 0, "NOTRUN": 0}
    nok = failing(table)
    for _, _, status in executions.tests_of_plan(conn, number, 0, _PLAN_MOST):
        word = "NOTRUN" if status is None else "NOK" if status in nok else table.by_id[status].requirement
        counts[word] = counts.get(word, 0) + 1
    return _said(counts)


def _said(counts: dict[str, int]) -> Badge:
    total = sum(counts.values())
    if not total:
        return Badge("no results", NONE)
    if counts["NOK"]:
        return Badge(f"{counts['NOK']:,} of {total:,} failed", BAD)
    if not counts["OK"]:
        return Badge("not run", NONE)
    return Badge(f"{counts['OK']:,} passed" + (f", {counts['NOTRUN']:,} to run" if counts["NOTRUN"] else ""), GOOD)
