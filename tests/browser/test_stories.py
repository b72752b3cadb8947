# SPDX-License-Identifier: Apache-2.0
"""What readers come for: each page's story, by clicking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import follow

if TYPE_CHECKING:
    from tests.browser.conftest import Open

READING = ["with", "without"]
"""With and without JavaScript: everything that reads works in both."""


@pytest.mark.parametrize("scripts", READING)
def test_from_the_projects_to_the_cause_of_a_new_failure(visit: Open, scripts: str) -> None:
    with visit("/", java_script_enabled=scripts == "with") as page:
        follow(page, page.get_by_role("link", name="DEMO", exact=True))
        expect(page.get_by_role("heading", level=1)).to_have_text("Demonstration")
        follow(page, page.get_by_role("link", name="Executions", exact=True))
        follow(page, page.get_by_role("row").filter(has_text="Nightly").first.get_by_role("link").first)
        sentence = page.locator(".sentence").first
        expect(sentence).to_contain_text("since DEMO-")
        expect(sentence).to_contain_text("of 40 passed in")
        follow(page, sentence.get_by_role("link", name="new failures"))
        rows = page.locator("tr[data-run]")
        assert rows.count() == page.locator("td.c-new .tag", has_text="new").count() > 0
        follow(page, rows.filter(has_text="Catalogue compares").get_by_role("link").first)
        expect(page.locator(".verdict")).to_contain_text("FAIL")
        expect(page.locator(".verdict")).to_contain_text("It did not fail in DEMO-")
        expect(page.locator("pre.trace").first).to_contain_text("AssertionError")


@pytest.mark.parametrize("scripts", READING)
def test_the_runs_of_an_execution_are_filtered_by_status_and_searched(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["execution"], java_script_enabled=scripts == "with") as page:
        first = page.locator("tbody tr .word")
        assert first.first.inner_text() == "FAIL"
        follow(page, page.locator(".filters").get_by_role("link", name="PASS"))
        assert set(first.all_inner_texts()) == {"PASS"}
        expect(page.locator(".chip[aria-current]")).to_contain_text("PASS")
        page.get_by_role("searchbox").fill("basket")
        follow(page, page.get_by_role("button", name="Search"))
        assert "status=PASS" in page.url
        assert all("asket" in text for text in page.locator("td.c-summary").all_inner_texts())
        page.get_by_role("searchbox").fill("nothing like this")
        follow(page, page.get_by_role("button", name="Search"))
        follow(page, page.get_by_role("link", name="Show all 40"))
        expect(first).to_have_count(40)


def test_a_part_of_the_bar_leads_to_its_runs(visit: Open, places: dict[str, str]) -> None:
    with visit(places["execution"]) as page:
        follow(page, page.locator("svg.wide a").first)
        assert page.url.endswith("?status=FAIL")
        assert set(page.locator("tbody .word").all_inner_texts()) == {"FAIL"}


@pytest.mark.parametrize("scripts", READING)
def test_a_manual_run_shows_what_was_expected_beside_what_came(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["steps"], java_script_enabled=scripts == "with") as page:
        failed = page.locator("table.steps tr.failed")
        expect(failed.locator("td[data-name=Expected]")).to_have_text("200, and a thank-you page")
        expect(failed.locator("td[data-name=Actual]")).to_contain_text("An error page")
        picture = failed.locator("img")
        picture.scroll_into_view_if_needed()
        if scripts == "with":
            page.wait_for_function("() => document.querySelector('tr.failed img').naturalWidth === 640")
        expect(page.get_by_role("link", name="DEMO-11")).to_be_visible()


@pytest.mark.parametrize("scripts", READING)
def test_iterations_open_to_their_steps_and_log(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["iterations"], java_script_enabled=scripts == "with") as page:
        assert page.locator("[aria-labelledby=iterations] .head span").all_inner_texts() == ["#", "Status", "browser", "locale"]
        failed = page.locator("[aria-labelledby=iterations] details.failed")
        expect(failed.locator("pre")).to_be_hidden()
        failed.locator("summary").click()
        expect(failed.locator("pre")).to_contain_text("price 39.90, expected 34.90")
        expect(failed.locator("tr.failed td[data-name=Actual]")).to_contain_text("39.90")


def test_examples_stand_under_the_outlines_names(visit: Open, places: dict[str, str]) -> None:
    with visit(places["examples"]) as page:
        assert page.locator("table.examples th").all_inner_texts() == ["#", "Status", "first", "second", "sum"]
        assert page.locator("table.examples .word").all_inner_texts() == ["PASS", "PASS", "PASS", "FAIL", "TODO"]
        assert page.locator("table.examples tr.failed td.key").all_inner_texts() == ["10", "90", "100"]


@pytest.mark.parametrize("scripts", READING)
def test_a_run_has_its_evidence_in_place_and_its_attempts(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["iterations"], java_script_enabled=scripts == "with") as page:
        assert page.locator("[aria-labelledby=evidence] figcaption a").all_inner_texts() == ["page.png", "server.log"]
        expect(page.locator("[aria-labelledby=evidence] pre.lines span").first).to_have_text("0000 GET /shop/0 503")
        attempt = page.locator(".attempts > details")
        attempt.locator("summary").first.click()
        expect(attempt.locator(".prose pre").first).to_contain_text("AssertionError")
        expect(attempt.locator("figcaption a")).to_have_text(["page.png", "server.log"])
        expect(page.get_by_role("link", name="ci.example/shop")).to_have_attribute("rel", "noreferrer")


def test_the_strip_leads_from_run_to_run_of_the_same_test(visit: Open, places: dict[str, str]) -> None:
    with visit(places["iterations"]) as page:
        name, cells = page.get_by_role("heading", level=1).inner_text(), page.locator(".strip").first.locator("a")
        expect(page.locator(".strip").first.locator("[aria-current=page]")).to_have_count(1)
        follow(page, cells.nth(3))
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.locator(".verdict .word")).to_have_text("PASS")


@pytest.mark.parametrize("scripts", READING)
def test_a_test_tells_its_definition_and_its_history(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["cucumber"], java_script_enabled=scripts == "with") as page:
        expect(page.locator("pre").first).to_contain_text("Scenario Outline: Adding two numbers")
        expect(page.get_by_role("link", name="Split")).to_be_visible()
        page.goto(places["manual"])
        assert page.locator("table.steps tbody td[data-name=Action]").all_inner_texts() == ["Open the basket", "Pay"]
        page.goto(places["iterations"])
        follow(page, page.locator(".crumbs a").last)
        expect(page.locator(".sentence")).to_contain_text(re.compile("Failing on .+ since DEMO-"))
        expect(page.locator("table.history tbody tr")).to_have_count(40)


def test_imports_tell_what_was_stored_and_what_was_refused(visit: Open) -> None:
    with visit("/imports") as page:
        refused = page.get_by_role("row").filter(has_text="No execution results")
        expect(refused).to_contain_text("refused")
        if not page.get_by_role("row").filter(has_text="partial").count():  # retries of some days fill the first page
            follow(page, page.get_by_role("link", name="Older imports"))
        follow(page, page.get_by_role("row").filter(has_text="partial").get_by_role("link").first)
        expect(page.locator(".sentence")).to_contain_text("1 of them refused")
        expect(page.locator(".texts")).to_contain_text("DEMO-9999")
        expect(page.locator(".hash")).to_have_text(re.compile(r"[0-9a-f]{64}"))
        assert "evidence" in page.locator("table.phases td.c-key").all_inner_texts()


@pytest.mark.parametrize("scripts", READING)
def test_a_bug_tells_what_is_known_of_it(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["bug"], java_script_enabled=scripts == "with") as page:
        expect(page.locator(".facts")).to_contain_text("Reporter Administrator")
        links = page.get_by_role("region", name="Links").get_by_role("listitem")
        expect(links).to_have_text([re.compile("^blocks DEMO-2 Pay with a saved card"), re.compile("^relates to DEMO-11 ")])
        expect(page.get_by_role("region", name="Comments")).to_contain_text("second factor")
        expect(page.get_by_role("region", name="Files").get_by_role("link")).to_have_text("payment.log")
        change = page.get_by_role("region", name="History").get_by_role("listitem").filter(has_text="priority")
        expect(change).to_be_hidden()
        page.get_by_role("region", name="History").locator("summary").click()
        expect(change).to_contain_text("priority: Medium → High")
        follow(page, page.get_by_role("region", name="Runs that").locator("td.c-key a").first)
        expect(page.locator(".verdict")).to_contain_text("FAIL")
        expect(page.get_by_role("link", name="DEMO-10", exact=True).first).to_be_visible()


def test_a_set_and_a_precondition_list_their_tests_with_their_latest_status(visit: Open, places: dict[str, str]) -> None:
    with visit(places["set"]) as page:
        tests = page.get_by_role("region", name="Tests")
        assert tests.locator("td.c-key a").all_inner_texts() == ["DEMO-7", "DEMO-1207", "DEMO-6"]
        assert tests.locator(".word").all_inner_texts() == ["FAIL", "FAIL", "TODO"]
        page.goto(places["precondition"])
        expect(page.get_by_role("region", name="Condition")).to_contain_text("two articles in the basket")
        assert set(page.get_by_role("region", name="Tests").locator("td.c-key a").all_inner_texts()) == {"DEMO-7", "DEMO-1207"}


def test_a_story_shows_the_tests_that_cover_it(visit: Open, places: dict[str, str]) -> None:
    with visit(places["story"]) as page:
        expect(page.locator(".facts")).to_contain_text("Coverage NOK")
        follow(page, page.get_by_role("region", name="Tests that cover it").get_by_role("link", name="DEMO-1207"))
        expect(page.get_by_role("region", name="Dataset").locator("tbody tr")).to_have_count(3)
        expect(page.get_by_role("region", name="Links")).to_contain_text("tests DEMO-2")
