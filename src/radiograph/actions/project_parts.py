# SPDX-License-Identifier: Apache-2.0
"""Versions and components of projects, kept by leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.people import Caller, Right
from radiograph.store import audit, projects
from radiograph.store import project_parts as store
from radiograph.store import tables as t
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.store.issue_reads import VersionRow
    from radiograph.store.project_parts import ProjectComponent


class _Part(Struct, frozen=True):
    """What tells versions from components."""

    table: sa.Table
    word: str
    find: Callable[[sa.Connection, int], VersionRow | ProjectComponent | None]


_VERSION = _Part(t.versions, "version", store.find_version)
_COMPONENT = _Part(t.components, "component", store.find_component)


def find_version(services: Services, caller: Caller, number: int) -> VersionRow:
    """A version; raises NotFound."""
    with services.db.read() as conn:
        return _find(conn, caller, _VERSION, number)  # type: ignore[return-value]


def find_component(services: Services, caller: Caller, number: int) -> ProjectComponent:
    """A component; raises NotFound."""
    with services.db.read() as conn:
        return _find(conn, caller, _COMPONENT, number)  # type: ignore[return-value]


def _find(conn: sa.Connection, caller: Caller, part: _Part, number: int) -> VersionRow | ProjectComponent:
    row = part.find(conn, number)
    if row is None or caller.role_in(row.project_id) is None:
        raise NotFound(f"Could not find {part.word} for id '{number}'.")
    return row


def create_version(services: Services, caller: Caller, project: str, values: Mapping[str, Any]) -> VersionRow:
    """Add a version to a project (key or id). Raises NotFound, Forbidden, Refused."""
    return find_version(services, caller, _create(services, caller, _VERSION, project, values))


def create_component(services: Services, caller: Caller, project: str, values: Mapping[str, Any]) -> ProjectComponent:
    """Add a component to a project (key or id). Raises NotFound, Forbidden, Refused."""
    return find_component(services, caller, _create(services, caller, _COMPONENT, project, values))


def _create(services: Services, caller: Caller, part: _Part, project: str, values: Mapping[str, Any]) -> int:
    with services.db.write() as conn:
        row = projects.find_project(conn, project)
        if row is None or caller.role_in(row.id) is None:
            raise NotFound(f"No project could be found with key '{cut(project)}'.")
        _may(caller, row.id)
        lock_projects(conn, [row.id])
        _check_name(conn, part, row.id, values.get("name"), 0)
        number = store.add_part(conn, part.table, {**values, "project_id": row.id})
        audit.note(conn, caller.id, f"{part.word}.create", f"{row.key} {values['name']}", project_id=row.id)
    return number


def _may(caller: Caller, project_id: int) -> None:
    if not caller.may(Right.EDIT_ISSUE, project_id):
        raise Forbidden


def _check_name(conn: sa.Connection, part: _Part, project_id: int, name: str | None, but: int) -> None:
    problem = ""
    if not name or not name.strip():
        problem = f"You must specify a valid {part.word} name."
    elif len(name) > MAX_NAME:
        problem = f"A name has at most {MAX_NAME} characters, not {len(name)}."
    elif store.is_taken(conn, part.table, project_id, name, but):
        problem = f"A {part.word} with this name already exists in this project."
    if problem:
        raise Refused(problem, [Problem("name", problem)])


def edit_version(services: Services, caller: Caller, number: int, values: Mapping[str, Any]) -> VersionRow:
    """Change what is given of a version. Raises NotFound, Forbidden, Refused."""
    _edit(services, caller, _VERSION, number, values)
    return find_version(services, caller, number)


def edit_component(services: Services, caller: Caller, number: int, values: Mapping[str, Any]) -> ProjectComponent:
    """Change what is given of a component. Raises NotFound, Forbidden, Refused."""
    _edit(services, caller, _COMPONENT, number, values)
    return find_component(services, caller, number)


def _edit(services: Services, caller: Caller, part: _Part, number: int, values: Mapping[str, Any]) -> None:
    with services.db.write() as conn:
        row = _held(conn, caller, part, number)
        if "name" in values:
            _check_name(conn, part, row.project_id, values["name"], number)
        store.change_part(conn, part.table, number, values)
        audit.note(conn, caller.id, f"{part.word}.edit", str(number), project_id=row.project_id)


def _held(conn: sa.Connection, caller: Caller, part: _Part, number: int) -> VersionRow | ProjectComponent:
    row = _find(conn, caller, part, number)
    _may(caller, row.project_id)
    lock_projects(conn, [row.project_id])
    return _find(conn, caller, part, number)


def remove_version(services: Services, caller: Caller, number: int, instead: int | None) -> None:
    """Remove a version; the issues that have it get `instead`, or lose it. Raises NotFound, Forbidden, Refused."""
    _remove(services, caller, _VERSION, number, instead)


def remove_component(services: Services, caller: Caller, number: int, instead: int | None) -> None:
    """Remove a component; the issues that have it get `instead`, or lose it. Raises NotFound, Forbidden, Refused."""
    _remove(services, caller, _COMPONENT, number, instead)


def _remove(services: Services, caller: Caller, part: _Part, number: int, instead: int | None) -> None:
    with services.db.write() as conn:
        row = _held(conn, caller, part, number)
        other = part.find(conn, instead) if instead is not None else None
        if instead == number:
            raise Refused("It can't be its own successor.", [Problem(part.word, f"The {part.word} can't be its own successor.")])
        if instead is not None and (other is None or other.project_id != row.project_id):
            raise NotFound(f"There is no {part.word} {instead} in this project.")
        store.remove_part(conn, part.table, number, instead)
        audit.note(conn, caller.id, f"{part.word}.remove", row.name, project_id=row.project_id)


def count_issues(services: Services, caller: Caller, number: int) -> int:
    """How many issues are to be fixed in a version. Raises NotFound."""
    with services.db.read() as conn:
        _find(conn, caller, _VERSION, number)
        return store.count_issues(conn, t.versions, number)
