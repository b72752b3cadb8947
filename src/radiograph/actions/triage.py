# SPDX-License-Identifier: Apache-2.0
"""The triage of a project: its failures in groups, those of a page, and those of one group."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import browse, projects
from radiograph.domain.errors import Refused, cut
from radiograph.domain.judging import Why
from radiograph.insight import triage
from radiograph.store import pasts

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.insight.baselines import Measured
    from radiograph.insight.triage import Group
    from radiograph.store.projects import ProjectRow

PAGE, ALL_LINES = 20, 200
NONE = "none"
"""How an address names the failures that say nothing."""


class Asked(Struct):
    """Which failures: of an execution (its key), or of the newest on a branch or environment; of a state (a reason's word), or one group.

    `start` is how many groups came before.
    """

    execution: str = ""
    branch: str = ""
    environment: str = ""
    state: str = ""
    group: str = ""
    start: int = 0


class TriagePage(Struct):
    """A page of groups; `states` count all groups by state, `failures` and `new` the runs in them."""

    project: ProjectRow
    scope: list[Measured]
    groups: list[Group]
    states: Counter[Why]
    total: int
    failures: int
    new: int
    cut: bool
    next: int
    branches: list[str]
    environments: list[str]


def triage_page(services: Services, caller: Caller, key: str, asked: Asked) -> TriagePage:
    """A page of a project's failures. Raises NotFound, IssueNotFound, and Refused for what names no state or group."""
    row = projects.project(services, caller, key)
    state = state_of(asked.state)
    with services.db.read() as conn:
        found = triage.gather(conn, row.id, scope_of(services, caller, row, asked))
        chosen = [g for g in found.groups if state in {None, g.state}]
        if asked.group:
            chosen = [g for g in found.groups if g.fingerprint == group_of(asked.group)]
        shown = chosen[asked.start : asked.start + PAGE]
        triage.fill(conn, row.id, shown, ALL_LINES if asked.group else triage.LINES)
        branches, environments = _choices(conn, row.id)
    _hide(caller, shown)
    return TriagePage(
        row, found.scope, shown, Counter(g.state for g in found.groups), len(chosen), sum(len(g.runs) for g in found.groups),
        sum(g.why[Why.NEW] for g in found.groups), found.cut, asked.start + PAGE if len(chosen) > asked.start + PAGE else 0, branches, environments,
    )  # fmt: skip


def scope_of(services: Services, caller: Caller, project: ProjectRow, asked: Asked) -> triage.Scope:
    """The failures that are asked for. Raises IssueNotFound, and Refused for an execution of another project or none."""
    if not asked.execution:
        return triage.Scope(None, asked.branch, asked.environment)
    issue = browse.find(services, caller, asked.execution)
    if issue.execution is None or issue.project_id != project.id:
        raise Refused(f"{issue.key} is no Test Execution of {project.key}.")
    return triage.Scope(issue.id)


def state_of(word: str) -> Why | None:
    """The state of that name; None for ""."""
    found = next((w for w in Why if w.word == word), None)
    if word and found is None:
        raise Refused(f"The parameter state can't be {cut(word)!r}; it is one of {', '.join(w.word for w in Why)}.")
    return found


def group_of(text: str) -> int | None:
    """The fingerprint that an address names, None for the group that says nothing; raises Refused."""
    if text == NONE:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):  # noqa: PLR2004  (as many as 64 bits have)
        raise Refused(f"There is no group {cut(text)}; follow the links of the page.")
    return int(text)


def _choices(conn: sa.Connection, project_id: int) -> tuple[list[str], list[str]]:
    """The branches and environments of a project's last executions."""
    past = pasts.pasts(conn, project_id)
    return sorted({p.branch for p in past if p.branch}), sorted({e for p in past for e in p.environments})


def _hide(caller: Caller, groups: list[Group]) -> None:
    for group in groups:
        for line in group.lines:
            if caller.role_in(line.test_project_id) is None:
                line.test_summary = ""
