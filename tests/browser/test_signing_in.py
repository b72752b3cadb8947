# SPDX-License-Identifier: Apache-2.0
"""Signing in and out, with and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, StorageState
    from tests.browser.conftest import Open
    from tests.live import LiveServer


@pytest.mark.parametrize("scripts", ["with", "without"])
def test_who_signs_in_comes_to_the_page_that_was_wanted_with_its_filters(visit: Open, places: dict[str, str], scripts: str) -> None:
    wanted = f"{places['execution']}?status=PASS&q=card"
    with visit(wanted, storage_state=None, java_script_enabled=scripts == "with") as page:
        page.get_by_label("Name").fill("admin")
        page.get_by_label("Password").fill("admin")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{wanted}")
        expect(page.get_by_role("searchbox")).to_have_value("card")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.goto("/projects/DEMO")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_is_told_and_the_name_is_kept(browser: Browser, server: LiveServer) -> None:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name")).to_have_value("ana")
    expect(page.get_by_label("Password")).to_have_value("")
    context.close()


def test_a_missing_page_says_so_and_offers_what_was_meant(browser: Browser, server: LiveServer, state: StorageState) -> None:
    context = browser.new_context(base_url=server.url, storage_state=state)
    page = context.new_page()
    answer = page.goto("/browse/DEMO-12006")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    page.get_by_role("link", name="DEMO-1206").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Manual round for v1.3")
    context.close()
