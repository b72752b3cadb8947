# SPDX-License-Identifier: Apache-2.0
"""What who leads a release comes for: how far the plan is, what is left, where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import follow

from radiograph.actions.demo import TOKEN

if TYPE_CHECKING:
    from tests.browser.conftest import Open

READING = ("with", "without")


@pytest.mark.parametrize("scripts", READING)
def test_a_project_lists_its_plans_with_how_far_they_are(visit: Open, scripts: str) -> None:
    with visit("/projects/DEMO/plans", java_script_enabled=scripts == "with") as page:
        row = page.locator("table.plans tbody tr").filter(has_text="DEMO-100")
        expect(row.locator(".c-said")).to_have_text(re.compile(r"^\d+ done, \d+ left$"))
        follow(page, row.get_by_role("link", name="DEMO-100"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Release v1.3")


@pytest.mark.parametrize("scripts", READING)
def test_a_plan_opens_with_one_sentence_whose_numbers_lead_to_their_tests(visit: Open, scripts: str) -> None:
    with visit("/browse/DEMO-100", java_script_enabled=scripts == "with") as page:
        sentence = page.locator(".sentence")
        expect(sentence).to_have_text(re.compile(r"^\d+ of 43 Tests have a final result; \d+ fail.*; \d+ have not run\.$"))
        failed = int(page.locator(".sentence a").first.inner_text().split()[0])
        follow(page, page.locator(".sentence a").first)
        expect(page.locator("table.plan-tests tbody tr")).to_have_count(failed)
        page.go_back()
        follow(page, sentence.get_by_role("link", name="have not run"))
        assert set(page.locator("table.plan-tests .word").all_inner_texts()) == {"TODO"}
        expect(page.get_by_role("link", name="Execute what has not run")).to_have_attribute("href", re.compile("tests=DEMO-6%2CDEMO-7"))


@pytest.mark.parametrize("scripts", READING)
def test_the_cells_of_a_test_lead_to_its_latest_run_in_each_environment(visit: Open, scripts: str) -> None:
    with visit("/browse/DEMO-100", java_script_enabled=scripts == "with") as page:
        columns = page.locator("table.plan-tests th.c-cell").all_inner_texts()
        assert columns == ["Android", "Chrome", "Firefox", "Linux", "iOS"]
        row = page.locator("table.plan-tests tbody tr").filter(has_text="Checkout pays by invoice")
        follow(page, row.locator(".c-cell a").nth(columns.index("iOS")))
        expect(page.locator(".verdict")).to_contain_text("PASS")
        page.go_back()
        page.get_by_label("Environment").select_option("iOS")
        follow(page, page.get_by_role("button", name="Show"))
        expect(page.locator(".sentence")).to_contain_text("On iOS, ")
        expect(page.locator("table.plan-tests th.c-cell")).to_have_text("iOS")


@pytest.mark.parametrize("scripts", READING)
def test_a_plan_shows_its_days_its_folders_and_its_executions(visit: Open, scripts: str) -> None:
    with visit("/browse/DEMO-100?view=progress", java_script_enabled=scripts == "with") as page:
        expect(page.locator("svg.chart title")).to_have_text(re.compile(r"^From \d{4}-\d\d-\d\d to today: 43 Tests in the plan, "))
        table = page.locator("table.days tbody tr")
        expect(table.first).to_be_hidden()
        page.locator(".burn-up summary").click()
        expect(table.first).to_be_visible()
        follow(page, page.locator(".views").get_by_role("link", name="Board"))
        shop = page.locator("table.board tr").filter(has=page.get_by_role("link", name="Shop", exact=True))
        expect(shop.locator(".c-runs")).to_contain_text("41")
        follow(page, page.locator("table.board").get_by_role("link", name="Account", exact=True))
        assert page.locator("table.plan-tests tbody .c-summary").all_inner_texts()[0].startswith("Account ")
        follow(page, page.locator(".views").get_by_role("link", name="Executions"))
        expect(page.locator("table.executions tbody tr")).to_have_count(40)


@pytest.mark.parametrize("scripts", READING)
def test_coverage_puts_gaps_on_top_and_every_number_leads_to_what_it_counts(visit: Open, scripts: str) -> None:
    with visit("/projects/DEMO/coverage", java_script_enabled=scripts == "with") as page:
        expect(page.locator(".sentence")).to_have_text(re.compile(r"^\d of 9 requirements are OK; 2 have no Test; "))
        statuses = page.locator("table.requirements tbody .word").all_inner_texts()
        assert statuses[:2] == ["UNCOVERED", "UNCOVERED"]
        assert statuses == sorted(statuses, key=["UNCOVERED", "NOK", "UNKNOWN", "NOTRUN", "OK"].index)
        follow(page, page.get_by_role("link", name="2 have no Test"))
        expect(page.locator("table.requirements tbody tr")).to_have_count(2)
        page.go_back()
        epic = page.locator("table.requirements tr").filter(has_text="Buy in the shop")
        follow(page, epic.locator(".c-below a"))
        expect(page.locator("table.requirements tbody tr")).to_have_count(5)
        follow(page, page.locator("table.requirements tr").filter(has_text="Buy in the shop").locator(".c-runs a"))
        expect(page.locator("table.covering-tests tbody tr")).to_have_count(6)
        follow(page, page.locator("table.covering-tests .c-cell a").first)
        expect(page.locator(".verdict").first).to_be_visible()


@pytest.mark.parametrize("scripts", READING)
def test_coverage_is_told_as_it_was_known(visit: Open, scripts: str) -> None:
    with visit("/projects/DEMO/coverage", java_script_enabled=scripts == "with") as page:
        page.get_by_label("As known at the end of").fill("2020-01-01")
        follow(page, page.get_by_role("button", name="Show"))
        expect(page.locator(".sentence")).to_contain_text("as known at the end of 2020-01-01")
        assert set(page.locator("table.requirements tbody .word").all_inner_texts()) == {"UNCOVERED", "NOTRUN"}
        follow(page, page.get_by_role("link", name="Clear"))
        gap = page.get_by_role("link", name="Tests without a requirement")
        count = int(gap.locator(".count").inner_text())
        follow(page, gap)
        expect(page.locator("table.gap tbody tr")).to_have_count(count)


def test_a_story_is_made_and_covered_by_forms(visit: Open) -> None:
    with visit("/projects/DEMO/create?type=Story") as page:
        page.get_by_label("Summary").fill("<b>Gift</b> cards")
        page.get_by_label("Part of").fill("DEMO-50")
        follow(page, page.get_by_role("button", name="Make the Story"))
        expect(page.get_by_role("heading", level=1)).to_have_text("<b>Gift</b> cards")
        expect(page.locator(".covering")).to_contain_text("No Test covers it.")
        page.get_by_role("textbox", name="Tests").fill("DEMO-6")
        follow(page, page.get_by_role("button", name="They cover it"))
        expect(page.locator(".said")).to_contain_text("1 Test covers DEMO-")
        expect(page.locator("table.covering-tests")).to_contain_text("Calculator adds")
        page.get_by_text("Say which Tests cover it").click()
        page.get_by_role("textbox", name="Tests").fill("DEMO-6")
        follow(page, page.get_by_role("button", name="They don't"))
        page.get_by_role("textbox", name="Tests").fill("DEMO-6")  # open, since nothing covers it
        expect(page.locator(".facts")).to_contain_text("Coverage UNCOVERED")
        key = page.url.rpartition("/")[2].partition("?")[0]
        gone = page.request.delete(f"/rest/api/2/issue/{key}", headers={"Authorization": f"Bearer {TOKEN}"})
        assert gone.status == 204
