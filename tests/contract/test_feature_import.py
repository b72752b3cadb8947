# SPDX-License-Identifier: Apache-2.0
"""Feature files through the API: which Tests their scenarios are, and that importing what was exported changes nothing."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.bodies import refused
from tests.contract.gathered import gather, ids, signed_in_as

from radiograph.actions.accounts import give_role
from radiograph.actions.projects import add_project
from radiograph.domain.issues import TestType
from radiograph.domain.people import Role
from radiograph.store import tables as t
from radiograph.store import test_reads
from radiograph.store.preconditions import preconditions, preconditions_of_tests

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services
    from radiograph.store.test_reads import TestRow

API = "/rest/raven/2.0/import/feature"
BASKET = """Feature: Basket

  Scenario: Pays
    Given a full basket
    When I pay

  Scenario Outline: Prices
    Then <fruit> costs <price>
      | a | b |

    Examples: some
      | fruit | price |
      | apple | 1.20  |
"""


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def send(door: Door, *files: tuple[str, str | bytes], project: str = "DEMO", **more: Any) -> Any:
    query = {"projectKey": project} | more.pop("query", {})
    parts = [("file", (name, data)) for name, data in files]
    parts += [(name, (f"{name}.json", more.pop(name))) for name in ("testInfo", "preCondInfo", "precondInfo") if name in more]
    return door.http.post(API, params=query, files=parts, **more)


def done(door: Door, text: str | bytes, name: str = "basket.feature", **more: Any) -> list[str]:
    """The keys of the Tests of a file that is imported without problems."""
    answer = send(door, (name, text), **more)
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json(), list), answer.text
    return [issue["key"] for issue in answer.json() if issue["issueType"]["name"] == "Test"]


def problems(door: Door, text: str, name: str = "basket.feature", **more: Any) -> str:
    answer = send(door, (name, text), **more)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["message"])


def rows_of(services: Services, *keys: str) -> list[TestRow]:
    with services.db.read() as conn:
        return test_reads.tests(conn, ids(services, *keys))


def state(services: Services) -> Any:
    """Everything that an import of features could change, but for the audit and ids given."""
    tables = (t.issues, t.tests, t.test_versions, t.preconditions, t.precondition_tests, t.set_tests, t.requirement_links, t.folder_tests)
    with services.db.read() as conn:
        return {table.name: sorted(map(repr, conn.execute(sa.select(table)))) for table in tables}


def test_scenarios_become_tests_in_their_order(door: Door, services: Services) -> None:
    answer = send(door, ("basket.feature", BASKET)).json()
    keys = [issue["key"] for issue in answer]
    pays, prices = rows_of(services, *keys)
    assert answer[0] == {
        "id": str(pays.id), "key": pays.key, "self": f"http://testserver/rest/api/2/issue/{pays.id}",
        "issueType": {"id": "10006", "name": "Test"},
    }  # fmt: skip
    assert (pays.summary, pays.labels, pays.definition.type) == ("Pays", ["basket.feature"], TestType.CUCUMBER)
    assert (pays.definition.text, pays.definition.scenario_type) == ("Given a full basket\nWhen I pay", "Scenario")
    assert prices.definition.scenario_type == "Scenario Outline"
    assert prices.definition.text == ("Then <fruit> costs <price>\n  | a | b |\n\nExamples: some\n  | fruit | price |\n  | apple | 1.20  |")


def test_importing_a_file_again_changes_nothing(door: Door, services: Services) -> None:
    keys = done(door, BASKET)
    before = state(services)
    assert done(door, BASKET) == keys
    assert state(services) == before


def test_a_scenario_that_changed_is_a_new_version(door: Door, services: Services) -> None:
    keys = done(door, BASKET)
    assert done(door, BASKET.replace("I pay", "I pay twice")) == keys
    assert [(row.number, "twice" in row.definition.text) for row in rows_of(services, *keys)] == [(2, True), (1, False)]


def test_white_space_around_a_scenario_is_no_change(door: Door, services: Services) -> None:
    keys = done(door, BASKET)
    shifted = "\r\n".join(f"\t{line}   " if line else "" for line in BASKET.splitlines())
    assert done(door, shifted) == keys
    assert [row.number for row in rows_of(services, *keys)] == [1, 1]


def test_a_key_names_the_test_and_the_test_takes_its_name(door: Door, services: Services) -> None:
    (key,) = done(door, "Feature: a\n Scenario: One\n  Given x")
    assert done(door, f"Feature: b\n @TEST_{key} @fast\n Scenario: Two\n  Given y", "other.feature") == [key]
    assert done(door, f"Feature: b\n @{key}\n Scenario: Three\n  Given y", "other.feature") == [key]
    (row,) = rows_of(services, key)
    assert (row.summary, row.definition.text, row.number) == ("Three", "Given y", 2)
    assert row.labels == ["basket.feature", "fast"]


def test_a_test_without_a_key_is_found_by_path_and_id_then_by_path_and_name_then_by_name(door: Door, services: Services) -> None:
    text = "Feature: a\n @id:7\n Scenario: One\n  Given x\n Scenario: Two\n  Given y"
    first, second = done(door, text, "a.feature")
    assert done(door, text.replace("One", "Uno"), "a.feature") == [first, second]
    assert done(door, text.replace("One", "Uno"), "moved.feature") == [first, second]
    assert [row.labels for row in rows_of(services, first, second)] == [
        ["a.feature", "id:7", "moved.feature"],
        ["a.feature", "moved.feature"],
    ]


def test_scenarios_of_one_name_stay_apart_in_one_import(door: Door, services: Services) -> None:
    text = "Feature: a\n Scenario: One\n  Given {}\n Scenario: One\n  Given more"
    archive = zipped({"a.feature": text.format("a"), "shop/b.feature": text.format("b")})
    keys = done(door, archive, "all.zip")
    before = state(services)
    assert len(set(keys)) == 4
    assert done(door, archive, "all.zip") == keys
    assert state(services) == before
    assert [row.labels for row in rows_of(services, *keys[1:3])] == [["a.feature"], ["shop/b.feature"]]


def test_a_test_of_another_type_is_not_found_by_its_name(door: Door) -> None:
    manual = door.make("Test", summary="Pays")
    assert manual not in done(door, BASKET)


def test_tags_link_requirements_and_sets_and_the_others_are_labels(door: Door, services: Services) -> None:
    story, held, plan = door.make("Story"), door.make("Test Set"), door.make("Test Plan")
    text = f"@REQ_{story} @shop @{plan}\nFeature: a\n @TESTSET_{held} @X-1 @fast\n Scenario: One\n  Given x"
    (key,) = done(door, text)
    (row,) = rows_of(services, key)
    assert row.labels == ["basket.feature", "X-1", "fast", "shop"]
    with services.db.read() as conn:
        assert test_reads.covered(conn, [row.id])[row.id].key == story
        assert [s.key for s in test_reads.sets_of(conn, [row.id])[row.id]] == [held]


def background(text: str, *, name: str = "", key: str = "") -> str:
    comment = f"    #@PRECOND_{key}\n" if key else ""
    return f"Feature: a\n  Background: {name}\n{comment}    {text}\n  Scenario: One\n    Given x\n  Scenario: Two\n    Given y\n"


def held_by(services: Services, *keys: str) -> list[list[str]]:
    numbers = ids(services, *keys)
    with services.db.read() as conn:
        found = preconditions_of_tests(conn, numbers)
    return [[p.key for p in found.get(number, [])] for number in numbers]


def test_a_background_is_a_precondition_of_its_files_tests(door: Door, services: Services) -> None:
    answer = send(door, ("a.feature", background("Given a shop"))).json()
    *keys, condition = (issue["key"] for issue in answer)
    assert answer[2]["issueType"] == {"id": "10010", "name": "Precondition"}
    assert held_by(services, *keys) == [[condition], [condition]]
    with services.db.read() as conn:
        (row,) = preconditions(conn, ids(services, condition)).values()
    assert (row.summary, row.type, row.definition) == ("Background of a", TestType.CUCUMBER, "Given a shop")
    before = state(services)
    done(door, background("Given a shop"), "a.feature")
    assert state(services) == before


def test_a_background_that_changed_changes_its_precondition(door: Door, services: Services) -> None:
    keys = done(door, background("Given a shop"), "a.feature")
    held = held_by(services, *keys)
    assert done(door, background("Given two shops"), "a.feature") == keys
    assert held_by(services, *keys) == held
    done(door, "Feature: a\n Scenario: One\n  Given x\n Scenario: Two\n  Given y", "a.feature")
    assert held_by(services, *keys) == [[], []]


def test_a_background_is_found_by_its_key_its_steps_or_its_name(door: Door, services: Services) -> None:
    by_key, by_steps, by_name = (door.make("Precondition", summary=s) for s in ("a", "b", "Shopping"))
    with services.db.write() as conn:
        for key, text in ((by_steps, "Given a shop"), (by_name, "")):
            conn.execute(
                sa.update(t.preconditions).where(t.preconditions.c.issue_id == ids(services, key)[0]).values(type=1, definition=text)
            )
    assert held_by(services, *done(door, background("Given k", key=by_key), "1.feature"))[0] == [by_key]
    assert (
        held_by(services, *done(door, background("Given a shop").replace("One", "Uno").replace("Two", "Due"), "2.feature"))
        == [[by_steps]] * 2
    )
    third = background("Given new", name="Shopping").replace("One", "Eins").replace("Two", "Zwei")
    assert held_by(services, *done(door, third, "3.feature")) == [[by_name]] * 2


def test_a_rule_has_a_background_of_its_own(door: Door, services: Services) -> None:
    text = background("Given a shop") + "  Rule: r\n    Background:\n      Given a till\n    @t\n    Scenario: Three\n      Given z\n"
    keys = done(door, text, "a.feature")
    held = held_by(services, *keys)
    assert [len(h) for h in held] == [1, 1, 2]
    before = state(services)
    assert done(door, text, "a.feature") == keys
    assert state(services) == before


FILES = {
    "basket.feature": BASKET.replace("Scenario: Pays", "@fast\n  Scenario: Pays"),
    "shop/till.feature": background("Given a shop\n    And a till\n      | a | b |", name="Shop")
    + '  Scenario: Prints\n    Then it says\n      """json\n      {\n\n        "a": 1\n      }\n      """\n',
    "laden/korb.feature": (
        "# language: de\nFunktionalität: Korb\n  Grundlage:\n    Angenommen ein Laden\n\n  Szenario: Zahlt\n    Wenn ich zahle\n\n"
        "  Szenariogrundriss: Preise\n    Dann kostet <x>\n    Beispiele:\n      | x |\n      | 1 |\n"
    ),
}


def test_importing_what_was_exported_changes_nothing(door: Door, services: Services) -> None:
    keys = done(door, zipped(FILES), "all.zip", query={"updateRepository": "true"})
    assert len(keys) == 7
    story, held = door.make("Story", summary="Paying"), door.make("Test Set")
    gather(services, "requirement", story, *keys[:2])
    gather(services, "set", held, keys[0])
    before = state(services)
    exported = door.http.get("/rest/raven/1.0/export/test", params={"keys": ";".join(keys), "fz": "true"}).content
    assert sorted(done(door, exported, "exported.zip")) == sorted(keys)
    assert state(services) == before
    assert done(door, zipped(FILES), "all.zip", query={"updateRepository": "true"}) == keys
    assert state(services) == before


def test_tests_go_to_the_folders_of_their_files_where_that_is_asked_for(door: Door) -> None:
    keys = done(door, zipped(FILES), "all.zip", query={"updateRepository": "true"})
    tree = door.http.get("/rest/raven/1.0/api/testrepository/DEMO/folders").json()
    assert sorted((f["name"], f["testCount"]) for f in tree["folders"]) == [("laden", 2), ("shop", 3)]
    found = door.http.get("/rest/api/2/search", params={"jql": f"key = {keys[2]}", "fields": "customfield_10110"}).json()
    assert found["issues"][0]["fields"]["customfield_10110"] == "/shop"


def test_new_issues_take_the_fields_of_the_request_and_others_do_not(door: Door, services: Services) -> None:
    done(door, "Feature: a\n Scenario: One\n  Given x", "a.feature")
    info = '{"fields": {"priority": {"name": "High"}, "labels": ["nightly"], "summary": "ignored", "components": [{"name": "Core"}]}}'
    keys = done(door, background("Given a shop"), "a.feature", testInfo=info, preCondInfo='{"fields": {"description": "d"}}')
    fields = [door.http.get(f"/rest/api/2/issue/{key}").json()["fields"] for key in keys]
    assert [f["priority"]["name"] for f in fields] == ["Medium", "High"]
    assert [f["labels"] for f in fields] == [["a.feature"], ["a.feature", "nightly"]]
    assert [[c["name"] for c in f["components"]] for f in fields] == [[], ["Core"]]
    assert fields[1]["summary"] == "Two"
    (condition,) = held_by(services, keys[0])[0]
    assert door.http.get(f"/rest/api/2/issue/{condition}").json()["fields"]["description"] == "d"


@pytest.mark.parametrize(
    ("body", "words"),
    [("{", "part testInfo"), ('{"fields": {"customfield_1": 1}}', "testInfo: "), ("[]", "testInfo: ")],
)
def test_fields_that_cannot_be_read_refuse_the_whole(door: Door, services: Services, body: str, words: str) -> None:
    before = state(services)
    assert words in refused(send(door, ("a.feature", BASKET), testInfo=body))
    assert state(services) == before


def test_a_bad_file_among_good_ones_is_told_and_the_good_ones_are_imported(door: Door) -> None:
    files = {
        "good.feature": BASKET,
        "bad.feature": "Feature: a\n  Scenario: b\n    Given x\n  nonsense",
        "notes.txt": "x",
        "none.feature": "",
    }
    answer = send(door, ("all.zip", zipped(files))).json()
    assert answer["message"] == "bad.feature line 4: 'nonsense' is not Gherkin here; none.feature: has no feature in it"
    assert [len(answer["testIssues"]), answer["preconditionIssues"]] == [2, []]
    assert set(answer["testIssues"][0]) == {"id", "key", "self"}


def test_several_files_are_imported_at_once(door: Door) -> None:
    answer = send(door, ("a.feature", "Feature: a\n Scenario: One\n  Given x"), ("b.feature", "Feature: b\n Scenario: Two\n  Given y"))
    assert len(answer.json()) == 2


@pytest.mark.parametrize("text", ["", "nonsense", "Feature: a", "Feature: a\n Scenario:\n  Given x", "caf\xe9".encode("latin-1")])
def test_nothing_to_import_is_refused(door: Door, services: Services, text: str | bytes) -> None:
    before = state(services)
    answer = send(door, ("a.feature", text))
    assert answer.status_code == 400
    assert answer.json()["error"] == "There are no valid tests imported"
    assert answer.json()["details"][0]["path"].startswith("a.feature")
    assert state(services) == before


def test_keys_that_name_nothing_or_the_wrong_thing_are_told(door: Door) -> None:
    manual, story = door.make("Test"), door.make("Story")
    text = (
        f"Feature: a\n @TEST_DEMO-999\n Scenario: One\n  Given x\n @REQ_DEMO-998 @TESTSET_{story}\n Scenario: Two\n  Given x\n"
        f" @{manual}\n Scenario: Three\n  Given x\n @TEST_{story}\n Scenario: Four\n  Given x"
    )
    said = problems(door, text)
    assert said.split("; ") == [
        "basket.feature line 3: @TEST_DEMO-999: there is no Test DEMO-999",
        "basket.feature line 6: @REQ_DEMO-998: there is no requirement DEMO-998",
        f"basket.feature line 6: @TESTSET_{story}: there is no Test Set {story}",
        f"basket.feature line 12: @TEST_{story}: there is no Test {story}",
        f"basket.feature line 9: {manual} is no Cucumber Test",
    ]


def test_a_test_is_one_scenario_only(door: Door) -> None:
    one, two = done(door, "Feature: a\n Scenario: One\n  Given x\n Scenario: Two\n  Given x")
    text = f"Feature: a\n @{one}\n Scenario: A\n  Given x\n @{one}\n Scenario: B\n  Given x\n @{one} @{two}\n Scenario: C\n  Given x"
    said = problems(door, text)
    assert f"line 6: {one} is the scenario at basket.feature line 3 already" in said
    assert f"its tags name several Tests: {one}, {two}" in said


def test_a_precondition_that_is_not_there_is_told(door: Door) -> None:
    assert "there is no Precondition DEMO-999" in problems(door, background("Given x", key="DEMO-999"))


def test_names_of_files_lead_nowhere(door: Door, services: Services) -> None:
    (key,) = done(
        door, zipped({"../../etc/a b.feature": "Feature: a\n Scenario: One\n  Given x"}), "x.zip", query={"updateRepository": "true"}
    )
    assert rows_of(services, key)[0].labels == ["etc/a_b.feature"]


def test_a_zip_that_unpacks_to_too_much_or_not_at_all_is_refused(door: Door) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.feature", "w") as file:
        for _ in range(300):
            file.write(b" " * 2**20)
    assert refused(send(door, ("x.zip", out.getvalue())), 413)
    assert "can't be unpacked" in refused(send(door, ("x.zip", zipped(FILES)[:200])))
    assert refused(send(door, ("x.zip", zipped({"a.txt": "x"})))) == "There are no valid tests imported"


def test_the_project_is_needed_and_must_be_there(door: Door) -> None:
    assert "projectKey" in refused(send(door, ("a.feature", BASKET), project=""))
    assert "Project NONE was not found" in refused(send(door, ("a.feature", BASKET), project="NONE"))
    assert "no part file" in refused(door.http.post(API, params={"projectKey": "DEMO"}, files={"other": ("a", b"x")}))


def test_a_body_that_is_no_form_is_a_file(door: Door) -> None:
    answer = door.http.post(API, params={"projectKey": "DEMO"}, content=BASKET.encode(), headers={"Content-Type": "text/plain"})
    assert len(answer.json()) == 2


def test_a_tester_imports(door: Door, services: Services) -> None:
    tester = signed_in_as(services, door.http, Role.TESTER)
    assert done(door, BASKET, **tester)


def test_a_viewer_imports_nothing(door: Door, services: Services) -> None:
    viewer = signed_in_as(services, door.http, Role.VIEWER)
    assert refused(send(door, ("a.feature", BASKET), **viewer), 403)


def test_a_stranger_finds_no_project(door: Door, services: Services) -> None:
    stranger = signed_in_as(services, door.http, None)
    assert "Project DEMO was not found" in refused(send(door, ("a.feature", BASKET), **stranger))


def test_issues_of_another_project_are_changed_by_who_may(door: Door, services: Services) -> None:
    other = add_project(services, "OTHER")
    (key,) = done(door, "Feature: a\n Scenario: One\n  Given x", project="OTHER")
    condition = send(door, ("b.feature", background("Given x")), project="OTHER").json()[-1]["key"]
    held = door.http.post(
        "/rest/api/2/issue", json={"fields": {"project": {"key": "OTHER"}, "summary": "s", "issuetype": {"name": "Test Set"}}}
    )
    tags = f"@TESTSET_{held.json()['key']} @PRECOND_{condition}"
    text = f"Feature: a\n @{key}\n Scenario: Two\n  Given x\n {tags}\n Scenario: Mine\n  Given y\n"
    person = signed_in_as(services, door.http, Role.TESTER)
    assert "there is no" in problems(door, text.replace(f"@{key}", f"@TEST_{key}"), **person)
    give_role(services, "other", other, Role.VIEWER)
    said = problems(door, text, **person)
    assert [f"your role does not allow to change {k}" in said for k in (key, held.json()["key"], condition)] == [True] * 3
    assert rows_of(services, key)[0].summary == "One"
    give_role(services, "other", other, Role.TESTER)
    assert done(door, text, **person)[0] == key
    assert rows_of(services, key)[0].summary == "Two"
