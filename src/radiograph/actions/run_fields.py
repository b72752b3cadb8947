# SPDX-License-Identifier: Apache-2.0
"""The custom fields that a project defines for its Test Runs and steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Conflict, Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.people import Right
from radiograph.domain.run_fields import FIELD_TYPES, NATIVE_STEP_FIELDS, WITH_OPTIONS, RunField, matches
from radiograph.store import audit, projects
from radiograph.store import run_fields as store
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.run_fields import FieldOwner

_MOST = 200
"""So many fields a project may define, and so many options a field may have."""


def fields_of(services: Services, caller: Caller, project: str, of: FieldOwner) -> list[RunField]:
    """The fields of a project's runs or steps: those that every step has stand first. Raises NotFound."""
    with services.db.read() as conn:
        number = _project(conn, caller, project)
        own = [f for f in store.run_fields(conn, [number]) if f.of == of]
    native = NATIVE_STEP_FIELDS if of == "step" else ()
    return [*(RunField(i, number, of, name, "", "wiki", required=False, options=()) for i, name in native), *own]


def _project(conn: sa.Connection, caller: Caller, key: str) -> int:
    row = projects.find_project(conn, key)
    if row is None or caller.role_in(row.id) is None:
        raise NotFound(f"There is no project {cut(key)}.")
    return row.id


def _changed(conn: sa.Connection, caller: Caller, key: str) -> int:
    number = _project(conn, caller, key)
    if not caller.may(Right.EDIT_ISSUE, number):
        raise Forbidden
    lock_projects(conn, [number])
    return number


def define(services: Services, caller: Caller, project: str, field: RunField) -> RunField:
    """Define a field; its id and project are not looked at. Raises NotFound, Forbidden, Refused, Conflict for a name that is taken."""
    with services.db.write() as conn:
        number = _changed(conn, caller, project)
        field = _good(conn, RunField(0, number, *_rest(field)))
        made = RunField(store.add_field(conn, field), number, *_rest(field))
        audit.note(conn, caller.id, "field.define", f"{field.of} {field.name}", project_id=number)
    return made


def redefine(services: Services, caller: Caller, project: str, field: RunField) -> RunField:
    """Set what a field is; values that runs have stay as they are. Raises NotFound, Forbidden, Refused, Conflict."""
    with services.db.write() as conn:
        number = _changed(conn, caller, project)
        _existing(conn, number, field.of, field.id)
        field = _good(conn, RunField(field.id, number, *_rest(field)))
        store.update_field(conn, field)
        audit.note(conn, caller.id, "field.redefine", f"{field.of} {field.name}", project_id=number)
    return field


def remove(services: Services, caller: Caller, project: str, of: FieldOwner, field_id: int) -> None:
    """Take a field away; values that runs have stay, as those of imports do. Raises NotFound, Forbidden."""
    with services.db.write() as conn:
        number = _changed(conn, caller, project)
        name = _existing(conn, number, of, field_id).name
        store.remove_field(conn, field_id)
        audit.note(conn, caller.id, "field.remove", f"{of} {name}", project_id=number)


def _rest(field: RunField) -> tuple[str, str, str, str, bool, tuple[str, ...]]:
    return field.of, field.name.strip(), field.description, field.type, field.required, field.options


def _existing(conn: sa.Connection, project_id: int, of: str, field_id: int) -> RunField:
    for field in store.run_fields(conn, [project_id]):
        if (field.of, field.id) == (of, field_id):
            return field
    raise NotFound(f"The project defines no such field {field_id}.")


def _good(conn: sa.Connection, field: RunField) -> RunField:
    """The field, if it can be defined beside the others."""
    others = [f for f in store.run_fields(conn, [field.project_id]) if f.of == field.of and f.id != field.id]
    problems = list(_problems(field, len(others)))
    if problems:
        raise Refused("; ".join(f"{p.path}: {p.problem}" for p in problems), problems)
    native = [name for _, name in NATIVE_STEP_FIELDS] if field.of == "step" else []
    if any(matches(f, field.name) for f in others) or field.name.casefold() in {n.casefold() for n in native}:
        raise Conflict(f"There is a field {field.name} already.")
    return field


def _problems(field: RunField, others: int) -> list[Problem]:
    found = []
    if not field.name or len(field.name) > MAX_NAME or field.name.isdigit():
        found.append(Problem("name", f"must be a name of 1 to {MAX_NAME} characters that isn't a number"))
    if field.type not in FIELD_TYPES:
        found.append(Problem("type", f"must be one of {', '.join(FIELD_TYPES)}, not {cut(field.type)!r}"))
    folded = [o.casefold() for o in field.options]
    if (field.type in WITH_OPTIONS) != bool(field.options) or len(set(folded)) != len(folded) or not all(folded) or len(folded) > _MOST:
        found.append(Problem("options", f"must be 1 to {_MOST} different texts for {', '.join(WITH_OPTIONS)}, and none for other types"))
    if others >= _MOST:
        found.append(Problem("name", f"a project may define {_MOST} fields, and it has as many"))
    return found
