# SPDX-License-Identifier: Apache-2.0
"""Executions are counted anew by a task that goes on after its answer and tells how far it is."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.contract.conftest import Bearer
from tests.contract.door import generic, imported, key_of
from tests.contract.runs_door import refused

from radiograph.actions import jobs
from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.check import examine
from radiograph.domain.people import Caller, Role
from radiograph.store import jobs as store
from radiograph.store import tables as t
from radiograph.web.app import build_app
from radiograph.web.jobs import Jobs

if TYPE_CHECKING:
    import pytest
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/raven/2.0/api"
RESET = f"{API}/testrunstatus/reset"


def ended(door: Door, path: str = RESET, **query: Any) -> dict[str, Any]:
    """A task at its end."""
    started = door.http.put(path, params=query)
    assert started.status_code == 200, started.text
    address = started.json()["self"].removeprefix("http://testserver")
    assert address == f"{API}/job/{started.json()['jobId']}"
    for _ in range(500):
        state: dict[str, Any] = door.http.get(address).json()
        if state["state"] != "running":
            return state
        time.sleep(0.02)
    raise AssertionError(state)


def spoil(services: Services) -> None:
    """Make every count and rank wrong."""
    with services.db.write() as conn:
        conn.execute(sa.update(t.execution_summaries).values(runs=t.execution_summaries.c.runs + 3))
        conn.execute(sa.update(t.runs).values(rank=t.runs.c.rank * 2))


def test_wrong_counts_and_ranks_are_made_right_in_the_same_order(door: Door, services: Services) -> None:
    answer = door.load(*(generic(i, ("PASS", "FAIL")[i % 2]) for i in range(5)))
    door.load(generic(1))
    spoil(services)
    assert [f.what for f in examine(services, deep=True) if not f.good]
    state = ended(door)
    assert (state["kind"], state["state"], state["done"], state["total"]) == ("testrunstatus/reset", "done", 2, 2)
    assert state["message"] == "2 Test Executions were counted anew; 2 of them were wrong and are right now."
    assert [f.what for f in examine(services, deep=True) if not f.good] == []
    rows = door.http.get(f"{API}/testexec/{key_of(answer)}/test").json()
    assert [(r["key"], r["rank"]) for r in rows] == [(key, i) for i, key in enumerate(imported(answer), 1)]


def test_a_task_goes_through_what_it_is_told(door: Door) -> None:
    plan = door.make("Test Plan")
    one = door.load(generic(1), info={"project": "DEMO", "testPlanKey": plan})
    door.load(generic(1), generic(2))
    door.load(generic(3))
    (test,) = imported(one)
    assert ended(door, projectKey="DEMO")["total"] == 3
    assert ended(door, testExecKey=key_of(one))["total"] == 1
    assert ended(door, keys=f"{test};{plan}")["total"] == 2
    assert ended(door, jql='issuetype = "Test Execution"')["total"] == 3
    refused(door.http.put(RESET, params={"keys": "DEMO-999"}), 404)
    refused(door.http.put(RESET, params={"projectKey": "NOPE"}), 404)
    refused(door.http.put(RESET, params={"filter": "No such"}), 404)
    refused(door.http.put(RESET, params={"jql": "colour = red"}), 400)


def test_requirement_statuses_have_nothing_to_recompute_and_that_is_said(door: Door) -> None:
    door.load(generic(1))
    state = ended(door, f"{API}/requirementstatus/reset", projectKey="DEMO")
    assert (state["state"], state["done"], state["total"]) == ("done", 1, 1)
    assert "computed whenever they are asked for" in state["message"]


def test_it_takes_an_administrator_and_only_the_starter_sees_the_task(door: Door, services: Services) -> None:
    door.load(generic(1))
    for name, role in (("lena", Role.LEAD), ("ada", Role.ADMIN)):
        put_user(services, name, name)
        give_role(services, name, 10402, role)
        add_token(services, name, "t", f"token-{name}")
    number = ended(door)["id"]
    with TestClient(build_app(services), headers={"Authorization": "Bearer token-lena"}) as http:
        for query in ({}, {"projectKey": "DEMO"}, {"jql": 'issuetype = "Test Execution"'}):
            assert http.put(RESET, params=query).status_code == 403
        assert http.get(f"{API}/job/{number}").status_code == 404
    with TestClient(build_app(services), headers={"Authorization": "Bearer token-ada"}) as http:
        own = http.put(RESET).json()["jobId"]
        assert http.get(f"{API}/job/{own}").status_code == 200
    assert door.http.get(f"{API}/job/{own}").status_code == 200
    refused(door.http.get(f"{API}/job/99999"), 404)


def test_a_task_of_a_process_that_ended_has_failed(door: Door, services: Services) -> None:
    with services.db.write() as conn:
        old = store.add_job(conn, jobs.RUN_STATUSES, 1, 5, 1000)
        young = store.add_job(conn, jobs.RUN_STATUSES, 1, 5, int(time.time() * 1000))
    state = door.http.get(f"{API}/job/{old}").json()
    assert (state["state"], state["message"]) == ("failed", "The server ended before the task did; start it again.")
    assert jobs.fail_silent_jobs(services) == 1
    assert jobs.fail_silent_jobs(services) == 0
    assert door.http.get(f"{API}/job/{young}").json()["state"] == "running"


def test_a_task_that_waits_or_is_long_at_something_lives(door: Door, services: Services) -> None:
    with services.db.write() as conn:
        numbers = [store.add_job(conn, jobs.RUN_STATUSES, 1, 5, 1000) for _ in range(2)]
    dead = {"state": "failed", "message": "The server ended before the task did; start it again."}
    go_on, run = threading.Event(), door.http.app.state.jobs  # type: ignore[attr-defined]
    assert all(door.http.get(f"{API}/job/{n}").json().items() >= dead.items() for n in numbers)
    for number in numbers:
        run.begin(services, number, lambda _stopped: go_on.wait(60))
    assert {door.http.get(f"{API}/job/{n}").json()["state"] for n in numbers} == {"running"}
    assert jobs.fail_silent_jobs(services, run.living()) == 0
    jobs.tell_alive(services, run.living())  # what the server does every few seconds
    assert jobs.fail_silent_jobs(services) == 0
    with TestClient(build_app(services)) as other:
        other.auth = Bearer()
        assert {other.get(f"{API}/job/{n}").json()["state"] for n in numbers} == {"running"}
    go_on.set()


def test_a_server_tells_again_and_again_that_its_tasks_live(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiograph.web.jobs.BEAT_S", 0.01)
    with services.db.write() as conn:
        number = store.add_job(conn, jobs.RUN_STATUSES, 1, 5, 1000)
    told, run = threading.Event(), Jobs()

    def work(_stopped: object) -> None:
        """Go on until it was told."""
        while jobs.find_job(services, Caller(1, "admin", admin=True), number).state != store.RUNNING:
            pass
        told.set()

    run.begin(services, number, work)
    assert told.wait(60)
    run.close()
    assert run.living() == frozenset()


def test_a_task_that_is_stopped_says_so(door: Door, services: Services) -> None:
    door.load(generic(1))
    with services.db.read() as conn:
        executions = store.executions_in(conn, [10402])
    with services.db.write() as conn:
        number = store.add_job(conn, jobs.RUN_STATUSES, 1, len(executions), int(time.time() * 1000))
    jobs.run_reset(services, jobs.Task(number, executions), lambda: True)
    state = door.http.get(f"{API}/job/{number}").json()
    assert (state["state"], state["done"]) == ("failed", 0)
    assert "was stopped" in state["message"]
