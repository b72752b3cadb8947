# SPDX-License-Identifier: Apache-2.0
"""Comparing executions that the caller can see: named, the newest of a plan's environments, or of some environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse, projects
from radiograph.actions.browse import PAGE, place_of
from radiograph.actions.search import visible_projects
from radiograph.domain.comparing import MOST_EXECUTIONS, Change, change_of
from radiograph.domain.errors import NotFound, Refused, cut
from radiograph.insight import comparison
from radiograph.store import newest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.insight.comparison import Comparison

DIFFERENT = tuple(c for c in Change if c is not Change.SAME)
ALL = "all"


class Asked(Struct):
    """What to compare: keys of executions, or a plan, or a project with environments (each ` · `-free name once); then what to show.

    `show` is the name of a change, `all`, or "" for everything that is different.
    """

    executions: Sequence[str] = ()
    plan: str = ""
    project: str = ""
    environments: Sequence[str] = ()
    show: str = ""
    after: str = ""
    limit: int = PAGE


def compared(services: Services, caller: Caller, asked: Asked) -> Comparison:
    """The comparison. Raises IssueNotFound, NotFound, and Refused for less than two executions or more than eight."""
    changes, after = _changes(asked.show), place_of(asked.after)
    ids = executions_of(services, caller, asked)
    with services.db.read() as conn:
        found = comparison.compare(conn, ids, changes, after, asked.limit)
    for row in found.rows:
        if caller.role_in(row.project_id) is None:
            row.summary = ""
    return found


def executions_of(services: Services, caller: Caller, asked: Asked) -> list[int]:
    """The ids of the executions that are to be compared, the baseline first."""
    keys = list(dict.fromkeys(k.strip().upper() for k in asked.executions if k.strip()))
    _bounded(max(len(keys), len(set(asked.environments))))
    if keys:
        ids = [browse.find_execution(services, caller, key).id for key in keys]
    elif asked.plan:
        plan = browse.find_plan(services, caller, asked.plan)
        with services.db.read() as conn:
            ids = newest.of_plan(conn, plan.id, visible_projects(conn, caller), MOST_EXECUTIONS)
    else:
        ids = _of_environments(services, caller, asked)
    ids = list(dict.fromkeys(ids))
    _bounded(len(ids), 2)
    return ids


def _bounded(many: int, least: int = 0) -> None:
    if not least <= many <= MOST_EXECUTIONS:
        raise Refused(f"Compare 2 to {MOST_EXECUTIONS} Test Executions, not {many}: /compare?e=KEY&e=KEY.")


def _of_environments(services: Services, caller: Caller, asked: Asked) -> list[int]:
    if not asked.project:
        raise Refused(f"Name the Test Executions to compare, 2 to {MOST_EXECUTIONS}: /compare?e=KEY&e=KEY.")
    row = projects.project(services, caller, asked.project)
    with services.db.read() as conn:
        if not asked.environments:
            return newest.of_project(conn, row.id, MOST_EXECUTIONS)
        found = {name: newest.with_environments(conn, row.id, _names(name)) for name in dict.fromkeys(asked.environments)}
    missing = [name for name, number in found.items() if number is None]
    if missing:
        raise NotFound(f"{row.key} has no Test Execution with results on {cut(missing[0])}.")
    return [number for number in found.values() if number is not None]


def _names(text: str) -> list[str]:
    """`Chrome,Linux`: both of them."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _changes(show: str) -> Sequence[Change]:
    if not show:
        return DIFFERENT
    change = change_of(show)
    if change is None and show != ALL:
        raise Refused(f"The parameter show can't be {cut(show)!r}; it is all or one of {', '.join(c.word for c in Change)}.")
    return [change] if change is not None else list(Change)
