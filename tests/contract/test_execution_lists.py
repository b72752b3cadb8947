# SPDX-License-Identifier: Apache-2.0
"""The list of a project's executions: what is asked for is found, in pages that miss and repeat none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic, key_of

from radiograph.actions.browse_executions import executions_page
from radiograph.domain.errors import NotFound
from radiograph.domain.people import Caller
from radiograph.store import execution_lists
from radiograph.store.execution_lists import Sought

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)


def night(door: Door, query: dict[str, Any] | None = None, **info: Any) -> str:
    """Import an execution of one run; its key."""
    return key_of(door.load(generic(1, "PASS"), info={"project": "DEMO", **info}, **(query or {})))


def found(services: Services, before: int | None = None, **sought: str) -> list[str]:
    page = executions_page(services, CALLER, "DEMO", Sought(**sought), before)
    return [e.key for e in page.listing.rows]


def test_executions_are_found_by_environment_branch_version_plan_and_words(services: Services, door: Door) -> None:
    plan = door.make("Test Plan")
    one = night(door, {"branch": "main"}, testEnvironments=["iOS", "Beta"], summary="Nightly 100%", testPlanKey=plan)
    two = night(door, {"branch": "side"}, testEnvironments=["iOS"], version="v1", summary="By hand")
    three = night(door, {"branch": "main"}, version="v1", summary="Nightly 1000")
    assert found(services) == [three, two, one]
    assert found(services, environment="iOS") == [two, one]
    assert found(services, environment="ios") == []
    assert found(services, branch="main") == [three, one]
    assert found(services, version="v1", branch="side") == [two]
    assert found(services, plan=plan.lower()) == [one]
    assert found(services, text="nightly") == [three, one]
    assert found(services, text="100%") == [one]
    assert found(services, text=two) == [two]
    assert found(services, environment="'; DROP TABLE runs; --") == []
    chosen = executions_page(services, CALLER, "DEMO", Sought(), None).choices
    assert (chosen.environments, chosen.branches, chosen.versions, chosen.plans) == (["Beta", "iOS"], ["main", "side"], ["v1"], [plan])


def test_pages_of_executions_miss_and_repeat_none_with_a_filter_and_without(services: Services, door: Door) -> None:
    made = [night(door, {"branch": "main" if i % 2 else "side"}) for i in range(104)][::-1]
    for sought, wanted in (({}, made), ({"branch": "main"}, made[::2])):
        listed, before = list[str](), None
        while True:
            page = executions_page(services, CALLER, "DEMO", Sought(**sought), before)
            listed += [e.key for e in page.listing.rows]
            if not page.listing.next:
                break
            before = int(page.listing.next)
        assert listed == wanted


def test_what_is_rare_is_looked_for_in_steps_that_each_cost_little(services: Services, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = night(door, testEnvironments=["Rare"])
    for _ in range(8):
        night(door)
    monkeypatch.setattr(execution_lists, "WINDOW", 3)
    pages, before = list[list[str]](), None
    while True:
        page = executions_page(services, CALLER, "DEMO", Sought(environment="Rare"), before)
        pages.append([e.key for e in page.listing.rows])
        if not page.listing.next:
            break
        before = int(page.listing.next)
    assert pages[0] == []
    assert [k for p in pages for k in p] == [wanted]


def test_the_executions_of_a_project_that_the_reader_cannot_see_are_not_listed(services: Services, door: Door) -> None:
    night(door)
    with pytest.raises(NotFound):
        executions_page(services, Caller(5, "guest"), "DEMO", Sought(), None)
