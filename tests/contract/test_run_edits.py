# SPDX-License-Identifier: Apache-2.0
"""A Test Run is changed by hand: what is given changes, the rest stays, and its history tells it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.contract.door import generic
from tests.contract.runs_door import TEXT, V2, Run, manual, outline, refused

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.projects import add_project
from radiograph.actions.run_edits import edit_run
from radiograph.domain.people import Caller, Role
from radiograph.domain.run_edits import RunEdit
from radiograph.store import accounts
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services


def test_only_what_is_given_changes_and_the_history_tells_it(door: Door) -> None:
    run = Run(door, generic(1, "PASS", comment="fine", start="2014-08-30T11:47:35+01:00", finish="2014-08-30T11:50:56+01:00"))
    before = run.now
    assert run.put({"comment": "not fine"}) == {"id": run.id, "evidenceIds": [], "stepResults": [], "iterations": [], "warnings": []}
    assert run.now == before | {"comment": "not fine"}
    assert run.history == [("comment", "fine", "not fine")]
    row = run.ask("GET", "/history").json()[0]
    assert row["user"] == "admin"
    assert row["at"]


def test_an_empty_change_changes_nothing(door: Door) -> None:
    run = Run(door)
    before = run.now
    nothing: dict[str, Any] = {"status": None, "steps": [], "defects": {"add": [], "remove": []}, "evidences": None, "colour": "red"}
    run.put(nothing)
    assert (run.now, run.history) == (before, [])


def test_the_status_starts_and_finishes_a_run_and_the_counts_follow(door: Door) -> None:
    run = Run(door)
    assert "startedOn" not in run.now
    run.put({"status": "executing"})
    started = run.now
    assert (started["status"], started["executedBy"]) == ("EXECUTING", "admin")
    assert "startedOn" in started
    assert "finishedOn" not in started
    run.put({"status": "PASS"})
    done = run.now
    assert done["startedOn"] == started["startedOn"]
    assert "finishedOn" in done
    run.put({"status": "TODO"})
    assert not {"startedOn", "finishedOn", "duration"} & run.now.keys()
    assert [c for c in run.history if c[0] == "status"] == [
        ("status", "TODO", "EXECUTING"), ("status", "EXECUTING", "PASS"), ("status", "PASS", "TODO"),
    ]  # fmt: skip
    assert ("finished on", done["finishedOn"], "") in run.history
    rows = door.http.get(f"/rest/raven/2.0/api/testexec/{run.execution}/test").json()
    assert [r["status"] for r in rows] == ["TODO"]


def test_the_versions_answer_with_their_own_statuses(door: Door) -> None:
    run = Run(door)
    assert run.ask("PUT", "/status", v1=True, params={"status": "FAIL"}).status_code == 200
    answer = run.ask("PUT", "/status", params={"status": "PASS"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert run.ask("GET", "/status").text == "PASS"


def test_an_unknown_status_is_refused_with_those_that_there_are(door: Door) -> None:
    run = Run(door)
    assert "PASS, TODO, EXECUTING, FAIL, ABORTED" in refused(run.ask("PUT", json={"status": "GREEN"}), 400)
    assert "status" in refused(run.ask("PUT", "/status"), 400)
    assert run.ask("PUT", json={"status": 3}).json()["details"] == [{"path": "status", "problem": "Expected `str | null`, got `int`"}]
    assert run.now["status"] == "TODO"


def test_a_run_is_assigned_and_unassigned(door: Door, services: Services) -> None:
    put_user(services, "ana", "ana")
    run = Run(door)
    assert run.ask("PUT", "/assignee", params={"user": "ana"}).json() == {"assigned": True, "assignee": "ana"}
    assert run.ask("PUT", "/assignee", v1=True, content=b"admin").json()["assignee"] == "admin"
    run.put({"assignee": "ana"})
    assert run.ask("DELETE", "/assignee").status_code == 204
    assert run.ask("GET", "/assignee").json() == {"assigned": False, "assignee": ""}
    assert "no user nobody" in refused(run.ask("PUT", json={"assignee": "nobody"}), 400)
    assert [c[2] for c in run.history] == ["ana", "admin", "ana", ""]


@pytest.mark.parametrize("body", [b"It <b>fails</b>", b'"It <b>fails</b>"'])
def test_a_comment_is_plain_text_whatever_its_content_type(door: Door, body: bytes) -> None:
    run = Run(door)
    answer = run.ask("PUT", "/comment", content=body, headers={"Content-Type": "application/json"})
    shown = {"raw": "It <b>fails</b>", "rendered": "<p>It &lt;b&gt;fails&lt;/b&gt;</p>"}
    assert answer.json() == shown == run.ask("GET", "/comment").json()


def test_defects_are_linked_by_hand_and_survive_a_new_import(door: Door) -> None:
    bug, run = door.make("Bug"), Run(door, generic(1, "FAIL", defects=["SHOP-1"]))
    assert run.ask("POST", "/defect", json=[bug]).status_code == 201
    again = run.ask("POST", "/defect", v1=True, json=[bug, "SHOP-2"])
    assert again.status_code == 200
    assert again.json() == [f"{bug} is a defect here already", "SHOP-2 is no issue here; it is kept as one of another tracker"]
    assert [d["key"] for d in run.now["defects"]] == ["SHOP-1", bug, "SHOP-2"]
    door.load(generic(1, "PASS"), execution=run.execution)
    assert [d["key"] for d in run.now["defects"]] == [bug, "SHOP-2"]
    number = run.now["defects"][0]["id"]
    assert run.ask("DELETE", f"/defect/{number}").status_code == 204
    assert run.ask("DELETE", "/defect/shop-2", v1=True).status_code == 200
    assert "no defect SHOP-2" in refused(run.ask("DELETE", "/defect/SHOP-2"), 404)
    assert run.ask("GET", "/defect").json() == []
    assert run.history[-1] == ("defects", "SHOP-2", "")


def test_what_can_be_no_defect_is_refused(door: Door) -> None:
    run = Run(door)
    assert "not an issue key" in refused(run.ask("POST", "/defect", json=["a bug"]), 400)
    assert "no issue with the id 99999" in refused(run.ask("POST", "/defect", json=["99999"]), 400)
    refused(run.ask("POST", "/defect", json={"key": "DEMO-1"}), 400)
    assert run.put({"defects": {"remove": ["DEMO-77"]}})["warnings"] == ["DEMO-77 is no defect here, so it could not be removed"]


def test_files_are_added_and_removed_by_id_and_by_name(door: Door) -> None:
    run = Run(door)
    made = run.ask("POST", "/attachment", json=TEXT)
    assert made.status_code == 201
    assert (made.json()["fileName"], made.json()["mimeType"], made.json()["numericalFileSize"]) == ("log.txt", "text/plain", 5)
    assert door.http.get(made.json()["fileURL"].removeprefix("http://testserver")).content == b"hello"
    (other,) = run.put({"evidences": {"add": [TEXT | {"filename": "a.txt"}]}})["evidenceIds"]
    assert run.ask("POST", "/attachment", v1=True, json=TEXT).status_code == 200
    assert [f["fileName"] for f in run.ask("GET", "/attachment").json()] == ["log.txt", "a.txt", "log.txt"]
    assert run.ask("DELETE", "/attachment", content=b"log.txt").status_code == 204
    assert run.ask("DELETE", f"/attachment/{other}", v1=True).status_code == 200
    assert run.ask("GET", "/attachment").json() == []
    assert "no file log.txt" in refused(run.ask("DELETE", "/attachment", params={"filename": "log.txt"}), 404)
    assert f"no file {other}" in refused(run.ask("DELETE", f"/attachment/{other}"), 404)
    assert "name of the file" in refused(run.ask("DELETE", "/attachment"), 400)


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (TEXT | {"data": "!"}, "evidences.add[0]: it is not base64"),
        (TEXT | {"data": 5}, "it is not a text"),
        (TEXT | {"filename": " "}, "evidences.add[0]: the file has no name"),
        ({"data": TEXT["data"]}, "missing required field `filename`"),
    ],
)
def test_a_file_that_can_not_be_kept_refuses_the_whole_change(door: Door, file: dict[str, Any], problem: str) -> None:
    run = Run(door)
    assert problem in refused(run.ask("PUT", json={"status": "PASS", "evidences": {"add": [file]}}), 400)
    assert (run.now["status"], run.now["evidences"]) == ("TODO", [])


def test_a_file_that_is_too_big_is_told(door: Door, services: Services) -> None:
    object.__setattr__(services, "settings", replace(services.settings, max_evidence=4))
    assert "larger than the limit of 4 bytes" in refused(Run(door).ask("POST", "/attachment", json=TEXT), 400)


def test_a_long_file_name_is_cut_and_a_path_is_only_a_name(door: Door) -> None:
    run = Run(door)
    made = run.ask("POST", "/attachment", json=TEXT | {"filename": "../" + "x" * 400}).json()
    assert len(made["fileName"]) == 255
    assert door.http.get(made["fileURL"].removeprefix("http://testserver")).content == b"hello"


def test_runs_that_are_not_there_and_what_is_no_id_are_404(door: Door) -> None:
    for path in (f"{V2}/999999", f"{V2}/x"):
        assert door.http.put(path, json={"status": "PASS"}).status_code == 404
        assert door.http.get(f"{path}/history").status_code == 404
        assert door.http.post(f"{path}/attachment", json=TEXT).status_code == 404


def test_roles_decide_who_may_see_and_change_a_run(door: Door, services: Services) -> None:
    run = Run(door)
    for name in ("viewer", "stranger"):
        put_user(services, name, name)
        add_token(services, name, "t", f"token-{name}")
    give_role(services, "viewer", 10402, Role.VIEWER)
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", "", {"json": {"comment": "x"}}), ("PUT", "/status", {"params": {"status": "PASS"}}), ("POST", "/attachment", {"json": TEXT}),
        ("DELETE", "/attachment/1", {}), ("DELETE", "/defect/DEMO-1", {}), ("PUT", "/comment", {"content": b"x"}),
        ("PUT", "/step/-1", {"json": {"status": "PASS"}}), ("PUT", "/example/0", {"params": {"status": "PASS"}}),
        ("DELETE", "/step/-1/attachment/1", {}),
    ]  # fmt: skip
    for name, seen, changed in (("viewer", 200, 403), ("stranger", 404, 404)):
        with TestClient(build_app(services), headers={"Authorization": f"Bearer token-{name}"}) as http:
            assert http.get(f"{V2}/{run.id}").status_code == seen
            assert http.get(f"{V2}/{run.id}/history").status_code == seen
            for method, path, more in changes:
                assert http.request(method, f"{V2}/{run.id}{path}", **more).status_code == changed, (name, method, path)
    assert run.now["status"] == "TODO"


def test_a_defect_of_a_project_that_the_caller_can_not_see_is_one_of_elsewhere(door: Door, services: Services) -> None:
    add_project(services, "DARK")
    secret = door.http.post(
        "/rest/api/2/issue", json={"fields": {"project": {"key": "DARK"}, "issuetype": {"name": "Bug"}, "summary": "secret"}}
    )
    put_user(services, "tess", "tess")
    give_role(services, "tess", 10402, Role.TESTER)
    add_token(services, "tess", "t", "token-tess")
    run = Run(door)
    with TestClient(build_app(services), headers={"Authorization": "Bearer token-tess"}) as http:
        assert http.post(f"{V2}/{run.id}/defect", json=[secret.json()["key"]]).status_code == 201
        assert http.get(f"{V2}/{run.id}/defect").json() == [{"id": None, "key": secret.json()["key"], "summary": "", "status": ""}]
        assert http.post(f"{V2}/{run.id}/defect", json=[secret.json()["id"]]).status_code == 400


def test_two_who_change_different_fields_at_once_lose_nothing(door: Door, services: Services) -> None:
    run, caller = Run(door, manual()), _admin(services)
    edits = [RunEdit(comment="from one"), RunEdit(assignee="admin"), RunEdit(status="PASS")]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda edit: edit_run(services, caller, run.id, edit), edits * 5))
    now = run.now
    assert (now["comment"], now["assignee"], now["status"]) == ("from one", "admin", "PASS")


def test_of_two_who_change_one_field_the_last_wins_and_the_history_has_both(door: Door, services: Services) -> None:
    run, caller = Run(door), _admin(services)
    texts = [f"comment {i}" for i in range(12)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda text: edit_run(services, caller, run.id, RunEdit(comment=text)), texts))
    changes = run.history
    assert sorted(c[2] for c in changes) == sorted(texts)
    assert [c[1] for c in changes] == ["", *(c[2] for c in changes[:-1])]
    assert run.now["comment"] == changes[-1][2]


def test_an_edit_and_an_import_at_once_leave_the_counts_right(door: Door, services: Services) -> None:
    run, caller = Run(door), _admin(services)

    def edit(status: str) -> None:
        edit_run(services, caller, run.id, RunEdit(status=status))

    with ThreadPoolExecutor(4) as threads:
        for i in range(6):
            threads.submit(edit, ("PASS", "FAIL", "TODO")[i % 3])
            threads.submit(door.load, generic(1, "PASS"), generic(2 + i, "FAIL"), execution=run.execution)
    assert len(door.http.get(f"/rest/raven/2.0/api/testexec/{run.execution}/test").json()) == 7


def _admin(services: Services) -> Caller:
    with services.db.read() as conn:
        account = accounts.find_account(conn, "admin")
        assert account is not None
        return accounts.caller(conn, account)


def test_the_history_and_a_runs_lists_are_paged(door: Door) -> None:
    run = Run(door, outline())
    for text in ("a", "b", "c"):
        run.put({"comment": text})
    assert [c["after"] for c in run.ask("GET", "/history", params={"page": 2, "limit": 2}).json()] == ["c"]
    assert run.ask("GET", "/history", params={"page": 9}).json() == []
    assert run.ask("GET", "/history", params={"limit": 201}).status_code == 400
    assert len(run.ask("GET", "/example").json()) == 3
    assert [e["rank"] for e in run.ask("GET", "/example", params={"page": 2, "limit": 2}).json()] == [3]
    assert run.ask("GET", "/defect", params={"page": 0}).status_code == 400


def test_the_times_and_the_executor_can_be_given(door: Door) -> None:
    run = Run(door)
    run.put({"status": "PASS", "startedOn": "2020-01-02T03:04:05+0100", "finishedOn": "2020-01-02T03:05:05+01:00", "executedBy": "admin"})
    now = run.now
    assert (now["startedOn"], now["duration"], now["executedBy"]) == ("2020-01-02T03:04:05+01:00", 60_000, "admin")
    assert "startedOn" in refused(run.ask("PUT", json={"startedOn": "yesterday"}), 400)


def test_a_change_is_shown_on_the_runs_page(door: Door) -> None:
    run = Run(door)
    run.put({"comment": "<script>"})
    page = door.http.get(f"/runs/{run.id}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "History" in page.text
    assert "&lt;script&gt;" in page.text
