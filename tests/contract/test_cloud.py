# SPDX-License-Identifier: Apache-2.0
"""Xray Cloud's addresses: signing in with a client, imports, Tests in bulk."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.contract.door import generic, imported
from tests.contract.others import door_of

from radiograph.actions import clients
from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.bulk_tests import KIND
from radiograph.actions.jobs import fail_silent_jobs
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, NotFound, Refused
from radiograph.domain.people import Role
from radiograph.store import jobs
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

IMPORT = "/api/v2/import/execution"


@pytest.fixture
def client(services: Services) -> tuple[str, str]:
    return clients.add_client(services, "admin", None, None)


@pytest.fixture
def outside(services: Services) -> Iterator[TestClient]:
    """The server as somebody finds it who isn't signed in."""
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        yield http


def authenticate(outside: TestClient, client: tuple[str, str], version: str = "v2") -> httpx2.Response:
    return outside.post(f"/api/{version}/authenticate", json={"client_id": client[0], "client_secret": client[1]})


def bearer(outside: TestClient, client: tuple[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {authenticate(outside, client).json()}"}


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_client_gets_a_token_as_a_json_text_that_server_and_jira_paths_take_too(
    outside: TestClient, client: tuple[str, str], version: str
) -> None:
    answer = authenticate(outside, client, version)
    assert answer.status_code == 200
    token = answer.json()
    assert answer.text == f'"{token}"'
    for path in ("/rest/api/2/myself", "/rest/raven/2.0/api/settings/teststatuses"):
        outside.cookies.clear()
        assert outside.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 200, path


def test_wrong_credentials_are_a_401_and_ten_a_minute_a_429(outside: TestClient, client: tuple[str, str]) -> None:
    for wrong in ((client[0], "x"), ("x", client[1]), (client[0].lower(), client[1])):
        answer = authenticate(outside, wrong)
        assert (answer.status_code, answer.json()["error"]) == (401, "Authentication failed. Invalid client credentials!")
    assert [authenticate(outside, ("x", "y")).status_code for _ in range(8)] == [401] * 7 + [429]
    assert outside.post("/api/v2/authenticate", json={"client_id": "x"}).status_code == 400


def test_a_revoked_client_and_its_tokens_end_at_once(outside: TestClient, services: Services, client: tuple[str, str]) -> None:
    head = bearer(outside, client)
    clients.revoke_client(services, client[0])
    assert outside.get("/rest/api/2/myself", headers=head).status_code == 401
    assert authenticate(outside, client).status_code == 401
    with pytest.raises(NotFound):
        clients.revoke_client(services, client[0])


def test_a_clients_role_bounds_its_tokens(outside: TestClient, services: Services) -> None:
    head = bearer(outside, clients.add_client(services, "admin", "viewer-1", "long enough", role=Role.VIEWER))
    assert outside.post(IMPORT, json={"info": {"project": "DEMO"}, "tests": [generic(1)]}, headers=head).status_code == 403


def test_ids_and_secrets_can_be_chosen_and_belong_to_one_person(services: Services) -> None:
    put_user(services, "ana", "ana")
    give_role(services, "ana", 10402, Role.TESTER)
    assert clients.add_client(services, "ana", "ci-1", "a secret of ours") == ("ci-1", "a secret of ours")
    assert [(number, owner) for number, owner, _ in clients.clients(services)] == [("ci-1", "ana")]
    with pytest.raises(Conflict):
        clients.add_client(services, "admin", "ci-1", None)
    for number, secret in (("a b", None), ("x", None), (None, "short")):
        with pytest.raises(Refused):
            clients.add_client(services, "ana", number, secret)
    with pytest.raises(NotFound):
        clients.add_client(services, "nobody", None, None)


def test_an_import_answers_the_execution_alone_and_takes_clouds_names(door: Door, outside: TestClient, client: tuple[str, str]) -> None:
    info = {"projectKey": "DEMO", "summary": "Pays", "type": "Manual", "steps": [{"action": "Pay", "data": "", "result": "Paid"}]}
    test = {
        "testInfo": info, "status": "PASSED", "evidence": [{"data": "YQ==", "filename": "a.txt", "contentType": "text/plain"}],
        "steps": [{"status": "PASSED", "actualResult": "ok"}],
    }  # fmt: skip
    answer = outside.post(IMPORT, json={"info": {"summary": "Cloud", "project": "DEMO"}, "tests": [test]}, headers=bearer(outside, client))
    assert answer.status_code == 200
    assert answer.json().keys() == {"id", "key", "self"}
    assert door.fields(answer.json()["key"])["summary"] == "Cloud"


def test_a_form_has_xray_fields_beside_the_fields(door: Door) -> None:
    door.load(generic(1))
    plan = door.make("Test Plan")
    files = {
        "results": ("results.json", f'{{"tests": [{json.dumps(generic(1))}]}}'),
        "info": ("info.json", f'{{"fields": {{"project": {{"key": "DEMO"}}, "summary": "S"}}, "xrayFields": {{"testPlanKey": "{plan}", "environments": ["iOS"]}}}}'),
    }  # fmt: skip
    answer = door.http.post(f"{IMPORT}/multipart", files=files)
    assert answer.status_code == 200, answer.text
    held = door.http.get(f"/rest/raven/2.0/api/testplan/{plan}/testexecution").json()
    assert [row["key"] for row in held] == [answer.json()["key"]]


def test_an_unknown_format_is_told_with_those_that_are(door: Door) -> None:
    answer = door.http.post(f"{IMPORT}/xrey", content=b"{}")
    assert answer.status_code == 404
    assert "There is no report format xrey; there are" in answer.json()["error"]
    assert answer.json()["error"].endswith("Did you mean xray?")


def test_graphql_is_refused_in_words(door: Door) -> None:
    answer = door.http.post("/api/v2/graphql", json={"query": "{ getTests }"})
    assert answer.status_code == 501
    assert "GraphQL is not supported. Use the REST API" in answer.json()["errors"][0]["message"]


def bulk(door: Door, *tests: Any) -> dict[str, Any]:
    answer = door.http.post("/api/v2/import/test/bulk", json=list(tests))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = door.http.get(f"/api/v2/import/test/bulk/{answer.json()['jobId']}/status").json()
    return found


def test_tests_are_made_in_bulk_and_a_bad_one_hinders_no_other(door: Door) -> None:
    sets = door.make("Test Set")
    found = bulk(
        door,
        {
            "testtype": "Manual", "fields": {"summary": "Pays", "project": {"key": "DEMO"}, "labels": ["till"]}, "xray_test_sets": [sets],
            "steps": [{"action": "Pay", "data": "a card", "result": "Paid"}], "xray_test_repository_folder": "Shop/Till",
        },
        {"testtype": "Cucumber", "fields": {"summary": "Scans", "project": {"key": "DEMO"}}, "gherkin_def": "Given a till"},
        {"testtype": "Generic", "fields": {"project": {"key": "DEMO"}}, "unstructured_def": "shop.till"},
        {"testtype": "Generic", "fields": {"summary": "Adds", "project": {"key": "DEMO"}}, "unstructured_def": "shop.adds"},
        "nonsense",
    )  # fmt: skip
    assert found["status"] == "partially_successful"
    assert [row["elementNumber"] for row in found["result"]["issues"]] == [0, 1, 3]
    assert [(row["elementNumber"], list(row["errors"])) for row in found["result"]["errors"]] == [(2, ["summary"]), (4, ["fields"])]
    manual, cucumber, generic_test = (row["key"] for row in found["result"]["issues"])
    fields = door.fields(manual)
    assert fields["steps"]["steps"][0]["fields"]["Expected Result"] == "Paid"
    assert (fields["labels"], fields["customfield_10110"], fields["customfield_10115"]) == (["till"], "/Shop/Till", [sets])
    assert door.fields(cucumber)["customfield_10107"] == "Given a till"
    assert imported(door.load({"testInfo": {"projectKey": "DEMO", "testType": "Generic", "definition": "shop.adds", "summary": "Adds"}, "status": "PASS"})) == [generic_test]  # fmt: skip


def test_who_may_not_make_tests_is_told_for_each(services: Services) -> None:
    with door_of(services, "ana", Role.TESTER) as ana:
        found = bulk(ana, {"testtype": "Generic", "fields": {"summary": "Adds", "project": {"key": "DEMO"}}, "unstructured_def": "x"})
    assert (found["status"], found["result"]["issues"]) == ("unsuccessful", [])
    assert found["result"]["errors"][0]["errors"] == {"error": "Your role does not allow this."}


def test_a_list_has_1_to_1000_tests_and_its_task_is_its_owners(door: Door, outside: TestClient, services: Services) -> None:
    assert door.http.post("/api/v2/import/test/bulk", json=[]).status_code == 400
    assert door.http.post("/api/v2/import/test/bulk", json=[{}] * 1001).status_code == 400
    job = door.http.post("/api/v1/import/test/bulk", json=[{}]).json()["jobId"]
    assert door.http.get(f"/api/v1/import/test/bulk/{job}/status").json()["status"] == "unsuccessful"
    assert door.http.get("/api/v2/import/test/bulk/x/status").status_code == 404
    put_user(services, "ana", "ana")
    head = bearer(outside, clients.add_client(services, "ana", None, None))
    assert outside.get(f"/api/v2/import/test/bulk/{job}/status", headers=head).status_code == 404


def test_cucumber_tests_are_exported_as_a_zip(door: Door) -> None:
    made = bulk(door, {"testtype": "Cucumber", "fields": {"summary": "Scans", "project": {"key": "DEMO"}}, "gherkin_def": "Given a till"})
    answer = door.http.get("/api/v2/export/cucumber", params={"keys": made["result"]["issues"][0]["key"]})
    (name,) = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert name.endswith(".feature")


def test_features_are_imported_with_clouds_answer(door: Door) -> None:
    feature = b"Feature: Till\n  Background:\n    Given a till\n  Scenario: Scans\n    When it scans\n"
    answer = door.http.post("/api/v2/import/feature", params={"projectKey": "DEMO"}, files={"file": ("till.feature", feature)})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["errors"], len(found["updatedOrCreatedTests"]), len(found["updatedOrCreatedPreconditions"])) == ([], 1, 1)
    again = door.http.post("/api/v1/import/feature", params={"projectKey": "DEMO"}, files={"file": ("till.feature", feature)}).json()
    assert again == found
    bad = door.http.post("/api/v2/import/feature", params={"projectKey": "DEMO"}, files={"file": ("till.feature", b"nonsense")})
    assert bad.status_code == 400
    assert bad.json()["error"].startswith("There are no valid tests imported")


def test_an_import_of_tests_whose_server_died_says_so(door: Door, services: Services) -> None:
    with services.db.write() as conn:
        lately, long_ago = (jobs.add_job(conn, KIND, 1, 3, now_ms() - age) for age in (1_000, 120_000))
    told = [door.http.get(f"/api/v2/import/test/bulk/{number}/status").json() for number in (lately, long_ago)]
    assert [t["status"] for t in told] == ["working", "failed"]
    assert "start it again" in told[1]["result"]["errors"][0]["errors"]["error"]
    fail_silent_jobs(services)
    assert door.http.get(f"/api/v2/import/test/bulk/{long_ago}/status").json() == told[1]
