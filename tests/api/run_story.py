# SPDX-License-Identifier: Apache-2.0
"""What the story asks to change in Test Runs and to read of their parts, in both versions."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.api.story import Story

V1, V2 = "/rest/raven/1.0/api", "/rest/raven/2.0/api"
LOG = {"filename": "console.log", "contentType": "plain/text", "data": base64.b64encode(b"ready\n").decode()}
FIELD = {"name": "Browser", "type": "select", "options": ["Chrome", "Firefox"]}
SETTINGS = f"{V2}/project/DEMO/settings/customfields"


def change_runs(story: Story, execution: str) -> None:
    """Ask for everything that can be done with runs, after all else."""
    rows = story.client.get(f"{V2}/testexec/{execution}/test").json()
    ids = {row["key"]: row["id"] for row in rows}
    _fields(story)
    for version, base in (("v1", V1), ("v2", V2)):
        _whole(story, version, f"{base}/testrun/{ids['DEMO-4']}")
        _steps(story, version, f"{base}/testrun/{ids['DEMO-6']}")
        _examples(story, version, f"{base}/testrun/{ids['DEMO-7']}")
    _iterations(story, f"{V2}/testrun/{ids['DEMO-8']}")
    _around(story, ids, execution)
    _refused(story, f"{V2}/testrun/{ids['DEMO-6']}")


def _fields(story: Story) -> None:
    story.ask("field-created", "POST", f"{SETTINGS}/testruns", json=FIELD)
    story.ask("field-created-again", "POST", f"{SETTINGS}/testruns", json=FIELD)
    story.ask("field-of-steps-created", "POST", f"{SETTINGS}/teststeps", json={"name": "Hint", "type": "text"})
    story.ask("field-edited", "PUT", f"{SETTINGS}/testruns/100", json=FIELD | {"description": "Where it ran"})
    story.ask("fields-of-runs", "GET", f"{SETTINGS}/testruns")
    story.ask("fields-of-steps", "GET", f"{SETTINGS}/teststeps")
    story.ask("field-removed", "DELETE", f"{SETTINGS}/teststeps/101")


def _whole(story: Story, version: str, run: str) -> None:
    def ask(name: str, method: str, path: str = "", **more: Any) -> Any:
        return story.ask(f"run-edit-{version}-{name}", method, f"{run}{path}", **more)

    fields = {"customFields": [{"id": 100, "value": "firefox"}]}
    ask("whole", "PUT", json={"comment": "By hand", "assignee": "admin", "defects": {"add": ["DEMO-3", "SHOP-1"]}, **fields})
    ask("status", "PUT", "/status", params={"status": "FAIL"})
    ask("comment", "PUT", "/comment", content=b"Not <b>yet</b>", headers={"Content-Type": "application/json"})
    ask("assignee", "PUT", "/assignee", params={"user": "ana"})
    ask("unassigned", "DELETE", "/assignee")
    ask("defect-added", "POST", "/defect", json=["SHOP-2"])
    ask("defect-removed", "DELETE", "/defect/SHOP-2")
    number = ask("file-added", "POST", "/attachment", json=LOG).json()["id"]
    ask("file-removed", "DELETE", f"/attachment/{number}")
    story.client.post(f"{run}/attachment", json=LOG)
    ask("file-removed-by-name", "DELETE", "/attachment", content=b"console.log")
    ask("after", "GET")


def _steps(story: Story, version: str, run: str) -> None:
    def ask(name: str, method: str, path: str = "", **more: Any) -> Any:
        return story.ask(f"run-step-{version}-{name}", method, f"{run}/step/-2{path}", **more)

    ask("one", "GET")
    number = ask("edited", "PUT", json={"status": "PASS", "comment": "again", "evidences": [LOG]}).json()["evidenceIds"][0]
    ask("status", "GET", "/status")
    ask("status-set", "PUT", "/status", params={"status": "FAIL"})
    ask("files", "GET", "/attachment")
    ask("file-added", "POST", "/attachment", json=LOG)
    ask("file-removed", "DELETE", f"/attachment/{number}")
    ask("file-removed-by-name", "DELETE", "/attachment", content=b"console.log")


def _examples(story: Story, version: str, run: str) -> None:
    story.ask(f"run-example-{version}-one", "GET", f"{run}/example/0")
    story.ask(f"run-example-{version}-set", "PUT", f"{run}/example/1", params={"status": "PASS"})


def _iterations(story: Story, run: str) -> None:
    def ask(name: str, method: str, path: str = "", **more: Any) -> Any:
        return story.ask(f"run-iteration-{name}", method, f"{run}/iteration/-2{path}", **more)

    ask("one", "GET")
    ask("edited", "PUT", json={"steps": [{"id": -1, "status": "PASS", "comment": "done"}]})
    ask("steps", "GET", "/step")
    ask("step", "GET", "/step/-1")
    ask("step-edited", "PUT", "/step/-1", json={"actualResult": "It is shown"})
    ask("step-status", "GET", "/step/-1/status")
    ask("step-status-set", "PUT", "/step/-1/status", params={"status": "FAIL"})
    ask("step-file-added", "POST", "/step/-1/attachment", json=LOG)
    number = ask("step-files", "GET", "/step/-1/attachment").json()[0]["id"]
    ask("step-file-removed", "DELETE", f"/step/-1/attachment/{number}")
    story.client.post(f"{run}/iteration/-2/step/-1/attachment", json=LOG)
    ask("step-file-removed-by-name", "DELETE", "/step/-1/attachment", params={"filename": "console.log"})


def _around(story: Story, ids: dict[str, int], execution: str) -> None:
    run = f"{V2}/testrun/{ids['DEMO-4']}"
    story.ask("run-history", "GET", f"{run}/history", params={"limit": 7})
    story.ask("run-custom-field", "GET", f"{run}/customfield/Browser")
    story.ask("run-custom-field-set", "PUT", f"{run}/customfield/100", json={"value": "Chrome"})
    story.ask("test-runs-v1", "GET", f"{V1}/test/DEMO-4/testruns", params={"testEnvironments": "iOS"})
    story.ask("test-runs-v2", "GET", f"{V2}/test/DEMO-4/testruns", params={"page": 2, "limit": 1})
    query = {"testExecKey": execution, "testKey": "DEMO-4", "includeTestFields": "Summary,labels"}
    story.ask("testruns-fields", "GET", f"{V2}/testruns", params=query)
    story.ask("execution-result", "GET", "/rest/raven/1.0/execution/result", params={"testExecKey": execution, "limit": 1})
    story.ask("reset-runs", "PUT", f"{V2}/testrunstatus/reset", params={"projectKey": "DEMO"})
    number = story.ask("reset-requirements", "PUT", f"{V2}/requirementstatus/reset", params={"projectKey": "DEMO"}).json()["jobId"]
    story.ask("job", "GET", f"{V2}/job/{number}")


def _refused(story: Story, run: str) -> None:
    story.ask("error-400-run-status", "PUT", run, json={"status": "GREEN"})
    story.ask("error-400-run-body", "PUT", run, json={"steps": [{"status": "PASS"}]})
    story.ask("error-400-run-field", "PUT", run, json={"customFields": [{"id": 100, "value": "Lynx"}]})
    story.ask("error-404-run-step", "PUT", run, json={"steps": [{"id": -9, "status": "PASS"}]})
    story.ask("error-404-run-file", "DELETE", f"{run}/attachment/999999")


def by_hand(story: Story, execution: str) -> None:
    """What the page of manual execution sends; a change that is sent twice is made once."""
    rows = story.client.get(f"{V2}/testexec/{execution}/test").json()
    run = f"/api/testrun/{next(row['id'] for row in rows if row['key'] == 'DEMO-6')}"
    change = {"id": "change-0001", "field": "status", "step": 1, "value": "FAIL"}
    others = [
        {"id": "change-0002", "field": "status", "step": 1, "value": "PASS", "was": "TODO"},
        {"id": "change-0003", "field": "nothing"},
    ]
    story.ask("manual-changes", "POST", f"{run}/changes", json=[change, *others])
    story.ask("manual-changes-again", "POST", f"{run}/changes", json=[change])
    story.ask("manual-evidence", "POST", f"{run}/evidence", params={"id": "file-0001", "name": "page.txt", "step": 1}, content=b"Sorry")
    bug = {"id": "report-0001", "project": "DEMO", "summary": "It fails", "description": "Sorry", "step": 1}
    story.ask("manual-bug", "POST", f"{run}/bug", json=bug)
    story.ask("manual-execution", "GET", f"{run}/execution")
