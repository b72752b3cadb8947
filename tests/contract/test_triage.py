# SPDX-License-Identifier: Apache-2.0
"""Failures by cause, on both databases: what is gathered, what is new, and what is done with many at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, key_of

from radiograph.actions import browse
from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.browse_execution import execution_page
from radiograph.actions.execution_runs import Wanted
from radiograph.actions.report import report
from radiograph.actions.triage import Asked, triage_page
from radiograph.actions.triage_edits import Chosen, assign, link, unlink
from radiograph.actions.triage_edits import report as report_and_link
from radiograph.domain.errors import Forbidden, NotFound, Refused
from radiograph.domain.fingerprint import earlier_fingerprint
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services
    from radiograph.actions.triage import TriagePage

ADMIN = Caller(1, "admin", admin=True)
DEMO = 10402
NOISE = ("at 0x7fff12ab after 12 ms", "at 0x1 after 1.5 s", "at 0xdeadbeef after 3 seconds")


def send(
    door: Door, failures: dict[int, str], branch: str = "main", environments: tuple[str, ...] = (), passes: int = 12, **more: Any
) -> str:
    """Import an execution: what each failed Test says; the others pass. Its key."""
    tests = [
        generic(n, "FAIL" if n in failures else "PASS", comment=failures.get(n, ""), **(more if n in failures else {}))
        for n in range(passes)
    ]
    return key_of(door.load(*tests, info={"project": "DEMO", "testEnvironments": list(environments)}, branch=branch))


def look(services: Services, **asked: Any) -> TriagePage:
    return triage_page(services, ADMIN, "DEMO", Asked(**asked))


def told(page: TriagePage) -> list[tuple[str, str, int]]:
    return [(g.title, g.state.word, len(g.runs)) for g in page.groups]


def test_failures_that_say_the_same_but_for_numbers_are_one_group_and_new_ones_come_first(services: Services, door: Door) -> None:
    first = send(door, {1: "old trouble"})
    last = send(door, {1: "old trouble", 2: f"lost {NOISE[0]}", 3: f"lost {NOISE[1]}", 4: f"lost {NOISE[2]}", 5: "alone", 6: ""})
    page = look(services)
    assert [(state, runs) for _, state, runs in told(page)] == [("new", 3), ("new", 1), ("new", 1), ("baseline", 1)]
    assert page.groups[0].title.startswith("lost at …")
    assert {g.title for g in page.groups[1:]} == {"alone", "", "old trouble"}
    assert (page.failures, page.new, [m.baseline and m.baseline.key for m in page.scope]) == (6, 5, [first])
    group = page.groups[3]
    assert group.first is not None
    assert (group.first.key, group.tests) == (first, 1)
    assert page.groups[0].first is not None
    assert page.groups[0].first.key == last
    assert told(look(services, state="baseline")) == [("old trouble", "baseline", 1)]
    assert len(look(services, group="none").groups) == 1


LONG = "Shop " * 115 + "is lost at 42"


def test_a_long_failure_of_an_earlier_version_is_where_it_was_first_seen_in_triage_and_on_the_page(services: Services, door: Door) -> None:
    first, last = send(door, {1: LONG}), send(door, {1: LONG})
    with services.db.write() as conn:
        where = sa.select(t.issues.c.id).where(t.issues.c.key == first).scalar_subquery()
        old = sa.update(t.runs).where(t.runs.c.execution_id == where, t.runs.c.fingerprint.is_not(None))
        conn.execute(old.values(fingerprint=earlier_fingerprint(LONG)))
    group = look(services, execution=last).groups[0]
    assert group.first is not None
    assert group.first.key == first
    page = execution_page(services, ADMIN, browse.find(services, ADMIN, last), Wanted())
    assert [f.key for f in page.parts.first_seen.values()] == [first]


def test_the_newest_execution_of_each_branch_and_environment_is_looked_at(services: Services, door: Door) -> None:
    send(door, {1: "gone"})
    send(door, {2: "here"})
    send(door, {3: "there"}, "feature/x", ("iOS",))
    send(door, {4: "elsewhere"}, "feature/x", ("Android",))
    assert {title for title, _, _ in told(look(services))} == {"here", "there", "elsewhere"}
    assert {title for title, _, _ in told(look(services, branch="feature/x"))} == {"there", "elsewhere"}
    assert {title for title, _, _ in told(look(services, environment="iOS"))} == {"there"}
    assert look(services, branch="feature/x").branches == ["feature/x", "main"]


def test_one_execution_is_measured_by_the_one_before_it_and_main_is_told(services: Services, door: Door) -> None:
    send(door, {1: "on main"})
    send(door, {2: "on the branch"}, "feature/x")
    key = send(door, {1: "on main", 2: "on the branch", 3: "fresh"}, "feature/x")
    send(door, {4: "later"}, "feature/x")
    page = look(services, execution=key)
    assert {(title, state) for title, state, _ in told(page)} == {("on main", "main"), ("on the branch", "baseline"), ("fresh", "new")}


def test_a_linked_group_is_known_and_later_failures_are_linked_where_that_was_asked_for(services: Services, door: Door) -> None:
    key = send(door, {1: "boom 1", 2: "boom 2", 3: "quiet", 4: "boom 3"}, defects=["ELSE-9"])
    bug = door.make("Bug")
    marks = {g.title: str(g.fingerprint) for g in look(services).groups}
    boom = next(mark for title, mark in marks.items() if title != "quiet")
    done = link(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [boom]), bug.lower(), future=True)
    assert (done.changed, done.already, done.what) == (3, 0, bug)
    assert link(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [boom]), bug, future=True).already == 3
    link(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [marks["quiet"]]), "OTHER-1", future=False)
    run = door.run(key, door_test(services, "Test 1"))
    assert [d["key"] for d in run["defects"]] == ["ELSE-9", bug]
    answer = door.load(generic(7, "FAIL", comment="boom 77"), generic(8, "FAIL", comment="quiet"), info={"project": "DEMO"}, branch="next")
    assert answer["infoMessages"] == [f"1 failure of a known cause linked with {bug}"]
    later = look(services, execution=key_of(answer))
    assert {(g.title, g.state.word, *g.defects) for g in later.groups} == {("boom 77", "defect", bug), ("quiet", "defect", "OTHER-1")}
    assert [d["key"] for d in door.run(key_of(answer), door_test(services, "Test 7"))["defects"]] == [bug]
    assert door.run(key_of(answer), door_test(services, "Test 8"))["defects"] == []


def test_what_was_linked_by_mistake_is_unlinked_on_the_page_of_the_group_and_is_new_again(services: Services, door: Door) -> None:
    key = send(door, {1: "boom 1", 2: "boom 2"}, defects=["ELSE-9"])
    mark = str(look(services).groups[0].fingerprint)
    chosen = Chosen(Asked(execution=key), [mark])
    assert link(services, ADMIN, "DEMO", chosen, "ELSE-1", future=True).changed == 2
    query = {"execution": key, "group": mark}
    page = door.http.get("/projects/DEMO/triage", params=query).text
    assert "<option>ELSE-1</option>" in page
    with pytest.raises(Forbidden):
        unlink(services, Caller(5, "v", roles={DEMO: Role.VIEWER}), "DEMO", chosen, "ELSE-1")
    form = {"do": "unlink", "group": mark, "linked": "ELSE-1"}
    answer = door.http.post("/projects/DEMO/triage", params=query, data=form, headers={"Origin": "http://testserver"})
    assert "ELSE-1 unlinked from 2 runs and from what is known." in answer.text
    assert look(services, execution=key).groups[0].defects == ["ELSE-9"]
    assert [d["key"] for d in door.run(key, door_test(services, "Test 1"))["defects"]] == ["ELSE-9"]
    later = look(services, execution=send(door, {3: "boom 3"}, "next")).groups[0]
    assert (later.state.word, later.defects) == ("new", [])


def test_deleting_a_bug_makes_what_was_known_by_it_new_again(services: Services, door: Door) -> None:
    bug, key = door.make("Bug"), send(door, {1: "boom"})
    link(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [str(look(services).groups[0].fingerprint)]), bug, future=True)
    assert look(services).groups[0].state.word == "defect"
    assert door.http.delete(f"/rest/api/2/issue/{bug}").status_code == 204
    group = look(services).groups[0]
    assert (group.state.word, group.defects) == ("new", [])
    answer = door.load(generic(7, "FAIL", comment="boom"), info={"project": "DEMO"}, branch="next")
    assert answer["infoMessages"] == []


def door_test(services: Services, summary: str) -> str:
    with services.db.read() as conn:
        return str(conn.execute(sa.select(t.issues.c.key).where(t.issues.c.summary == summary)).scalar_one())


def test_ticked_runs_alone_are_linked_and_make_nothing_known(services: Services, door: Door) -> None:
    key = send(door, {1: "boom", 2: "boom"})
    runs = [line.id for line in look(services).groups[0].lines]
    assert link(services, ADMIN, "DEMO", Chosen(Asked(execution=key), runs=[str(runs[0])]), "ELSE-1", future=True).changed == 1
    with services.db.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(t.known_failures)).scalar_one() == 0
    assert look(services, execution=key).groups[0].why.total() == 2


def test_a_link_comes_back_as_a_new_failure_when_its_defect_is_done(services: Services, door: Door) -> None:
    bug = door.make("Bug")
    key = send(door, {1: "boom"})
    link(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [str(look(services).groups[0].fingerprint)]), bug, future=False)
    assert look(services).groups[0].state.word == "defect"
    with services.db.write() as conn:
        conn.execute(sa.update(t.issues).where(t.issues.c.key == bug).values(workflow="Done"))
    group = look(services).groups[0]
    assert (group.state.word, group.defects, group.done) == ("new", [], [bug])


def test_a_group_is_assigned_and_who_had_it_last_is_told_at_the_next_failure(services: Services, door: Door) -> None:
    put_user(services, "ana", "ana")
    key = send(door, {1: "boom", 2: "boom"})
    mark = str(look(services).groups[0].fingerprint)
    assert assign(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [mark]), "ana").changed == 2
    assert door.run(key, door_test(services, "Test 1"))["assignee"] == "ana"
    send(door, {1: "boom"}, "next")
    group = look(services, branch="next").groups[0]
    assert (group.assigned, [line.assignee for line in group.lines]) == ("ana", ["admin"])
    with pytest.raises(Refused, match="no user nobody-here"):
        assign(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [mark]), "nobody-here")


def test_a_bug_is_reported_and_linked_from_the_page(services: Services, door: Door) -> None:
    key = send(door, {1: "<script>alert(1)</script> boom"})
    mark = str(look(services).groups[0].fingerprint)
    page = door.http.get("/projects/DEMO/triage", params={"execution": key})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    form = {"do": "bug", "group": mark, "summary": "It goes boom", "description": "See the runs", "future": "1"}
    answer = door.http.post("/projects/DEMO/triage", params={"execution": key}, data=form, headers={"Origin": "http://testserver"})
    assert answer.status_code == 200
    bug = look(services).groups[0].defects[0]
    assert f"1 run linked with {bug}." in answer.text
    assert door.fields(bug)["summary"] == "It goes boom"
    twin = door.http.get("/api/projects/DEMO/triage", params={"execution": key}).json()
    assert (twin["groups"][0]["state"], twin["groups"][0]["defects"], twin["states"]["defect"]) == ("defect", [bug], 1)


def test_who_may_only_read_changes_nothing_and_hidden_projects_are_not_there(services: Services, door: Door) -> None:
    key = send(door, {1: "boom"})
    chosen = Chosen(Asked(execution=key), [str(look(services).groups[0].fingerprint)])
    viewer, tester = Caller(5, "v", roles={DEMO: Role.VIEWER}), Caller(6, "t", roles={DEMO: Role.TESTER})
    with pytest.raises(Forbidden):
        link(services, viewer, "DEMO", chosen, "ELSE-1", future=False)
    with pytest.raises(Forbidden):
        assign(services, viewer, "DEMO", chosen, "admin")
    with pytest.raises(Forbidden):
        report_and_link(services, tester, "DEMO", chosen, "x", "", future=False)
    with pytest.raises(NotFound):
        triage_page(services, Caller(7, "stranger"), "DEMO", Asked())
    give_role(services, "admin", DEMO, Role.LEAD)


@pytest.mark.parametrize("asked", [{"state": "odd"}, {"group": "1;DROP"}, {"group": "9" * 30}])
def test_what_names_nothing_is_refused(services: Services, door: Door, asked: dict[str, str]) -> None:
    send(door, {1: "boom"})
    with pytest.raises(Refused):
        look(services, **asked)


def test_nothing_is_linked_where_nothing_was_chosen_or_the_key_is_none(services: Services, door: Door) -> None:
    key = send(door, {1: "boom"})
    mark = str(look(services).groups[0].fingerprint)
    with pytest.raises(Refused, match="Choose failures"):
        link(services, ADMIN, "DEMO", Chosen(Asked(execution=key)), "DEMO-1", future=False)
    with pytest.raises(Refused, match="not an issue key"):
        link(services, ADMIN, "DEMO", Chosen(Asked(execution=key), [mark]), "<script>", future=False)
    before = door.http.get("/rest/api/2/search").json()["total"]
    for wrong in ({"group": "4711"}, {"group": mark, "summary": " "}):
        form = {"do": "bug", "summary": "It goes boom"} | wrong
        answer = door.http.post("/projects/DEMO/triage", params={"execution": key}, data=form, headers={"Origin": "http://testserver"})
        assert answer.status_code == 400
    assert door.http.get("/rest/api/2/search").json()["total"] == before


def test_a_group_of_5000_failures_is_gathered_in_a_moment(services: Services, door: Door) -> None:
    key = send(door, {n: f"boom {n}" for n in range(5000)}, passes=5000)
    look(services, execution=key)
    took = []
    for _ in range(3):
        start = time.process_time()
        page = look(services, execution=key)
        took.append(time.process_time() - start)
    assert [len(g.runs) for g in page.groups] == [5000]
    assert min(took) < 1.5, took  # 0.1 s where nothing else runs; what it guards from is a query for each failure


def test_the_report_has_the_causes_that_triage_has_however_long_the_comments_are(services: Services, door: Door) -> None:
    key = send(door, {1: "x" * 560 + " lost", 2: "x" * 560 + " found"})
    assert len(look(services, execution=key).groups) == 2
    assert [len(g.runs) for g in report(services, ADMIN, key).groups] == [1, 1]
