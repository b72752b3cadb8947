# SPDX-License-Identifier: Apache-2.0
"""An import taken back: first, middle and last of an execution, with all that it made, and nothing that others did."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import IMPORT, generic, imported, key_of

from radiograph.actions import undo_import
from radiograph.actions.accounts import give_role, put_user
from radiograph.domain.errors import Conflict, Forbidden, NotFound, Refused
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t
from radiograph.store import undo_writes

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

ADMIN = Caller(1, "admin", admin=True)
EVIDENCE = [{"filename": "a.txt", "data": "YWJj"}]


def undo(services: Services, number: int) -> undo_import.Undo:
    """Take an import back; what was told before is what was done."""
    before = undo_import.preview(services, ADMIN, number)
    assert before.refusal == ""
    done = undo_import.undo(services, ADMIN, number)
    assert done == before
    return done


def imports(services: Services) -> list[int]:
    with services.db.read() as conn:
        return list(conn.execute(sa.select(t.imports.c.id).order_by(t.imports.c.id)).scalars())


def rows(services: Services, table: sa.Table) -> list[tuple[Any, ...]]:
    """All rows of a table, in the order of their first columns."""
    with services.db.read() as conn:
        return [tuple(row) for row in conn.execute(sa.select(table).order_by(*list(table.columns)[:2]))]


RESULTS = (
    t.runs,
    t.run_attempts,
    *t.PARTS,
    t.execution_summaries,
    t.tests,
    t.test_versions,
    t.plan_tests,
    t.plan_executions,
    t.test_aliases,
)


def state(services: Services) -> dict[str, list[tuple[Any, ...]]]:
    return {table.name: [r for r in rows(services, table) if table is not t.execution_summaries or r[2]] for table in RESULTS}


def issues(services: Services) -> list[str]:
    with services.db.read() as conn:
        return list(conn.execute(sa.select(t.issues.c.key).order_by(t.issues.c.id)).scalars())


def parted(number: int, status: str, mark: str) -> dict[str, Any]:
    """A result with one of everything."""
    steps = [{"status": status, "comment": mark, "evidence": EVIDENCE, "defects": ["X-1"]}]
    iterations = [{"name": mark, "parameters": [{"name": "p", "value": mark}], "status": status, "steps": [{"status": status}]}]
    return generic(number, status, comment=mark, steps=steps, iterations=iterations, examples=[status], evidence=EVIDENCE, defects=["X-2"])


def test_the_only_import_of_an_execution_goes_with_its_execution_and_tests(door: Door, services: Services) -> None:
    before = state(services), issues(services)
    door.load(*(parted(i, "FAIL", "one") for i in range(3)))
    told = undo(services, imports(services)[0])
    assert (told.runs_removed, told.tests_removed, told.execution_removed, told.stays) == (3, 3, True, [])
    assert (state(services), issues(services)) == before


def test_the_last_import_gives_each_run_its_attempt_before_with_all_its_parts(door: Door, services: Services) -> None:
    first = door.load(parted(1, "FAIL", "one"), parted(2, "PASS", "one"))
    before = state(services), issues(services)
    door.load(parted(1, "PASS", "two"), parted(3, "FAIL", "two"), execution=key_of(first))
    told = undo(services, imports(services)[1])
    assert (told.runs_returned, told.runs_removed, told.tests_removed, told.execution_removed) == (1, 1, 1, False)
    assert (state(services), issues(services)) == before


def test_the_first_import_leaves_what_later_ones_brought(door: Door, services: Services) -> None:
    first = door.load(parted(1, "FAIL", "one"), parted(2, "PASS", "one"))
    door.load(parted(1, "PASS", "two"), execution=key_of(first))
    told = undo(services, imports(services)[0])
    assert (told.runs_removed, told.attempts_removed, told.tests_removed, told.execution_removed) == (1, 1, 1, False)
    assert told.execution_stays == f"import {imports(services)[1]} put results into it too"
    (run,) = rows(services, t.runs)
    assert (run[5], rows(services, t.run_attempts)) == (0, [])
    assert door.run(key_of(first), imported(first)[0])["comment"] == "two"


def test_an_import_in_the_middle_goes_out_of_the_attempts(door: Door, services: Services) -> None:
    first = door.load(parted(1, "FAIL", "one"))
    for mark in ("two", "three"):
        door.load(parted(1, "PASS", mark), execution=key_of(first))
    told = undo(services, imports(services)[1])
    assert (told.attempts_removed, told.runs_returned) == (1, 0)
    (attempt,) = rows(services, t.run_attempts)
    assert (attempt[3], attempt[10]) == (1, "one")
    undo(services, imports(services)[2])
    run = door.run(key_of(first), imported(first)[0])
    assert (run["comment"], run["iterations"][0]["status"], len(run["evidences"])) == ("one", "FAIL", 1)
    undo(services, imports(services)[0])
    assert (rows(services, t.runs), issues(services)) == ([], [])


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
@pytest.mark.parametrize("first", ["TODO", "FAIL"])
def test_in_whatever_order_imports_are_taken_back_nothing_is_left(
    door: Door, services: Services, order: tuple[int, ...], first: str
) -> None:
    plan = door.make("Test Plan")
    before = state(services), issues(services)
    head = {"project": "DEMO", "testPlanKey": plan}
    answer = door.load(parted(1, first, "one"), parted(2, "PASS", "one"), info=head)
    for mark, numbers in (("two", (1, 3)), ("three", (1, 2, 4))):
        door.load(*(parted(i, "PASS", mark) for i in numbers), execution=key_of(answer), info=head)
    made = imports(services)
    for at in order:
        undo(services, made[at])
    assert (state(services), issues(services)) == before


def test_a_run_that_was_there_without_a_result_is_without_one_again(door: Door, services: Services) -> None:
    test = imported(door.load(generic(1)))[0]
    execution = door.make("Test Execution")
    door.http.post(f"/rest/raven/1.0/api/testexec/{execution}/test", json={"add": [test]})
    before = state(services)
    door.load(parted(1, "FAIL", "one"), execution=execution)
    told = undo(services, imports(services)[1])
    assert (told.runs_emptied, told.runs_removed, told.tests_removed) == (1, 0, 0)
    assert state(services) == before
    assert door.run(execution, test)["status"] == "TODO"


def test_attempts_that_a_report_brings_go_with_it(door: Door, services: Services) -> None:
    first = door.load(generic(1, "FAIL", comment="one"))
    before = state(services)
    case = '<testcase classname="calc" name="t1"><rerunFailure message="a"/></testcase>'
    door.http.post(f"{IMPORT}/junit", params={"testExecKey": key_of(first)}, content=f'<testsuite name="s">{case}</testsuite>')
    assert len(rows(services, t.run_attempts)) > 1 or len(rows(services, t.runs)) > 1
    undo(services, imports(services)[1])
    assert state(services) == before


def test_a_new_definition_returns_to_the_one_before_unless_others_use_it(door: Door, services: Services) -> None:
    def stepped(*steps: str) -> dict[str, Any]:
        info = {"projectKey": "DEMO", "summary": "Pays", "testType": "Manual", "steps": [{"action": s} for s in steps]}
        return {"testInfo": info, "status": "PASS"}

    first = door.load(stepped("open"))
    (test,) = imported(first)
    before = state(services)
    door.load(stepped("open", "pay"), execution=key_of(first))
    assert undo(services, imports(services)[1]).tests_returned == 1
    assert state(services) == before
    door.load(stepped("open", "pay"))
    door.load({"testKey": test, "status": "PASS"})
    told = undo(services, imports(services)[2])
    assert (told.tests_returned, [s.key for s in told.stays]) == (0, [test])
    assert "new definition" in told.stays[0].why


def test_a_definition_that_is_the_tests_name_returns_with_it(door: Door, services: Services) -> None:
    first = door.load(generic(1))
    (test,) = imported(first)
    before = state(services)
    info = {"projectKey": "DEMO", "summary": "Test 1", "testType": "Generic", "definition": "calc.renamed"}
    door.load({"testKey": test, "testInfo": info, "status": "PASS"}, execution=key_of(first))
    assert rows(services, t.test_versions)[-1][4] == "calc.renamed"
    assert undo(services, imports(services)[1]).tests_returned == 1
    assert state(services) == before
    assert imported(door.load(generic(1))) == [test]


def test_what_people_did_since_stays_and_is_told(door: Door, services: Services) -> None:
    answer = door.load(*(generic(i) for i in range(4)))
    one, two, three, four = imported(answer)
    run = door.run(key_of(answer), one)
    door.http.put(f"/rest/raven/2.0/api/testrun/{run['id']}", json={"comment": "looked at"})
    door.http.post(f"/rest/api/2/issue/{two}/comment", json={"body": "mine"})
    door.http.put(f"/rest/api/2/issue/{three}", json={"fields": {"summary": "Another"}})
    told = undo(services, imports(services)[0])
    assert {s.key: s.why for s in told.stays} == {
        key_of(answer): "it has runs that stay", one: "it has a run in the execution that stays", two: "it has comments",
        three: "somebody edited it",
    } | {one: "it has a run in the execution that stays"}  # fmt: skip
    assert (told.runs_kept, told.runs_removed, told.stays_in_all) == (1, 3, 5)
    assert four not in issues(services)
    assert door.run(key_of(answer), one)["comment"] == "looked at"


def test_a_plan_has_its_tests_and_executions_as_before(door: Door, services: Services) -> None:
    plan = door.make("Test Plan")
    door.load(generic(1), info={"project": "DEMO", "testPlanKey": plan})
    known = door.load(generic(2))
    before = state(services)
    door.load(generic(1), generic(2), generic(3), info={"project": "DEMO", "testPlanKey": plan})
    told = undo(services, imports(services)[2])
    assert (told.plans_left, told.plan_tests_removed, told.tests_removed) == (1, 2, 1)
    assert state(services) == before
    assert imported(known)[0] in issues(services)


def test_a_retry_of_an_import_that_was_taken_back_makes_it_anew(door: Door, services: Services) -> None:
    body = {"info": {"project": "DEMO"}, "tests": [generic(1)]}

    def send() -> Any:
        return door.http.post(IMPORT, json=body, headers={"Idempotency-Key": "one"})

    first = send()
    assert send().headers["idempotent-replayed"] == "true"
    undo(services, imports(services)[0])
    again = send()
    assert ("idempotent-replayed" in again.headers, key_of(again.json()) in issues(services)) == (False, True)
    assert key_of(again.json()) != key_of(first.json())


def test_it_is_refused_in_words_when_it_can_not_be(door: Door, services: Services) -> None:
    door.load(generic(1))
    door.send({"info": {"project": "DEMO"}, "tests": [{"testKey": "DEMO-99", "status": "PASS"}]})
    stored, refused = sorted(imports(services), key=lambda i: -_outcome(services, i).startswith("stored"))
    put_user(services, "tess", None)
    give_role(services, "tess", 10402, Role.TESTER)
    tester = Caller(2, "tess", roles={10402: Role.TESTER})
    with pytest.raises(Forbidden, match="takes the role lead"):
        undo_import.undo(services, tester, stored)
    with pytest.raises(NotFound):
        undo_import.undo(services, Caller(3, "stranger"), stored)
    with pytest.raises(Refused, match="was refused"):
        undo_import.undo(services, ADMIN, refused)
    undo(services, stored)
    with pytest.raises(Conflict, match="already"):
        undo_import.undo(services, ADMIN, stored)
    assert "already" in undo_import.preview(services, ADMIN, stored).refusal


def _outcome(services: Services, number: int) -> str:
    with services.db.read() as conn:
        return str(conn.execute(sa.select(t.imports.c.outcome).where(t.imports.c.id == number)).scalar())


def test_an_import_of_an_older_version_is_left_alone(door: Door, services: Services) -> None:
    door.load(generic(1))
    with services.db.write() as conn:
        conn.execute(sa.update(t.imports).values(made=None))
    with pytest.raises(Refused, match="older than"):
        undo_import.undo(services, ADMIN, imports(services)[0])


def test_what_breaks_in_the_middle_leaves_everything(door: Door, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    first = door.load(parted(1, "FAIL", "one"))
    door.load(parted(1, "PASS", "two"), parted(2, "PASS", "two"), execution=key_of(first))
    before = state(services), issues(services)
    monkeypatch.setattr(undo_writes, "remove_tests", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        undo_import.undo(services, ADMIN, imports(services)[1])
    assert (state(services), issues(services)) == before


def test_imports_that_come_meanwhile_are_whole(door: Door, services: Services) -> None:
    first = door.load(*(parted(i, "FAIL", "one") for i in range(20)))
    number = imports(services)[0]
    done: list[Any] = []
    threads = [threading.Thread(target=lambda: done.append(undo_import.undo(services, ADMIN, number)))]
    body = {"testExecutionKey": key_of(first), "tests": [generic(i, "PASS", comment="two") for i in range(20)]}
    threads += [threading.Thread(target=lambda: done.append(door.send(body)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = [d for d in done if not isinstance(d, undo_import.Undo)]
    assert len(done) == 2
    if answers[0].status_code == 200:
        assert len(rows(services, t.runs)) == 20
    else:
        assert rows(services, t.runs) == []


def test_a_large_one_is_a_task_with_progress(door: Door, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo_import, "AT_ONCE", 2)
    door.load(*(generic(i) for i in range(5)))
    number = imports(services)[0]
    told = door.http.get(f"/api/imports/{number}/undo").json()
    assert (told["runs_removed"], told["execution_removed"], told["stays"]) == (5, True, [])
    started = door.http.post(f"/api/imports/{number}/undo").json()
    for _ in range(500):
        job = door.http.get(f"/rest/raven/2.0/api/job/{started['job']}").json()
        if job["state"] != "running":
            break
    assert (job["state"], job["done"], job["total"], job["message"]) == ("done", 5, 5, "The import was taken back.")
    assert issues(services) == []
    assert json.loads(str(rows(services, t.audit)[-1][5]))["runs_removed"] == 5


def stepped(*steps: str, **more: Any) -> dict[str, Any]:
    """A result of a Manual Test with these steps."""
    info = {"projectKey": "DEMO", "summary": "Pays", "testType": "Manual", "steps": [{"action": s} for s in steps]}
    return {"testInfo": info, "status": "PASS", **more}


def test_a_definition_stays_that_a_run_of_an_import_undone_before_was_kept_with(door: Door, services: Services) -> None:
    (test,) = imported(door.load(stepped("open")))
    execution = key_of(door.load(stepped("open", "pay")))
    run = door.run(execution, test)
    door.http.put(f"/rest/raven/2.0/api/testrun/{run['id']}", json={"comment": "looked at"})
    door.load(generic(2), execution=execution)
    assert undo(services, imports(services)[1]).runs_kept == 1
    told = undo(services, imports(services)[2])
    assert (told.tests_removed, told.tests_returned, [s.key for s in told.stays if s.key == test]) == (1, 0, [test])
    assert door.run(execution, test)["comment"] == "looked at"


def test_a_definition_stays_that_a_run_which_was_added_again_has(door: Door, services: Services) -> None:
    (test,) = imported(door.load(stepped("open")))
    execution = key_of(door.load(stepped("open", "pay"), generic(2)))
    for change in ("remove", "add"):
        answer = door.http.post(f"/rest/raven/1.0/api/testexec/{execution}/test", json={change: [test]})
        assert answer.status_code == 200, answer.text
    told = undo(services, imports(services)[1])
    assert (told.tests_removed, told.tests_returned) == (1, 0)
    assert door.run(execution, test)["status"] == "TODO"


def test_what_an_import_made_in_very_many_pieces_is_taken_back(door: Door, services: Services) -> None:
    plan = door.make("Test Plan")
    door.load(generic(1), info={"project": "DEMO", "testPlanKey": plan})
    number = imports(services)[0]
    with services.db.write() as conn:
        made = json.loads(conn.execute(sa.select(t.imports.c.made).where(t.imports.c.id == number)).scalar_one())
        far = [[i, i] for i in range(900_000, 904_000, 2)]
        made["definitions"] += far
        made["added"] = {k: v + far for k, v in made["added"].items()}
        conn.execute(sa.update(t.imports).where(t.imports.c.id == number).values(made=json.dumps(made)))
    told = undo(services, number)
    assert (told.tests_removed, told.plan_tests_removed, told.execution_removed) == (1, 1, True)


@pytest.mark.parametrize("older", [False, True])
def test_a_change_that_was_made_without_a_network_and_sent_later_stays(door: Door, services: Services, *, older: bool) -> None:
    times = {"start": "2026-01-02T10:00:00Z", "finish": "2026-01-02T10:01:00Z"}
    answer = door.load(generic(1, **times), generic(2, **times))
    one = imported(answer)[0]
    for comment in ("before", "after"):
        run = door.run(key_of(answer), one)["id"]
        age = 0 if older else 3_600_000
        change = {"id": f"change-{comment}-1", "field": "comment", "value": comment, "was": None, "age": age}
        assert door.http.post(f"/api/testrun/{run}/changes", json=[change]).json()[0]["outcome"] == "applied"
        if comment == "before":
            door.load(generic(1, **times), execution=key_of(answer))
            assert undo_import.preview(services, ADMIN, imports(services)[1]).runs_returned == 1
    if older:  # earlier versions didn't note which changes there were
        with services.db.write() as conn:
            texts = conn.execute(sa.select(t.imports.c.id, t.imports.c.made)).all()
            for number, text in texts:
                made = {k: v for k, v in json.loads(text).items() if k != "changes"}
                conn.execute(sa.update(t.imports).where(t.imports.c.id == number).values(made=json.dumps(made)))
    told = undo(services, imports(services)[1])
    assert (told.runs_kept, told.runs_returned) == (1, 0)
    assert door.run(key_of(answer), one)["comment"] == "after"


def test_a_test_that_the_import_made_goes_though_its_run_was_taken_out_of_the_execution(door: Door, services: Services) -> None:
    first = door.load(generic(1))
    sent = door.load(generic(2), generic(3), execution=key_of(first))
    execution, taken = key_of(sent), imported(sent)[0]
    assert door.http.delete(f"/rest/raven/2.0/api/testexec/{execution}/test/{taken}").status_code < 300
    told = undo(services, imports(services)[1])
    assert (told.tests_removed, told.stays) == (2, [])
    assert door.http.get(f"/rest/api/2/issue/{taken}").status_code == 404
