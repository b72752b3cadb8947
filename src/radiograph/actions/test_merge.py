# SPDX-License-Identifier: Apache-2.0
"""Two Tests become one: one keeps its key and name, and gets all that the other has; results of either find it from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.tests import to_change
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Problem, Refused
from radiograph.domain.people import Caller, Right
from radiograph.insight import flakiness
from radiograph.store import audit, import_reads, run_joins, test_belongings, test_names, test_reads, test_versions
from radiograph.store.changes import note_changes
from radiograph.store.issue_deletes import lock_all_projects
from radiograph.store.run_lists import count_of_test

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.store.test_reads import TestRow

FIELD = "Merged"
"""The field that the history of a Test names."""


class Merge(Struct):
    """What a merge does or did: the Test that goes and the one that stays, and how many of what moves.

    `joined` are executions in which both have a run: the earlier becomes an attempt of the later.
    """

    source: TestRow
    target: TestRow
    runs: int
    joined: int
    versions: int
    belongings: dict[str, int]


def preview_merge(services: Services, caller: Caller, source: str, target: str) -> Merge:
    """What merging a Test into another would do. Raises IssueNotFound, Forbidden, Refused, Conflict."""
    with services.db.read() as conn:
        return _planned(conn, caller, source, target)


def merge_tests(services: Services, caller: Caller, source: str, target: str) -> Merge:
    """Merge a Test into another, in one transaction. Raises IssueNotFound, Forbidden, Refused, Conflict."""
    with services.db.write() as conn:
        lock_all_projects(conn)
        merge = _planned(conn, caller, source, target)
        _carry_out(conn, caller, merge)
    return merge


def _planned(conn: sa.Connection, caller: Caller, source: str, target: str) -> Merge:
    one, other = (to_change(conn, caller, key, Right.EDIT_ISSUE, Right.DELETE) for key in (source, target))
    _check(conn, one, other)
    joined = run_joins.pairs(conn, one.id, other.id, _final(conn))
    return Merge(
        one, other, count_of_test(conn, one.id), len(joined), len(test_versions.versions_in(conn, one.id)),
        test_belongings.count_belongings(conn, one.id),
    )  # fmt: skip


def _check(conn: sa.Connection, one: TestRow, other: TestRow) -> None:
    problem = ""
    if one.id == other.id:
        problem = f"{one.key} can't be merged into itself; choose another Test"
    elif one.project_id != other.project_id:
        problem = f"{one.key} and {other.key} are in different projects: only Tests of one project become one"
    elif one.definition.type is not other.definition.type:
        kinds = f"{one.key} is a {one.definition.type.label} Test, {other.key} a {other.definition.type.label} one"
        problem = f"{kinds}: only Tests of one type become one"
    if problem:
        raise Refused(f"{problem}.", [Problem("into", problem)])
    calls = test_reads.called_tests(conn, [one.id]) & {other.id} or test_reads.called_tests(conn, [other.id]) & {one.id}
    if calls:
        raise Conflict(f"One of {one.key} and {other.key} calls the other in a step: as one Test it would call itself.")


def _final(conn: sa.Connection) -> list[int]:
    return [s.id for s in import_reads.status_tables(conn)[0].all if s.final]


def _carry_out(conn: sa.Connection, caller: Caller, merge: Merge) -> None:
    one, other, now = merge.source, merge.target, now_ms()
    names = test_names.names_of(conn, [one.id, other.id])
    run_joins.join_runs(conn, one.id, other.id, _final(conn))
    test_versions.give_versions(conn, test_versions.versions_in(conn, one.id), other.id)
    test_versions.number_versions(conn, other.id)
    test_versions.redirect_calls(conn, one.id, other.id)
    test_belongings.move_belongings(conn, one.id, other.id, now)
    flakiness.look_again(conn, other.id)
    test_belongings.remove_test(conn, one.id)
    test_belongings.add_key(conn, one.key, other.id)
    if names[one.id].hash != names[other.id].hash:
        test_names.put_aliases(conn, [test_names.named(other.id, other.project_id, names[one.id].type, names[one.id].text)], now)
    note_changes(conn, "issue", (other.project_id, other.id), caller.id, now, [(FIELD, "", _told(one))])
    counts = {"runs": merge.runs, "joined": merge.joined, "versions": merge.versions} | merge.belongings
    audit.note(conn, caller.id, "test.merge", f"{one.key} into {other.key}", counts, project_id=other.project_id)


def _told(one: TestRow) -> str:
    """What the history keeps of the Test that goes: what has no other place."""
    return "\n".join(filter(None, (f"{one.key} {one.summary}", one.description)))
