# SPDX-License-Identifier: Apache-2.0
"""Reports a Bug from the run that shows it: the issue and its link as a defect are made together, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import editing, issues
from radiograph.actions.editing import check_may_edit
from radiograph.actions.manual import fingerprint, once
from radiograph.actions.run_edits import carry_out
from radiograph.domain import manual
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.manual import ManualChange, ManualOutcome, ManualPlace
from radiograph.domain.people import Right
from radiograph.store import projects, runs
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller


class BugReport(ManualPlace, frozen=True, kw_only=True):
    """A Bug to report, and where in the run it was seen; `id` is made by the sender, so that it is made once."""

    id: str
    project: str
    summary: str
    description: str = ""


def report_bug(services: Services, caller: Caller, run_id: int, bug: BugReport) -> ManualOutcome:
    """Make the issue and link it to the step or run. Raises NotFound (the run), Refused, Forbidden, Conflict.

    A tester may: who finds a fault has to be able to report it.
    """
    manual.check(ManualChange(id=bug.id, field="add-defect", iteration=bug.iteration, step=bug.step))
    check_may_edit(services, caller, run_id)
    with services.db.write() as conn:
        project = projects.find_project(conn, bug.project.strip())
        if project is None or caller.role_in(project.id) is None:
            raise Refused("no such project", [Problem("project", f"There is no project {bug.project[:100]}.")])
        # Both projects at once: two reports that hold one each would wait for each other.
        row = runs.find_run(conn, run_id)
        lock_projects(conn, {project.id, row.project_id if row else project.id})
        e = editing.begin(services, conn, caller, run_id)

        def work() -> ManualOutcome:
            fields = {"project": {"key": project.key}, "issuetype": {"name": "Bug"}, "summary": bug.summary}
            body = {"fields": fields | ({"description": bug.description} if bug.description else {})}
            _, key = issues.create_in(conn, caller, body, Right.EDIT_RUN)
            link = ManualChange(id=bug.id, field="add-defect", value=key, iteration=bug.iteration, step=bug.step)
            carry_out(e, manual.run_edit(link))
            return ManualOutcome(id=bug.id, outcome="applied", issue=key)

        return once(conn, caller, bug.id, fingerprint(run_id, bug), work)
