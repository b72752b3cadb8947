# SPDX-License-Identifier: Apache-2.0
"""Steps of Tests: every change is a new version, ids stay, nothing is lost."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.bodies import refused
from tests.contract.door import key_of
from tests.contract.gathered import ids, signed_in_as, step_field

from radiograph.actions import steps as actions
from radiograph.domain.people import Role
from radiograph.domain.steps import StepChange
from radiograph.store import accounts as people
from radiograph.store import tables as t
from radiograph.store.changes import changes_of
from radiograph.store.test_reads import step_details, step_files

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

V1, V2 = "/rest/raven/1.0/api/test", "/rest/raven/2.0/api/test"
STEPS = {"steps": [{"fields": {"Action": name, "Data": f"{name} data", "Expected Result": f"{name} result"}} for name in ("a", "b", "c")]}
NOTE = {"data": base64.b64encode(b"hi").decode(), "filename": "note.txt", "contentType": "text/plain"}


def manual(door: Door, **more: Any) -> str:
    return door.make("Test", type={"value": "Manual"}, steps=STEPS, **more)


def steps(door: Door, key: str, **query: Any) -> list[dict[str, Any]]:
    answer = door.http.get(f"{V2}/{key}/steps", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["steps"]
    return found


def told(door: Door, key: str, **query: Any) -> list[str]:
    """The actions, or whom a step calls."""
    return [s["fields"]["Action"]["value"]["raw"] if "fields" in s else s["calledTestIssueKey"] for s in steps(door, key, **query)]


def add(door: Door, key: str, **body: Any) -> httpx2.Response:
    return door.http.post(f"{V2}/{key}/steps", json=body)


def added(door: Door, key: str, **body: Any) -> int:
    answer = add(door, key, **body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["step"]["id"])


def test_a_step_is_added_changed_moved_and_removed_in_v2(door: Door) -> None:
    key = manual(door)
    answer = add(door, key, fields={"action": "d", "EXPECTED RESULT": {"raw": "d result"}})
    assert (answer.status_code, answer.json()["warnings"]) == (201, [])
    number = answer.json()["step"]["id"]
    one = door.http.get(f"{V2}/{key}/steps/{number}").json()["step"]
    assert (one["index"], one["fields"]["Expected Result"]) == (
        4,
        {"type": "Wiki", "value": {"raw": "d result", "rendered": "<p>d result</p>"}},
    )
    answer = door.http.put(f"{V2}/{key}/steps/{number}", json={"fields": {"Data": "new"}, "index": 1})
    assert (answer.status_code, answer.json()) == (200, {"step": {"id": number, "attachmentIds": []}, "warnings": []})
    assert told(door, key) == ["d", "a", "b", "c"]
    assert steps(door, key)[0]["fields"]["Data"]["value"]["raw"] == "new"
    answer = door.http.delete(f"{V2}/{key}/steps/{number}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert told(door, key) == ["a", "b", "c"]


@pytest.mark.parametrize("api", [V1, V2])
def test_a_step_is_added_changed_and_removed_in_v1_and_by_its_paths_in_2_0(door: Door, api: str) -> None:
    key = manual(door)
    answer = door.http.put(f"{api}/{key}/step", json={"step": "d", "data": "x", "result": "y", "attachments": []})
    assert (answer.status_code, answer.json()["attachmentIds"]) == (200, [])
    number = answer.json()["id"]
    answer = door.http.post(f"{api}/{key}/step/{number}", json={"result": "z", "attachments": {"add": [], "remove": []}})
    assert (answer.status_code, answer.json()["id"]) == (200, number)
    one = door.http.get(f"{api}/{key}/step/{number}").json()
    assert one["step"] == {"raw": "d", "rendered": "<p>d</p>"}
    assert [one[n]["raw"] for n in ("data", "result")] == ["x", "z"]
    assert [s["index"] for s in door.http.get(f"{api}/{key}/step").json()] == [1, 2, 3, 4]
    assert door.http.delete(f"{api}/{key}/step/{number}").status_code == 200
    assert len(door.http.get(f"{api}/{key}/step").json()) == 3


def test_v2_takes_the_texts_beside_the_fields_too(door: Door) -> None:
    key = manual(door)
    added(door, key, step="d", data="x", result="y", attachments=[])
    last = steps(door, key)[-1]["fields"]
    assert [last[n]["value"]["raw"] for n in ("Action", "Data", "Expected Result")] == ["d", "x", "y"]


def test_every_change_is_a_version_and_the_ids_of_other_steps_stay(door: Door) -> None:
    key = manual(door)
    before = [s["id"] for s in steps(door, key)]
    new = added(door, key, fields={"Action": "d"}, index=2)
    door.http.delete(f"{V2}/{key}/steps/{before[2]}")
    assert [s["id"] for s in steps(door, key)] == [before[0], new, before[1]]
    assert [told(door, key, testVersion=n) for n in (1, 2, 3)] == [["a", "b", "c"], ["a", "d", "b", "c"], ["a", "d", "b"]]
    assert [s["id"] for s in steps(door, key, testVersion=1)] == before
    assert refused(door.http.get(f"{V2}/{key}/steps?testVersion=4"), 404) == f"{key} has no version 4."
    assert door.http.get(f"{V2}/{key}/steps/{before[2]}?testVersion=1").status_code == 200
    assert door.http.get(f"{V2}/{key}/steps/{before[2]}").status_code == 404


def test_only_the_current_version_is_changed(door: Door) -> None:
    key = manual(door)
    answer = door.http.post(f"{V2}/{key}/steps?testVersion=1", json={"fields": {"Action": "d"}})
    assert answer.status_code == 201
    assert "is history" in refused(door.http.post(f"{V2}/{key}/steps?testVersion=1", json={"fields": {"Action": "e"}}))
    assert "no version 9" in refused(door.http.post(f"{V2}/{key}/steps?testVersion=9", json={"fields": {"Action": "e"}}), 404)


def test_a_run_keeps_the_steps_it_ran(door: Door) -> None:
    key = manual(door)
    execution = key_of(door.load({"testKey": key, "status": "PASS"}))
    added(door, key, fields={"Action": "d"})
    assert len(door.run(execution, key)["steps"]) == 3
    later = key_of(door.load({"testKey": key, "status": "PASS"}))
    assert len(door.run(later, key)["steps"]) == 4


def test_a_change_that_changes_nothing_makes_no_version(door: Door) -> None:
    key = manual(door)
    number = steps(door, key)[1]["id"]
    answer = door.http.put(f"{V2}/{key}/steps/{number}", json={"fields": {"Action": "b"}, "index": 2})
    assert answer.status_code == 200
    assert door.http.get(f"{V2}/{key}/steps?testVersion=2").status_code == 404


def test_the_history_and_the_audit_tell_what_was_changed(door: Door, services: Services) -> None:
    key = manual(door)
    number = added(door, key, fields={"Action": "d"})
    door.http.put(f"{V2}/{key}/steps/{number}", json={"fields": {"Data": "x"}, "index": 1})
    door.http.delete(f"{V2}/{key}/steps/{number}")
    (test,) = ids(services, key)
    with services.db.read() as conn:
        found = changes_of(conn, "issue", [test])
        noted = conn.execute(sa.select(sa.func.count()).select_from(t.audit).where(t.audit.c.action == "test.steps")).scalar()
    assert [(c.field, c.before, c.after) for c in found] == [
        ("Manual Test Steps", "", "4. d |  | "), ("Manual Test Steps", "4. d |  | ", "1. d | x | "), ("Manual Test Steps", "1. d | x | ", ""),
    ]  # fmt: skip
    assert ({c.user for c in found}, noted) == ({"admin"}, 3)


def test_a_test_is_still_found_by_its_summary_after_its_steps_changed(door: Door) -> None:
    key = manual(door, summary="Pays")
    added(door, key, fields={"Action": "d"})
    found = door.load({"testInfo": {"projectKey": "DEMO", "summary": "Pays", "testType": "Manual"}, "status": "PASS"})
    assert [issue["key"] for issue in found["testIssues"]["success"]] == [key]
    assert told(door, key) == ["a", "b", "c", "d"]


def test_files_of_a_step_are_kept_served_and_removed(door: Door) -> None:
    key = manual(door)
    made = add(door, key, fields={"Action": "d"}, attachments=[NOTE, NOTE | {"filename": "two.txt"}]).json()["step"]
    number, files = made["id"], made["attachmentIds"]
    assert len(files) == 2
    listed = door.http.get(f"{V2}/{key}/steps/{number}/attachments").json()
    assert [(f["id"], f["fileName"], f["numericalFileSize"], f["author"]) for f in listed] == [
        (files[0], "note.txt", 2, "admin"), (files[1], "two.txt", 2, "admin"),
    ]  # fmt: skip
    assert door.http.get(listed[0]["fileURL"]).content == b"hi"
    answer = door.http.put(
        f"{V2}/{key}/steps/{number}", json={"attachments": {"add": [NOTE | {"filename": "3.txt"}], "remove": [files[0]]}}
    )
    (third,) = answer.json()["step"]["attachmentIds"]
    assert [f["id"] for f in door.http.get(f"{V1}/{key}/step/{number}/attachment").json()] == [files[1], third]
    assert door.http.get(listed[0]["fileURL"]).status_code == 404
    assert door.http.delete(f"{V2}/{key}/steps/{number}/attachment/{third}").status_code == 204
    assert door.http.delete(f"{V1}/{key}/step/{number}/attachment/{files[1]}").status_code == 200
    assert door.http.get(f"{V2}/{key}/steps/{number}/attachments").json() == []
    assert "no attachment" in refused(door.http.delete(f"{V2}/{key}/steps/{number}/attachment/{third}"), 404)


def test_a_file_that_can_not_be_kept_refuses_the_step(door: Door) -> None:
    key = manual(door)
    for bad, problem in ((NOTE | {"data": "!"}, "attachments[0]"), (NOTE | {"filename": ""}, "no name"), ({"filename": "a"}, "data")):
        assert problem in refused(add(door, key, fields={"Action": "d"}, attachments=[bad]))
    assert told(door, key) == ["a", "b", "c"]


def test_a_file_of_another_step_is_not_removed(door: Door) -> None:
    key = manual(door)
    made = add(door, key, fields={"Action": "d"}, attachments=[NOTE]).json()["step"]
    first = steps(door, key)[0]["id"]
    assert door.http.delete(f"{V2}/{key}/steps/{first}/attachment/{made['attachmentIds'][0]}").status_code == 404
    assert len(door.http.get(f"{V2}/{key}/steps/{made['id']}/attachments").json()) == 1


def test_custom_fields_are_kept_in_their_kinds_and_unknown_ones_are_told(door: Door, services: Services) -> None:
    step_field(services, 1, "Browser", "Single Select", '["Chrome", "Firefox"]')
    step_field(services, 2, "Automated", "Toggle")
    key = manual(door)
    answer = add(door, key, fields={"Action": "d", "browser": "firefox", "AUTOMATED": True, "Colour": "red"})
    assert ["Colour" in w for w in answer.json()["warnings"]] == [True]
    fields = steps(door, key)[-1]["fields"]
    assert list(fields) == ["Action", "Data", "Expected Result", "Browser", "Automated"]
    assert fields["Browser"] == {"type": "Option", "value": [{"id": 2, "value": "Firefox"}]}
    assert fields["Automated"] == {"type": "Data", "value": "true"}
    number = answer.json()["step"]["id"]
    door.http.put(f"{V2}/{key}/steps/{number}", json={"fields": {"Browser": []}})
    assert list(steps(door, key)[-1]["fields"]) == ["Action", "Data", "Expected Result", "Automated"]


def test_a_step_calls_another_test_but_never_in_a_circle(door: Door) -> None:
    one, two, three = manual(door), manual(door), manual(door)
    number = added(door, one, callTestKey=two)
    added(door, two, calledTestIssueKey=three, index=1)
    assert told(door, one) == ["a", "b", "c", two]
    (called,) = [s for s in steps(door, one) if "testCallStep" in s]
    assert called == {"id": number, "index": 4, "testCallStep": True, "calledTestIssueKey": two}
    assert door.http.get(f"{V1}/{one}/step/{number}").json() == called
    for caller, target in ((three, one), (two, one), (one, one)):
        assert "can't call" in refused(add(door, caller, callTestKey=target))
    assert "calls a Test" in refused(door.http.put(f"{V2}/{one}/steps/{number}", json={"fields": {"Action": "x"}}))
    assert door.http.put(f"{V2}/{one}/steps/{number}", json={"callTestKey": three}).status_code == 200
    assert told(door, one)[-1] == three
    assert added(door, two, callTestKey=one)


def test_what_is_called_must_be_a_test_that_can_be_seen(door: Door) -> None:
    key, bug = manual(door), door.make("Bug")
    assert refused(add(door, key, callTestKey="DEMO-999"), 404)
    assert "not of type Test" in refused(add(door, key, callTestKey=bug))


def test_steps_of_other_tests_unknown_ids_and_wrong_bodies_are_refused(door: Door) -> None:
    key, other, bug = manual(door), manual(door), door.make("Bug")
    foreign = steps(door, other)[0]["id"]
    for path in (f"{key}/steps/{foreign}", f"{key}/steps/999999999999999999", f"{key}/steps/x", "DEMO-999/steps/1"):
        for method in ("GET", "PUT", "DELETE"):
            answer = door.http.request(method, f"{V2}/{path}", json={} if method == "PUT" else None)
            assert refused(answer, 404), path
    assert "not of type Test" in refused(door.http.get(f"{V2}/{bug}/steps"))
    wrong: list[Any] = [[], "x", {"fields": []}, {"index": 0}, {"index": "x"}, {"attachments": 5}, {"attachments": {"remove": ["x"]}}]
    for body in wrong:
        assert refused(door.http.post(f"{V2}/{key}/steps", json=body)), body


def test_only_a_manual_test_has_steps(door: Door) -> None:
    key = door.make("Test", type={"value": "Generic"}, definition="calc.adds")
    assert "only Manual Tests have steps" in refused(add(door, key, fields={"Action": "a"}))
    assert steps(door, key) == door.http.get(f"{V1}/{key}/step").json() == []


def test_a_tester_reads_steps_and_only_a_lead_changes_them(door: Door, services: Services) -> None:
    key = manual(door)
    number = steps(door, key)[0]["id"]
    as_tester = signed_in_as(services, door.http, Role.TESTER)
    assert door.http.get(f"{V2}/{key}/steps", **as_tester).status_code == 200
    for method, path in (("POST", "steps"), ("PUT", f"steps/{number}"), ("DELETE", f"steps/{number}")):
        body: dict[str, Any] = {"json": {"fields": {"Action": "x"}, "attachments": [NOTE]}} if method != "DELETE" else {}
        assert refused(door.http.request(method, f"{V2}/{key}/{path}", **body, **as_tester), 403)


def test_a_test_of_a_project_without_a_role_does_not_exist(door: Door, services: Services) -> None:
    key = manual(door)
    stranger = signed_in_as(services, door.http, None)
    assert refused(door.http.get(f"{V2}/{key}/steps", **stranger), 404)
    assert refused(door.http.post(f"{V2}/{key}/steps", json={"fields": {"Action": "x"}}, **stranger), 404)


def test_steps_added_at_once_all_land(door: Door, services: Services) -> None:
    key = manual(door)
    with services.db.read() as conn:
        account = people.find_account(conn, "admin")
        assert account is not None
        caller = people.caller(conn, account)

    def one(i: int) -> int:
        return actions.create_step(services, caller, key, StepChange(action=f"new {i}", index=1), (), None).id

    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(one, range(12)))
    assert len(set(numbers)) == 12
    found = steps(door, key)
    assert len(found) == len({s["id"] for s in found}) == 15
    assert set(numbers) <= {s["id"] for s in found}


def test_more_than_ten_thousand_steps_are_refused(door: Door) -> None:
    many = {"steps": [{"fields": {"Action": str(i)}} for i in range(10_000)]}
    key = door.make("Test", type={"value": "Manual"}, steps=many)
    assert "at most 10000 steps" in refused(add(door, key, fields={"Action": "x"}))


def info(*actions_: str, summary: str = "Pays") -> dict[str, Any]:
    steps_ = [{"action": a, "data": f"{a} data", "result": f"{a} result"} for a in actions_]
    return {"projectKey": "DEMO", "summary": summary, "testType": "Manual", "steps": steps_}


def test_an_import_of_equal_steps_makes_no_version(door: Door) -> None:
    key = manual(door, summary="Pays")
    number = steps(door, key)[0]["id"]
    door.http.put(f"{V2}/{key}/steps/{number}", json={"attachments": {"add": [NOTE]}})
    before = steps(door, key)
    door.load({"testInfo": info("a", "b", "c"), "status": "PASS"})
    assert steps(door, key) == before
    assert door.http.get(f"{V2}/{key}/steps?testVersion=3").status_code == 404


def test_an_import_of_other_steps_keeps_ids_and_files_of_those_that_are_equal(door: Door, services: Services) -> None:
    step_field(services, 2, "Note")
    key = manual(door, summary="Pays")
    before = [s["id"] for s in steps(door, key)]
    door.http.put(f"{V2}/{key}/steps/{before[2]}", json={"attachments": {"add": [NOTE]}, "fields": {"Note": "kept"}})
    door.load({"testInfo": info("a", "x", "y", "c"), "status": "PASS"})
    after = steps(door, key)
    assert told(door, key) == ["a", "x", "y", "c"]
    assert (after[0]["id"], after[3]["id"]) == (before[0], before[2])
    assert len({s["id"] for s in after} | {before[1]}) == 5
    assert ([f["fileName"] for f in after[3]["attachments"]], after[3]["fields"]["Note"]["value"]) == (["note.txt"], "kept")
    door.http.put(f"/rest/api/2/issue/{key}", json={"fields": {"customfield_10109": STEPS}})
    assert [s["id"] for s in steps(door, key)][0::2] == before[0::2]


def test_the_details_of_versions_are_read_at_once(door: Door, services: Services) -> None:
    key = manual(door)
    added(door, key, callTestKey=manual(door))
    added(door, key, fields={"Action": "d"}, attachments=[NOTE], index=1)
    (test,) = ids(services, key)
    with services.db.read() as conn:
        versions = conn.execute(sa.select(t.test_versions.c.id).where(t.test_versions.c.test_id == test)).scalars().all()
        found = step_details(conn, versions)
        files = step_files(conn, found)
    assert sorted(len(d) for d in found.values()) == [4, 5]
    assert [d.calls is not None for d in found[max(versions)]] == [False, False, False, False, True]
    assert {v: [[f.filename for f in step] for step in listed] for v, listed in files.items()} == {
        max(versions): [["note.txt"], [], [], [], []]
    }
