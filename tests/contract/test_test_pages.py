# SPDX-License-Identifier: Apache-2.0
"""The page of a Test and its form: what they show of every version, and what becomes of two editors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, imported, key_of
from tests.contract.others import door_of

from radiograph.actions.browse_test import past
from radiograph.domain.clock import now_ms
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)
STEPS = [{"action": "Open", "data": "x", "result": "shown"}, {"action": "Pay", "data": "", "result": "200"}]


def manual(door: Door, **more: Any) -> str:
    info = {"projectKey": "DEMO", "summary": "Pays", "testType": "Manual", "steps": STEPS} | more
    return imported(door.load({"testInfo": info, "status": "PASS"}))[0]


def look(door: Door, path: str, status: int = 200) -> str:
    answer = door.http.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return answer.text


def seen(door: Door, key: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', look(door, f"/browse/{key}/edit"))
    assert found is not None
    return found[1]


def save(door: Door, key: str, mark: str, **fields: Any) -> httpx2.Response:
    form = {"summary": "Pays", "description": "", "labels": "", "seen": mark} | fields
    return door.http.post(f"/browse/{key}/edit", data=form, follow_redirects=False, headers={"Accept": "text/html"})


def steps(*rows: tuple[str, str, str]) -> dict[str, list[str]]:
    return dict(zip(("action", "data", "result"), map(list, zip(*rows, strict=True)), strict=True))


def test_each_version_says_who_made_it_and_how_many_runs_ran_it(services: Services, door: Door) -> None:
    key = manual(door)
    door.load({"testKey": key, "testInfo": {"testType": "Manual", "steps": [*STEPS, {"action": "Close"}]}, "status": "FAIL"})
    door.load({"testKey": key, "status": "PASS"})
    row, found = past(services, CALLER, key)
    assert [(v.number, v.by, found.runs.get(v.id, 0)) for v in found.versions] == [(2, "admin", 2), (1, "admin", 1)]
    assert row.number == 2
    text = look(door, f"/browse/{key}")
    assert "?version=2&amp;against=1" in text


def test_versions_are_compared_on_the_page_and_in_the_api(door: Door) -> None:
    key = manual(door)
    changed = [STEPS[0], {"action": "Pay", "data": "a <b>card</b>", "result": "201"}]
    door.load({"testKey": key, "testInfo": {"testType": "Manual", "steps": changed}, "status": "PASS"})
    text = look(door, f"/browse/{key}?version=2&against=1")
    assert "<ins>a &lt;b&gt;card&lt;/b&gt;</ins>" in text
    assert "<del>200</del><ins>201</ins>" in text
    found = door.http.get(f"/api/tests/{key}/differences").json()
    assert (found["version"], found["against"], len(found["lines"])) == (2, 1, 2)
    assert "<ins>" not in look(door, f"/browse/{key}?version=1")


@pytest.mark.parametrize("query", ["version=7", "version=1&against=9", "version=x", "against=-1", f"version={10**30}"])
def test_a_version_that_is_not_there_is_told(door: Door, query: str) -> None:
    key = manual(door)
    answer = door.http.get(f"/browse/{key}?{query}", headers={"Accept": "text/html"})
    assert answer.status_code in {400, 404}
    assert "version" in answer.text


def test_a_test_is_edited_by_hand_and_its_history_says_what_changed(door: Door) -> None:
    key = manual(door)
    rows = steps(("Open", "x", "shown"), ("", "", ""), ("Pay", "visa\r\nor master", "200"))
    answer = save(door, key, seen(door, key), summary=" Pays  later ", description="Ü <script>", labels="a, b", **rows)
    assert answer.status_code == 303, answer.text
    fields = door.fields(key)
    assert (fields["summary"], fields["description"], fields["labels"]) == ("Pays later", "Ü <script>", ["a", "b"])
    assert [s["fields"]["Data"] for s in fields["steps"]["steps"]] == ["x", "visa\nor master"]
    assert door.http.get(f"/api/tests/{key}").json()["names"] == ["Pays"]
    text = look(door, f"/browse/{key}")
    assert "&lt;script&gt;" in text
    assert "<script>" not in re.sub(r"<script (type|src).*?>", "", text)


def test_of_two_editors_the_second_is_told_by_version_and_loses_nothing(door: Door) -> None:
    key = manual(door)
    mark = seen(door, key)
    assert save(door, key, mark, **steps(("Open", "", ""))).status_code == 303
    answer = save(door, key, mark, **steps(("Close", "", "")))
    assert answer.status_code == 409
    assert "admin changed this Test meanwhile" in answer.text
    assert "version 2" in answer.text
    assert ">\nClose</textarea>" in answer.text
    again = re.search(r'name="seen" value="([^"]+)"', answer.text)
    assert again is not None
    assert save(door, key, again[1], **steps(("Close", "", ""))).status_code == 303
    assert door.http.get(f"/api/tests/{key}").json()["version"] == 3


def test_a_form_that_changes_nothing_leaves_no_version_and_no_history(door: Door) -> None:
    key = manual(door)
    rows = steps(*((s["action"], s["data"], s["result"]) for s in STEPS))
    assert save(door, key, seen(door, key), **rows).status_code == 303
    assert door.http.get(f"/api/tests/{key}").json()["version"] == 1
    assert door.http.get(f"/rest/api/2/issue/{key}?expand=changelog").json()["changelog"]["total"] == 0


@pytest.mark.parametrize("fields", [{"summary": ""}, {"summary": "x" * 256}])
def test_a_form_that_cannot_be_is_shown_again_with_what_was_written(door: Door, fields: dict[str, str]) -> None:
    key = manual(door)
    answer = save(door, key, seen(door, key), description="kept as written", **fields)
    assert answer.status_code == 400
    assert "kept as written" in answer.text
    assert door.fields(key)["summary"] == "Pays"


def test_more_steps_are_given_without_saving(door: Door) -> None:
    key = manual(door)
    answer = save(door, key, seen(door, key), more="1", **steps(("Close", "", "")))
    assert answer.status_code == 200
    assert answer.text.count('name="action"') == 6
    assert door.http.get(f"/api/tests/{key}").json()["version"] == 1


def test_who_may_not_edit_sees_no_forms_and_changes_nothing(services: Services, door: Door) -> None:
    key = manual(door)
    mark = seen(door, key)
    with door_of(services, "tess", Role.TESTER) as other:
        assert f"/browse/{key}/edit" not in look(other, f"/browse/{key}")
        assert save(other, key, mark, summary="Mine").status_code == 403
        assert other.http.post(f"/browse/{key}/names", data={"name": "x"}).status_code == 403
    with door_of(services, "nobody", None) as stranger:
        look(stranger, f"/browse/{key}/edit", 404)
        assert stranger.http.get(f"/api/tests/{key}").status_code == 404


def test_a_generic_test_that_is_renamed_in_the_form_is_found_by_its_old_definition(door: Door) -> None:
    key = imported(door.load(generic(1)))[0]
    assert save(door, key, seen(door, key), summary="Test 1", text="calc.renamed").status_code == 303
    assert imported(door.load(generic(1))) == [key]


def test_names_are_added_and_removed_on_the_page(door: Door) -> None:
    key = manual(door)
    assert door.http.post(f"/browse/{key}/names", data={"name": "Zahlt"}, follow_redirects=False).status_code == 303
    assert "Zahlt" in look(door, f"/browse/{key}")
    door.http.post(f"/browse/{key}/names", data={"remove": "Zahlt"}, follow_redirects=False)
    assert door.http.get(f"/api/tests/{key}/aliases").json() == []


def test_flakiness_and_quarantine_are_told_with_their_reasons(services: Services, door: Door) -> None:
    key = manual(door)
    with services.db.write() as conn:
        test_id = conn.execute(sa.select(t.issues.c.id).where(t.issues.c.key == key)).scalar_one()
        flaky = {"project_id": 10402, "test_id": test_id, "environments": '["iOS"]', "runs": 20, "failures": 4, "flips": 0, "retries": 2}
        conn.execute(sa.insert(t.flaky_tests).values(**flaky, score=1, last_ms=1, computed_ms=1))
        quarantine = {"project_id": 10402, "test_id": test_id, "created_ms": now_ms(), "created_by": 1}
        conn.execute(sa.insert(t.quarantines).values(id=1, reason="waits for <DEMO-9>", **quarantine))
        conn.execute(sa.insert(t.quarantines).values(id=2, reason="over", **quarantine, ended_ms=now_ms()))
    text = look(door, f"/browse/{key}")
    assert "waits for &lt;DEMO-9&gt;" in text
    assert "flaky on iOS: in 2 of the last 20 runs a retry" in text
    assert "over" not in re.findall(r'class="told">.*?</p>', text)[0]
    assert door.http.get(f"/api/tests/{key}").json()["quarantine"] == "waits for <DEMO-9>"


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        ("iP iF", "FAIL in DEMO-{last}; 1 of the last 2 runs failed."),
        ("iP iF iF", "Failing since DEMO-{2} (2 runs); 2 of the last 3 runs failed."),
        ("iP aF iP aF iP", "Failing on Android since DEMO-{2} (2 runs); 2 of the last 5 runs failed."),
        ("iF aF iF", "Failing on iOS since DEMO-{1} (2 runs), on Android since DEMO-{2} (1 run); 3 of the last 3 runs failed."),
        ("iF aF iP aP", "PASS in DEMO-{last}; 2 of the last 4 runs failed."),
    ],
)
def test_where_and_since_when_a_test_fails_is_told_of_each_environment_by_itself(door: Door, nights: str, told: str) -> None:
    keys = []
    for night in nights.split():
        where, status = {"i": "iOS", "a": "Android"}[night[0]], {"P": "PASS", "F": "FAIL"}[night[1]]
        keys.append(key_of(door.load(generic(1, status), info={"project": "DEMO", "testEnvironments": [where]})))
    test = re.sub("<[^>]+>", "", look(door, f"/browse/{only_test(door, keys[0])}"))
    wanted = re.sub(r"DEMO-{(\w+)}", lambda m: keys[-1] if m[1] == "last" else keys[int(m[1]) - 1], told)
    assert wanted in " ".join(test.split())


def only_test(door: Door, execution: str) -> str:
    return str(door.http.get(f"/rest/raven/2.0/api/testexec/{execution}/test").json()[0]["key"])
