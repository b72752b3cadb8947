# SPDX-License-Identifier: Apache-2.0
"""atlassian-python-api, unmodified: every method of its Xray class that reads or changes Test Runs, against the demonstration."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any

import pytest
from requests import HTTPError

if TYPE_CHECKING:
    from atlassian import Xray

EXECUTION = "DEMO-1206"
FILE = {"filename": "log.txt", "contentType": "plain/text", "data": base64.b64encode(b"hello").decode()}


def run_of(xray: Xray, test: str) -> int:
    return int(next(r["id"] for r in xray.get_tests_with_test_execution(EXECUTION) if r["key"] == test))


def test_runs_of_a_test(xray: Xray) -> None:
    assert EXECUTION in [run["testExecKey"] for run in xray.get_test_runs("DEMO-1207")]
    assert xray.get_test_runs_with_environment("DEMO-1207", ["no such place"]) == []


def test_runs_in_a_context(v2: Xray) -> None:
    assert len(v2.get_test_runs_in_context(test_exec_key=EXECUTION, limit=2, page=1)) == 2
    assert v2.get_test_runs_in_context(test_exec_key=EXECUTION, limit=2, page=9) == []
    (run,) = v2.get_test_runs_in_context(test_exec_key=EXECUTION, test_key="DEMO-7", include_test_fields="Summary,labels")
    assert run["testFields"] == {"Summary": "Adding two numbers", "labels": []}
    assert v2.get_test_runs_in_context(test_plan_key="DEMO-100", limit=1)[0]["id"]
    with pytest.raises(HTTPError, match="There is no filter"):
        v2.get_test_runs_in_context(saved_filter_id="No such filter")


def test_a_run_its_status_and_its_assignee(xray: Xray) -> None:
    number = run_of(xray, "DEMO-1207")
    assert xray.get_test_run(number)["testKey"] == "DEMO-1207"
    for status in ("EXECUTING", "FAIL"):
        assert xray.update_test_run_status(number, status)["id"] == number
        assert xray.get_test_run(number)["status"] == status
    xray.get_test_run_status(number)
    assert xray.update_test_run_assignee(number, "ana")["warnings"] == []
    assert xray.get_test_run_assignee(number) == {"assigned": True, "assignee": "ana"}
    with pytest.raises(HTTPError, match="There is no user nobody"):
        xray.update_test_run_assignee(number, "nobody")
    with pytest.raises(HTTPError, match="no Test Run 99999999"):
        xray.get_test_run(99999999)


def test_a_runs_comment_and_defects(xray: Xray) -> None:
    number = run_of(xray, "DEMO-7")
    xray.update_test_run_comment(number, "Needs to be reworked")
    assert xray.get_test_run_comment(number) == {"raw": "Needs to be reworked", "rendered": "<p>Needs to be reworked</p>"}
    xray.update_test_run_defects(number, add=["DEMO-10", "DEMO-11"])
    xray.update_test_run_defects(number, remove=["DEMO-11"])
    assert [d["key"] for d in xray.get_test_run_defects(number)] == ["DEMO-10"]


def test_a_runs_steps(xray: Xray) -> None:
    assert [s["index"] for s in xray.get_test_run_steps(run_of(xray, "DEMO-1207"))] == [1, 2]


def test_a_run_by_keys_is_changed_whole(v2: Xray) -> None:
    run = v2.get_test_run_by_keys(EXECUTION, "DEMO-1207")
    body: dict[str, Any] = {"status": "PASS", "steps": [{"id": str(run["steps"][0]["id"]), "status": "PASS", "evidences": {"add": [FILE]}}]}
    answer = v2.update_test_run(run["id"], body)
    assert len(answer["stepResults"][0]["evidenceIds"]) == 1
    assert v2.get_test_run(run["id"])["status"] == "PASS"


def test_custom_fields_of_a_run(v2: Xray) -> None:
    number = run_of(v2, "DEMO-1207")
    (field,) = v2.get_project_test_run_custom_fields("DEMO")
    assert (field["name"], field["type"]) == ("Browser", "select")
    assert len(v2.get_project_test_step_custom_fields(10402)) >= 3
    v2.update_test_run_custom_field(number, field["id"], {"value": "firefox"})
    assert v2.get_test_run_custom_field(number, field["id"])["value"] == "Firefox"


def test_an_iteration_and_its_steps(v2: Xray) -> None:
    number = run_of(v2, "DEMO-6")
    (found,) = v2.get_test_run(number)["iterations"]
    iteration, step = found["id"], found["steps"][0]["id"]
    assert v2.get_test_run_iteration(number, iteration)["parameters"] == [{"name": "rounding", "value": "half up"}]
    assert v2.update_test_run_iteration(number, iteration, {"status": "EXECUTING"})["id"] == iteration
    assert [s["id"] for s in v2.get_test_run_iteration_steps(number, iteration)] == [step]
    assert v2.update_test_run_iteration_step(number, iteration, step, {"comment": "fine"})["id"] == step
    assert v2.get_test_run_iteration_step(number, iteration, step)["comment"]["raw"] == "fine"
    v2.update_test_run_iteration_step_status(number, iteration, step, "PASS")
    assert v2.get_test_run_iteration_step_status(number, iteration, step) == {"status": "PASS"}
    assert v2.get_test_run(number)["status"] == "PASS"
    for _ in range(2):
        v2.add_test_run_iteration_step_attachment(number, iteration, step, FILE)
    first, _ = v2.get_test_run_iteration_step_attachments(number, iteration, step)
    v2.delete_test_run_iteration_step_attachment(number, iteration, step, first["id"])
    v2.delete_test_run_iteration_step_attachments(number, iteration, step, "log.txt")
    assert v2.get_test_run_iteration_step_attachments(number, iteration, step) == []


def test_statuses_are_recalculated(v2: Xray) -> None:
    for answer in (v2.reset_test_run_status(keys=EXECUTION), v2.reset_requirement_status(jql="project = DEMO AND issuetype = Story")):
        address = answer["self"].partition("/rest/")[2]
        for _ in range(200):
            state = v2.get(f"rest/{address}")
            if state["state"] != "running":
                break
            time.sleep(0.05)
        assert state["state"] == "done"
