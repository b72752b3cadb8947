# SPDX-License-Identifier: Apache-2.0
"""Searches and saved filters over HTTP, and the page that shows what a query finds."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from radiograph.actions.accounts import give_role, put_user
from radiograph.domain.people import Role

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from radiograph.actions.services import Services

SEARCH, FILTER = "/rest/api/2/search", "/rest/api/2/filter"


@pytest.fixture
def keys(client: TestClient) -> list[str]:
    """A bug and a story."""
    made = []
    for kind, summary in (("Bug", "Payment <b>times</b> out"), ("Story", "Pay with a card")):
        fields = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": summary}
        made.append(str(client.post("/rest/api/2/issue", json={"fields": fields}).json()["key"]))
    return made


@pytest.fixture
def ana(services: Services) -> tuple[str, str]:
    """The name and password of somebody who sees DEMO and owns nothing."""
    put_user(services, "ana", "ana", display_name="Ana")
    give_role(services, "ana", 10402, Role.TESTER)
    return "ana", "ana"


def save(client: TestClient, **values: Any) -> dict[str, Any]:
    answer = client.post(FILTER, json=values)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("value", ["true", "strict", ""])
def test_a_query_that_names_what_there_is_not_is_refused(client: TestClient, keys: list[str], value: str) -> None:
    query = {"jql": f"key in ({keys[0]}, DEMO-99)", "validateQuery": value}
    for answer in (client.get(SEARCH, params=query), client.post(SEARCH, json=query)):
        assert answer.status_code == 400
        assert answer.json()["errorMessages"] == ["Error in the JQL query at character 17: there is no issue 'DEMO-99'."]


@pytest.mark.parametrize("value", ["false", "none", "warn", False])
def test_unless_the_client_asks_not_to_validate(client: TestClient, keys: list[str], value: Any) -> None:
    query = {"jql": f"key in ({keys[0]}, DEMO-99)", "validateQuery": value}
    for answer in (client.get(SEARCH, params=query), client.post(SEARCH, json=query)):
        assert answer.status_code == 200
        assert [i["key"] for i in answer.json()["issues"]] == keys[:1]
        assert answer.json()["warningMessages"] == ["there is no issue 'DEMO-99'."]


def test_a_page_has_the_fields_that_are_asked_for_and_their_names(client: TestClient, keys: list[str]) -> None:
    query: dict[str, Any] = {
        "jql": "ORDER BY key DESC",
        "startAt": 1,
        "maxResults": 1,
        "fields": ["summary"],
        "expand": ["names", "schema"],
    }
    found = client.post(SEARCH, json=query).json()
    assert (found["startAt"], found["maxResults"], found["total"]) == (1, 1, 2)
    assert [(i["key"], list(i["fields"])) for i in found["issues"]] == [(keys[0], ["summary"])]
    assert (found["names"]["summary"], found["schema"]["summary"]["type"]) == ("Summary", "string")
    assert "names" not in client.get(SEARCH).json()
    wrong = client.get(SEARCH, params={"validateQuery": "perhaps"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["validateQuery"])


def test_a_client_can_ask_what_a_query_is_made_of(client: TestClient) -> None:
    found = client.get("/rest/api/2/jql/autocompletedata").json()
    fields = {f["value"]: f for f in found["visibleFieldNames"]}
    assert fields["summary"]["operators"] == ["~", "!~", "is", "is not"]
    assert "Test Type" in fields
    assert "testPlanTests(plan, [statuses], [environment])" in [f["value"] for f in found["visibleFunctionNames"]]
    assert "order" in found["jqlReservedWords"]


def test_a_filter_is_saved_shown_changed_and_deleted(client: TestClient, keys: list[str]) -> None:
    made = save(client, name=" Bugs ", jql="type = Bug", description="What is broken")
    assert (made["name"], made["jql"], made["owner"]["name"], made["favourite"], made["sharePermissions"]) == (
        "Bugs", "type = Bug", "admin", True, [],
    )  # fmt: skip
    path = f"{FILTER}/{made['id']}"
    assert client.get(path).json() == made
    assert client.get(made["searchUrl"]).json()["issues"][0]["key"] == keys[0]
    changed = client.put(path, json={"jql": "type = Story", "sharePermissions": [{"type": "global"}]}).json()
    assert (changed["name"], changed["description"], changed["jql"]) == ("Bugs", "What is broken", "type = Story")
    assert changed["sharePermissions"] == [{"type": "loggedin", "id": int(made["id"])}]
    assert (
        [f["id"] for f in client.get(f"{FILTER}/my").json()] == [made["id"]] == [f["id"] for f in client.get(f"{FILTER}/favourite").json()]
    )
    assert client.get(SEARCH, params={"jql": "filter = Bugs"}).json()["issues"][0]["key"] == keys[1]
    assert client.delete(path).status_code == 204
    assert [client.request(m, path, json={}).status_code for m in ("GET", "PUT", "DELETE")] == [404, 404, 404]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "must have 1 to 255 characters"),
        ({"name": "  "}, "must have 1 to 255 characters"),
        ({"name": "x" * 256}, "must have 1 to 255 characters"),
        ({"name": "Taken"}, "There is a filter with the name Taken already"),
        ({"name": "New", "jql": "project ="}, "at character 10: expected a value"),
        ({"name": "New", "jql": "project = NOPE"}, "no project 'NOPE'"),
        ({"name": 5}, "Expected `str | null`"),
    ],
)
def test_a_filter_that_can_not_be_is_refused(client: TestClient, body: dict[str, Any], told: str) -> None:
    save(client, name="Taken")
    answer = client.post(FILTER, json=body)
    assert answer.status_code == 400
    assert told in answer.text
    assert [f["name"] for f in client.get(f"{FILTER}/my").json()] == ["Taken"]


def test_a_filter_keeps_its_own_name_and_takes_no_other_ones(client: TestClient) -> None:
    save(client, name="One")
    two = save(client, name="Two")
    assert client.put(f"{FILTER}/{two['id']}", json={"name": "Two", "description": "x"}).status_code == 200
    assert client.put(f"{FILTER}/{two['id']}", json={"name": "One"}).status_code == 400


def test_only_its_owner_sees_and_changes_a_filter_unless_it_is_shared(client: TestClient, ana: tuple[str, str], keys: list[str]) -> None:
    made = save(client, name="Bugs", jql="type = Bug")
    path = f"{FILTER}/{made['id']}"
    assert client.get(path, auth=ana).status_code == 404
    assert client.get(SEARCH, params={"jql": "filter = Bugs"}, auth=ana).status_code == 400
    client.put(path, json={"sharePermissions": [{"type": "loggedin"}]})
    shown = client.get(path, auth=ana).json()
    assert (shown["favourite"], shown["editable"]) == (False, False)
    assert [client.request(m, path, json={"name": "x"}, auth=ana).status_code for m in ("PUT", "DELETE")] == [403, 403]
    assert client.get(SEARCH, params={"jql": "filter = Bugs"}, auth=ana).json()["issues"][0]["key"] == keys[0]
    assert client.get(f"{FILTER}/my", auth=ana).json() == []


@pytest.mark.parametrize("number", ["x", "0", "99999999999999999999", "-1", "favourites"])
def test_a_filter_that_is_none_is_not_found(client: TestClient, number: str) -> None:
    assert client.get(f"{FILTER}/{number}").status_code == 404


def look(client: TestClient, text: str, **query: Any) -> str:
    answer = client.get("/search", params={"jql": text} | query, follow_redirects=False)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_page_shows_what_a_query_finds(client: TestClient, keys: list[str]) -> None:
    page = look(client, "type in (Bug, Story) ORDER BY key DESC")
    assert re.findall(r'<a class="key" href="/browse/([^"]+)"', page) == keys[::-1]
    assert "2 issues." in page
    assert "Payment &lt;b&gt;times&lt;/b&gt; out" in page
    assert 'href="/rest/api/2/search?jql=type+in' in page
    assert "Nothing is found" in look(client, "type = Epic")


def test_plain_words_are_looked_for_in_summaries(client: TestClient, keys: list[str]) -> None:
    page = look(client, "pay card")
    assert re.findall(r'<a class="key" href="/browse/([^"]+)"', page) == keys[1:]
    assert "summary ~ &#34;pay card&#34;" in page


def test_a_key_leads_to_its_issue(client: TestClient, keys: list[str]) -> None:
    answer = client.get("/search", params={"jql": f" {keys[0].lower()} "}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/browse/{keys[0]}")
    assert "Nothing is found" in look(client, "DEMO-99")


def test_a_fault_is_shown_at_its_place(client: TestClient) -> None:
    answer = client.get("/search", params={"jql": "project = DEMO AND asignee = <ana>"})
    assert answer.status_code == 400
    page = html.unescape(client.get("/search", params={"jql": "project = DEMO AND asignee = ana"}).text)
    assert "there is no field 'asignee'. Did you mean 'assignee'" in page
    assert f"project = DEMO AND asignee = ana\n{' ' * 19}^" in page
    assert "<ana>" not in answer.text


def test_a_long_result_has_pages(client: TestClient) -> None:
    for n in range(51):
        fields = {"project": {"key": "DEMO"}, "issuetype": {"name": "Task"}, "summary": f"Task {n}"}
        client.post("/rest/api/2/issue", json={"fields": fields})
    page = look(client, "type = Task")
    assert "51 issues, 1 to 50 here." in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    last = client.get(f"/search{html.unescape(following[1])}").text
    assert "51 issues, 51 to 51 here." in last
    assert 'rel="next"' not in last
    assert "Nothing" not in look(client, "type = Task", start="9" * 40)


def test_the_search_is_for_people_who_are_signed_in(client: TestClient) -> None:
    answer = client.get("/search", params={"jql": "type = Bug"}, follow_redirects=False, auth=None)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/search%3Fjql%3Dtype%2B%253D%2BBug")


@pytest.mark.parametrize("text", ["", " ", "'", "x" * 60_000, "\0", "(" * 100, "ORDER BY", "and", "%_\\", "é = ß", "null"])
def test_no_text_breaks_the_page(client: TestClient, text: str) -> None:
    assert client.get("/search", params={"jql": text}).status_code in {200, 400}
