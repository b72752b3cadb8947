# SPDX-License-Identifier: Apache-2.0
"""Two people at the same thing at the same time: no crash, no duplicate, nothing that both saw and neither has."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic, imported, key_of

from radiograph.actions.projects import add_project
from radiograph.domain.errors import StoreUnavailable
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.contract.door import Door

    from radiograph.actions.services import Services

JIRA, RAVEN = "/rest/api/2", "/rest/raven/2.0/api"


def at_once(calls: Sequence[Callable[[], Any]]) -> list[int]:
    """Call all of them together; the statuses of their answers."""
    start = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> int:
        start.wait()
        return int(call().status_code)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.parametrize(
    ("path", "body", "listed"),
    [
        (f"{JIRA}/version", {"name": "v1", "project": "DEMO"}, f"{JIRA}/project/DEMO/versions"),
        (f"{JIRA}/component", {"name": "Cart", "project": "DEMO"}, f"{JIRA}/project/DEMO/components"),
        (f"{JIRA}/filter", {"name": "Mine", "jql": "project = DEMO"}, f"{JIRA}/filter/my"),
        (f"{RAVEN}/testrepository/DEMO/folders/-1", {"name": "Shop"}, f"{RAVEN}/testrepository/DEMO/folders"),
        (
            f"{RAVEN}/project/DEMO/settings/customfields/testruns",
            {"name": "Browser", "type": "text"},
            f"{RAVEN}/project/DEMO/settings/customfields/testruns",
        ),
    ],
)
def test_what_is_made_by_four_at_once_is_there_once(door: Door, path: str, body: dict[str, Any], listed: str) -> None:
    seen = at_once([lambda: door.http.post(path, json=body)] * 4)
    found = door.http.get(listed).json()
    assert sum(s < 300 for s in seen) == 1
    assert all(s < 500 for s in seen)
    assert len(found.get("folders", []) if isinstance(found, dict) else found) == 1


def test_a_link_made_by_four_at_once_is_there_once(door: Door) -> None:
    one, other = door.make("Bug"), door.make("Bug")
    body = {"type": {"name": "Blocks"}, "inwardIssue": {"key": one}, "outwardIssue": {"key": other}}
    seen = at_once([lambda: door.http.post(f"{JIRA}/issueLink", json=body)] * 4)
    assert seen == [201] * 4
    assert len(door.fields(one)["issuelinks"]) == 1


def test_links_with_comments_and_edits_with_links_in_two_projects_dont_wait_for_each_other(services: Services, door: Door) -> None:
    add_project(services, "OTHER")
    ours, theirs = ([door.make("Bug", project={"key": key}) for _ in range(2)] for key in ("DEMO", "OTHER"))
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": ours[0]}, "outwardIssue": {"key": ours[1]}}
    edit = {"comment": [{"add": {"body": "no"}}], "issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": theirs[1]}}}]}
    for _ in range(8):
        links = [i["id"] for key in (ours[0], theirs[0]) for i in door.fields(key)["issuelinks"]]
        assert all(door.http.delete(f"{JIRA}/issueLink/{number}").status_code == 204 for number in links)
        seen = at_once([
            lambda: door.http.post(f"{JIRA}/issueLink", json=link | {"comment": {"body": "so"}}),
            lambda: door.http.put(f"{JIRA}/issue/{theirs[0]}", json={"update": edit}),
        ])  # fmt: skip
        assert seen == [201, 204]


def test_two_that_would_wait_for_each_other_for_ever_are_told_to_try_again(services: Services, database_kind: str) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    other = add_project(services, "OTHER")
    met, failed = threading.Barrier(2), []

    def hold(first: int, second: int) -> None:
        try:
            with services.db.write() as conn:
                lock_projects(conn, [first])
                met.wait()
                lock_projects(conn, [second])
        except StoreUnavailable as error:
            failed.append(error)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(hold, (10402, other), (other, 10402)))
    assert len(failed) == 1


def test_an_execution_can_go_while_results_come_into_it(door: Door) -> None:
    for _ in range(3):
        first = door.load(*(generic(i) for i in range(5)))
        execution, test = key_of(first), imported(first)[0]
        report = {"testExecutionKey": execution, "tests": [{"testKey": k, "status": "FAIL"} for k in imported(first)[1:]]}
        seen = at_once([
            partial(door.http.delete, f"{JIRA}/issue/{execution}"), partial(door.send, report),
            partial(door.http.post, f"{RAVEN}/testexec/{execution}/test", json={"remove": [test], "add": []}),
        ])  # fmt: skip
        assert seen[0] == 204
        assert seen[1] in {200, 400}
        assert seen[2] in {200, 404}


def test_a_test_can_go_while_it_is_added_everywhere(services: Services, door: Door) -> None:
    other = add_project(services, "OTHER")
    assert other
    owners = {"testexec": "Test Execution", "testset": "Test Set", "testplan": "Test Plan"}
    for project in ("DEMO", "OTHER"):
        keys = {word: door.make(kind, project={"key": project}) for word, kind in owners.items()}
        test = door.make("Test")
        calls = [partial(door.http.post, f"{RAVEN}/{w}/{k}/test", json={"add": [test]}) for w, k in keys.items()]
        seen = at_once([partial(door.http.delete, f"{JIRA}/issue/{test}"), *calls])
        assert seen == [204, 200, 200, 200]
        for word, key in keys.items():
            assert door.http.get(f"{RAVEN}/{word}/{key}/test").json() == []


def test_folders_that_are_moved_at_once_keep_their_places(door: Door) -> None:
    at = f"{RAVEN}/testrepository/DEMO/folders"
    ids = [door.http.post(f"{at}/-1", json={"name": name}).json()["id"] for name in "abcd"]
    seen = at_once([partial(door.http.put, f"{at}/{i}", json={"rank": 1}) for i in ids])
    assert seen == [200] * 4
    assert [f["rank"] for f in door.http.get(at).json()["folders"]] == [1, 2, 3, 4]


def test_of_a_bulk_with_an_unknown_issue_in_it_the_others_are_told(door: Door) -> None:
    bad = {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "DEMO-999999"}}}]}
    one = {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Bug"}, "summary": "A bug"}}
    answer = door.http.post(f"{JIRA}/issue/bulk", json={"issueUpdates": [one, one | {"update": bad}, one]})
    assert answer.status_code == 201
    assert len(answer.json()["issues"]) == 2
    assert [e["failedElementNumber"] for e in answer.json()["errors"]] == [1]
