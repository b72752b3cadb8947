# SPDX-License-Identifier: Apache-2.0
"""The overview of a project, and of all: what it says, and that it asks little however much there is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from tests.contract.door import generic, key_of

from radiograph.actions.overview import project_overview, projects_page
from radiograph.actions.projects import add_project
from radiograph.domain.people import Caller, Role

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)


def night(door: Door, statuses: str, branch: str = "", **info: Any) -> str:
    tests = [generic(i, {"F": "FAIL", "P": "PASS"}[s]) for i, s in enumerate(statuses)]
    return key_of(door.load(*tests, info={"project": "DEMO", **info}, **({"branch": branch} if branch else {})))


def test_the_overview_tells_series_by_environment_branch_and_plan_and_what_is_new(services: Services, door: Door) -> None:
    plan = door.make("Test Plan")
    one = night(door, "PPP", "main", testEnvironments=["iOS"], testPlanKey=plan)
    two = night(door, "PFP", "main", testEnvironments=["Android", "Beta"])
    three = night(door, "FFP", "side", testEnvironments=["iOS"], testPlanKey=plan)
    door.make("Test Execution")
    _, found = project_overview(services, CALLER, "demo")
    told = {
        by: {tuple(s.names): [e.key for e in s.executions] for s in held}
        for by, held in (("e", found.environments), ("b", found.branches), ("p", found.plans))
    }
    assert told["e"] == {("iOS",): [one, three], ("Android", "Beta"): [two]}
    assert told["b"] == {("side",): [three], ("main",): [one, two]}
    assert told["p"] == {(plan,): [one, three]}
    assert found.new is not None
    assert (found.new.execution.key, found.new.baseline, found.new.count) == (three, one, 2)
    assert [r.test_summary for r in found.new.runs] == ["Test 0", "Test 1"]
    assert (found.flaky, len(found.imports), len(found.latest)) == ([], 3, 4)


def test_a_project_without_results_says_nothing(services: Services, door: Door) -> None:
    _, found = project_overview(services, CALLER, "DEMO")
    assert (found.latest, found.environments, found.new, found.imports) == ([], [], None, [])
    door.make("Test Execution")
    assert project_overview(services, CALLER, "DEMO")[1].new is None


def test_all_projects_are_told_by_their_newest_executions_in_pages(services: Services, door: Door) -> None:
    keys = [night(door, "PF") for _ in range(22)]
    for i in range(60):
        add_project(services, f"P{i:03}", f"Project {i}", "", None)
    first = projects_page(services, CALLER, "")
    second = projects_page(services, CALLER, first.next)
    assert (len(first.rows), len(second.rows), second.next, first.count) == (50, 11, "", 61)
    row, how = first.rows[0]
    assert (row.key, len(how.tallies), how.newest and how.newest.key) == ("DEMO", 20, keys[-1])
    assert first.rows[1][1].newest is None
    ana = Caller(5, "ana", roles={second.rows[0][0].id: Role.VIEWER})
    assert [p.key for p, _ in projects_page(services, ana, "").rows] == [second.rows[0][0].key]


def test_the_overview_asks_as_many_questions_for_many_executions_as_for_two(services: Services, door: Door) -> None:
    counts, here = [], threading.get_ident()
    for more in (2, 30):
        for _ in range(more):
            night(door, "FP", "main", testEnvironments=["iOS"])
        asked: list[str] = []
        with services.db.read() as conn:
            engine = conn.engine

        def note(_conn: Any, _cursor: Any, statement: str, *_more: Any, asked: list[str] = asked) -> None:
            if threading.get_ident() == here:  # flaky Tests are looked for meanwhile, in a thread of the server
                asked.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        project_overview(services, CALLER, "DEMO")
        sa.event.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 30, counts
