# SPDX-License-Identifier: Apache-2.0
"""Bodies and queries of Jira's API that nobody should send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.bodies import LONG, refused
from tests.contract.door import FIELDS, generic, key_of

if TYPE_CHECKING:
    from tests.contract.door import Door

# --- Jira's API ------------------------------------------------------------------------------------
BAD_FIELDS: dict[str, list[Any]] = {
    "summary": [5, [], {}, "x" * 300, None, ""], "description": [5, []], "labels": ["x", 5, {}, ["l" * 300]], "components": [5, "x", [{"name": LONG}]],
    "fixVersions": [{"name": "x"}, [{"name": LONG}]], "assignee": [5, [], {"name": 5}, {"name": LONG}], "project": [{"key": LONG}, {"id": 10**40}, 5, [1], {"key": {}}],
    "issuetype": [{"id": 10**40}, {"id": "9" * 5000}, 7, [1], {"name": LONG}, {"name": {}}], FIELDS["plan"]: [[5], "x", LONG], FIELDS["environments"]: [[LONG], LONG],
    FIELDS["steps"]: [{"steps": [5]}, {"steps": [{"fields": 5}]}, {"steps": [{"fields": [1]}]}], FIELDS["type"]: ["Odd", {"value": LONG}],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD_FIELDS.items() for v in values])
def test_a_bad_field_of_an_issue_is_refused_in_jiras_shape(door: Door, name: str, value: Any) -> None:
    kind = "Test" if name in {FIELDS["steps"], FIELDS["type"]} else "Test Execution"
    fields = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": "s", name: value}
    answer = door.http.post("/rest/api/2/issue", json={"fields": fields})
    assert answer.status_code == 400, answer.text[:300]
    assert answer.json().keys() == {"errorMessages", "errors"}
    assert len(answer.text) < 2000


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"null", b'"x"', b'{"fields":[]}', b'{"fields":5}', b"[" * 100_000, b"{", b"\xff\xfe{\0}\0", b'{"fields":{"x":NaN}}', b'{"fields":{"summary":"\xe9"}}'])  # fmt: skip
def test_a_bad_body_of_an_issue_is_refused_in_jiras_shape(door: Door, body: bytes) -> None:
    key = door.make("Bug")
    answers = [door.http.post("/rest/api/2/issue", content=body), door.http.post("/rest/api/2/search", content=body)]
    answers.append(door.http.put(f"/rest/api/2/issue/{key}", content=body))
    for answer in answers:
        assert answer.status_code in ({200, 400} if answer.request.url.path.endswith("search") and b"fields" in body else {400}), (
            answer.text
        )
        if answer.status_code == 400:
            assert answer.json().keys() == {"errorMessages", "errors"}


def test_bad_escapes_in_an_issue_are_stored_as_replacements(door: Door) -> None:
    body = b'{"fields":{"project":{"key":"DEMO"},"issuetype":{"name":"Bug"},"summary":"a\\u0000b","description":"\\ud800","labels":["\\u0000"],"environment":"\\udc00"}}'
    answer = door.http.post("/rest/api/2/issue", content=body)
    assert answer.status_code == 201, answer.text
    assert door.fields(answer.json()["key"])["summary"] == "a�b"


@pytest.mark.parametrize(
    ("jql", "status", "lenient"),
    [
        ("id in (" + "9" * 30 + ")", 400, 200), ("project = " + "9" * 30, 400, 200), ("id = " + "9" * 5000, 400, 200),
        ("issuetype = " + "9" * 5000, 400, 200), ("key in (" + ",".join(f"D-{i}" for i in range(7000)) + ")", 400, 200),
        ("assignee in (" + ",".join(f"somebody{i}" for i in range(7000)) + ")", 400, 200),
        ("summary ~ '" + "a " * 1000 + "'", 400, 200), ("x" * 300_000, 400, 400), ("summary ~ '%_\\\\'", 200, 200),
        ("summary ~ 'a\x00'", 200, 200), (" AND ".join(["project = A"] * 1000), 400, 400), ("labels = '\x00' OR text ~ '\x00'", 200, 200),
        ("created > -99999y OR created < 99999y", 400, 200), ("created > 0001-01-01 AND created < startOfYear(-2025)", 200, 200),
    ],
)  # fmt: skip
def test_a_query_of_any_size_finds_something_or_is_refused(door: Door, jql: str, status: int, lenient: int) -> None:
    for wanted, validate in ((status, True), (lenient, False)):
        answer = door.http.post("/rest/api/2/search", json={"jql": jql, "validateQuery": validate})
        assert answer.status_code == wanted, answer.text[:300]
        assert answer.json().keys() >= ({"issues"} if wanted == 200 else {"errorMessages", "errors"})
        assert len(answer.text) < 100_000


@pytest.mark.parametrize("body", [{"jql": 5}, {"fields": 5}, {"fields": {"a": 1}}, {"fields": [5, None]}, {"startAt": 1.5}, {"startAt": -1}, {"maxResults": None}, {"maxResults": 10**40}, {"startAt": 99_999_999_999}])  # fmt: skip
def test_a_search_with_odd_values_never_crashes(door: Door, body: dict[str, Any]) -> None:
    assert door.http.post("/rest/api/2/search", json=body).status_code in {200, 400}


@pytest.mark.parametrize(
    "query", ["page=9999999999", "page=10000001", "page=0", "page=-1", "limit=201", "limit=" + "0" * 20 + "201", "limit=1e2", "page=%C2%B2"]
)
def test_pages_outside_their_bounds_are_refused(door: Door, query: str) -> None:
    key = key_of(door.load(generic(1)))
    assert "must be a whole number from" in refused(door.http.get(f"/rest/raven/2.0/api/testexec/{key}/test?{query}"))
    assert door.http.get(f"/rest/raven/2.0/api/testexec/{key}/test?page=10000000&limit=200").json() == []


@pytest.mark.parametrize("after", ["0", "0.", ".1", "x.y", "0." + "9" * 10, "0." + "9" * 25, "9" * 19 + ".1", "0.1.2"])
def test_a_page_of_people_says_what_is_wrong_with_its_address(door: Door, after: str) -> None:
    answer = door.http.get(f"/browse/{key_of(door.load(generic(1)))}?after={after}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "follow the links of the page" in answer.text


@pytest.mark.parametrize("name", ["\0", "admin\0", "\ud800", "x" * 10_000])
def test_nobody_has_such_a_name(door: Door, name: str) -> None:
    body = {"name": name.encode("utf-8", "surrogatepass"), "password": b"x"}
    answer = door.http.post("/sign-in", data=body, auth=lambda request: request)
    assert answer.status_code == 401
