# SPDX-License-Identifier: Apache-2.0
"""One instance and the requests made to it, always the same: what the golden files and the document's tests look at."""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING, Any

import httpx2
from tests.api.flaky_story import ask_flaky
from tests.api.page_story import ask_pages
from tests.api.run_story import by_hand, change_runs
from tests.api.sharing_story import ask_sharing

from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.instance import set_licence
from radiograph.domain.people import Role

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from radiograph.actions.services import Services

V1, V2, JIRA = "/rest/raven/1.0", "/rest/raven/2.0", "/rest/api/2"
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(24)).decode()
OUTLINE = "Scenario Outline: Adding\n  When I add <a> and <b>\n\n  Examples:\n    | a | b |\n    | 1 | 2 |\n    | 0 | 0 |\n"
GENERIC = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}
EXECUTION, PLAN = "DEMO-5", "DEMO-1"
MAX_BODY = 64 * 1024
"""The instance's limit, so that a body over it is quickly made."""

_STEPS = [{"action": "Open the basket", "data": "two articles", "result": "It is shown"}, {"action": "Pay"}]
REPORT: dict[str, Any] = {
    "info": {
        "project": "DEMO",
        "summary": "Nightly",
        "description": "Every night",
        "version": "v1.3",
        "revision": "1.0.42134",
        "user": "admin",
        "startDate": "2014-08-30T11:47:35+01:00",
        "finishDate": "2014-08-30T11:53:00+01:00",
        "testPlanKey": PLAN,
        "testEnvironments": ["iOS", "Android"],
    },
    "tests": [
        {
            "testInfo": {"projectKey": "DEMO", "summary": "Pays", "testType": "Manual", "steps": _STEPS, "requirementKeys": ["DEMO-2"]},
            "start": "2014-08-30T11:47:35+01:00",
            "finish": "2014-08-30T11:50:56+01:00",
            "comment": "The second step <b>failed</b>",
            "status": "FAIL",
            "executedBy": "ana",
            "steps": [
                {"status": "PASS", "comment": "fine", "actualResult": "It is shown"},
                {
                    "status": "FAIL",
                    "actualResult": "An error page",
                    "defects": ["DEMO-3"],
                    "evidences": [{"data": PICTURE, "filename": "error.png", "contentType": "image/png"}],
                },
            ],
            "evidence": [{"data": base64.b64encode(b"GET /pay 503\n").decode(), "filename": "server.log", "contentType": "text/plain"}],
            "defects": ["DEMO-3", "SHOP-12"],
            "customFields": [{"id": 321, "value": ["option A", "option B"]}],
        },
        {
            "testInfo": {
                "projectKey": "DEMO",
                "summary": "Adding",
                "testType": "Cucumber",
                "scenario": OUTLINE,
                "scenarioType": "Scenario Outline",
            },
            "start": "2014-08-30T10:51:00Z",
            "status": "FAIL",
            "examples": ["PASS", "FAIL"],
        },
        {
            "testInfo": GENERIC | {"summary": "Compares", "definition": "calc.compares"},
            "status": "EXECUTING",
            "iterations": [
                {"name": "First", "parameters": [{"name": "browser", "value": "Chrome"}], "status": "PASS", "log": "ok", "duration": "2 s"},
                {
                    "parameters": [{"name": "browser", "value": "Firefox"}],
                    "status": "TODO",
                    "steps": [{"status": "TODO", "comment": "not yet", "actualResult": ""}],
                },
            ],
        },
        {"testKey": "DEMO-4", "status": "PASS"},
    ],
}
_FIELDS = {"project": {"key": "DEMO"}, "summary": "Smoke"}


class Story(dict[str, tuple[str, httpx2.Response]]):
    """Answers by name, each with what was asked."""

    def __init__(self, client: TestClient) -> None:
        super().__init__()
        self.client = client

    def ask(self, name: str, method: str, path: str, **more: Any) -> httpx2.Response:
        """Send a request and keep its answer under a name."""
        response = self.client.request(method, path, **more)
        assert name not in self
        query = "?" + "&".join(f"{k}={v}" for k, v in more["params"].items()) if "params" in more else ""
        self[name] = (f"{method} {path}{query}", response)
        return response

    def import_(self, name: str, report: Any, version: str = V2, **more: Any) -> httpx2.Response:
        """Import a report."""
        return self.ask(name, "POST", f"{version}/import/execution", json=report, **more)


def play(client: TestClient, services: Services) -> Story:
    """Ask everything, in order."""
    story = fill(client, services)
    fail(story, services)
    return story


def fill(client: TestClient, services: Services) -> Story:
    """Ask what makes and shows something, without the errors."""
    put_user(services, "ana", "ana", display_name="Ana")
    story = Story(client)
    _issues(story)
    _imports(story)
    _runs(story)
    _listings(story)
    _relations(story)
    _repository(story)
    _jira(story)
    _tests(story)
    _steps(story)
    change_runs(story, EXECUTION)
    _planned(story)
    _progress(story)
    _features(story)
    _formats(story)
    ask_pages(story)
    _insight(story)
    _administration(story)
    ask_flaky(story, services)
    by_hand(story, EXECUTION)
    ask_sharing(story)
    return story


def _issues(story: Story) -> None:
    test = {"customfield_10105": {"value": "Generic"}, "customfield_10106": "calc.adds"}
    kinds: list[tuple[str, dict[str, Any]]] = [("Test Plan", {}), ("Story", {}), ("Bug", {"labels": ["payment"]}), ("Test", test)]
    for number, (kind, more) in enumerate(kinds, 1):
        fields = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": f"{kind} {number}"} | more
        made = story.ask(f"jira-created-{number}", "POST", f"{JIRA}/issue", json={"fields": fields})
        assert made.json()["key"] == f"DEMO-{number}"


def _imports(story: Story) -> None:
    made = story.import_("import-success", REPORT, params={"branch": "main", "buildUrl": "https://ci.example/4711"})
    assert made.json()["testExecIssue"]["key"] == EXECUTION
    bad = {"testKey": "DEMO-999", "status": "PASS"}
    good = {"testKey": "DEMO-4", "status": "PASS", "colour": 1}
    known = {"testExecutionKey": EXECUTION}
    story.import_("import-partial", known | {"tests": [good, bad, {"testInfo": GENERIC | {"summary": 3}, "status": "PASS"}]}, V1)
    story.import_("import-all-refused", known | {"tests": [bad, {"status": "PASS"}]})
    story.import_("import-dry-run", {"info": {"project": "DEMO"}, "tests": [good, bad]}, params={"dryRun": "true"})
    story.import_("import-strict", known | {"tests": [good, bad]}, params={"strict": "true"})
    odd = {"testKey": "DEMO-4", "status": "PASS", "evidence": [{"filename": "a.txt", "data": "!"}], "start": "yesterday"}
    key = {"Idempotency-Key": "one"}
    story.import_("import-warnings", known | {"tests": [odd]}, headers=key)
    story.import_("import-replayed", known | {"tests": [odd]}, headers=key)
    story.import_("import-key-of-another-request", known | {"tests": [good]}, headers=key)
    fields = {"project": {"id": "10402"}, "summary": "From parts", "customfield_10101": ["chrome"]}
    parts = {"info": {"fields": fields}, "result": {"tests": [{"testKey": "DEMO-4", "status": "TODO"}]}}
    files = {name: json.dumps(part).encode() for name, part in parts.items()}
    story.ask("import-multipart", "POST", f"{V1}/import/execution/multipart", files=files)


def _runs(story: Story) -> None:
    ids = {r["key"]: r["id"] for r in story.ask("testexec", "GET", f"{V1}/api/testexec/{EXECUTION}/test").json()}
    names = {"DEMO-6": "manual", "DEMO-7": "outline", "DEMO-8": "iterations", "DEMO-4": "generic"}
    for version, base in (("v1", V1), ("v2", V2)):
        for key, name in names.items():
            story.ask(f"run-{version}-{name}", "GET", f"{base}/api/testrun/{ids[key]}")
        story.ask(f"run-{version}-steps", "GET", f"{base}/api/testrun/{ids['DEMO-6']}/step")
    for part in ("status", "assignee", "comment", "defect", "attachment"):
        story.ask(f"run-{part}", "GET", f"{V2}/api/testrun/{ids['DEMO-6']}/{part}")
    story.ask("run-example", "GET", f"{V1}/api/testrun/{ids['DEMO-7']}/example")
    story.ask("run-by-keys", "GET", f"{V2}/api/testrun", params={"testExecIssueKey": EXECUTION, "testIssueKey": "DEMO-4"})
    story.ask("run-status-set-v1", "PUT", f"{V1}/api/testrun/{ids['DEMO-4']}/status", params={"status": "aborted"})
    story.ask("run-status-set-v2", "PUT", f"{V2}/api/testrun/{ids['DEMO-4']}/status", params={"status": "PASS"})


def _listings(story: Story) -> None:
    story.ask("testexec-detailed", "GET", f"{V2}/api/testexec/{EXECUTION}/test", params={"detailed": "true", "page": 1, "limit": 2})
    story.ask("test-past", "GET", "/api/tests/DEMO-6")
    story.ask("test-differences", "GET", "/api/tests/DEMO-6/differences")
    story.ask("test-merge-preview", "GET", "/api/tests/DEMO-4/merge", params={"into": "DEMO-8"})
    story.ask("error-400-merge", "GET", "/api/tests/DEMO-6/merge", params={"into": "DEMO-6"})
    story.ask("tests-of-project", "GET", "/api/projects/DEMO/tests", params={"type": "Manual"})
    story.ask("error-400-tests-of-project", "GET", "/api/projects/DEMO/tests", params={"status": "GREEN"})
    story.ask("test-aliases", "GET", "/api/tests/DEMO-6/aliases")
    story.ask("testexec-second-page", "GET", f"{V2}/api/testexec/{EXECUTION}/test", params={"page": 2, "limit": 3})
    story.ask("testruns-v1", "GET", f"{V1}/testruns", params={"testExecKey": EXECUTION, "limit": 2})
    story.ask("testruns-v2", "GET", f"{V2}/api/testruns", params={"testExecKey": EXECUTION, "testKey": "DEMO-6"})
    story.ask("testruns-plan", "GET", f"{V2}/api/testruns", params={"testPlanKey": PLAN, "page": 4, "limit": 1})
    story.ask("testplan-executions", "GET", f"{V2}/api/testplan/{PLAN}/testexecution")
    for name in ("settings/teststatuses", "settings/teststepstatuses", "xraylicense"):
        story.ask(name.rpartition("/")[2], "GET", f"{V2}/api/{name}")


def _relations(story: Story) -> None:
    made = [story.ask(f"jira-created-{kind}", "POST", f"{JIRA}/issue", json={"fields": _FIELDS | {"issuetype": {"name": name}}})
            for kind, name in (("set", "Test Set"), ("precondition", "Precondition"))]  # fmt: skip
    keys = [answer.json()["key"] for answer in made]
    for word, key in zip(("testset", "precondition"), keys, strict=True):
        story.ask(f"{word}-edit", "POST", f"{V2}/api/{word}/{key}/test", json={"add": ["DEMO-4", "DEMO-6", "DEMO-999"]})
        for version, base in (("v1", V1), ("v2", V2)):
            story.ask(f"{word}-tests-{version}", "GET", f"{base}/api/{word}/{key}/test")
    story.ask("testset-remove", "DELETE", f"{V2}/api/testset/{keys[0]}/test/DEMO-4")
    story.ask("testset-remove-again", "DELETE", f"{V2}/api/testset/{keys[0]}/test/DEMO-4")
    story.ask("testplan-tests", "GET", f"{V2}/api/testplan/{PLAN}/test")
    story.ask("testplan-edit-executions", "POST", f"{V2}/api/testplan/{PLAN}/testexecution", json={"add": [EXECUTION]})


def _repository(story: Story) -> None:
    base = f"{V2}/api/testrepository/DEMO/folders"
    top = story.ask("folder-added", "POST", f"{base}/-1", json={"name": "Shop"}).json()["id"]
    story.ask("folder-added-inside", "POST", f"{base}/{top}", json={"name": "Basket"})
    story.ask("folder-taken", "POST", f"{base}/-1", json={"name": "Shop"})
    story.ask("folder-tests-edited", "PUT", f"{base}/{top}/tests", json={"add": ["DEMO-4", "DEMO-6"]})
    story.ask("folder-tests", "GET", f"{base}/{top}/tests", params={"page": 1, "limit": 10})
    story.ask("folder-changed", "PUT", f"{base}/{top}", json={"name": "The shop"})
    story.ask("folders", "GET", base)
    story.ask("folder", "GET", f"{base}/{top}")
    story.ask("folder-unknown", "GET", f"{base}/99")


def _jira(story: Story) -> None:
    for key, name in (("DEMO-4", "generic"), ("DEMO-6", "manual"), ("DEMO-7", "cucumber"), (EXECUTION, "execution"), ("DEMO-3", "bug")):
        story.ask(f"jira-issue-{name}", "GET", f"{JIRA}/issue/{key}")
    story.ask("jira-issue-some-fields", "GET", f"{JIRA}/issue/DEMO-2", params={"fields": "summary,status"})
    story.ask("jira-edited", "PUT", f"{JIRA}/issue/DEMO-3", json={"fields": {"description": "At 12:00"}})
    query = {"jql": "project = DEMO AND issuetype = Bug", "fields": "summary,description,labels"}
    story.ask("jira-search", "GET", f"{JIRA}/search", params=query)
    story.ask("jira-search-post", "POST", f"{JIRA}/search", json={"jql": "", "startAt": 1, "maxResults": 1, "fields": ["project"]})
    _filters(story)
    for name in ("project/DEMO", "project", "field", "issuetype", "myself", "serverInfo", "jql/autocompletedata"):
        story.ask(f"jira-{name.replace('/', '-')}", "GET", f"{JIRA}/{name}")
    _jira_parts(story)
    _jira_metadata(story)
    _jira_changes(story)


def _jira_parts(story: Story) -> None:
    bug = f"{JIRA}/issue/DEMO-3"
    made = story.ask("jira-comment-created", "POST", f"{bug}/comment", json={"body": "Seen on <b>iOS</b>"}).json()
    story.ask("jira-comment-edited", "PUT", f"{bug}/comment/{made['id']}", json={"body": "Seen on Android"})
    story.ask("jira-comments", "GET", f"{bug}/comment")
    story.ask("jira-comment", "GET", f"{bug}/comment/{made['id']}")
    for name in ("editmeta", "remotelink"):
        story.ask(f"jira-issue-{name}", "GET", f"{bug}/{name}")
    files = [("file", ("pay.log", b"GET /pay 503", "text/plain")), ("file", ("a b.html", b"<p>", "text/html"))]
    attached = story.ask("jira-attached", "POST", f"{bug}/attachments", files=files).json()
    story.ask("jira-attachment", "GET", f"{JIRA}/attachment/{attached[0]['id']}")
    story.ask("jira-attachment-content", "GET", attached[0]["content"].removeprefix("http://testserver"))
    for kind, source in (("Blocks", "DEMO-3"), ("Tests", "DEMO-4")):
        body = {"type": {"name": kind}, "inwardIssue": {"key": source}, "outwardIssue": {"key": "DEMO-2"}}
        story.ask(f"jira-linked-{kind.lower()}", "POST", f"{JIRA}/issueLink", json=body)
    story.ask("jira-link", "GET", f"{JIRA}/issueLink/10000")
    story.ask("jira-issue-linked", "GET", f"{JIRA}/issue/DEMO-2", params={"fields": "issuelinks"})
    story.ask("jira-transitions", "GET", f"{bug}/transitions")
    story.ask("jira-moved", "POST", f"{bug}/transitions", json={"transition": {"id": "31"}})
    everything = "changelog,transitions,names,schema,renderedFields,editmeta"
    story.ask("jira-issue-expanded", "GET", bug, params={"fields": "summary,description,comment,resolution", "expand": everything})
    story.ask("jira-issue-without", "GET", bug, params={"fields": "*all,-comment,-description,-attachment"})
    story.ask("jira-watchers", "GET", f"{bug}/watchers")


def _jira_metadata(story: Story) -> None:
    version = {"name": "v1.4", "project": "DEMO", "releaseDate": "2026-12-24"}
    number = story.ask("jira-version-created", "POST", f"{JIRA}/version", json=version).json()["id"]
    story.ask("jira-version", "GET", f"{JIRA}/version/{number}")
    story.ask("jira-version-counts", "GET", f"{JIRA}/version/{number}/relatedIssueCounts")
    made = story.ask("jira-component-created", "POST", f"{JIRA}/component", json={"name": "Payment", "project": "DEMO"})
    story.ask("jira-component", "GET", f"{JIRA}/component/{made.json()['id']}")
    story.ask("jira-category", "GET", f"{JIRA}/statuscategory/2")
    story.ask("jira-field-created", "POST", f"{JIRA}/field", json={"name": "Severity", "type": "option"})
    for name in ("versions", "components", "statuses"):
        story.ask(f"jira-project-{name}", "GET", f"{JIRA}/project/DEMO/{name}")
    for name in (
        "issueLinkType",
        "issueLinkType/10000",
        "issuetype/10006",
        "status",
        "status/Done",
        "statuscategory",
        "priority",
        "priority/1",
    ):
        story.ask(f"jira-{name.replace('/', '-').lower()}", "GET", f"{JIRA}/{name}")
    for name in ("resolution", "user/search", "user/picker", "mypermissions", "attachment/meta"):
        story.ask(f"jira-{name.replace('/', '-')}", "GET", f"{JIRA}/{name}")
    story.ask("jira-user", "GET", f"{JIRA}/user", params={"username": "ana"})
    story.ask("jira-assignable", "GET", f"{JIRA}/user/assignable/search", params={"project": "DEMO", "username": "ana"})
    wanted = {"projectKeys": "DEMO", "issuetypeNames": "Test", "expand": "projects.issuetypes.fields"}
    story.ask("jira-createmeta", "GET", f"{JIRA}/issue/createmeta", params=wanted)
    story.ask("jira-createmeta-types", "GET", f"{JIRA}/issue/createmeta/DEMO/issuetypes", params={"maxResults": 2})
    story.ask("jira-createmeta-fields", "GET", f"{JIRA}/issue/createmeta/DEMO/issuetypes/10010", params={"maxResults": 100})


def _jira_changes(story: Story) -> None:
    task = {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Task"}, "summary": "Write"}}
    made = story.ask(
        "jira-bulk", "POST", f"{JIRA}/issue/bulk", json={"issueUpdates": [task, {"fields": {"project": {"key": "DEMO"}}}]}
    ).json()
    story.ask("jira-bulk-refused", "POST", f"{JIRA}/issue/bulk", json={"issueUpdates": [{"fields": {}}]})
    key = made["issues"][0]["key"]
    story.ask("jira-assigned", "PUT", f"{JIRA}/issue/{key}/assignee", json={"name": "ana"})
    story.ask("jira-unknown-field", "PUT", f"{JIRA}/issue/{key}", json={"fields": {"customfield_99999": 1}})
    story.ask("jira-deleted", "DELETE", f"{JIRA}/issue/{key}")


def _tests(story: Story) -> None:
    for v, api in (("v1", V1), ("v2", V2)):
        story.ask(f"tests-{v}", "GET", f"{api}/api/test", params={"keys": "DEMO-6;DEMO-4;DEMO-7"})
    for name in ("preconditions", "testsets", "testplans", "testexecutions"):
        story.ask(f"test-{name}", "GET", f"{V1}/api/test/DEMO-6/{name}")
    story.ask("error-400-tests", "GET", f"{V2}/api/test")
    place = {"testIssueKey": "DEMO-6"}
    data = {"file": ("dataset.csv", b"user,browser*\r\nana,Chrome\r\nben,Firefox\r\n", "text/csv")}
    story.ask("dataset-imported", "POST", f"{V2}/api/dataset/import", params=place, files=data)
    story.ask("dataset-resolved", "GET", f"{V2}/api/dataset/export", params=place)
    story.ask("dataset-written", "GET", f"{V1}/api/dataset/export", params=place | {"resolved": "false"})
    story.ask("error-400-dataset", "POST", f"{V2}/api/dataset/import", params=place, files={"file": b"user,user\r\n"})
    story.ask("features", "GET", f"{V1}/export/test", params={"keys": "DEMO-7"})
    for name in ("xray", "junit", "ctrf", "csv"):
        story.ask(f"export-{name}", "GET", f"{V2}/export/execution/{EXECUTION}", params={"format": name, "evidence": "true"})
    story.ask("error-400-export", "GET", f"{V1}/export/execution/{EXECUTION}", params={"format": "pdf"})


def _progress(story: Story) -> None:
    story.ask("plans", "GET", "/api/projects/DEMO/plans")
    story.ask("plan-progress", "GET", f"/api/plans/{PLAN}/progress", params={"environment": "iOS"})
    story.ask("plan-burn-up", "GET", f"/api/plans/{PLAN}/burn-up")
    story.ask("coverage", "GET", "/api/projects/DEMO/coverage", params={"version": "v1.3"})
    story.ask("coverage-before", "GET", "/api/projects/DEMO/coverage", params={"at": "2020-01-01"})
    story.ask("coverage-export", "GET", "/api/projects/DEMO/coverage/export")
    story.ask("coverage-gaps", "GET", "/api/projects/DEMO/gaps", params={"gap": "unlinked"})
    story.ask("issue-coverage", "GET", "/api/issues/DEMO-2/coverage")
    story.ask("error-400-coverage", "GET", "/api/projects/DEMO/coverage", params={"at": "yesterday"})
    story.ask("error-400-plan", "GET", "/api/plans/DEMO-2/progress")


def _features(story: Story) -> None:
    place = {"projectKey": "DEMO"}
    good = b"@shop\nFeature: Basket\n  Background:\n    Given a basket\n  Scenario: Pays\n    When I pay\n"
    bad = b"Feature: Basket\n  Scenario: Pays\n    When I pay\n  nonsense\n"
    files = [("file", ("basket.feature", good)), ("file", ("bad.feature", bad))]
    story.ask("features-imported", "POST", f"{V1}/import/feature", params=place, files=files[:1])
    story.ask("features-imported-in-part", "POST", f"{V2}/import/feature", params=place, files=files)
    story.ask("error-400-features", "POST", f"{V2}/import/feature", params=place, files=files[1:])
    story.ask("error-400-features-project", "POST", f"{V2}/import/feature", params={"projectKey": "NONE"}, files=files)


def _insight(story: Story) -> None:
    """What results mean: executions compared."""
    other = {"info": {"project": "DEMO", "summary": "Compared"}, "tests": [{"testKey": "DEMO-6", "status": "PASS"}]}
    key = story.client.post(f"{V2}/import/execution", json=other).json()["testExecIssue"]["key"]
    story.ask("compare", "GET", "/api/compare", params={"e": [EXECUTION, key], "limit": 2})
    story.ask("gate", "GET", "/api/gate", params={"execution": EXECUTION, "min_pass_rate": "40"})
    story.ask("triage", "GET", "/api/projects/DEMO/triage", params={"execution": EXECUTION})
    story.ask("error-400-triage", "GET", "/api/projects/DEMO/triage", params={"state": "odd"})
    story.ask("quarantine", "GET", "/api/projects/DEMO/quarantine")
    story.ask("error-404-gate", "GET", "/api/gate", params={"project": "DEMO", "branch": "no/such"})
    story.ask("error-400-compare", "GET", "/api/compare", params={"e": EXECUTION})


def _formats(story: Story) -> None:
    """Reports of another format, and Cloud's addresses."""
    place, cloud = {"projectKey": "DEMO"}, "/api/v2"
    junit = b'<testsuite name="shop"><testcase classname="shop.Cart" name="adds" time="1"><skipped message="later"/></testcase></testsuite>'
    story.ask("junit", "POST", f"{V1}/import/execution/junit", params=place, content=junit)
    story.ask("junit-multipart", "POST", f"{V2}/import/execution/junit/multipart", params=place, files={"file": ("a.xml", junit)})
    story.ask("error-400-format", "POST", f"{V2}/import/execution/testng", params=place, content=junit)
    story.ask("error-404-format", "POST", f"{V2}/import/execution/junid", params=place, content=junit)
    story.ask("cloud-junit", "POST", f"{cloud}/import/execution/junit", params=place, content=junit)
    story.ask("cloud-import", "POST", f"{cloud}/import/execution", json={"tests": [{"testKey": "DEMO-6", "status": "PASSED"}]})
    fields = {"summary": "Scans", "project": {"key": "DEMO"}}
    tests = [{"testtype": "Cucumber", "fields": fields, "gherkin_def": "Given a till"}, {"testtype": "Generic", "fields": {}}]
    job = story.ask("cloud-tests", "POST", f"{cloud}/import/test/bulk", json=tests).json()["jobId"]
    found = story.ask("cloud-tests-status", "GET", f"{cloud}/import/test/bulk/{job}/status").json()
    story.ask("error-404-cloud-tests", "GET", f"{cloud}/import/test/bulk/999/status")
    story.ask("cloud-cucumber", "GET", f"{cloud}/export/cucumber", params={"keys": found["result"]["issues"][0]["key"]})
    story.ask("cloud-graphql", "POST", f"{cloud}/graphql", json={"query": "{ getTests }"})
    story.ask("error-401-client", "POST", f"{cloud}/authenticate", json={"client_id": "x", "client_secret": "y"})


def _steps(story: Story) -> None:
    one, two = f"{V1}/api/test/DEMO-6/step", f"{V2}/api/test/DEMO-6/steps"
    picture = {"data": PICTURE, "filename": "basket.png", "contentType": "image/png"}
    step = {"step": "Leave", "data": "", "result": "The shop is closed"}
    made = story.ask("step-created-v1", "PUT", one, json=step | {"attachments": [picture]}).json()
    story.ask("step-edited-v1", "POST", f"{one}/{made['id']}", json={"data": "at night", "attachments": {"add": [picture]}})
    fields = {"Action": "Wait", "Colour": "red"}
    new = story.ask("step-created-v2", "POST", two, json={"fields": fields, "index": 1, "attachments": [picture]}).json()["step"]
    story.ask("step-edited-v2", "PUT", f"{two}/{new['id']}", json={"fields": {"Expected Result": {"raw": "Nothing"}}})
    story.ask("step-called", "POST", two, json={"callTestKey": "DEMO-7"})
    story.ask("steps-v1", "GET", one)
    story.ask("steps-v2", "GET", two)
    story.ask("steps-of-a-version", "GET", two, params={"testVersion": 1})
    story.ask("step-v1", "GET", f"{one}/{made['id']}")
    story.ask("step-v2", "GET", f"{two}/{new['id']}")
    story.ask("step-files-v1", "GET", f"{one}/{made['id']}/attachment")
    story.ask("step-files-v2", "GET", f"{two}/{new['id']}/attachments")
    story.ask("step-file-deleted-v1", "DELETE", f"{one}/{made['id']}/attachment/{made['attachmentIds'][0]}")
    story.ask("step-file-deleted-v2", "DELETE", f"{two}/{new['id']}/attachment/{new['attachmentIds'][0]}")
    story.ask("step-deleted-v1", "DELETE", f"{one}/{made['id']}")
    story.ask("step-deleted-v2", "DELETE", f"{two}/{new['id']}")
    story.ask("error-404-step", "GET", f"{two}/999999")
    story.ask("error-400-step", "POST", f"{V2}/api/test/DEMO-4/steps", json={"fields": {"Action": "x"}})


def _planned(story: Story) -> None:
    """A run that was added by hand: with the files of its Test's steps, and with an iteration for each row of the dataset."""
    fields = _FIELDS | {"issuetype": {"name": "Test Execution"}}
    key = story.client.post(f"{JIRA}/issue", json={"fields": fields}).json()["key"]
    picture = {"data": PICTURE, "filename": "user.png", "contentType": "image/png"}
    step = {"fields": {"Action": "Sign in as ${user}", "Data": "with ${browser}"}, "index": 1, "attachments": [picture]}
    story.client.post(f"{V2}/api/test/DEMO-6/steps", json=step)
    story.ask("testexec-edit", "POST", f"{V2}/api/testexec/{key}/test", json={"add": ["DEMO-6"]})
    for version, base in (("v1", V1), ("v2", V2)):
        run = story.client.get(f"{base}/api/testrun", params={"testExecIssueKey": key, "testIssueKey": "DEMO-6"}).json()["id"]
        story.ask(f"run-{version}-planned", "GET", f"{base}/api/testrun/{run}")


def _administration(story: Story) -> None:
    record = story.client.get("/imports").text.rpartition('<a class="key" href="/imports/')[2].partition('"')[0]
    story.ask("me", "GET", "/api/me")
    for name in ("people", "tokens", "vocabulary"):
        story.ask(f"admin-{name}", "GET", f"/api/admin/{name}")
    story.ask("admin-audit", "GET", "/api/admin/audit", params={"action": "project.add"})
    story.ask("project-retention", "GET", "/api/projects/DEMO/retention", params={"executions": 30, "imports": 7})
    story.ask("project-settings", "GET", "/api/projects/DEMO/settings")
    story.ask("undo-preview", "GET", f"/api/imports/{record}/undo")


def _filters(story: Story) -> None:
    values = {"name": "Bugs", "jql": "issuetype = Bug", "description": "What is broken", "sharePermissions": [{"type": "loggedin"}]}
    number = story.ask("jira-filter-created", "POST", f"{JIRA}/filter", json=values).json()["id"]
    for name in (number, "my", "favourite"):
        story.ask(f"jira-filter-{name}", "GET", f"{JIRA}/filter/{name}")
    story.ask("jira-filter-changed", "PUT", f"{JIRA}/filter/{number}", json={"description": ""})
    query = {"jql": "filter = Bugs OR key = DEMO-999", "fields": "summary", "validateQuery": "false"}
    story.ask("jira-search-warnings", "GET", f"{JIRA}/search", params=query)
    story.ask("error-jira-query", "GET", f"{JIRA}/search", params={"jql": "project = DEMO AND asignee = ana"})


def fail(story: Story, services: Services) -> None:
    """Ask for every error that can be had without breaking the server."""
    one = f"{V2}/import/execution"
    story.import_("error-400-no-results", {"info": {"project": "DEMO"}})
    story.ask("error-400-not-json", "POST", one, content=b'{"tests": [')
    story.ask("error-400-parameter", "GET", f"{V2}/api/testexec/{EXECUTION}/test", params={"page": 0})
    story.ask("error-404-run", "GET", f"{V2}/api/testrun/999999")
    story.ask("error-404-path", "GET", f"{V2}/api/nothing")
    story.ask("error-405", "GET", one)
    story.ask("error-413", "POST", one, content=b" " * (MAX_BODY + 1))
    story.ask("error-415", "POST", one, content=gzip.compress(b"{}"), headers={"Content-Encoding": "br"})
    story.ask("error-jira-400", "POST", f"{JIRA}/issue", json={"fields": {"project": {"key": "NOPE"}, "issuetype": {"name": "Bug"}}})
    story.ask("error-jira-404", "GET", f"{JIRA}/issue/DEMO-999")
    set_licence(services, active=False)
    story.import_("error-401-licence", REPORT)
    set_licence(services, active=True)
    give_role(services, "ana", 10402, Role.VIEWER)
    story.client.cookies.clear()
    story.ask("error-403", "POST", one, json=REPORT, auth=("ana", "ana"))
    story.client.cookies.clear()
    story.ask("error-401", "GET", f"{V2}/api/testrun/1", auth=("admin", "wrong"))
    story.ask("error-jira-401", "GET", f"{JIRA}/myself", auth=("admin", "wrong"))
    bad: dict[str, Any] = {"headers": {"Authorization": "Bearer no"}, "auth": None}
    for _ in range(10):
        story.client.get(f"{JIRA}/myself", **bad)
    story.ask("error-429", "GET", f"{V2}/api/testrun/1", **bad)
