# SPDX-License-Identifier: Apache-2.0
"""The list of a project's Tests: what it finds, page by page, and what is done to several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, imported
from tests.contract.others import door_of

from radiograph.domain.clock import now_ms
from radiograph.domain.people import Role
from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

PATH = "/api/projects/DEMO/tests"


def found(door: Door, **query: Any) -> list[str]:
    answer = door.http.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return [test["key"] for test in answer.json()["tests"]]


def change(door: Door, keys: list[str], do: str, value: str) -> int:
    return door.http.post("/projects/DEMO/tests", data={"keys": keys, "do": do, "value": value}, follow_redirects=False).status_code


def test_tests_are_found_by_latest_status_type_label_words_and_never_run(door: Door) -> None:
    one, two, three = imported(door.load(generic(1, "FAIL"), generic(2), generic(3, "FAIL")))
    door.load({"testKey": three, "status": "PASS"})
    planned = door.make("Test", summary="Näher <b>", labels=["äö", "x"], type={"value": "Manual"})
    assert found(door) == [one, two, three, planned]
    assert found(door, status="failing") == found(door, status="FAIL") == [one]
    assert found(door, status="PASS") == [two, three]
    assert found(door, type="manual") == found(door, label="äö") == found(door, q="äHER <B") == found(door, never="1") == [planned]
    assert found(door, label="ä") == []
    row = door.http.get(PATH, params={"q": three}).json()["tests"][0]
    assert row["latest"] == ["PASS", "FAIL"]
    text = door.http.get("/projects/DEMO/tests", headers={"Accept": "text/html"}).text
    assert "Näher &lt;b&gt;" in text
    assert "Of the 4 Tests here 1 failed last" in text


def test_tests_are_found_by_folder_with_those_below_by_flakiness_and_by_quarantine(door: Door, services: Services) -> None:
    one, two, three = imported(door.load(generic(1), generic(2), generic(3)))
    for key, path in ((one, "/Shop"), (two, "/Shop/Basket"), (three, "/Other")):
        door.http.put(f"/rest/api/2/issue/{key}", json={"fields": {"customfield_10110": path}})
    assert (found(door, folder="/Shop"), found(door, folder="Shop/Basket/")) == ([one, two], [two])
    with services.db.write() as conn:
        ids = {r[0]: r[1] for r in conn.execute(sa.select(t.issues.c.key, t.issues.c.id))}
        flaky = {"project_id": 10402, "runs": 20, "failures": 4, "flips": 0, "retries": 2, "score": 1, "last_ms": 1, "computed_ms": 1}
        conn.execute(
            sa.insert(t.flaky_tests), [flaky | {"test_id": ids[k], "environments": e} for k in (one, three) for e in ('["a"]', '["b"]')]
        )
        held = {"project_id": 10402, "reason": "", "created_ms": 1, "until_ms": None}
        rows = [(1, two, None), (2, three, None), (3, one, now_ms() - 1)]
        conn.execute(sa.insert(t.quarantines), [held | {"id": n, "test_id": ids[k], "until_ms": until} for n, k, until in rows])
    assert (found(door, flaky="1"), found(door, quarantined="1"), found(door, flaky="1", quarantined="1")) == (
        [one, three],
        [two, three],
        [three],
    )
    assert found(door, flaky="1", folder="/Shop") == [one]


def test_pages_follow_each_other_without_a_gap(door: Door) -> None:
    keys = imported(door.load(*(generic(i) for i in range(120))))
    seen: list[str] = []
    after: int | None = 0
    for size in (50, 50, 20):
        answer = door.http.get(PATH, params={"after": after}).json()
        assert len(answer["tests"]) == size
        seen += [test["key"] for test in answer["tests"]]
        after = answer["next"]
    assert (seen, after) == (keys, None)


def test_a_rare_answer_costs_no_more_than_a_common_one_and_says_where_to_look_on(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiograph.store.test_lists.WINDOW", 10)
    keys = imported(door.load(*(generic(i, "FAIL" if i == 14 else "PASS") for i in range(15))))
    first = door.http.get(PATH, params={"status": "FAIL"}).json()
    assert first["tests"] == []
    assert found(door, status="FAIL", after=first["next"]) == [keys[14]]


@pytest.mark.parametrize("query", [{"status": "GREEN"}, {"type": "Odd"}, {"folder": "/nowhere"}, {"after": "x"}])
def test_what_is_not_there_is_told(door: Door, query: dict[str, str]) -> None:
    assert door.http.get(PATH, params=query).status_code == 400


def test_several_get_a_label_a_folder_a_plan_and_a_set(door: Door) -> None:
    keys = imported(door.load(generic(1), generic(2), generic(3)))
    plan, group = door.make("Test Plan"), door.make("Test Set")
    for do, value in (("label", "smoke"), ("folder", "/Shop/New"), ("gather", plan), ("gather", group)):
        assert change(door, keys[:2], do, value) == 303
    assert found(door, label="smoke") == found(door, folder="/Shop/New") == keys[:2]
    for path in (f"testplan/{plan}", f"testset/{group}"):
        assert [row["key"] for row in door.http.get(f"/rest/raven/2.0/api/{path}/test").json()] == keys[:2]


@pytest.mark.parametrize(
    ("do", "value"), [("label", "two words"), ("label", ""), ("folder", "/" + "x" * 300), ("gather", "DEMO-1"), ("odd", "x")]
)
def test_what_cannot_be_done_changes_nothing_and_is_told(door: Door, do: str, value: str) -> None:
    keys = imported(door.load(generic(1), generic(2)))
    answer = door.http.post("/projects/DEMO/tests", data={"keys": keys, "do": do, "value": value})
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    row = door.http.get(PATH).json()["tests"][0]
    assert (row["labels"], row["folder"]) == ([], "")


def test_it_takes_a_lead_to_change_and_a_role_to_look(door: Door, services: Services) -> None:
    keys = imported(door.load(generic(1)))
    with door_of(services, "tess", Role.TESTER) as tester:
        assert change(tester, keys, "label", "x") == 403
        assert "with-ticked" not in tester.http.get("/projects/DEMO/tests", headers={"Accept": "text/html"}).text
    with door_of(services, "nobody", None) as stranger:
        assert stranger.http.get(PATH).status_code == 404
