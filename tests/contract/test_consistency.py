# SPDX-License-Identifier: Apache-2.0
"""Whatever is done through any face, in any order: summaries, ranks, plan statuses and the audit stay true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.contract.door import IMPORT
from tests.effort import effort

from radiograph.actions.check import examine

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

V1, V2, JIRA = "/rest/raven/1.0/api", "/rest/raven/2.0/api", "/rest/api/2"
STATUSES = ("PASS", "FAIL", "TODO", "EXECUTING", "ABORTED")
_STEPS = {"steps": [{"index": i, "fields": {"Action": f"Step {i}", "Data": "", "Expected Result": ""}} for i in (1, 2)]}
_MANUAL = {"type": {"value": "Manual"}, "steps": _STEPS}

few = st.integers(0, 2)
tests = st.integers(0, 4)
status = st.sampled_from(STATUSES)
step_status = st.sampled_from(STATUSES[:4])
operations = st.lists(
    st.one_of(
        st.tuples(st.just("load"), few, st.lists(st.tuples(tests, status, st.lists(step_status, max_size=3)), min_size=1, max_size=4)),
        st.tuples(st.just("load_new"), few, status),
        st.tuples(st.just("set_status"), few, tests, status),
        st.tuples(st.just("set_step"), few, tests, st.integers(0, 1), step_status),
        st.tuples(st.just("put_run"), few, tests, status),
        st.tuples(st.just("add"), few, st.lists(tests, min_size=1, max_size=3)),
        st.tuples(st.just("remove"), few, st.lists(tests, min_size=1, max_size=3)),
        st.tuples(st.just("plan"), few, st.booleans()),
        st.tuples(st.just("edit"), tests),
        st.tuples(st.just("delete_test"), tests),
        st.tuples(st.just("delete_execution"), few),
    ),
    min_size=4,
    max_size=14,
)


class World:
    """Three executions, five Tests and a plan, and what can be done with them through the API."""

    def __init__(self, door: Door) -> None:
        self.door, self.done = door, 0
        self.executions = [door.make("Test Execution") for _ in range(3)]
        self.tests = [door.make("Test", **_MANUAL) for _ in range(5)]
        self.plan = door.make("Test Plan")
        self.fresh = 0

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Ask for a change; what isn't there any more may be a 400 or a 404, nothing else."""
        answer = self.door.http.request(method, path, **more)
        assert answer.status_code in {200, 201, 204, 400, 404}, f"{method} {path}: {answer.status_code} {answer.text}"
        self.done += answer.status_code < 300
        return answer

    def run(self, execution: int, test: int) -> str | None:
        query = {"testExecIssueKey": self.executions[execution], "testIssueKey": self.tests[test]}
        answer = self.door.http.get(f"{V2}/testrun", params=query)
        return f"{V2}/testrun/{answer.json()['id']}" if answer.status_code == 200 else None

    def load(self, execution: int, results: list[tuple[int, str, list[str]]]) -> None:
        rows = [{"testKey": self.tests[t], "status": s, "steps": [{"status": x} for x in steps]} for t, s, steps in results]
        self.ask("POST", IMPORT, json={"testExecutionKey": self.executions[execution], "tests": rows})

    def load_new(self, execution: int, status: str) -> None:
        self.fresh += 1
        info = {"projectKey": "DEMO", "summary": "Fresh", "testType": "Generic", "definition": f"{self.plan}.{self.fresh}"}
        tests = [{"testInfo": info, "status": status}]
        self.ask("POST", IMPORT, json={"testExecutionKey": self.executions[execution], "tests": tests}, params={"testPlanKey": self.plan})

    def set_status(self, execution: int, test: int, status: str) -> None:
        if run := self.run(execution, test):
            self.ask("PUT", f"{run}/status", params={"status": status})

    def set_step(self, execution: int, test: int, place: int, status: str) -> None:
        if run := self.run(execution, test):
            step = self.door.http.get(f"{run}/step").json()[place]["id"]
            self.ask("PUT", f"{run}/step/{step}/status", params={"status": status})

    def put_run(self, execution: int, test: int, status: str) -> None:
        if run := self.run(execution, test):
            self.ask("PUT", run, json={"status": status, "comment": status, "defects": {"add": [self.plan]}})

    def add(self, execution: int, chosen: list[int]) -> None:
        self.ask("POST", f"{V1}/testexec/{self.executions[execution]}/test", json={"add": [self.tests[t] for t in chosen]})

    def remove(self, execution: int, chosen: list[int]) -> None:
        self.ask("POST", f"{V1}/testexec/{self.executions[execution]}/test", json={"remove": [self.tests[t] for t in chosen]})

    def plan_(self, execution: int, linked: bool) -> None:  # noqa: FBT001
        verb = "add" if linked else "remove"
        self.ask("POST", f"{V1}/testplan/{self.plan}/testexecution", json={verb: [self.executions[execution]]})

    def edit(self, test: int) -> None:
        fields = {"summary": f"Edited {self.done}", "customfield_10109": {"steps": [{"fields": {"Action": f"{self.done}"}}]}}
        self.ask("PUT", f"{JIRA}/issue/{self.tests[test]}", json={"fields": fields})

    def delete_test(self, test: int) -> None:
        self.ask("DELETE", f"{JIRA}/issue/{self.tests[test]}")

    def delete_execution(self, execution: int) -> None:
        self.ask("DELETE", f"{JIRA}/issue/{self.executions[execution]}")

    def act(self, operation: tuple[Any, ...]) -> None:
        getattr(self, {"plan": "plan_"}.get(operation[0], operation[0]))(*operation[1:])

    def rows(self, execution: str) -> list[dict[str, Any]]:
        answer = self.door.http.get(f"{V1}/testexec/{execution}/test")
        return answer.json() if answer.status_code == 200 else []

    def look(self) -> tuple[Any, ...]:
        """All that the operations can change, as the API shows it; the plan's statuses are as a count from scratch has them."""
        linked = [e["key"] for e in self.door.http.get(f"{V1}/testplan/{self.plan}/testexecution").json()]
        listed = {execution: self.rows(execution) for execution in self.executions}
        latest: dict[str, tuple[int, str]] = {}
        for execution, rows in listed.items():
            assert [r["rank"] for r in rows] == list(range(1, len(rows) + 1))
            for row in rows if execution in linked else ():
                latest[row["key"]] = max(latest.get(row["key"], (0, "")), (row["id"], row["status"]))
        shown = {t["key"]: t["latestStatus"] for t in self.door.http.get(f"{V1}/testplan/{self.plan}/test").json()}
        assert shown == {key: latest.get(key, (0, "TODO"))[1] for key in shown}
        return linked, listed, shown


def audits(services: Services) -> int:
    with services.db.read() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM audit").scalar_one())


@pytest.mark.timeout(900)  # 30 s of one core, but cores are shared
@settings(
    max_examples=effort(8, 25), deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(sequence=operations)
def test_random_operations_leave_every_summary_as_a_recount_has_it(door: Door, services: Services, sequence: list[tuple[Any, ...]]) -> None:
    world = World(door)
    before = world.look()
    for operation in sequence:
        audited, done = audits(services), world.done
        world.act(operation)
        now = world.look()
        assert (now != before) <= (audits(services) - audited) <= (world.done - done), operation
        before = now
    assert [f.what for f in examine(services, deep=True) if not f.good] == []
