# SPDX-License-Identifier: Apache-2.0
"""The rooms of an instance's administrators: what they do is done, nobody else enters, every change is in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.instance import prepare
from radiograph.domain.people import Role
from radiograph.settings import Settings
from radiograph.store import tables as t
from radiograph.web.app import build_app
from radiograph.web.pages.admin import ROOMS

if TYPE_CHECKING:
    from radiograph.actions.services import Services

MYSELF, IMPORT = "/rest/api/2/myself", "/rest/raven/2.0/import/execution"
INFO = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}
PASSWORD = "a long password"
TWINS = ("server", "people", "tokens", "vocabulary", "audit", "storage")


def as_(client: TestClient, name: str, password: str = PASSWORD) -> TestClient:
    other = TestClient(client.app, raise_server_exceptions=False)
    other.auth = (name, password)
    return other


def actions(services: Services) -> list[tuple[str, Any]]:
    with services.db.read() as conn:
        rows = conn.execute(
            sa.select(t.audit.c.action, t.users.c.name).outerjoin(t.users, t.users.c.id == t.audit.c.user_id).order_by(t.audit.c.id)
        )
        return [(row[0], row[1]) for row in rows]


def test_only_administrators_of_the_instance_enter(client: TestClient, services: Services) -> None:
    put_user(services, "ana", "a long password")
    give_role(services, "ana", 10402, Role.ADMIN)
    add_token(services, "admin", "small", "small-secret", role=Role.LEAD)
    paths = [f"/admin{r.path}" for r in ROOMS] + [f"/api/admin/{name}" for name in TWINS]
    ana, small = as_(client, "ana"), TestClient(client.app, raise_server_exceptions=False)
    small.headers["Authorization"] = "Bearer small-secret"
    assert [client.get(p).status_code for p in paths] == [200] * len(paths)
    assert {ana.get(p).status_code for p in paths} == {403}
    assert {small.get(p).status_code for p in paths} == {403}
    forms = (
        ("/admin/people", {"do": "admin", "name": "ana", "to": "admin"}), ("/admin/people", {"do": "password", "name": "admin", "password": "another one"}),
        ("/admin/people", {"do": "add", "name": "eve", "password": "another one"}), ("/admin/people", {"do": "active", "name": "admin", "to": "out"}),
        ("/admin/tokens", {"do": "revoke", "owner": "admin", "name": "small"}), ("/admin", {"do": "licence", "state": "lapsed"}),
        ("/admin", {"do": "rules", "audit": "1"}), ("/admin/statuses", {"do": "aliases", "aliases": "X=PASS"}),
        ("/admin/statuses", {"do": "status", "of": "run", "name": "X", "color": "#000000", "requirement": "OK"}),
        ("/admin/workflow", {"do": "workflow", "workflow": "{}"}), ("/admin/workflow", {"do": "field", "name": "X", "kind": "text"}),
        ("/admin/workflow", {"do": "link", "name": "X", "inward": "x", "outward": "y"}), ("/admin/environments", {"do": "rename", "id": "1", "name": "X"}),
        ("/admin/storage", {"do": "count"}),
    )  # fmt: skip
    before = actions(services)
    assert {(p, f["do"]): ana.post(p, data=f).status_code for p, f in forms} == {(p, f["do"]): 403 for p, f in forms}
    assert actions(services) == before


def test_people_are_added_shut_out_and_let_in(client: TestClient, services: Services) -> None:
    form = {"do": "add", "name": "ana", "display_name": "Ana <b>", "email": "ana@example.org", "password": "a long password"}
    page = client.post("/admin/people", data=form)
    assert ("Ana &lt;b&gt;" in page.text, "a long password" in page.text) == (True, False)
    assert client.post("/admin/people", data=form).status_code == 409
    assert client.post("/admin/people", data=form | {"name": "ben", "password": "short"}).status_code == 400
    ana = as_(client, "ana")
    add_token(services, "ana", "ci", "anas-secret")
    assert ana.get(MYSELF).status_code == 200
    client.post("/admin/people", data={"do": "active", "name": "ana", "to": "out"})
    assert (ana.get(MYSELF).status_code, client.get(MYSELF).status_code) == (401, 200)
    client.post("/admin/people", data={"do": "active", "name": "ana", "to": "in"})
    client.post("/admin/people", data={"do": "password", "name": "ana", "password": "another password"})
    assert as_(client, "ana", "another password").get(MYSELF).status_code == 200
    client.post("/admin/people", data={"do": "admin", "name": "ana", "to": "admin"})
    assert as_(client, "ana", "another password").get("/admin").status_code == 200
    assert client.post("/admin/people", data={"do": "active", "name": "admin", "to": "out"}).status_code == 400
    done = [a for a in actions(services) if a[0].startswith("user.") and a[1]]
    assert [a for a, _ in done] == ["user.add", "user.deactivate", "user.activate", "user.password", "user.admin"]
    assert {who for _, who in done} == {"admin"}


def test_somebody_always_administers(client: TestClient) -> None:
    answer = client.post("/admin/people", data={"do": "admin", "name": "admin", "to": "user"})
    assert (answer.status_code, "Somebody must administer" in answer.text) == (400, True)
    assert client.get("/admin").status_code == 200


def test_a_status_is_added_is_used_and_keeps_its_name(client: TestClient) -> None:
    form = {"do": "status", "of": "run", "name": "blocked", "color": "#8F5F00", "requirement": "NOK", "final": "1"}
    assert "BLOCKED" in client.post("/admin/statuses", data=form).text
    assert client.post("/admin/statuses", data=form).status_code == 409
    for bad in (
        {"name": ""},
        {"name": "A=B"},
        {"name": "X", "color": 'red" x'},
        {"name": "X", "requirement": "MAYBE"},
        {"name": "X", "of": "plan"},
    ):
        assert client.post("/admin/statuses", data=form | bad).status_code == 400, bad
    sent = client.post(IMPORT, json={"info": {"project": "DEMO"}, "tests": [{"testInfo": INFO, "status": "BLOCKED"}]})
    assert sent.status_code == 200
    client.post("/admin/statuses", data=form | {"id": "3", "name": "FAILED", "color": "#000000", "requirement": "OK"})
    fail = next(s for s in client.get("/api/admin/vocabulary").json()["statuses"] if (s["of"], s["id"]) == ("run", 3))
    assert (fail["name"], fail["color"], fail["requirement"]) == ("FAIL", "#000000", "NOK")
    step = form | {"of": "step", "means": "FAIL"}
    assert client.post("/admin/statuses", data=step).status_code == 200
    assert client.post("/admin/statuses", data=step | {"name": "ODD", "means": "NONE"}).status_code == 400


def test_aliases_are_kept_and_the_next_import_goes_by_them(client: TestClient) -> None:
    body = {"info": {"project": "DEMO"}, "tests": [{"testInfo": INFO, "status": "green"}]}
    assert client.post(IMPORT, json=body).status_code == 400
    client.post("/admin/statuses", data={"do": "aliases", "aliases": "GREEN=PASS\nRED=FAIL"})
    assert client.post(IMPORT, json=body).status_code == 200
    assert client.get("/api/admin/vocabulary").json()["aliases"] == "GREEN=PASS, RED=FAIL"
    for bad in ("GREEN", "GREEN=PURPLE"):
        assert client.post("/admin/statuses", data={"do": "aliases", "aliases": bad}).status_code == 400


def test_aliases_of_the_operator_win_and_the_page_says_so(settings: Settings, services: Services) -> None:
    services.db.close()
    made = prepare(Settings(data=settings.data, status_aliases="GRUEN=PASS"))
    http = TestClient(build_app(made), raise_server_exceptions=False)
    http.auth = ("admin", "admin")
    assert "RADIOGRAPH_STATUS_ALIASES" in http.get("/admin/statuses").text
    assert http.post("/admin/statuses", data={"do": "aliases", "aliases": "X=PASS"}).status_code == 409
    made.db.close()


def test_a_status_that_is_renamed_is_meant_by_its_old_name_too(client: TestClient) -> None:
    form = {"do": "status", "of": "run", "name": "blocked", "color": "#8F5F00", "requirement": "NOK", "final": "1"}
    client.post("/admin/statuses", data=form)
    client.post("/admin/statuses", data=form | {"of": "step", "name": "stuck", "means": "BLOCKED"})
    client.post("/admin/statuses", data={"do": "aliases", "aliases": "ROT=BLOCKED, HALTED=FAIL"})
    ids = {s["name"]: str(s["id"]) for s in client.get("/api/admin/vocabulary").json()["statuses"]}
    assert client.post("/admin/statuses", data=form | {"id": ids["BLOCKED"], "name": "Halted"}).status_code == 200
    words = client.get("/api/admin/vocabulary").json()
    assert next(s["means"] for s in words["statuses"] if s["name"] == "STUCK") == "HALTED"
    assert words["aliases"] == "ROT=HALTED, BLOCKED=HALTED"
    for status in ("blocked", "rot", "halted"):
        test = {"testInfo": INFO, "status": status, "steps": [{"status": "stuck"}]}
        assert client.post(IMPORT, json={"info": {"project": "DEMO"}, "tests": [test]}).status_code == 200
    step = form | {"id": ids["STUCK"], "of": "step", "name": "Jammed", "means": "HALTED"}
    assert client.post("/admin/statuses", data=step).status_code == 200
    assert client.get("/api/admin/vocabulary").json()["aliases"] == "ROT=HALTED, BLOCKED=HALTED, STUCK=JAMMED"
    client.post("/admin/statuses", data=form | {"id": ids["BLOCKED"], "name": "Blocked"})
    assert client.get("/api/admin/vocabulary").json()["aliases"] == "ROT=BLOCKED, STUCK=JAMMED, HALTED=BLOCKED"


def test_a_status_that_aliases_of_the_operator_name_keeps_its_name(settings: Settings, services: Services, client: TestClient) -> None:
    form = {"do": "status", "of": "run", "name": "blocked", "color": "#8F5F00", "requirement": "NOK"}
    client.post("/admin/statuses", data=form)
    services.db.close()
    made = prepare(Settings(data=settings.data, status_aliases="ROT=BLOCKED"))
    http = TestClient(build_app(made), raise_server_exceptions=False)
    http.auth = ("admin", "admin")
    number = next(str(s["id"]) for s in http.get("/api/admin/vocabulary").json()["statuses"] if s["name"] == "BLOCKED")
    assert http.post("/admin/statuses", data=form | {"id": number, "name": "Halted"}).status_code == 409
    assert "BLOCKED" in [s["name"] for s in http.get("/api/admin/vocabulary").json()["statuses"]]
    made.db.close()


def test_workflow_fields_and_types_of_links(client: TestClient, services: Services) -> None:
    shape = '{"statuses": [{"name": "To Do", "category": "new"}, {"name": "Shipped", "category": "done"}]}'
    assert "2 statuses and 2 transitions" in client.post("/admin/workflow", data={"do": "workflow", "workflow": shape}).text
    for bad in ("{", "[]", '{"statuses": []}', "[" * 5000):
        assert client.post("/admin/workflow", data={"do": "workflow", "workflow": bad}).status_code == 400
    assert "Severity" in client.post("/admin/workflow", data={"do": "field", "name": "Severity", "kind": "option"}).text
    link = {"do": "link", "name": "Causes", "outward": "causes", "inward": "is caused by"}
    assert client.post("/admin/workflow", data=link).status_code == 200
    assert client.post("/admin/workflow", data=link).status_code == 409
    assert "Causes" in [k["name"] for k in client.get("/rest/api/2/issueLinkType").json()["issueLinkTypes"]]
    assert client.post("/projects/create", data={"do": "create", "key": "SHOP", "name": "Shop"}).status_code == 200
    assert {("workflow.load", "admin"), ("field.add", "admin"), ("linktype.add", "admin"), ("project.add", "admin")} <= set(
        actions(services)
    )
    assert ("workflow.load", None) not in actions(services)


def test_a_refused_form_keeps_what_was_typed_but_no_password(client: TestClient) -> None:
    page = client.post("/admin/workflow", data={"do": "workflow", "workflow": '{"my": "long work"'})
    assert (page.status_code, "{&#34;my&#34;: &#34;long work&#34;</textarea>" in page.text) == (400, True)
    form = {"do": "add", "name": "ana", "display_name": "Ana Example", "email": "no address", "password": "s3cret words"}
    page = client.post("/admin/people", data=form)
    assert (page.status_code, 'value="Ana Example"' in page.text, "s3cret words" in page.text) == (400, True, False)
    form = {
        "do": "status",
        "of": "step",
        "id": "",
        "name": "",
        "description": "Waits",
        "color": "#123456",
        "requirement": "NOK",
        "final": "",
    }
    page = client.post("/admin/statuses", data=form)
    assert (page.status_code, page.text.count('value="Waits"'), page.text.count('value="NOK" selected')) == (400, 1, 1)


def test_tokens_come_in_pages(client: TestClient, services: Services) -> None:
    for n in range(150):
        add_token(services, "admin", f"token-{n:03}")
    page = client.get("/admin/tokens").text
    assert (len(page) < 150_000, page.count('value="revoke"'), "150 tokens" in page or "151 tokens" in page) == (True, 100, True)
    assert 'rel="next" href="?start=100"' in page
    assert client.get("/admin/tokens", params={"start": "100"}).text.count('value="revoke"') in {50, 51}


def test_environments_are_renamed_and_merged(client: TestClient) -> None:
    for names in (["chrome"], ["Chrome"], ["chrome", "Chrome"]):
        info = {"project": "DEMO", "testEnvironments": names}
        client.post(IMPORT, json={"info": info, "tests": [{"testInfo": INFO, "status": "PASS"}]})
    ids = {e["name"]: e["id"] for e in client.get("/api/admin/vocabulary").json()["environments"]}
    assert (
        "merged into Chrome: 2 executions"
        in client.post("/admin/environments", data={"do": "rename", "id": ids["chrome"], "name": "Chrome"}).text
    )
    client.post("/admin/environments", data={"do": "rename", "id": ids["Chrome"], "name": "Chromium"})
    assert [(e["name"], e["executions"]) for e in client.get("/api/admin/vocabulary").json()["environments"]] == [("Chromium", 3)]
    assert client.post("/admin/environments", data={"do": "rename", "id": ids["chrome"], "name": "X"}).status_code == 404


def test_the_audit_is_filtered_and_paged(client: TestClient, services: Services) -> None:
    with services.db.write() as conn:
        rows = [
            {"id": 900_000 + i, "at_ms": 1000 + i // 3, "user_id": None, "action": "old.thing", "subject": f"<i>{i}", "counts": None}
            for i in range(250)
        ]
        conn.execute(sa.insert(t.audit), rows)
    seen, before = [], ""
    for _ in range(3):
        found = client.get("/api/admin/audit", params={"action": "old.", "before": before}).json()
        seen += [r["id"] for r in found["rows"]]
        before = found["next"]
    assert (seen, before) == ([900_000 + i for i in reversed(range(250))], "")
    assert "&lt;i&gt;249" in client.get("/admin/audit", params={"action": "old."}).text
    assert client.get("/api/admin/audit", params={"subject": "<i>7", "action": "old"}).json()["rows"][0]["subject"] == "<i>79"
    for bad in ("x", "1-", "1-2-3", "9" * 50):
        assert client.get("/api/admin/audit", params={"before": bad}).status_code == 400


def test_storage_is_counted_when_asked(client: TestClient) -> None:
    test = {"testInfo": INFO, "status": "FAIL", "evidence": [{"filename": "a.txt", "data": "YWJj"}]}
    key = client.post(IMPORT, json={"info": {"project": "DEMO"}, "tests": [test]}).json()["testExecIssue"]["key"]
    assert client.get("/api/admin/storage").json()["counted"]["at_ms"] == 0
    client.post("/admin/storage", data={"do": "count"})
    found = client.get("/api/admin/storage").json()
    assert (found["database"] > 0, found["counted"]["files"]) == (True, [{"project": "DEMO", "kind": "results", "files": 1, "bytes": 3}])
    assert found["counted"]["biggest"][0]["key"] == key


@pytest.mark.parametrize("state", ["lapsed", "active"])
def test_the_licence_lapses_and_is_active_again(client: TestClient, state: str) -> None:
    client.post("/admin", data={"do": "licence", "state": state})
    sent = client.post(IMPORT, json={"info": {"project": "DEMO"}, "tests": [{"testInfo": INFO, "status": "PASS"}]})
    assert sent.status_code == (401 if state == "lapsed" else 200)
