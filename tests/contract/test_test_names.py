# SPDX-License-Identifier: Apache-2.0
"""Earlier names of Tests: a rename keeps them, and results that carry one find their Test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, imported, told

from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

ISSUE = "/rest/api/2/issue"


def manual(summary: str, **more: Any) -> dict[str, Any]:
    return {"testInfo": {"projectKey": "DEMO", "summary": summary, "testType": "Manual"} | more, "status": "PASS"}


def edit(door: Door, key: str, **fields: Any) -> None:
    answer = door.http.put(f"{ISSUE}/{key}", json={"fields": fields})
    assert answer.status_code == 204, answer.text


def names(door: Door, key: str) -> list[str]:
    answer = door.http.get(f"/api/tests/{key}/aliases")
    assert answer.status_code == 200, answer.text
    return [a["name"] for a in answer.json()]


def test_a_manual_test_that_was_renamed_is_found_by_its_earlier_summary_and_keeps_the_new_one(door: Door) -> None:
    key = imported(door.load(manual("Pays", steps=[{"action": "Pay"}])))[0]
    edit(door, key, summary="Pays with a card")
    answer = door.load(manual("Pays", description="by card"))
    assert imported(answer) == [key]
    assert f"earlier name of {key}" in told(answer)
    assert (door.fields(key)["summary"], door.fields(key)["description"]) == ("Pays with a card", "by card")
    assert names(door, key) == ["Pays"]
    assert imported(door.load(manual("Pays with a card"))) == [key]


def test_a_generic_test_whose_definition_changes_is_found_by_its_earlier_one_and_gets_no_version_of_it(
    door: Door, services: Services
) -> None:
    key = imported(door.load(generic(1)))[0]
    edit(door, key, customfield_10106="calc.moved")
    assert imported(door.load(generic(1), generic(2)))[0] == key
    assert door.fields(key)["definition"] == "calc.moved"
    with services.db.read() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM test_versions WHERE text LIKE 'calc.%'")).scalar_one() == 3


def test_a_rename_by_an_import_keeps_the_earlier_name_too(door: Door) -> None:
    key = imported(door.load(manual("Pays")))[0]
    door.load(manual("Pays later") | {"testKey": key})
    assert names(door, key) == ["Pays"]
    assert imported(door.load(manual("Pays"))) == [key]


def test_a_name_that_came_back_is_no_earlier_name(door: Door) -> None:
    key = imported(door.load(manual("Pays")))[0]
    edit(door, key, summary="Pays later")
    edit(door, key, summary="Pays")
    assert names(door, key) == ["Pays later"]


def test_a_test_that_has_the_name_now_goes_before_one_that_had_it(door: Door) -> None:
    old = imported(door.load(manual("Pays")))[0]
    edit(door, old, summary="Pays later")
    new = door.make("Test", summary="Pays", type={"value": "Manual"})
    assert imported(door.load(manual("Pays"))) == [new]
    door.http.delete(f"{ISSUE}/{new}")
    assert imported(door.load(manual("Pays"))) == [old]


def test_a_name_that_two_tests_have_becomes_no_alias_when_one_is_renamed(door: Door) -> None:
    first, second = (door.make("Test", summary="Pays", type={"value": "Manual"}) for _ in range(2))
    edit(door, first, summary="Pays later")
    assert names(door, first) == []
    assert imported(door.load(manual("Pays"))) == [second]


def test_a_test_that_became_of_another_type_is_no_longer_found_by_its_name(door: Door) -> None:
    key = imported(door.load(manual("Pays")))[0]
    edit(door, key, summary="Pays later")
    edit(door, key, customfield_10105={"value": "Generic"}, customfield_10106="shop.pays")
    assert imported(door.load(manual("Pays"))) != [key]


def test_names_of_another_project_or_type_are_other_names(door: Door) -> None:
    key = imported(door.load(manual("Pays")))[0]
    edit(door, key, summary="Pays later")
    cucumber = {"projectKey": "DEMO", "summary": "Pays", "testType": "Cucumber", "scenario": "Given x"}
    assert imported(door.load({"testInfo": cucumber, "status": "PASS"})) != [key]


def test_a_deleted_test_leaves_no_earlier_name(door: Door, services: Services) -> None:
    key = imported(door.load(manual("Pays")))[0]
    edit(door, key, summary="Pays later")
    assert door.http.delete(f"{ISSUE}/{key}").status_code == 204
    with services.db.read() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(t.test_aliases)).scalar_one() == 0


def test_names_are_added_and_removed_by_hand(door: Door) -> None:
    key = imported(door.load(manual("Pays")))[0]
    path = f"/api/tests/{key}/aliases"
    assert door.http.post(path, json={"name": " Zahlt mit Karte 💳 "}).status_code == 201
    assert names(door, key) == ["Zahlt mit Karte 💳"]
    assert imported(door.load(manual("Zahlt mit Karte 💳"))) == [key]
    assert door.http.delete(path, params={"name": "Zahlt mit Karte 💳"}).status_code == 204
    assert imported(door.load(manual("Zahlt mit Karte 💳"))) != [key]
    assert door.http.delete(path, params={"name": "nobody"}).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("", 400), ("   ", 400), ("x" * 256, 400), ("a\nb", 400), ("Other", 409), ("Earlier", 409)])
def test_names_that_cannot_be_are_refused(door: Door, name: str, status: int) -> None:
    key, _, third = imported(door.load(manual("Pays"), manual("Other"), manual("Earlier")))
    edit(door, third, summary="Now")
    answer = door.http.post(f"/api/tests/{key}/aliases", json={"name": name})
    assert answer.status_code == status, answer.text
    assert names(door, key) == []


def test_a_feature_file_with_the_earlier_name_finds_its_test(door: Door) -> None:
    def load(name: str) -> list[str]:
        text = f"Feature: Shop\n  Scenario: {name}\n    Given a door\n"
        answer = door.http.post("/rest/raven/2.0/import/feature?projectKey=DEMO", files={"file": ("shop.feature", text.encode())})
        assert answer.status_code == 200, answer.text
        return [t["key"] for t in answer.json()]

    (key,) = load("Pays")
    edit(door, key, summary="Pays later")
    assert load("Pays") == [key]
    assert door.fields(key)["summary"] == "Pays later"
    assert load("Pays later") == [key]
    assert load("Other") != [key]


def test_many_results_are_matched_by_earlier_names_in_as_many_queries_as_one(door: Door, services: Services) -> None:
    keys = imported(door.load(*(manual(f"Old {i}") for i in range(30))))
    for i, key in enumerate(keys):
        edit(door, key, summary=f"New {i}")
    asked: list[int] = []
    for count in (1, 30):
        statements: list[str] = []
        with services.db.write() as conn:
            engine = conn.engine
        sa.event.listen(engine, "before_cursor_execute", note := lambda *a, s=statements: s.append(a[2]))
        assert imported(door.load(*(manual(f"Old {i}") for i in range(count)))) == keys[:count]
        sa.event.remove(engine, "before_cursor_execute", note)
        asked.append(len(statements))
    assert asked[0] == asked[1]
