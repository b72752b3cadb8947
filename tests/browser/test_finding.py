# SPDX-License-Identifier: Apache-2.0
"""The field above every page, by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Open


def test_what_is_typed_is_found_chosen_by_arrows_and_opened(visit: Open) -> None:
    with visit("/") as page:
        page.keyboard.press("/")
        field = page.get_by_role("combobox", name="Find anything")
        expect(field).to_be_focused()
        page.keyboard.type("saved card")
        options = page.get_by_role("option")
        expect(options.first).to_be_visible()
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_have_count(1)
        assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        key = chosen.locator(".key").inner_text()
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")
        assert page.url.endswith(f"/browse/{key}")


def test_escape_closes_what_was_found_and_enter_alone_searches(visit: Open) -> None:
    with visit("/") as page:
        field = page.get_by_role("combobox", name="Find anything")
        field.fill("basket")
        field.press("End")
        page.keyboard.type("s")
        page.keyboard.press("Backspace")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(field).to_be_focused()
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")
        assert "/search?jql=basket" in page.url


def test_without_scripts_the_field_is_a_form_that_finds_environments_too(visit: Open) -> None:
    with visit("/", java_script_enabled=False) as page:
        page.get_by_role("textbox", name="Find anything").fill("Firefox")
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("textbox", name="Find anything").press("Enter")
        with page.expect_navigation(wait_until="load"):
            page.get_by_role("link", name="Firefox", exact=True).click()
        assert page.url.endswith("/projects/DEMO/executions?environment=Firefox")
        assert all("Firefox" in text for text in page.locator("td.c-environments").all_inner_texts())


def test_what_was_chosen_for_another_text_is_not_opened(visit: Open) -> None:
    with visit("/") as page:
        page.keyboard.press("/")
        page.keyboard.type("saved card")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
        with page.expect_navigation(wait_until="load"):
            page.keyboard.type("zz")
            page.keyboard.press("Enter")
        assert "/search?jql=saved" in page.url
