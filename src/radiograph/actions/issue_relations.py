# SPDX-License-Identifier: Apache-2.0
"""Relations of Tests that are written as fields of an issue: its plans, sets, preconditions, its Tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions.relations import add_to_execution
from radiograph.domain.errors import Forbidden, Problem, Refused, cut
from radiograph.domain.issue_change import IssueChange, changed_list
from radiograph.domain.issues import IssueType
from radiograph.domain.people import Right
from radiograph.store import changes, issue_links, relations, run_membership
from radiograph.store import runs as run_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from radiograph.actions.issue_edit import Edit
    from radiograph.store.issue_links import HeadRow

RELATIONS = {
    "test_plan": IssueType.TEST_PLAN,
    "preconditions": IssueType.PRECONDITION,
    "test_sets": IssueType.TEST_SET,
    "tests": IssueType.TEST,
    "set_tests": IssueType.TEST,
    "plan_tests": IssueType.TEST,
}
"""By the meaning of a field: the type of the issues that it names."""
_OWNED = {"tests": "Tests", "set_tests": "Tests", "plan_tests": "Tests"}


def wanted_refs(change: IssueChange) -> list[str | int]:
    """The keys and ids that the change names in such fields."""
    return [item for name in RELATIONS for operation in change.lists.get(name, []) for item in operation.items]


def relate(edit: Edit, meaning: str) -> None:
    """Bring one relation to what the change says; raises Refused for what is no issue of the field's type, and Forbidden."""
    operations = [(o.verb, [_named(edit, meaning, item).id for item in o.items]) for o in edit.change.lists[meaning]]
    now = _present(edit, meaning)
    wanted = changed_list(now, operations)
    has, wants = set(now), set(wanted)
    more, less = [i for i in wanted if i not in has], [i for i in now if i not in wants]
    if meaning in {"test_plan", "preconditions", "test_sets"}:
        _check_owners(edit, [*more, *less])
    if more:
        _add(edit, meaning, more)
    if less:
        _remove(edit, meaning, less)
    if meaning in _OWNED and (more or less):
        _note(edit, more, less)


def _named(edit: Edit, meaning: str, ref: str | int) -> HeadRow:
    found = edit.named.get(ref)
    kind = RELATIONS[meaning]
    if found is None or found.type is not kind:
        key = next(f.key for f in edit.fields.values() if f.meaning == meaning)
        text = f"{cut(str(ref))} is not a {kind.label}."
        raise Refused(text, [Problem(key, text)])
    return found


def _check_owners(edit: Edit, ids: Sequence[int]) -> None:
    """What a plan, set or precondition of another project has may be changed by who may edit it."""
    for owner in issue_links.heads(edit.conn, ids).values():
        if owner.project_id != edit.row.project_id and not edit.caller.may(Right.EDIT_ISSUE, owner.project_id):
            raise Forbidden(f"Your role in the project of {owner.key} does not allow to change it.")


def _present(edit: Edit, meaning: str) -> list[int]:
    conn, number = edit.conn, edit.row.id
    if meaning == "tests":
        return run_store.tests_of_execution(conn, number)
    if meaning == "test_plan":
        return relations.plans_of_execution(conn, number)
    if meaning in _OWNED:
        return relations.members_of(conn, edit.row.type, number)
    return relations.owners_of(conn, RELATIONS[meaning], [number]).get(number, [])


def _add(edit: Edit, meaning: str, ids: Sequence[int]) -> None:
    row = edit.row
    if meaning == "tests":
        add_to_execution(edit.conn, run_membership.Place(row.project_id, row.id), ids)
    else:
        _gather(edit, meaning, ids, relations.link_executions, relations.add_tests)


def _remove(edit: Edit, meaning: str, ids: Sequence[int]) -> None:
    row = edit.row
    if meaning == "tests":
        run_membership.remove_runs(edit.conn, run_membership.Place(row.project_id, row.id), ids)
    else:
        _gather(edit, meaning, ids, relations.unlink_executions, relations.remove_tests)


def _gather(
    edit: Edit,
    meaning: str,
    ids: Sequence[int],
    executions: Callable[[sa.Connection, int, Sequence[int]], list[int]],
    tests: Callable[[sa.Connection, IssueType, int, Sequence[int]], list[int]],
) -> None:
    """Do it to plans and this execution, to this issue and its Tests, or to sets (preconditions) and this Test."""
    conn, row = edit.conn, edit.row
    if meaning == "test_plan":
        for plan in ids:
            executions(conn, plan, [row.id])
    elif meaning in _OWNED:
        tests(conn, row.type, row.id, ids)
    else:
        for owner in ids:
            tests(conn, RELATIONS[meaning], owner, [row.id])


_NOTED = 1000


def _note(edit: Edit, more: Sequence[int], less: Sequence[int]) -> None:
    """History of what an issue has of Tests: those that went, and those that came, however many it has."""
    known = issue_links.heads(edit.conn, [*more[:_NOTED], *less[:_NOTED]])
    texts = [", ".join(known[i].key for i in ids[:_NOTED]) for ids in (less, more)]
    place = (edit.row.project_id, edit.row.id)
    changes.note_changes(edit.conn, "issue", place, edit.caller.id, edit.now, [("Tests", texts[0], texts[1])])
