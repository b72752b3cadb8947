# SPDX-License-Identifier: Apache-2.0
"""Executions compared Test by Test, on both databases: every way in which a Test can change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, key_of

from radiograph.actions.accounts import put_user
from radiograph.actions.compare import Asked, compared
from radiograph.actions.flakiness import refresh
from radiograph.actions.projects import add_project
from radiograph.domain.comparing import Change
from radiograph.domain.errors import IssueNotFound, NotFound, Refused
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services
    from radiograph.insight.comparison import Comparison

ADMIN = Caller(1, "admin", admin=True)


def load(door: Door, results: dict[int, str], *environments: str, **more: dict[str, Any]) -> str:
    """Import an execution: the status of each Test by its number, and more of its result by `t` and the number."""
    tests = [generic(n, status, **more.get(f"t{n}", {})) for n, status in results.items()]
    return key_of(door.load(*tests, info={"project": "DEMO", "testEnvironments": list(environments)}))


def lasting(seconds: float) -> dict[str, str]:
    return {"start": "2026-01-01T00:00:00Z", "finish": f"2026-01-01T00:00:{seconds:06.3f}Z"}


def look(services: Services, *keys: str, **asked: Any) -> Comparison:
    return compared(services, ADMIN, Asked(keys, **({"show": "all"} | asked)))


def changes(found: Comparison) -> dict[str, str]:
    return {row.summary: row.change.word for row in found.rows}


def test_every_way_in_which_a_test_can_change_is_told(services: Services, door: Door) -> None:
    one = load(
        door, {1: "PASS", 2: "FAIL", 3: "FAIL", 4: "PASS", 5: "PASS", 6: "TODO", 8: "PASS", 9: "PASS"},
        t8=lasting(1), t9=lasting(1),
    )  # fmt: skip
    other = load(
        door, {1: "FAIL", 2: "FAIL", 3: "PASS", 4: "TODO", 6: "FAIL", 7: "PASS", 8: "PASS", 9: "PASS", 10: "FAIL"},
        t8=lasting(2.5), t9=lasting(1.9),
    )  # fmt: skip
    found = look(services, one, other)
    assert changes(found) == {
        "Test 1": "new_failure", "Test 6": "new_failure", "Test 10": "new_failure", "Test 2": "still_failing", "Test 3": "fixed",
        "Test 4": "not_run", "Test 5": "not_run", "Test 7": "new_test", "Test 8": "slower", "Test 9": "same",
    }  # fmt: skip
    assert [row.change for row in found.rows] == sorted(row.change for row in found.rows)
    assert found.counts == {
        Change.NEW_FAILURE: 3, Change.STILL_FAILING: 1, Change.FIXED: 1, Change.NOT_RUN: 2, Change.NEW_TEST: 1, Change.SLOWER: 1,
        Change.SAME: 1,
    }  # fmt: skip
    back = changes(look(services, other, one))
    assert back["Test 1"] == "fixed"
    assert back["Test 7"] == "not_run"
    assert back["Test 8"] == "same"


@pytest.mark.parametrize(
    ("before", "after", "change"), [(1.0, 2.0, "same"), (0.1, 1.0, "same"), (0.1, 1.2, "slower"), (3.0, 6.5, "slower")]
)
def test_slower_is_more_than_twice_as_long_and_a_second_at_least(
    services: Services, door: Door, before: float, after: float, change: str
) -> None:
    one, other = (load(door, {1: "PASS"}, t1=lasting(seconds)) for seconds in (before, after))
    assert changes(look(services, one, other)) == {"Test 1": change}


def test_a_test_that_passed_at_a_retry_is_flaky_and_one_that_was_only_sent_twice_is_not(services: Services, door: Door) -> None:
    one = load(door, {1: "PASS", 2: "PASS"})
    other = load(door, {1: "FAIL", 2: "PASS"})
    door.load(generic(1, "PASS"), generic(2, "PASS"), execution=other)
    assert changes(look(services, one, other)) == {"Test 1": "flaky", "Test 2": "same"}


def test_a_failure_of_a_test_that_is_known_to_be_flaky_there_is_no_new_failure(services: Services, door: Door) -> None:
    one, other = load(door, {1: "PASS", 2: "PASS"}, "iOS", "Tablet"), load(door, {1: "FAIL", 2: "FAIL"}, "Tablet", "iOS")
    mark_flaky(services, {"Test 1": '["Tablet", "iOS"]', "Test 2": '["iOS"]'})
    assert changes(look(services, one, other)) == {"Test 2": "new_failure", "Test 1": "flaky"}


def mark_flaky(services: Services, environments: dict[str, str]) -> None:
    """Note Tests, by their summary, as flaky on environments; what the results show has been worked out before."""
    refresh(services)
    with services.db.write() as conn:
        ids: dict[str, int] = dict(conn.execute(sa.select(t.issues.c.summary, t.issues.c.id)).all())
        values = {"project_id": 10402, "runs": 9, "failures": 3, "flips": 3, "retries": 0, "score": 300, "last_ms": 1, "computed_ms": 1}
        conn.execute(
            sa.insert(t.flaky_tests), [values | {"test_id": ids[name], "environments": where} for name, where in environments.items()]
        )


def test_more_than_two_are_measured_by_the_first_and_a_test_is_what_its_worst_is(services: Services, door: Door) -> None:
    keys = [load(door, r) for r in ({1: "PASS", 2: "FAIL", 3: "PASS"}, {1: "FAIL", 2: "PASS"}, {1: "PASS", 2: "FAIL", 3: "PASS"})]
    found = look(services, *keys)
    assert changes(found) == {"Test 1": "new_failure", "Test 2": "still_failing", "Test 3": "not_run"}
    cells = {row.summary: [c and found.statuses.by_id[c.status_id].name for c in row.cells] for row in found.rows}
    assert cells == {"Test 1": ["PASS", "FAIL", "PASS"], "Test 2": ["FAIL", "PASS", "FAIL"], "Test 3": ["PASS", None, "PASS"]}


def test_of_three_a_test_that_is_missing_in_one_is_not_run_and_a_failure_counts_before_that(services: Services, door: Door) -> None:
    one = load(door, {1: "PASS", 2: "PASS", 3: "PASS", 4: "FAIL", 5: "PASS"})
    two = load(door, {1: "PASS", 2: "TODO", 3: "FAIL", 4: "PASS", 5: "PASS"})
    three = load(door, {2: "PASS", 5: "PASS"})
    assert changes(look(services, one, two, three)) == {
        "Test 1": "not_run", "Test 2": "not_run", "Test 3": "new_failure", "Test 4": "fixed", "Test 5": "same",
    }  # fmt: skip


def test_a_run_that_finished_before_it_started_makes_nothing_slower(services: Services, door: Door) -> None:
    odd = {"start": "2026-01-01T00:00:09Z", "finish": "2026-01-01T00:00:01Z"}
    assert changes(look(services, load(door, {1: "PASS"}, t1=odd), load(door, {1: "PASS"}, t1=lasting(0.5)))) == {"Test 1": "same"}


def test_pages_miss_and_repeat_no_test_and_filters_keep_to_theirs(services: Services, door: Door) -> None:
    one = load(door, {n: "PASS" if n % 3 else "FAIL" for n in range(60)})
    other = load(door, dict.fromkeys(range(60), "FAIL"))
    found: list[str] = []
    after = ""
    while True:
        part = look(services, one, other, after=after, limit=7)
        found += [row.summary for row in part.rows]
        if part.next is None:
            break
        after = ".".join(map(str, part.next))
    assert len(found) == len(set(found)) == 60
    assert set(changes(look(services, one, other, show="new_failure", limit=100)).values()) == {"new_failure"}
    assert len(look(services, one, other, show="", limit=100).rows) == 60


def test_the_newest_of_each_set_of_environments_of_a_plan_or_project_is_compared(services: Services, door: Door) -> None:
    plan = door.make("Test Plan")
    info = {"project": "DEMO", "testPlanKey": plan}
    keys = [key_of(door.load(generic(1), info=info | {"testEnvironments": e})) for e in (["A"], ["B"], ["A"], ["A", "B"])]
    load(door, {1: "PASS"}, "C")

    def columns(**asked: Any) -> list[str]:
        return [e.key for e in compared(services, ADMIN, Asked(**asked)).executions]

    assert columns(plan=plan) == [keys[1], keys[2], keys[3]]
    assert len(columns(project="DEMO")) == 4
    assert columns(project="demo", environments=["B", "A", "B, A"]) == [keys[1], keys[2], keys[3]]
    with pytest.raises(NotFound, match="on Nowhere"):
        columns(project="DEMO", environments=["A", "Nowhere"])


@pytest.mark.parametrize("asked", [{}, {"executions": ["{0}"]}, {"executions": ["{0}", "{0}"]}, {"show": "worse", "executions": ["{0}", "{1}"]},
                                   {"after": "1;DROP", "executions": ["{0}", "{1}"]}, {"executions": ["{0}", "{2}"]}])  # fmt: skip
def test_what_cannot_be_compared_is_refused(services: Services, door: Door, asked: dict[str, Any]) -> None:
    keys = [load(door, {1: "PASS"}), load(door, {1: "PASS"}), door.make("Bug")]
    if "executions" in asked:
        asked = asked | {"executions": [k.format(*keys) for k in asked["executions"]]}
    with pytest.raises(Refused):
        compared(services, ADMIN, Asked(**asked))


def test_nine_executions_are_too_many_and_hidden_ones_are_not_there(services: Services, door: Door) -> None:
    keys = [load(door, {1: "PASS"}) for _ in range(9)]
    with pytest.raises(Refused, match="2 to 8"):
        look(services, *keys)
    with pytest.raises(Refused, match="2 to 8"):
        compared(services, ADMIN, Asked([f"NOT-{i}" for i in range(5000)]))
    put_user(services, "guest", "guest")
    with pytest.raises(IssueNotFound):
        compared(services, Caller(5, "guest"), Asked(keys[:2]))


def test_of_a_plan_only_executions_of_projects_that_the_reader_sees_are_compared(services: Services, door: Door) -> None:
    plan = door.make("Test Plan")
    own = [key_of(door.load(generic(1), info={"project": "DEMO", "testPlanKey": plan, "testEnvironments": [e]})) for e in "AB"]
    add_project(services, "SECR")
    hidden = key_of(door.load(generic(1), info={"project": "SECR", "testPlanKey": plan, "testEnvironments": ["C"]}))
    guest = Caller(5, "guest", roles={10402: Role.VIEWER})
    assert [e.key for e in compared(services, ADMIN, Asked(plan=plan)).executions] == [*own, hidden]
    assert [e.key for e in compared(services, guest, Asked(plan=plan)).executions] == own


def test_the_page_and_its_twin_tell_the_same(door: Door) -> None:
    one, other = load(door, {1: "PASS", 2: "PASS"}, t1={"comment": "<script>"}), load(door, {1: "FAIL", 2: "PASS"}, t1=lasting(3))
    query = {"e": [one, other]}
    twin = door.http.get("/api/compare", params=query).json()
    assert [e["key"] for e in twin["executions"]] == [one, other]
    assert twin["counts"]["new_failure"] == 1
    assert [(x["summary"], x["change"], [r["status"] for r in x["runs"]]) for x in twin["tests"]] == [
        ("Test 1", "new_failure", ["PASS", "FAIL"])
    ]
    assert twin["tests"][0]["runs"][1]["durationMs"] == 3000
    page = door.http.get("/compare", params=query)
    assert page.status_code == 200
    assert "1 new failure" in page.text
    assert door.http.get("/compare", params={"e": one}, headers={"Accept": "text/html"}).status_code == 400
