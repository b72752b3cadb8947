# SPDX-License-Identifier: Apache-2.0
"""Splitting Tests: runs go to a Test of their own, history stays true on both sides, and a merge is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic, imported, key_of
from tests.contract.others import door_of

from radiograph.domain.people import Role

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

RAVEN = "/rest/raven/2.0/api"


def manual(summary: str, status: str = "PASS", *, step: str = "", **more: Any) -> dict[str, Any]:
    steps = [{"action": step or f"Do {summary}"}]
    return {"testInfo": {"projectKey": "DEMO", "summary": summary, "testType": "Manual", "steps": steps}, "status": status} | more


def split(door: Door, key: str, name: str, **how: Any) -> httpx2.Response:
    return door.http.post(f"/api/tests/{key}/split", json={"name": name} | how)


def done(door: Door, key: str, name: str, **how: Any) -> dict[str, Any]:
    tried = split(door, key, name, **how, dryRun=True)
    answer = split(door, key, name, **how)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert tried.json() == found | {"key": ""}
    return found


def statuses(door: Door, execution: str) -> list[tuple[str, str]]:
    return [(r["key"], r["status"]) for r in door.http.get(f"{RAVEN}/testexec/{execution}/test").json()]


def past(door: Door, key: str) -> list[str]:
    found = door.http.get(f"/api/tests/{key}").json()
    return [run["execution"] for column in found["columns"] for run in column["runs"].values()]


def on(*environments: str) -> dict[str, Any]:
    return {"project": "DEMO", "testEnvironments": list(environments)}


def test_runs_on_a_set_of_environments_become_a_test_that_later_results_of_its_name_find(door: Door) -> None:
    nights = [door.load(manual("Pays"), info=on(*names)) for names in (("iOS",), ("Android",), ("iOS", "beta"), ("iOS",))]
    key = imported(nights[0])[0]
    found = done(door, key, "Pays on iOS", environments=["iOS"])
    assert (found["runs"], found["staying"], found["divided"]) == (2, 2, 0)
    assert past(door, found["key"]) == [key_of(nights[0]), key_of(nights[3])]
    assert past(door, key) == [key_of(nights[1]), key_of(nights[2])]
    assert imported(door.load(manual("Pays on iOS"), manual("Pays"))) == [found["key"], key]
    assert door.fields(found["key"])["summary"] == "Pays on iOS"
    assert [s["fields"]["Action"] for s in door.fields(found["key"])["steps"]["steps"]] == ["Do Pays on iOS"]


def test_runs_since_a_day_go(door: Door) -> None:
    nights = [door.load(generic(1, start=f"2026-03-0{day}T12:00:00Z")) for day in (1, 2, 3)]
    key = imported(nights[0])[0]
    found = done(door, key, "calc.new", since="2026-03-02")
    assert (past(door, key), past(door, found["key"])) == ([key_of(nights[0])], [key_of(n) for n in nights[1:]])
    assert door.fields(found["key"])["definition"] == "calc.new"
    new = {"projectKey": "DEMO", "summary": "x", "testType": "Generic", "definition": "calc.new"}
    assert imported(door.load({"testInfo": new, "status": "PASS"})) == [found["key"]]


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_a_wrong_merge_is_undone_by_the_versions_that_came_with_it(door: Door, order: tuple[str, str]) -> None:
    both = door.load(*(manual(name, "FAIL" if name == "A" else "PASS", start=f"2026-03-01T0{i}:00:00Z") for i, name in enumerate(order)))
    alone = [door.load(manual(name)) for name in ("A", "B")]
    one, other = imported(alone[0])[0], imported(alone[1])[0]
    before = sorted(statuses(door, key_of(both)))
    door.http.post(f"/api/tests/{one}/merge", json={"into": other})
    versions = {
        v["number"]: door.http.get(f"/api/tests/{other}/differences", params={"version": v["number"], "against": v["number"]}).json()
        for v in door.http.get(f"/api/tests/{other}").json()["versions"]
    }
    (came,) = [n for n, d in versions.items() if d["lines"][0]["cells"][0][0]["text"] == "Do A"]
    found = done(door, other, "A", versions=[came], keys=[one])
    assert found["divided"] == 1
    after = sorted(statuses(door, key_of(both)))
    assert sorted((k.replace(found["key"], one), s) for k, s in after) == before
    assert imported(door.load(manual("A"), {"testKey": one, "status": "PASS"}, manual("B"))) == [found["key"], other]
    assert door.http.get(f"/api/tests/{other}").json()["names"] == []
    assert [s["fields"]["Action"] for s in door.fields(found["key"])["steps"]["steps"]] == ["Do A"]
    assert [s["fields"]["Action"] for s in door.fields(other)["steps"]["steps"]] == ["Do B"]


def test_attempts_go_with_their_runs_and_versions_that_both_need_are_there_twice(door: Door) -> None:
    first = door.load(manual("Pays", "FAIL", comment="one"), info=on("iOS"))
    key = imported(first)[0]
    door.load(manual("Pays", "PASS"), execution=key_of(first))
    door.load(manual("Pays"), info=on("Android"))
    door.load(manual("Pays", step="Anew"), info=on("Android"))
    found = done(door, key, "Pays on iOS", environments=["iOS"])
    new = door.http.get(f"/api/tests/{found['key']}").json()
    assert new["columns"][0]["runs"]["iOS"]["attempts"] == 1
    assert [v["runs"] for v in new["versions"]] == [0, 1]
    assert [v["number"] for v in door.http.get(f"/api/tests/{key}").json()["versions"]] == [2, 1]


def test_the_new_test_is_where_the_other_is(door: Door) -> None:
    first = door.load(manual("Pays"), info=on("iOS"))
    key = imported(first)[0]
    door.load(manual("Pays"))
    story, plan = door.make("Story"), door.make("Test Plan", customfield_10121=[key])
    link = {"type": {"name": "Tests"}, "inwardIssue": {"key": key}, "outwardIssue": {"key": story}}
    door.http.post("/rest/api/2/issueLink", json=link)
    door.http.put(f"/rest/api/2/issue/{key}", json={"fields": {"customfield_10110": "/a", "labels": ["x"]}})
    new = done(door, key, "Other", environments=["iOS"])["key"]
    fields = door.fields(new)
    assert (fields["labels"], fields["customfield_10110"]) == (["x"], "/a")
    assert door.http.get(f"/api/tests/{new}").json()["requirements"] == [story]
    assert [t["key"] for t in door.http.get(f"{RAVEN}/testplan/{plan}/test").json()] == [key, new]


@pytest.mark.parametrize(
    ("name", "how", "status", "text"),
    [
        ("", {"environments": ["iOS"]}, 400, "a name is needed"),
        ("x" * 256, {"environments": ["iOS"]}, 400, "255"),
        ("Pays", {"environments": ["iOS"]}, 409, "has the name"),
        ("Other", {"environments": ["iOS"]}, 409, "has the name"),
        ("New", {}, 400, "by one of"),
        ("New", {"environments": ["iOS"], "since": "2026-01-01"}, 400, "by one of"),
        ("New", {"environments": ["Windows"]}, 400, "No run goes"),
        ("New", {"since": "2000-01-01"}, 400, "All runs would go"),
        ("New", {"since": "yesterday"}, 400, "2026-11-23"),
        ("New", {"versions": [9]}, 400, "no version 9"),
        ("New", {"environments": ["iOS"], "keys": ["DEMO-1"]}, 400, "no earlier key"),
    ],
)
def test_what_cannot_be_split_is_told_and_nothing_is_changed(door: Door, name: str, how: dict[str, Any], status: int, text: str) -> None:
    key = imported(door.load(manual("Pays"), manual("Other"), info=on("iOS")))[0]
    door.load(manual("Pays"))
    answer = split(door, key, name, **how)
    assert (answer.status_code, text.lower() in answer.text.lower()) == (status, True), answer.text
    assert len(past(door, key)) == 2


def test_the_page_previews_and_splits_and_it_takes_a_lead(door: Door, services: Services) -> None:
    key = imported(door.load(manual("Pays <i>"), info=on("iOS")))[0]
    door.load(manual("Pays <i>"))
    query = {"name": "Pays on iOS", "by": "environments", "environments": "iOS"}
    text = door.http.get(f"/browse/{key}/split", params=query, headers={"Accept": "text/html"}).text
    assert "1 run</strong> would go to a new Test" in text
    with door_of(services, "tess", Role.TESTER) as tester:
        assert tester.http.get(f"/browse/{key}/split").status_code == 403
        assert split(tester, key, "x", environments=["iOS"]).status_code == 403
    answer = door.http.post(f"/browse/{key}/split", data=query, follow_redirects=False)
    assert answer.status_code == 303
    assert door.http.get(answer.headers["location"], headers={"Accept": "text/html"}).status_code == 200
    again = door.http.post(f"/browse/{key}/split", data=query, headers={"Accept": "text/html"})
    assert again.status_code == 409
    assert "Pays on iOS" in again.text
