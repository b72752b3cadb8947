# SPDX-License-Identifier: Apache-2.0
"""Take the pictures of the documentation from a fresh demonstration: `python -m scripts.screenshots [FOLDER]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from playwright.sync_api import sync_playwright
from tests.browser.chromium import launch, signed_in
from tests.live import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, StorageState

FOLDER = Path("docs/screenshots")
QUERY = "project = DEMO AND issue in testPlanTests(DEMO-100) OR type = Bug ORDER BY key"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True, "is_mobile": True},
}


def places(page: Page) -> dict[str, str]:
    """The paths of the pages to show: the newest execution, and a failure of it that has iterations."""
    page.goto("/projects/DEMO/executions")
    execution = str(page.locator("td.c-key a").first.get_attribute("href"))
    page.goto(f"{execution}?q=compares")
    run = str(page.locator("td.c-key a").first.get_attribute("href"))
    page.goto(run)
    image = str(page.locator("[data-evidence]").first.get_attribute("href"))
    test = str(page.locator(".crumbs a").last.get_attribute("href"))
    page.goto("/browse/DEMO-104/execute")
    by_hand = page.url
    page.goto("/imports")
    record = str(page.locator("tr:has(.c-runs:text-is('40')) td.c-key a").first.get_attribute("href"))
    return {
        "project": "/projects/DEMO", "executions": "/projects/DEMO/executions", "execution": execution, "run": run, "test": test, "import": record, "search": f"/search?jql={quote(QUERY)}",
        "manual-test": "/browse/DEMO-1207", "plan": "/browse/DEMO-100", "bug": "/browse/DEMO-10", "flaky": "/projects/DEMO/flaky", "sharing": "/projects/DEMO/sharing", "report": f"{execution}/report", "by-hand": by_hand,
        "triage": "/projects/DEMO/triage", "gate": f"/gate?execution={execution.rpartition('/')[2]}", "compare": "/compare?project=DEMO",
        "burn-up": "/browse/DEMO-100?view=progress", "coverage": "/projects/DEMO/coverage",
        "tests": "/projects/DEMO/tests", "image": image,
        "account": "/me", "undo": f"{record}/undo", "settings": "/projects/DEMO/settings", "retention": "/projects/DEMO/retention?executions=1",
        "admin-people": "/admin/people", "admin-statuses": "/admin/statuses",
    }  # fmt: skip


def shoot(browser: Browser, state: StorageState, url: str, folder: Path) -> None:
    """Write a picture of each place in each look."""
    context = browser.new_context(base_url=url, storage_state=state)
    wanted = places(context.new_page())
    context.close()
    for look, options in LOOKS.items():
        context = browser.new_context(
            base_url=url, storage_state=state, timezone_id="UTC", locale="en-GB", reduced_motion="reduce", **options
        )
        page = context.new_page()
        for name, path in wanted.items():
            page.goto(path, wait_until="load")
            page.screenshot(path=folder / f"{name}-{look}.png")
        context.close()


def main(folder: Path) -> None:
    """Start the demonstration, take the pictures, stop it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        server = LiveServer(Path(temporary) / "data", "demo")
        browser = launch(playwright)
        try:
            shoot(browser, signed_in(browser, server.url), server.url, folder)
        finally:
            browser.close()
            server.stop()
    total = sum(f.stat().st_size for f in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} pictures, {total / 1e6:.1f} MB in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
