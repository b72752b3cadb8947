# SPDX-License-Identifier: Apache-2.0
"""The workflow of issues: where an issue can go, going there, and changing the workflow itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions.issue_refs import visible_issue
from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.workflow import Transition, Workflow, possible_transitions, read_workflow
from radiograph.store import audit, issue_writes
from radiograph.store import workflow as store

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller


def workflow(services: Services) -> Workflow:
    """The instance's workflow."""
    with services.db.read() as conn:
        return _workflow(conn)


def _workflow(conn: sa.Connection) -> Workflow:
    return Workflow(tuple(store.statuses(conn)), tuple(store.transitions(conn)))


def transitions_of(services: Services, caller: Caller, key: str) -> tuple[Workflow, list[Transition]]:
    """The workflow, and the transitions that an issue can take now. Raises IssueNotFound."""
    with services.db.read() as conn:
        found = _workflow(conn)
        return found, possible_transitions(found, visible_issue(conn, caller, key).workflow)


def take_transition(conn: sa.Connection, issue_id: int, status: str, named: str) -> None:
    """Take the transition of that id or name, or to the status of that name; raises Refused that lists those there are.

    `status` is the one that the issue has.
    """
    found = _workflow(conn)
    possible = possible_transitions(found, status)
    statuses = {s.id: s.name for s in found.statuses}
    given = named.strip().lower()
    taken = next((w for w in possible if given == str(w.id)), None)
    taken = taken or next((w for w in possible if given in {w.name.lower(), statuses[w.to_id].lower()}), None)
    if taken is None:
        names = ", ".join(f"{w.id} ({w.name})" for w in possible) or "none"
        text = f"{cut(named)!r} is not a transition that this issue can take from {status}; there are {names}."
        raise Refused(text, [Problem("transition", text)])
    issue_writes.set_columns(conn, issue_id, {"workflow": statuses[taken.to_id]})


def load_workflow(services: Services, given: Any, caller: Caller | None = None) -> Workflow:  # noqa: ANN401  (any JSON)
    """Have another workflow from now on; no `caller` is the operator. Raises Refused for one that is wrong, or that lacks a status that issues have."""
    new = read_workflow(given)
    names = {s.name for s in new.statuses}
    with services.db.write() as conn:
        lost = {name: count for name, count in store.in_use(conn).items() if name not in names}
        if lost:
            listed = ", ".join(f"{name} ({count} issues)" for name, count in sorted(lost.items()))
            raise Refused(f"Issues still have statuses that the new workflow lacks: {listed}. Keep them, or move the issues first.")
        store.replace(conn, new.statuses, new.transitions)
        counts = {"statuses": len(new.statuses), "transitions": len(new.transitions)}
        audit.note(conn, caller.id if caller else None, "workflow.load", "", counts)
    return new
