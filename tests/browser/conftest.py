# SPDX-License-Identifier: Apache-2.0
"""A real browser before a real demonstration; a script error or a failed request fails the test that met it."""

from __future__ import annotations

from contextlib import contextmanager
from shutil import copytree
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from playwright.sync_api import sync_playwright
from tests.browser.chromium import launch, signed_in
from tests.browser.desk import Desk
from tests.live import LiveServer

from radiograph.actions.demo import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState

    Open = Callable[..., AbstractContextManager[Page]]

DESK, PHONE = (1440, 900), (390, 844)
LEFT = "net::ERR_ABORTED"
"""What a request says that was still under way when its page was left."""
IMPORT = "/rest/raven/2.0/import/execution"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[LiveServer]:
    """The demonstration."""
    live = LiveServer(copytree(seeded, tmp_path_factory.mktemp("demo") / "data"), "demo")
    yield live
    live.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        made = launch(playwright)
        yield made
        made.close()


@pytest.fixture(scope="session")
def state(browser: Browser, server: LiveServer) -> StorageState:
    """The administrator's session."""
    return signed_in(browser, server.url)


def _is_ours(message: ConsoleMessage) -> bool:
    """A complaint about one of our pages; Chromium's own viewer of pictures complains of the sandbox that evidence is served in."""
    return message.type in {"error", "warning"} and "/attachment/" not in message.location["url"]


@pytest.fixture
def visit(browser: Browser, server: LiveServer, state: StorageState) -> Open:
    """Opens a page, as a context manager; nothing may go wrong in it while it is open."""

    @contextmanager
    def opened(path: str, size: tuple[int, int] = DESK, **options: Any) -> Iterator[Page]:
        options = {"storage_state": state, "reduced_motion": "reduce", "viewport": {"width": size[0], "height": size[1]}} | options
        context = browser.new_context(base_url=server.url, **options)
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda m: wrong.append(m.text) if _is_ours(m) else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("requestfailed", lambda r: wrong.append(f"{r.url} {r.failure}") if r.failure != LEFT else None)
        page.on("response", lambda r: wrong.append(f"{r.url} {r.status}") if r.status >= 400 else None)
        page.goto(path, wait_until="load")
        yield page
        context.close()
        assert wrong == []

    return opened


@pytest.fixture
def desk(server: LiveServer) -> Iterator[Desk]:
    made = Desk(server.url)
    yield made
    made.http.close()


@pytest.fixture
def parcel(desk: Desk) -> int:
    """A run of the Manual Test of five steps."""
    return desk.plan("DEMO-103")[1][0]


@pytest.fixture
def tester(browser: Browser, server: LiveServer, state: StorageState) -> Iterator[BrowserContext]:
    """A context whose network may fail: its console isn't watched."""
    context = browser.new_context(base_url=server.url, storage_state=state, viewport={"width": DESK[0], "height": DESK[1]})
    yield context
    context.close()


@pytest.fixture(scope="session")
def places(server: LiveServer) -> dict[str, str]:
    """The path of a page of every kind."""
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        found = http.get("/rest/api/2/search", params={"jql": "issuetype = 'Test Execution' ORDER BY key DESC", "maxResults": 200}).json()
        execution = next(i["key"] for i in found["issues"] if i["fields"]["summary"].startswith("Nightly"))
        runs = http.get(f"/rest/raven/2.0/api/testexec/{execution}/test").json()
        failed = [r for r in runs if r["status"] == "FAIL"]
        whole = {r["id"]: http.get(f"/rest/raven/2.0/api/testrun/{r['id']}").json() for r in failed}
        data_driven = next(i for i, r in whole.items() if "iterations" in r)
        files = {f["fileName"]: f["id"] for r in whole.values() for f in r.get("evidences", [])}
        shown = next(f["id"] for f in whole[data_driven]["evidences"] if f["fileName"] == "page.png")
        by_hand = {r["key"]: r["id"] for r in http.get("/rest/raven/2.0/api/testexec/DEMO-104/test").json()}
        round_runs = {r["key"]: r["id"] for r in http.get("/rest/raven/2.0/api/testexec/DEMO-1206/test").json()}
    return {
        "projects": "/", "project": "/projects/DEMO", "executions": "/projects/DEMO/executions", "execution": f"/browse/{execution}", "iterations": f"/runs/{data_driven}",
        "steps": f"/runs/{round_runs['DEMO-1207']}", "examples": f"/runs/{round_runs['DEMO-7']}", "generic": "/browse/DEMO-6",
        "manual": "/browse/DEMO-1207", "cucumber": "/browse/DEMO-7", "plan": "/browse/DEMO-100", "story": "/browse/DEMO-2",
        "imports": "/imports", "import": "/imports/1", "round": "/browse/DEMO-1206", "search": "/search?jql=project+%3D+DEMO",
        "plans": "/projects/DEMO/plans", "days": "/browse/DEMO-100?view=progress", "board": "/browse/DEMO-100?view=board",
        "coverage": "/projects/DEMO/coverage", "gap": "/projects/DEMO/coverage?gap=unlinked", "epic": "/browse/DEMO-50",
        "create": "/projects/DEMO/create?type=Test",
        "set": "/browse/DEMO-101", "precondition": "/browse/DEMO-102", "bug": "/browse/DEMO-10", "flaky": "/projects/DEMO/flaky",
        "sharing": "/projects/DEMO/sharing", "mail": "/projects/DEMO/sharing/mail", "report": f"/browse/{execution}/report",
        "by-hand": f"/runs/{by_hand['DEMO-103']}/execute?step=2", "by-hand-iterations": f"/runs/{by_hand['DEMO-105']}/execute",
        "by-hand-outline": f"/runs/{by_hand['DEMO-106']}/execute", "execute-now": "/projects/DEMO/execute?tests=DEMO-101",
        "triage": "/projects/DEMO/triage", "quarantine": "/projects/DEMO/quarantine", "gate": f"/gate?execution={execution}",
        "compare": f"/compare?e=DEMO-1206&e={execution}&show=all",
        "me": "/me", "undo": "/imports/1/undo", "settings": "/projects/DEMO/settings", "new-project": "/projects/create",
        "admin": "/admin", "admin-people": "/admin/people", "admin-tokens": "/admin/tokens", "admin-statuses": "/admin/statuses",
        "admin-workflow": "/admin/workflow", "admin-environments": "/admin/environments", "admin-storage": "/admin/storage", "audit": "/admin/audit",
        "retention": "/projects/DEMO/retention?executions=1&evidence=1",
        "tests": "/projects/DEMO/tests", "edit": "/browse/DEMO-1207/edit", "merge": "/browse/DEMO-6/merge?into=DEMO-1216",
        "split": "/browse/DEMO-1215/split", "image": f"/evidence/{shown}", "log": f"/evidence/{files['worker.log']}",
        "json": f"/evidence/{files['response.json']}", "requests": f"/evidence/{files['network.har']}", "print": f"/runs/{data_driven}?print=1",
    }  # fmt: skip


KINDS = (
    "projects", "project", "executions", "execution", "iterations", "steps", "examples", "generic", "manual", "cucumber", "plan", "story", "plans", "days", "board", "coverage", "gap", "epic", "create", "imports",
    "import", "round", "search", "set", "precondition", "bug", "flaky", "sharing", "mail", "report",
    "me", "undo", "settings", "new-project", "retention", "admin", "admin-people", "admin-tokens", "admin-statuses", "admin-workflow",
    "admin-environments", "admin-storage", "audit",
    "by-hand", "by-hand-iterations", "by-hand-outline", "execute-now",
    "tests", "edit", "merge", "split",
    "triage", "quarantine", "gate", "compare",
    "image", "log", "json", "requests", "print",
)  # fmt: skip
