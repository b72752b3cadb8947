# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of Xray's API (Xray docs, REST API v1.0 and v2.0) succeeds with the status of its version.

One table: each row is asked on 1.0, 2.0 and latest, on data of its own when it writes. A status of None means that the
vendor's documents don't have it in that version; it must not be a crash all the same.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from radiograph.actions.accounts import add_token, put_user
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = {"data": base64.b64encode(b"hello").decode(), "filename": "hello.txt", "contentType": "text/plain"}
OUTLINE = "Scenario Outline: Adding\n  When I add <a>\n\n  Examples:\n    | a |\n    | 1 |\n    | 2 |\n"
FEATURE = b"Feature: Basket\n  Background:\n    Given a basket\n  Scenario: Pays\n    When I pay\n"
CSV = b"city,browser*\nBerlin,Chrome\nParis,Firefox\n"


class Row(NamedTuple):
    """A request: `path` has names of `Place.names` in braces; `body` is JSON, or text or bytes as they are."""

    method: str
    path: str
    v1: int | None
    v2: int | None
    body: Any = None
    files: dict[str, Any] | None = None


def both(method: str, path: str, status: int | None = 200, v2: int | None = 0, body: Any = None) -> Row:
    return Row(method, f"api/{path}", status, status if v2 == 0 else v2, body)


def of_runs() -> list[Row]:
    run, step = "testrun/{run}", "testrun/{run}/step/{runstep}"
    whole: dict[str, Any] = {"status": "FAIL", "comment": "again", "defects": {"add": ["{bug}"]}, "evidences": {"add": [FILE]}}
    whole |= {"steps": [{"id": "{runstep}", "status": "FAIL", "comment": "no", "evidences": {"add": [FILE]}}]}
    return [
        both("GET", run),
        both("GET", "testrun?testExecIssueKey={exec}&testIssueKey={manual}"),
        both("PUT", run, body=whole),
        both("GET", f"{run}/status"),
        both("PUT", f"{run}/status?status=FAIL", 200, 204),
        both("GET", f"{run}/defect"),
        both("POST", f"{run}/defect", 200, 201, body=["{bug}"]),
        both("DELETE", f"{run}/defect/{{defect}}", 200, 204),
        both("GET", f"{run}/attachment"),
        both("POST", f"{run}/attachment", 200, 201, body=FILE),
        both("DELETE", f"{run}/attachment", 200, 204, body="run.txt"),
        both("DELETE", f"{run}/attachment/{{evidence}}", 200, 204),
        both("GET", f"{run}/comment"),
        both("PUT", f"{run}/comment", body="plain text"),
        both("GET", f"{run}/assignee"),
        both("PUT", f"{run}/assignee?user=admin", 200, None),
        both("GET", "testrun/{outlinerun}/example", 200, None),
        both("GET", "testrun/{outlinerun}/example/0"),
        both("PUT", "testrun/{outlinerun}/example/0?status=FAIL"),
        both("GET", f"{run}/step"),
        both("GET", step),
        both("PUT", step, body={"status": "FAIL", "comment": "no", "actualResult": "nothing", "evidences": {"add": [FILE]}}),
        both("GET", f"{step}/status"),
        both("PUT", f"{step}/status?status=FAIL"),
        both("GET", f"{step}/attachment"),
        both("POST", f"{step}/attachment", body=FILE),
        both("DELETE", f"{step}/attachment", body="step.txt"),
        both("DELETE", f"{step}/attachment/{{stepevidence}}"),
        both("GET", f"{run}/customfield/{{runfield}}", None, 200),
        both("PUT", f"{run}/customfield/{{runfield}}", None, 204, body={"value": "Chrome"}),
        *of_iterations(),
    ]


def of_iterations() -> list[Row]:
    iteration = "testrun/{datarun}/iteration/{iteration}"
    step = f"{iteration}/step/{{iterationstep}}"
    return [
        both("GET", iteration, None, 200),
        both("PUT", iteration, None, 200, body={"status": "FAIL"}),
        both("GET", f"{iteration}/step", None, 200),
        both("GET", step, None, 200),
        both("PUT", step, None, 200, body={"status": "FAIL", "comment": "no"}),
        both("GET", f"{step}/status", None, 200),
        both("PUT", f"{step}/status?status=FAIL", None, 204),
        both("GET", f"{step}/attachment", None, 200),
        both("POST", f"{step}/attachment", None, 204, body=FILE),
        both("DELETE", f"{step}/attachment?filename=iteration.txt", None, 204),
        both("DELETE", f"{step}/attachment/{{iterationevidence}}", None, 204),
    ]


def of_tests() -> list[Row]:
    step = {"step": "Look", "data": "here", "result": "It is there", "attachments": [FILE]}
    fields = {"fields": {"Action": "Look", "Data": "here", "Expected Result": "It is there"}, "attachments": [FILE]}
    one, two = "api/test/{manual}/step", "api/test/{manual}/steps"
    return [
        both("GET", "test?keys={manual};{outline}"),
        both("GET", "test?jql=key={manual}"),
        *(both("GET", f"test/{{manual}}/{word}") for word in ("testruns", "preconditions", "testsets", "testexecutions", "testplans")),
        Row("GET", one, 200, None), Row("GET", two, None, 200),
        Row("GET", f"{one}/{{step}}", 200, None), Row("GET", f"{two}/{{step}}", None, 200),
        Row("PUT", one, 200, None, step), Row("POST", two, None, 201, fields),
        Row("POST", f"{one}/{{step}}", 200, None, {"step": "Look again", "attachments": {"add": [FILE], "remove": []}}),
        Row("PUT", f"{two}/{{step}}", None, 200, {"fields": {"Action": "Look again"}}),
        Row("DELETE", f"{one}/{{step}}", 200, None), Row("DELETE", f"{two}/{{step}}", None, 204),
        Row("GET", f"{one}/{{step}}/attachment", 200, None), Row("GET", f"{two}/{{step}}/attachments", None, 200),
        Row("DELETE", f"{one}/{{step}}/attachment/{{stepfile}}", 200, None),
        Row("DELETE", f"{two}/{{step}}/attachment/{{stepfile}}", None, 204),
    ]  # fmt: skip


def of_relations() -> list[Row]:
    owners = {"testexec": "exec", "testplan": "plan", "testset": "set", "precondition": "precondition"}
    rows = [
        row for word, owner in owners.items() for row in (
            both("GET", f"{word}/{{{owner}}}/test"),
            both("POST", f"{word}/{{{owner}}}/test", body={"add": ["{generic}"], "remove": ["{outline}"]}),
            both("DELETE", f"{word}/{{{owner}}}/test/{{manual}}"),
        )
    ]  # fmt: skip
    plan = "testplan/{plan}/testexecution"
    return [
        *rows, both("GET", "testexec/{exec}/test?detailed=true&page=1&limit=2"), both("GET", plan),
        both("POST", plan, body={"add": ["{exec}"], "addTestsToPlan": True}), both("DELETE", f"{plan}/{{exec}}"),
    ]  # fmt: skip


def of_repository() -> list[Row]:
    base = "testrepository/{project}/folders"
    return [
        both("GET", base), both("GET", f"{base}/-1"), both("GET", f"{base}/{{folder}}"), both("GET", "testrepository/{plan}/folders"),
        both("POST", f"{base}/-1", body={"name": "New of {exec}"}), both("PUT", f"{base}/{{folder}}", body={"name": "Of {exec}", "rank": 1}),
        both("DELETE", f"{base}/{{folder}}"), both("GET", f"{base}/{{folder}}/tests?allDescendants=true&page=1&limit=50"),
        both("PUT", f"{base}/{{folder}}/tests", body={"add": ["{generic}"], "remove": ["{manual}"]}),
    ]  # fmt: skip


def of_the_rest() -> list[Row]:
    return [
        both("GET", "settings/teststatuses"), both("GET", "settings/teststepstatuses"), both("GET", "xraylicense"),
        both("GET", "project/{project}/settings/customfields/testruns", None, 200),
        both("GET", "project/{project}/settings/customfields/teststeps", None, 200),
        both("PUT", "testrunstatus/reset", None, 200, body={}), both("PUT", "requirementstatus/reset", None, 200, body={}),
        both("GET", "dataset/export?testIssueKey={data}", None, 200),
        Row("POST", "api/dataset/import?testIssueKey={manual}", None, 200, files={"file": ("data.csv", CSV, "text/csv")}),
        Row("GET", "testruns?testExecKey={exec}", 200, 200), both("GET", "testruns?testExecKey={exec}&testKey={manual}"),
        both("GET", "testruns?testPlanKey={plan}&page=1&limit=10"), both("GET", "testruns?savedFilterId={filter}&includeTestFields=summary"),
        Row("GET", "execution/result?testExecKey={exec}", 200, None),
        *(Row("GET", f"export/execution/{{exec}}?format={name}", 200, 200) for name in ("xray", "junit", "ctrf", "csv")),
        Row("POST", "import/feature?projectKey=DEMO", 200, 200, files={"file": ("basket.feature", FEATURE, "text/plain")}),
        Row("GET", "export/test?keys={outline}", 200, 200), Row("GET", "export/test?keys={outline}&fz=true", 200, 200),
    ]  # fmt: skip


ROWS = [*of_tests(), *of_relations(), *of_runs(), *of_repository(), *of_the_rest()]
VERSIONS = ("1.0", "2.0", "latest")


class Place:
    """A project with one of everything; `names` are its keys and ids by the words in the table's paths."""

    def __init__(self, http: TestClient) -> None:
        self.http = http
        self.names: dict[str, Any] = {"project": "DEMO"}
        for word, kind, more in _ISSUES:
            self.names[word] = self.make(kind, **more)
        self._gather()
        self._import()
        self._look()

    def call(self, method: str, path: str, **more: Any) -> Any:
        answer = self.http.request(method, path, **more)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.headers.get("content-type", "").startswith("application/json") else None

    def make(self, kind: str, **fields: Any) -> str:
        body = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": f"A {kind}"} | fields
        return str(self.call("POST", "/rest/api/2/issue", json={"fields": body})["key"])

    def _gather(self) -> None:
        n, api = self.names, "/rest/raven/1.0/api"
        for word, owner in (("testplan", "plan"), ("testset", "set"), ("precondition", "precondition")):
            self.call("POST", f"{api}/{word}/{n[owner]}/test", json={"add": [n["manual"], n["outline"], n["data"]]})
        self.call("POST", f"{api}/testplan/{n['plan']}/testexecution", json={"add": [n["exec"]]})
        folders = f"{api}/testrepository/DEMO/folders"
        existing = [f["id"] for f in self.call("GET", folders)["folders"] if f["name"] == "Shop"]
        n["folder"] = existing[0] if existing else self.call("POST", f"{folders}/-1", json={"name": "Shop"})["id"]
        self.call("PUT", f"{folders}/{n['folder']}/tests", json={"add": [n["manual"]]})
        self.call("POST", f"/rest/raven/2.0/api/dataset/import?testIssueKey={n['data']}", files={"file": ("d.csv", CSV, "text/csv")})
        fields = "/rest/raven/2.0/api/project/DEMO/settings/customfields/testruns"
        known = [f["id"] for f in self.call("GET", fields) if f["name"] == "Browser"]
        n["runfield"] = known[0] if known else self.call("POST", fields, json={"name": "Browser", "type": "text"})["id"]
        name, jql = f"Of {n['exec']}", f"key = {n['exec']}"
        n["filter"] = self.call("POST", "/rest/api/2/filter", json={"name": name, "jql": jql})["id"]

    def _import(self) -> None:
        n = self.names
        steps = [{"status": "PASS", "evidence": [FILE | {"filename": "step.txt"}]}, {"status": "TODO"}]
        inner = [{"status": "PASS", "evidence": [FILE | {"filename": "iteration.txt"}]}]
        tests = [
            {"testKey": n["manual"], "status": "PASS", "steps": steps, "defects": [n["other"]],
             "evidence": [FILE | {"filename": "run.txt"}]},
            {"testKey": n["outline"], "status": "PASS", "examples": ["PASS", "PASS"]},
            {"testKey": n["data"], "status": "PASS",
             "iterations": [{"parameters": [{"name": "city", "value": "Berlin"}], "status": "PASS", "steps": inner}]},
        ]  # fmt: skip
        self.call("POST", "/rest/raven/2.0/import/execution", json={"testExecutionKey": n["exec"], "tests": tests})

    def _look(self) -> None:
        n, api = self.names, "/rest/raven/2.0/api"
        runs = {row["key"]: row["id"] for row in self.call("GET", f"{api}/testexec/{n['exec']}/test")}
        n |= {"run": runs[n["manual"]], "outlinerun": runs[n["outline"]], "datarun": runs[n["data"]]}
        run = self.call("GET", f"{api}/testrun/{n['run']}")
        n |= {"runstep": run["steps"][0]["id"], "evidence": run["evidences"][0]["id"], "defect": n["other"]}
        n["stepevidence"] = run["steps"][0]["evidences"][0]["id"]
        iteration = self.call("GET", f"{api}/testrun/{n['datarun']}")["iterations"][0]
        step = self.call("GET", f"{api}/testrun/{n['datarun']}/iteration/{iteration['id']}/step")[0]
        n |= {"iteration": iteration["id"], "iterationstep": step["id"], "iterationevidence": step["evidences"][0]["id"]}
        made = self.call("PUT", f"/rest/raven/1.0/api/test/{n['manual']}/step", json={"step": "With a file", "attachments": [FILE]})
        n |= {"step": made["id"], "stepfile": made["attachmentIds"][0]}

    def filled(self, value: Any) -> Any:
        """The value with the names in it replaced; a text that is only a number's name becomes the number."""
        if isinstance(value, str):
            if value.startswith("{") and value[1:-1] in self.names:
                return self.names[value[1:-1]]
            return value.format(**self.names) if "{" in value else value
        if isinstance(value, dict):
            return {k: self.filled(v) for k, v in value.items()}
        return [self.filled(v) for v in value] if isinstance(value, list) else value

    def ask(self, row: Row, version: str) -> int:
        """The status of the row's answer."""
        more: dict[str, Any] = {"files": row.files} if row.files else {}
        if isinstance(row.body, str):
            more = {"content": row.body.encode(), "headers": {"Content-Type": "application/json"}}
        elif row.body is not None:
            more = {"content": json.dumps(self.filled(row.body)).encode(), "headers": {"Content-Type": "application/json"}}
        return self.http.request(row.method, f"/rest/raven/{version}/{row.path.format(**self.names)}", **more).status_code


_STEPS = {"steps": [{"index": 1, "fields": {"Action": "Open ${city}", "Data": "", "Expected Result": "Open"}}]}
_MANUAL = {"customfield_10105": {"value": "Manual"}, "customfield_10109": _STEPS}
_CUCUMBER = {"customfield_10105": {"value": "Cucumber"}, "customfield_10107": OUTLINE, "customfield_10108": {"value": "Scenario Outline"}}
_ISSUES: list[tuple[str, str, dict[str, Any]]] = [
    ("manual", "Test", _MANUAL), ("data", "Test", _MANUAL), ("outline", "Test", _CUCUMBER),
    ("generic", "Test", {"customfield_10105": {"value": "Generic"}, "customfield_10106": "a.b"}),
    ("exec", "Test Execution", {}), ("plan", "Test Plan", {}), ("set", "Test Set", {}), ("precondition", "Precondition", {}),
    ("bug", "Bug", {}), ("other", "Bug", {}),
]  # fmt: skip


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    services = prepare(Settings(data=tmp_path_factory.mktemp("endpoints")))
    put_user(services, "admin", "admin", admin=True)
    add_token(services, "admin", "table", "table-token")
    add_project(services, "DEMO", project_id=10402)
    with TestClient(build_app(services), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = "Bearer table-token"
        yield client
    services.db.close()


@pytest.fixture(scope="module")
def statuses(http: TestClient) -> dict[tuple[Row, str], int]:
    """The status of every row in every version; the rows are tuples that hold lists, so they are known by their place."""
    shared = Place(http)
    found = {}
    for number, row in enumerate(ROWS):
        for version in VERSIONS:
            place = shared if row.method == "GET" else Place(http)
            found[number, version] = place.ask(row, version)
    return found  # type: ignore[return-value]


@pytest.mark.timeout(600)
def test_every_endpoint_has_the_status_of_its_version(statuses: dict[tuple[int, str], int], capsys: pytest.CaptureFixture[str]) -> None:
    wrong = []
    lines = [f"{'endpoint':<78}{'1.0':>5}{'2.0':>5}{'latest':>8}"]
    for number, row in enumerate(ROWS):
        seen = [statuses[number, version] for version in VERSIONS]
        lines.append(f"{row.method + ' ' + row.path:<78}{seen[0]:>5}{seen[1]:>5}{seen[2]:>8}")
        for status, wanted, version in zip(seen, (row.v1, row.v2, row.v2), VERSIONS, strict=True):
            if status >= 500 if wanted is None else status != wanted:
                wrong.append(f"{row.method} {version}/{row.path}: {status}, not {wanted}")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert wrong == []
