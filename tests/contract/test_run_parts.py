# SPDX-License-Identifier: Apache-2.0
"""Steps, examples and iterations of a run are changed one at a time, and what they add up to follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic
from tests.contract.runs_door import TEXT, Run, manual, outline, refused

if TYPE_CHECKING:
    from tests.contract.door import Door

TWO = [
    {
        "name": "First",
        "parameters": [{"name": "page", "value": "basket"}],
        "status": "PASS",
        "steps": [{"status": "PASS"}, {"status": "PASS"}],
    },
    {"parameters": [{"name": "page", "value": "till"}, {"name": "user", "value": "ana"}], "status": "TODO"},
]


def step(run: Run, number: int, path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = run.ask("GET", f"{path}/step/{number}").json()
    return found


def test_a_step_without_a_result_has_its_position_for_an_id_and_gets_one_when_it_is_written(door: Door) -> None:
    run = Run(door, manual())
    assert [s["id"] for s in run.ask("GET", "/step").json()] == [-1, -2]
    done = run.ask("PUT", "/step/-2", json={"status": "FAIL", "comment": "no", "actualResult": "An error"}).json()
    steps = run.ask("GET", "/step").json()
    assert [s["status"] for s in steps] == ["TODO", "FAIL"]
    assert done == {"id": steps[1]["id"], "evidenceIds": [], "warnings": []}
    assert all(s["id"] > 0 for s in steps)
    assert (steps[1]["comment"]["raw"], steps[1]["actualResult"]["raw"]) == ("no", "An error")
    assert step(run, -2) == step(run, steps[1]["id"]) == steps[1]
    assert run.now["status"] == "FAIL"
    assert ("step 2 status", "TODO", "FAIL") in run.history


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [(("PASS", "PASS"), "PASS"), (("PASS", "TODO"), "EXECUTING"), (("FAIL", "PASS"), "FAIL"), (("EXECUTING", "TODO"), "EXECUTING")],
)
def test_the_run_is_what_its_steps_add_up_to(door: Door, statuses: tuple[str, str], whole: str) -> None:
    run = Run(door, manual())
    run.put({"steps": [{"id": -i, "status": s} for i, s in enumerate(statuses, 1)]})
    assert run.now["status"] == whole


def test_the_status_of_the_request_wins_over_its_steps_and_leaves_them_alone(door: Door) -> None:
    run = Run(door, manual())
    run.put({"status": "ABORTED", "steps": [{"id": -1, "status": "PASS"}]})
    assert (run.now["status"], [s["status"] for s in run.now["steps"]]) == ("ABORTED", ["PASS", "TODO"])
    run.put({"steps": [{"id": -1, "comment": "only a comment"}]})
    assert run.now["status"] == "ABORTED"


def test_a_steps_status_is_read_and_set_as_text(door: Door) -> None:
    run = Run(door, manual())
    for v1 in (True, False):
        assert run.ask("PUT", "/step/-1/status", v1=v1, params={"status": "PASS"}).status_code == 200
        assert run.ask("GET", "/step/-1/status", v1=v1).text == "PASS"
    assert "the statuses are PASS, TODO, EXECUTING, FAIL" in refused(run.ask("PUT", "/step/-1/status", params={"status": "ABORTED"}), 400)


def test_a_step_has_defects_and_files_of_its_own(door: Door) -> None:
    run = Run(door, manual())
    done = run.ask("PUT", "/step/-1", json={"defects": ["SHOP-1"], "evidences": [TEXT, TEXT | {"filename": "b.txt"}]}).json()
    assert len(done["evidenceIds"]) == 2
    shown = step(run, -1)
    assert ([d["key"] for d in shown["defects"]], [f["fileName"] for f in shown["evidences"]]) == (["SHOP-1"], ["log.txt", "b.txt"])
    assert (run.now["defects"], run.now["evidences"], run.now["status"]) == ([], [], "TODO")
    assert run.ask("POST", "/step/-1/attachment", v1=True, json=TEXT).status_code == 200
    assert run.ask("DELETE", "/step/-1/attachment", content=b"log.txt").status_code == 200
    assert run.ask("DELETE", f"/step/-1/attachment/{done['evidenceIds'][1]}").status_code == 200
    assert run.ask("GET", "/step/-1/attachment").json() == []
    refused(run.ask("DELETE", "/step/-1/attachment/1"), 404)
    run.put({"steps": [{"id": done["id"], "defects": {"remove": ["SHOP-1"]}}]})
    assert step(run, -1)["defects"] == []


def test_steps_that_are_not_there_are_404(door: Door) -> None:
    run, other = Run(door, manual()), Run(door, manual(steps=[{"status": "PASS"}]))
    foreign = other.now["steps"][0]["id"]
    for number in ("-3", "0", "999999", str(foreign), "x", "-"):
        refused(run.ask("GET", f"/step/{number}"), 404)
        refused(run.ask("PUT", f"/step/{number}", json={"status": "PASS"}), 404)
    assert "steps[0]: there is no step -9" in refused(run.ask("PUT", json={"steps": [{"id": -9, "status": "PASS"}]}), 404)
    assert "id" in refused(run.ask("PUT", json={"steps": [{"status": "PASS"}]}), 400)


def test_results_beyond_the_steps_of_the_test_are_changed_too(door: Door) -> None:
    run = Run(door, generic(1, "FAIL", steps=[{"status": "PASS"}, {"status": "FAIL"}]))
    run.put({"steps": [{"id": run.now["steps"][1]["id"], "status": "PASS"}]})
    assert run.now["status"] == "PASS"


def test_a_row_of_the_examples_is_read_and_set_by_its_index(door: Door) -> None:
    run = Run(door, outline())
    assert run.ask("GET", "/example/0").json() == {"id": -1, "rank": 1, "values": ["1"], "status": "TODO"}
    for v1, index in ((True, 0), (False, 2)):
        assert run.ask("PUT", f"/example/{index}", v1=v1, params={"status": "PASS"}).status_code == 200
    assert [e["status"] for e in run.ask("GET", "/example").json()] == ["PASS", "TODO", "PASS"]
    assert run.now["status"] == "EXECUTING"
    run.put({"examples": [{"id": run.now["examples"][1]["id"], "status": "FAIL"}]})
    assert (run.now["status"], run.history[-2]) == ("FAIL", ("example 2 status", "TODO", "FAIL"))
    for wrong in ("3", "-1", "x"):
        refused(run.ask("GET", f"/example/{wrong}"), 404)
        refused(run.ask("PUT", f"/example/{wrong}", params={"status": "PASS"}), 404)
    refused(Run(door).ask("GET", "/example/0"), 404)


def test_an_iteration_shows_its_parameters_in_its_steps_and_leaves_others_as_they_are(door: Door) -> None:
    run = Run(door, manual("TODO", iterations=TWO))
    first, second = run.now["iterations"]
    assert first["steps"][0]["fields"]["Action"]["value"]["raw"] == "Open basket"
    assert first["steps"][0]["fields"]["Data"]["value"]["raw"] == "as ${user}"
    shown = run.ask("GET", f"/iteration/{second['id']}").json()
    assert shown == second == run.ask("GET", "/iteration/-2").json()
    assert [s["id"] for s in shown["steps"]] == [-1, -2]
    assert shown["steps"][0]["fields"]["Data"]["value"] == {"raw": "as ana", "rendered": "<p>as ana</p>"}
    assert "steps" not in run.now


def test_a_step_of_an_iteration_changes_the_iteration_and_the_run(door: Door) -> None:
    run = Run(door, manual("TODO", iterations=TWO))
    path = f"/iteration/{run.now['iterations'][1]['id']}"
    assert run.ask("PUT", f"{path}/step/-1/status", params={"status": "PASS"}).status_code == 204
    assert [i["status"] for i in run.now["iterations"]] == ["PASS", "EXECUTING"]
    assert run.ask("GET", f"{path}/step/-1/status").json() == {"status": "PASS"}
    done = run.ask("PUT", f"{path}/step/-2", json={"status": "PASS", "actualResult": "paid", "evidences": [TEXT]}).json()
    assert ([i["status"] for i in run.now["iterations"]], run.now["status"]) == (["PASS", "PASS"], "PASS")
    assert [s["actualResult"]["raw"] for s in run.ask("GET", f"{path}/step").json()] == ["", "paid"]
    assert step(run, done["id"], path)["evidences"][0]["fileName"] == "log.txt"
    assert step(run, done["id"]) == step(run, done["id"], path)
    assert ("iteration 2 step 2 status", "TODO", "PASS") in run.history
    run.put({"steps": [{"id": done["id"], "status": "FAIL"}]})
    assert ([i["status"] for i in run.now["iterations"]], run.now["status"]) == (["PASS", "FAIL"], "FAIL")


def test_an_iteration_is_changed_whole(door: Door) -> None:
    run = Run(door, manual("TODO", iterations=TWO))
    second = run.now["iterations"][1]["id"]
    answer = run.ask("PUT", f"/iteration/{second}", json={"status": "FAIL", "steps": [{"id": -1, "status": "PASS"}]}).json()
    assert (answer["id"], len(answer["stepResults"])) == (second, 1)
    assert (run.now["iterations"][1]["status"], run.now["status"]) == ("FAIL", "FAIL")
    run.put({"iterations": [{"id": second, "status": "PASS"}, {"id": -1, "status": "PASS"}]})
    assert run.now["status"] == "PASS"


def test_files_of_a_step_of_an_iteration(door: Door) -> None:
    run = Run(door, manual("TODO", iterations=TWO))
    path = "/iteration/-2/step/-1/attachment"
    for _ in range(2):
        assert run.ask("POST", path, json=TEXT).status_code == 204
    assert run.ask("POST", path, json=TEXT | {"filename": "b.txt"}).status_code == 204
    files = run.ask("GET", path).json()
    assert [f["fileName"] for f in files] == ["log.txt", "log.txt", "b.txt"]
    assert run.ask("DELETE", path, params={"filename": "log.txt"}).status_code == 204
    assert run.ask("DELETE", f"{path}/{files[2]['id']}").status_code == 204
    assert run.ask("GET", path).json() == []
    assert run.now["iterations"][1]["status"] == "TODO"


def test_iterations_that_are_not_there_are_404_and_only_version_2_has_them(door: Door) -> None:
    run, plain = Run(door, manual("TODO", iterations=TWO)), Run(door, manual())
    for number in ("-3", "0", "999999", "x"):
        refused(run.ask("GET", f"/iteration/{number}"), 404)
        refused(run.ask("PUT", f"/iteration/{number}", json={"status": "PASS"}), 404)
        refused(run.ask("GET", f"/iteration/{number}/step"), 404)
    refused(plain.ask("GET", "/iteration/-1"), 404)
    assert run.ask("GET", "/iteration/-1", v1=True).status_code == 404
    inside = run.now["iterations"][0]["steps"][0]["id"]
    refused(run.ask("PUT", f"/iteration/-2/step/{inside}", json={"status": "FAIL"}), 404)
    assert "has iterations" in refused(run.ask("PUT", "/step/-1", json={"status": "PASS"}), 400)


def test_a_new_import_takes_what_was_changed_by_hand_as_an_attempt(door: Door) -> None:
    run = Run(door, manual())
    run.put({"steps": [{"id": -1, "status": "FAIL", "evidences": {"add": [TEXT]}}]})
    door.load(manual("PASS"), execution=run.execution)
    assert (run.now["status"], run.now["attempts"], [s["id"] for s in run.now["steps"]]) == ("PASS", 1, [-1, -2])
