# SPDX-License-Identifier: Apache-2.0
"""Merging Tests: nothing is lost, counts stay true (each test ends with a deep check), and results find what stays."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, imported, key_of
from tests.contract.others import door_of

from radiograph.actions.projects import add_project
from radiograph.domain.people import Role
from radiograph.store import tables as t
from radiograph.store.test_belongings import MOVED

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

JIRA, RAVEN = "/rest/api/2", "/rest/raven/2.0/api"
FILE = [{"data": "aGk=", "filename": "a.txt"}]


def manual(summary: str, status: str = "PASS", **more: Any) -> dict[str, Any]:
    steps = [{"action": f"Do {summary}"}]
    return {"testInfo": {"projectKey": "DEMO", "summary": summary, "testType": "Manual", "steps": steps}, "status": status} | more


def merge(door: Door, source: str, target: str) -> httpx2.Response:
    return door.http.post(f"/api/tests/{source}/merge", json={"into": target})


def merged(door: Door, source: str, target: str) -> dict[str, Any]:
    preview = door.http.get(f"/api/tests/{source}/merge", params={"into": target})
    assert preview.status_code == 200, preview.text
    answer = merge(door, source, target)
    assert answer.status_code == 200, answer.text
    assert answer.json() == preview.json()
    found: dict[str, Any] = answer.json()
    return found


def statuses(door: Door, execution: str) -> list[tuple[str, str]]:
    return [(r["key"], r["status"]) for r in door.http.get(f"{RAVEN}/testexec/{execution}/test").json()]


def test_runs_go_where_the_key_and_the_name_lead_from_then_on(door: Door) -> None:
    first = door.load(manual("Pays"), manual("Pays by card", "FAIL"))
    one, other = imported(first)
    found = merged(door, one, other)
    assert (found["runs"], found["joined"], found["versions"]) == (1, 1, 1)
    assert door.http.get(f"{JIRA}/issue/{one}").json()["key"] == other
    assert imported(door.load(manual("Pays"), {"testKey": other, "status": "PASS"})) == [other]
    assert imported(door.load({"testKey": one, "status": "PASS"})) == [other]
    assert door.fields(other)["summary"] == "Pays by card"
    past = door.http.get(f"/api/tests/{other}").json()
    assert (past["keys"], past["names"]) == ([one], ["Pays"])


def test_where_both_have_a_run_the_later_is_the_run_and_the_other_an_attempt_with_all_that_it_has(door: Door) -> None:
    first = door.load(
        manual("A", "FAIL", start="2026-01-02T10:00:00Z", evidence=FILE, comment="first", defects=["X-1"]),
        manual("B", "PASS", start="2026-01-02T09:00:00Z"),
        generic(1),
    )
    execution = key_of(first)
    door.load(manual("B", "FAIL", start="2026-01-02T08:00:00Z", comment="oldest"), execution=execution)
    door.load(manual("B", "PASS", start="2026-01-02T09:30:00Z"), execution=execution)
    one, other, third = imported(first)
    assert merged(door, one, other)["joined"] == 1
    assert statuses(door, execution) == [(other, "FAIL"), (third, "PASS")]
    run = door.run(execution, other)
    assert (run["comment"], len(run["evidences"])) == ("first", 1)
    past = door.http.get(f"/api/tests/{other}").json()
    assert past["columns"][0]["runs"][""]["attempts"] == 3


@pytest.mark.parametrize("swapped", [False, True])
def test_a_run_that_was_only_planned_hides_no_result_and_is_no_attempt(door: Door, *, swapped: bool) -> None:
    first = door.load(manual("A", "PASS", start="2026-01-02T10:00:00Z"))
    execution, one = key_of(first), imported(first)[0]
    other = door.make("Test", summary="B", type={"value": "Manual"})
    door.http.post(f"{RAVEN}/testexec/{execution}/test", json={"add": [other]})
    source, target = (other, one) if swapped else (one, other)
    merged(door, source, target)
    assert statuses(door, execution) == [(target, "PASS")]
    assert door.http.get(f"/api/tests/{target}").json()["columns"][0]["runs"][""]["attempts"] == 0


def test_versions_are_numbered_by_time_and_runs_keep_theirs(door: Door) -> None:
    one, other = imported(door.load(manual("A"), manual("B")))
    for name in ("A", "B", "A"):
        key = one if name == "A" else other
        info = {"testType": "Manual", "steps": [{"action": f"New {name}"}, {"action": key}]}
        door.load({"testKey": key, "testInfo": info, "status": "PASS"})
    merged(door, one, other)
    past = door.http.get(f"/api/tests/{other}").json()
    assert past["version"] == 4
    assert [v["number"] for v in past["versions"]] == [4, 3, 2, 1]
    assert sum(v["runs"] for v in past["versions"]) == 5 - 1
    assert [s["fields"]["Action"] for s in door.fields(other)["steps"]["steps"]] == ["New B", other]
    door.load({"testKey": other, "testInfo": {"testType": "Manual", "steps": [{"action": "Newest"}]}, "status": "PASS"})
    assert door.http.get(f"/api/tests/{other}").json()["version"] == 5


def test_all_that_belongs_to_it_moves_and_what_both_have_is_there_once(door: Door) -> None:
    one, other, third = (door.make("Test", summary=name, type={"value": "Manual"}, labels=[name]) for name in ("A", "B", "C"))
    story = door.make("Story")
    group, plan = door.make("Test Set", customfield_10120=[one, other]), door.make("Test Plan", customfield_10121=[one])
    condition = door.make("Precondition")
    door.http.put(f"{JIRA}/issue/{one}", json={"fields": {"customfield_10114": [condition], "customfield_10110": "/a/b"}})
    for kind, source, target in (("Tests", one, story), ("Tests", other, story), ("Blocks", one, third), ("Blocks", one, other)):
        link = {"type": {"name": kind}, "inwardIssue": {"key": source}, "outwardIssue": {"key": target}}
        assert door.http.post(f"{JIRA}/issueLink", json=link).status_code == 201
    door.http.post(f"{JIRA}/issue/{one}/comment", json={"body": "said"})
    door.http.post(f"{JIRA}/issue/{one}/attachments", files={"file": ("a.txt", b"hi")})
    door.http.post(f"/api/tests/{one}/aliases", json={"name": "AA"})
    step = {"action": "", "callTestIssueKey": one}
    called = door.http.post(f"{RAVEN}/test/{third}/steps", json={"fields": {"Action": "x"}, **step})
    assert called.status_code < 300, called.text
    merged(door, one, other)
    for path, key in (
        (f"{RAVEN}/testset/{group}/test", other),
        (f"{RAVEN}/testplan/{plan}/test", other),
        (f"{RAVEN}/precondition/{condition}/test", other),
    ):
        assert [row["key"] for row in door.http.get(path).json()] == [key], path
    issue = door.http.get(f"{JIRA}/issue/{other}").json()["fields"]
    assert issue["labels"] == ["B", "A"]
    assert [c["body"] for c in issue["comment"]["comments"]] == ["said"]
    assert [a["filename"] for a in issue["attachment"]] == ["a.txt"]
    assert issue["customfield_10110"] == "/a/b"
    past = door.http.get(f"/api/tests/{other}").json()
    assert (sorted(past["names"]), past["requirements"], past["keys"]) == (["A", "AA"], [story], [one])
    history = door.http.get(f"{JIRA}/issue/{other}?expand=changelog").json()["changelog"]["histories"]
    assert any(i["field"] == "Merged" and one in i["toString"] for h in history for i in h["items"])


def test_tests_of_two_projects_or_types_and_one_and_the_same_are_refused_in_words(door: Door, services: Services) -> None:
    add_project(services, "SHOP", project_id=10500)
    (one,) = imported(door.load(manual("A")))
    (two,) = imported(door.load(generic(1)))
    elsewhere = imported(door.load({"testInfo": manual("A")["testInfo"] | {"projectKey": "SHOP"}, "status": "PASS"}))[0]
    plan = door.make("Test Plan")
    for target, status, text in (
        (one, 400, "into itself"), (two, 400, "only Tests of one type"), (elsewhere, 400, "different projects"), ("DEMO-999", 404, "DEMO-999"),
        (plan, 400, "Test"),
    ):  # fmt: skip
        answer = merge(door, one, target)
        assert (answer.status_code, text in answer.text) == (status, True), answer.text
        page = door.http.get(f"/browse/{one}/merge", params={"into": target}, headers={"Accept": "text/html"})
        assert page.status_code == status


def test_it_takes_a_lead(door: Door, services: Services) -> None:
    one, other = imported(door.load(manual("A"), manual("B")))
    with door_of(services, "tess", Role.TESTER) as tester:
        assert merge(tester, one, other).status_code == 403
        assert tester.http.get(f"/api/tests/{one}/merge", params={"into": other}).status_code == 403
    with door_of(services, "lea", Role.LEAD) as lead:
        assert merge(lead, one, other).status_code == 200


def test_the_page_previews_and_merges(door: Door) -> None:
    one, other = imported(door.load(manual("A <b>"), manual("B")))
    page = door.http.get(f"/browse/{one}/merge", params={"into": other}, headers={"Accept": "text/html"}).text
    assert "A &lt;b&gt;" in page
    assert "in 1 execution both have one" in page
    answer = door.http.post(f"/browse/{one}/merge", data={"into": other}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/browse/{other}")


def test_results_that_arrive_while_tests_are_merged_are_all_there(door: Door) -> None:
    one, other = imported(door.load(manual("A"), manual("B")))
    executions = [key_of(door.load(generic(9))) for _ in range(4)]
    start = threading.Barrier(9)

    def load(execution: str, result: dict[str, Any]) -> int:
        start.wait()
        return door.send({"testExecutionKey": execution, "tests": [result]}).status_code

    with ThreadPoolExecutor(9) as pool:
        sent = [pool.submit(load, e, r) for e in executions for r in (manual("A", "FAIL"), {"testKey": one, "status": "PASS"})]
        start.wait()
        assert merge(door, one, other).status_code == 200
        assert [f.result() for f in sent] == [200] * 8
    for execution in executions:
        assert [key for key, _ in statuses(door, execution)].count(other) == 1
    assert door.http.get(f"/api/tests/{one}/aliases").json() != []


def test_every_table_that_names_tests_is_seen_to() -> None:
    seen_to = MOVED | {"runs", "tests", "test_versions", "flaky_tests", "executions", "preconditions", "issue_links", "folders"}
    naming = {table.name for table in t.metadata.sorted_tables for c in table.c if c.name in {"test_id", "issue_id", "requirement_id"}}
    assert naming - seen_to == set()


def test_a_merge_asks_as_many_questions_for_many_runs_as_for_few(door: Door, services: Services) -> None:
    counts = []
    for many in (2, 12):
        one, other = imported(door.load(manual(f"A{many}"), manual(f"B{many}")))
        for _ in range(many):
            door.load({"testKey": one, "status": "PASS"})
        asked: list[str] = []
        with services.db.write() as conn:
            engine = conn.engine
        sa.event.listen(engine, "before_cursor_execute", note := lambda *a, asked=asked: asked.append(a[2]))
        assert merge(door, one, other).status_code == 200
        sa.event.remove(engine, "before_cursor_execute", note)
        counts.append(
            sum(text.startswith(("UPDATE runs", "UPDATE test_versions", "UPDATE run_attempts", "DELETE FROM runs")) for text in asked)
        )
    assert counts[0] == counts[1] > 0
