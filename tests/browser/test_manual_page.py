# SPDX-License-Identifier: Apache-2.0
"""The page of manual execution under the hands: its keys, its links, and what is being written on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.browser.chromium import follow, sign_in
from tests.browser.desk import PICTURE, at, saved
from tests.live import done

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from tests.browser.conftest import Open
    from tests.browser.desk import Desk
    from tests.live import LiveServer


def test_a_viewer_sees_of_each_step_what_came_of_that_step(browser: Browser, server: LiveServer, desk: Desk) -> None:
    _, (parcel, data) = desk.plan("DEMO-103", "DEMO-105")
    results = [{"id": -1, "comment": "of the first", "status": "FAIL"}, {"id": -2, "comment": "of the second", "status": "PASS"}]
    desk.http.put(f"/rest/raven/2.0/api/testrun/{parcel}", json={"steps": results})
    done("user", "add", "vera", "--password", "vera", "--role", "DEMO=viewer", "--data", str(server.data))
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    sign_in(context, "vera", "vera")
    at(page, parcel, "?step=1")
    expect(page.locator("[data-focus]")).to_contain_text("of the first")
    for link in (page.locator("[data-rail] a").nth(1), page.locator('[data-step="-1"]'), page.locator('[data-step="1"]')):
        follow(page, link)
    page.wait_for_selector("[data-ready]")
    expect(page.locator("[data-title]")).to_have_text("Step 2 of 5")
    expect(page.locator("[data-focus]")).to_contain_text("of the second")
    at(page, data)
    with page.expect_navigation(wait_until="load"):
        page.locator("[data-scope]").select_option("2")
    expect(page.locator("[data-values]")).to_contain_text("master")
    context.close()


def test_the_key_s_finishes_where_another_run_is_left(visit: Open, desk: Desk) -> None:
    _, (first, _) = desk.plan("DEMO-103", "DEMO-6")
    with visit(f"/runs/{first}/execute") as page:
        page.wait_for_selector("[data-ready]")
        for key in "pnpnpnpnp":
            page.keyboard.press(key)
        page.keyboard.press("s")
        expect(page.locator("[data-finish]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("[data-next]")).to_be_visible()
        page.keyboard.press("s")
        expect(page.locator("[data-next]")).to_be_focused()


def test_on_a_row_of_examples_the_keys_lead_to_the_fields_of_the_run(visit: Open, desk: Desk) -> None:
    _, (outline,) = desk.plan("DEMO-7")
    with visit(f"/runs/{outline}/execute?example=2") as page:
        page.wait_for_selector("[data-ready]")
        page.keyboard.press("c")
        expect(page.locator("[name=run-comment]")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("d")
        expect(page.locator("[name=run-defect]")).to_be_focused()


def test_cells_of_a_spreadsheet_are_pasted_as_their_text(visit: Open, parcel: int) -> None:
    with visit(f"/runs/{parcel}/execute") as page:
        page.wait_for_selector("[data-ready]")
        page.keyboard.press("c")
        is_ours = page.evaluate(
            """(bytes) => { const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
            data.setData("text/plain", "12\\t13");
            return document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })) }""",
            list(PICTURE),
        )
        assert is_ours  # the browser goes on and pastes the text
        expect(page.locator(".one-file")).to_have_count(0)


def test_a_report_that_is_being_written_waits_while_another_step_is_looked_at(visit: Open, parcel: int) -> None:
    with visit(f"/runs/{parcel}/execute?step=2") as page:
        page.wait_for_selector("[data-ready]")
        page.get_by_text("Report a new defect").click()
        page.get_by_label("Summary").fill("Seen in the second step")
        page.locator("[data-rail] a").first.click()
        expect(page.get_by_label("Summary")).to_have_value(re.compile(": step 1 fails$"))
        page.locator("[data-rail] a").nth(1).click()
        expect(page.get_by_label("Summary")).to_have_value("Seen in the second step")


def test_the_iterations_tell_their_status_as_it_becomes(visit: Open, desk: Desk) -> None:
    _, (data,) = desk.plan("DEMO-105")
    with visit(f"/runs/{data}/execute?iteration=2") as page:
        page.wait_for_selector("[data-ready]")
        for key in "pnpnp":
            page.keyboard.press(key)
        expect(page.locator("[data-scope] option:checked")).to_have_text(re.compile(r"^2: .*\(PASS\)$"))
        saved(page)
        expect(page.locator("[data-scope] option").first).to_have_text(re.compile(r"\(TODO\)$"))


def test_a_step_opens_in_another_tab_where_that_is_asked_for(tester: BrowserContext, parcel: int) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    with tester.expect_page() as opened:
        page.locator("[data-rail] a").nth(2).click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("[data-title]")).to_have_text("Step 3 of 5")
    expect(page.locator("[data-title]")).to_have_text("Step 1 of 5")


def test_the_focus_goes_to_the_step_where_what_had_it_disappears(visit: Open, parcel: int) -> None:
    with visit(f"/runs/{parcel}/execute?step=4") as page:
        page.wait_for_selector("[data-ready]")
        page.locator('[data-step="1"]').press("Enter")
        expect(page.locator("[data-title]")).to_have_text("Step 5 of 5")
        expect(page.locator("#focus")).to_be_focused()
