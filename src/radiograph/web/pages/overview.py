# SPDX-License-Identifier: Apache-2.0
"""A project at a glance, and all projects: how they do over time, what is new, what is flaky."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.overview import project_overview, projects_page
from radiograph.insight.health import BARS
from radiograph.web.addresses import base_url
from radiograph.web.pages import sentences
from radiograph.web.pages.execution_list import address_of
from radiograph.web.pages.projects import execution_line, first_import
from radiograph.web.pages.render import base_path, page
from radiograph.web.pages.sentences import Piece
from radiograph.web.pages.spark import Spark, spark
from radiograph.web.pages.statuses import mark
from radiograph.web.pages.words import amount, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.overview import ProjectsPage
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.insight.health import Health, Series
    from radiograph.store.executions import ExecutionRow

_LATEST = 8


class SeriesLine(Struct):
    """Executions that have something in common: what, where they are listed, their bars, and the newest of them."""

    name: str
    href: str
    spark: Spark
    newest: str
    when: int


def _lines(held: Sequence[Series], table: StatusTable, root: str, asks: str) -> list[SeriesLine]:
    """A line for each series; `asks` is the filter of the list that shows it."""
    found = []
    for series in held:
        newest = series.executions[-1]
        query = address_of(None, **{asks: series.names[0]})
        bars = spark([e.counts for e in series.executions], table, BARS)
        found.append(
            SeriesLine(
                cut(" · ".join(series.names), 60), f"{root}/executions?{query}", bars, newest.key, newest.begin_ms or newest.created_ms
            )
        )
    return found


async def project(request: Request, caller: Caller) -> Response:
    """A project at a glance."""
    state, base = request.app.state, base_path(request)
    row, found = await state.threads.read(project_overview, state.services, caller, request.path_params["key"])
    table, root = found.statuses, f"{base}/projects/{row.key}"
    sections = [
        ("Environments", _lines(found.environments, table, root, "environment")), ("Branches", _lines(found.branches, table, root, "branch")),
        ("Plans", _lines(found.plans, table, base, "plan")),
    ]  # fmt: skip
    for line in sections[2][1]:
        line.href = f"{base}/browse/{line.name}"
    return page(
        request, "project.html", json=f"/api/projects/{row.key}/overview", area=row.key, project=row,
        sentence=_sentence(found, base), sections=[s for s in sections if s[1]], new=found.new,
        marks_of={r.id: mark(table.by_id[r.status_id]) for r in found.new.runs} if found.new else {}, flaky=found.flaky,
        imports=[(i, found.imported.get(i.execution_id or 0, "")) for i in found.imports],
        rows=[execution_line(e, table) for e in found.latest[:_LATEST]], first=first_import(row.key, caller.name, base_url(request)),
    )  # fmt: skip


def _sentence(found: Health, base: str) -> list[Piece]:
    said = sentences.of_project(found.latest, found.statuses, base)
    if found.new is None or not said:
        return said
    link = f"{base}/browse/{found.new.execution.key}?new=1"
    new = Piece(amount(found.new.count, "new failure"), link, strong=True) if found.new.count else Piece("None is new")
    return [*said, Piece(" "), new, Piece(" since "), Piece(found.new.baseline, f"{base}/browse/{found.new.baseline}"), Piece(".")]


class ProjectLine(Struct):
    """A project in the list of all."""

    key: str
    name: str
    description: str
    spark: Spark
    newest: ExecutionRow | None
    when: int | None


async def all_projects(request: Request, caller: Caller) -> Response:
    """Every project that the reader can see, and how each does."""
    state = request.app.state
    found: ProjectsPage = await state.threads.read(
        projects_page, state.services, caller, request.query_params.get("after", "").strip().upper()
    )
    lines = [
        ProjectLine(
            row.key, row.name, row.description, spark([t.counts for t in how.tallies], found.statuses, BARS), how.newest,
            (how.newest.begin_ms or how.newest.created_ms) if how.newest else None,
        )
        for row, how in found.rows
    ]  # fmt: skip
    return page(
        request,
        "projects.html",
        json="/rest/api/2/project",
        projects=lines,
        next=found.next,
        sentence=_of_projects(lines, " on this page" if found.next or request.query_params.get("after") else ""),
    )


def _of_projects(lines: Sequence[ProjectLine], here: str) -> list[Piece]:
    """`1 of 3 projects has failures in its newest execution.` `here` says which projects, where these aren't all."""
    done = [line for line in lines if line.newest]
    if not done:
        return []
    failing = sum(1 for line in done if line.spark.failures)
    if not failing:
        return [Piece(f"No failures in the newest executions{here}.")]
    if len(done) == 1:
        return [Piece(f"{amount(done[0].spark.failures, 'failure')} in the newest execution{here}.")]
    return [
        Piece(
            f"{failing} of {amount(len(done), 'project')} with results{here} {'has' if failing == 1 else 'have'} failures in the newest execution."
        )
    ]
