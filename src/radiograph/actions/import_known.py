# SPDX-License-Identifier: Apache-2.0
"""Gathers what exists of all that a report names, in a handful of queries."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from radiograph.actions.aliases import aliases
from radiograph.domain.deciding import match_of
from radiograph.domain.import_plan import Known, KnownTest, Project
from radiograph.domain.keys import parse_issue_key
from radiograph.domain.people import Caller, Right
from radiograph.store import import_reads as reads
from radiograph.store.names import people_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from radiograph.actions.import_target import Target
    from radiograph.domain.report import Report, StepResult
    from radiograph.settings import Settings


def gather(conn: sa.Connection, caller: Caller, report: Report, target: Target, settings: Settings) -> Known:
    """Everything that deciding and planning need; Tests that the caller can't see are left out."""
    infos = [r.info for r in report.results if r.info is not None]
    keys = {r.test_key for r in report.results if r.test_key}
    known_keys = keys | {k.strip().upper() for k in keys} if infos or any(k != k.upper() for k in keys) else keys
    tests = _visible(caller, reads.tests_by_key(conn, known_keys))
    projects = _projects(conn, caller, {i.project_key for i in infos if i.project_key})
    places = set()
    for result in report.results:
        if result.info is not None and not result.test_key:
            project = projects.get((result.info.project_key or "").strip().upper())
            place = match_of(result.info, project.id) if project else None
            places |= {place} if place else set()
    matches = reads.tests_by_match(conn, places)
    run_statuses, step_statuses = reads.status_tables(conn, aliases(conn, settings))
    described = _described(report, tests, matches) if any(not i.derived for i in infos) else {}
    runs = {}
    if target.execution_id:
        ids = [test.id for test in chain(tests.values(), *matches.values())]
        runs = reads.known_runs(conn, target.project_id, target.execution_id, ids)
    return Known(
        projects=projects, tests=tests, matches=matches, issues=_issues(conn, caller, report), runs=runs,
        run_statuses=run_statuses, step_statuses=step_statuses,
        definitions=reads.definitions(conn, described.values()), writable=_writable(caller, tests, projects),
        unknown_is_todo=settings.unknown_status_is_todo,
    )  # fmt: skip


def note_people(conn: sa.Connection, report: Report, known: Known, made: list[str]) -> None:
    """Look up everybody that the report names; unknown names are kept, and added to `made`."""
    names = {n for r in report.results for n in (r.executed_by, r.assignee) if n}
    if report.info.user:
        names.add(report.info.user)
    known.people = people_ids(conn, names, made)


def _visible(caller: Caller, tests: dict[str, KnownTest]) -> dict[str, KnownTest]:
    seen = {p for p in {test.project_id for test in tests.values()} if caller.role_in(p) is not None}
    return {k: test for k, test in tests.items() if test.project_id in seen}


def _projects(conn: sa.Connection, caller: Caller, keys: set[str]) -> dict[str, Project]:
    found = reads.projects_by_key(conn, keys)
    return {k: p for k, p in found.items() if caller.role_in(p.id) is not None}


def _writable(caller: Caller, tests: dict[str, KnownTest], projects: dict[str, Project]) -> frozenset[int]:
    ids = {test.project_id for test in tests.values()} | {p.id for p in projects.values()}
    return frozenset(i for i in ids if caller.may(Right.IMPORT, i))


def _described(
    report: Report,
    tests: dict[str, KnownTest],
    matches: dict[tuple[int, int], list[KnownTest]],
) -> dict[int, int]:
    """The current version ids, by Test, of the Tests whose definition the report speaks of."""
    keyed = {r.test_key for r in report.results if r.info is not None and r.test_key}
    named = [tests.get(k) or tests.get(k.strip().upper()) for k in keyed]
    found = [test for test in named if test is not None] + [m[0] for m in matches.values()]
    return {test.id: test.version_id for test in found}


def _issues(conn: sa.Connection, caller: Caller, report: Report) -> dict[str, int]:
    keys = set(_issue_keys(report))
    if not keys:
        return {}
    heads = reads.issue_heads(conn, sorted(keys))
    return {k: h[0] for k, h in heads.items() if caller.role_in(h[1]) is not None}


def _issue_keys(report: Report) -> Iterable[str]:
    for result in report.results:
        if result.info is not None:
            yield from _keys(result.info.requirement_keys)
        if result.defects:
            yield from _keys(result.defects)
        if result.steps:
            yield from _step_keys(result.steps)
        for iteration in result.iterations:
            yield from _step_keys(iteration.steps)


def _step_keys(steps: Sequence[StepResult]) -> Iterable[str]:
    for step in steps:
        yield from _keys(step.defects)


def _keys(texts: Sequence[str]) -> Iterable[str]:
    return (t.strip().upper() for t in texts if parse_issue_key(t))
