# SPDX-License-Identifier: Apache-2.0
"""Adding and finding projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import Conflict, Forbidden, NotFound, Problem, Refused, cut, shown
from radiograph.domain.keys import is_project_key
from radiograph.store import audit, issue_parts, issue_reads, project_parts
from radiograph.store import projects as store

ProjectRow = store.ProjectRow

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller


def add_project(
    services: Services, key: str, name: str = "", description: str = "", project_id: int | None = None, *, user_id: int | None = None
) -> int:
    """Add a project and return its id; `user_id` is who does it, None the operator. Raises Refused for a bad key and Conflict for one that is taken."""
    key = key.strip().upper()
    if not is_project_key(key):
        raise Refused(f"{key!r} can't be a project key: use 2 to 64 capitals, digits and _, a capital first.")
    with services.db.write() as conn:
        if store.find_project(conn, key) is not None:
            raise Conflict(f"There is a project {key} already.")
        number = store.add_project(conn, key, name or key, description, project_id)
        audit.note(conn, user_id, "project.add", key, project_id=number)
    return number


def create_project(services: Services, caller: Caller, key: str, name: str, description: str) -> int:
    """Add a project as an administrator of the instance, through the API; its id. Raises Forbidden, Refused."""
    if not caller.administers_instance:
        raise Forbidden("Only an administrator of the instance may add projects.")
    try:
        return add_project(services, key, name, description, user_id=caller.id)
    except (Refused, Conflict) as error:
        raise Refused(error.message, [Problem("projectKey", error.message)]) from None


def find_people(services: Services, text: str, inactive: bool = False) -> list[issue_parts.PersonRow]:  # noqa: FBT001, FBT002
    """The people whose name, display name or address has the text in it, by name."""
    with services.db.read() as conn:
        return issue_parts.find_people(conn, text, inactive=inactive)


def person(services: Services, name: str) -> issue_parts.PersonRow:
    """The person of that name; raises NotFound."""
    with services.db.read() as conn:
        found = issue_parts.people(conn, [name]).get(name)
    if found is None:
        raise NotFound(f"The user named '{cut(name)}' does not exist")
    return found


def visible_projects(services: Services, caller: Caller) -> list[store.ProjectRow]:
    """The projects that the caller has a role in, by key."""
    with services.db.read() as conn:
        return [p for p in store.all_projects(conn) if caller.role_in(p.id) is not None]


def project(services: Services, caller: Caller, key_or_id: str) -> store.ProjectRow:
    """A project that the caller can see; raises NotFound."""
    with services.db.read() as conn:
        found = store.find_project(conn, key_or_id)
    if found is None or caller.role_in(found.id) is None:
        raise NotFound(f"No project could be found with key {shown(key_or_id)}.")
    return found


class WholeProject(Struct):
    """A project with its versions and components."""

    row: store.ProjectRow
    versions: list[issue_reads.VersionRow]
    components: list[project_parts.ProjectComponent]


def whole_project(services: Services, caller: Caller, key_or_id: str) -> WholeProject:
    """A project with its versions and components; raises NotFound."""
    row = project(services, caller, key_or_id)
    with services.db.read() as conn:
        return WholeProject(row, issue_reads.versions_of(conn, row.id), project_parts.components_of(conn, row.id))
