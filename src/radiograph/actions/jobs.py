# SPDX-License-Identifier: Apache-2.0
"""Tasks that go on after their answer: counting executions anew, in short transactions, with progress that outlives the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.search import select
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, cut
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.people import Right
from radiograph.store import audit, jobs, projects, recounts
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

RUN_STATUSES, REQUIREMENT_STATUSES = "testrunstatus/reset", "requirementstatus/reset"
BEAT_S = 15.0
"""How often a process tells that its tasks live."""
SILENT_MS = 60_000
"""A task that wasn't heard of for so long has ended with its process."""
_AT_ONCE = 50
_DEAD = "The server ended before the task did; start it again."
_STOPPED = "The server was stopped before the task was done; start it again."
_ASKED = "Requirement statuses are computed whenever they are asked for: there was nothing to recompute."


class Scope(Struct, frozen=True):
    """What to go through: a project, issues by their keys, a query, a saved filter; nothing: all that the caller administers."""

    project: str = ""
    keys: Sequence[str] = ()
    jql: str = ""
    saved_filter: str = ""


class Task(Struct):
    """A task that has begun: its id, and the executions that are left to go through."""

    id: int
    executions: list[int]


def start_reset(services: Services, caller: Caller, kind: str, scope: Scope) -> Task:
    """Begin a task; `run_reset` does it. Raises NotFound, IssueNotFound, Refused, Forbidden (it takes an administrator of the project)."""
    with services.db.write() as conn:
        found = _chosen(conn, caller, kind, scope)
        owners = jobs.projects_of(conn, found)
        if not all(caller.may(Right.ADMINISTER, project) for project in owners.values()):
            raise Forbidden
        number = jobs.add_job(conn, kind, caller.id, len(found), now_ms())
        audit.note(conn, caller.id, "job.start", f"{kind} {number}", {"executions": len(found)}, project_id=next(iter(owners.values()), 0))
        if kind == REQUIREMENT_STATUSES:
            jobs.note_progress(conn, number, len(found), now_ms())
            jobs.end_job(conn, number, jobs.DONE, _ASKED, now_ms())
            return Task(number, [])
    return Task(number, found)


def _chosen(conn: sa.Connection, caller: Caller, kind: str, scope: Scope) -> list[int]:
    """The executions of a scope."""
    if scope.keys or scope.jql or scope.saved_filter:
        kinds = list(IssueType) if kind == REQUIREMENT_STATUSES else [*EXECUTION_TYPES, IssueType.TEST, IssueType.TEST_PLAN]
        ids = select(conn, caller, kinds, keys=scope.keys, jql=scope.jql, saved_filter=scope.saved_filter)
        return jobs.executions_touched(conn, ids)
    if scope.project:
        project = projects.find_project(conn, scope.project)
        if project is None or caller.role_in(project.id) is None:
            raise NotFound(f"There is no project {cut(scope.project)}.")
        if not caller.may(Right.ADMINISTER, project.id):
            raise Forbidden
        return jobs.executions_in(conn, [project.id])
    own = [p.id for p in projects.all_projects(conn) if caller.may(Right.ADMINISTER, p.id)]
    if not own:
        raise Forbidden
    return jobs.executions_in(conn, own)


def run_reset(services: Services, task: Task, stopped: Callable[[], bool]) -> None:
    """Count the executions of a task anew; statuses that were set by hand stay. `stopped` is asked between the transactions."""
    wrong = 0
    try:
        for at in range(0, len(task.executions), _AT_ONCE):
            if stopped():
                _end(services, task, jobs.FAILED, _STOPPED)
                return
            wrong += _some(services, task, at)
    except Exception as error:
        _end(services, task, jobs.FAILED, f"It could not be finished: {type(error).__name__}.")
        raise
    count = len(task.executions)
    _end(services, task, jobs.DONE, f"{count} Test Executions were counted anew; {wrong} of them were wrong and are right now.")


def _some(services: Services, task: Task, at: int) -> int:
    batch = task.executions[at : at + _AT_ONCE]
    with services.db.read() as conn:
        suspects = recounts.wrong_among(conn, batch)
        owners = jobs.projects_of(conn, suspects)
    with services.db.write() as conn:
        lock_projects(conn, owners.values())
        wrong = recounts.wrong_among(conn, suspects) if suspects else []  # an import may have been between both
        for execution in wrong:
            recounts.recount(conn, execution)
        jobs.note_progress(conn, task.id, min(at + _AT_ONCE, len(task.executions)), now_ms())
    return len(wrong)


def _end(services: Services, task: Task, state: str, message: str) -> None:
    with services.db.write() as conn:
        jobs.end_job(conn, task.id, state, message, now_ms())


def tell_alive(services: Services, numbers: Collection[int]) -> None:
    """Note that these tasks live: they wait for others, or are at something that takes long."""
    if numbers:
        with services.db.write() as conn:
            jobs.tell_alive(conn, numbers, now_ms())


def find_job(services: Services, caller: Caller, number: int, living: Collection[int] = ()) -> jobs.JobRow:
    """How far a task is, for who started it and for administrators of the instance; `living` are those of this process. Raises NotFound."""
    with services.db.read() as conn:
        row = jobs.find_job(conn, number)
    if row is None or (row.user_id != caller.id and not caller.admin):
        raise NotFound(f"There is no task {number}.")
    if row.state == jobs.RUNNING and number not in living and row.updated_ms < now_ms() - SILENT_MS:
        row.state, row.message = jobs.FAILED, _DEAD
    return row


def fail_silent_jobs(services: Services, living: Collection[int] = ()) -> int:
    """Mark the tasks of processes that ended as failed, but the `living` ones of this process; how many they were. Called when a server starts."""
    with services.db.read() as conn:
        if not jobs.has_silent(conn, now_ms() - SILENT_MS):
            return 0
    with services.db.write() as conn:
        return jobs.fail_silent(conn, now_ms() - SILENT_MS, _DEAD, now_ms(), living)
