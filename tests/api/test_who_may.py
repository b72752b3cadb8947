# SPDX-License-Identifier: Apache-2.0
"""Who may do what: every endpoint of the table, asked by people with each role, by strangers and by nobody.

DEMO has one of everything, with a word in all its texts that no answer to a stranger may have. SHARED is a project
that the strangers see, whose issues are linked with DEMO's.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.api.test_every_endpoint import Place

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.domain.people import Role
from radiograph.settings import Settings
from radiograph.store import tables as t
from radiograph.web.api import ENDPOINTS
from radiograph.web.app import build_app
from radiograph.web.endpoints import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from radiograph.web.endpoints import Endpoint

SECRET = "Xylophone"
"""The word that stands in every text of DEMO."""
SECRET_FILE = {"data": "WHlsb3Bob25l", "filename": f"{SECRET}.txt", "contentType": "text/plain"}
DEMO, OTHER, SHARED = 10402, 10403, 10404
PEOPLE = {
    "stranger": (), "viewer": ((DEMO, Role.VIEWER),), "tester": ((DEMO, Role.TESTER),), "lead": ((DEMO, Role.LEAD),),
    "otherlead": ((OTHER, Role.LEAD), (SHARED, Role.LEAD)), "sharedviewer": ((SHARED, Role.VIEWER),),
    "between": ((DEMO, Role.VIEWER), (SHARED, Role.LEAD)),
    "both": ((DEMO, Role.LEAD), (OTHER, Role.ADMIN)),
}  # fmt: skip


class SecretPlace(Place):
    """The place with the word in its texts."""

    def make(self, kind: str, **fields: Any) -> str:
        return super().make(kind, **{"summary": f"{SECRET} {kind}", "description": SECRET} | fields)

    def hide(self) -> None:
        """Put the word wherever text can be, and note the ids of what that makes."""
        n, jira, raven = self.names, "/rest/api/2", "/rest/raven/2.0/api"
        n["comment"] = self.call("POST", f"{jira}/issue/{n['manual']}/comment", json={"body": SECRET})["id"]
        files = {"file": (f"{SECRET}.txt", SECRET.encode(), "text/plain")}
        n["attachment"] = self.call("POST", f"{jira}/issue/{n['manual']}/attachments", files=files)[0]["id"]
        n["version"] = self.call("POST", f"{jira}/version", json={"name": f"{SECRET} 1", "project": "DEMO"})["id"]
        n["component"] = self.call("POST", f"{jira}/component", json={"name": f"{SECRET} part", "project": "DEMO"})["id"]
        step = {"step": SECRET, "data": SECRET, "result": SECRET, "attachments": [SECRET_FILE]}
        made = self.call("PUT", f"/rest/raven/1.0/api/test/{n['manual']}/step", json=step)
        n |= {"step": made["id"], "stepfile": made["attachmentIds"][0]}
        self.call("PUT", f"{raven}/testrun/{n['run']}", json={"comment": SECRET, "evidences": {"add": [SECRET_FILE]}})
        self.call("PUT", f"{raven}/testrun/{n['run']}/step/{n['runstep']}", json={"comment": SECRET, "actualResult": SECRET})
        self.call("PUT", f"{raven}/testrepository/DEMO/folders/{n['folder']}", json={"name": f"{SECRET} folder"})
        dataset = {"file": ("d.csv", f"{SECRET}\n{SECRET}\n".encode(), "text/csv")}
        self.call("POST", f"{raven}/dataset/import?testIssueKey={n['manual']}", files=dataset)
        fields = f"{raven}/project/DEMO/settings/customfields"
        n["secretrunfield"] = self.call("POST", f"{fields}/testruns", json={"name": f"{SECRET} run", "type": "text"})["id"]
        n["stepfield"] = self.call("POST", f"{fields}/teststeps", json={"name": f"{SECRET} step", "type": "text"})["id"]
        n["secretfilter"] = self.call("POST", f"{jira}/filter", json={"name": SECRET, "jql": f"summary ~ {SECRET}"})["id"]
        link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": n["bug"]}, "outwardIssue": {"key": n["other"]}}
        self.call("POST", f"{jira}/issueLink", json=link)
        n["link"] = self.call("GET", f"{jira}/issue/{n['bug']}")["fields"]["issuelinks"][0]["id"]
        n["job"] = self.call("PUT", f"{raven}/testrunstatus/reset?projectKey=DEMO", json={})["jobId"]

    def cross(self) -> dict[str, str]:
        """Issues of SHARED that hold DEMO's, and the other way round."""
        n, raven, shared = self.names, "/rest/raven/2.0/api", {"project": {"key": "SHARED"}, "description": "Open"}
        kinds = {
            "exec": "Test Execution",
            "plan": "Test Plan",
            "set": "Test Set",
            "precondition": "Precondition",
            "test": "Test",
            "bug": "Bug",
        }
        own = {word: Place.make(self, kind, **shared) for word, kind in kinds.items()}
        self.call("PUT", f"/rest/api/2/issue/{own['test']}", json={"fields": {"customfield_10105": {"value": "Manual"}}})
        for word, kind in (("exec", "testexec"), ("plan", "testplan"), ("set", "testset"), ("precondition", "precondition")):
            self.call("POST", f"{raven}/{kind}/{own[word]}/test", json={"add": [n["manual"], n["data"], own["test"]]})
            self.call("POST", f"{raven}/{kind}/{n[word]}/test", json={"add": [own["test"]]})
        self.call("POST", f"{raven}/testplan/{own['plan']}/testexecution", json={"add": [n["exec"]]})
        self.call("POST", f"{raven}/testplan/{n['plan']}/testexecution", json={"add": [own["exec"]]})
        for kind in ("Blocks", "Tests"):
            link = {"type": {"name": kind}, "inwardIssue": {"key": n["manual"]}, "outwardIssue": {"key": own["bug"]}}
            self.call("POST", "/rest/api/2/issueLink", json=link)
        run = self.call("GET", f"{raven}/testrun?testExecIssueKey={own['exec']}&testIssueKey={own['test']}")["id"]
        self.call("POST", f"{raven}/testrun/{run}/defect", json=[n["bug"]])
        called = {"fields": {}, "callTestKey": n["manual"]}
        self.call("POST", f"{raven}/test/{own['test']}/steps", json=called)
        foreign = self.call("GET", f"{raven}/testrun?testExecIssueKey={own['exec']}&testIssueKey={n['manual']}")["id"]
        return own | {"run": str(run), "foreignrun": str(foreign)}


class World:
    """The instance: `place` are DEMO's names, `own` SHARED's, `ask` asks as a person."""

    def __init__(self, http: TestClient, place: SecretPlace, own: dict[str, str]) -> None:
        self.http, self.place, self.own, self.names = http, place, own, place.names

    def ask(self, who: str, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {who}-token"} if who else {"Authorization": ""}
        return self.http.request(method, path, headers=headers | more.pop("headers", {}), **more)

    def endpoint(self, who: str, endpoint: Endpoint, path: str, **other: str) -> httpx2.Response:
        """An endpoint with its example, as far as that names what DEMO has; `other` names win."""
        n = self.names | other
        if "export/test" in path or "export/cucumber" in path:
            n |= {"manual": n["outline"]}
        query = {
            name: n[word]
            for name, word in _QUERY.items()
            if name in {q.name for q in endpoint.query} and name not in _ONE_OF.get(endpoint.id, ())
        }
        if {"status"} & {q.name for q in endpoint.query}:
            query["status"] = "OK" if "coverage" in endpoint.id else "PASS"
        query |= {
            q.name: _NEEDED.get(q.name) or n["data"] for q in endpoint.query if isinstance(q, Word) and q.required and q.name not in query
        }
        more = {"params": query} | _body(endpoint, n)
        return self.ask(who, endpoint.method, _path(path, n), **more)


_QUERY = {
    "testExecIssueKey": "exec", "testIssueKey": "manual", "testExecKey": "exec", "projectKey": "project", "keys": "manual",
    "issueKey": "manual", "projectKeys": "project", "execution": "exec",
}  # fmt: skip
_NEEDED = {"name": "an earlier name", "gap": "never-run", "kind": "never-run"}
"""Parameters that an endpoint can't do without, where a Test's key won't do."""
_ONE_OF: dict[str, tuple[str, ...]] = {
    "set_run_statuses_anew": ("keys", "testExecKey"), "set_requirement_statuses_anew": ("keys", "testExecKey"),
}  # fmt: skip
_KEYS = {
    "execution": "exec",
    "testexec": "exec",
    "testplan": "plan",
    "plans": "plan",
    "testset": "set",
    "precondition": "precondition",
    "testrepository": "project",
    "project": "project",
    "projects": "project",
}
_IDS = {
    "step": "step", "steps": "step", "job": "job", "folders": "folder", "comment": "comment", "issueLink": "link", "filter": "secretfilter",
    "version": "version", "component": "component", "testrun": "run",
}  # fmt: skip


def _path(path: str, n: dict[str, Any]) -> str:
    if "/example" in path:
        n = n | {"run": n["outlinerun"]}
    if "/iteration" in path:
        n = n | {"run": n["datarun"], "runstep": n["iterationstep"], "stepevidence": n["iterationevidence"]}
    parts = path.split("/")
    for at, part in enumerate(parts):
        parts[at] = str(_part(part, parts[at - 1], path, n)) if part.startswith("{") else part
    return "/".join(parts)


def _part(name: str, before: str, path: str, n: dict[str, Any]) -> Any:
    run = "/testrun/" in path
    fixed = {
        "{test}": n["manual"], "{execution}": n["exec"], "{defect}": n["defect"], "{index}": 0, "{iteration}": n["iteration"],
        "{project}": n["project"], "{format}": "auto", "{name:path}": "x.txt", "{step}": n["runstep"], "{attachment}": n["stepfile"],
        "{file}": n["stepevidence"] if "/step/" in path else n["evidence"],
        "{field}": n["stepfield"] if "teststeps" in path else n["runfield"],
    }  # fmt: skip
    if name in fixed:
        return fixed[name]
    if name == "{key}":
        return n["project"] if "createmeta" in path else n[_KEYS.get(before, "manual")]
    if before == "attachment":
        return n["evidence"] if "raven" in path else n["attachment"]
    return n.get(_IDS.get(before, "run") if run or before in _IDS else "", 1)


def _body(endpoint: Endpoint, n: dict[str, Any]) -> dict[str, Any]:
    if endpoint.body is None:
        return {}
    example = endpoint.body.example
    if endpoint.body.media == "multipart/form-data":
        return {"files": {k: (f"{k}.txt", v if isinstance(v, str) else json.dumps(v)) for k, v in _local(example, n).items()}}
    if endpoint.body.media == "text/plain":
        return {"content": str(example).encode(), "headers": {"Content-Type": "text/plain"}}
    return {"content": json.dumps(_local(example, n)).encode(), "headers": {"Content-Type": "application/json"}}


def _local(value: Any, n: dict[str, Any]) -> Any:
    """The example with keys that there are: any issue of DEMO in it is a Bug or a Test here."""
    text = re.sub(r"DEMO(?!-)", n["project"], json.dumps(value))
    return json.loads(
        re.sub(r"DEMO-\d+", lambda m: n["bug"] if m[0] == "DEMO-10" else n["exec"] if m[0] == "DEMO-1206" else n["generic"], text)
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    services = prepare(Settings(data=tmp_path_factory.mktemp("rights")))
    put_user(services, "admin", "admin", admin=True)
    add_token(services, "admin", "t", "admin-token")
    for key, number in (("DEMO", DEMO), ("OTHER", OTHER), ("SHARED", SHARED)):
        add_project(services, key, f"{SECRET} Ltd" if key == "DEMO" else key, project_id=number)
    for name, roles in PEOPLE.items():
        put_user(services, name, None)
        add_token(services, name, "t", f"{name}-token")
        for project, role in roles:
            give_role(services, name, project, role)
    add_token(services, "both", "other only", "narrow-token")
    add_token(services, "lead", "reads only", "reader-token", role=Role.VIEWER)
    with services.db.write() as conn:
        conn.execute(t.tokens.update().where(t.tokens.c.name == "other only").values(projects=str(OTHER)))
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.headers["Authorization"] = "Bearer admin-token"
        place = SecretPlace(http)
        place.hide()
        own = place.cross()
        http.cookies.clear()
        yield World(http, place, own)
    services.db.close()


def _all() -> list[tuple[Endpoint, str]]:
    return [(e, path) for e in ENDPOINTS for path in e.paths if e.id != "cloud_graphql"]  # which is always refused


def _writes(e: Endpoint) -> bool:
    return e.method in {"POST", "PUT", "DELETE"} and e.id != "search_by_body"


def test_nobody_is_told_to_sign_in_at_every_endpoint(world: World) -> None:
    wrong = []
    for e, path in _all():
        answer = world.endpoint("", e, path)
        if not e.open and answer.status_code != 401:
            wrong.append(f"{e.method} {path}: {answer.status_code}")
    assert wrong == []


def _gives_away(answer: httpx2.Response) -> bool:
    """Whether an answer has the word, but for its being said back."""
    return SECRET.lower() in answer.text.lower()


_OPEN_TO_ALL = {
    "job", "create_filter", "favourite_filters", "my_filters", "filter", "edit_filter", "delete_filter", "myself", "search_user",
    "search_users", "search_assignable", "pick_users",
}  # fmt: skip
"""What belongs to people, not to projects."""


def _asked(world: World, who: str, *, writes: bool) -> dict[str, httpx2.Response]:
    rows = [(e, p) for e, p in _all() if not e.open and _writes(e) is writes]
    return {f"{e.id} {e.method} {path}": world.endpoint(who, e, path) for e, path in rows}


def _wrong(found: dict[str, httpx2.Response], right: Any, but: Any = ()) -> list[str]:
    return [
        f"{what}: {a.status_code} {a.text[:150]}" for what, a in found.items() if what.split()[0] not in but and a.status_code not in right
    ]


@pytest.mark.parametrize("who", ["stranger", "otherlead", "sharedviewer", "narrow"])
@pytest.mark.parametrize("writes", [False, True])
def test_a_stranger_is_told_nothing_of_a_project(world: World, who: str, writes: bool) -> None:  # noqa: FBT001
    found = _asked(world, who, writes=writes)
    assert [f"{what}: {a.text[:200]}" for what, a in found.items() if _gives_away(a)] == []
    assert [f"{what}: {a.text[:200]}" for what, a in found.items() if a.status_code >= 500] == []


@pytest.mark.parametrize("who", ["stranger", "otherlead", "sharedviewer", "narrow"])
def test_a_stranger_changes_nothing(world: World, who: str) -> None:
    found = _asked(world, who, writes=True)
    refused = {400, 403, 404}
    mine = {"create_filter", "create_link", "cloud_import_tests"}
    assert _wrong(found, refused, mine) == []


_OF_THE_INSTANCE = {"issue_type", "status", "status_category", "priority", "creatable_fields", "link_type", "search_user"}
"""What has ids of its own that the place doesn't name."""
_FOR_ADMINISTRATORS = {
    "undo_preview", "project_settings", "retention", "admin_server", "admin_people", "admin_tokens", "admin_vocabulary", "admin_audit", "admin_storage",
}  # fmt: skip
_OTHERWISE_NAMED = {"file_data", "compare_executions", "preview_merge"}
"""A file by its own id, executions by a name given several times, and what takes the role lead."""
_TOLD = 60
"""In how many answers the word stands at least, so that looking for it means something."""


def test_a_viewer_reads_everything(world: World) -> None:
    found = _asked(world, "viewer", writes=False)
    assert (
        _wrong(found, {200}, {"job", "filter", "cloud_import_tests_status", *_OF_THE_INSTANCE, *_FOR_ADMINISTRATORS, *_OTHERWISE_NAMED})
        == []
    )
    assert sum(map(_gives_away, found.values())) > _TOLD


@pytest.mark.parametrize("who", ["viewer", "reader"])
def test_a_viewer_changes_nothing(world: World, who: str) -> None:
    found = _asked(world, who, writes=True)
    assert _wrong(found, {403}, {"create_filter", "edit_filter", "delete_filter", "create_issues", "cloud_import_tests"}) == []


_TESTERS = re.compile(
    r"^(import|cloud_import(?!_tests)|edit_run|set_run_(status_v|comment|assignee|custom)|unassign|add_run|unlink_run|remove_run_file|edit_step_v. PUT .*testrun"
    r"|set_step|add_step_file|remove_step_file|set_example|edit_iteration|set_iteration|add_iteration|remove_iteration"
    r"|(edit|remove)_tests?_of_testexec|(edit|remove)_executions?_of_plan|create_comment|create_attachments|create_filter|apply_changes|add_evidence|report_bug)"
)


def test_a_tester_edits_no_definitions(world: World) -> None:
    rows = [(e, p) for e, p in _all() if not e.open and _writes(e)]
    found = {f"{e.id} {e.method} {path}": (e, path) for e, path in rows}
    held = {what: world.endpoint("tester", e, p) for what, (e, p) in found.items() if not _TESTERS.match(what)}
    assert _wrong(held, {403}, {"edit_filter", "delete_filter", "create_issues", "cloud_import_tests"}) == []


_OWN_PLACES = {"manual": "test", "exec": "exec", "plan": "plan", "set": "set", "precondition": "precondition", "bug": "bug", "run": "run"}


@pytest.mark.parametrize("who", ["sharedviewer", "otherlead"])
def test_what_is_linked_with_a_hidden_project_shows_nothing_of_it(world: World, who: str) -> None:
    own = {word: world.own[name] for word, name in _OWN_PLACES.items()} | {"project": "SHARED"}
    rows = [(e, p) for e, p in _all() if not e.open and not _writes(e)]
    found = {f"{e.id} {p}": world.endpoint(who, e, p, **own) for e, p in rows}
    found |= {f"issue {key}": world.ask(who, "GET", f"/rest/api/2/issue/{key}?expand=changelog") for key in world.own.values()}
    for rest in ("", "/step", "/defect", "/attachment", "/history", "/example"):
        found[f"foreign run{rest}"] = world.ask(who, "GET", f"/rest/raven/2.0/api/testrun/{world.own['foreignrun']}{rest}")
        found[f"v1 foreign run{rest}"] = world.ask(who, "GET", f"/rest/raven/1.0/api/testrun/{world.own['foreignrun']}{rest}")
    plan = {"testPlanKey": world.own["plan"], "includeTestFields": "summary,description"}
    found["export of plan"] = world.ask(who, "GET", "/rest/raven/2.0/api/testruns", params=plan)
    found["export of execution"] = world.ask(
        who, "GET", "/rest/raven/2.0/api/testruns", params={"testExecKey": world.own["exec"], "includeTestFields": "summary,description"}
    )
    found["search"] = world.ask(who, "GET", "/rest/api/2/search", params={"jql": "", "fields": "*all", "expand": "changelog"})
    found["shared dataset"] = world.ask(
        who,
        "GET",
        "/rest/raven/2.0/api/dataset/export",
        params={"testIssueKey": world.names["manual"], "contextIssueKey": world.own["set"]},
    )
    for page in (
        "/",
        "/search",
        *(f"/browse/{k}" for k in world.own.values()),
        f"/runs/{world.own['run']}",
        f"/runs/{world.own['foreignrun']}",
        "/projects/SHARED",
        "/projects/SHARED/executions",
        "/imports",
    ):
        found[page] = world.ask(who, "GET", page, headers={"Accept": "text/html"})
    away = [f"{what}: {_near(a.text, SECRET)}" for what, a in found.items() if _gives_away(a)]
    assert away == []


@pytest.mark.parametrize("who", ["stranger", "sharedviewer"])
def test_what_is_hidden_answers_as_what_is_not_there(world: World, who: str) -> None:
    nowhere = {word: _nowhere(value) for word, value in world.names.items()}
    told = []
    for e, path in _all():
        if e.open or e.id.startswith("create_filter"):
            continue
        hidden, missing = world.endpoint(who, e, path), world.endpoint(who, e, path, **nowhere)
        seen = [(a.status_code, re.sub(r"\d+", "#", a.text.replace("NOPE", "DEMO"))) for a in (hidden, missing)]
        if seen[0] != seen[1]:
            told.append(f"{e.id} {path}: {hidden.status_code} {hidden.text[:120]} / {missing.status_code} {missing.text[:120]}")
    assert told == []


_QUERIES = [
    "project = {project}", "project in ({project}, SHARED)", "key = {manual}", "issue in ({manual})", "parent = {exec}", "fixVersion = {version}",
    'fixVersion = "{versionname}"', 'component = "{componentname}"', "component = {component}", "issue in testPlanTests({plan})", "issue in testSetTests({set})",
    "issue in testExecutionTests({exec})", "issue in testRepositoryFolderTests({project}, {foldername})", "issue in linkedIssues({bug})",
    "issue in preconditionTests({precondition})", "filter = {secretfilter}", 'filter = "{filtername}"', "summary ~ {word}", "comment ~ {word}",
    "text ~ {word}", "issue in requirements(OK, {project})", "issue in defectsCreatedDuringTesting({exec})", "issue in defectsForTestExecution({exec})",
    "issue in testExecWithTestRunStatus(PASS)", "issue in projectParentRequirements({project})", '"Test Plan" = {plan}', '"Test Set" = {set}',
    '"Pre-Conditions association with a Test" = {precondition}', '"Test Repository Path" = "{foldername}"', "NOT summary ~ {word}",
    "attachments ~ {word}", "description ~ {word} ORDER BY project",
]  # fmt: skip


@pytest.mark.parametrize("query", _QUERIES)
def test_a_query_finds_no_hidden_thing_and_tells_none_from_what_is_not_there(world: World, query: str) -> None:
    names = {
        "versionname": f"{SECRET} 1",
        "componentname": f"{SECRET} part",
        "foldername": f"{SECRET} folder",
        "filtername": SECRET,
        "word": SECRET,
    }
    hidden, missing = world.names | names, {word: _nowhere(value) for word, value in (world.names | names).items()}
    missing |= {word: value.replace(SECRET, "Xylofone") for word, value in names.items()}
    for validate in ("true", "false"):
        seen = []
        for filled in (hidden, missing):
            params = {"jql": query.format(**filled), "fields": "*all", "validateQuery": validate}
            answer = world.ask("sharedviewer", "GET", "/rest/api/2/search", params=params)
            seen.append(
                (
                    answer.status_code,
                    re.sub(r" Did you mean .*?\?|\d+", "#", answer.text.replace("NOPE", "DEMO").replace("Xylofone", SECRET)).replace(
                        ".#", "."
                    ),
                )
            )
        assert seen[0] == seen[1]
        assert answer.status_code < 500


def _nowhere(value: Any) -> Any:
    """A name of the same shape that nothing has."""
    text = str(value)
    if text.isdigit():
        return type(value)(int(text) + 900_000)
    return text.replace("DEMO-", "DEMO-9000").replace("DEMO", "NOPE")


def _near(text: str, word: str) -> str:
    at = text.lower().find(word.lower())
    return text[max(0, at - 100) : at + 60]


def test_no_issue_of_ours_takes_in_or_names_a_hidden_one(world: World) -> None:
    own, n, raven, jira = world.own, world.names, "/rest/raven/2.0/api", "/rest/api/2"
    for word, kind in (("exec", "testexec"), ("plan", "testplan"), ("set", "testset"), ("precondition", "precondition")):
        answer = world.ask("otherlead", "POST", f"{raven}/{kind}/{own[word]}/test", json={"add": [n["generic"], "NOPE-1"]})
        assert answer.text.replace("NOPE-1", n["generic"]).count(f"Issue with key {n['generic']} not found.") == 2
    for body in ({"parent": {"key": n["exec"]}}, {"customfield_10100": [n["plan"]]}, {"fixVersions": [{"id": str(n["version"])}]}):
        assert world.ask("otherlead", "PUT", f"{jira}/issue/{own['exec']}", json={"fields": body}).status_code == 400
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": own["bug"]}, "outwardIssue": {"key": n["bug"]}}
    assert world.ask("otherlead", "POST", f"{jira}/issueLink", json=link).status_code == 404
    report = {"testExecutionKey": own["exec"], "tests": [{"testKey": n["generic"], "status": "PASS"}]}
    assert world.ask("otherlead", "POST", "/rest/raven/2.0/import/execution", json=report).status_code == 400
    planned = {"info": {"project": "SHARED", "testPlanKey": n["plan"]}, "tests": [{"testKey": own["test"], "status": "PASS"}]}
    assert world.ask("otherlead", "POST", "/rest/raven/2.0/import/execution", json=planned).status_code == 400
    calls = {"fields": {}, "callTestKey": n["outline"]}
    assert world.ask("otherlead", "POST", f"{raven}/test/{own['test']}/steps", json=calls).status_code == 404
    context = {"testIssueKey": own["test"], "contextIssueKey": n["set"]}
    assert world.ask("otherlead", "GET", f"{raven}/dataset/export", params=context).status_code == 404


def test_who_only_sees_a_plan_brings_no_executions_into_it(world: World) -> None:
    own, n = world.own, world.names
    body = {"info": {"project": "SHARED", "testPlanKey": n["plan"]}, "tests": [{"testKey": own["test"], "status": "PASS"}]}
    answer = world.ask("between", "POST", "/rest/raven/2.0/import/execution", json=body)
    assert (answer.status_code, n["plan"] in answer.text) == (403, True)
