# SPDX-License-Identifier: Apache-2.0
"""Files of evidence and the forms of a run, as readers and testers use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect
from tests.browser.chromium import follow
from tests.browser.test_stories import READING

from radiograph.actions.demo import TOKEN

if TYPE_CHECKING:
    from tests.browser.conftest import Open
    from tests.live import LiveServer


@pytest.mark.parametrize("scripts", READING)
def test_an_image_is_compared_with_that_of_the_last_pass_and_zoomed(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["image"], java_script_enabled=scripts == "with") as page:
        expect(page.locator(".images img")).to_have_count(2)
        follow(page, page.get_by_role("link", name="Difference"))
        expect(page.locator(".view-difference img")).to_have_count(2)
        zoom = page.get_by_role("link", name="200 %")
        if scripts == "with":
            zoom.click()
        else:
            follow(page, zoom)
        expect(page.locator(".zoom-200")).to_have_count(1)
        assert "view=difference" in page.url
        assert "zoom=200" in page.url


def test_keys_zoom_and_the_slider_moves_the_edge_between_two_images(visit: Open, places: dict[str, str]) -> None:
    with visit(places["image"] + "?view=slider") as page:
        page.keyboard.press("+")
        expect(page.locator(".zoom-50")).to_have_count(1)
        page.keyboard.press("0")
        expect(page.locator(".zoom-fit")).to_have_count(1)
        clip = "() => getComputedStyle(document.querySelector('.new img')).clipPath"
        before = page.evaluate(clip)
        page.locator("[data-slide]").fill("80")
        assert "80%" in page.evaluate(clip) != before


@pytest.mark.parametrize("scripts", READING)
def test_a_log_is_searched_and_a_match_leads_to_its_line(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["log"], java_script_enabled=scripts == "with") as page:
        expect(page.locator(".log .ansi-red").first).to_have_text("ERROR")
        page.get_by_role("searchbox").fill("timed out")
        follow(page, page.get_by_role("button", name="Find"))
        expect(page.locator(".sentence")).to_have_text("5 of 180 lines match.")
        expect(page.locator("mark")).to_have_text(["timed out"] * 5)
        follow(page, page.get_by_role("link", name="149", exact=True))
        assert page.url.endswith("?line=129#L149")
        expect(page.locator("#L149:target")).to_contain_text("timed out")


@pytest.mark.parametrize("scripts", READING)
def test_json_opens_as_a_tree_and_requests_are_a_table(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["json"], java_script_enabled=scripts == "with") as page:
        hidden = page.locator(".tree .name", has_text="at_ms").first
        expect(hidden).to_be_hidden()
        page.locator(".tree summary", has_text="0 {3}").click()
        expect(hidden).to_be_visible()
        page.goto(places["requests"])
        follow(page, page.get_by_role("link", name="Failed 3"))
        assert page.locator("table.requests tbody .c-answer").all_inner_texts() == ["503 Service Unavailable"] * 3


def test_a_tester_is_told_what_another_changes_while_they_write(visit: Open, server: LiveServer, places: dict[str, str]) -> None:
    path = places["examples"]
    number = path.rpartition("/")[2]
    with visit(path) as page:
        page.locator(".edit summary").click()
        page.locator("textarea[name=comment]").fill("mine, typed at length")
        place = page.locator(".edit").bounding_box()
        with httpx2.Client(base_url=server.url, auth=("ana", "ana")) as ana:
            assert ana.put(f"/rest/raven/2.0/api/testrun/{number}/status", params={"status": "ABORTED"}).status_code == 204
        expect(page.locator(".notice")).to_contain_text("ana changed this to ABORTED.", timeout=30_000)
        assert page.locator(".edit").bounding_box() == place
        expect(page.locator("textarea[name=comment]")).to_have_value("mine, typed at length")
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        assert http.put(f"/rest/raven/2.0/api/testrun/{number}/status", params={"status": "FAIL"}).status_code == 204


def test_iterations_of_more_than_a_page_are_fetched_when_they_are_opened(visit: Open, server: LiveServer) -> None:
    iterations = [
        {"name": f"row {i}", "status": "PASS", "log": f"log of {i}", "parameters": [{"name": "n", "value": str(i)}]} for i in range(1, 31)
    ]
    info = {"projectKey": "DEMO", "summary": "Has thirty rows", "testType": "Generic", "definition": "thirty rows"}
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        body = {"info": {"project": "DEMO", "summary": "Thirty"}, "tests": [{"testInfo": info, "iterations": iterations}]}
        key = http.post("/rest/raven/2.0/import/execution", json=body).json()["testExecIssue"]["key"]
        (run,) = http.get(f"/rest/raven/2.0/api/testexec/{key}/test").json()
    with visit(f"/runs/{run['id']}") as page:
        row = page.locator("#iteration-7")
        row.locator("summary").click()
        expect(row.locator("pre")).to_have_text("log of 7")
    with visit(f"/runs/{run['id']}", java_script_enabled=False) as page:
        row = page.locator("#iteration-7")
        row.locator("summary").click()
        follow(page, row.get_by_role("link", name="Steps and log"))
        expect(page.locator("#iteration-7 pre")).to_have_text("log of 7")


def test_images_that_are_compared_scroll_as_one(visit: Open, places: dict[str, str]) -> None:
    for view in ("slider", "difference", "beside"):
        with visit(f"{places['image']}?view={view}&zoom=400") as page:
            old, new = page.locator(".old .canvas"), page.locator(".new .canvas")
            new.evaluate("(one) => one.scrollTo(30, 40)")
            expect(old).to_have_js_property("scrollTop", 40)
            expect(old).to_have_js_property("scrollLeft", 30)
