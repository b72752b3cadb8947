# SPDX-License-Identifier: Apache-2.0
"""Pages over HTTP: who may see them, and that texts from reports stay texts."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from radiograph.actions.services import Services
from radiograph.store import tables
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from radiograph.settings import Settings

PATH = "/rest/raven/1.0/import/execution"
INFO = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}


def load(client: TestClient, comment: str = "") -> str:
    info = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}
    body = {"info": {"project": "DEMO"}, "tests": [{"testInfo": info, "status": "FAIL", "comment": comment}]}
    return str(client.post(PATH, json=body).json()["testExecIssue"]["key"])


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client: TestClient) -> None:
    client.auth = httpx2.Auth()
    answer = client.get("/projects/DEMO", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/projects/DEMO")
    filtered = client.get("/browse/DEMO-1?status=FAIL&q=a%26b", follow_redirects=False)
    assert filtered.headers["location"] == "/sign-in?next=/browse/DEMO-1%3Fstatus%3DFAIL%26q%3Da%2526b"
    answer = client.post("/sign-in?next=/projects/DEMO", data={"name": "admin", "password": "admin"})
    assert (answer.status_code, answer.url.path) == (200, "/projects/DEMO")
    assert "No executions yet" in answer.text


def test_a_form_sent_after_the_session_lapsed_is_kept_and_can_be_sent_again(client: TestClient) -> None:
    client.auth = httpx2.Auth()
    ours = {"Origin": "http://testserver", "Referer": "http://testserver/projects/DEMO/create?type=Story"}
    form = {"type": "Story", "summary": 'A "long" <text>\nof two lines', "labels": "", "password": "s3cret"}
    for more in ({}, {"files": {"file": ("a.txt", b"abc")}}):
        page = client.post("/projects/DEMO/create?x=1", data=form, headers=ours, **more)  # type: ignore[arg-type]
        kept = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text))
        assert (page.status_code, {n: html.unescape(v).replace("\r", "") for n, v in kept.items()}) == (
            401,
            {n: v for n, v in form.items() if n != "password"},
        )
        assert ('action="/projects/DEMO/create?x=1"' in page.text, "s3cret" in page.text, "could not be kept" in page.text) == (
            True,
            False,
            True,
        )
        assert 'href="/sign-in?next=/projects/DEMO/create%3Ftype%3DStory"' in page.text
    client.auth = ("admin", "admin")
    again = client.post("/projects/DEMO/create", data={n: html.unescape(v) for n, v in kept.items()}, headers=ours)
    assert "was made" in again.text


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, "/"),
        ({"Referer": "http://testserver/projects/DEMO/create?type=Story"}, "/projects/DEMO/create%3Ftype%3DStory"),
        ({"Origin": "https://evil.example", "Referer": "https://evil.example/x"}, "/"),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, "/"),
        ({"Origin": "http://testserver", "Content-Type": "text/plain"}, "/"),
        ({"Referer": "http://testserver//evil.example/"}, "/"),
        ({"Origin": "http://[", "Referer": "http://["}, "/"),
    ],
)
def test_a_form_of_another_site_is_never_kept(client: TestClient, headers: dict[str, str], wanted: str) -> None:
    client.auth = httpx2.Auth()
    body = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    answer = client.post("/projects/DEMO/create", content=b"summary=x", headers=body, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/sign-in?next={wanted}")


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y", "evil"])
def test_signing_in_never_leads_to_another_site(client: TestClient, wanted: str) -> None:
    answer = client.post(f"/sign-in?next={wanted}", data={"name": "admin", "password": "admin"}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_every_page_of_an_execution_shows_what_was_imported(client: TestClient) -> None:
    key = load(client, "boom <script>alert(1)</script>")
    for path in (
        "/",
        "/projects/DEMO",
        "/projects/DEMO/executions",
        f"/browse/{key}",
        f"/browse/{key}?status=FAIL",
        f"/browse/{key}?q=adds",
        "/browse/DEMO-2",
        "/runs/1",
        "/imports",
        "/imports/1",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "alert(1)</script>" not in answer.text
    assert "boom &lt;script&gt;" in client.get("/runs/1").text


def test_an_error_is_a_page_for_people_and_json_for_the_api(client: TestClient) -> None:
    page = client.get("/browse/DEMO-99", headers={"Accept": "text/html"})
    assert (page.status_code, "Issue DEMO-99 does not exist" in page.text) == (404, True)
    api = client.get("/rest/raven/1.0/api/testrun/999")
    assert api.status_code == 404
    assert api.json().keys() == {"error", "message", "details"}


def test_an_error_offers_the_keys_that_look_like_the_one_asked_for(client: TestClient) -> None:
    key = load(client)
    page = client.get(f"/browse/{key}9", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert f'<a class="key" href="/browse/{key}">{key}</a>' in page.text
    assert page.text.count("Did you mean") == 1


def test_a_status_of_the_instances_own_has_a_shape_and_its_colour(client: TestClient, services: Services) -> None:
    with services.db.write() as conn:
        own = [(7, "BLOCKED", "#ff8800"), (8, "ODD", 'red" onload="alert(1)')]
        for number, name, colour in own:
            values = {"of": "run", "id": number, "name": name, "description": "", "color": colour, "final": True, "requirement": "NOK"}
            conn.execute(sa.insert(tables.statuses).values(**values, means=""))
    tests = [{"testInfo": INFO | {"definition": n}, "status": n} for n in ("BLOCKED", "ODD")]
    key = client.post(PATH, json={"info": {"project": "DEMO"}, "tests": tests}).json()["testExecIssue"]["key"]
    page = client.get(f"/browse/{key}").text
    assert '<rect class="is-own"' in page
    assert 'fill="#ff8800"' in page
    assert "onload" not in page
    assert "2 failures" in page
    assert [page.count(f'<span class="word">{n}</span>') for n in ("BLOCKED", "ODD")] == [2, 2]


def test_a_build_is_a_link_only_where_it_is_an_address_of_the_web(client: TestClient) -> None:
    for address, linked in (("https://ci.example/7", True), ("javascript:alert(1)", False), ("data:text/html,x", False)):
        body = {"info": {"project": "DEMO"}, "tests": [{"testInfo": INFO, "status": "PASS"}]}
        key = client.post(PATH, json=body, params={"buildUrl": address}).json()["testExecIssue"]["key"]
        page = client.get(f"/browse/{key}").text
        assert (f'href="{address}"' in page) is linked
        assert address.removeprefix("https://") in page


def test_defects_are_links_where_they_are_issues_here(client: TestClient) -> None:
    bug = client.post("/rest/api/2/issue", json={"fields": {"project": {"key": "DEMO"}, "summary": "B", "issuetype": {"name": "Bug"}}})
    key = bug.json()["key"]
    test = {"testInfo": INFO, "status": "FAIL", "defects": [key, "ELSE-<b>1"]}
    client.post(PATH, json={"info": {"project": "DEMO"}, "tests": [test]})
    page = client.get("/runs/1").text
    assert f'href="/browse/{key}"' in page
    assert '<span class="key">ELSE-&lt;b&gt;1</span>' in page


def test_a_page_of_fifty_runs_is_light(client: TestClient) -> None:
    tests = [
        {"testInfo": INFO | {"summary": f"Test {i} " + "long " * 20, "definition": f"d{i}"}, "status": "FAIL", "comment": "trace\n" * 5000}
        for i in range(60)
    ]
    key = client.post(PATH, json={"info": {"project": "DEMO"}, "tests": tests}).json()["testExecIssue"]["key"]
    page = client.get(f"/browse/{key}")
    assert len(page.content) < 150_000
    assert page.text.count("data-failure") == 50
    assert 'rel="next"' in page.text


def test_the_line_to_send_first_results_with_is_of_this_project_and_reader(client: TestClient) -> None:
    page = client.get("/projects/DEMO").text
    command = html.unescape(page.split('id="first" tabindex="0">')[1].split("</pre>")[0])
    words = shlex.split(command)
    assert words[:3] == ["curl", "-u", "admin"]
    body = json.loads(words[words.index("--data") + 1])
    answer = client.post(words[-1].removeprefix("http://testserver"), json=body)
    assert answer.status_code == 200, answer.text
    assert "No executions yet" not in client.get("/projects/DEMO").text


def test_examples_stand_under_the_names_of_their_outlines_columns(client: TestClient) -> None:
    outline = "Given <a> and <b>\n\nExamples: small\n| a | b |\n| 1 | 2 |\n| 3 | 4 |\n\nExamples: large\n| a | b |\n| 100 | 200 |"
    info = {"projectKey": "DEMO", "summary": "Adds", "testType": "Cucumber", "scenarioType": "Scenario Outline", "scenario": outline}
    test = {"testInfo": info, "status": "FAIL", "examples": ["PASS", "FAIL", "PASS"]}
    client.post(PATH, json={"info": {"project": "DEMO"}, "tests": [test]})
    page = client.get("/runs/1").text
    assert page.count('<th scope="col">a</th><th scope="col">b</th>') == 2
    assert page.index('<td class="key">3</td>') < page.index('<td class="key">100</td>')


def test_every_json_link_of_a_page_answers(client: TestClient) -> None:
    key = load(client)
    for path in ("/", "/projects/DEMO", "/projects/DEMO/executions?branch=x&q=%26", f"/browse/{key}", "/browse/DEMO-2", "/runs/1"):
        page = client.get(path).text
        address = html.unescape(page.split('">JSON</a>')[0].rpartition('href="')[2])
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.json()


def test_pages_below_a_base_path_link_below_it(settings: Settings, services: Services) -> None:
    below = Services(services.db, services.evidence, dataclasses.replace(settings, base_path="/jira"))
    with TestClient(build_app(below)) as http:
        http.auth = ("admin", "admin")
        key = http.post(f"/jira{PATH}", json={"info": {"project": "DEMO"}, "tests": [{"testInfo": INFO, "status": "FAIL"}]})
        assert key.status_code == 200, key.text
        for path in ("/jira/", "/jira/projects/DEMO", "/jira/projects/DEMO/executions", "/jira/runs/1", "/jira/imports", "/jira/imports/1"):
            page = http.get(path)
            assert page.status_code == 200, path
            links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
            assert [link for link in links if not link.startswith("/jira")] == []


def test_a_long_comment_is_cut_and_the_whole_one_is_a_link(client: TestClient) -> None:
    load(client, "x" * 1_000_000)
    page = client.get("/runs/1")
    assert len(page.content) < 60_000
    address = page.text.split('">the whole comment')[0].rpartition('href="')[2]
    assert len(client.get(address).json()["raw"]) == 1_000_000


def test_defects_of_elsewhere_are_links_once_the_tracker_is_known(client: TestClient) -> None:
    info = {"projectKey": "DEMO", "summary": "Adds", "testType": "Generic", "definition": "calc.adds"}
    result = {"testInfo": info, "status": "FAIL", "defects": ["OTHER-9"], "steps": [{"status": "FAIL", "defects": ["EVIL-1"]}]}
    client.post(PATH, json={"info": {"project": "DEMO"}, "tests": [result]})
    assert "OTHER-9</a>" not in client.get("/runs/1").text
    app: Any = client.app
    services = app.state.services
    for address, link in (
        ("https://tracker.example/browse/{key}", 'href="https://tracker.example/browse/OTHER-9"'),
        ("javascript:{key}", ""),
    ):
        settings = dataclasses.replace(services.settings, tracker_url=address)
        app.state.services = dataclasses.replace(services, settings=settings)
        page = client.get("/runs/1").text
        assert link in page
        assert "javascript:" not in page
        assert page.count('href="https://tracker.example/browse/') == (2 if link else 0)


def test_an_executions_page_links_to_its_exports(client: TestClient) -> None:
    key = load(client)
    links = re.findall(r'<a href="([^"]*/export/execution/[^"]*)" download>', client.get(f"/browse/{key}").text)
    assert [link.rpartition("=")[2] for link in links] == ["xray", "junit", "ctrf", "csv"]
    assert [client.get(link).status_code for link in links] == [200] * 4


def test_imports_are_filtered_by_what_stands_in_the_address(client: TestClient) -> None:
    load(client)
    client.post(PATH, json={"info": {"project": "DEMO"}, "tests": [{"testKey": "DEMO-99", "status": "PASS"}]})
    client.post("/imports/1/undo")
    found = {}
    for query in ("", "outcome=undone", "outcome=refused", "outcome=stored", "format=junit", "person=admin", "person=ana", "project=DEMO"):
        found[query] = client.get(f"/imports?{query}").text.count('<td class="c-key">')
    assert found == {"": 2, "outcome=undone": 1, "outcome=refused": 1, "outcome=stored": 0, "format=junit": 0, "person=admin": 2,
                     "person=ana": 0, "project=DEMO": 2}  # fmt: skip
    assert client.get("/imports?project=NOPE").status_code == 404
