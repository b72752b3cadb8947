# SPDX-License-Identifier: Apache-2.0
"""Which Tests belong to Test Executions, Test Plans, Test Sets and Preconditions, and which executions to plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.search import visible_projects
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, IssueNotFound, NotFound, Refused, cut
from radiograph.domain.issues import EXECUTION_TYPES, IssueType, TestType
from radiograph.domain.people import Caller, Right
from radiograph.store import (
    audit,
    changes,
    datasets,
    execution_writes,
    executions,
    import_reads,
    issue_reads,
    relations,
    run_membership,
    test_reads,
)
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services


class Owner(Struct, frozen=True):
    """An issue that has Tests or executions."""

    id: int
    project_id: int
    key: str
    type: IssueType


class Edit(Struct):
    """Keys of issues to add and to remove."""

    add: list[str] | None = None
    remove: list[str] | None = None


_RIGHT = dict.fromkeys(EXECUTION_TYPES, Right.IMPORT)
"""Who may import results may add Tests to an execution; the others gather Tests, which is a lead's."""


def find_owner(conn: sa.Connection, caller: Caller, key: str, kinds: Collection[IssueType]) -> Owner:
    """An issue of one of these types by its key. Raises IssueNotFound, or Refused for another type."""
    wanted = key.strip().upper()
    head = import_reads.issue_heads(conn, [wanted]).get(wanted)
    if head is None or caller.role_in(head[1]) is None:
        raise IssueNotFound(key)
    if head[2] not in kinds:
        raise Refused(f"Issue with key {cut(wanted)} not found or is not of type {next(iter(kinds)).label}.")
    return Owner(head[0], head[1], wanted, head[2])


def _held(conn: sa.Connection, caller: Caller, key: str, kinds: Collection[IssueType], right: Right | None = None) -> Owner:
    """The issue, its project held until the transaction ends, once the caller may change it."""
    owner = find_owner(conn, caller, key, kinds)
    if not caller.may(right or _RIGHT.get(owner.type, Right.EDIT_ISSUE), owner.project_id):
        raise Forbidden
    lock_projects(conn, [owner.project_id])
    return find_owner(conn, caller, key, kinds)


def edit_tests(services: Services, caller: Caller, key: str, kinds: Collection[IssueType], edit: Edit) -> list[str]:
    """Add Tests to an issue of one of these types, and remove others; returns what was wrong with some of the keys.

    The right ones are added and removed all the same (Xray docs, Test Executions - REST: an empty array is success).
    Raises IssueNotFound for the issue itself, Refused, Forbidden.
    """
    with services.db.write() as conn:
        owner = _held(conn, caller, key, kinds)
        problems: list[str] = []
        add = _known(conn, caller, edit.add, (IssueType.TEST,), problems)
        remove = _known(conn, caller, edit.remove, (IssueType.TEST,), problems)
        gone = _remove_tests(conn, owner, list(remove.values()))
        new = _add_tests(conn, owner, [i for k, i in add.items() if k not in remove])
        _note(conn, caller, owner, "Tests", _names(add, new), _names(remove, gone))
    return problems


def remove_test(services: Services, caller: Caller, key: str, kinds: Collection[IssueType], test_key: str) -> None:
    """Take one Test from an issue. Raises IssueNotFound for unknown keys, NotFound when it isn't in it, Forbidden."""
    with services.db.write() as conn:
        owner = _held(conn, caller, key, kinds)
        test = find_owner(conn, caller, test_key, (IssueType.TEST,))
        if not _remove_tests(conn, owner, [test.id]):
            raise NotFound(f"{test.key} is not in {owner.key}.")
        _note(conn, caller, owner, "Tests", [], [test.key])


def _add_tests(conn: sa.Connection, owner: Owner, test_ids: Sequence[int]) -> list[int]:
    if owner.type not in EXECUTION_TYPES:
        return relations.add_tests(conn, owner.type, owner.id, test_ids)
    return add_to_execution(conn, run_membership.Place(owner.project_id, owner.id), test_ids)


def add_to_execution(conn: sa.Connection, place: run_membership.Place, test_ids: Sequence[int]) -> list[int]:
    """Add Tests to an execution as TODO runs of their current definitions; returns those that it didn't have.

    A Manual Test with a dataset gets an iteration for each of its rows. Raises Refused when those are too many.
    """
    found = import_reads.current_versions(conn, test_ids)
    versions = {i: found[i] for i in test_ids}
    rows = datasets.resolved_rows(conn, test_reads.of_type(conn, test_ids, TestType.MANUAL), place.execution_id)
    return run_membership.add_runs(conn, place, versions, issue_reads.assignee_id(conn, place.execution_id), rows)


def _remove_tests(conn: sa.Connection, owner: Owner, test_ids: Sequence[int]) -> list[int]:
    if not test_ids:
        return []
    if owner.type not in EXECUTION_TYPES:
        return relations.remove_tests(conn, owner.type, owner.id, test_ids)
    return run_membership.remove_runs(conn, run_membership.Place(owner.project_id, owner.id), test_ids)


class PlanEdit(Edit):
    """Executions to add to a Test Plan and to remove; `add_tests` adds the Tests of those added to the plan too."""

    add_tests: bool = True


def edit_executions(services: Services, caller: Caller, key: str, edit: PlanEdit) -> list[str]:
    """Add Test Executions to a Test Plan, and remove others; returns what was wrong with some of the keys.

    Raises IssueNotFound for the plan itself, Refused, Forbidden.
    """
    with services.db.write() as conn:
        plan = _held(conn, caller, key, (IssueType.TEST_PLAN,), Right.IMPORT)
        problems: list[str] = []
        add = _known(conn, caller, edit.add, EXECUTION_TYPES, problems)
        remove = _known(conn, caller, edit.remove, EXECUTION_TYPES, problems)
        gone = relations.unlink_executions(conn, plan.id, list(remove.values()))
        new = relations.link_executions(conn, plan.id, [i for k, i in add.items() if k not in remove])
        if edit.add_tests and new:
            execution_writes.add_plan_tests(conn, plan.id, executions.tests_in(conn, new))
        _note(conn, caller, plan, "Test Executions", _names(add, new), _names(remove, gone))
    return problems


def remove_execution(services: Services, caller: Caller, key: str, execution_key: str) -> None:
    """Take one execution from a Test Plan. Raises IssueNotFound, NotFound when it isn't in it, Forbidden."""
    with services.db.write() as conn:
        plan = _held(conn, caller, key, (IssueType.TEST_PLAN,), Right.IMPORT)
        execution = find_owner(conn, caller, execution_key, EXECUTION_TYPES)
        if not relations.unlink_executions(conn, plan.id, [execution.id]):
            raise NotFound(f"{execution.key} is not in {plan.key}.")
        _note(conn, caller, plan, "Test Executions", [], [execution.key])


def _known(
    conn: sa.Connection, caller: Caller, keys: Sequence[str] | None, kinds: Collection[IssueType], problems: list[str]
) -> dict[str, int]:
    """The ids of the issues of these types by key; a text about each other key goes to `problems`."""
    wanted = list(dict.fromkeys(k.strip().upper() for k in keys or () if k.strip()))
    heads = import_reads.issue_heads(conn, wanted)
    found: dict[str, int] = {}
    for key in wanted:
        head = heads.get(key)
        if head is None or caller.role_in(head[1]) is None:
            problems.append(f"Issue with key {cut(key)} not found.")
        elif head[2] not in kinds:
            problems.append(f"Issue with key {cut(key)} is not of type {next(iter(kinds)).label}.")
        else:
            found[key] = head[0]
    return found


def _names(keys: dict[str, int], ids: Sequence[int]) -> list[str]:
    chosen = set(ids)
    return [key for key, number in keys.items() if number in chosen]


def _note(conn: sa.Connection, caller: Caller, owner: Owner, field: str, new: Sequence[str], gone: Sequence[str]) -> None:
    if not new and not gone:
        return
    fields = [(field, ", ".join(gone), ", ".join(new))]
    changes.note_changes(conn, "issue", (owner.project_id, owner.id), caller.id, now_ms(), fields)
    counts = {"added": len(new), "removed": len(gone)}
    audit.note(conn, caller.id, f"issue.{field.lower()}", owner.key, counts, project_id=owner.project_id)


class PlanTest(Struct, frozen=True):
    """A Test of a Test Plan; `status_id` is that of its latest run there, None without one."""

    id: int
    key: str
    status_id: int | None


def tests_of_plan(services: Services, caller: Caller, key: str, skip: int, limit: int) -> list[PlanTest]:
    """A Test Plan's Tests by id, `limit` of them after the first `skip`. Raises IssueNotFound, Refused."""
    with services.db.read() as conn:
        plan = find_owner(conn, caller, key, (IssueType.TEST_PLAN,))
        ids = relations.members_of(conn, plan.type, plan.id, skip, limit)
        found = executions.tests_of_plan(conn, plan.id, ids[0] - 1, len(ids)) if ids else []
        return [PlanTest(*row) for row in found]


def executions_of_plan(services: Services, caller: Caller, key: str, skip: int, limit: int) -> list[executions.ExecutionRow]:
    """A Test Plan's executions by id, `limit` of them after the first `skip`. Raises IssueNotFound, Refused."""
    with services.db.read() as conn:
        plan = find_owner(conn, caller, key, (IssueType.TEST_PLAN,))
        ids = relations.executions_of_plan(conn, plan.id, visible_projects(conn, caller), skip, limit)
        found = executions.executions(conn, ids)
        return [found[i] for i in ids]
