# SPDX-License-Identifier: Apache-2.0
"""Every route there is answers an error in the shape that its clients read: routes are walked, none is named."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from starlette.routing import Route
from starlette.testclient import TestClient

from radiograph.actions.accounts import Gate, add_token, give_role, put_user
from radiograph.actions.instance import prepare, set_licence
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role
from radiograph.settings import Settings
from radiograph.store.database import Database
from radiograph.web.api import ENDPOINTS
from radiograph.web.app import all_routes, build_app
from radiograph.web.endpoints import FORM, JSON, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from radiograph.actions.services import Services

XRAY = "application/json;charset=UTF-8"
OPEN = {
    "/health/live", "/health/ready", "/sign-in", "/rest/api/2/serverInfo", "/rest/api/latest/serverInfo", "/api-docs", "/api-docs/{operation}",
    "/openapi.json",     "/api/v1/authenticate", "/api/v2/authenticate",
}  # fmt: skip
"""What anybody may see; every other route wants to know who asks."""
BADGE = "/badges/{key}/{target:path}"
"""A picture: who has its key sees it, and others see a picture that says so."""
TOKENS = {"admin": "admin-token", "viewer": "viewer-token", "stranger": "stranger-token"}
REPORT = {"info": {"project": "DEMO"}, "tests": [{"testKey": "DEMO-1", "status": "PASS"}]}
ISSUE = {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Bug"}, "summary": "It breaks"}}


def _walk() -> list[tuple[str, frozenset[str]]]:
    """Every path with the methods that it takes."""
    found = sorted((r.path, m) for r in all_routes() if isinstance(r, Route) for m in (r.methods or {"GET"}))
    return [(path, frozenset(m for _, m in rows)) for path, rows in groupby(found, key=lambda row: row[0])]


ROUTES = _walk()
CALLS = [(path, method) for path, methods in ROUTES for method in sorted(methods - {"HEAD"})]
IMPORTS = [path for path, method in CALLS if "/import/" in path and method == "POST"]


def at(path: str, **values: str) -> str:
    """An address of a route: its parameters are 1 (DEMO-1 for a key, auto for a format) unless they are given."""
    usual = {"format": "auto", "operation": "openapi"} | values
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: usual.get(m[1], "DEMO-1" if m[1].lower().endswith("key") else "1"), path)


def example(path: str, method: str) -> dict[str, Any]:
    """The body that the document shows for a request, as the client's arguments; none where it takes none."""
    body = next((e.body for e in ENDPOINTS if path in e.paths and e.method == method), None)
    if body is None:
        return {}
    if body.media == FORM:
        return {
            "files": {name: ("a.txt", b"x") if isinstance(part, str) else (None, json.dumps(part)) for name, part in body.example.items()}
        }
    return {"json": body.example} if body.media == JSON else {"content": str(body.example)}


def asked(path: str, method: str) -> dict[str, str]:
    """The parameters that a request can't do without."""
    query = next((e.query for e in ENDPOINTS if path in e.paths and e.method == method), ())
    return {p.name: p.example or "x" for p in query if isinstance(p, Word) and p.required}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = prepare(Settings(data=tmp_path_factory.mktemp("data"), max_body=100_000))
    project = add_project(made, "DEMO", "Demonstration", project_id=10402)
    for name, token in TOKENS.items():
        put_user(made, name, None, admin=name == "admin")
        add_token(made, name, "test", token)
    give_role(made, "viewer", project, Role.VIEWER)
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def server(services: Services) -> Iterator[TestClient]:
    with TestClient(build_app(services), raise_server_exceptions=False, follow_redirects=False) as http:
        yield http


@pytest.fixture
def http(server: TestClient) -> TestClient:
    """The server without a memory of who came before."""
    server.app.state.gate = Gate()  # type: ignore[attr-defined]
    server.cookies.clear()
    return server


def signed(who: str = "admin") -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKENS[who]}"}


def assert_error(answer: httpx2.Response, status: int) -> str:
    """The answer is an error of that status in the right shape; its text."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    assert answer.headers["content-type"] == XRAY
    body = answer.json()
    if "/rest/api/" in answer.request.url.path:
        assert body.keys() == {"errorMessages", "errors"}
        texts = [*body["errorMessages"], *body["errors"].values()]
        assert texts
        assert all(isinstance(text, str) and text for text in texts)
        return "; ".join(texts)
    assert body.keys() == {"error", "message", "details"}
    assert body["error"] == body["message"]
    assert body["error"]
    assert all(detail.keys() == {"path", "problem"} for detail in body["details"])
    return str(body["error"])


def is_page(path: str) -> bool:
    return not path.endswith("/live") and not path.startswith(("/rest/", "/plugins/", "/secure/", "/health/", "/api/"))


def test_there_are_routes_to_walk() -> None:
    assert {"/rest/raven/1.0/import/execution", "/rest/raven/2.0/api/testrun/{id}", "/rest/api/2/issue/{key}"} <= {p for p, _ in ROUTES}
    assert len(IMPORTS) >= 12


@pytest.mark.parametrize(("path", "method"), CALLS)
def test_who_is_not_signed_in_gets_a_401_or_the_way_to_sign_in(http: TestClient, path: str, method: str) -> None:
    answer = http.request(method, at(path))
    if path == BADGE:
        assert (answer.status_code, answer.headers["content-type"]) == (404, "image/svg+xml")
    elif path in OPEN:
        assert answer.status_code < 400 or method == "POST", answer.text
    elif is_page(path):
        assert (answer.status_code, answer.headers["location"].startswith("/sign-in?next=/")) == (303, True)
    else:
        assert "signed in" in assert_error(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize(("path", "method"), [c for c in CALLS if c[0] not in OPEN and not is_page(c[0])])
def test_wrong_credentials_are_a_401(http: TestClient, path: str, method: str) -> None:
    for header in ("Bearer wrong", "Bearer", "Bearer ", "bearer  ", "Basic", "Basic !!!", "Basic bm9ib2R5", "Basic /w==", "Digest x", "x"):
        answer = http.request(method, at(path), headers={"Authorization": header})
        assert "signed in" in assert_error(answer, 401)
        assert "www-authenticate" in answer.headers


@pytest.mark.parametrize(("path", "methods"), ROUTES)
def test_a_method_that_a_path_does_not_take_is_a_405(http: TestClient, path: str, methods: frozenset[str]) -> None:
    for method in {"DELETE", "PATCH", "PUT", "OPTIONS", "BREW"} - methods:
        answer = http.request(method, at(path), headers=signed())
        assert f"{method} is not possible at" in assert_error(answer, 405)
        assert set(re.split(r", *", answer.headers["allow"])) <= methods


@pytest.mark.parametrize(
    "path",
    [
        "/rest/raven/1.0/nothing", "/rest/raven/3.0/import/execution", "/rest/raven", "/rest/api/2/nothing",
        "/rest/api/3/issue/DEMO-1", "/rest/api/2/issue/DEMO-1/more", "/rest/", "/nothing", "/static/nothing.css", "/static/../app.py",
        "/rest/api/2/issue/%F0%9F%98%80", "/rest/raven/1.0/" + "x" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["admin", None])
def test_a_path_that_is_not_there_is_a_404(http: TestClient, path: str, who: str | None) -> None:
    answer = http.get(path, headers=signed(who) if who else {})
    assert_error(answer, 401 if who is None and path.startswith("/rest/api/2/issue/%") else 404)


@pytest.mark.parametrize(("path", "method"), [c for c in CALLS if re.search(r"\{id\}", c[0])])
def test_an_id_that_is_none_is_a_404(http: TestClient, path: str, method: str) -> None:
    body = example(path, method)
    for number in ("x", "-1", "0", "1e3", "1.0", "9" * 18, "9" * 19, "9" * 30, "9" * 5000, "%C2%B2", "%ED%A0%80", "null"):
        if number == "-1" and "/folders/" in path:
            continue  # the root
        answer = http.request(method, at(path, id=number) + ("?status=PASS" if method == "PUT" else ""), headers=signed(), **body)
        assert len(assert_error(answer, 404)) < 200


@pytest.mark.parametrize(("path", "method"), [c for c in CALLS if re.search(r"\{\w*[kK]ey\}", c[0]) and c[0] != BADGE])
def test_a_key_that_is_none_is_a_404(http: TestClient, path: str, method: str) -> None:
    body = example(path, method)
    for key in ("NOPE-1", "DEMO-" + "9" * 30, "9" * 19, "9" * 5000, "x", "-", "A" * 5000 + "-1", "%ED%A0%80", "%FF-1"):
        answer = http.request(method, re.sub(r"\{\w*[kK]ey\}", key, path), params=asked(path, method), headers=signed(), **body)
        assert len(assert_error(answer, 404)) < 300


@pytest.mark.parametrize("path", IMPORTS)
def test_a_lapsed_licence_is_a_401_in_the_vendors_words(http: TestClient, services: Services, path: str) -> None:
    set_licence(services, active=False)
    try:
        answer = http.post(at(path), json=REPORT, headers=signed())
    finally:
        set_licence(services, active=True)
    assert assert_error(answer, 401) == "The Xray license is not valid."


@pytest.mark.parametrize("path", [path for path in IMPORTS if "/bulk" not in path])
def test_a_role_that_is_too_low_is_a_403(http: TestClient, path: str) -> None:
    path = at(path)
    sent: dict[str, Any] = (
        {"files": {"info": b"{}", "result": json.dumps(REPORT).encode()}} if path.endswith("multipart") else {"json": REPORT}
    )
    query = {"projectKey": "DEMO"}
    assert "role" in assert_error(http.post(path, params=query, headers=signed("viewer"), **sent), 403)
    assert "was not found" in assert_error(http.post(path, params=query, headers=signed("stranger"), **sent), 400)


def test_a_viewer_makes_and_changes_no_issue(http: TestClient) -> None:
    made = http.post("/rest/api/2/issue", json=ISSUE, headers=signed())
    assert made.status_code == 201
    assert_error(http.post("/rest/api/2/issue", json=ISSUE, headers=signed("viewer")), 403)
    key = made.json()["key"]
    assert_error(http.put(f"/rest/api/2/issue/{key}", json={"fields": {"summary": "x"}}, headers=signed("viewer")), 403)
    assert_error(http.get(f"/rest/api/2/issue/{key}", headers=signed("stranger")), 404)


@pytest.mark.parametrize("header", [{"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}])
def test_the_eleventh_failed_sign_in_is_a_429_that_says_when_to_come_back(http: TestClient, header: dict[str, str]) -> None:
    for path in ("/rest/api/2/myself", "/rest/raven/2.0/api/xraylicense") * 5:
        assert_error(http.get(path, headers=header), 401)
    for path in ("/rest/api/2/myself", "/rest/raven/2.0/api/xraylicense", "/rest/raven/2.0/import/execution"):
        answer = http.request("POST" if "import" in path else "GET", path, headers=header)
        assert "Too many failed sign-ins" in assert_error(answer, 429)
        assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert http.get("/rest/api/2/myself", headers=signed()).status_code == 200


@pytest.mark.parametrize(
    "path", [c for c, m in CALLS if m in {"POST", "PUT"} and c not in OPEN and not re.search("status|/sign-out$|/example/", c)]
)
def test_a_body_over_the_limit_is_a_413_and_one_in_an_unknown_encoding_a_415(http: TestClient, path: str) -> None:
    method = next(m for p, m in CALLS if p == path and m in {"POST", "PUT"})
    huge = http.request(method, at(path), content=b"{}", headers=signed() | {"Content-Length": str(2**40)})
    assert "larger than the limit of" in assert_error(huge, 413)
    packed = http.request(method, at(path), content=b"{}", headers=signed() | {"Content-Encoding": "br"})
    assert "content encoding br" in assert_error(packed, 415)


@pytest.mark.parametrize(("path", "method"), [c for c in CALLS if c[0] not in OPEN and not is_page(c[0])])
def test_a_nul_in_the_address_is_a_400(http: TestClient, path: str, method: str) -> None:
    for query in ("?x=%00", "?%00=x", "?testExecKey=DEMO-1%00"):
        assert "NUL" in assert_error(http.request(method, at(path) + query, headers=signed()), 400)


def test_a_nul_in_the_path_is_a_400_and_a_page_for_people(http: TestClient) -> None:
    assert_error(http.get("/rest/api/2/issue/DEMO%00-1", headers=signed()), 400)
    page = http.get("/browse/%00", headers=signed() | {"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")


# --- what breaks beneath the server --------------------------------------------------------------
@pytest.fixture
def doomed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Services]]:
    """A server of the test's own, whose database the test may break."""
    made = prepare(Settings(data=tmp_path_factory.mktemp("doomed")))
    add_project(made, "DEMO", "Demonstration")
    put_user(made, "admin", None, admin=True)
    add_token(made, "admin", "test", TOKENS["admin"])
    with TestClient(build_app(made), raise_server_exceptions=False) as http:
        http.headers |= signed()
        yield http, made
    made.db.close()


INFO = {"projectKey": "DEMO", "summary": "Secret plans", "testType": "Generic", "definition": "secret.plans"}
SECRET = {"info": {"project": "DEMO"}, "tests": [{"testInfo": INFO, "status": "PASS", "comment": "hunter2"}]}


@pytest.mark.parametrize("path", ["/rest/raven/1.0/import/execution", "/rest/raven/latest/import/execution/multipart"])
def test_a_crash_is_a_500_with_an_id_that_the_log_has_and_nothing_else(
    doomed: tuple[TestClient, Services], capsys: pytest.CaptureFixture[str], path: str
) -> None:
    http, services = doomed
    with services.db.write() as conn:
        conn.execute(sa.text("DROP TABLE runs"))
    http.post("/rest/raven/1.0/import/execution", json=SECRET)
    capsys.readouterr()
    form = {"info": b'{"fields": {"project": {"key": "DEMO"}}}', "result": json.dumps(SECRET).encode()}
    answer = http.post(path, files=form) if path.endswith("multipart") else http.post(path, json=SECRET)
    text = assert_error(answer, 500)
    found = re.fullmatch(r"An internal error occurred when importing execution results\. Error id: ([0-9a-f]{12})", text)
    assert found
    assert answer.headers["x-error-id"] == found[1]
    assert answer.json()["details"] == []
    log = capsys.readouterr().out
    assert found[1] in log
    assert "no such table: runs" in log
    assert "Traceback" in log
    assert not [secret for secret in ("hunter2", "secret.plans", TOKENS["admin"]) if secret in log]


def test_a_crash_of_jiras_api_has_jiras_shape(doomed: tuple[TestClient, Services], capsys: pytest.CaptureFixture[str]) -> None:
    http, services = doomed
    with services.db.write() as conn:
        conn.execute(sa.text("DROP TABLE issue_components"))
    text = assert_error(http.post("/rest/api/2/issue", json={"fields": ISSUE["fields"] | {"components": [{"name": "a"}]}}), 500)
    found = re.fullmatch(r"An internal error occurred\. Error id: ([0-9a-f]{12})", text)
    assert found
    assert found[1] in capsys.readouterr().out


def test_a_locked_database_is_a_503_that_says_when_to_come_back_and_works_again(doomed: tuple[TestClient, Services]) -> None:
    http, services = doomed
    with services.db.write() as conn:
        conn.execute(sa.text("PRAGMA busy_timeout = 50"))
    other = Database(services.settings.database_url)
    with other.write():
        for answer in (http.post("/rest/raven/2.0/import/execution", json=SECRET), http.post("/rest/api/2/issue", json=ISSUE)):
            assert "nothing was stored" in assert_error(answer, 503)
            assert answer.headers["retry-after"] == "2"
    other.close()
    assert http.post("/rest/raven/2.0/import/execution", json=SECRET).json()["testExecIssue"]["key"] == "DEMO-1"
