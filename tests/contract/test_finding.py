# SPDX-License-Identifier: Apache-2.0
"""The field that finds everything: keys, words, definitions, projects, environments, versions, and never what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.contract.door import generic, key_of

from radiograph.actions.finding import Hit, find_anything, places
from radiograph.actions.projects import add_project
from radiograph.domain.people import Caller, Role
from radiograph.store import finding

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)


def names(hits: list[Hit]) -> list[str]:
    return [h.name for h in hits]


def test_a_key_and_its_beginning_are_found_first_and_a_number_is_one_of_every_project(services: Services, door: Door) -> None:
    for _ in range(12):
        door.make("Bug", summary="Broken")
    assert names(find_anything(services, CALLER, "demo-1")) == ["DEMO-1", "DEMO-10", "DEMO-11", "DEMO-12"]
    assert names(find_anything(services, CALLER, "12"))[0] == "DEMO-12"
    assert find_anything(services, CALLER, "DEMO-999") == []


def test_words_find_issues_of_any_type_definitions_projects_environments_and_versions(services: Services, door: Door) -> None:
    execution = key_of(
        door.load(
            generic(1), info={"project": "DEMO", "summary": "Nightly on a Tablet", "testEnvironments": ["Tablet/9"], "version": "v1.3"}
        )
    )
    bug = door.make("Bug", summary="Payment <b>times</b> out العربية 🚀")
    assert names(find_anything(services, CALLER, "times payment")) == [bug]
    assert names(find_anything(services, CALLER, "🚀")) == [bug]
    assert {(h.kind, h.name) for h in find_anything(services, CALLER, "tablet")} == {
        ("Test Execution", execution),
        ("Test environment", "Tablet/9"),
    }
    (environment,) = places(services, CALLER, "TABLET")
    assert environment.path == "/projects/DEMO/executions?environment=Tablet%2F9"
    assert [(h.kind, h.path) for h in find_anything(services, CALLER, "v1.3")] == [("Version", "/projects/DEMO/executions?version=v1.3")]
    assert [(h.kind, h.text) for h in find_anything(services, CALLER, "calc.t1")] == [("Test", "Test 1")]
    assert find_anything(services, CALLER, "demo")[0] == Hit(
        "Project", "DEMO", find_anything(services, CALLER, "demo")[0].text, "/projects/DEMO"
    )


@pytest.mark.parametrize("text", ["", "  ", "100%", "_", "' OR 1=1 --", "x" * 1_000_000, "\u202eDEMO", "a\nb"])
def test_odd_texts_find_nothing_and_break_nothing(services: Services, door: Door, text: str) -> None:
    door.make("Bug", summary="Plain")
    assert find_anything(services, CALLER, text) == []


def test_what_a_reader_cannot_see_is_never_found(services: Services, door: Door) -> None:
    key_of(
        door.load(generic(1), info={"project": "DEMO", "summary": "Secret", "testEnvironments": ["SecretTablet"], "version": "secret-1"})
    )
    other = add_project(services, "OTHER", "Other secrets", "", None)
    guest = Caller(5, "guest", roles={other: Role.VIEWER})
    assert names(find_anything(services, guest, "secret")) == ["OTHER"]
    for text in ("DEMO-1", "1", "Test 1", "calc.t1", "SecretTablet", "demo"):
        assert find_anything(services, guest, text) == [], text
        assert places(services, guest, text) == [], text


def test_only_the_newest_issues_are_looked_through(services: Services, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    old = door.make("Bug", summary="Needle")
    for _ in range(5):
        new = door.make("Bug", summary="Hay")
    assert names(find_anything(services, CALLER, "needle")) == [old]
    monkeypatch.setattr(finding, "WINDOW", 3)
    assert find_anything(services, CALLER, "needle") == []
    assert new in names(find_anything(services, CALLER, "hay"))
