# SPDX-License-Identifier: Apache-2.0
"""The page of a run: what it tells, who may edit it, and that two who do lose nothing."""

from __future__ import annotations

import base64
import html
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic, key_of
from tests.contract.others import door_of

from radiograph.domain.people import Role

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

HTML = {"Accept": "text/html"}


def look(door: Door, path: str = "/runs/1", **query: Any) -> str:
    answer = door.http.get(path, params=query, headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def seen(page: str) -> str:
    """What a form of the page says of how the run was seen."""
    found = re.search(r'name="seen" value="([0-9.]+)"', page)
    assert found is not None
    return found[1]


def save(door: Door, page: str, **fields: str) -> httpx2.Response:
    """Send the form of a page that was looked at."""
    return door.http.post("/runs/1/edit", data={"seen": seen(page)} | fields, headers=HTML, follow_redirects=False)


def run(door: Door, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = door.http.get(f"/rest/raven/2.0/api/testrun/{number}").json()
    return found


def test_a_result_is_edited_by_its_form(door: Door) -> None:
    door.load(generic(1, "FAIL", comment="one\ntwo"))
    answer = save(door, look(door), status="PASS", assignee="admin", comment="one\r\ntwo\r\n*three*")
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs/1")
    found = run(door)
    assert (found["status"], found["assignee"], found["comment"]) == ("PASS", "admin", "one\ntwo\n*three*")
    page = look(door)
    assert "<strong>three</strong>" in page
    assert "<strong>status</strong>: FAIL" in page


def test_whoever_was_slower_is_told_what_the_other_changed_and_keeps_what_they_wrote(services: Services, door: Door) -> None:
    door.load(generic(1, "TODO", comment="first"))
    with door_of(services, "ana", Role.TESTER) as ana:
        mine, hers = look(door), look(ana)
        assert save(ana, hers, status="FAIL", comment="hers <b>").status_code == 303
        answer = save(door, mine, status="PASS", comment="mine <i>")
        assert answer.status_code == 409
        text = html.unescape(answer.text)
        assert "ana</strong> changed <strong>status</strong>: TODO" in text
        assert "hers <b>" in text
        assert "mine <i></textarea>" in text
        assert "hers <b>" not in answer.text
        assert (run(door)["status"], run(door)["comment"]) == ("FAIL", "hers <b>")
        assert save(door, answer.text, status="PASS", comment="mine <i>").status_code == 303
        assert (run(door)["status"], run(door)["comment"]) == ("PASS", "mine <i>")
        twin = ana.http.get("/api/runs/1/changes", params={"seen": seen(hers)}).json()
        assert [(c["user"], c["field"], c["after"]) for c in twin["changes"] if c["field"] == "status"] == [("admin", "status", "PASS")]
        assert ana.http.get("/api/runs/1/changes", params={"seen": twin["seen"]}).json()["changes"] == []


def test_a_report_that_came_meanwhile_is_a_conflict_too(door: Door) -> None:
    key = key_of(door.load(generic(1, "FAIL")))
    page = look(door)
    door.load(generic(1, "PASS"), execution=key)
    answer = save(door, page, status="FAIL", comment="mine")
    assert answer.status_code == 409
    assert "A report gave this run another result" in answer.text
    assert run(door)["status"] == "PASS"


def test_own_changes_are_no_conflict(door: Door) -> None:
    door.load(generic(1, "FAIL"))
    page = look(door)
    assert save(door, page, comment="a").status_code == 303
    assert save(door, page, comment="b").status_code == 303
    assert run(door)["comment"] == "b"


@pytest.mark.parametrize("fields", [{"status": "NOPE"}, {"status": "PASS", "assignee": "nobody-here"}])
def test_what_a_form_lacks_is_said_beside_what_was_typed(door: Door, fields: dict[str, str]) -> None:
    door.load(generic(1, "FAIL"))
    answer = save(door, look(door), comment="typed at length", **fields)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "typed at length</textarea>" in answer.text
    assert not run(door)["comment"]


def test_defects_are_linked_and_unlinked(door: Door) -> None:
    door.load(generic(1, "FAIL"))
    bug = door.make("Bug", summary="Payment <b>")
    for fields, there in (({"add": bug.lower()}, True), ({"remove": bug}, False)):
        answer = door.http.post("/runs/1/defects", data=fields, headers=HTML, follow_redirects=False)
        assert answer.status_code == 303
        assert (f'href="/browse/{bug}"' in look(door)) is there
    for fields in ({"add": "no key"}, {"add": " "}, {}):
        answer = door.http.post("/runs/1/defects", data=fields, headers=HTML, follow_redirects=False)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text


def test_viewers_see_no_forms_and_strangers_nothing(services: Services, door: Door) -> None:
    door.load(generic(1, "FAIL"))
    page = look(door)
    with door_of(services, "vic", Role.VIEWER) as viewer:
        assert "<form" not in look(viewer).split("<main")[1].split("</main>")[0]
        assert 'name="seen"' not in look(viewer)
        assert save(viewer, page, status="PASS").status_code == 403
        assert viewer.http.post("/runs/1/defects", data={"add": "DEMO-1"}, headers=HTML).status_code == 403
    with door_of(services, "eve", None) as stranger:
        for path in ("/runs/1", "/runs/1/iterations/1", "/api/runs/1/changes"):
            assert stranger.http.get(path, headers=HTML).status_code == 404
        assert save(stranger, page, status="PASS").status_code == 404
    assert run(door)["status"] == "FAIL"


def test_an_earlier_attempt_is_there_whole(door: Door) -> None:
    evidence = [{"filename": "first.log", "data": base64.b64encode(b"a line").decode()}]
    steps = [{"status": "FAIL", "actualResult": "an error", "comment": "so it was"}]
    key = key_of(door.load(generic(1, "FAIL", comment="*first* {{trace}}", evidence=evidence, steps=steps, defects=["ELSE-1"])))
    door.load(generic(1, "PASS"), execution=key)
    attempts = look(door).split('id="attempts"')[1]
    for part in ("<strong>first</strong> <code>trace</code>", "an error", "so it was", "first.log", "a line", "ELSE-1"):
        assert part in attempts


def test_a_run_tells_since_when_what_is_usual_and_who_failed_alike(door: Door) -> None:
    def night(status: str, revision: str, took: int) -> str:
        when = {"start": "2026-01-01T00:00:00Z", "finish": f"2026-01-01T00:00:{took:02}Z"}
        tests = [generic(n, status, comment=f"ValueError: {n}", **when) for n in (1, 2, 3)] + [generic(4, "FAIL", comment="other")]
        info = {"project": "DEMO", "revision": revision, "testEnvironments": [revision[0]]}
        return key_of(door.load(*tests, info=info, branch="main", buildUrl="https://ci.example/7"))

    for number in range(3):
        night("PASS", f"a{number}", 2)
    first = night("FAIL", "a4", 2)
    night("PASS", "b4", 2)
    last = night("FAIL", "a5", 9)
    number = next(r["id"] for r in door.http.get(f"/rest/raven/2.0/api/testexec/{last}/test").json())
    page = look(door, f"/runs/{number}")
    assert "usually 2.0 s" in page
    assert re.search(rf'It first failed in <a class="key" href="/runs/[0-9]+">{first}</a> at revision <span class="key">a4</span> on', page)
    assert f'<a href="/browse/{last}?fingerprint=' in page
    assert ">2 other runs</a> of this execution failed like this" in page
    assert '<th scope="row">a</th>' in page
    link = html.unescape(page.split(f'href="/browse/{last}?fingerprint=')[1].split('"')[0])
    assert look(door, f"/browse/{last}", fingerprint=link).count("data-failure") == 3


def test_a_thousand_iterations_are_filtered_and_opened_by_the_address(door: Door) -> None:
    iterations = [
        {"name": f"row {i}", "status": "FAIL" if i % 100 == 0 else "PASS", "parameters": [{"name": "n", "value": str(i)}], "log": f"log of {i}",
         "steps": [{"status": "PASS", "actualResult": f"step of {i}"}]}
        for i in range(1, 1001)
    ]  # fmt: skip
    door.load(generic(1, iterations=iterations))
    page = look(door)
    assert len(page) < 150_000
    assert page.count('<details id="iteration-') == 100
    assert "log of 1<" not in page
    assert 'href="?from=101#iterations">More iterations' in page
    failed = look(door, iterations="FAIL")
    assert failed.count('<details id="iteration-') == 10
    assert look(door, iterations="failures").index('id="iteration-1000"') < look(door, iterations="failures").index('id="iteration-1"')
    opened = look(door, iteration=555)
    assert re.search(r'<details id="iteration-555"[^>]* open', opened)
    assert "log of 555<" in opened
    assert "step of 555<" in opened
    assert "log of 556<" not in opened
    alone = look(door, "/runs/1/iterations/555")
    assert "step of 555<" in alone
    assert "<html" not in alone
    for number in ("0", "1001", "x"):
        assert door.http.get(f"/runs/1/iterations/{number}", headers=HTML).status_code == 404
    for query in ({"from": "9999999"}, {"from": "x"}, {"iterations": "<b>"}, {"iteration": "-1"}):
        assert "<b>" not in look(door, **query)


def test_a_run_to_print_has_everything_open_and_no_forms(door: Door) -> None:
    iterations = [{"name": f"row {i}", "status": "PASS", "log": f"log of {i}"} for i in range(150)]
    key = key_of(door.load(generic(1, "FAIL", comment="before")))
    door.load(generic(1, iterations=iterations), execution=key)
    page = look(door, print=1)
    assert page.count("log of") == 150
    assert "before" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_the_words_that_differ_are_marked_in_failed_steps_only(door: Door) -> None:
    info = {"projectKey": "DEMO", "summary": "Pays", "testType": "Manual"}
    steps = [{"action": "a", "data": "", "result": "answers 200 in time"}, {"action": "b", "data": "", "result": "answers 200 in time"}]
    came = [{"status": "FAIL", "actualResult": "answers 503 in <time>"}, {"status": "PASS", "actualResult": "answers 201 in time"}]
    door.load({"testInfo": info | {"steps": steps}, "status": "FAIL", "steps": came})
    page = look(door)
    assert "answers <del>200</del> in time" in page
    assert "answers <ins>503</ins> in <ins>&lt;</ins>time<ins>&gt;</ins>" in page
    assert "<ins>201" not in page


def test_since_when_it_fails_is_told_of_its_own_environments_and_branch(door: Door) -> None:
    def on(status: str, environment: str, branch: str = "main") -> str:
        info = {"project": "DEMO", "summary": environment, "testEnvironments": [environment]}
        return key_of(door.load(generic(0, status), info=info, branch=branch))

    first, _, fixed, _ = on("FAIL", "Android"), on("PASS", "iOS"), on("PASS", "Android", "fix"), on("FAIL", "Android")
    said = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", look(door, "/runs/4")))
    assert f"Failing on Android since {first} (2 runs)." in said
    assert f"It first failed in {first}" in said
    said = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", look(door, "/runs/3")))
    assert f"Last failed on Android in {first}." in said
    assert fixed in said
    assert "The first run of this Test on iOS." in look(door, "/runs/2")
