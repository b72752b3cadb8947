# SPDX-License-Identifier: Apache-2.0
"""Issues that people make by a form, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from radiograph.actions.new_issue import KINDS, NewIssue, create_by_form
from radiograph.domain.errors import Forbidden, IssueNotFound, Refused
from radiograph.domain.people import Caller, Role

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)


def make(services: Services, kind: str, **given: Any) -> str:
    return create_by_form(services, CALLER, "DEMO", NewIssue(type=kind, **({"summary": f"A {kind}"} | given)))


def test_every_type_that_is_offered_can_be_made(services: Services, door: Door) -> None:
    for kind in KINDS:
        key = make(services, kind.label, versions="v1, v2", labels="a label, b", description="Text")
        fields = door.fields(key)
        assert (fields["issuetype"]["name"], [v["name"] for v in fields["fixVersions"]], fields["labels"]) == (
            kind.label,
            ["v1", "v2"],
            ["a_label", "b"],
        )


def test_tests_have_their_definition_and_say_what_they_cover(services: Services, door: Door) -> None:
    story = make(services, "Story")
    manual = make(services, "Test", test_type="Manual", text="Open it | a page | it is open\n\nClose it", covers=story)
    steps = door.http.get(f"/rest/raven/1.0/api/test/{manual}/step").json()
    assert [(s["step"]["raw"], s["data"]["raw"], s["result"]["raw"]) for s in steps] == [
        ("Open it", "a page", "it is open"),
        ("Close it", "", ""),
    ]
    assert door.fields(make(services, "Test", test_type="Generic", text="a.b.c"))["definition"] == "a.b.c"
    outline = make(services, "Test", test_type="Cucumber", text="Given <a>\n\nExamples:\n| a |\n| 1 |")
    assert door.fields(outline)["customfield_10108"]["value"] == "Scenario Outline"
    assert [k["inwardIssue"]["key"] if "inwardIssue" in k else k["outwardIssue"]["key"] for k in door.fields(story)["issuelinks"]] == [
        manual
    ]


def test_plans_sets_and_executions_have_their_tests(services: Services, door: Door) -> None:
    test = make(services, "Test", test_type="Generic", text="a.b")
    plan = make(services, "Test Plan", tests=test.lower(), begin="2026-11-01", end="2026-11-30")
    assert door.fields(plan)["begin"].startswith("2026-11-01")
    assert [t["key"] for t in door.http.get(f"/rest/raven/2.0/api/testplan/{plan}/test").json()] == [test]
    execution = make(services, "Test Execution", tests=test, plan=plan, environments="iOS, Old Tablet", revision="7")
    fields = door.fields(execution)
    assert (fields["environments"], fields["revision"], fields["plan"]) == (["Old_Tablet", "iOS"], "7", [plan])
    assert [r["key"] for r in door.http.get(f"/rest/raven/2.0/api/testexec/{execution}/test").json()] == [test]


def test_stories_are_parts_of_epics_and_of_nothing_else(services: Services, door: Door) -> None:
    epic, bug = make(services, "Epic"), make(services, "Bug")
    story = make(services, "Story", parent=epic)
    assert door.fields(story)["parent"]["key"] == epic
    assert door.fields(make(services, "Bug", parent=epic)).get("parent") is None
    for parent in (bug, story):
        with pytest.raises(Refused, match="can't be the parent"):
            make(services, "Story", parent=parent)


def test_what_is_wrong_names_the_field(services: Services, door: Door) -> None:
    assert make(services, "Story") == "DEMO-1"
    before = door.http.get("/rest/api/2/search").json()["total"]
    for kind, given in (
        ("Nothing", {}),
        ("Story", {"summary": " "}),
        ("Story", {"assignee": "nobody"}),
        ("Test Set", {"tests": "DEMO-99"}),
        ("Test", {"covers": "DEMO-99"}),
        ("Story", {"tests": "DEMO-99"}),
        ("Story", {"tests": "DEMO-1"}),
    ):
        with pytest.raises((Refused, IssueNotFound)):
            make(services, kind, **given)
    for role, kind in ((Role.VIEWER, "Test Execution"), (Role.TESTER, "Story")):
        with pytest.raises(Forbidden):
            create_by_form(services, Caller(5, "guest", roles={10402: role}), "DEMO", NewIssue(type=kind, summary="x"))
    assert door.http.get("/rest/api/2/search").json()["total"] == before
