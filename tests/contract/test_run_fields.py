# SPDX-License-Identifier: Apache-2.0
"""Custom fields of runs and steps are defined by leads, and hold what their type allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.contract.door import generic
from tests.contract.runs_door import Run, refused

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.domain.people import Role
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

SETTINGS = "/rest/raven/2.0/api/project/DEMO/settings/customfields"
BROWSER = {"name": "Browser", "type": "select", "options": ["Chrome", "Firefox"]}


def define(door: Door, body: dict[str, Any], of: str = "testruns") -> int:
    answer = door.http.post(f"{SETTINGS}/{of}", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_steps_have_three_fields_of_their_own_first(door: Door) -> None:
    number = define(door, {"name": "Hint", "type": "text"}, "teststeps")
    found = door.http.get(f"{SETTINGS}/teststeps").json()
    assert [(f["id"], f["name"], f["type"]) for f in found] == [
        (1, "Action", "wiki"), (2, "Data", "wiki"), (3, "Expected Result", "wiki"), (number, "Hint", "text"),
    ]  # fmt: skip
    assert door.http.get(f"{SETTINGS}/testruns").json() == []
    assert [f["id"] for f in door.http.get(f"{SETTINGS}/teststeps", params={"page": 2, "limit": 2}).json()] == [3, number]
    assert door.http.get(SETTINGS.replace("DEMO", "10402") + "/teststeps").json() == found
    refused(door.http.get(SETTINGS.replace("DEMO", "NOPE") + "/teststeps"), 404)


def test_a_field_is_defined_changed_and_taken_away(door: Door) -> None:
    number = define(door, BROWSER)
    assert door.http.put(f"{SETTINGS}/testruns/{number}", json=BROWSER | {"name": "Where", "required": True}).json() == {
        "id": number, "name": "Where", "description": "", "type": "select", "required": True, "options": ["Chrome", "Firefox"],
    }  # fmt: skip
    assert door.http.delete(f"{SETTINGS}/testruns/{number}").status_code == 204
    for method in ("PUT", "DELETE"):
        refused(door.http.request(method, f"{SETTINGS}/testruns/{number}", json=BROWSER), 404)


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        (BROWSER | {"type": "colour"}, 400, "type"), (BROWSER | {"options": []}, 400, "options"), (BROWSER | {"type": "text"}, 400, "options"),
        (BROWSER | {"options": ["a", "A"]}, 400, "options"), (BROWSER | {"name": " "}, 400, "name"), (BROWSER | {"name": "12"}, 400, "name"),
        (BROWSER | {"name": "x" * 256}, 400, "name"), ({"name": "x"}, 400, ""), (BROWSER | {"name": "browser"}, 409, ""),
    ],
)  # fmt: skip
def test_a_field_that_makes_no_sense_is_refused(door: Door, body: dict[str, Any], status: int, path: str) -> None:
    define(door, BROWSER)
    answer = door.http.post(f"{SETTINGS}/testruns", json=body)
    refused(answer, status)
    assert not path or path in [d["path"] for d in answer.json()["details"]]


def test_only_leads_define_fields(door: Door, services: Services) -> None:
    number = define(door, BROWSER)
    put_user(services, "tess", "tess")
    give_role(services, "tess", 10402, Role.TESTER)
    add_token(services, "tess", "t", "token-tess")
    with TestClient(build_app(services), headers={"Authorization": "Bearer token-tess"}) as http:
        assert len(http.get(f"{SETTINGS}/testruns").json()) == 1
        assert http.post(f"{SETTINGS}/testruns", json=BROWSER | {"name": "Other"}).status_code == 403
        assert http.put(f"{SETTINGS}/testruns/{number}", json=BROWSER).status_code == 403
        assert http.delete(f"{SETTINGS}/testruns/{number}").status_code == 403


def test_a_run_shows_every_defined_field_and_takes_values_by_id_and_by_name(door: Door) -> None:
    number, tags = define(door, BROWSER), define(door, {"name": "Tags", "type": "multiselect", "options": ["slow", "flaky"]})
    run = Run(door)
    assert run.now["customFields"] == [{"id": number, "name": "Browser", "value": None}, {"id": tags, "name": "Tags", "value": None}]
    run.put({"customFields": [{"id": str(number), "value": "firefox"}, {"name": "tags", "value": ["SLOW", "flaky"]}]})
    assert [f["value"] for f in run.now["customFields"]] == ["Firefox", ["slow", "flaky"]]
    assert run.ask("GET", f"/customfield/{number}").json() == {"id": number, "name": "Browser", "value": "Firefox"}
    assert run.ask("PUT", "/customfield/Browser", json={"value": None}).status_code == 204
    assert run.ask("GET", "/customfield/browser").json()["value"] is None
    assert run.history == [("field Browser", "", "Firefox"), ("field Tags", "", '["slow", "flaky"]'), ("field Browser", "Firefox", "")]


def test_what_a_field_can_not_hold_is_refused_whole(door: Door) -> None:
    define(door, BROWSER)
    run = Run(door)
    answer = run.ask("PUT", json={"comment": "x", "customFields": [{"name": "Browser", "value": "Lynx"}]})
    assert "customFields[0]: the field Browser must be one of Chrome, Firefox" in refused(answer, 400)
    assert "defined are" in refused(run.ask("PUT", json={"customFields": [{"id": 7, "value": "x"}]}), 404)
    refused(run.ask("PUT", json={"customFields": [{"value": "x"}]}), 400)
    refused(run.ask("PUT", "/customfield/Browser", json={}), 400)
    refused(run.ask("PUT", "/customfield/Nope", json={"value": 1}), 404)
    refused(run.ask("GET", "/customfield/Nope"), 404)
    assert (run.now["comment"], run.history) == ("", [])


def test_a_run_can_not_end_while_a_required_field_is_empty(door: Door) -> None:
    number = define(door, BROWSER | {"required": True})
    run = Run(door)
    assert "required custom fields are empty: Browser" in refused(run.ask("PUT", "/status", params={"status": "PASS"}), 400)
    assert run.ask("PUT", "/status", params={"status": "EXECUTING"}).status_code == 204
    run.put({"status": "PASS", "customFields": [{"id": number, "value": "Chrome"}]})
    assert "can't be emptied" in refused(run.ask("PUT", f"/customfield/{number}", json={"value": ""}), 400)
    assert run.now["status"] == "PASS"


def test_what_imports_send_is_kept_as_it_came_beside_the_defined_fields(door: Door) -> None:
    number = define(door, BROWSER)
    sent = [{"id": 321, "value": {"any": "thing"}}, {"id": str(number), "value": "Lynx"}]
    run = Run(door, generic(1, "PASS", customFields=sent))
    assert run.now["customFields"] == [
        {"id": number, "name": "Browser", "value": "Lynx"}, {"id": 321, "name": None, "value": {"any": "thing"}},
    ]  # fmt: skip
    run.put({"customFields": [{"name": "Browser", "value": "Chrome"}]})
    assert [f["value"] for f in run.now["customFields"]] == ["Chrome", {"any": "thing"}]
    assert run.ask("GET", "/customfield/321").json()["value"] == {"any": "thing"}
