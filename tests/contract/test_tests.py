# SPDX-License-Identifier: Apache-2.0
"""Tests through the API: which are found, what is told of them, and who sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.bodies import refused
from tests.contract.door import generic, imported, key_of
from tests.contract.gathered import define, gather, ids, signed_in_as

from radiograph.actions.accounts import give_role
from radiograph.actions.projects import add_project
from radiograph.domain.issues import TestType
from radiograph.domain.people import Role
from radiograph.store.preconditions import preconditions, preconditions_of_tests

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/raven/2.0/api/test"


def found(door: Door, api: str = API, **query: Any) -> list[dict[str, Any]]:
    answer = door.http.get(api, params=query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def keys(door: Door, path: str = "", **query: Any) -> list[str]:
    return [row["key"] for row in found(door, API + path, **query)]


def test_tests_are_found_by_keys_in_their_order_by_a_query_and_by_both(door: Door) -> None:
    one, two, three = (door.make("Test", summary=name) for name in ("Pays", "Pays again", "Searches"))
    door.make("Bug", summary="Pays not")
    assert keys(door, keys=f"{three};{one}") == [three, one]
    assert keys(door, keys=f"{three.lower()};{three};") == [three]
    assert keys(door, jql="project = DEMO AND summary ~ 'pays'") == [one, two]
    assert keys(door, keys=f"{three};{two}", jql="summary ~ 'pays'") == [two]


def test_without_keys_filter_and_query_nothing_is_looked_for(door: Door) -> None:
    for query in ("", "?keys=", "?page=1"):
        assert "at least one of keys, filter and jql" in refused(door.http.get(API + query))


def test_unknown_keys_other_issues_and_bad_bounds_are_refused(door: Door) -> None:
    bug = door.make("Bug")
    assert "DEMO-999" in refused(door.http.get(f"{API}?keys=DEMO-999"), 404)
    assert "not of type Test" in refused(door.http.get(f"{API}?keys={bug}"))
    assert refused(door.http.get(f"{API}?filter=nightly"), 404)
    assert refused(door.http.get(f"{API}?jql=nonsense"))
    for bound in ("page=0", "limit=201", "page=x"):
        assert refused(door.http.get(f"{API}?keys={bug}&{bound}"))


def test_a_page_beyond_the_end_is_empty(door: Door) -> None:
    made = [door.make("Test") for _ in range(3)]
    assert keys(door, jql="project = DEMO", limit=2) == made[:2]
    assert keys(door, jql="project = DEMO", limit=2, page=2) == made[2:]
    assert keys(door, jql="project = DEMO", limit=2, page=3) == keys(door, jql="project = DEMO", limit=0) == []


def test_a_test_is_told_with_its_definition_status_and_preconditions(door: Door, services: Services) -> None:
    test, before = door.make("Test", type={"value": "Generic"}, definition="calc.adds"), door.make("Precondition", summary="Signed in")
    gather(services, "precondition", before, test)
    define(services, before, TestType.CUCUMBER, "Given a user")
    (row,) = found(door, keys=test)
    assert (row["type"], row["definition"], row["status"], row["archived"], row["reporter"]) == (
        "Generic",
        "calc.adds",
        "TODO",
        False,
        "admin",
    )
    number = ids(services, before)[0]
    held = [{
        "id": number, "key": before, "rank": 1, "type": "Cucumber", "condition": "Given a user", "assignee": "admin", "reporter": "admin",
        "self": f"http://testserver/rest/api/2/issue/{number}",
    }]  # fmt: skip
    assert row["precondition"] == held == found(door, f"{API}/{test}/preconditions")
    assert found(door, f"{API}/{test}/preconditions", testVersion=1) == held
    assert found(door, f"{API}/{test}/preconditions", page=2) == []
    assert refused(door.http.get(f"{API}/{test}/preconditions?testVersion=2"), 404)


def test_the_status_is_that_of_the_latest_run(door: Door) -> None:
    (key,) = imported(door.load(generic(1, "PASS")))
    assert [row["status"] for row in found(door, keys=key)] == ["PASS"]
    door.load({"testKey": key, "status": "FAIL"})
    assert [row["status"] for row in found(door, keys=key)] == ["FAIL"]


def test_a_manual_test_has_steps_in_the_shape_of_its_version(door: Door) -> None:
    key = door.make("Test", type={"value": "Manual"}, steps={"steps": [{"fields": {"Action": "a"}}]})
    (v1,) = found(door, API.replace("2.0", "1.0"), keys=key)
    assert v1["definition"]["steps"][0]["step"]["raw"] == "a"
    (v2,) = found(door, keys=key)
    assert v2["definition"]["steps"][0]["fields"]["Action"]["value"]["raw"] == "a"


def test_sets_plans_and_executions_of_a_test_are_listed_in_pages(door: Door, services: Services) -> None:
    (key,) = imported(door.load(generic(1)))
    sets, plans = [door.make("Test Set") for _ in range(3)], [door.make("Test Plan") for _ in range(2)]
    for one in sets:
        gather(services, "set", one, key)
    for one in plans:
        gather(services, "plan", one, key)
    executions = [
        key_of(door.load({"testKey": key, "status": "PASS"}, info={"project": "DEMO", "testEnvironments": ["iOS"]})) for _ in range(2)
    ]
    assert keys(door, f"/{key}/testsets") == sets
    assert keys(door, f"/{key}/testsets", limit=2, page=2) == sets[2:]
    assert keys(door, f"/{key}/testplans") == plans
    assert keys(door, f"/{key}/testexecutions")[1:] == executions
    last = found(door, f"{API}/{key}/testexecutions")[-1]
    assert (last["testEnvironments"], last["archived"]) == (["iOS"], False)
    assert last.keys() == {"id", "key", "summary", "self", "testEnvironments", "archived"}
    assert found(door, f"{API}/{key}/testplans")[0].keys() == {"id", "key", "summary", "self", "archived"}
    assert found(door, f"{API}/{key}/testsets")[0].keys() == {"id", "key", "summary", "self", "environments"}


@pytest.mark.parametrize("part", ["preconditions", "testsets", "testplans", "testexecutions"])
def test_what_holds_no_test_is_refused(door: Door, part: str) -> None:
    bug = door.make("Bug")
    assert refused(door.http.get(f"{API}/DEMO-999/{part}"), 404)
    assert refused(door.http.get(f"{API}/{bug}/{part}"))
    assert refused(door.http.get(f"{API}/{bug}/{part}?limit=201"))


def test_nothing_of_a_project_without_a_role_is_told(door: Door, services: Services) -> None:
    add_project(services, "SHOP")
    (key,) = imported(door.load(generic(1, "FAIL")))
    door.load({"testKey": key, "status": "PASS"}, info={"project": "SHOP"})
    foreign = door.make("Test Set", project={"key": "SHOP"}), door.make("Precondition", project={"key": "SHOP"})
    gather(services, "set", foreign[0], key)
    gather(services, "precondition", foreign[1], key)
    stranger = signed_in_as(services, door.http, None)
    assert refused(door.http.get(f"{API}?keys={key}", **stranger), 404)
    assert refused(door.http.get(f"{API}?jql=project %3D DEMO", **stranger), 400)
    give_role(services, "other", 10402, Role.VIEWER)
    (row,) = door.http.get(f"{API}?keys={key}", **stranger).json()
    assert (row["status"], row["precondition"]) == ("FAIL", [])
    assert len(door.http.get(f"{API}/{key}/testexecutions", **stranger).json()) == 1
    assert door.http.get(f"{API}/{key}/testsets", **stranger).json() == door.http.get(f"{API}/{key}/preconditions", **stranger).json() == []


def test_preconditions_are_read_and_written_many_at_once(door: Door, services: Services) -> None:
    one, two = door.make("Precondition"), door.make("Precondition")
    test = door.make("Test")
    first, second, third = ids(services, one, two, test)
    with services.db.read() as conn:
        assert {i: (p.type, p.definition) for i, p in preconditions(conn, [first, second, third]).items()} == {
            first: (TestType.MANUAL, ""), second: (TestType.MANUAL, ""),
        }  # fmt: skip
    define(services, one, TestType.GENERIC, "old")
    define(services, one, TestType.CUCUMBER, "Given x")
    gather(services, "precondition", two, test)
    gather(services, "precondition", one, test)
    with services.db.read() as conn:
        held = preconditions_of_tests(conn, [third, first])
    assert {i: [(p.key, p.type, p.definition) for p in rows] for i, rows in held.items()} == {
        third: [(one, TestType.CUCUMBER, "Given x"), (two, TestType.MANUAL, "")],
    }  # fmt: skip


def test_the_page_of_a_test_shows_what_belongs_to_it(door: Door, services: Services) -> None:
    key, called = (door.make("Test", type={"value": "Manual"}, steps={"steps": [{"fields": {"Action": "a"}}]}) for _ in range(2))
    held, before = door.make("Test Set"), door.make("Precondition", summary="Signed in")
    gather(services, "set", held, key)
    gather(services, "precondition", before, key)
    define(services, before, TestType.MANUAL, "Sign in as <ana>")
    note = {"data": "aGk=", "filename": "<note>.txt"}
    door.http.post(f"{API}/{key}/steps", json={"fields": {"Action": "b"}, "attachments": [note]})
    door.http.post(f"{API}/{key}/steps", json={"callTestKey": called})
    door.http.post(f"{API.removesuffix('/test')}/dataset/import?testIssueKey={key}", files={"file": b"user*\r\n<ana>\r\n"})
    page = door.http.get(f"/browse/{key}", headers={"Accept": "text/html"}).text
    for text in (
        held,
        before,
        "Signed in",
        "Sign in as &lt;ana&gt;",
        "&lt;note&gt;.txt",
        f'href="/browse/{called}"',
        "user*",
        "&lt;ana&gt;",
    ):
        assert text in page, text
