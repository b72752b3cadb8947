# SPDX-License-Identifier: Apache-2.0
"""An execution goes out whole, and its Xray JSON comes in again as the same runs."""

from __future__ import annotations

import base64
import csv
import io
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.contract.door import generic, imported, key_of
from tests.contract.runs_door import manual, outline, refused

from radiograph.actions import execution_export
from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role
from radiograph.web.app import build_app

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

FORMATS = ("xray", "junit", "ctrf", "csv")


def export(http: Any, key: str, **query: Any) -> httpx2.Response:
    answer: httpx2.Response = http.get(f"/rest/raven/2.0/export/execution/{key}", params=query)
    return answer


def exported(door: Door, key: str, **query: Any) -> str:
    answer = export(door.http, key, **query)
    assert answer.status_code == 200, answer.text
    return answer.text


def file(name: str, content: bytes, kind: str = "text/plain") -> dict[str, str]:
    return {"filename": name, "contentType": kind, "data": base64.b64encode(content).decode()}


def everything(door: Door) -> dict[str, Any]:
    """An execution whose runs have all that a run can have."""
    bug, requirement = door.make("Bug"), door.make("Story")
    steps = [
        {"status": "PASS", "comment": "a <b>&", "actualResult": "shown"},
        {"status": "FAIL", "defects": [bug], "evidence": [file("step.png", b"\x89PNG\r\n\x1a\n" * 9, "image/png")]},
    ]
    rounds = [
        {"name": f"Round {n}", "parameters": [{"name": "n", "value": str(n)}], "status": status, "log": "a log", "duration": "1.5 s",
         "steps": [{"status": status, "evidence": [file(f"{n}.txt", b"round")]}]}
        for n, status in ((1, "PASS"), (2, "FAIL"))
    ]  # fmt: skip
    failing = manual(
        "FAIL", steps=steps, start="2014-08-30T11:47:35+01:00", finish="2014-08-30T11:50:56.250+01:00", comment="=boom\n  at a]]>\x01\r\n",
        executedBy="ana", assignee="bob", defects=[bug, "SHOP-12"], evidence=[file("big.bin", bytes(range(256)) * 4000)],
        customFields=[{"id": 321, "value": ["option; A", "b"]}, {"name": "Browser", "value": "Firefox"}],
    )  # fmt: skip
    failing["testInfo"]["requirementKeys"] = [requirement]
    info = {
        "project": "DEMO", "summary": "Nightly", "description": "Every night", "version": "v1.3", "revision": "r1",
        "startDate": "2014-08-30T11:47:35+01:00", "finishDate": "2014-08-30T11:53:00+01:00", "testPlanKey": door.make("Test Plan"),
        "testEnvironments": ["iOS", "Android"],
    }  # fmt: skip
    others = (
        outline("FAIL", examples=["PASS", "FAIL", "TODO"]),
        generic(1, "FAIL", iterations=rounds),
        generic(2),
        generic(3, "EXECUTING"),
    )
    return door.load(failing, *others, generic(4, "ABORTED", comment="stopped"), generic(5, "TODO"), info=info)


_OWN = {"id", "testExecKey", "fileURL", "created", "createdDate", "rank"}


def bare(value: Any) -> Any:
    """A run as its execution has it, without ids and addresses, which are of each run its own."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if k not in _OWN}
    return [bare(v) for v in value] if isinstance(value, list) else value


def whole_runs(door: Door, key: str) -> Any:
    return bare(door.http.get("/rest/raven/2.0/api/testruns", params={"testExecKey": key}).json())


def test_xray_json_imported_again_gives_the_same_runs(door: Door) -> None:
    first = key_of(everything(door))
    text = exported(door, first)
    answer = door.http.post("/rest/raven/2.0/import/execution", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    again = answer.json()
    assert (again["testIssues"]["error"], again["testRunWarnings"], again["infoMessages"]) == ([], [], [])
    second = key_of(again)
    assert second != first
    assert whole_runs(door, second) == whole_runs(door, first)
    fields = [door.fields(key) for key in (first, second)]
    for name in ("summary", "description", "fixVersions", "revision", "begin", "end", "plan", "environments"):
        assert fields[1][name] == fields[0][name], name
    assert exported(door, second) == text


def test_xray_json_without_evidence_has_all_but_the_files(door: Door) -> None:
    key = key_of(everything(door))
    report = export(door.http, key, format="xray", evidence="false").json()
    whole = export(door.http, key).json()
    assert "data" not in str(report)
    assert len(whole["tests"][0]["evidence"][0]["data"]) > 1_000_000
    for test in whole["tests"]:
        test.pop("evidence", None)
        for step in [*test.get("steps", []), *(s for i in test.get("iterations", []) for s in i["steps"])]:
            step.pop("evidence", None)
    assert report == whole


def test_junit_names_the_tests_and_tells_what_became_of_them(door: Door) -> None:
    answer = everything(door)
    root = ET.fromstring(exported(door, key_of(answer), format="junit", evidence="true"))  # noqa: S314
    suite = root[0]
    counts = {name: suite.get(name) for name in ("name", "tests", "failures", "skipped", "time", "timestamp")}
    assert counts == {
        "name": "Nightly", "tests": "7", "failures": "3", "skipped": "3", "time": "325.000", "timestamp": "2014-08-30T11:47:35+01:00",
    }  # fmt: skip
    values = [{p.get("name"): p.get("value") or p.text for p in case.iter("property")} for case in suite]
    assert [v["test_key"] for v in values] == imported(answer)
    failure = suite[0].find("failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("=boom", "=boom\n  at a]]>\ufffd\r\n")
    assert [[child.tag for child in case][1:] for case in suite] == [["failure"]] * 3 + [[], ["skipped"], ["skipped"], ["skipped"]]
    files = {item.get("name"): base64.b64decode(item.text or "") for item in suite[0].iterfind(".//*[@name='testrun_evidence']/item")}
    assert (len(files["big.bin"]), set(files)) == (1_024_000, {"big.bin", "step.png"})
    fields = {item.get("name"): item.text for item in suite[0].iterfind(".//*[@name='testrun_customfields']/item")}
    assert fields == {"321": "option\\; A;b", "Browser": "Firefox"}
    assert (suite[3].get("classname"), suite[3].get("name")) == ("calc", "t2")
    assert (suite[0].get("started-at"), suite[0].get("time")) == ("2014-08-30T11:47:35+01:00", "201.250")
    assert values[5]["testrun_comment"] == "stopped"


def test_junit_imported_again_gives_the_same_statuses_keys_comments_and_files(door: Door) -> None:
    first = key_of(everything(door))
    report = export(door.http, first, format="junit", evidence="true").content
    path = "/rest/raven/2.0/import/execution/junit"
    answer = door.http.post(path, files={"file": ("results.xml", report, "application/xml")}, params={"projectKey": "DEMO"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["testIssues"]["error"], answer.json()["testRunWarnings"]) == ([], [])
    before, after = whole_runs(door, first), whole_runs(door, key_of(answer.json()))
    as_junit = {"EXECUTING": "TODO", "ABORTED": "TODO"}  # XML has no place for these
    assert [r["testKey"] for r in after] == [r["testKey"] for r in before]
    assert [r["status"] for r in after] == [as_junit.get(r["status"], r["status"]) for r in before]
    assert [r["comment"] for r in after] == [r["comment"].strip().replace("\x01", "\ufffd") for r in before]
    assert {f["fileName"]: f["filePath"] for f in after[0]["evidences"]} == {
        f["fileName"]: f["filePath"] for f in [*before[0]["evidences"], *before[0]["steps"][1]["evidences"]]
    }
    assert [r.get("startedOn") for r in after] == [r.get("startedOn") for r in before]


def test_ctrf_has_the_statuses_of_its_schema(door: Door) -> None:
    key = key_of(everything(door))
    results = export(door.http, key, format="ctrf").json()["results"]
    statuses = ["failed", "failed", "failed", "passed", "pending", "other", "skipped"]
    assert [test["status"] for test in results["tests"]] == statuses
    assert results["summary"] | {"start": 0, "stop": 0} == {
        "tests": 7, "passed": 1, "failed": 3, "skipped": 1, "pending": 1, "other": 1, "start": 0, "stop": 0,
    }  # fmt: skip
    first = results["tests"][0]
    assert (first["message"], first["duration"], first["rawStatus"]) == ("=boom", 201_250, "FAIL")
    assert first["steps"][0] == {"name": "Open ${page}", "status": "passed", "extra": {"comment": "a <b>&", "actualResult": "shown"}}
    assert door.http.get(first["attachments"][1]["path"].replace("http://testserver", "")).status_code == 200
    inline = export(door.http, key, format="ctrf", evidence="true").json()["results"]["tests"][2]["attachments"][0]
    assert inline["path"] == f"data:text/plain;base64,{base64.b64encode(b'round').decode()}"


def test_csv_has_a_row_for_each_run_and_no_formulas(door: Door) -> None:
    answer = everything(door)
    text = exported(door, key_of(answer), format="csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["Test"] for row in rows] == imported(answer)
    first = rows[0]
    assert first["Comment"] == "'=boom\n  at a]]>\x01\r\n"
    assert (first["Executed by"], first["Evidence"], first["Steps"], first["Seconds"]) == ("ana", "2", "2", "201.250")
    assert first["Started"] == "2014-08-30T11:47:35+01:00"
    assert text.count("\r\n") == 9


@pytest.mark.parametrize("name", FORMATS)
def test_many_runs_come_in_batches_each_once(door: Door, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = door.load(*(generic(i) for i in range(7)))
    whole = exported(door, key_of(answer), format=name)
    for size in (1, 3, 7):
        monkeypatch.setattr(execution_export, "RUNS_AT_ONCE", size)
        assert exported(door, key_of(answer), format=name) == whole
    assert all(key in whole for key in imported(answer))


@pytest.mark.parametrize("name", FORMATS)
def test_the_answer_is_a_download_and_nothing_active(door: Door, name: str) -> None:
    key = key_of(door.load(generic(1)))
    answer = export(door.http, key.lower(), format=name.upper())
    kinds = {"xray": "application/json", "ctrf": "application/json", "junit": "application/xml", "csv": "text/csv; charset=utf-8"}
    endings = {"xray": ".json", "ctrf": ".ctrf.json", "junit": ".xml", "csv": ".csv"}
    assert answer.headers["content-type"] == kinds[name]
    assert answer.headers["content-disposition"] == f'attachment; filename="{key}{endings[name]}"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", FORMATS)
def test_an_execution_without_runs_is_an_empty_report(door: Door, name: str) -> None:
    assert exported(door, door.make("Test Execution"), format=name)


def test_what_is_not_there_or_not_said_is_told(door: Door) -> None:
    key = key_of(door.load(generic(1)))
    refused(export(door.http, "DEMO-999"), 404)
    refused(export(door.http, door.make("Test Plan")), 400)
    assert "one of xray, junit, ctrf, csv, not 'pdf'" in refused(export(door.http, key, format="pdf"), 400)
    refused(export(door.http, key, evidence="maybe"), 400)


def test_a_file_that_was_lost_does_not_keep_the_rest(door: Door, services: Services) -> None:
    key = key_of(door.load(generic(1, evidence=[file("a.txt", b"a"), file("b.txt", b"b")])))
    services.evidence.delete("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")
    assert [f["filename"] for f in export(door.http, key).json()["tests"][0]["evidence"]] == ["b.txt"]
    services.evidence.batch().put([b"a"])
    door.load(generic(1, evidence=[file("a.txt", b"a")]))  # so that the deep check finds it


@pytest.mark.parametrize("name", FORMATS)
def test_hidden_tests_tell_no_more_than_their_keys_and_hidden_executions_nothing(door: Door, services: Services, name: str) -> None:
    add_project(services, "DARK")
    info = {"projectKey": "DARK", "summary": "A secret summary", "testType": "Generic", "definition": "dark.secret"}
    answer = door.load({"testInfo": info, "status": "FAIL", "comment": "as it went"})
    dark = door.load(generic(1), info={"project": "DARK"})
    put_user(services, "vera", "vera")
    give_role(services, "vera", 10402, Role.VIEWER)
    add_token(services, "vera", "t", "token-vera")
    with TestClient(build_app(services), headers={"Authorization": "Bearer token-vera"}) as http:
        text = export(http, key_of(answer), format=name).text
        assert imported(answer)[0] in text
        assert "as it went" in text
        assert "secret" not in text
        refused(export(http, key_of(dark), format=name), 404)
    assert name == "xray" or "A secret summary" in exported(door, key_of(answer), format=name)
