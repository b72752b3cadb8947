# SPDX-License-Identifier: Apache-2.0
"""Copies a project from a running Jira with Xray: issues, what gathers Tests, folders, links, runs with evidence.

Each step is one transaction that also notes how far it is, so that a copy that was cut off goes on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions import pull_gatherings, pull_issues, pull_runs, pull_tests
from radiograph.actions.projects import add_project
from radiograph.actions.pull_project import pull_project, read_words
from radiograph.actions.pull_state import Pull
from radiograph.domain.errors import Conflict
from radiograph.domain.issues import IssueType
from radiograph.sources.xray_server import SourceRefusal
from radiograph.store import projects, pulled

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services
    from radiograph.sources.xray_server import XraySource


class Compared(Struct):
    """How many there are of something: at the source (None: it can't say) and here."""

    what: str
    source: int | None
    here: int


PHASES: dict[str, Callable[[Pull], None]] = {
    "project": pull_project,
    "issues": pull_issues.pull_issues,
    "steps": pull_tests.pull_steps,
    "datasets": pull_tests.pull_datasets,
    "gatherings": pull_gatherings.pull_gatherings,
    "folders": pull_gatherings.pull_folders,
    "links": pull_issues.pull_links,
    "runs": pull_runs.pull_runs,
}
"""In this order: each needs what those before it copied."""
DONE = "done"


def pull(services: Services, source: XraySource, project_key: str, say: Callable[[str], None]) -> tuple[pulled.PullState, list[Compared]]:
    """Copy a project, or go on with it; returns what was copied and what was not, and counts of both sides.

    Raises SourceError when the source can't be read: run it again, it goes on. Raises Conflict when there is a
    project of that key that was not copied from there. One that is copied already is only counted.
    """
    shape = source.get(f"/rest/api/2/project/{project_key}")
    key = str(shape.get("key", project_key)).upper()
    work = _begin(services, source, shape, key, say)
    order = [*PHASES, DONE]
    for phase, step in PHASES.items():
        if order.index(work.state.phase) > order.index(phase):
            continue
        say(f"{phase.capitalize()} ...")
        step(work)
        work.state.phase, work.state.cursor, work.state.page = order[order.index(phase) + 1], 0, 0
        work.save()
    return work.state, _compare(work)


def _begin(services: Services, source: XraySource, shape: dict[str, Any], key: str, say: Callable[[str], None]) -> Pull:
    with services.db.read() as conn:
        state, known = pulled.read_state(conn, key), projects.find_project(conn, key)
    if known is None:
        state = None  # what was copied before has been deleted since
    elif state is None:
        raise Conflict(f"There is a project {key} here already, which was not copied: pull into another instance.")
    if state is not None and state.source != source.base:
        raise Conflict(f"{key} was copied from {state.source}, not from {source.base}.")
    if state is None:
        state = pulled.PullState(source.base, key)
        with services.db.write() as conn:  # first: a project without it would be taken for somebody's own
            pulled.put_state(conn, state)
    else:
        say(f"{key} was copied before." if state.phase == DONE else f"Going on with {key}: {state.phase}.")
    number = known.id if known else add_project(services, key, str(shape.get("name") or key), str(shape.get("description") or ""))
    return Pull(services, source, state, number, read_words(services, source), say)


def _compare(work: Pull) -> list[Compared]:
    with work.services.db.read() as conn:
        here = pulled.totals(conn, work.project_id)
    found = []
    for kind in IssueType:
        count = _count(work, f'project = "{work.state.project_key}" AND issuetype = "{kind.label}"')
        if count or here.get(str(int(kind))):
            found.append(Compared(kind.label, count, here.get(str(int(kind)), 0)))
    parts = ("runs", "evidence", "comments", "attachments")
    return [*found, *(Compared(what, work.state.counts.get(f"{what} at the source", 0), here[what]) for what in parts)]


def _count(work: Pull, jql: str) -> int | None:
    try:
        return work.source.count(jql)
    except SourceRefusal:
        return None  # the source has no such issue type
