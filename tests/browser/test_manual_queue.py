# SPDX-License-Identifier: Apache-2.0
"""What a tester does is sent in the background: while they type on, after answers that were lost, and as themselves."""

from __future__ import annotations

import re
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import follow
from tests.browser.desk import Desk, ana_at, at, saved
from tests.live import LiveServer

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

CHANGES = re.compile("/changes$")
COMMENTS = [("Comment", "comment", "0/1"), ("Comment on the run", "run-comment", "run")]


def stored(desk: Desk, run: int, place: str) -> str:
    state = desk.state(run)
    return str((state["run"] if place == "run" else state["results"].get(place, {"comment": ""}))["comment"])


def test_who_pauses_while_typing_types_on_without_a_conflict_with_themselves(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    for _, name, place in COMMENTS:
        page.locator(f"[name={name}]").focus()
        for text in ("The page", " stays", " white"):
            page.keyboard.type(text)
            saved(page)
            expect(page.locator(".conflict")).to_have_count(0)
        assert stored(desk, parcel, place) == "The page stays white"


def test_what_another_wrote_since_the_last_pause_is_still_a_conflict(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    page.keyboard.press("c")
    page.keyboard.type("mine")
    saved(page)
    desk.http.put(f"/rest/raven/2.0/api/testrun/{parcel}", json={"steps": [{"id": -1, "comment": "theirs"}]})
    page.keyboard.type(" too")
    expect(page.locator("[data-conflicts] dd")).to_have_text(["theirs", "mine too"])
    assert stored(desk, parcel, "0/1") == "theirs"


def test_what_is_typed_after_a_lost_answer_arrives_behind_what_was_sent(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    lost = list[int]()

    def lose(route: Any) -> None:  # the server does it, and the browser never hears of it
        lost.append(route.fetch().status)
        route.abort()

    page.route(CHANGES, lose)
    page.keyboard.press("c")
    page.keyboard.type("abc")
    expect(page.locator("[data-kept]")).to_contain_text("1 change waits")
    page.keyboard.type(" def")
    page.unroute(CHANGES)
    saved(page)
    assert set(lost) == {200}
    assert stored(desk, parcel, "0/1") == "abc def"
    expect(page.locator(".trouble, .conflict")).to_have_count(0)
    expect(page.locator("[name=comment]")).to_have_value("abc def")


def test_a_status_set_back_after_a_lost_answer_is_set_back_on_the_server(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    lost = list[int]()

    def lose(route: Any) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route(CHANGES, lose, times=1)
    page.keyboard.press("p")
    expect(page.locator("[data-kept]")).to_contain_text("1 change waits")
    page.keyboard.press("t")
    saved(page)
    assert lost == [200]
    assert desk.statuses(parcel)[0] == "TODO"


def test_two_tabs_of_one_tester_send_one_another_nothing_half(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    one, other = (at(tester.new_page(), parcel, "?step=1") for _ in range(2))
    one.route("**/changes", lambda route: route.abort())
    one.keyboard.press("c")
    one.keyboard.type("from the one")
    expect(one.locator("[data-kept]")).to_contain_text("1 change waits")
    other.keyboard.press("n")  # the other tab sends it
    other.evaluate("dispatchEvent(new Event('online'))")
    saved(other)
    one.unroute("**/changes")
    one.keyboard.type(", on")
    saved(one)
    assert stored(desk, parcel, "0/1") == "from the one, on"
    expect(one.locator(".conflict")).to_have_count(0)


def test_what_is_refused_stays_to_be_read_and_can_be_sent_again(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    refusal = {"error": "No.", "message": "The project NOPE does not exist.", "details": []}
    page.route("**/bug", lambda route: route.fulfill(status=400, json=refusal), times=1)
    page.get_by_text("Report a new defect").click()
    page.get_by_label("Summary").fill("A parcel is lost")
    page.get_by_label("Description").fill("It took long to write this.")
    page.get_by_role("button", name="Report and link it").click()
    trouble = page.locator(".trouble")
    expect(trouble).to_contain_text("Step 1: a change was not taken: The project NOPE does not exist.")
    expect(trouble.locator(".written")).to_have_text("A parcel is lost\n\nIt took long to write this.")
    trouble.get_by_role("button", name="Try again").click()
    saved(page)
    expect(trouble).to_have_count(0)
    assert [d["summary"] for d in desk.state(parcel)["results"]["0/1"]["defects"]] == ["A parcel is lost"]


@pytest.mark.parametrize(
    ("status", "body"), [(404, "<h1>Maintenance</h1>"), (403, "Blocked"), (200, "<title>Sign in</title>"), (200, "{}")]
)
def test_an_answer_of_something_else_than_the_server_is_no_verdict(
    tester: BrowserContext, desk: Desk, parcel: int, status: int, body: str
) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    there = re.compile("/api/testrun/")
    page.route(there, lambda route: route.fulfill(status=status, body=body, content_type="text/html"))
    page.keyboard.press("p")
    expect(page.locator("[data-kept]")).to_have_text("1 change waits for the connection")
    page.unroute(there)
    saved(page)
    assert desk.statuses(parcel)[0] == "PASS"


def test_what_one_did_is_never_sent_as_another_who_signs_in_in_another_tab(
    browser: Browser, server: LiveServer, desk: Desk, parcel: int
) -> None:
    page = ana_at(browser, server.url, parcel, "?step=1")
    context = page.context
    page.route(CHANGES, lambda route: route.abort())
    page.keyboard.press("p")
    expect(page.locator("[data-kept]")).to_contain_text("1 change waits")
    context.clear_cookies()
    other = context.new_page()
    other.goto("/sign-in")
    other.get_by_label("Name").fill("admin")
    other.get_by_label("Password").fill("admin")
    follow(other, other.get_by_role("button", name="Sign in"))
    page.unroute(CHANGES)
    expect(page.locator("[data-kept]")).to_contain_text("You are signed out. 1 change is kept in this browser.")
    assert desk.statuses(parcel)[0] == "TODO"
    context.close()


def test_two_instances_of_one_host_send_one_another_nothing(
    tester: BrowserContext, browser: Browser, parcel: int, tmp_path: Path, seeded: Path
) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    page.route("**/changes", lambda route: route.abort())
    page.keyboard.press("f")
    expect(page.locator("[data-kept]")).to_contain_text("1 change waits")
    kept = page.evaluate("JSON.stringify(localStorage)")
    live = LiveServer(copytree(seeded, tmp_path / "data"), "demo", env={"RADIOGRAPH_BASE_PATH": "/staging"})
    try:
        context = browser.new_context(base_url=live.url)
        context.add_init_script(f"for (const [k, v] of Object.entries({kept})) localStorage.setItem(k, v)")
        there = Desk(f"{live.url}/staging")
        run = there.plan("DEMO-103")[1][0]
        there.http.close()
        staging = context.new_page()
        staging.goto(f"/staging/sign-in?next=/staging/runs/{run}/execute")
        staging.get_by_label("Name").fill("admin")
        staging.get_by_label("Password").fill("admin")
        staging.get_by_role("button", name="Sign in").click()
        staging.wait_for_selector("[data-ready]")
        expect(staging.locator("[data-kept]")).to_have_text("All saved")
        expect(staging.locator("[data-troubles]")).to_be_empty()
        assert staging.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('radiograph:run:')).length") == 1
        context.close()
    finally:
        live.stop()
