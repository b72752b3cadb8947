# SPDX-License-Identifier: Apache-2.0
"""The rules of an import: statuses, repeated results, steps, evidence and defects."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import IMPORT, generic, imported, key_of, told

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services


def only_run(door: Door, answer: dict[str, Any]) -> dict[str, Any]:
    return door.run(key_of(answer), imported(answer)[0])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pass", "PASS"), ("PASSED", "PASS"), ("Failed", "FAIL"), ("TO DO", "TODO"), ("to  do", "TODO"), ("SKIPPED", "TODO"),
        ("Pending", "TODO"), ("xfail", "TODO"), ("executing", "EXECUTING"), ("ABORTED", "ABORTED"),
    ],
)  # fmt: skip
def test_statuses_are_read_in_any_case_and_by_their_aliases(door: Door, written: str, meant: str) -> None:
    assert only_run(door, door.load(generic(1, written)))["status"] == meant


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"steps": [{"status": "PASS"}, {"status": "FAIL"}]}, "FAIL"),
        ({"steps": [{"status": "PASS"}, {}]}, "EXECUTING"),
        ({"examples": ["PASS", "PASS"]}, "PASS"),
        ({"examples": ["PASS", "TODO"]}, "EXECUTING"),
        ({"iterations": [{"status": "PASS"}, {"steps": [{"status": "FAIL"}]}]}, "FAIL"),
        ({"iterations": [{"status": "ABORTED"}, {"status": "PASS"}]}, "ABORTED"),
    ],
)
def test_a_missing_status_is_computed_from_the_parts(door: Door, parts: dict[str, Any], status: str) -> None:
    assert only_run(door, door.load(generic(1, None, **parts)))["status"] == status


def test_the_alias_map_can_be_set(door: Door, services: Services) -> None:
    settings = dataclasses.replace(services.settings, status_aliases="skipped = ABORTED, wont do=TODO")
    app: Any = door.http.app
    app.state.services = dataclasses.replace(services, settings=settings)
    answer = door.load(generic(1, "Skipped"), generic(2, "Wont  Do"), generic(3, "PASSED"))
    assert [door.run(key_of(answer), test)["status"] for test in imported(answer)] == ["ABORTED", "TODO"]
    assert "'PASSED' is no status here" in answer["testIssues"]["error"][0]["messages"][0]


def test_a_test_version_is_told_to_be_ignored(door: Door) -> None:
    assert "$.tests[0].testVersion is not supported" in told(door.load(generic(1, testVersion="2"), generic(2, testVersion="")))


def test_a_given_status_wins_over_its_parts(door: Door) -> None:
    assert only_run(door, door.load(generic(1, "PASS", steps=[{"status": "FAIL"}])))["status"] == "PASS"


def test_the_same_test_twice_in_one_report_is_merged_and_told(door: Door) -> None:
    answer = door.load(
        generic(1, "PASS", comment="one", start="2026-01-01T10:00:00Z", finish="2026-01-01T10:00:05Z", defects=["X-1"]),
        generic(1, "FAIL", comment="two", start="2026-01-01T09:00:00Z", finish="2026-01-01T10:00:03Z", defects=["X-1", "X-2"]),
    )
    run = only_run(door, answer)
    assert (run["status"], run["comment"], run["attempts"]) == ("FAIL", "one\n\ntwo", 0)
    assert (run["startedOnIso"], run["finishedOnIso"]) == ("2026-01-01T09:00:00+00:00", "2026-01-01T10:00:05+00:00")
    assert [d["key"] for d in run["defects"]] == ["X-1", "X-2"]
    assert "$.tests[1]: Test 1 has a result already at $.tests[0]; both were merged" in told(answer)


def test_a_second_result_replaces_the_first_whole_and_keeps_the_runs_id(door: Door) -> None:
    full = {
        "comment": "boom", "steps": [{"status": "FAIL"}], "examples": ["FAIL"], "iterations": [{"status": "FAIL"}], "defects": ["X-1"],
        "evidence": [{"filename": "a.txt", "data": "YQ=="}], "start": "2026-01-01T10:00:00Z",
    }  # fmt: skip
    first = door.load(generic(1, "FAIL", **full))
    before = only_run(door, first)
    door.load(generic(1, "PASS"), execution=key_of(first))
    after = only_run(door, first)
    assert (after["id"], after["status"], after["comment"], after["attempts"]) == (before["id"], "PASS", "", 1)
    assert (after["steps"], after["defects"], after["evidences"]) == ([], [], [])
    assert "iterations" not in after
    assert "startedOn" not in after


def test_a_result_that_was_not_final_leaves_no_attempt(door: Door) -> None:
    first = door.load(generic(1, "TODO"))
    door.load(generic(1, "EXECUTING"), execution=key_of(first))
    door.load(generic(1, "PASS"), execution=key_of(first))
    assert only_run(door, first)["attempts"] == 0


def test_defects_linked_by_hand_stay_when_a_result_is_replaced(door: Door, services: Services) -> None:
    first = door.load(generic(1, "FAIL", defects=["X-1", "X-2"]))
    with services.db.write() as conn:
        conn.execute(sa.text("UPDATE run_defects SET by_hand = :yes WHERE key = 'X-2'"), {"yes": True})
    door.load(generic(1, "FAIL", defects=["X-3"]), execution=key_of(first))
    assert sorted(d["key"] for d in only_run(door, first)["defects"]) == ["X-2", "X-3"]


def test_defects_here_are_linked_and_those_of_elsewhere_are_kept(door: Door) -> None:
    bug = door.make("Bug", summary="Payment times out")
    run = only_run(door, door.load(generic(1, "FAIL", defects=[bug.lower(), "OTHER-9", bug])))
    assert {d["key"]: d["summary"] for d in run["defects"] if d["id"]} != {}
    assert "OTHER-9" in [d["key"] for d in run["defects"]]


def test_steps_beyond_the_tests_are_kept_with_a_warning_and_missing_ones_are_todo(door: Door) -> None:
    info = {"projectKey": "DEMO", "summary": "Opens", "testType": "Manual", "steps": [{"action": "a"}, {"action": "b"}]}
    answer = door.load({"testInfo": info, "steps": [{"status": "PASS"}] * 3})
    assert [s["status"] for s in only_run(door, answer)["steps"]] == ["PASS"] * 3
    assert "1 step results are beyond the 2 steps" in told(answer)
    shorter = door.load({"testInfo": info, "status": "PASS", "steps": [{"status": "PASS"}]})
    assert [s["status"] for s in only_run(door, shorter)["steps"]] == ["PASS", "TODO"]


def test_steps_of_a_generic_test_are_kept_without_a_warning(door: Door) -> None:
    answer = door.load(generic(1, steps=[{"status": "PASS", "actualResult": "ok"}]))
    assert only_run(door, answer)["steps"][0]["actualResult"]["raw"] == "ok"
    assert told(answer) == ""


def test_iterations_examples_and_steps_together_are_all_kept(door: Door) -> None:
    step = {"status": "PASS", "comment": "c"}
    parts: dict[str, Any] = {
        "steps": [step],
        "examples": ["PASS"],
        "iterations": [{"status": "PASS", "steps": [step, step], "parameters": [{"name": "n", "value": 1}]}],
    }
    run = only_run(door, door.load(generic(1, **parts)))
    assert (len(run["steps"]), len(run["examples"]), len(run["iterations"][0]["steps"])) == (1, 1, 2)
    assert run["iterations"][0]["parameters"] == [{"name": "n", "value": "1"}]


def fetch(door: Door, evidence: dict[str, Any]) -> bytes:
    answer = door.http.get(evidence["fileURL"])
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    return bytes(answer.content)


@pytest.mark.parametrize(
    "data",
    [
        "aGVsbG8gd29ybGQ/Pj4+", "aGVsbG8gd29ybGQ_Pj4-", "aGVs\nbG8g d29y\tbGQ/Pj4+\r\n", "data:text/plain;base64,aGVsbG8gd29ybGQ/Pj4+",
    ],
)  # fmt: skip
def test_evidence_is_read_in_every_way_that_clients_write_it(door: Door, data: str) -> None:
    run = only_run(door, door.load(generic(1, evidence=[{"filename": "a.txt", "data": data}])))
    assert fetch(door, run["evidences"][0]) == b"hello world?>>>"


def test_escaped_slashes_and_missing_padding_in_evidence_are_read(door: Door) -> None:
    body = json.dumps({"info": {"project": "DEMO"}, "tests": [generic(1, evidence=[{"filename": "a", "data": "Pz8/Pw"}])]})
    answer = door.http.post(IMPORT, content=body.replace("Pz8/Pw", "Pz8\\/Pw"), headers={"Content-Type": "application/json"})
    assert fetch(door, only_run(door, answer.json())["evidences"][0]) == b"????"


def test_evidence_and_evidences_are_one(door: Door) -> None:
    one, two = ({"filename": f"{n}.txt", "data": "YQ==", "contentType": "text/plain"} for n in (1, 2))
    run = only_run(door, door.load(generic(1, evidence=[one], evidences=[two])))
    assert [e["fileName"] for e in run["evidences"]] == ["1.txt", "2.txt"]


def test_bad_evidence_is_skipped_with_a_warning_and_its_result_kept(door: Door) -> None:
    files = [
        {"filename": "bad", "data": "!!!!"}, {"data": "YQ=="}, {"filename": "none"}, {"filename": "n", "data": 7},
        {"filename": "more", "data": "YQ==YQ=="}, {"filename": "good", "data": "YQ=="},
    ]  # fmt: skip
    answer = door.load(generic(1, evidence=files))
    run = only_run(door, answer)
    assert [e["fileName"] for e in run["evidences"]] == ["good"]
    for i in range(5):
        assert f"$.tests[0].evidence[{i}]: " in told(answer)
    assert answer["testRunWarnings"][0]["testRunId"] == str(run["id"])


def test_evidence_over_the_limit_is_skipped_with_a_warning(door: Door, services: Services) -> None:
    limited = dataclasses.replace(services.settings, max_evidence=1000)
    app: Any = door.http.app
    app.state.services = dataclasses.replace(services, settings=limited)
    data = base64.b64encode(bytes(1001)).decode()
    answer = door.load(generic(1, evidence=[{"filename": "big", "data": data}]))
    assert "big is larger than the limit of 1000 bytes" in told(answer)


def test_file_names_are_shown_and_never_used_as_paths(door: Door) -> None:
    names = ["../../etc/passwd", "C:\\x\\y.txt", "a\r\nSet-Cookie: x", "ä \u202e.png", "<script>.html"]
    run = only_run(door, door.load(generic(1, evidence=[{"filename": n, "data": "YQ=="} for n in names])))
    assert [e["fileName"] for e in run["evidences"]] == names
    for evidence in run["evidences"]:
        answer = door.http.get(evidence["fileURL"])
        assert (answer.status_code, answer.content) == (200, b"a")
        assert "set-cookie: x" not in str(answer.headers).lower()


@pytest.mark.parametrize(("name", "content"), [("x.html", b"<script>alert(1)</script>"), ("x.svg", b"<svg onload='alert(1)'/>")])
def test_evidence_that_a_browser_could_run_is_only_a_download(door: Door, name: str, content: bytes) -> None:
    file = {"filename": name, "contentType": "text/html", "data": base64.b64encode(content).decode()}
    evidence = only_run(door, door.load(generic(1, evidence=[file])))["evidences"][0]
    answer = door.http.get(evidence["fileURL"])
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_types_are_sniffed_when_missing_or_wrong(door: Door) -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()
    files = [{"filename": "a", "data": png}, {"filename": "b.png", "contentType": "image/png", "data": "aGVsbG8="}]
    run = only_run(door, door.load(generic(1, evidence=files)))
    assert [e["mimeType"] for e in run["evidences"]] == ["image/png", "text/plain"]


def test_the_same_file_is_stored_once(door: Door, services: Services) -> None:
    door.load(*(generic(i, evidence=[{"filename": f"{i}", "data": "c2FtZQ=="}]) for i in range(5)))
    assert len(list(services.evidence.names())) == 1


def test_custom_fields_are_kept_as_they_came(door: Door) -> None:
    fields = [{"id": 3, "name": "Browser", "value": ["a", {"b": 1}]}]
    assert only_run(door, door.load(generic(1, customFields=fields)))["customFields"] == fields


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"])
def test_json_is_json_whatever_the_content_type(door: Door, content_type: str) -> None:
    body = json.dumps({"info": {"project": "DEMO"}, "tests": [generic(1)]})
    answer = door.http.post(IMPORT, content=body, headers={"Content-Type": content_type} if content_type else {})
    assert answer.status_code == 200, answer.text


def test_a_multipart_body_that_comes_as_json_is_told_by_its_boundary(door: Door) -> None:
    report = json.dumps({"tests": [generic(1)]})
    info = json.dumps({"fields": {"project": {"key": "DEMO"}}})
    head = '--xyz\r\nContent-Disposition: form-data; name="{}"; filename="x.json"\r\nContent-Type: application/json\r\n\r\n{}\r\n'
    body = head.format("info", info) + head.format("result", report) + "--xyz--\r\n"
    answer = door.http.post(f"{IMPORT}/multipart", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
