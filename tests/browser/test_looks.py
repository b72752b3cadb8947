# SPDX-License-Identifier: Apache-2.0
"""How every page holds up: light and dark, desk and phone, without jumps, for every reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.browser.conftest import DESK, KINDS, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Open

THEMES = ("light", "dark")
WHOLE: list[str] = []
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that a theme can break: the others look at what a page is made of."""
SLOW = {"offline": False, "latency": 5, "downloadThroughput": 40_000, "uploadThroughput": 1_000_000}
SHIFTS = """() => new Promise(done => {
  let total = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) total += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  scrollTo(0, document.body.scrollHeight);
  setTimeout(() => done(total), 150);
})"""


def problems(page: Page, rules: list[str] = WHOLE) -> list[Any]:
    """What axe finds by these rules (none named: by all), short enough to read."""
    page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]


def too_wide(page: Page) -> list[str]:
    """What sticks out of the window, when the document scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 90))"""
    )
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_loads_without_a_jump_fits_and_is_accessible_in_both_themes(
    visit: Open, places: dict[str, str], kind: str, size: tuple[int, int]
) -> None:
    with visit(places[kind], size, color_scheme="light", has_touch=size is PHONE, is_mobile=size is PHONE) as page:
        assert page.evaluate(SHIFTS) < 0.001
        assert too_wide(page) == []
        assert problems(page) == []
        page.emulate_media(color_scheme="dark")
        assert problems(page, COLOURS) == []


@pytest.mark.parametrize("kind", ["project", "imports"])
def test_nothing_jumps_while_a_long_page_arrives_in_pieces(visit: Open, places: dict[str, str], kind: str) -> None:
    with visit("/api-docs") as page:  # keeps the stylesheet at hand: it isn't what is slow
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        page.goto(places[kind], wait_until="load")
        assert page.evaluate(SHIFTS) < 0.001


@pytest.mark.parametrize("width", [320, 700, 701, 1100, 3840])
def test_pages_fit_at_every_width(visit: Open, places: dict[str, str], width: int) -> None:
    for kind in ("project", "execution", "iterations", "steps", "imports", "import", "search"):
        with visit(places[kind], (width, 900)) as page:
            assert too_wide(page) == [], kind


@pytest.mark.parametrize("theme", THEMES)
def test_opened_parts_and_the_help_are_accessible(visit: Open, places: dict[str, str], theme: str) -> None:
    with visit(places["iterations"], color_scheme=theme) as page:
        for summary in page.locator("summary").all():
            summary.click()
        assert problems(page) == []
        page.keyboard.press("?")
        assert problems(page) == []


def test_every_row_has_one_height(visit: Open, places: dict[str, str]) -> None:
    for touch, least in ((False, 32), (True, 44)):
        with visit(places["execution"], DESK, has_touch=touch, is_mobile=touch) as page:
            heights = set(page.locator("tr[data-run]").evaluate_all("rows => rows.map(r => Math.round(r.getBoundingClientRect().height))"))
            assert len(heights) == 1
            assert least <= heights.pop() <= least + 1


def test_on_a_phone_a_row_is_two_lines(visit: Open, places: dict[str, str]) -> None:
    with visit(places["execution"], PHONE) as page:
        heights = page.locator("tr[data-run]").evaluate_all("rows => rows.map(r => r.getBoundingClientRect().height)")
        assert max(heights) < 64
        assert page.locator(".rows thead").bounding_box() is not None


def test_the_theme_follows_the_system_until_the_reader_chooses_and_is_kept(visit: Open, places: dict[str, str]) -> None:
    def paper(page: Page) -> str:
        return str(page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor"))

    with visit(places["project"], color_scheme="light") as page:
        assert paper(page) == "rgb(252, 252, 250)"
        page.emulate_media(color_scheme="dark")
        assert paper(page) == "rgb(22, 22, 20)"
        switch = page.locator("[data-theme-switch]")
        switch.click()
        assert (switch.get_attribute("title"), paper(page)) == ("Theme: light", "rgb(252, 252, 250)")
        page.reload()
        assert paper(page) == "rgb(252, 252, 250)"
        switch.click()
        assert (switch.get_attribute("title"), paper(page)) == ("Theme: dark", "rgb(22, 22, 20)")
        switch.click()
        assert switch.get_attribute("title") == "Theme: as the system"


def test_exact_times_are_told_in_the_readers_zone(visit: Open, places: dict[str, str]) -> None:
    with visit(places["import"], timezone_id="Asia/Tokyo", locale="en-GB") as page:
        time = page.locator(".facts time").first
        assert "GMT+9" in str(time.get_attribute("title"))
        assert str(time.get_attribute("datetime")).endswith("+00:00")


def test_paper_has_dark_text_whatever_theme_was_chosen(visit: Open, places: dict[str, str]) -> None:
    for kind, media in (("report", "print"), ("iterations", "print"), ("print", "screen")):
        with visit(places[kind]) as page:
            page.evaluate("document.documentElement.dataset.theme = 'dark'")
            page.emulate_media(media="print" if media == "print" else "screen", color_scheme="dark")
            assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 29, 27)"
