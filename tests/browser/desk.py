# SPDX-License-Identifier: Apache-2.0
"""Rounds that are executed by hand: planned and looked at by a script, opened in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
from playwright.sync_api import expect
from tests.browser.chromium import sign_in

from radiograph.actions.demo import TOKEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005000186a06c6d0000000049454e44ae426082"
)


def picture(name: str) -> FilePayload:
    """A file as a person chooses it."""
    return {"name": name, "mimeType": "image/png", "buffer": PICTURE}


class Desk:
    """The server as a script sees it: it plans rounds, and looks at what came of them."""

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)

    def plan(self, *tests: str) -> tuple[str, list[int]]:
        """A new execution of these Tests: its key, and its runs."""
        fields = {"project": {"key": "DEMO"}, "issuetype": {"name": "Test Execution"}, "summary": "A round by hand"}
        key = self.http.post("/rest/api/2/issue", json={"fields": fields}).json()["key"]
        assert self.http.post(f"/rest/raven/2.0/api/testexec/{key}/test", json={"add": list(tests)}).json() == []
        runs = {r["key"]: r["id"] for r in self.http.get(f"/rest/raven/2.0/api/testexec/{key}/test").json()}
        return key, [runs[t] for t in tests]

    def state(self, run: int) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"/api/testrun/{run}/execution").json()
        return found

    def history(self, run: int) -> list[tuple[str, str, str]]:
        found = self.http.get(f"/rest/raven/2.0/api/testrun/{run}/history").json()
        return [(c["field"], c["before"], c["after"]) for c in found]

    def statuses(self, run: int, iteration: int = 0) -> list[str]:
        state = self.state(run)
        return [state["results"].get(f"{iteration}/{i + 1}", {"status": "TODO"})["status"] for i in range(len(state["steps"]))]


def at(page: Page, run: int, query: str = "") -> Page:
    """The page of a run, its script at work."""
    page.goto(f"/runs/{run}/execute{query}")
    page.wait_for_selector("[data-ready]")
    return page


def ana_at(browser: Browser, url: str, run: int, query: str) -> Page:
    """The same in a browser of her own, where Ana signed in."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    sign_in(context, "ana", "ana")
    return at(page, run, query)


def saved(page: Page) -> None:
    expect(page.locator("[data-kept]")).to_have_text("All saved", timeout=30_000)
