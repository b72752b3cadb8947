# SPDX-License-Identifier: Apache-2.0
"""Deleting issues: all that belongs to one goes with it, and the rest stays sound (each test ends with a deep check)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from tests.contract.door import generic, imported, key_of

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role
from radiograph.store import tables as t

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/api/2"
EVIDENCE = [{"data": "aGk=", "filename": "a.txt"}]


def delete(door: Door, key: str, **query: Any) -> httpx2.Response:
    return door.http.delete(f"{API}/issue/{key}", params=query)


def rows(services: Services, table: sa.Table) -> int:
    with services.db.read() as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_test_goes_with_its_runs_everywhere_and_the_others_close_ranks(door: Door, services: Services) -> None:
    add_project(services, "SHOP", project_id=10500)
    first = door.load(*(generic(i, evidence=EVIDENCE, defects=["X-1"]) for i in range(1, 4)))
    door.load(generic(2, "FAIL", comment="again"), execution=key_of(first))
    one, two, three = imported(first)
    other = key_of(
        door.load(
            {"testKey": two, "status": "FAIL", "steps": [{"status": "FAIL"}]},
            {"testKey": three, "status": "PASS"},
            info={"project": "SHOP"},
        )
    )
    group, plan, story = (
        door.make("Test Set", customfield_10120=[two]),
        door.make("Test Plan", customfield_10121=[one, two]),
        door.make("Story"),
    )
    link = {"type": {"name": "Tests"}, "inwardIssue": {"key": two}, "outwardIssue": {"key": story}}
    assert door.http.post(f"{API}/issueLink", json=link).status_code == 201
    door.http.post(f"{API}/issue/{two}/comment", json={"body": "x"})
    door.http.post(f"{API}/issue/{two}/attachments", files={"file": ("a.txt", b"hi")})
    door.http.put(f"{API}/issue/{two}", json={"fields": {"customfield_10110": "/a/b"}})
    assert delete(door, two).status_code == 204
    assert door.http.get(f"{API}/issue/{two}").status_code == 404
    for execution, left in ((key_of(first), [one, three]), (other, [three])):
        found = door.http.get(f"/rest/raven/2.0/api/testexec/{execution}/test").json()
        assert [(r["key"], r["rank"]) for r in found] == list(zip(left, range(1, 3), strict=False))
    assert door.fields(group)["customfield_10120"] == []
    assert door.fields(plan)["customfield_10121"] == [one]
    assert door.fields(story)["issuelinks"] == []
    for table in (t.comments, t.attachments, t.folder_tests, t.requirement_links, t.run_attempts, t.run_steps, t.set_tests):
        assert rows(services, table) == 0, table.name
    assert rows(services, t.test_versions) == rows(services, t.tests) == 2
    assert imported(door.load({"testKey": one, "status": "PASS"}, execution=key_of(first))) == [one]


def test_an_execution_goes_with_its_runs_and_its_tests_stay(door: Door, services: Services) -> None:
    plan = door.make("Test Plan")
    answer = door.load(
        generic(1, evidence=EVIDENCE), generic(2, "FAIL"), info={"project": "DEMO", "testPlanKey": plan, "testEnvironments": ["iOS"]}
    )
    assert delete(door, key_of(answer)).status_code == 204
    for table in (t.runs, t.run_evidence, t.executions, t.execution_summaries, t.execution_environments, t.plan_executions):
        assert rows(services, table) == 0, table.name
    assert rows(services, t.tests) == rows(services, t.plan_tests) == 2
    with services.db.read() as conn:
        assert list(conn.execute(sa.select(t.imports.c.execution_id)).scalars()) == [None]


def test_a_plan_a_set_and_a_precondition_go_with_their_relations_only(door: Door, services: Services) -> None:
    test = door.make("Test")
    plan, group = door.make("Test Plan", customfield_10121=[test]), door.make("Test Set", customfield_10120=[test])
    condition = door.make("Precondition")
    door.http.put(f"{API}/issue/{test}", json={"fields": {"customfield_10114": [condition]}})
    execution = door.make("Test Execution", plan=[plan])
    for key in (plan, group, condition):
        assert delete(door, key).status_code == 204
    for table in (t.plan_tests, t.plan_executions, t.set_tests, t.precondition_tests, t.preconditions):
        assert rows(services, table) == 0, table.name
    assert door.fields(test)["customfield_10114"] == []
    assert door.fields(execution)["plan"] == []


def test_a_defect_that_is_deleted_is_no_defect_of_a_run_any_more(door: Door) -> None:
    bug = door.make("Bug")
    answer = door.load(generic(1, "FAIL", defects=[bug, "SHOP-1"]))
    assert delete(door, bug).status_code == 204
    assert [d["key"] for d in door.run(key_of(answer), imported(answer)[0])["defects"]] == ["SHOP-1"]


def test_what_is_below_an_issue_goes_only_when_that_is_asked_for(door: Door) -> None:
    story = door.make("Story")
    below = door.make("Sub Test Execution", parent={"key": story})
    answer = delete(door, story)
    assert (answer.status_code, answer.json()["errorMessages"][0].startswith(f"The issue '{story}' has subtasks.")) == (400, True)
    assert delete(door, story, deleteSubtasks="true").status_code == 204
    assert [door.http.get(f"{API}/issue/{k}").status_code for k in (story, below)] == [404, 404]


def test_deleting_is_audited_and_takes_a_lead(door: Door, services: Services) -> None:
    key = door.make("Bug")
    put_user(services, "ana", "ana")
    give_role(services, "ana", 10402, Role.TESTER)
    add_token(services, "ana", "t", "ana-token")
    as_ana = {"Authorization": "Bearer ana-token"}

    def asked(target: str) -> int:
        return door.http.delete(f"{API}/issue/{target}", headers=as_ana, auth=lambda request: request).status_code

    assert asked(key) == 403
    assert asked("DEMO-999") == 404
    give_role(services, "ana", 10402, None)
    assert asked(key) == 404
    assert delete(door, key).status_code == 204
    with services.db.read() as conn:
        assert conn.execute(sa.select(t.audit.c.subject).where(t.audit.c.action == "issue.delete")).scalars().all() == [key]


def test_an_alias_goes_too_and_a_number_is_not_given_again(door: Door, services: Services) -> None:
    key = door.make("Bug")
    with services.db.write() as conn:
        number = conn.execute(sa.select(t.issues.c.id)).scalar_one()
        conn.execute(sa.insert(t.issue_aliases).values(key="OLD-1", issue_id=number))
    assert delete(door, "OLD-1").status_code == 204
    assert door.make("Bug") != key
