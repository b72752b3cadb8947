# SPDX-License-Identifier: Apache-2.0
"""Asking a gate: about an execution by its key, or the newest that a project, branch, revision, plan and environments name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse, projects
from radiograph.domain.errors import NotFound, Refused, cut
from radiograph.insight import gate
from radiograph.store import newest, pasts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.services import Services
    from radiograph.domain.baselines import Past
    from radiograph.domain.gate import Rules
    from radiograph.domain.people import Caller
    from radiograph.insight.gate import Gate


class Asked(Struct):
    """Which execution: its key, or what it must have ("" and none: anything); and another execution to measure it by."""

    execution: str = ""
    project: str = ""
    branch: str = ""
    revision: str = ""
    environments: Sequence[str] = ()
    plan: str = ""
    baseline: str = ""


def ask(services: Services, caller: Caller, asked: Asked, rules: Rules) -> Gate:
    """The verdict. Raises IssueNotFound, NotFound where no execution is like that, and Refused for what is none."""
    number = browse.find_execution(services, caller, asked.execution).id if asked.execution else _newest(services, caller, asked)
    baseline = browse.find_execution(services, caller, asked.baseline).id if asked.baseline else None
    with services.db.read() as conn:
        measure = gate.chosen(conn, baseline) if baseline is not None else None
        found = gate.ask(conn, gate.row_of(conn, number), rules, measure)
    for failure in (*found.new, *found.others):
        if caller.role_in(failure.test_project_id) is None:
            failure.test_summary = ""
    return found


def _newest(services: Services, caller: Caller, asked: Asked) -> int:
    """The newest execution that has all that is asked for and has begun, else the newest, among the project's last 500."""
    plan = browse.find_plan(services, caller, asked.plan) if asked.plan else None
    if not asked.project and plan is None:
        raise Refused("Name a Test Execution (execution=KEY), or a project (project=KEY), with branch, revision, environment or plan.")
    project = projects.project(services, caller, asked.project or (plan.project_key if plan else ""))
    with services.db.read() as conn:
        of_plan = newest.executions_of_plan(conn, plan.id) if plan is not None else None
        fitting = [p.id for p in pasts.pasts(conn, project.id) if _fits(p, asked) and (of_plan is None or p.id in of_plan)]
        begun = pasts.begun(conn, fitting)
    if fitting:
        return next((number for number in fitting if number in begun), fitting[0])
    raise NotFound(f"{project.key} has no Test Execution{_described(asked)}.")


def _fits(past: Past, asked: Asked) -> bool:
    alike = (not asked.branch or past.branch == asked.branch) and (not asked.revision or past.revision == asked.revision)
    return alike and set(asked.environments) <= set(past.environments)


def _described(asked: Asked) -> str:
    said = [
        f"{word} {cut(value)}"
        for word, value in (
            ("on the branch", asked.branch), ("of the revision", asked.revision), ("on", ", ".join(asked.environments)), ("in the plan", asked.plan),
        )
        if value
    ]  # fmt: skip
    return f" {' '.join(said)} among its last {pasts.LOOK_BACK}" if said else ""
