# SPDX-License-Identifier: Apache-2.0
"""Gates: what is a new failure, what isn't and why, and what can't be judged, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, key_of
from tests.contract.test_comparison import mark_flaky

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.domain.people import Role
from radiograph.store import known_failures, project_settings, quarantines
from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

LATER = 4_102_444_800_000


def send(door: Door, statuses: str, branch: str = "main", revision: str = "", environments: tuple[str, ...] = (), **more: Any) -> str:
    """Import an execution: one letter a Test, F, P, T (TODO), E (EXECUTING) or - (none); its key."""
    words = {"F": "FAIL", "P": "PASS", "T": "TODO", "E": "EXECUTING"}
    tests = [
        generic(n, words[s], comment=f"it broke at part {'abcdefghij'[n]}" if s == "F" else "", **more)
        for n, s in enumerate(statuses)
        if s != "-"
    ]
    info = {"project": "DEMO", "testEnvironments": list(environments), "revision": revision}
    return key_of(door.load(*tests, info=info, branch=branch))


def ask(door: Door, status: int = 200, **query: Any) -> dict[str, Any]:
    answer = door.http.get("/api/gate", params=query)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def new(found: dict[str, Any]) -> list[str]:
    return [f["summary"] for f in found["newFailures"]]


def why(found: dict[str, Any]) -> dict[str, str]:
    return {f["summary"]: f["why"] for f in found["notCounted"]}


def test_one_new_failure_closes_the_gate_and_the_reason_says_so(door: Door) -> None:
    before, key = send(door, "PFP"), send(door, "FFP")
    found = ask(door, execution=key)
    assert (found["verdict"], new(found), why(found)) == ("fail", ["Test 0"], {"Test 1": "baseline"})
    assert found["reason"] == f"{key} is stopped: 1 new failure since {before}. Not counted: 1 failing in {before} too."
    assert found["newFailures"][0]["message"] == "it broke at part a"
    assert found["newFailures"][0]["link"].startswith("http://testserver/runs/")
    assert (found["baseline"]["key"], found["passRate"]) == (before, 33.33)
    counts = {name: n for name, n in found["counts"].items() if n}
    assert counts == {"runs": 3, "passed": 1, "failed": 2, "new": 1, "baseline": 1}
    allowed = ask(door, execution=key, allow_new=1)
    assert allowed["verdict"] == "pass"
    assert "1 new failure, 1 allowed" in allowed["reason"]


def test_an_execution_without_failures_may_pass_and_the_first_of_all_has_nothing_to_compare_with(door: Door) -> None:
    assert ask(door, execution=send(door, "PP"))["reason"].endswith("may pass: all 2 passed.")
    found = ask(door, execution=send(door, "FP", environments=("iOS",)))
    assert (found["verdict"], found["baseline"]) == ("fail", None)
    assert "nothing earlier to compare with" in found["reason"]


def test_a_branch_is_measured_by_the_main_branch_and_pushing_again_makes_nothing_old(door: Door) -> None:
    main = send(door, "PFP")
    for _ in range(2):
        found = ask(door, execution=send(door, "FFP", "feature/x"))
        assert (found["verdict"], new(found), found["baseline"]["key"]) == ("fail", ["Test 0"], main)
    assert ask(door, execution=send(door, "PFP", "feature/x"))["verdict"] == "pass"


def test_a_second_run_of_one_revision_is_not_measured_by_the_first(door: Door) -> None:
    send(door, "PP", revision="r1")
    send(door, "FP", revision="r2")
    assert ask(door, execution=send(door, "FP", revision="r2"))["verdict"] == "fail"
    assert ask(door, execution=send(door, "FP", revision="r3"))["verdict"] == "pass"


def test_the_main_branch_is_what_the_project_says(services: Services, door: Door) -> None:
    send(door, "PF", "trunk")
    send(door, "PP", "main")
    with services.db.write() as conn:
        project_settings.put_setting(conn, 10402, "main_branch", "trunk")
    assert ask(door, execution=send(door, "PF", "feature/x"))["verdict"] == "pass"


def test_executions_on_other_environments_are_no_measure_of_the_main_branch_itself(door: Door) -> None:
    send(door, "FP", environments=("iOS",))
    assert ask(door, execution=send(door, "FP", environments=("Android",)))["verdict"] == "fail"


def test_failures_that_are_known_flaky_or_in_quarantine_keep_the_gate_open(services: Services, door: Door) -> None:
    send(door, "PPPPP", environments=("iOS",))
    key = send(door, "FFFPP", environments=("iOS",))
    assert ask(door, execution=key)["verdict"] == "fail"
    bug = door.make("Bug")
    with services.db.write() as conn:
        tests: dict[str, int] = dict(conn.execute(sa.select(t.issues.c.summary, t.issues.c.id)).all())
        mark = conn.execute(
            sa.select(t.runs.c.fingerprint).where(t.runs.c.test_id == tests["Test 0"], t.runs.c.status_id == 3)
        ).scalar_one()
        known_failures.put_known(conn, 10402, [mark], known_failures.Note(bug, 1, 1, links=False))
        held = quarantines.add(conn, 10402, tests["Test 1"], "broken lift", LATER, (1, 1))
    mark_flaky(services, {"Test 2": '["iOS"]'})
    found = ask(door, execution=key)
    assert (found["verdict"], why(found)) == ("pass", {"Test 1": "quarantined", "Test 0": "defect", "Test 2": "flaky"})
    assert found["notCounted"][1]["defects"] == [bug]
    assert found["reason"].endswith("Not counted: 1 known by a defect, 1 flaky, 1 in quarantine.")
    assert new(ask(door, execution=key, flaky="count")) == ["Test 2"]
    assert new(ask(door, execution=key, quarantine="count")) == ["Test 1"]
    with services.db.write() as conn:
        quarantines.change(conn, held, {"until_ms": 1})
        conn.execute(sa.update(t.issues).where(t.issues.c.key == bug).values(workflow="Done"))
    found = ask(door, execution=key)
    assert new(found) == ["Test 0", "Test 1"], "a quarantine that is over, and a defect that is done, excuse nothing"
    assert found["newFailures"][0]["doneDefects"] == [bug]


def test_a_defect_that_the_report_names_makes_a_failure_known(door: Door) -> None:
    send(door, "P")
    assert why(ask(door, execution=send(door, "F", defects=["ELSE-1"]))) == {"Test 0": "defect"}


def test_what_has_no_result_or_is_not_finished_is_unknown(door: Door) -> None:
    empty = door.make("Test Execution")
    assert ask(door, execution=empty)["reason"] == f"{empty} has no results yet."
    running = send(door, "PE")
    assert ask(door, execution=running)["verdict"] == "pass"
    found = ask(door, execution=running, require_finished="true")
    assert (found["verdict"], found["finished"]) == ("unknown", False)
    assert found["reason"] == f"{running} is not finished: of 2 runs 1 executing."
    assert ask(door, execution=send(door, "PT"), require_finished="true")["verdict"] == "pass", "what a report skipped is done with"
    planned = send(door, "P")
    door.http.post(f"/rest/raven/2.0/api/testexec/{planned}/test", json={"add": [door.make("Test")]})
    assert "1 not begun" in ask(door, execution=planned, require_finished="true")["reason"]


def test_the_least_rate_counts_what_is_finished(door: Door) -> None:
    key = send(door, "PPPFT")
    assert ask(door, execution=key, allow_new=9, min_pass_rate="75")["verdict"] == "pass"
    found = ask(door, execution=key, allow_new=9, min_pass_rate="75.5%")
    assert found["reason"] == f"{key} is stopped: 75 % of 4 finished runs passed, 75.5 % are asked for."


def test_the_newest_execution_that_fits_is_found(door: Door) -> None:
    plan = door.make("Test Plan")
    one = send(door, "P", "a", "r1", ("iOS", "Tablet"))
    two = send(door, "P", "a", "r2", ("iOS",))
    three = key_of(door.load(generic(1), info={"project": "DEMO", "testPlanKey": plan}, branch="b"))

    def found(**query: Any) -> str:
        return str(ask(door, **query)["execution"]["key"])

    assert found(project="DEMO") == three
    assert found(project="DEMO", branch="a") == two
    assert found(project="DEMO", branch="a", environment=["iOS", "Tablet"]) == found(project="DEMO", environment="Tablet,iOS") == one
    assert found(project="DEMO", revision="r1") == one
    assert found(plan=plan) == three
    assert "on the branch c" in ask(door, 404, project="DEMO", branch="c")["error"]


def test_another_measure_can_be_given(door: Door) -> None:
    failing, _, key = send(door, "F"), send(door, "P"), send(door, "F")
    assert ask(door, execution=key)["verdict"] == "fail"
    assert ask(door, execution=key, baseline=failing)["verdict"] == "pass"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400), ({"execution": "DEMO-999"}, 404), ({"project": "NONE"}, 404), ({"project": "DEMO", "flaky": "maybe"}, 400),
        ({"project": "DEMO", "min_pass_rate": "101"}, 400), ({"project": "DEMO", "min_pass_rate": "nan"}, 400),
        ({"project": "DEMO", "allow_new": "-1"}, 400), ({"plan": "DEMO-1"}, 400), ({"execution": "DEMO-1"}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_an_error_and_no_verdict(door: Door, query: dict[str, str], status: int) -> None:
    door.make("Bug")
    assert "verdict" not in ask(door, status, **query)


def test_a_project_that_the_caller_cannot_see_is_not_there(services: Services, door: Door) -> None:
    key = send(door, "P")
    put_user(services, "guest", "guest")
    add_token(services, "guest", "one", "guest-token-of-some-length")
    other = door.http.get("/api/gate", params={"execution": key}, auth=None, headers={"Authorization": "Bearer guest-token-of-some-length"})
    assert other.status_code in {401, 404}
    give_role(services, "guest", 10402, Role.VIEWER)


def test_the_page_shows_the_same_words(door: Door) -> None:
    send(door, "P")
    key = send(door, "F")
    page = door.http.get("/gate", params={"execution": key})
    assert page.status_code == 200
    assert ask(door, execution=key)["reason"] in page.text
    assert "stopped" in page.text
    assert "it broke at part a" in page.text
