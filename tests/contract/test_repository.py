# SPDX-License-Identifier: Apache-2.0
"""Folders of a project's Test Repository and of a Test Plan's board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.others import door_of

from radiograph.domain.people import Role

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

REPOSITORY = "/rest/raven/1.0/api/testrepository"


class Shelf:
    """The folders of one project or plan."""

    def __init__(self, door: Door, place: str = "DEMO") -> None:
        self.http, self.base = door.http, f"{REPOSITORY}/{place}/folders"

    def add(self, name: str, parent: int = -1) -> int:
        answer = self.http.post(f"{self.base}/{parent}", json={"name": name})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["id"])

    def tree(self) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(self.base).json()
        return found

    def put(self, folder: int, add: list[str] | None = None, remove: list[str] | None = None) -> None:
        answer = self.http.put(f"{self.base}/{folder}/tests", json={"add": add or [], "remove": remove or []})
        assert answer.status_code == 200, answer.text

    def keys(self, folder: int, **query: Any) -> list[str]:
        answer = self.http.get(f"{self.base}/{folder}/tests", params=query)
        assert answer.status_code == 200, answer.text
        return [row["key"] for row in answer.json()["tests"]]


@pytest.fixture
def shelf(door: Door) -> Shelf:
    return Shelf(door)


def test_folders_are_a_tree_with_paths_ranks_and_counts(door: Door, shelf: Shelf) -> None:
    tests = [door.make("Test") for _ in range(4)]
    top, other = shelf.add("Shop"), shelf.add("Calculator")
    inner = shelf.add("Basket", top)
    shelf.put(top, tests[:1])
    shelf.put(inner, tests[1:3])
    basket = {"id": inner, "name": "Basket", "rank": 1, "testRepositoryPath": "/Shop", "folders": [], "testCount": 2, "totalTestCount": 2}
    shop = {"id": top, "name": "Shop", "rank": 1, "testRepositoryPath": "", "folders": [basket], "testCount": 1, "totalTestCount": 3}
    calculator = {
        "id": other, "name": "Calculator", "rank": 2, "testRepositoryPath": "", "folders": [], "testCount": 0, "totalTestCount": 0,
    }  # fmt: skip
    assert shelf.tree() == {"folders": [shop, calculator], "allTestsCount": 4, "allOrphanTestsCount": 1}
    assert shelf.http.get(f"{shelf.base}/{top}").json() == shop
    root = shelf.http.get(f"{shelf.base}/-1").json()
    assert (root["id"], root["folders"], root["testCount"], root["totalTestCount"]) == (-1, [shop, calculator], 1, 4)


def test_a_test_is_in_one_folder_at_most(door: Door, shelf: Shelf) -> None:
    test, first, second = door.make("Test"), shelf.add("A"), shelf.add("B")
    shelf.put(first, [test])
    shelf.put(second, [test])
    assert (shelf.keys(first), shelf.keys(second), shelf.keys(-1)) == ([], [test], [])
    shelf.put(first, remove=[test])
    assert shelf.keys(second) == [test], "it was taken from another folder than the one it is in"
    shelf.put(-1, [test])
    assert (shelf.keys(second), shelf.keys(-1)) == ([], [test])


def test_the_tests_below_a_folder_come_folder_by_folder_and_in_pages(door: Door, shelf: Shelf) -> None:
    tests = [door.make("Test") for _ in range(5)]
    top = shelf.add("A")
    inner = shelf.add("B", top)
    shelf.put(inner, tests[:2])
    shelf.put(top, tests[2:4])
    assert shelf.keys(top) == tests[2:4]
    assert shelf.keys(top, allDescendants="true") == tests[2:4] + tests[:2]
    assert shelf.keys(top, allDescendants="true", page=2, limit=3) == tests[1:2]
    assert shelf.keys(top, allDescendants="true", page=9, limit=3) == []
    assert shelf.keys(-1) == tests[4:]
    assert shelf.keys(-1, allDescendants="true") == tests
    assert shelf.http.get(f"{shelf.base}/{top}/tests?allDescendants=true&page=1&limit=1").json()["total"] == 4
    for half in ("page=1", "limit=5"):
        assert shelf.http.get(f"{shelf.base}/{top}/tests?{half}").status_code == 400


def test_a_folder_is_renamed_and_moved_among_those_beside_it(shelf: Shelf) -> None:
    ids = [shelf.add(name) for name in "ABCD"]
    answer = shelf.http.put(f"{shelf.base}/{ids[3]}", json={"name": "First", "rank": 1})
    assert (answer.status_code, answer.json()["name"], answer.json()["rank"]) == (200, "First", 1)
    assert [(f["name"], f["rank"]) for f in shelf.tree()["folders"]] == [("First", 1), ("A", 2), ("B", 3), ("C", 4)]
    assert shelf.http.put(f"{shelf.base}/{ids[0]}", json={"rank": 99}).json()["rank"] == 4


def test_a_removed_folder_takes_those_below_it_along_and_leaves_the_tests(door: Door, shelf: Shelf) -> None:
    test, top = door.make("Test"), shelf.add("A")
    shelf.add("Z")
    shelf.put(shelf.add("B", top), [test])
    assert shelf.http.delete(f"{shelf.base}/{top}").status_code == 200
    assert [(f["name"], f["rank"]) for f in shelf.tree()["folders"]] == [("Z", 1)]
    assert shelf.keys(-1) == [test]
    assert shelf.http.delete(f"{shelf.base}/{top}").status_code == 404
    assert shelf.http.delete(f"{shelf.base}/-1").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("", 400), ("  ", 400), ("a/b", 400), ("a\\b", 400), ("x" * 256, 400), (None, 400), (5, 400), ("Taken", 409)]
)
def test_a_name_that_no_folder_can_have_is_refused(shelf: Shelf, name: Any, status: int) -> None:
    shelf.add("Taken")
    other = shelf.add("Other")
    assert shelf.http.post(f"{shelf.base}/-1", json={"name": name}).status_code == status
    if name is not None:
        assert shelf.http.put(f"{shelf.base}/{other}", json={"name": name}).status_code == status
    assert [f["name"] for f in shelf.tree()["folders"]] == ["Taken", "Other"]


def test_a_plans_board_has_folders_and_tests_of_its_own(door: Door, shelf: Shelf) -> None:
    plan, inside, outside = door.make("Test Plan"), door.make("Test"), door.make("Test")
    door.http.post(f"/rest/raven/1.0/api/testplan/{plan}/test", json={"add": [inside]})
    board = Shelf(door, plan)
    shelf.put(shelf.add("Repository"), [inside, outside])
    folder = board.add("Smoke")
    board.put(folder, [inside])
    assert board.keys(folder) == [inside]
    assert (board.tree()["allTestsCount"], board.tree()["allOrphanTestsCount"]) == (1, 0)
    assert [f["name"] for f in shelf.tree()["folders"]] == ["Repository"]
    assert shelf.tree()["folders"][0]["testCount"] == 2
    refused = door.http.put(f"{board.base}/{folder}/tests", json={"add": [outside]})
    assert (refused.status_code, refused.json()["details"]) == (
        400, [{"path": "add[0]", "problem": f"{outside} is not a Test of this Test Plan"}],
    )  # fmt: skip
    door.http.delete(f"/rest/raven/1.0/api/testplan/{plan}/test/{inside}")
    assert (board.keys(folder), board.tree()["allTestsCount"]) == ([], 0)


def test_nothing_is_put_when_one_key_is_wrong(door: Door, shelf: Shelf) -> None:
    test, bug, folder = door.make("Test"), door.make("Bug"), shelf.add("A")
    for keys, status in (([test, "DEMO-999"], 404), ([test, bug], 400)):
        assert shelf.http.put(f"{shelf.base}/{folder}/tests", json={"add": keys}).status_code == status
    assert shelf.keys(folder) == []


@pytest.mark.parametrize("path", ["NOPE/folders", "DEMO/folders/99", "DEMO/folders/x", "DEMO-999/folders", "DEMO/folders/99/tests"])
def test_what_is_not_there_is_404(door: Door, path: str) -> None:
    assert door.http.get(f"{REPOSITORY}/{path}").status_code == 404


def test_folders_are_a_leads_and_a_stranger_sees_none(door: Door, services: Services, shelf: Shelf) -> None:
    folder, test = shelf.add("A"), door.make("Test")
    with door_of(services, "tom", Role.TESTER) as tester:
        theirs = Shelf(tester)
        assert theirs.tree() == shelf.tree()
        assert tester.http.post(f"{theirs.base}/-1", json={"name": "B"}).status_code == 403
        assert tester.http.put(f"{theirs.base}/{folder}", json={"name": "B"}).status_code == 403
        assert tester.http.put(f"{theirs.base}/{folder}/tests", json={"add": [test]}).status_code == 403
        assert tester.http.delete(f"{theirs.base}/{folder}").status_code == 403
    with door_of(services, "nobody", None) as stranger:
        assert stranger.http.get(f"{REPOSITORY}/DEMO/folders").status_code == 404
    with door_of(services, "lea", Role.LEAD) as lead:
        Shelf(lead).put(Shelf(lead).add("B"), [test])


def test_folders_cannot_be_endlessly_deep(shelf: Shelf) -> None:
    at = -1
    for depth in range(50):
        at = shelf.add(f"{depth}", at)
    assert shelf.http.post(f"{shelf.base}/{at}", json={"name": "deeper"}).status_code == 400
