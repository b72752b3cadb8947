# SPDX-License-Identifier: Apache-2.0
"""Tests of executions, plans, sets and preconditions are added and removed one by one and many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic, imported, key_of
from tests.contract.others import door_of

from radiograph.actions.check import examine
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/raven/1.0/api"
KINDS = {"testexec": "Test Execution", "testplan": "Test Plan", "testset": "Test Set", "precondition": "Precondition"}
each_kind = pytest.mark.parametrize("word", KINDS)


def listed(door: Door, word: str, key: str, **query: Any) -> list[dict[str, Any]]:
    answer = door.http.get(f"{API}/{word}/{key}/test", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def keys_in(door: Door, word: str, key: str, **query: Any) -> list[str]:
    return [row["key"] for row in listed(door, word, key, **query)]


def edit(door: Door, path: str, **body: Any) -> list[str]:
    answer = door.http.post(f"{API}/{path}", json=body)
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()
    return found


@each_kind
def test_tests_are_added_and_removed_and_an_empty_array_is_success(door: Door, word: str) -> None:
    owner, tests = door.make(KINDS[word]), [door.make("Test") for _ in range(3)]
    assert edit(door, f"{word}/{owner}/test", add=tests) == []
    assert keys_in(door, word, owner) == tests
    assert edit(door, f"{word}/{owner}/test", add=[tests[0]], remove=[tests[1]]) == []
    assert keys_in(door, word, owner) == [tests[0], tests[2]]
    answer = door.http.delete(f"{API}/{word}/{owner}/test/{tests[0]}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert keys_in(door, word, owner) == [tests[2]]


@each_kind
def test_wrong_keys_are_told_and_the_others_are_added_all_the_same(door: Door, word: str) -> None:
    owner, test, bug = door.make(KINDS[word]), door.make("Test"), door.make("Bug")
    problems = edit(door, f"{word}/{owner}/test", add=[test, "DEMO-999", bug, " "], remove=["NOPE-1"])
    assert problems == [
        "Issue with key DEMO-999 not found.",
        f"Issue with key {bug} is not of type Test.",
        "Issue with key NOPE-1 not found.",
    ]
    assert keys_in(door, word, owner) == [test]


@each_kind
def test_pages_are_kept_to_and_one_beyond_the_end_is_empty(door: Door, word: str) -> None:
    owner, tests = door.make(KINDS[word]), [door.make("Test") for _ in range(5)]
    edit(door, f"{word}/{owner}/test", add=tests)
    assert [keys_in(door, word, owner, page=n, limit=2) for n in (1, 2, 3, 4)] == [tests[:2], tests[2:4], tests[4:], []]
    assert door.http.get(f"{API}/{word}/{owner}/test?limit=201").status_code == 400
    assert door.http.get(f"{API}/{word}/{owner}/test?page=0").status_code == 400


@each_kind
def test_what_is_not_there_is_404_and_what_is_of_another_type_400(door: Door, word: str) -> None:
    owner, test, bug = door.make(KINDS[word]), door.make("Test"), door.make("Bug")
    assert door.http.post(f"{API}/{word}/DEMO-999/test", json={"add": [test]}).status_code == 404
    assert door.http.post(f"{API}/{word}/{bug}/test", json={"add": [test]}).status_code == 400
    assert door.http.delete(f"{API}/{word}/{owner}/test/{test}").status_code == 404
    assert door.http.delete(f"{API}/{word}/{owner}/test/DEMO-999").status_code == 404
    for body in (b"", b"[]", b'{"add": "DEMO-1"}', b'{"add": [1]}', b"{"):
        assert door.http.post(f"{API}/{word}/{owner}/test", content=body).status_code == 400, body


@each_kind
def test_a_viewer_sees_them_and_changes_nothing(door: Door, services: Services, word: str) -> None:
    owner, test = door.make(KINDS[word]), door.make("Test")
    edit(door, f"{word}/{owner}/test", add=[test])
    with door_of(services, "vera", Role.VIEWER) as viewer:
        assert keys_in(viewer, word, owner) == [test]
        assert viewer.http.post(f"{API}/{word}/{owner}/test", json={"remove": [test]}).status_code == 403
        assert viewer.http.delete(f"{API}/{word}/{owner}/test/{test}").status_code == 403
    with door_of(services, "nobody", None) as stranger:
        assert stranger.http.get(f"{API}/{word}/{owner}/test").status_code == 404
        assert stranger.http.post(f"{API}/{word}/{owner}/test", json={"remove": [test]}).status_code == 404
    assert keys_in(door, word, owner) == [test]


def test_a_tester_adds_tests_to_executions_but_not_to_sets(door: Door, services: Services) -> None:
    execution, group, test = door.make("Test Execution"), door.make("Test Set"), door.make("Test")
    with door_of(services, "tom", Role.TESTER) as tester:
        assert tester.http.post(f"{API}/testexec/{execution}/test", json={"add": [test]}).status_code == 200
        assert tester.http.post(f"{API}/testset/{group}/test", json={"add": [test]}).status_code == 403


# --- executions ------------------------------------------------------------------------------------
def test_a_test_added_to_an_execution_is_a_run_without_a_result(door: Door) -> None:
    execution, test = door.make("Test Execution"), door.make("Test")
    edit(door, f"testexec/{execution}/test", add=[test])
    (row,) = listed(door, "testexec", execution)
    assert (row["key"], row["rank"], row["status"]) == (test, 1, "TODO")
    assert door.run(execution, test)["id"] == row["id"]
    edit(door, f"testexec/{execution}/test", add=[test])
    assert [row] == listed(door, "testexec", execution)


def test_a_run_that_is_removed_goes_with_all_it_has_and_the_others_close_ranks(door: Door, services: Services) -> None:
    steps = [{"status": "FAIL", "evidences": [{"data": "YQ==", "filename": "a.txt"}]}]
    answer = door.load(*(generic(n, "FAIL", steps=steps, defects=["X-1"], comment="bad") for n in range(4)))
    execution, tests = key_of(answer), imported(answer)
    door.load(*(generic(n, "PASS") for n in range(4)), execution=execution)
    edit(door, f"testexec/{execution}/test", remove=tests[1:3])
    assert [(row["key"], row["rank"]) for row in listed(door, "testexec", execution)] == [(tests[0], 1), (tests[3], 2)]
    assert [f.what for f in examine(services, deep=True) if not f.good] == []
    door.load(generic(9), execution=execution)
    assert [row["rank"] for row in listed(door, "testexec", execution)] == [1, 2, 3]


def test_imports_and_added_tests_at_the_same_moment_all_land(door: Door) -> None:
    execution, tests = door.make("Test Execution"), [door.make("Test") for _ in range(8)]

    def work(number: int) -> None:
        if number % 2:
            door.load(generic(number), execution=execution)
        else:
            edit(door, f"testexec/{execution}/test", add=[tests[number]])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    rows = listed(door, "testexec", execution)
    assert sorted(row["rank"] for row in rows) == list(range(1, 9))


def test_what_was_added_and_removed_is_in_the_history(door: Door, services: Services) -> None:
    group, test = door.make("Test Set"), door.make("Test")
    edit(door, f"testset/{group}/test", add=[test])
    edit(door, f"testset/{group}/test", remove=[test])
    edit(door, f"testset/{group}/test", remove=[test])
    with services.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT field, before, after FROM changes ORDER BY id").all()
        audited = conn.exec_driver_sql("SELECT subject, counts FROM audit WHERE action = 'issue.tests' ORDER BY id").all()
    assert [tuple(row) for row in rows] == [("Tests", "", test), ("Tests", test, "")]
    assert [tuple(row) for row in audited] == [(group, '{"added": 1, "removed": 0}'), (group, '{"added": 0, "removed": 1}')]


# --- plans -----------------------------------------------------------------------------------------
def test_a_plan_shows_the_latest_status_of_each_test_in_its_executions(door: Door) -> None:
    plan, bare = door.make("Test Plan"), door.make("Test")
    elsewhere = door.load(generic(1, "FAIL"), generic(2, "FAIL"))
    tests = imported(elsewhere)
    edit(door, f"testplan/{plan}/test", add=[bare, *tests])
    inside = key_of(door.load(generic(1, "PASS")))
    assert edit(door, f"testplan/{plan}/testexecution", add=[inside]) == []
    shown = {row["key"]: row["latestStatus"] for row in listed(door, "testplan", plan)}
    assert shown == {bare: "TODO", tests[0]: "PASS", tests[1]: "TODO"}


def test_executions_bring_their_tests_to_the_plan_unless_told_not_to(door: Door) -> None:
    first, second = door.load(generic(1)), door.load(generic(2))
    plan = door.make("Test Plan")
    edit(door, f"testplan/{plan}/testexecution", add=[key_of(first)], addTestsToPlan=False)
    assert keys_in(door, "testplan", plan) == []
    edit(door, f"testplan/{plan}/testexecution", add=[key_of(second)])
    assert keys_in(door, "testplan", plan) == imported(second)
    found = door.http.get(f"{API}/testplan/{plan}/testexecution").json()
    assert [e["key"] for e in found] == [key_of(first), key_of(second)]
    assert door.http.get(f"{API}/testplan/{plan}/testexecution?limit=1&page=2").json() == found[1:]
    assert door.http.get(f"{API}/testplan/{plan}/testexecution?limit=1&page=3").json() == []


def test_an_execution_is_taken_from_a_plan_which_keeps_its_tests(door: Door) -> None:
    answer, plan = door.load(generic(1)), door.make("Test Plan")
    edit(door, f"testplan/{plan}/testexecution", add=[key_of(answer)])
    path = f"{API}/testplan/{plan}/testexecution/{key_of(answer)}"
    assert [door.http.delete(path).status_code for _ in range(2)] == [200, 404]
    assert door.http.get(f"{API}/testplan/{plan}/testexecution").json() == []
    assert keys_in(door, "testplan", plan) == imported(answer)
    assert edit(door, f"testplan/{plan}/testexecution", add=[plan, "DEMO-999"]) == [
        f"Issue with key {plan} is not of type Test Execution.",
        "Issue with key DEMO-999 not found.",
    ]


@pytest.mark.parametrize("word", ["testset", "precondition"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_members_are_shown_whole_as_tests_are_with_their_place(door: Door, word: str, version: str) -> None:
    owner, execution = door.make(KINDS[word]), door.make("Test Execution")
    steps = {"steps": [{"index": 1, "fields": {"Action": "Do", "Data": "d", "Expected Result": "r"}}]}
    tests = [door.make("Test", type={"value": "Manual"}, steps=steps), door.make("Test", type={"value": "Cucumber"}), door.make("Test")]
    edit(door, f"{word}/{owner}/test", add=tests)
    door.load({"testKey": tests[0], "status": "PASS"}, execution=execution)
    api = f"/rest/raven/{version}/api"
    whole = door.http.get(f"{api}/test", params={"keys": ";".join(tests)}).json()
    assert door.http.get(f"{api}/{word}/{owner}/test").json() == [row | {"rank": i} for i, row in enumerate(whole, 1)]
    assert [row["rank"] for row in door.http.get(f"{api}/{word}/{owner}/test?page=2&limit=2").json()] == [3]


def test_members_of_a_project_that_one_cannot_see_are_left_out(door: Door, services: Services) -> None:
    add_project(services, "OTHER")
    owner = door.make("Test Set")
    tests = [door.make("Test"), door.make("Test", project={"key": "OTHER"}), door.make("Test")]
    edit(door, f"testset/{owner}/test", add=tests)
    assert keys_in(door, "testset", owner) == [tests[0], tests[2], tests[1]]
    with door_of(services, "vera", Role.VIEWER) as viewer:
        assert [(r["key"], r["rank"]) for r in listed(viewer, "testset", owner)] == [(tests[0], 1), (tests[2], 2)]
