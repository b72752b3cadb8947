# SPDX-License-Identifier: Apache-2.0
"""Datasets through the API, and the iterations that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.bodies import refused
from tests.contract.door import imported, key_of
from tests.contract.gathered import gather, ids, signed_in_as

from radiograph.actions.check import examine
from radiograph.domain.people import Role
from radiograph.store.changes import changes_of
from radiograph.store.datasets import resolved_rows

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/raven/2.0/api/dataset"
CSV = b"user,browser*\r\nana,Chrome\r\nben,Firefox\r\n"


def put(door: Door, data: bytes = CSV, **query: Any) -> httpx2.Response:
    return door.http.post(f"{API}/import", params=query, files={"file": ("d.csv", data, "text/csv")})


def get(door: Door, **query: Any) -> str:
    answer = door.http.get(f"{API}/export", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return answer.text


@pytest.fixture
def test(door: Door) -> str:
    return door.make("Test")


def test_a_dataset_comes_out_as_it_went_in_or_combined(door: Door, services: Services, test: str) -> None:
    answer = put(door, testIssueKey=test)
    assert (answer.status_code, answer.content) == (200, b"")
    assert get(door, testIssueKey=test, resolved="false").encode() == CSV
    whole = "user,browser\r\nana,Chrome\r\nana,Firefox\r\nben,Chrome\r\nben,Firefox\r\n"
    assert get(door, testIssueKey=test) == get(door, testIssueKey=test, resolved="true") == whole
    (number,) = ids(services, test)
    assert get(door, testIssueId=number) == get(door, testIssueId=number, testIssueKey="DEMO-999") == whole
    answer = door.http.get(f"/rest/raven/1.0/api/dataset/export?testIssueKey={test}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{test}-dataset.csv"'


def test_a_plain_body_is_the_file_itself(door: Door, test: str) -> None:
    answer = door.http.post(f"{API}/import?testIssueKey={test}", content=CSV, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200
    assert get(door, testIssueKey=test, resolved="false").encode() == CSV


def test_a_second_import_replaces_the_first_and_the_history_has_both(door: Door, services: Services, test: str) -> None:
    put(door, testIssueKey=test)
    put(door, b"a\r\n1\r\n", testIssueKey=test)
    assert get(door, testIssueKey=test) == "a\r\n1\r\n"
    with services.db.read() as conn:
        found = changes_of(conn, "issue", ids(services, test))
    assert [(c.field, c.before, c.after) for c in found] == [("Dataset", "", CSV.decode()), ("Dataset", CSV.decode(), "a\r\n1\r\n")]


def test_a_context_has_its_own_dataset_and_else_shows_the_tests(door: Door, services: Services, test: str) -> None:
    plan, held = door.make("Test Plan"), door.make("Test Set")
    gather(services, "plan", plan, test)
    gather(services, "set", held, test)
    put(door, b"own\r\n1\r\n", testIssueKey=test)
    assert put(door, b"plan\r\n2\r\n", testIssueKey=test, contextIssueKey=plan).status_code == 200
    assert get(door, testIssueKey=test) == "own\r\n1\r\n"
    assert get(door, testIssueKey=test, contextIssueKey=plan) == "plan\r\n2\r\n"
    assert get(door, testIssueKey=test, contextIssueKey=held) == "own\r\n1\r\n"
    assert get(door, testIssueKey=test, contextIssueId=ids(services, plan)[0]) == "plan\r\n2\r\n"


def test_the_most_specific_context_gives_the_iterations(door: Door, services: Services) -> None:
    plan = door.make("Test Plan")
    result = {"testInfo": {"projectKey": "DEMO", "summary": "T", "testType": "Manual"}, "status": "TODO"}
    answer = door.load(result, info={"project": "DEMO", "testPlanKey": plan})
    (test,), execution = imported(answer), key_of(answer)
    test_id, execution_id = ids(services, test, execution)

    def rows() -> dict[int, list[list[tuple[str, str]]]]:
        with services.db.read() as conn:
            return resolved_rows(conn, [test_id], execution_id)

    assert rows() == {}
    put(door, b"own*,b*\r\n1,x\r\n2,y\r\n", testIssueKey=test)
    assert rows() == {test_id: [[("own", o), ("b", b)] for o in "12" for b in "xy"]}
    put(door, b"plan\r\n2\r\n", testIssueKey=test, contextIssueKey=plan)
    assert rows() == {test_id: [[("plan", "2")]]}
    assert get(door, testIssueKey=test, contextIssueKey=execution) == "plan\r\n2\r\n"
    put(door, b"execution\r\n3\r\n", testIssueKey=test, contextIssueKey=execution)
    assert rows() == {test_id: [[("execution", "3")]]}


STEPS = {"steps": [{"index": 1, "fields": {"Action": "Sign in as ${user}", "Data": "with ${browser}", "Expected Result": "${other}"}}]}
V1, V2, JIRA = "/rest/raven/1.0/api", "/rest/raven/2.0/api", "/rest/api/2"


def shown(door: Door, run: int) -> list[tuple[list[str], str, str, str]]:
    """The iterations of a run in v2: values, and the texts of the one step."""
    found = []
    for one in door.http.get(f"{V2}/testrun/{run}").json()["iterations"]:
        (step,) = one["steps"]
        texts = [step["fields"][name]["value"]["raw"] for name in ("Action", "Data", "Expected Result")]
        found.append(([p["value"] for p in one["parameters"]], *texts))
    return found


@pytest.mark.parametrize("face", ["xray", "jira"])
def test_a_manual_test_with_a_dataset_is_added_with_an_iteration_for_each_row(door: Door, services: Services, face: str) -> None:
    test, plain, other = (door.make("Test", type={"value": kind}, **more) for kind, more in (
        ("Manual", {"steps": STEPS}), ("Manual", {}), ("Generic", {}),
    ))  # fmt: skip
    execution = door.make("Test Execution")
    put(door, testIssueKey=test)
    put(door, testIssueKey=other)
    if face == "xray":
        assert door.http.post(f"{V1}/testexec/{execution}/test", json={"add": [test, plain, other]}).json() == []
    else:
        field = next(f["id"] for f in door.http.get(f"{JIRA}/field").json() if f["name"] == "Tests association with a Test Execution")
        assert door.http.put(f"{JIRA}/issue/{execution}", json={"fields": {field: [test, plain, other]}}).status_code == 204
    run = door.run(execution, test)["id"]
    values = [["ana", "Chrome"], ["ana", "Firefox"], ["ben", "Chrome"], ["ben", "Firefox"]]
    assert shown(door, run) == [([u, b], f"Sign in as {u}", f"with {b}", "${other}") for u, b in values]
    first = door.http.get(f"{V1}/testrun/{run}").json()["iterations"][0]
    assert [first["steps"][0][name]["raw"] for name in ("step", "data", "result")] == ["Sign in as ana", "with Chrome", "${other}"]
    page = door.http.get(f"/runs/{run}").text
    assert ("Sign in as ben" in page, "${user}" in page) == (True, False)
    assert all("iterations" not in door.run(execution, key) for key in (plain, other))
    assert [f.what for f in examine(services, deep=True) if not f.good] == []


def test_iterations_that_came_of_a_dataset_are_carried_out_one_by_one(door: Door) -> None:
    test, execution = door.make("Test", type={"value": "Manual"}, steps=STEPS), door.make("Test Execution")
    put(door, b"user\r\nana\r\nben\r\n", testIssueKey=test)
    door.http.post(f"{V1}/testexec/{execution}/test", json={"add": [test]})
    run = door.run(execution, test)["id"]
    first, second = (i["id"] for i in door.http.get(f"{V2}/testrun/{run}").json()["iterations"])
    for iteration, status, whole in ((first, "PASS", "EXECUTING"), (second, "FAIL", "FAIL")):
        answer = door.http.put(f"{V2}/testrun/{run}/iteration/{iteration}/step/-1/status?status={status}")
        assert answer.status_code == 204, answer.text
        assert door.http.get(f"{V2}/testrun/{run}").json()["status"] == whole


def test_what_is_no_test_no_context_or_unknown_is_refused(door: Door, test: str) -> None:
    put(door, testIssueKey=test)
    bug, plan = door.make("Bug"), door.make("Test Plan")
    cases: list[tuple[dict[str, Any], int]] = [
        ({}, 400), ({"testIssueKey": bug}, 400), ({"testIssueKey": "DEMO-999"}, 404), ({"testIssueId": "x"}, 404),
        ({"testIssueKey": test, "contextIssueKey": bug}, 400), ({"testIssueKey": test, "contextIssueKey": plan}, 400),
        ({"testIssueKey": test, "contextIssueKey": "DEMO-999"}, 404), ({"testIssueKey": test, "testVersion": 2}, 404),
        ({"testIssueKey": test, "testVersion": -1}, 400),
    ]  # fmt: skip
    for query, status in cases:
        assert refused(door.http.get(f"{API}/export", params=query), status), query
        assert refused(put(door, **query), status), query
    assert refused(door.http.get(f"{API}/export?testIssueKey={test}&resolved=maybe"))
    assert get(door, testIssueKey=test, testVersion=1)


def test_a_test_without_a_dataset_says_so(door: Door, test: str) -> None:
    assert refused(door.http.get(f"{API}/export?testIssueKey={test}"), 404) == f"{test} has no dataset."


def test_a_bad_file_is_told_with_its_line_and_nothing_is_stored(door: Door, test: str) -> None:
    for data, problem in (
        (b"a,b\r\n1,2,3\r\n", "line 2, column 3"),
        (b"a,a\r\n1,2\r\n", "line 1, column 2"),
        (b"", "empty"),
        (b"a\r\n", "no row"),
    ):
        assert problem in refused(put(door, data, testIssueKey=test))
    answer = door.http.post(f"{API}/import?testIssueKey={test}", files={"data": CSV})
    assert "no part file" in refused(answer)
    assert refused(door.http.get(f"{API}/export?testIssueKey={test}"), 404)


def test_only_a_lead_sets_a_dataset_and_a_stranger_sees_none(door: Door, services: Services, test: str) -> None:
    put(door, testIssueKey=test)
    other = signed_in_as(services, door.http, Role.TESTER)
    assert door.http.get(f"{API}/export?testIssueKey={test}", **other).status_code == 200
    assert refused(door.http.post(f"{API}/import?testIssueKey={test}", content=CSV, **other), 403)


def test_a_stranger_sees_no_dataset(door: Door, services: Services, test: str) -> None:
    put(door, testIssueKey=test)
    stranger = signed_in_as(services, door.http, None)
    assert refused(door.http.get(f"{API}/export?testIssueKey={test}", **stranger), 404)
