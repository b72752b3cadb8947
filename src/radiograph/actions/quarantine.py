# SPDX-License-Identifier: Apache-2.0
"""Putting Tests in quarantine for a while, and taking them out: their failures don't close a gate meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse, projects
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issues import IssueType
from radiograph.domain.people import Right
from radiograph.store import audit, quarantines
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.projects import ProjectRow
    from radiograph.store.quarantines import Quarantine

SHOWN, SHOWN_OVER = 500, 50
LONGEST_DAYS = 366
_LONGEST_REASON = 2000


class QuarantinePage(Struct):
    """Those that hold, the first to end on top, and the last that are over."""

    project: ProjectRow
    holding: list[Quarantine]
    over: list[Quarantine]
    may_edit: bool


def quarantine_page(services: Services, caller: Caller, key: str) -> QuarantinePage:
    """A project's quarantine. Raises NotFound."""
    row = projects.project(services, caller, key)
    now = now_ms()
    with services.db.read() as conn:
        holding = quarantines.quarantines(conn, row.id, now, SHOWN)
        over = quarantines.quarantines(conn, row.id, now, SHOWN_OVER, over=True)
    for q in (*holding, *over):
        if caller.role_in(q.test_project_id) is None:
            q.test_summary = ""
    return QuarantinePage(row, holding, over, caller.may(Right.EDIT_ISSUE, row.id))


def put(services: Services, caller: Caller, key: str, test: str, reason: str, until: str) -> str:
    """Put a Test in quarantine to the end of a day (`2026-12-31`); its key.

    Raises NotFound, IssueNotFound, Forbidden, Refused for what is no Test, no reason or no day to come within a year, and
    Conflict when it is in quarantine already.
    """
    project = _editable(services, caller, key)
    issue = browse.find(services, caller, test)
    if issue.type is not IssueType.TEST:
        raise Refused(f"{issue.key} is a {issue.type.label}, not a Test.", [Problem("test", "is not a Test")])
    why, end = _reason(reason), end_of(until, now_ms())
    with services.db.write() as conn:
        lock_projects(conn, [project.id])
        now = now_ms()
        if quarantines.of_tests(conn, project.id, [issue.id], now):
            raise Conflict(f"{issue.key} is in quarantine already; change its end there.")
        quarantines.add(conn, project.id, issue.id, why, end, (caller.id, now))
        audit.note(conn, caller.id, "quarantine.add", issue.key, project_id=project.id)
    return issue.key


def extend(services: Services, caller: Caller, key: str, number: int, until: str) -> str:
    """Give a quarantine that holds another end; the Test's key. Raises NotFound, Forbidden, Refused."""
    project = _editable(services, caller, key)
    end = end_of(until, now_ms())
    with services.db.write() as conn:
        lock_projects(conn, [project.id])
        found = _holding(conn, project, number)
        quarantines.change(conn, number, {"until_ms": end})
        audit.note(conn, caller.id, "quarantine.extend", found.test_key, project_id=project.id)
    return found.test_key


def end(services: Services, caller: Caller, key: str, number: int) -> str:
    """End a quarantine that holds, now; the Test's key. Raises NotFound, Forbidden."""
    project = _editable(services, caller, key)
    with services.db.write() as conn:
        lock_projects(conn, [project.id])
        found = _holding(conn, project, number)
        quarantines.change(conn, number, {"ended_ms": now_ms(), "ended_by": caller.id})
        audit.note(conn, caller.id, "quarantine.end", found.test_key, project_id=project.id)
    return found.test_key


def end_of(day: str, now: int) -> int:
    """The end of a day (UTC) in UTC milliseconds; raises Refused for what is none, is over, or is more than a year away."""
    try:
        parsed = datetime.strptime(day.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(f"{cut(day)!r} is no day such as 2026-12-31.", [Problem("until", "is no day such as 2026-12-31")]) from None
    end = parsed + timedelta(days=1)
    today = datetime.fromtimestamp(now / 1000, UTC)
    if not today < end <= today + timedelta(days=LONGEST_DAYS):
        raise Refused("A quarantine ends on a day to come, within a year.", [Problem("until", "must be a day to come, within a year")])
    return int(end.timestamp() * 1000)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused("Say why the Test is put in quarantine.", [Problem("reason", "is required")])
    return text.strip()[:_LONGEST_REASON]


def _editable(services: Services, caller: Caller, key: str) -> ProjectRow:
    row = projects.project(services, caller, key)
    if not caller.may(Right.EDIT_ISSUE, row.id):
        raise Forbidden
    return row


def _holding(conn: sa.Connection, project: ProjectRow, number: int) -> Quarantine:
    found = quarantines.find(conn, project.id, number)
    if found is None or not found.holds(now_ms()):
        raise NotFound(f"{project.key} has no quarantine {number} that holds.")
    return found
