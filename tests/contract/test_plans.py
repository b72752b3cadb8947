# SPDX-License-Identifier: Apache-2.0
"""How far Test Plans are, on both databases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.asked import asked
from tests.contract.door import generic, key_of
from tests.contract.planned import again, backdate, night

from radiograph.actions import browse, plan_edits, plan_page, plans, repository
from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.plan_page import Wanted
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Refused
from radiograph.domain.people import Caller, Role

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.plan_page import PlanPage
    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)
GUEST = Caller(5, "guest", roles={10402: Role.VIEWER})


@pytest.fixture
def plan(door: Door) -> str:
    return door.make("Test Plan")


def look(services: Services, key: str, caller: Caller = CALLER, **wanted: Any) -> PlanPage:
    return plan_page.plan_page(services, caller, browse.find_plan(services, caller, key), Wanted(**wanted))


def shown(page: PlanPage) -> list[tuple[str, str]]:
    names = page.progress.statuses.by_id
    return [(line.test.summary.removeprefix("Test "), names[line.status_id].name[0]) for line in page.listing.rows]


def test_a_test_of_a_plan_has_the_status_of_its_latest_run_in_the_plans_executions(services: Services, door: Door, plan: str) -> None:
    night(door, "PPPF", testPlanKey=plan)
    night(door, "FP--", testPlanKey=plan)
    night(door, "--FP")
    page = look(services, plan)
    assert shown(page) == [("0", "F"), ("3", "F"), ("1", "P"), ("2", "P")]
    assert (page.progress.done, page.progress.under_way, page.executions) == (4, 0, 2)


def test_each_environment_has_the_latest_run_of_its_own(services: Services, door: Door, plan: str) -> None:
    night(door, "FP", "iOS", "Tablet", testPlanKey=plan)
    night(door, "PF", "Android", testPlanKey=plan)
    page = look(services, plan)
    cells = {
        line.test.summary: {page.environments[i].name: line.cells.get(e.id) for i, e in enumerate(page.environments)}
        for line in page.listing.rows
    }
    names = page.progress.statuses.by_id
    assert {n: names[r.status_id].name for n, r in cells["Test 0"].items() if r} == {"Android": "PASS", "Tablet": "FAIL", "iOS": "FAIL"}
    only = look(services, plan, environment="iOS")
    assert (shown(only), [c.name for c in only.columns]) == ([("0", "F"), ("1", "P")], ["iOS"])
    with pytest.raises(Refused, match="No execution of"):
        look(services, plan, environment="nowhere")


def test_filters_narrow_and_pages_miss_and_repeat_none(services: Services, door: Door, plan: str) -> None:
    night(door, "PFTE" * 40, testPlanKey=plan)
    found, after = [], ""
    for _ in range(4):
        page = look(services, plan, after=after)
        found += shown(page)
        after = page.listing.next
    assert after == ""
    assert len({number for number, _ in found}) == 160
    assert [s for _, s in found] == ["F"] * 40 + ["E"] * 40 + ["T"] * 40 + ["P"] * 40
    assert {s for _, s in shown(look(services, plan, status="not-run"))} == {"E", "T"}
    assert look(services, plan, status="not-run").total == 80
    assert look(services, plan, status="failing", text="test 10").total == len([i for i in (10, *range(100, 110)) if i % 4 == 1])
    for name, bad in (("status", "SOME"), ("after", "9.9;"), ("folder", "77")):
        with pytest.raises(Refused):
            look(services, plan, CALLER, **{name: bad})


def test_new_failures_are_those_that_were_not_known_a_day_ago(services: Services, door: Door, plan: str) -> None:
    now = now_ms()
    first = night(door, "FPFP", testPlanKey=plan)
    again(door, first, "-F--")
    backdate(services, first, [3, 2], now)
    last = night(door, "FFPF", testPlanKey=plan)
    assert last
    page = look(services, plan)
    assert {line.test.summary for line in page.listing.rows if line.test.id in (page.new or ())} == {"Test 3"}
    assert shown(look(services, plan, status="new")) == [("3", "F")]


def test_a_failure_that_was_known_in_another_project_is_not_new(services: Services, door: Door, plan: str) -> None:
    door.http.post("/rest/api/2/project", json={"key": "SHOP", "name": "Shop"})
    first = key_of(door.load(generic(0, "FAIL"), info={"project": "SHOP", "testPlanKey": plan}))
    backdate(services, first, [3], now_ms())
    night(door, "FF", testPlanKey=plan)
    assert shown(look(services, plan, status="new")) == [("1", "F")]


def test_what_has_not_run_says_whose_it_is(services: Services, door: Door, plan: str) -> None:
    put_user(services, "ana", "ana", display_name="Ana")
    give_role(services, "ana", 10402, Role.TESTER)
    key = night(door, "TTP", testPlanKey=plan)
    test = look(services, plan).listing.rows[0].test.key
    run = door.run(key, test)["id"]
    assert door.http.put(f"/rest/raven/2.0/api/testrun/{run}", json={"assignee": "ana"}).status_code == 200
    page = look(services, plan, status="not-run")
    assert page.assignees == {"ana": ("Ana", 1), "admin": ("Administrator", 1)}
    assert shown(look(services, plan, status="not-run", assignee="ana")) == [("0", "T")]
    assert look(services, plan, assignee="-").total == 0


def test_tests_are_added_by_keys_sets_and_queries_and_folders_narrow_them(services: Services, door: Door, plan: str) -> None:
    other = night(door, "PPPP")
    tests = [r["key"] for r in door.http.get(f"/rest/raven/2.0/api/testexec/{other}/test").json()]
    held = door.make("Test Set")
    door.http.post(f"/rest/raven/2.0/api/testset/{held}/test", json={"add": tests[:2]})
    assert plan_edits.add_or_remove(services, CALLER, plan, f"{held}, DEMO-999", "", False) == (2, ["Issue with key DEMO-999 not found."])
    assert plan_edits.add_or_remove(services, CALLER, plan, "", 'project = DEMO AND summary ~ "3"', False) == (1, [])
    assert {n for n, _ in shown(look(services, plan))} == {"0", "1", "3"}
    folder = repository.add_folder(services, CALLER, plan, -1, "First").folder.id
    repository.edit_tests(services, CALLER, plan, folder, [tests[3]], [])
    assert shown(look(services, plan, folder=str(folder))) == [("3", "T")]
    assert plan_edits.add_or_remove(services, CALLER, plan, tests[0], "", True) == (1, [])
    assert look(services, plan, folder="0").total == 1
    with pytest.raises(Refused):
        plan_edits.add_or_remove(services, CALLER, plan, " ", "", False)
    with pytest.raises(Forbidden):
        plan_edits.add_or_remove(services, GUEST, plan, tests[0], "", False)


def test_what_a_reader_cannot_see_is_not_counted(services: Services, door: Door, plan: str) -> None:
    night(door, "F", testPlanKey=plan)
    door.http.post("/rest/api/2/project", json={"key": "HID", "name": "Hidden"})
    info = {"projectKey": "HID", "summary": "Secret", "testType": "Generic", "definition": "hid.x"}
    hidden_result = {"testInfo": info, "status": "FAIL"}
    door.load(hidden_result, info={"project": "HID", "testPlanKey": plan})
    assert look(services, plan).progress.counts == {3: 2}
    page = look(services, plan, GUEST)
    assert (page.progress.counts, [line.test.summary for line in page.listing.rows]) == ({3: 1}, ["Test 0"])
    door.load(generic(0, "PASS"), hidden_result, info={"project": "DEMO", "testPlanKey": plan})
    (line,) = plans.plans_page(services, GUEST, "DEMO", None).rows
    assert (line.head.tests, line.head.executions, page.executions, line.newest is not None) == (1, 2, 1, True)
    days = plan_page.days_page(services, GUEST, browse.find_plan(services, GUEST, plan), True)
    assert (days.runs, [(d.tests, d.done) for d in (days.days or [])][-1]) == (3, (1, 1))


def test_the_days_of_a_plan_end_with_its_own_numbers(services: Services, door: Door, plan: str) -> None:
    def on(day: int, *statuses: str) -> None:
        tests = [generic(i, s, start=f"2026-11-0{day}T10:00:00Z", finish=f"2026-11-0{day}T10:01:00Z") for i, s in enumerate(statuses)]
        door.load(*tests, info={"project": "DEMO", "testPlanKey": plan})

    on(1, "PASS", "FAIL", "TODO")
    on(3, "FAIL", "PASS", "PASS")
    page = plan_page.days_page(services, CALLER, browse.find_plan(services, CALLER, plan), False)
    assert page.days is not None
    told = [(d.done, d.passed) for d in page.days[:2]]
    assert told == [(2, 1), (3, 2)]
    assert (page.days[-1].tests, page.days[-1].done, page.days[-1].passed) == (3, page.progress.done, page.progress.counts[0])


def test_a_page_of_a_plan_asks_as_many_questions_for_fifty_tests_as_for_one(services: Services, door: Door) -> None:
    few, many = door.make("Test Plan"), door.make("Test Plan")
    night(door, "F", "iOS", testPlanKey=few)
    night(door, "F" * 60, "iOS", testPlanKey=many)
    counts = [asked(services, partial(look, services, key)) for key in (few, many)]
    assert counts[1] <= counts[0], counts


def test_a_projects_plans_come_newest_first_with_their_progress(services: Services, door: Door, plan: str) -> None:
    second = door.make("Test Plan")
    night(door, "PPF", testPlanKey=second)
    page = plans.plans_page(services, CALLER, "DEMO", None)
    assert [(r.head.key, r.progress.done, r.head.tests) for r in page.rows] == [(second, 3, 3), (plan, 0, 0)]
    assert page.rows[0].newest is not None
    assert plans.plans_page(services, CALLER, "DEMO", page.rows[0].head.id).rows[0].head.key == plan
