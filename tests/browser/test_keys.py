# SPDX-License-Identifier: Apache-2.0
"""Everything by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Open

# A group of radio buttons is one stop; the arrows move inside it.
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(e => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }) && !e.closest("dialog:not([open])"))
  .filter(e => e.type !== "radio" || e.checked || !document.querySelector(`input[name="${e.name}"]:checked`))"""

WATCH = f"""() => {{
  window.left = new Set(({REACHABLE})());
  window.unseen = [];
  document.addEventListener("focusin", ({{ target }}) => {{
    left.delete(target);
    if (getComputedStyle(target).outlineStyle === "none") unseen.push(target.outerHTML.slice(0, 120));
  }});
  return left.size;
}}"""
"""Takes notice of what gets the focus, and of what gets it without a mark; how much can get it."""


def active(page: Page) -> str:
    """What has the focus: its text."""
    return str(page.evaluate("() => document.activeElement.textContent.trim()"))


DATE_PARTS = 3
"""How many more stops a date's field has: its day, month and year, and its calendar."""


@pytest.mark.parametrize("kind", KINDS)
def test_tab_reaches_everything_and_the_focus_is_always_seen(visit: Open, places: dict[str, str], kind: str) -> None:
    with visit(places[kind]) as page:
        many = page.evaluate(WATCH)
        for _ in range(many + page.locator("input[type=date]").count() * DATE_PARTS + 2):
            page.keyboard.press("Tab")
        assert page.evaluate("() => unseen") == []
        assert page.evaluate("() => [...left].map(e => e.outerHTML.slice(0, 120))") == []


def test_j_and_k_go_through_the_failures_of_a_list(visit: Open, places: dict[str, str]) -> None:
    with visit(places["execution"]) as page:
        keys = page.locator("tr:has(.c-status .is-fail) td.c-key a").all_inner_texts()
        walked = []
        for _ in keys:
            page.keyboard.press("j")
            walked.append(active(page))
        assert walked == keys
        page.keyboard.press("k")
        assert active(page) == keys[-2]
        page.keyboard.press("Enter")
        expect(page.locator(".verdict .word")).to_have_text("FAIL")


def test_j_and_k_go_to_the_next_and_previous_failure_of_a_run(visit: Open, places: dict[str, str]) -> None:
    with visit(places["iterations"]) as page:
        here, following = page.url, page.locator("[data-go=next] .key").inner_text()
        page.keyboard.press("j")
        expect(page.locator(".crumbs")).to_contain_text(following)
        page.wait_for_load_state("load")
        page.keyboard.press("k")
        expect(page).to_have_url(here)


def test_the_slash_searches_and_escape_leaves_the_field(visit: Open, places: dict[str, str]) -> None:
    with visit(places["execution"]) as page:
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("j?fk")
        expect(page.get_by_role("searchbox")).to_have_value("j?fk")
        page.keyboard.press("Escape")
        expect(page.get_by_role("searchbox")).not_to_be_focused()
        page.keyboard.press("f")
        expect(page.locator(".chip:focus")).to_contain_text("FAIL")


def test_where_a_page_has_no_search_the_slash_leads_to_the_one_at_its_head(visit: Open, places: dict[str, str]) -> None:
    with visit(places["project"]) as page:
        page.keyboard.press("/")
        page.keyboard.type("DEMO-7")
        page.keyboard.press("Enter")
        page.wait_for_url("**/browse/DEMO-7")
        page.keyboard.press("/")
        page.keyboard.type("type = Bug")
        page.keyboard.press("Enter")
        expect(page.locator(".found")).to_contain_text("Payment times out")


def test_o_opens_the_evidence(visit: Open, places: dict[str, str]) -> None:
    with visit(places["iterations"]) as page:
        page.keyboard.press("o")
        page.wait_for_url("**/evidence/*")


def test_the_question_mark_shows_the_keys_and_escape_closes_them(visit: Open, places: dict[str, str]) -> None:
    with visit(places["project"]) as page:
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_be_visible()
        page.keyboard.press("j")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.get_by_role("button", name="Keys").click()
        expect(dialog).to_be_visible()


def test_the_keys_go_on_from_the_row_whose_box_was_ticked(visit: Open, places: dict[str, str]) -> None:
    with visit(places["execution"]) as page:
        failures = page.locator("tr[data-run]:has([data-failure])")
        failures.nth(1).locator("input").check()
        page.keyboard.press("j")
        assert active(page) == failures.nth(2).locator("[data-failure]").inner_text()


@pytest.mark.parametrize(("field", "press"), [("defect", "link"), ("summary", "bug"), ("assignee", "assign")])
def test_enter_in_a_field_of_the_triage_presses_the_button_of_that_field(
    visit: Open, places: dict[str, str], field: str, press: str
) -> None:
    with visit(places["triage"]) as page:
        page.route("**/triage*", lambda route: route.fulfill(body="<p>taken</p>", content_type="text/html"))
        with page.expect_request(lambda r: r.method == "POST") as sent:
            page.locator(f"[name={field}]").press("Enter")
        page.get_by_text("taken").wait_for()
        assert f"do={press}" in (sent.value.post_data or "")


def test_enter_in_the_triage_does_nothing_by_itself_without_scripts(visit: Open, places: dict[str, str]) -> None:
    with visit(places["triage"], java_script_enabled=False) as page:
        page.route("**/triage*", lambda route: route.fulfill(body="<p>taken</p>", content_type="text/html"))
        with page.expect_request(lambda r: r.method == "POST") as sent:
            page.locator("[name=summary]").press("Enter")
        page.get_by_text("taken").wait_for()
        assert "do=&" in f"{sent.value.post_data}&"
