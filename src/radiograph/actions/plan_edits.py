# SPDX-License-Identifier: Apache-2.0
"""Changing which Tests a Test Plan has, as people name them: by keys, by what holds them, by a query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.actions.relations import Edit, edit_tests
from radiograph.actions.search import select, visible_projects
from radiograph.domain.errors import Refused
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.store import executions, import_reads, relations
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

_BETWEEN = re.compile(r"[\s,;]+")


def keys_in(text: str) -> list[str]:
    """The keys in a text, separated by commas, semicolons or white space; each once."""
    return list(dict.fromkeys(k.upper() for k in _BETWEEN.split(text) if k))


def add_or_remove(services: Services, caller: Caller, key: str, keys: str, jql: str, remove: bool) -> tuple[int, list[str]]:  # noqa: FBT001  (passed on to a thread)
    """Add Tests to a plan, or remove them; how many were named, and what was wrong with some keys.

    `keys` names Tests, or Test Sets, Plans and Executions that stand for theirs; `jql` finds Tests. Raises Refused when neither
    names any, for a wrong query, and what `edit_tests` raises.
    """
    if not keys.strip() and not jql.strip():
        raise Refused("Name Tests by their keys, or by a query.")
    with services.db.read() as conn:
        wanted = named_tests(conn, caller, keys_in(keys))
        if jql.strip():
            found = select(conn, caller, (IssueType.TEST,), jql=jql)
            wanted += executions.keys(conn, found).values()
    wanted = list(dict.fromkeys(wanted))
    if not wanted:
        raise Refused("The query finds no Tests.")
    edit = Edit(remove=wanted) if remove else Edit(add=wanted)
    problems = edit_tests(services, caller, key, (IssueType.TEST_PLAN,), edit)
    return len(wanted) - len(problems), problems


def named_tests(conn: sa.Connection, caller: Caller, keys: list[str]) -> list[str]:
    """These keys, each of something that holds Tests replaced by those of its Tests."""
    heads, found = import_reads.issue_heads(conn, keys), list[str]()
    projects = visible_projects(conn, caller)
    for key in keys:
        head = heads.get(key)
        if head is None or caller.role_in(head[1]) is None or head[2] is IssueType.TEST:
            found.append(key)
        elif head[2] in EXECUTION_TYPES:
            found += executions.keys(conn, run_store.tests_of_execution(conn, head[0])).values()
        elif head[2] in relations.GATHERINGS:
            found += executions.keys(conn, relations.members_of(conn, head[2], head[0], projects=projects)).values()
        else:
            found.append(key)
    return found
