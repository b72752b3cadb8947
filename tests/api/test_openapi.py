# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document is valid, whole and true: generated requests and real answers are checked against it."""

from __future__ import annotations

import copy
import re
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import httpx2
import jsonschema_rs
import pytest
import schemathesis
from msgspec import Raw, Struct, structs
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from tests.api import story
from tests.effort import effort

from radiograph.actions import demo, demo_reports
from radiograph.actions.accounts import add_token, put_user
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role
from radiograph.formats import xray_wire
from radiograph.settings import Settings
from radiograph.web.api import ENDPOINTS
from radiograph.web.app import all_routes, build_app
from radiograph.web.openapi import ALIASES, document
from radiograph.web.pages import routes as pages
from radiograph.web.raven.written import LATER, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN = "contract-token"
DOCUMENT = document(ENDPOINTS, "http://testserver")
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": it for path, methods in DOCUMENT["paths"].items() for method, it in methods.items()
}
CONFIG: dict[str, Any] = {
    "seed": 1,
    "headers": {"Authorization": f"Bearer {TOKEN}"},
    "generation": {"max-examples": effort(2, 5), "deterministic": True, "database": "none"},
    "output": {"sanitization": {"enabled": False}},
    # What is well-formed may still name what isn't there, or can't be carried out: a 400 that says so is right.
    # Requests without a sign-in are left out: wrong passwords take long by design, and test_error_shape.py walks every path.
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "409"]}, "ignored_auth": {"enabled": False}},
    # The handlers of 1.0 are those of 2.0, which gets the whole treatment.
    "operations": [{"include-tag": "Xray 1.0", "phases": {"coverage": {"enabled": False}}}],
}
CHECKS = {
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "positive_data_acceptance", "negative_data_rejection", "unsupported_method",
}  # fmt: skip


NEED_A_FILE = {f"DELETE {path}" for path in DOCUMENT["paths"] if path.endswith("/attachment/{attachment}")} | {"GET /api/evidence/{id}"}
"""What nothing generated leads to: a file that was kept before. The golden files have these."""


class FromEverywhere:
    """The server with every request from another address, so that refused sign-ins of one don't count for the next."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.requests = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        n = self.requests
        await self.app({**scope, "client": (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", 1)}, receive, send)


@pytest.fixture
def demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ASGIApp]:
    """The server of the demonstration, which has the keys of the document's examples, with a short history."""
    monkeypatch.setattr(demo_reports, "WEEKS", 1)
    services = prepare(Settings(data=tmp_path / "data", max_body=story.MAX_BODY))
    demo.seed(services)
    add_token(services, "admin", "contract", TOKEN, role=Role.ADMIN)
    yield FromEverywhere(build_app(services))
    services.db.close()


def test_the_document_is_valid_openapi() -> None:
    schemathesis.openapi.from_dict(DOCUMENT).validate()


@pytest.mark.timeout(900)  # 100 s of one core, but cores are shared
def test_generated_requests_are_answered_as_the_document_says(demonstration: ASGIApp, capsys: pytest.CaptureFixture[str]) -> None:
    # What deletes issues and takes imports back would take what the other operations show, no generated credentials are right, and GraphQL is always
    # refused; their own tests are in contract/ and golden/.
    contract = _contract(demonstration).exclude(operation_id=["delete_issue", "undo_import", "cloud_authenticate", "cloud_graphql"])
    cases: Counter[str] = Counter()
    ran: Counter[str] = Counter()
    done: defaultdict[str, set[int]] = defaultdict(set)
    problems: list[str] = []
    for event in from_schema(contract).execute():
        if isinstance(event, (events.NonFatalError, events.FatalError)):
            problems.append(repr(event))
        if not isinstance(event, events.ScenarioFinished):
            continue
        cases[event.phase.value] += len(event.recorder.cases)
        for number, checks in event.recorder.checks.items():
            ran.update(c.name for c in checks)
            operation = event.recorder.cases[number].value.operation.label
            problems += [f"{operation}: {c.name}: {c.failure_info.failure}\n{c.failure_info.code_sample}" for c in checks if c.failure_info]
        for number, interaction in event.recorder.interactions.items():
            if interaction.response is not None:
                done[event.recorder.cases[number].value.operation.label].add(interaction.response.status_code // 100)
    with capsys.disabled():
        sys.stdout.write(f"\n{sum(cases.values())} generated requests: {dict(cases)}\n")
    assert not problems, "\n\n".join(problems)
    assert not CHECKS - ran.keys()
    # GET /openapi.json is the tool's own way to the document. What one request deletes isn't there for the next:
    # that each DELETE can succeed is shown by tests/api/test_every_endpoint.py.
    asked = [
        label
        for label in OPERATIONS.keys()
        - {"GET /openapi.json", "POST /api/imports/{id}/undo", "GET /rest/api/2/attachment/{id}"}
        - NEED_A_FILE
        if not label.startswith("DELETE ") and not label.endswith(("/authenticate", "/graphql"))
    ]
    assert [label for label in asked if 2 not in done[label]] == []


def _contract(server: ASGIApp) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", server, config=SchemathesisConfig.from_dict(CONFIG))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[story.Story]:
    """The answers of the golden files, errors too."""
    services = prepare(Settings(data=tmp_path_factory.mktemp("story"), max_body=story.MAX_BODY))
    put_user(services, "admin", "admin", admin=True, display_name="Administrator")
    add_project(services, "DEMO", "Demonstration", project_id=10402)
    with TestClient(build_app(services), raise_server_exceptions=False) as client:
        client.auth = ("admin", "admin")
        found = story.fill(client, services)
        file = found["run-attachment"][1].json()[0]["fileURL"].removeprefix("http://testserver")
        twins = [asked for asked, _ in found.values() if asked.startswith("GET /rest/raven/")]
        swapped = [asked.replace("/2.0/", "/1.0/") if "/2.0/" in asked else asked.replace("/1.0/", "/2.0/") for asked in twins]
        of_this_machine = ("/health/live", "/health/ready", "/openapi.json", "/api/admin/server", "/api/admin/storage")
        for asked in (f"GET {file}", *(f"GET {place}" for place in of_this_machine), *dict.fromkeys(swapped)):
            found.ask(f"too {asked}", *asked.split(" "))
        story.fail(found, services)
        yield found
    services.db.close()


def _operation_of(asked: str) -> dict[str, Any] | None:
    method, _, target = asked.partition(" ")
    path = target.partition("?")[0]
    for label, operation in OPERATIONS.items():
        for template in (label.partition(" ")[2], *operation.get(ALIASES, ())):
            if label.startswith(f"{method} ") and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
                return operation
    return None


def _closed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with no room for members that it doesn't name, but for those of `fields`, which has custom ones."""
    closed = copy.deepcopy(document)
    for name, schema in closed["components"]["schemas"].items():
        schema["additionalProperties"] = name == "IssueFields"
    return closed


def test_every_get_and_every_error_is_answered_in_its_shape(played: story.Story) -> None:
    components = _closed(DOCUMENT)["components"]
    seen = set()
    for name, (asked, answer) in played.items():
        operation = _operation_of(asked)
        if operation is None:
            assert answer.status_code in {404, 405}, name
            continue
        described = operation["responses"][str(answer.status_code)]
        if "$ref" in described:
            described = components["responses"][described["$ref"].rpartition("/")[2]]
        else:
            seen.add(operation["operationId"])
        content = described.get("content")
        if content is None:
            assert not answer.content, name
        elif "application/json" in content:
            schema = content["application/json"]["schema"] | {"components": components}
            jsonschema_rs.Draft202012Validator(schema).validate(answer.json())
        else:
            assert answer.status_code == 200
            assert answer.content
    assert {it["operationId"] for label, it in OPERATIONS.items() if label.startswith("GET ")} - seen == set()
    assert {it["operationId"] for label, it in OPERATIONS.items() if label.startswith("DELETE ") and "/testrun/" in label} <= seen


def _routes(routes: Any) -> Iterator[Route]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _routes(route.routes or ())
        elif route not in pages.routes:
            yield route


def test_every_route_that_is_no_page_is_described() -> None:
    described = {
        (label.partition(" ")[0], path) for label, it in OPERATIONS.items() for path in (label.partition(" ")[2], *it.get(ALIASES, ()))
    }
    served = {(m, re.sub(r":\w+}", "}", r.path)) for r in _routes(all_routes()) for m in (r.methods or ()) if m != "HEAD"}
    assert served - {("GET", "/api-docs"), ("GET", "/api-docs/{operation}")} == described


def test_every_name_in_a_path_is_described() -> None:
    for label, operation in OPERATIONS.items():
        named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", label)), label
        assert operation["summary"], label


def test_whoever_is_not_signed_in_is_refused_before_anything_else(client: TestClient) -> None:
    client.auth = httpx2.Auth()
    for label, operation in OPERATIONS.items():
        method, _, path = label.partition(" ")
        answer = client.request(method, re.sub(r"{\w+}", "0", path) + "?page=x&startAt=x", content=b"{")
        assert (answer.status_code == 401) is ("security" not in operation), label


def test_a_wrong_method_is_told_every_right_one(client: TestClient) -> None:
    answer = client.delete("/rest/raven/2.0/api/testrun/1/status")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "PUT"})


def test_a_flag_that_is_neither_true_nor_false_is_refused(client: TestClient) -> None:
    report = {"info": {"project": "DEMO"}, "tests": [{"testInfo": story.GENERIC, "status": "PASS"}]}
    answer = client.post("/rest/raven/2.0/import/execution?dryRun=ture", json=report)
    assert (answer.status_code, answer.json()["details"]) == (400, [{"path": "dryRun", "problem": "must be true or false, not 'ture'"}])
    assert client.get("/rest/api/2/search").json()["total"] == 0
    for text, stored in (("false", 2), ("0", 2), ("", 0), ("yes", 0)):
        before = client.get("/rest/api/2/search").json()["total"]
        assert client.post(f"/rest/raven/2.0/import/execution?dryRun={text}&buildUrl={text}", json=report).status_code == 200
        assert (client.get("/rest/api/2/search").json()["total"] > before) is bool(stored)


def test_a_body_of_another_type_is_told_where(client: TestClient) -> None:
    for body, field in (({"fields": 5}, "fields"), ({"update": {"labels": {}}}, "update[...]"), ([], "body")):
        answer = client.post("/rest/api/2/issue", json=body)
        told = answer.json()
        assert (answer.status_code, list(told["errors"]) or [told["errorMessages"][0].partition(":")[0]]) == (400, [field])
    assert list(client.post("/rest/api/2/search", json={"startAt": -1}).json()["errors"]) == ["startAt"]
    assert client.post("/rest/api/2/search", json={"startAt": "1", "maxResults": None}).json()["maxResults"] == 50


def test_people_with_odd_names_have_an_address(client: TestClient) -> None:
    report = {"info": {"project": "DEMO"}, "tests": [{"testInfo": story.GENERIC, "status": "PASS", "assignee": "J Doe & co"}]}
    key = client.post("/rest/raven/2.0/import/execution", json=report).json()["testExecIssue"]["key"]
    client.put(f"/rest/api/2/issue/{key}", json={"fields": {"assignee": {"name": "J Doe & co"}}})
    person = client.get(f"/rest/api/2/issue/{key}").json()["fields"]["assignee"]
    assert person["self"] == "http://testserver/rest/api/2/user?username=J%20Doe%20%26%20co"


def test_what_the_reader_keeps_for_later_is_described_as_it_is_written() -> None:
    kinds = [k for k in vars(xray_wire).values() if isinstance(k, type) and issubclass(k, Struct) and k is not Struct]
    kept = {(k, f.name) for k in kinds for f in structs.fields(k) if "Raw" in str(f.type) or isinstance(f.default, Raw)}
    assert kept == set(LATER)
    assert not [f for k in kinds for f in structs.fields(written(k)) if "Raw" in str(f.type)]
    evidence = DOCUMENT["components"]["schemas"]["WireEvidence"]["properties"]["data"]["anyOf"][0]
    assert evidence["contentEncoding"] == "base64"


def test_the_document_and_its_page_need_no_sign_in_and_stand_below_the_base_path(tmp_path: Path) -> None:
    services = prepare(Settings(data=tmp_path, base_path="/jira"))
    with TestClient(build_app(services)) as client:
        found = client.get("/jira/openapi.json").json()
        assert found["servers"] == [{"url": "http://testserver/jira"}]
        assert found["paths"] == DOCUMENT["paths"]
        page = client.get("/jira/api-docs")
        operations = set(re.findall(r'href="/jira/api-docs/([^"]+)"', page.text))
        assert {it["operationId"] for it in OPERATIONS.values()} == operations
        shown = [_operation_page(client.get(f"/jira/api-docs/{name}")) for name in sorted(operations)]
        missing = client.get("/jira/api-docs/no-such-thing")
    services.db.close()
    assert set(DOCUMENT["components"]["schemas"]) == set().union(*shown) & set(DOCUMENT["components"]["schemas"])
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []  # none of its own
    assert 'href="/jira/openapi.json"' in page.text
    assert len(page.content) < 150_000
    assert missing.status_code == 404


def _operation_page(answer: httpx2.Response) -> set[str]:
    """What the page of an operation has to link to; every link within it leads somewhere."""
    assert answer.status_code == 200
    assert len(answer.content) < 150_000
    targets = set(re.findall(r'id="([^"]+)"', answer.text))
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= targets
    return targets
