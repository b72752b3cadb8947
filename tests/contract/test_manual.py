# SPDX-License-Identifier: Apache-2.0
"""Executing a Test by hand: each change arrives once, nobody's is overwritten unseen, and the run knows when it was under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic
from tests.contract.others import door_of
from tests.contract.runs_door import Run, manual, outline, refused

from radiograph.actions.projects import add_project
from radiograph.domain.people import Role

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services


class Hand:
    """A run, and short words for what its page sends; ids are made here, one for each change."""

    def __init__(self, door: Door, run_id: int, prefix: str = "change") -> None:
        self.door, self.id, self.prefix, self.count = door, run_id, prefix, 0

    def change(self, field: str, value: Any = "", **more: Any) -> dict[str, Any]:
        self.count += 1
        return {"id": f"{self.prefix}-{self.count:04}", "field": field, "value": value} | more

    def send(self, *changes: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.door.http.post(f"/api/testrun/{self.id}/changes", json=list(changes))
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def set(self, field: str, value: Any = "", **more: Any) -> dict[str, Any]:
        return self.send(self.change(field, value, **more))[0]

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.door.http.get(f"/api/testrun/{self.id}/execution").json()
        return found


@pytest.fixture
def run(door: Door) -> Run:
    """A Manual Test of two steps that nobody has run yet."""
    return Run(door, manual())


def test_the_first_result_starts_the_run_and_finishing_ends_it(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    assert hand.state["timer"]["started"] is None
    assert hand.set("status", "FAIL", step=1, was="TODO")["outcome"] == "applied"
    state = hand.state
    assert state["run"]["status"] == "EXECUTING"  # though a step failed: it is under way until it is finished
    assert state["timer"]["started"]
    assert state["timer"]["finished"] is None
    assert state["results"]["0/1"]["status"] == "FAIL"
    refusal = hand.set("finish")
    assert (refusal["outcome"], hand.state["run"]["status"]) == ("applied", "FAIL")
    assert hand.state["timer"]["finished"]
    hand.set("open")
    assert (hand.state["run"]["status"], hand.state["timer"]["finished"]) == ("EXECUTING", None)


def test_a_run_with_steps_left_is_finished_only_with_a_status_that_somebody_chose(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    hand.set("status", "PASS", step=1)
    told = hand.set("finish")
    assert told["outcome"] == "refused"
    assert "choose the status" in told["message"]
    assert hand.set("finish", "EXECUTING")["outcome"] == "refused"
    assert hand.set("finish", "ABORTED")["outcome"] == "applied"
    assert run.now["status"] == "ABORTED"


def test_taking_the_only_result_back_makes_the_run_todo_again(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    hand.set("status", "PASS", step=2)
    hand.set("status", "TODO", step=2, was="PASS")
    assert (hand.state["run"]["status"], hand.state["timer"]["started"]) == ("TODO", None)


def test_what_is_of_another_than_who_is_signed_in_is_not_taken(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    body = [hand.change("status", "PASS", step=1)]
    for name, status in (("%C3%84nne", 401), ("somebody", 401), ("admin", 200)):
        answer = door.http.post(f"/api/testrun/{run.id}/changes", json=body, headers={"X-Radiograph-Person": name})
        assert answer.status_code == status, (name, answer.text)
        assert hand.state["results"].get("0/1", {"status": "TODO"})["status"] == ("PASS" if status == 200 else "TODO")


def test_a_change_that_is_sent_again_is_applied_once(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    first, second = hand.change("status", "PASS", step=1), hand.change("status", "FAIL", step=1, was="PASS")
    hand.send(first, second)
    again = hand.send(first | {"age": 5000}, second)
    assert [(o["outcome"], o["replayed"]) for o in again] == [("applied", True), ("applied", True)]
    assert hand.state["results"]["0/1"]["status"] == "FAIL"
    assert [h for h in run.history if h[0] == "step 1 status"] == [("step 1 status", "TODO", "PASS"), ("step 1 status", "PASS", "FAIL")]
    used = hand.send(first | {"value": "TODO"})[0]
    assert (used["outcome"], "another change" in used["message"]) == ("refused", True)


def test_the_same_change_from_many_connections_at_once_is_applied_once(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    change = hand.change("add-defect", "ELSE-1", step=1)
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: hand.send(change)[0], range(4)))
    assert sorted(o["replayed"] for o in done) == [False, True, True, True]
    assert len(hand.state["results"]["0/1"]["defects"]) == 1


def test_two_testers_conflict_where_they_differ_and_nothing_is_overwritten(door: Door, services: Services, run: Run) -> None:
    hand = Hand(door, run.id)
    with door_of(services, "ben", Role.TESTER) as other:
        ben = Hand(other, run.id, "bens")
        ben.set("status", "FAIL", step=1, was="TODO")
        told = hand.set("status", "PASS", step=1, was="TODO")
        assert (told["outcome"], told["theirs"], told["by"]) == ("conflict", "FAIL", "ben")
        assert told["at"]
        assert hand.state["results"]["0/1"]["status"] == "FAIL"
        assert hand.set("status", "FAIL", step=1, was="TODO")["outcome"] == "applied"  # both say the same
        assert hand.set("status", "PASS", step=1, was="FAIL")["outcome"] == "applied"  # chosen, having seen theirs
        ben.set("comment", "from ben", was="")
        told = hand.set("comment", "from me", was="")
        assert (told["outcome"], told["theirs"]) == ("conflict", "from ben")
        assert hand.set("actual", "else", step=1, was="")["outcome"] == "applied"  # another field of the same step is no conflict
        ben.set("finish", "PASS", was="EXECUTING")
        assert hand.set("finish", "ABORTED", was="EXECUTING")["theirs"] == "PASS"


def test_the_version_tells_of_every_change(door: Door, run: Run) -> None:
    path = f"/api/testrun/{run.id}/execution"
    first = door.http.get(path)
    same = door.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    Hand(door, run.id).set("comment", "new")
    changed = door.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    door.load(manual("PASS"), execution=run.execution)
    assert door.http.get(path, headers={"If-None-Match": changed.headers["etag"]}).status_code == 200


def test_a_change_that_waited_happened_when_it_was_made(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    hand.send(hand.change("status", "PASS", step=1, age=600_000), hand.change("status", "PASS", step=2, age=300_000))
    hand.set("finish", age=240_000)
    timer = hand.state["timer"]
    assert 355_000 <= timer["finished"] - timer["started"] <= 365_000
    assert 595_000 <= timer["now"] - timer["started"] <= 630_000


def test_the_timer_is_paused_and_goes_on(door: Door, run: Run) -> None:
    hand = Hand(door, run.id)
    assert hand.set("timer", "paused")["outcome"] == "refused"  # not started yet
    hand.send(
        hand.change("status", "PASS", step=1, age=100_000),
        hand.change("timer", "paused", age=80_000),
        hand.change("timer", "running", age=50_000),
    )
    timer = hand.state["timer"]
    assert (29_000 <= timer["pausedMs"] <= 31_000, timer["paused"]) == (True, False)
    hand.set("timer", "paused")
    assert hand.state["timer"]["paused"] is True


def test_files_go_to_a_step_of_an_iteration_once_and_are_taken_back(door: Door) -> None:
    run = Run(door, manual(iterations=[{"name": "one", "parameters": [{"name": "user", "value": "ana"}], "status": "TODO"}]))
    hand = Hand(door, run.id)
    query: dict[str, Any] = {"id": "file-0001", "name": '../pic"<b>.png', "iteration": 1, "step": 2}
    for _ in range(2):
        answer = door.http.post(f"/api/testrun/{run.id}/evidence", params=query, content=b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
        assert answer.status_code == 200, answer.text
    result = hand.state["results"]["1/2"]
    assert [(f["kind"], f["size"]) for f in result["evidence"]] == [("image", 28)]
    assert hand.state["run"]["status"] == "TODO"
    assert hand.set("remove-file", str(answer.json()["file"]), iteration=1, step=2)["outcome"] == "applied"
    assert hand.state["results"]["1/2"]["evidence"] == []


def test_a_file_over_the_limit_is_refused_before_it_is_kept(door: Door, services: Services, run: Run) -> None:
    object.__setattr__(services.settings, "max_evidence", 100)
    try:
        answer = door.http.post(f"/api/testrun/{run.id}/evidence", params={"id": "file-0001", "name": "a.bin"}, content=b"x" * 5000)
    finally:
        object.__setattr__(services.settings, "max_evidence", 100 * 1024**2)
    assert "larger than the limit" in refused(answer, 413)
    assert Hand(door, run.id).state["run"]["evidence"] == []


def test_rows_of_examples_and_runs_without_steps_are_set(door: Door) -> None:
    hand = Hand(door, Run(door, outline()).id)
    hand.send(hand.change("status", "PASS", example=1, was="TODO"), hand.change("status", "FAIL", example=2, was="TODO"))
    assert [x["status"] for x in hand.state["examples"]] == ["PASS", "FAIL", "TODO"]
    assert hand.state["examples"][0]["values"] == {"a": "1"}
    assert hand.state["run"]["status"] == "EXECUTING"
    plain = Hand(door, Run(door, generic(1, "TODO")).id, "plain")
    assert plain.set("finish")["outcome"] == "refused"
    assert plain.set("finish", "FAIL")["outcome"] == "applied"


def test_required_fields_hinder_finishing_and_nothing_before_it(door: Door, run: Run) -> None:
    fields = "/rest/raven/2.0/api/project/DEMO/settings/customfields/testruns"
    made = door.http.post(fields, json={"name": "Browser", "type": "select", "required": True, "options": ["Chrome", "Firefox"]})
    assert made.status_code in {200, 201}, made.text
    hand = Hand(door, run.id)
    assert [o["outcome"] for o in hand.send(hand.change("status", "PASS", step=1), hand.change("status", "PASS", step=2))] == [
        "applied"
    ] * 2
    told = hand.set("finish")
    assert (told["outcome"], "Browser" in told["message"]) == ("refused", True)
    (field,) = hand.state["fields"]
    assert (field["required"], field["options"], field["value"]) == (True, ["Chrome", "Firefox"], None)
    assert hand.set("custom", "Opera", key=str(field["id"]))["outcome"] == "refused"
    assert hand.set("custom", "chrome", key=str(field["id"]))["outcome"] == "applied"
    assert hand.set("custom", "Firefox", key="Browser", was=None)["outcome"] == "applied"
    assert hand.set("custom", "Chrome", key="Browser", was="Chrome ")["theirs"] == "Firefox"
    assert hand.set("finish")["outcome"] == "applied"


def test_a_bug_is_made_and_linked_once(door: Door, services: Services, run: Run) -> None:
    body = {"id": "report-0001", "project": "DEMO", "summary": "Step 2 fails", "description": "*Expected* a page", "step": 2}
    with door_of(services, "ben", Role.TESTER) as other:
        answers = [other.http.post(f"/api/testrun/{run.id}/bug", json=body) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    key = answers[0].json()["issue"]
    assert (answers[1].json()["issue"], answers[1].json()["replayed"]) == (key, True)
    fields = door.fields(key)
    assert (fields["summary"], fields["description"], fields["issuetype"]["name"]) == ("Step 2 fails", "*Expected* a page", "Bug")
    assert [d["key"] for d in Hand(door, run.id).state["results"]["0/2"]["defects"]] == [key]
    assert "summary" in refused(door.http.post(f"/api/testrun/{run.id}/bug", json=body | {"id": "report-0002", "summary": " "}), 400)
    assert "no project" in door.http.post(f"/api/testrun/{run.id}/bug", json=body | {"id": "report-0003", "project": "NOPE"}).text


def test_viewers_look_and_strangers_see_nothing(services: Services, run: Run) -> None:
    add_project(services, "OTHER", "Other", "", 10403)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("changes", {"json": []}),
        ("evidence?id=12345678&name=a", {"content": b"x"}),
        ("bug", {"json": {"id": "12345678", "project": "DEMO", "summary": "x"}}),
    ]
    with door_of(services, "vera", Role.VIEWER) as viewer:
        assert viewer.http.get(f"/api/testrun/{run.id}/execution").json()["mayEdit"] is False
        assert [viewer.http.post(f"/api/testrun/{run.id}/{path}", **more).status_code for path, more in calls] == [403] * 3
    with door_of(services, "olga", Role.ADMIN, 10403) as stranger:
        assert stranger.http.get(f"/api/testrun/{run.id}/execution").status_code == 404
        assert [stranger.http.post(f"/api/testrun/{run.id}/{path}", **more).status_code for path, more in calls] == [404] * 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": "short", "field": "status"}, "8 to 64"),
        ({"field": "colour"}, "must be one of"),
        ({"field": "status", "step": 1, "example": 1}, "name a step"),
        ({"field": "status", "iteration": 1}, "name a step"),
        ({"field": "timer", "value": "fast"}, "running or paused"),
        ({"field": "finish", "value": "PASS", "step": 1}, "can't be set there"),
        ({"field": "actual", "value": "x"}, "only a step"),
        ({"field": "status", "value": "GREEN", "step": 1}, "is no status here"),
        ({"field": "status", "value": "PASS", "step": 99}, "no step"),
        ({"field": "status", "value": "PASS", "iteration": 9, "step": 1}, "no iteration"),
        ({"field": "comment", "value": ["x"]}, "must be a text"),
        ({"field": "remove-file", "value": "../x"}, "id of a file"),
        ({"field": "custom", "value": "x", "key": "Nothing"}, "no custom field"),
    ],
)
def test_a_change_that_means_nothing_is_refused_and_the_others_are_carried_out(
    door: Door, run: Run, change: dict[str, Any], told: str
) -> None:
    hand = Hand(door, run.id)
    first, second = hand.send({"id": "strange-1"} | change, hand.change("comment", "kept 🎉 \u202eright to left <script>"))
    assert first["outcome"] == "refused"
    assert told in first["message"]
    assert second["outcome"] == "applied"
    assert hand.state["run"]["comment"] == "kept 🎉 \u202eright to left <script>"


def test_bodies_that_are_no_changes_are_refused(door: Door, run: Run) -> None:
    path = f"/api/testrun/{run.id}/changes"
    assert refused(door.http.post(path, json={"id": "x"}), 400)
    assert refused(door.http.post(path, json=[{"id": "12345678", "field": "comment", "step": -1}]), 400)
    assert "at most 500" in refused(door.http.post(path, json=[{"id": "12345678", "field": "open"}] * 501), 400)


def opened(door: Door, **form: str) -> str:
    """Where the form of a new round leads."""
    answer = door.http.post(
        "/projects/DEMO/execute", data={"summary": "Now"} | form, follow_redirects=False, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_tests_are_executed_now_in_an_execution_of_their_own(door: Door, run: Run) -> None:
    told = opened(door, tests=run.test, environments="iOS, staging", version="v2", revision="abc", mine="1")
    number = int(told.split("/")[2])
    assert told == f"/runs/{number}/execute"
    state = Hand(door, number).state
    assert (state["test"], state["run"]["status"]) == (run.test, "TODO")
    fields = door.fields(state["execution"])
    assert fields["environments"] == ["iOS", "staging"]
    assert (fields["revision"], [v["name"] for v in fields["fixVersions"]], fields["summary"]) == ("abc", ["v2"], "Now")
    assert door.run(state["execution"], run.test)["assignee"] == "admin"


def test_a_plan_is_executed_now_with_all_its_tests_and_linked(door: Door, run: Run) -> None:
    other = Run(door, generic(2, "TODO"))
    plan = door.make("Test Plan")
    door.http.post(f"/rest/raven/2.0/api/testplan/{plan}/test", json={"add": [run.test, other.test]})
    page = door.http.get(f"/projects/DEMO/execute?tests={plan}", headers={"Accept": "text/html"}).text
    assert "2 Tests get" in page
    some = door.http.get(f"/projects/DEMO/execute?plan={plan}&tests={run.test}", headers={"Accept": "text/html"}).text
    assert f'name="plan" value="{plan}"' in some
    one = Hand(door, int(opened(door, tests=run.test, plan=plan).split("/")[2])).state["execution"]
    assert one in {e["key"] for e in door.http.get(f"/rest/raven/2.0/api/testplan/{plan}/testexecution").json()}
    for path in (f"/browse/{plan}", f"/browse/{run.test}", f"/browse/{run.execution}", f"/runs/{run.id}"):
        found = door.http.get(path, headers={"Accept": "text/html"})
        assert (found.status_code, "/execute" in found.text) == (200, True)
    state = Hand(door, int(opened(door, tests=plan).split("/")[2])).state
    assert state["progress"] | {"next": "", "nextKey": ""} == {"done": 0, "total": 2, "next": "", "nextKey": ""}
    assert state["progress"]["nextKey"] == other.test
    assert state["execution"] in {e["key"] for e in door.http.get(f"/rest/raven/2.0/api/testplan/{plan}/testexecution").json()}


def test_a_round_of_nothing_or_of_strangers_is_refused(door: Door, services: Services, run: Run) -> None:
    before = door.executions()
    for tests, told in (
        ("", "Name the Tests"),
        ("DEMO-999", "DEMO-999 is no Test"),
        (f"{run.test},{run.execution}", ""),
        ("<script>", "is no Test"),
    ):
        answer = door.http.post("/projects/DEMO/execute", data={"tests": tests, "summary": "x"}, follow_redirects=False)
        assert (answer.status_code == 400 and told in answer.text) or not told
    assert door.http.post("/projects/NOPE/execute", data={"tests": run.test, "summary": "x"}, follow_redirects=False).status_code == 404
    with door_of(services, "vera", Role.VIEWER) as viewer:
        assert viewer.http.post("/projects/DEMO/execute", data={"tests": run.test, "summary": "x"}).status_code == 403
        page = viewer.http.get(f"/runs/{run.id}/execute", headers={"Accept": "text/html"}).text
        assert "takes the role of a tester" in page
        assert "data-form" not in page
        assert viewer.http.post(f"/runs/{run.id}/execute", data={"step": "1", "status": "PASS", "was-status": "TODO"}).status_code == 403
    assert door.executions() == before + 1  # the execution that was named stands for its Test


def test_the_next_todo_is_one_of_ones_own_first(door: Door, services: Services) -> None:
    execution = door.make("Test Execution")
    runs = [Run(door, generic(n, "TODO")) for n in (1, 2, 3)]
    door.http.post(f"/rest/raven/2.0/api/testexec/{execution}/test", json={"add": [r.test for r in runs]})
    ids = [int(door.run(execution, r.test)["id"]) for r in runs]
    with door_of(services, "ben", Role.TESTER) as other:
        door.http.put(f"/rest/raven/2.0/api/testrun/{ids[0]}/assignee?user=admin")
        door.http.delete(f"/rest/raven/2.0/api/testrun/{ids[1]}/assignee")
        door.http.put(f"/rest/raven/2.0/api/testrun/{ids[2]}/assignee?user=ben")

        def following(of: Door) -> str:
            return str(of.http.get(f"/browse/{execution}/execute", follow_redirects=False).headers["location"])

        assert [following(door), following(other)] == [f"/runs/{ids[0]}/execute", f"/runs/{ids[2]}/execute"]
        Hand(other, ids[2]).set("finish", "PASS")
        assert following(other) == f"/runs/{ids[1]}/execute"  # nobody's before another's
        Hand(other, ids[1], "later").set("finish", "PASS")
        assert Hand(other, ids[1]).state["progress"] == {"done": 2, "total": 3, "next": f"/runs/{ids[0]}/execute", "nextKey": runs[0].test}


def test_nothing_that_a_test_says_becomes_part_of_the_page(door: Door) -> None:
    bad = "</script><script>alert(1)</script><!-- \u202e 🎉"
    info = {"projectKey": "DEMO", "summary": bad, "testType": "Manual", "steps": [{"action": bad, "data": bad, "result": bad}]}
    run = Run(door, {"testInfo": info, "status": "TODO"})
    Hand(door, run.id).send(
        {"id": "bad-0001", "field": "comment", "value": bad, "step": 1}, {"id": "bad-0002", "field": "comment", "value": "x" * 1_000_000}
    )
    answer = door.http.get(f"/runs/{run.id}/execute", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert len(answer.content) < 150_000
    assert "img-src 'self' blob:" in answer.headers["content-security-policy"]
    assert "default-src 'self'" in answer.headers["content-security-policy"]
