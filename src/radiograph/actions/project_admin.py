# SPDX-License-Identifier: Apache-2.0
"""What a project's administrators set: its name, its people, its main branch; and taking it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import run_fields
from radiograph.actions.projects import whole_project
from radiograph.domain.baselines import MAIN_BRANCH
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.people import Right, Role
from radiograph.domain.run_fields import RunField  # noqa: TC001  (msgspec reads the annotations)
from radiograph.store import accounts, audit, issue_deletes, issue_links, jobs, project_admin, project_settings
from radiograph.store.engines import lock_projects
from radiograph.store.issue_reads import VersionRow  # noqa: TC001
from radiograph.store.project_admin import Member  # noqa: TC001
from radiograph.store.project_parts import ProjectComponent  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from radiograph.actions.projects import ProjectRow
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

KIND = "project/delete"
_AT_ONCE = 50
_LONGEST = 32_000
_STOPPED = "The server was stopped before all of the project was deleted; what is gone is gone. Delete it again to go on."


class ProjectSettings(Struct):
    """A project with all that its settings show; `administers` and `leads` say what the reader may change."""

    id: int
    key: str
    name: str
    description: str
    main_branch: str
    administers: bool
    leads: bool
    members: list[Member]
    versions: list[VersionRow]
    components: list[ProjectComponent]
    fields: list[RunField]


def settings_of(services: Services, caller: Caller, key: str) -> ProjectSettings:
    """A project's settings; raises NotFound, and Forbidden for who only reads it."""
    whole = whole_project(services, caller, key)
    row, project_id = whole.row, whole.row.id
    if not caller.may(Right.EDIT_ISSUE, project_id):
        raise Forbidden("A project's settings take the role lead in it.")
    with services.db.read() as conn:
        people = project_admin.members(conn, project_id)
        branch = project_settings.get_setting(conn, project_id, MAIN_BRANCH, "")
    fields = [*run_fields.fields_of(services, caller, key, "run"), *run_fields.fields_of(services, caller, key, "step")]
    return ProjectSettings(
        project_id, row.key, row.name, row.description, branch, caller.may(Right.ADMINISTER, project_id), True, people, whole.versions,
        whole.components, [f for f in fields if f.id >= _FIRST_OWN],
    )  # fmt: skip


_FIRST_OWN = 100


def _administered(conn: sa.Connection, caller: Caller, project: ProjectRow) -> None:
    if not caller.may(Right.ADMINISTER, project.id):
        raise Forbidden("This takes the role admin in the project.")
    lock_projects(conn, [project.id])


def describe(services: Services, caller: Caller, project: ProjectRow, name: str, description: str, main_branch: str) -> None:
    """Set a project's name, description and main branch. Raises Forbidden, Refused."""
    if not name or len(name) > MAX_NAME:
        raise Refused(f"A project needs a name of 1 to {MAX_NAME} characters.")
    if len(description) > _LONGEST or len(main_branch) > MAX_NAME:
        raise Refused("The description or the branch's name is too long.")
    with services.db.write() as conn:
        _administered(conn, caller, project)
        project_admin.change_project(conn, project.id, {"name": name, "description": description})
        project_settings.put_setting(conn, project.id, MAIN_BRANCH, main_branch)
        audit.note(conn, caller.id, "project.edit", project.key, project_id=project.id)


def set_role(services: Services, caller: Caller, project: ProjectRow, name: str, role: Role | None) -> None:
    """Give a person a role in the project, or with None take it away. Raises Forbidden, NotFound for an unknown person."""
    with services.db.write() as conn:
        _administered(conn, caller, project)
        person = accounts.find_account(conn, name)
        if person is None:
            raise NotFound(f"There is no user {cut(name)}; an administrator of the instance adds people.")
        accounts.set_role(conn, project.id, person.id, role)
        audit.note(conn, caller.id, "role.set", f"{project.key} {name} {role.name if role else 'none'}", project_id=project.id)


def start_delete(services: Services, caller: Caller, project: ProjectRow, typed: str) -> int:
    """Begin the task of deleting a project; `run_delete` does it. `typed` must be its key. Raises Forbidden, Refused."""
    if typed.strip() != project.key:
        raise Refused(f"Type {project.key} to delete the project; nothing was deleted.")
    with services.db.write() as conn:
        _administered(conn, caller, project)
        total = project_admin.size_of(conn, project.id)
        number = jobs.add_job(conn, KIND, caller.id, total, now_ms())
        audit.note(conn, caller.id, "job.start", f"{KIND} {number} {project.key}", {"issues": total})
    return number


def run_delete(services: Services, caller: Caller, project: ProjectRow, job: int, stopped: Callable[[], bool]) -> None:
    """Delete a project with all that it has, an execution or fifty other issues at a time; `stopped` is asked between the transactions."""
    done = 0
    try:
        while True:
            if stopped():
                _end(services, job, jobs.FAILED, _STOPPED)
                return
            gone = _some(services, project, job, done)
            done += gone
            if not gone:
                break
    except Exception as error:
        _end(services, job, jobs.FAILED, f"It could not be finished: {type(error).__name__}. Delete the project again to go on.")
        raise
    with services.db.write() as conn:
        audit.note(conn, caller.id, "project.delete", project.key, {"issues": done})
    _end(services, job, jobs.DONE, f"The project {project.key} is deleted, with {done} issues and all their results.")


def _some(services: Services, project: ProjectRow, job: int, done: int) -> int:
    """Delete some issues; when there are none any more, the project itself in the same transaction. How many issues went."""
    with services.db.write() as conn:
        issue_deletes.lock_all_projects(conn)
        ids = project_admin.some_issues(conn, project.id, _AT_ONCE)
        for head in issue_links.heads(conn, ids).values():
            issue_deletes.delete_issue(conn, head)
        if not ids:
            project_admin.remove_project(conn, project.id)
        jobs.note_progress(conn, job, done + len(ids), now_ms())
    return len(ids)


def _end(services: Services, job: int, state: str, message: str) -> None:
    with services.db.write() as conn:
        jobs.end_job(conn, job, state, message, now_ms())
