# SPDX-License-Identifier: Apache-2.0
"""Saved filters: making, changing, listing, deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions.search import visible_projects
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.jql.parser import parse_jql
from radiograph.domain.keys import parse_id
from radiograph.store import audit, filters
from radiograph.store.engines import lock_database
from radiograph.store.issue_search import Search
from radiograph.store.locks import FILTERS

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller


def filter_of(services: Services, caller: Caller, number: str) -> filters.FilterRow:
    """The filter of that id; raises NotFound for one that the caller may not use."""
    with services.db.read() as conn:
        return _usable(conn, caller, number)


def own_filters(services: Services, caller: Caller) -> list[filters.FilterRow]:
    """The caller's filters, by name."""
    with services.db.read() as conn:
        return filters.usable_filters(conn, caller.id, own=True)


def create(services: Services, caller: Caller, given: dict[str, Any]) -> filters.FilterRow:
    """Save a filter of `name`, `jql`, `description`, `shared`. Raises Refused for a name that is taken or a wrong query."""
    with services.db.write() as conn:
        lock_database(conn, FILTERS)
        values = {"jql": "", "description": "", "shared": False} | given
        if filters.count_filters(conn, caller.id) >= filters.MOST:
            raise Refused(f"A person has at most {filters.MOST} filters; delete one first.")
        _check(conn, caller, values)
        number = filters.insert_filter(conn, caller.id, values, now_ms())
        audit.note(conn, caller.id, "filter.create", f"{number} {values['name']}")
        return _usable(conn, caller, str(number))


def edit(services: Services, caller: Caller, number: str, given: dict[str, Any]) -> filters.FilterRow:
    """Change what is given of a filter. Raises NotFound, Forbidden for one of somebody else, Refused as `create` does."""
    with services.db.write() as conn:
        lock_database(conn, FILTERS)
        row = _owned(conn, caller, number)
        _check(conn, caller, given, row)
        filters.update_filter(conn, row.id, given, now_ms())
        audit.note(conn, caller.id, "filter.edit", f"{row.id} {given.get('name', row.name)}")
        return _usable(conn, caller, number)


def delete(services: Services, caller: Caller, number: str) -> None:
    """Delete a filter. Raises NotFound, or Forbidden for one of somebody else."""
    with services.db.write() as conn:
        row = _owned(conn, caller, number)
        filters.delete_filter(conn, row.id)
        audit.note(conn, caller.id, "filter.delete", f"{row.id} {row.name}")


def _usable(conn: sa.Connection, caller: Caller, number: str) -> filters.FilterRow:
    wanted = parse_id(number)
    row = filters.filter_by_id(conn, wanted) if wanted is not None else None
    if row is None or not (row.shared or caller.admin or row.owner_id == caller.id):
        raise NotFound(f"There is no filter {cut(number)}.")
    return row


def _owned(conn: sa.Connection, caller: Caller, number: str) -> filters.FilterRow:
    row = _usable(conn, caller, number)
    if row.owner_id != caller.id and not caller.admin:
        raise Forbidden(f"The filter {row.id} is {row.owner}'s: only they and administrators change it.")
    return row


def _check(conn: sa.Connection, caller: Caller, given: dict[str, Any], row: filters.FilterRow | None = None) -> None:
    if "name" in given or row is None:
        given["name"] = name = str(given.get("name") or "").strip()
        owner = caller.id if row is None else row.owner_id
        problem = ""
        if not name or len(name) > MAX_NAME:
            problem = f"The name must have 1 to {MAX_NAME} characters."
        elif filters.own_filter_named(conn, owner, name) not in {None, row.id if row else None}:
            problem = f"There is a filter with the name {cut(name)} already."
        if problem:
            raise Refused(problem, [Problem("filterName", problem)])
    if "jql" in given:
        Search(conn, parse_jql(given["jql"]), caller.id, visible_projects(conn, caller), now_ms()).checked()
