# SPDX-License-Identifier: Apache-2.0
"""The earlier names of a Test, by which results still find it: looking at them, adding and removing one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.runs import issue
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issues import IssueType, TestType
from radiograph.domain.people import Caller, Right
from radiograph.formats.reading import MAX_SUMMARY
from radiograph.store import audit, executions, test_names
from radiograph.store.changes import note_changes
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.store.test_names import AliasRow, Name

FIELD = "Earlier names"
"""The field that the history of a Test names."""


def aliases(services: Services, caller: Caller, key: str) -> list[AliasRow]:
    """The earlier names of a Test, the newest first. Raises IssueNotFound."""
    with services.db.read() as conn:
        return test_names.aliases_of(conn, issue(conn, caller, key, [IssueType.TEST])[0])


def add_alias(services: Services, caller: Caller, key: str, text: str) -> None:
    """Let results of that name find the Test. Raises IssueNotFound, Forbidden, Refused, and Conflict when another Test has the name."""
    with services.db.write() as conn:
        name = _held(conn, caller, key, text)
        _check_free(conn, name)
        test_names.put_aliases(conn, [name], now_ms())
        _note(conn, caller, name, "", name.text)


def remove_alias(services: Services, caller: Caller, key: str, text: str) -> None:
    """Let results of that name no longer find the Test. Raises IssueNotFound, Forbidden, NotFound."""
    with services.db.write() as conn:
        name = _held(conn, caller, key, text)
        if name.hash not in {a.hash for a in test_names.aliases_of(conn, name.test_id)}:
            raise NotFound(f"{key} had no name {cut(text)!r}.")
        test_names.remove_aliases(conn, [name.hash])
        _note(conn, caller, name, name.text, "")


def _held(conn: sa.Connection, caller: Caller, key: str, text: str) -> Name:
    """The name as one of the Test, its project held."""
    test_id, project = issue(conn, caller, key, [IssueType.TEST])
    if not caller.may(Right.EDIT_ISSUE, project):
        raise Forbidden
    lock_projects(conn, [project])
    kind = test_names.names_of(conn, [test_id])[test_id].type
    return test_names.named(test_id, project, kind, checked_name(kind, text))


def checked_name(kind: TestType, text: str) -> str:
    """A name that a Test of this type can have; raises Refused."""
    text = text.strip()
    problem = "" if text else "a name is needed"
    if kind is not TestType.GENERIC and (len(text) > MAX_SUMMARY or "\n" in text):
        problem = f"the name of a {kind.label} Test is a summary: one line of at most {MAX_SUMMARY} characters"
    if problem:
        raise Refused(f"{problem[0].upper()}{problem[1:]}.", [Problem("name", problem)])
    return text


def _check_free(conn: sa.Connection, name: Name) -> None:
    owner = test_names.owner_of(conn, name)
    if owner is not None:
        raise Conflict(f"{owner} has this name now: a result of it is its own. Merge the two Tests, or rename {owner}.")
    for alias in test_names.aliases_by_hash(conn, [name.hash]):
        if alias.test_id != name.test_id:
            raise Conflict(f"{executions.keys(conn, [alias.test_id])[alias.test_id]} had this name: remove it there first.")


def _note(conn: sa.Connection, caller: Caller, name: Name, before: str, after: str) -> None:
    key = executions.keys(conn, [name.test_id])[name.test_id]
    note_changes(conn, "issue", (name.project_id, name.test_id), caller.id, now_ms(), [(FIELD, before, after)])
    audit.note(conn, caller.id, "test.name", key, {"added": int(bool(after)), "removed": int(bool(before))}, project_id=name.project_id)
