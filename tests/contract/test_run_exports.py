# SPDX-License-Identifier: Apache-2.0
"""Runs are exported page by page, of an execution, a plan, a filter, or a Test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.contract.door import generic, imported, key_of
from tests.contract.runs_door import refused

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

EXPORTS = ("/rest/raven/1.0/testruns", "/rest/raven/1.0/execution/result", "/rest/raven/2.0/api/testruns", "/rest/raven/2.0/testruns")


def keys(door: Door, path: str = EXPORTS[2], **query: Any) -> list[str]:
    answer = door.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    return [row["testKey"] for row in answer.json()]


@pytest.mark.parametrize("path", EXPORTS)
def test_an_executions_runs_come_in_pages_until_an_empty_one(door: Door, path: str) -> None:
    answer = door.load(*(generic(i) for i in range(5)))
    pages = [keys(door, path, testExecKey=key_of(answer), page=page, limit=2) for page in (1, 2, 3, 4)]
    assert [key for page in pages for key in page] == imported(answer)
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert keys(door, path, testExecKey=key_of(answer), testKey=imported(answer)[3]) == imported(answer)[3:4]
    assert keys(door, path, testExecKey=key_of(answer), testKey=imported(answer)[3], page=2) == []


def test_a_plans_runs_come_execution_by_execution(door: Door) -> None:
    plan = door.make("Test Plan")
    for numbers in ((1, 2, 3), (4,), (5, 6)):
        door.load(*(generic(n) for n in numbers), info={"project": "DEMO", "testPlanKey": plan})
    whole = keys(door, testPlanKey=plan)
    assert len(whole) == 6
    assert [key for page in range(1, 5) for key in keys(door, testPlanKey=plan, page=page, limit=2)] == whole
    assert keys(door, testPlanKey=plan, page=2, limit=5) == whole[5:]


def test_what_is_not_there_or_not_said_is_told(door: Door) -> None:
    plan = door.make("Test Plan")
    cases: list[tuple[dict[str, str | int], int]] = [
        ({}, 400), ({"testExecKey": "DEMO-999"}, 404), ({"testExecKey": plan}, 400), ({"testPlanKey": plan, "limit": 201}, 400),
        ({"testPlanKey": plan, "page": 0}, 400), ({"savedFilterId": "No such"}, 404), ({"testKey": "DEMO-1"}, 400),
    ]  # fmt: skip
    for query, status in cases:
        refused(door.http.get(EXPORTS[2], params=query), status)


def test_fields_of_the_test_come_by_the_names_that_were_asked_for(door: Door) -> None:
    answer = door.load(generic(1), generic(2))
    door.http.put(f"/rest/api/2/issue/{imported(answer)[0]}", json={"fields": {"labels": ["slow"]}})
    query = {
        "testExecKey": key_of(answer),
        "includeTestFields": "labels, Summary,customfield_10106,Generic Test Definition,issuelinks,Nope",
    }
    first, second = door.http.get(EXPORTS[2], params=query).json()
    assert first["testFields"] == {
        "labels": ["slow"], "Summary": "Test 1", "customfield_10106": "calc.t1", "Generic Test Definition": "calc.t1", "issuelinks": [],
        "Nope": None,
    }  # fmt: skip
    assert second["testFields"]["labels"] == []
    assert "testFields" not in door.http.get(EXPORTS[2], params={"testExecKey": key_of(answer)}).json()[0]


def of_test(door: Door, key: str, **query: Any) -> list[str]:
    answer = door.http.get(f"/rest/raven/2.0/api/test/{key}/testruns", params=query)
    assert answer.status_code == 200, answer.text
    return [row["testExecKey"] for row in answer.json()]


def test_a_tests_runs_come_in_pages_and_by_environment(door: Door) -> None:
    places = [["iOS"], ["Android", "tablet, big"], [], ["iOS", "Android"]]
    answers = [door.load(generic(1), info={"project": "DEMO", "testEnvironments": place}) for place in places]
    executions, (test,) = [key_of(a) for a in answers], imported(answers[0])
    assert of_test(door, test) == executions
    assert [of_test(door, test, page=page, limit=3) for page in (1, 2, 3)] == [executions[:3], executions[3:], []]
    assert of_test(door, test, testEnvironments="ios") == [executions[0], executions[3]]
    assert of_test(door, test, testEnvironments="tablet\\, big") == [executions[1]]
    assert of_test(door, test, testEnvironments="iOS,Android", page=2, limit=2) == [executions[3]]
    assert of_test(door, test, testEnvironments="Windows") == []
    umlaut = key_of(door.load(generic(1), info={"project": "DEMO", "testEnvironments": ["Gerät"]}))
    assert of_test(door, test, testEnvironments="GERÄT") == [umlaut]
    assert of_test(door, test, limit=0) == []
    refused(door.http.get(f"/rest/raven/2.0/api/test/{executions[0]}/testruns"), 400)
    refused(door.http.get("/rest/raven/1.0/api/test/DEMO-999/testruns"), 404)


def test_a_tests_runs_in_a_project_that_the_caller_can_not_see_are_left_out(door: Door, services: Services) -> None:
    add_project(services, "DARK")
    answer = door.load(generic(1))
    (test,) = imported(answer)
    door.load({"testKey": test, "status": "FAIL"}, info={"project": "DARK"})
    assert len(of_test(door, test)) == 2
    put_user(services, "tess", "tess")
    give_role(services, "tess", 10402, Role.TESTER)
    add_token(services, "tess", "t", "token-tess")
    with TestClient(build_app(services), headers={"Authorization": "Bearer token-tess"}) as http:
        rows = http.get(f"/rest/raven/2.0/api/test/{test}/testruns").json()
        assert [row["testExecKey"] for row in rows] == [key_of(answer)]
