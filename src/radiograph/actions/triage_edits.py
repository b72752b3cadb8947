# SPDX-License-Identifier: Apache-2.0
"""Linking, unlinking and assigning many failures at once: all of some groups, or runs that were ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import issues, projects, triage
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Problem, Refused, cut
from radiograph.domain.keys import parse_id, parse_issue_key
from radiograph.domain.people import Right
from radiograph.insight.triage import gather
from radiograph.store import audit, failure_edits, import_reads, known_failures, run_edits
from radiograph.store.engines import lock_projects
from radiograph.store.known_failures import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.actions.triage import Asked
    from radiograph.domain.people import Caller
    from radiograph.insight.triage import Scope


class Chosen(Struct):
    """What was ticked: groups (as addresses name them) and runs (ids), among the failures that `asked` shows."""

    asked: Asked
    groups: Sequence[str] = ()
    runs: Sequence[str] = ()


class Done(Struct):
    """What came of it: how many runs were changed, and how many were so already."""

    changed: int
    already: int
    what: str


def link(services: Services, caller: Caller, key: str, chosen: Chosen, defect: str, *, future: bool) -> Done:
    """Link the chosen failures with a defect; whole groups are known by it from now on, and with `future` later ones are linked too.

    Raises NotFound, Forbidden, and Refused for what is no key of an issue, or when nothing is chosen.
    """
    project = projects.project(services, caller, key)
    _check(caller, project.id)
    name = defect.strip().upper()
    if parse_issue_key(name) is None:
        problem = f"{cut(defect)!r} is not an issue key such as DEMO-7"
        raise Refused(f"{problem}.", [Problem("defect", problem)])
    scope = triage.scope_of(services, caller, project, chosen.asked)
    with services.db.write() as conn:
        lock_projects(conn, [project.id])
        return _link(conn, caller, project.id, _runs(conn, project.id, scope, chosen), Note(name, caller.id, now_ms(), future))


def unlink(services: Services, caller: Caller, key: str, chosen: Chosen, defect: str) -> Done:
    """Take a defect off the chosen failures; whole groups are known by it no longer, and later ones aren't linked with it.

    Defects of their steps stay. Raises NotFound, Forbidden, and Refused when nothing is chosen.
    """
    project = projects.project(services, caller, key)
    _check(caller, project.id)
    name = defect.strip().upper()
    scope = triage.scope_of(services, caller, project, chosen.asked)
    with services.db.write() as conn:
        lock_projects(conn, [project.id])
        runs, marks = _runs(conn, project.id, scope, chosen)
        before = failure_edits.defects_before(conn, project.id, runs)
        linked = [run for run in runs if name in before.get(run, ())]
        changes = [(run, "defects", ", ".join(before[run]), ", ".join(k for k in before[run] if k != name)) for run in linked]
        failure_edits.remove_defect(conn, project.id, linked, name)
        failure_edits.note(conn, project.id, (caller.id, now_ms()), changes)
        forgotten = known_failures.forget(conn, project.id, marks, name)
        audit.note(conn, caller.id, "triage.unlink", name, {"runs": len(linked), "fingerprints": forgotten}, project_id=project.id)
    return Done(len(linked), len(runs) - len(linked), name)


def report(services: Services, caller: Caller, key: str, chosen: Chosen, summary: str, description: str, *, future: bool) -> Done:
    """Make a Bug in a project and link the chosen failures with it as `link` does, or nothing of it.

    Raises NotFound, Forbidden, and Refused when nothing is chosen or the summary is no good.
    """
    project = projects.project(services, caller, key)
    _check(caller, project.id)
    scope = triage.scope_of(services, caller, project, chosen.asked)
    fields = {"project": {"key": project.key}, "issuetype": {"name": "Bug"}, "summary": summary.strip(), "description": description}
    with services.db.write() as conn:
        lock_projects(conn, [project.id])
        found = _runs(conn, project.id, scope, chosen)
        _, bug = issues.create_in(conn, caller, {"fields": fields})
        return _link(conn, caller, project.id, found, Note(bug, caller.id, now_ms(), future))


def _link(conn: sa.Connection, caller: Caller, project_id: int, chosen: tuple[list[int], list[int]], note: Note) -> Done:
    (runs, marks), name = chosen, note.defect_key
    head = import_reads.issue_heads(conn, [name]).get(name)
    issue = head[0] if head is not None and caller.role_in(head[1]) is not None else None
    before = failure_edits.defects_before(conn, project_id, runs)
    fresh = [run for run in runs if all(k.upper() != name for k in before.get(run, ()))]
    failure_edits.add_defect(conn, project_id, fresh, (issue, name))
    changes = [(run, "defects", ", ".join(before.get(run, ())), ", ".join([*before.get(run, ()), name])) for run in fresh]
    failure_edits.note(conn, project_id, (caller.id, note.at_ms), changes)
    known_failures.put_known(conn, project_id, marks, note)
    audit.note(conn, caller.id, "triage.link", name, {"runs": len(fresh), "fingerprints": len(marks)}, project_id=project_id)
    return Done(len(fresh), len(runs) - len(fresh), name)


def assign(services: Services, caller: Caller, key: str, chosen: Chosen, person: str) -> Done:
    """Assign the chosen failures to a person, or with "" to nobody. Raises NotFound, Forbidden, Refused."""
    project = projects.project(services, caller, key)
    _check(caller, project.id)
    scope = triage.scope_of(services, caller, project, chosen.asked)
    with services.db.write() as conn:
        lock_projects(conn, [project.id])
        number = run_edits.person_id(conn, person.strip()) if person.strip() else None
        if person.strip() and number is None:
            raise Refused(f"There is no user {cut(person)}.", [Problem("assignee", f"there is no user {cut(person)}")])
        runs, marks = _runs(conn, project.id, scope, chosen)
        before = failure_edits.assignees(conn, project.id, runs)
        changed = [(run, "assignee", before[run], person.strip()) for run in runs if before.get(run, "") != person.strip()]
        failure_edits.assign(conn, project.id, [run for run, *_ in changed], number)
        failure_edits.note(conn, project.id, (caller.id, now_ms()), changed)
        audit.note(
            conn, caller.id, "triage.assign", person.strip(), {"runs": len(changed), "fingerprints": len(marks)}, project_id=project.id
        )
    return Done(len(changed), len(runs) - len(changed), person.strip())


def _check(caller: Caller, project_id: int) -> None:
    if not caller.may(Right.EDIT_RUN, project_id):
        raise Forbidden


def _runs(conn: sa.Connection, project_id: int, scope: Scope, chosen: Chosen) -> tuple[list[int], list[int]]:
    """The ids of the chosen runs, and the fingerprints of the chosen groups; raises Refused when there are none."""
    groups = {triage.group_of(text) for text in chosen.groups}
    ticked = {number for text in chosen.runs if (number := parse_id(text)) is not None}
    found = gather(conn, project_id, scope).groups
    whole = [g for g in found if g.fingerprint in groups]
    runs = [j.run.id for g in found for j in g.runs if g.fingerprint in groups or j.run.id in ticked]
    if not runs:
        raise Refused("Choose failures first: tick groups or runs. What was ticked may have been mended meanwhile.")
    return runs, [g.fingerprint for g in whole if g.fingerprint is not None]
