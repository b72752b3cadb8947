# SPDX-License-Identifier: Apache-2.0
"""The walk of docs/how-to/nightly-is-red.md: from the mail to the defect, by as many clicks as the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.browser.chromium import follow

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.browser.conftest import Open

PAGE = Path("docs/how-to/nightly-is-red.md")


class Walker:
    """A reader before a page, who counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 1
        """The link in the mail."""

    def follow(self, link: Locator) -> None:
        """Click what leads to another page."""
        self.clicks += 1
        follow(self.page, link)

    def tick(self, box: Locator) -> None:
        """Click a box."""
        self.clicks += 1
        box.check()


def test_the_nightly_is_red_from_the_mail_to_the_defect(visit: Open, places: dict[str, str]) -> None:
    with visit(f"{places['execution']}?new=1") as page:
        walker = Walker(page)
        expect(page.locator(".sentence").first).to_contain_text("new failure")
        walker.follow(page.locator("tbody tr").filter(has_text="Catalogue compares").get_by_role("link").first)
        expect(page.locator(".verdict")).to_contain_text("It did not fail in DEMO-")
        expect(page.locator("pre.trace").first).to_contain_text("expected 200, got 503")
        page.go_back()  # a key, no click
        walker.follow(page.get_by_role("link", name="Triage").last)
        group = page.locator("input[type=checkbox][name=group]").first
        walker.tick(group)
        page.get_by_label("Summary").fill("The shop answers 503")
        walker.follow(page.get_by_role("button", name="Report and link"))
        said = page.get_by_role("status").first
        expect(said).to_contain_text("DEMO-")
        told = re.search(r"\*\*(\d+) clicks\*\*", PAGE.read_text("utf-8"))
        assert told is not None
        assert walker.clicks == int(told[1])
