# SPDX-License-Identifier: Apache-2.0
"""What the latest results say of requirements, now and as it was known, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.asked import asked as questions
from tests.contract.door import generic
from tests.contract.planned import again, backdate, backdate_change, night

from radiograph.actions import browse, coverage, coverage_links, issue_coverage, issues
from radiograph.actions.coverage import Asked
from radiograph.domain.clock import format_instant, now_ms
from radiograph.domain.errors import Forbidden, IssueNotFound, Refused
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)
DAY = 86_400_000


@pytest.fixture
def story(door: Door) -> str:
    return door.make("Story")


def cover(services: Services, door: Door, requirement: str, *numbers: int) -> None:
    """Let the Tests of these numbers, which have been imported, cover a requirement."""
    found = door.http.get("/rest/api/2/search", params={"jql": "type = Test", "maxResults": 100}).json()["issues"]
    keys = {i["fields"]["summary"]: i["key"] for i in found}
    coverage_links.link_tests(services, CALLER, requirement, [keys[f"Test {n}"] for n in numbers], False)


def look(services: Services, **asked: Any) -> dict[str, tuple[str, dict[str, int]]]:
    page = coverage.coverage_page(services, CALLER, "DEMO", Asked(**asked))
    return {line.head.key: (line.status, line.means) for line in page.listing.rows}


def on(now: int, days: int) -> str:
    """An instant so many days before now, as an address has it."""
    return format_instant(now - days * DAY + DAY // 2)


def test_a_requirement_is_what_is_worst_of_the_latest_runs_of_its_tests(services: Services, door: Door, story: str) -> None:
    night(door, "FPT")
    night(door, "P")
    cover(services, door, story, 0, 1)
    assert look(services) == {story: ("OK", {"OK": 2})}
    cover(services, door, story, 2)
    assert look(services) == {story: ("NOTRUN", {"NOTRUN": 1, "OK": 2})}
    night(door, "-F")
    assert look(services) == {story: ("NOK", {"NOK": 1, "NOTRUN": 1, "OK": 1})}


def test_a_status_of_another_meaning_makes_it_unknown_for_pages_fields_and_queries_alike(
    services: Services, door: Door, story: str
) -> None:
    with services.db.write() as conn:
        odd = {"of": "run", "id": 9, "name": "ODD", "color": "#123456", "final": True, "requirement": "PERHAPS"}
        conn.execute(sa.insert(t.statuses).values(odd))
    door.load(generic(0, "ODD"), generic(1, "TODO"), generic(2, "PASS"))
    cover(services, door, story, 0, 1, 2)
    assert look(services)[story][0] == "UNKNOWN"
    assert door.fields(story)["customfield_10122"] == "UNKNOWN"
    for status in ("OK", "NOK", "NOTRUN", "UNKNOWN", "UNCOVERED"):
        found = door.http.get("/rest/api/2/search", params={"jql": f'"Requirement Status" = {status}'}).json()
        assert [i["key"] for i in found["issues"]] == ([story] if status == "UNKNOWN" else [])


def test_versions_plans_and_environments_choose_the_results_that_count(services: Services, door: Door, story: str) -> None:
    plan = door.make("Test Plan")
    night(door, "F", "iOS", version="v1")
    night(door, "P", "Android", testPlanKey=plan)
    cover(services, door, story, 0)
    assert look(services)[story][0] == "OK"
    assert look(services, version="v1")[story][0] == "NOK"
    assert look(services, plan=plan)[story][0] == "OK"
    assert look(services, environment="iOS")[story][0] == "NOK"
    assert look(services, environment="iOS", plan=plan)[story][0] == "NOTRUN"
    for name in ("version", "plan", "environment", "at"):
        with pytest.raises(Refused):
            look(services, **{name: "nothing such"})


def test_as_it_was_known_attempts_count_until_the_next_result_came(services: Services, door: Door, story: str) -> None:
    now = now_ms()
    key = night(door, "FP")
    again(door, key, "P")
    again(door, key, "F")
    backdate(services, key, [9, 6, 3], now)
    cover(services, door, story, 0, 1)
    then = {days: look(services, at=on(now, days))[story] for days in (10, 9, 7, 6, 4, 3, 1)}
    assert then == {
        10: ("NOTRUN", {"NOTRUN": 2}), 9: ("NOK", {"NOK": 1, "OK": 1}), 7: ("NOK", {"NOK": 1, "OK": 1}), 6: ("OK", {"OK": 2}),
        4: ("OK", {"OK": 2}), 3: ("NOK", {"NOK": 1, "OK": 1}), 1: ("NOK", {"NOK": 1, "OK": 1}),
    }  # fmt: skip


def test_as_it_was_known_executions_made_since_do_not_count(services: Services, door: Door, story: str) -> None:
    now = now_ms()
    for statuses, days in (("F", 8), ("P", 5), ("F", 2)):
        backdate(services, night(door, statuses), [days], now)
    cover(services, door, story, 0)
    assert [look(services, at=on(now, days))[story][0] for days in (9, 8, 5, 2)] == ["NOTRUN", "NOK", "OK", "NOK"]
    assert look(services, at="2999-01-01") == look(services)


def test_as_it_was_known_changes_by_hand_are_undone(services: Services, door: Door, story: str) -> None:
    now = now_ms()
    key = night(door, "F")
    backdate(services, key, [9], now)
    cover(services, door, story, 0)
    run = door.http.get(f"/rest/raven/2.0/api/testexec/{key}/test").json()[0]["id"]
    for status, days in (("PASS", 6), ("TODO", 3)):
        assert door.http.put(f"/rest/raven/2.0/api/testrun/{run}", json={"status": status}).status_code == 200
        backdate_change(services, run, days, now)
    assert [look(services, at=on(now, days))[story][0] for days in (9, 7, 6, 4, 3, 0)] == ["NOK", "NOK", "OK", "OK", "NOTRUN", "NOTRUN"]


def test_as_it_was_known_a_run_made_by_hand_is_there_since_its_execution(services: Services, door: Door, story: str) -> None:
    now = now_ms()
    backdate(services, night(door, "P"), [9], now)
    cover(services, door, story, 0)
    test = next(iter(browse.find(services, CALLER, story).parts.links)).source.key
    planned = door.make("Test Execution")
    door.http.post(f"/rest/raven/2.0/api/testexec/{planned}/test", json={"add": [test]})
    _made(services, planned, now - 5 * DAY)
    assert [look(services, at=on(now, days))[story][0] for days in (9, 6, 5)] == ["OK", "OK", "NOTRUN"]


def _made(services: Services, key: str, at: int) -> None:
    with services.db.write() as conn:
        conn.execute(sa.update(t.issues).where(t.issues.c.key == key).values(created_ms=at))


def test_as_it_was_known_each_environment_has_its_own_past(services: Services, door: Door, story: str) -> None:
    now = now_ms()
    for statuses, environment, days in (("F", "iOS", 8), ("P", "Android", 6), ("P", "iOS", 4), ("F", "Android", 2)):
        backdate(services, night(door, statuses, environment), [days], now)
    cover(services, door, story, 0)
    then = [tuple(look(services, at=on(now, d), environment=e)[story][0] for e in ("iOS", "Android")) for d in (9, 8, 6, 4, 2)]
    assert then == [("NOTRUN", "NOTRUN"), ("NOK", "NOTRUN"), ("NOK", "OK"), ("OK", "OK"), ("OK", "NOK")]
    block = issue_coverage.issue_coverage(services, CALLER, browse.find(services, CALLER, story), Asked(at=on(now, 6)))
    names, table = dict(block.environments), block.statuses.by_id
    assert {names[e]: table[s].name for e, (s, _) in block.tests[0].cells.items()} == {"iOS": "FAIL", "Android": "PASS"}


def test_epics_roll_up_what_is_below_them(services: Services, door: Door, story: str) -> None:
    epic, other = door.make("Epic"), door.make("Story")
    with services.db.write() as conn:
        number = sa.select(t.issues.c.id).where(t.issues.c.key == epic).scalar_subquery()
        conn.execute(sa.update(t.issues).where(t.issues.c.key.in_([story, other])).values(parent_id=number))
    night(door, "FPP")
    cover(services, door, story, 0, 1)
    cover(services, door, epic, 1, 2)
    assert look(services) == {other: ("UNCOVERED", {}), story: ("NOK", {"NOK": 1, "OK": 1}), epic: ("NOK", {"NOK": 1, "OK": 2})}
    assert look(services, within=epic).keys() == {story, other, epic}
    assert look(services, within=story).keys() == {story}
    block = issue_coverage.issue_coverage(services, CALLER, browse.find(services, CALLER, epic), Asked())
    assert [(b.key, status) for b, status in block.below] == [(story, "NOK"), (other, "UNCOVERED")]
    assert [(c.head.summary, [h.key for h in c.of]) for c in block.tests] == [("Test 0", [story]), ("Test 1", []), ("Test 2", [])]


def test_what_is_below_an_epic_in_a_project_that_the_reader_cannot_see_is_not_there(services: Services, door: Door, story: str) -> None:
    epic = door.make("Epic")
    door.http.post("/rest/api/2/project", json={"key": "HID", "name": "Hidden"})
    hidden = {"fields": {"project": {"key": "HID"}, "issuetype": {"name": "Story"}, "summary": "Secret"}}
    secret = door.http.post("/rest/api/2/issue", json=hidden).json()["key"]
    with services.db.write() as conn:
        number = sa.select(t.issues.c.id).where(t.issues.c.key == epic).scalar_subquery()
        conn.execute(sa.update(t.issues).where(t.issues.c.key.in_([story, secret])).values(parent_id=number))
    viewer = Caller(5, "v", roles={10402: Role.VIEWER})
    found = issue_coverage.issue_coverage(services, viewer, browse.find(services, viewer, epic), Asked())
    assert [b.key for b, _ in found.below] == [story]
    assert [c.key for c in browse.find(services, viewer, epic).parts.children] == [story]
    with pytest.raises(Forbidden):
        issues.delete(services, Caller(6, "l", roles={10402: Role.LEAD}), epic, subtasks=True)
    everything = issue_coverage.issue_coverage(services, CALLER, browse.find(services, CALLER, epic), Asked())
    assert [b.key for b, _ in everything.below] == [story, secret]


def test_what_is_above_a_story_in_a_project_that_the_reader_cannot_see_is_not_there(services: Services, door: Door, story: str) -> None:
    door.http.post("/rest/api/2/project", json={"key": "HID", "name": "Hidden"})
    hidden = {"fields": {"project": {"key": "HID"}, "issuetype": {"name": "Story"}, "summary": "Secret"}}
    secret = door.http.post("/rest/api/2/issue", json=hidden).json()["key"]
    with services.db.write() as conn:
        number = sa.select(t.issues.c.id).where(t.issues.c.key == secret).scalar_subquery()
        conn.execute(sa.update(t.issues).where(t.issues.c.key == story).values(parent_id=number))
    for caller, seen in ((Caller(5, "v", roles={10402: Role.VIEWER}), None), (CALLER, secret)):
        parent, (line,) = (
            browse.find(services, caller, story).parts.parent,
            coverage.coverage_page(services, caller, "DEMO", Asked()).listing.rows,
        )
        assert (parent and parent.key, line.parent and line.parent.key) == (seen, seen)


def test_requirements_come_gaps_first_in_pages_that_miss_and_repeat_none(services: Services, door: Door) -> None:
    night(door, "PF")
    keys = [door.make("Story") for _ in range(60)]
    cover(services, door, keys[3], 0)
    cover(services, door, keys[7], 1)
    found, after = [], ""
    for _ in range(2):
        page = coverage.coverage_page(services, CALLER, "DEMO", Asked(after=after))
        found += [(line.status, line.head.key) for line in page.listing.rows]
        after = page.listing.next
    assert after == ""
    assert {k for _, k in found} == set(keys)
    assert [s for s, _ in found] == ["UNCOVERED"] * 58 + ["NOK", "OK"]
    assert (page.counts, page.total) == ({"UNCOVERED": 58, "NOK": 1, "OK": 1}, 60)
    survey, ids = coverage.all_lines(services, CALLER, "DEMO", Asked())
    assert [line.head.key for line in coverage.some_lines(services, CALLER, survey, ids)] == [k for _, k in found]
    for bad in ("9.1", "x", "1;2"):
        with pytest.raises(Refused):
            coverage.coverage_page(services, CALLER, "DEMO", Asked(after=bad))


def test_gaps_name_the_tests_that_never_ran_and_those_that_cover_nothing(services: Services, door: Door, story: str) -> None:
    night(door, "PP")
    fresh, planned = door.make("Test"), door.make("Test")
    execution = door.make("Test Execution")
    assert door.http.post(f"/rest/raven/2.0/api/testexec/{execution}/test", json={"add": [planned]}).status_code == 200
    cover(services, door, story, 0)
    never = coverage.gap_page(services, CALLER, "DEMO", "never-run", "")
    assert ([r.key for r in never.listing.rows], never.total) == ([fresh, planned], 2)
    unlinked = coverage.gap_page(services, CALLER, "DEMO", "unlinked", "")
    assert [r.summary for r in unlinked.listing.rows] == ["Test 1", "A Test", "A Test"]
    with pytest.raises(Refused):
        coverage.gap_page(services, CALLER, "DEMO", "others", "")


def test_links_are_made_and_taken_away_all_or_none(services: Services, door: Door, story: str) -> None:
    night(door, "PP")
    tests = [i["key"] for i in door.http.get("/rest/api/2/search", params={"jql": "type = Test"}).json()["issues"]]
    assert coverage_links.link_tests(services, CALLER, story, [tests[0], tests[0]], False) == 1
    assert coverage_links.link_tests(services, CALLER, story, tests, False) == 1
    for bad, error in (([tests[0], "DEMO-999"], IssueNotFound), ([tests[0], story], Refused)):
        with pytest.raises(error):
            coverage_links.link_tests(services, CALLER, story, bad, True)
    assert look(services)[story] == ("OK", {"OK": 2})
    with pytest.raises(Forbidden):
        coverage_links.link_tests(services, Caller(5, "tess", roles={10402: Role.TESTER}), story, tests, True)
    assert coverage_links.link_tests(services, CALLER, story, tests, True) == 2
    assert look(services)[story] == ("UNCOVERED", {})
    history = door.http.get(f"/rest/api/2/issue/{story}", params={"expand": "changelog"}).json()["changelog"]
    assert sum(len(entry["items"]) for entry in history["histories"]) == 4


def test_hidden_tests_say_nothing(services: Services, door: Door, story: str) -> None:
    door.http.post("/rest/api/2/project", json={"key": "HID", "name": "Hidden"})
    info = {"projectKey": "HID", "summary": "Secret", "testType": "Generic", "definition": "hid.x", "requirementKeys": [story]}
    door.load({"testInfo": info, "status": "FAIL"}, info={"project": "HID"})
    assert look(services)[story][0] == "NOK"
    guest = Caller(5, "guest", roles={10402: Role.VIEWER})
    page = coverage.coverage_page(services, guest, "DEMO", Asked())
    assert [(line.status, line.tests) for line in page.listing.rows] == [("UNCOVERED", 0)]
    block = issue_coverage.issue_coverage(services, guest, browse.find(services, guest, story), Asked())
    assert (block.status, block.tests) == ("UNCOVERED", [])


def test_coverage_asks_as_many_questions_for_fifty_requirements_as_for_one(services: Services, door: Door) -> None:
    night(door, "P" * 50)
    cover(services, door, door.make("Story"), 0)
    few = questions(services, lambda: look(services))
    for number in range(1, 50):
        cover(services, door, door.make("Story"), number)
    assert questions(services, lambda: look(services)) <= few
