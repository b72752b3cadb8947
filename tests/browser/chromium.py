# SPDX-License-Identifier: Apache-2.0
"""The Chromium that is installed here, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, StorageState

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]  # fmt: skip


def launch(playwright: Playwright) -> Browser:
    """A browser without a window; RADIOGRAPH_CHROMIUM names another one than the first that is found."""
    found = os.environ.get("RADIOGRAPH_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert found is not None, "There is no Chromium; name one with RADIOGRAPH_CHROMIUM."
    return playwright.chromium.launch(executable_path=found, args=_QUIET)


def signed_in(browser: Browser, url: str) -> StorageState:
    """The cookies of the demonstration's administrator."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    sign_in(context, "admin", "admin")
    state = context.storage_state()
    page.close()
    context.close()
    return state


def sign_in(context: BrowserContext, name: str, password: str) -> None:
    """Fill in the form in the context's first page."""
    page = context.pages[0]
    page.goto("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and wait until that is there whole."""
    with page.expect_navigation(wait_until="load"):
        link.click()
