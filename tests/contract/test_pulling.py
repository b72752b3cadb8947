# SPDX-License-Identifier: Apache-2.0
"""A project is copied whole from one server into another instance, also when the source fails in between."""

from __future__ import annotations

import base64
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.contract.conftest import Bearer
from tests.contract.door import Door, generic, key_of

from radiograph.actions.accounts import add_token, put_user
from radiograph.actions.admin_vocabulary import add_link_type, put_status, vocabulary
from radiograph.actions.check import examine
from radiograph.actions.fields import create_field
from radiograph.actions.instance import prepare
from radiograph.actions.project_admin import run_delete, start_delete
from radiograph.actions.projects import add_project
from radiograph.actions.projects import project as find_project
from radiograph.actions.pulling import pull
from radiograph.actions.workflow import load_workflow
from radiograph.domain.errors import Conflict
from radiograph.domain.people import Caller
from radiograph.domain.statuses import Status
from radiograph.settings import Settings
from radiograph.sources.xray_server import SourceError, XraySource
from radiograph.store.issue_links import put_type
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from radiograph.actions.services import Services

V1, V2, JIRA = "/rest/raven/1.0/api", "/rest/raven/2.0/api", "/rest/api/2"
FILE = {"data": base64.b64encode(b"hello").decode(), "filename": "hello.txt", "contentType": "text/plain"}
OUTLINE = "Scenario Outline: Adding\n  When I add <a>\n\n  Examples:\n    | a |\n    | 1 |\n    | 2 |\n"
_STEPS = {"steps": [{"index": i, "fields": {"Action": f"Do {i}", "Data": "d", "Expected Result": "r"}} for i in (1, 2)]}


class Cut(XraySource):
    """A source whose connection breaks at a request, from then on at every one."""

    left = 10**9

    def get(self, path: str, **query: Any) -> Any:
        self._count()
        return super().get(path, **query)

    def csv(self, path: str, **query: Any) -> bytes | None:
        self._count()
        return super().csv(path, **query)

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise SourceError("the line is cut")


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Services]:
    """An empty instance."""
    made = prepare(Settings(data=tmp_path / "target"))
    put_user(made, "admin", "admin", admin=True, display_name="Administrator")
    add_token(made, "admin", "contract", "contract-token")
    yield made
    bad = [f.what for f in examine(made, deep=True) if not f.good]
    made.db.close()
    assert bad == []


@pytest.fixture
def source(door: Door) -> Cut:
    """The server that is copied from; it is asked over its API only."""
    return Cut(door.http, "http://testserver", wait_s=0)


def fill(door: Door) -> None:
    """One of everything in DEMO."""
    manual = door.make("Test", type={"value": "Manual"}, steps=_STEPS, description="By hand", labels=["slow"], priority={"id": "1"})
    outline = door.make("Test", type={"value": "Cucumber"}, customfield_10107=OUTLINE, customfield_10108={"value": "Scenario Outline"})
    story, bug = door.make("Story", components=[{"name": "Core"}]), door.make("Bug", fixVersions=[{"name": "v1"}])
    group, condition, plan = (door.make(kind) for kind in ("Test Set", "Precondition", "Test Plan"))
    for word, key in (("testset", group), ("precondition", condition), ("testplan", plan)):
        door.http.post(f"{V1}/{word}/{key}/test", json={"add": [manual, outline]})
    folders = f"{V1}/testrepository/DEMO/folders"
    top = door.http.post(f"{folders}/-1", json={"name": "Shop"}).json()["id"]
    inner = door.http.post(f"{folders}/{top}", json={"name": "Basket"}).json()["id"]
    door.http.put(f"{folders}/{inner}/tests", json={"add": [manual]})
    link(door, "Tests", manual, story)
    link(door, "Blocks", bug, story)
    door.http.post(f"{JIRA}/issue/{bug}/comment", json={"body": "It hurts"})
    door.http.post(f"{JIRA}/issue/{bug}/attachments", files={"file": ("a.txt", b"file", "text/plain")})
    steps = [{"status": "PASS", "comment": "fine", "evidence": [FILE]}, {"status": "FAIL", "actualResult": "odd", "defects": [bug]}]
    iteration = {"parameters": [{"name": "city", "value": "Berlin"}], "status": "PASS", "steps": [{"status": "PASS"}]}
    answer = door.load(
        {"testKey": manual, "status": "FAIL", "comment": "no", "steps": steps, "defects": [bug, "OUT-1"], "evidence": [FILE],
         "start": "2026-11-23T10:00:00+01:00", "finish": "2026-11-23T10:01:00+01:00", "executedBy": "ana"},
        {"testKey": outline, "status": "FAIL", "examples": ["PASS", "FAIL"]},
        generic(1, "PASS", iterations=[iteration]),
        info={"project": "DEMO", "testEnvironments": ["iOS"], "revision": "r1", "testPlanKey": plan, "version": "v1"},
    )  # fmt: skip
    door.http.post(f"{V1}/testexec/{key_of(answer)}/test", json={"add": [door.make("Test")]})


DATASET = b"city,browser*\r\nBerlin,Chrome\r\nParis,Firefox\r\n"
WORKFLOW = {
    "statuses": [
        {"name": "To Do"},
        {"name": "In Progress", "category": "indeterminate"},
        {"name": "Reviewed", "category": "done"},
        {"name": "Done", "category": "done"},
    ]
}
OWN = {"Severity": ("option", {"value": "Major"}), "Seen in": ("labels", ["a", "b"]), "Note": ("text", "n"), "Effort": ("number", 2.5)}


def fill_more(door: Door, services: Services, target: Services) -> None:
    """What projects, Tests and issues have beside the first: steps with files, datasets, fields, parents, dates, statuses."""
    for side in (services, target):
        load_workflow(side, WORKFLOW)
    settings = f"{V2}/project/DEMO/settings/customfields"
    door.http.post(f"{settings}/testruns", json={"name": "Browser", "type": "select", "options": ["Chrome", "Firefox"]})
    door.http.post(f"{settings}/teststeps", json={"name": "Hint", "type": "text", "description": "What helps"})
    called, test = (door.make("Test", type={"value": "Manual"}, steps=_STEPS) for _ in range(2))
    steps = f"{V2}/test/{test}/steps"
    for body in ({"fields": {"Action": "Wait", "Hint": "Tea"}, "attachments": [FILE], "index": 1}, {"callTestKey": called}):
        assert door.http.post(steps, json=body).status_code == 201
    assert door.http.post(f"{V2}/dataset/import?testIssueKey={test}", content=DATASET).status_code == 200
    execution = door.make("Test Execution")
    door.http.post(f"{V1}/testexec/{execution}/test", json={"add": [test]})
    run = door.run(execution, test)["id"]
    assert door.http.put(f"{V2}/testrun/{run}", json={"customFields": [{"name": "Browser", "value": "Firefox"}]}).status_code == 200
    version = {"name": "v2", "project": "DEMO", "description": "Next", "startDate": "2026-01-02", "releaseDate": "2026-03-04",
               "released": True, "archived": True}  # fmt: skip
    assert door.http.post(f"{JIRA}/version", json=version).status_code == 201
    assert door.http.post(f"{JIRA}/component", json={"name": "Shop", "project": "DEMO", "description": "Sells"}).status_code == 201
    values = {create_field(side, None, name, kind).key: value for side in (target, services) for name, (kind, value) in OWN.items()}
    story = door.make("Story", components=[{"name": "Shop"}], fixVersions=[{"name": "v2"}], duedate="2026-12-24", environment="Linux",
                      versions=[{"name": "v2"}], **values)  # fmt: skip
    door.http.post(f"{JIRA}/issue/{story}/transitions", json={"transition": {"id": _way(door, story, "Reviewed")}})
    door.make("Sub Test Execution", parent={"key": story})
    door.make("Precondition", customfield_10111={"value": "Cucumber"}, customfield_10117="Given a basket")


def _way(door: Door, key: str, status: str) -> str:
    ways = door.http.get(f"{JIRA}/issue/{key}/transitions").json()["transitions"]
    return str(next(w["id"] for w in ways if w["to"]["name"] == status))


def link(door: Door, kind: str, source: str, target: str) -> None:
    body = {"type": {"name": kind}, "inwardIssue": {"key": source}, "outwardIssue": {"key": target}}
    assert door.http.post(f"{JIRA}/issueLink", json=body).status_code == 201


_OWN = {"id", "self", "fileURL", "created", "createdDate", "updated", "content", "author", "authorFullName", "projectId", "version"}
"""Members that a copy has of its own: ids, addresses, when a file was taken in, and how many versions of a definition there are."""


def alike(value: Any) -> Any:
    """What must be equal on both sides."""
    if isinstance(value, dict):
        return {k: alike(v) for k, v in value.items() if k not in _OWN}
    return [alike(v) for v in value] if isinstance(value, list) else value


def everything(http: TestClient) -> dict[str, Any]:
    """A project as the API shows it."""
    found: dict[str, Any] = {}
    rows = http.get(f"{JIRA}/search", params={"jql": "project = DEMO ORDER BY key", "maxResults": 1000, "fields": "*all"}).json()["issues"]
    for row in rows:
        key, kind = row["key"], row["fields"]["issuetype"]["name"]
        found[key] = {k: v for k, v in alike(row["fields"]).items() if k not in {"project", "lastViewed"}}
        for word in {"Test Execution": ["testexec"], "Test Set": ["testset"], "Precondition": ["precondition"]}.get(kind, []):
            found[f"{key} tests"] = alike(http.get(f"{V1}/{word}/{key}/test").json())
        if kind == "Test Plan":
            found[f"{key} tests"] = alike(http.get(f"{V1}/testplan/{key}/test").json())
            found[f"{key} executions"] = alike(http.get(f"{V1}/testplan/{key}/testexecution").json())
        if kind == "Test Execution":
            found[f"{key} runs"] = alike(http.get(f"{V2}/testruns", params={"testExecKey": key}).json())
        if kind == "Test":
            for path in (f"test?keys={key}", f"dataset/export?testIssueKey={key}&resolved=false"):
                answer = http.get(f"{V2}/{path}")
                found[f"{key} {path[:7]}"] = alike(answer.json()) if "json" in answer.headers["content-type"] else answer.text
    for part in ("versions", "components"):
        found[part] = alike(http.get(f"{JIRA}/project/DEMO/{part}").json())
    for part in ("testruns", "teststeps"):
        found[part] = alike(http.get(f"{V2}/project/DEMO/settings/customfields/{part}").json())
    found["folders"] = alike(http.get(f"{V1}/testrepository/DEMO/folders").json())
    return found


def seen(services: Services) -> dict[str, Any]:
    with TestClient(build_app(services)) as http:
        http.auth = Bearer()
        return everything(http)


def test_a_project_is_the_same_on_both_sides(door: Door, source: Cut, target: Services) -> None:
    fill(door)
    said: list[str] = []
    state, compared = pull(target, source, "DEMO", said.append)
    assert state.problems == []
    assert [(c.what, c.source, c.here) for c in compared if c.source != c.here] == []
    assert {c.what: c.here for c in compared} == {
        "Story": 1, "Bug": 1, "Test": 4, "Test Execution": 1, "Test Plan": 1, "Test Set": 1, "Precondition": 1,
        "runs": 4, "evidence": 2, "comments": 1, "attachments": 1,
    }  # fmt: skip
    assert seen(target) == everything(door.http)
    assert any(text.startswith("Issues: ") for text in said)
    again, _ = pull(target, source, "DEMO", said.append)
    assert (again, said[-1]) == (state, "DEMO was copied before.")


def test_what_stands_beside_is_the_same_on_both_sides(door: Door, services: Services, source: Cut, target: Services) -> None:
    fill(door)
    fill_more(door, services, target)
    state, compared = pull(target, source, "DEMO", lambda _text: None)
    assert state.problems == []
    assert [(c.what, c.source, c.here) for c in compared if c.source != c.here] == []
    here, there = seen(target), everything(door.http)
    assert here == there
    assert [len(part) for part in (here["versions"], here["components"], here["testruns"], here["teststeps"])] == [2, 2, 1, 4]
    assert (state.counts["datasets"], state.counts["attachments"]) == (1, 2)


def test_fields_and_statuses_that_are_not_here_are_told_once_and_taken_by_their_category(
    door: Door, services: Services, source: Cut, target: Services
) -> None:
    load_workflow(services, WORKFLOW)
    field = create_field(services, None, "Severity", "text")
    bugs = [door.make("Bug", **{field.key: "high"}) for _ in range(2)]
    door.http.post(f"{JIRA}/issue/{bugs[0]}/transitions", json={"transition": {"id": _way(door, bugs[0], "Reviewed")}})
    state, _ = pull(target, source, "DEMO", lambda _text: None)
    assert state.problems == [("field Severity", "there is no field of this name here")]
    statuses = [seen(target)[key]["status"]["name"] for key in bugs]
    assert statuses == ["Done", "To Do"]


def test_a_copy_that_is_cut_off_at_any_request_goes_on_where_it_was(door: Door, services: Services, source: Cut, target: Services) -> None:
    fill(door)
    fill_more(door, services, target)
    for tries in range(1, 100):
        source.left = tries
        try:
            state, _ = pull(target, source, "DEMO", lambda _text: None)
        except SourceError:
            continue
        break
    source.left = 10**9
    assert (tries > 5, state.phase, state.problems) == (True, "done", [])
    assert seen(target) == everything(door.http)


def test_what_cannot_be_copied_is_named_and_nothing_else_is_lost(door: Door, services: Services, source: Cut, target: Services) -> None:
    add_project(services, "OTHER")
    other = door.make("Test", project={"key": "OTHER"})
    group, bug = door.make("Test Set"), door.make("Bug")
    door.http.post(f"{V1}/testset/{group}/test", json={"add": [other]})
    link(door, "Blocks", bug, other)
    answer = door.load({"testKey": other, "status": "PASS"}, generic(1, "PASS", evidence=[FILE]))
    kept = services.settings.data / "evidence"
    kept.rename(kept.with_name("aside"))
    state, compared = pull(target, source, "DEMO", lambda _text: None)
    shutil.rmtree(kept, ignore_errors=True)
    kept.with_name("aside").rename(kept)
    told = dict(state.problems)
    execution = key_of(answer)
    assert told[f"{other} in {group}"] == "it is not here"
    assert told[f"link {bug} blocks {other}"] == f"{other} is not here"
    assert "not found" in told[f"{execution} {other}"]
    assert "404" in told[f"evidence hello.txt of {execution}"]
    assert next((c.source, c.here) for c in compared if c.what == "runs") == (2, 1)


def test_a_project_of_that_key_that_was_not_copied_is_left_alone(source: Cut, target: Services) -> None:
    add_project(target, "DEMO")
    with pytest.raises(Conflict, match="was not copied"):
        pull(target, source, "DEMO", lambda _text: None)


def test_a_copy_that_was_deleted_is_copied_again_and_is_no_copy_when_somebody_makes_it(door: Door, source: Cut, target: Services) -> None:
    fill(door)
    for _ in range(2):
        state, _ = pull(target, source, "DEMO", lambda _text: None)
        assert (state.phase, state.problems, seen(target) == everything(door.http)) == ("done", [], True)
        delete(target, "DEMO")
    add_project(target, "DEMO")
    with pytest.raises(Conflict, match="was not copied"):
        pull(target, source, "DEMO", lambda _text: None)


def delete(services: Services, key: str) -> None:
    admin = Caller(1, "admin", admin=True)
    project = find_project(services, admin, key)
    run_delete(services, admin, project, start_delete(services, admin, project, key), lambda: False)


class Own(Cut):
    """A source with statuses of its own, which looks whether the target can be written to while it is asked for them."""

    asked: Callable[[], None]

    def raven(self, path: str, version: str = "1.0", **query: Any) -> Any:
        if not path.startswith("settings/test"):
            return super().raven(path, version, **query)
        self.asked()
        return [{"name": name, "requirementStatusName": "NOK", "final": True} for name in ("Blocked", "BLOCKED", "Odd")]


def test_own_statuses_and_types_of_links_get_ids_of_their_own_whoever_adds_them(door: Door, target: Services) -> None:
    fill(door)
    admin, asked = Caller(1, "admin", admin=True), []
    source = Own(door.http, "http://testserver", wait_s=0)

    def write() -> None:
        asked.append(1)
        put_status(target, admin, Status(-1, f"HERE {len(asked)}", "", "#000000", True, "OK"))

    source.asked = write
    link(door, "Relates", "DEMO-1", "DEMO-2")
    pull(target, source, "DEMO", lambda _text: None)
    put_status(target, admin, Status(-1, "LATER", "", "#000000", True, "OK"))
    add_link_type(target, admin, "Causes", "is caused by", "causes")
    with target.db.write() as conn:
        assert put_type(conn, "causes ", "", "").name == "Causes"
        put_type(conn, "Splits", "is split by", "splits")
    add_link_type(target, admin, "Joins", "is joined by", "joins")
    words = vocabulary(target, admin)
    assert [s.name for s in words.statuses if s.of == "run"][5:] == ["HERE 1", "HERE 2", "BLOCKED", "ODD", "LATER"]
    assert [k.name for k in words.link_types][-3:] == ["Causes", "Splits", "Joins"]


def test_a_project_that_is_not_there_is_told(source: Cut, target: Services) -> None:
    with pytest.raises(SourceError, match="404"):
        pull(target, source, "NOPE", lambda _text: None)
