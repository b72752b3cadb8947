# SPDX-License-Identifier: Apache-2.0
"""A tester executes Tests by hand: step by step, by keys and by forms, alone and with others, with a connection and without."""

from __future__ import annotations

import re
import signal
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import follow, sign_in, signed_in
from tests.browser.conftest import PHONE
from tests.browser.desk import PICTURE, ana_at, at, picture, saved
from tests.browser.relay import Relay
from tests.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, StorageState
    from tests.browser.conftest import Open
    from tests.browser.desk import Desk


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[LiveServer]:
    """A demonstration of their own: testers change much, and the server is restarted under them."""
    live = LiveServer(copytree(seeded, tmp_path_factory.mktemp("manual") / "data"), "demo")
    yield live
    live.stop()


@pytest.fixture(scope="module")
def state(browser: Browser, server: LiveServer) -> StorageState:
    """The administrator's session there."""
    return signed_in(browser, server.url)


def test_a_tester_runs_a_test_by_the_keys_alone(visit: Open, desk: Desk, parcel: int) -> None:
    with visit(f"/runs/{parcel}/execute") as page:
        page.wait_for_selector("[data-ready]")
        for key in ("p", "n", "p", "j", "f"):
            page.keyboard.press(key)
        expect(page.locator("[data-title]")).to_have_text("Step 3 of 5")
        expect(page.locator("[data-run-status]")).to_have_text("EXECUTING")
        page.keyboard.press("a")
        page.keyboard.type("The page stays white: p, n and f are letters here")
        page.keyboard.press("Escape")
        page.keyboard.press("c")
        page.keyboard.type("Seen twice")
        page.keyboard.press("Escape")
        for key in ("n", "p", "n", "1"):
            page.keyboard.press(key)
        expect(page.locator("[data-left]")).to_have_text("All 5 have a result.")
        page.keyboard.press("s")
        expect(page.locator("[data-finish]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("[data-run-status]")).to_have_text("FAIL")
        saved(page)
        assert desk.statuses(parcel) == ["PASS", "PASS", "FAIL", "PASS", "PASS"]
        state = desk.state(parcel)
        assert state["results"]["0/3"]["actual"] == "The page stays white: p, n and f are letters here"
        assert state["results"]["0/3"]["comment"] == "Seen twice"
        assert state["run"]["status"] == "FAIL"
        assert state["timer"]["started"] <= state["timer"]["finished"]
        page.keyboard.press("k")
        page.reload()
        expect(page.locator("[data-title]")).to_have_text("Step 4 of 5")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Actual result")


def test_a_tester_without_scripts_runs_a_test_by_its_forms(visit: Open, desk: Desk) -> None:
    key, (run, _) = desk.plan("DEMO-103", "DEMO-6")
    with visit(f"/runs/{run}/execute", java_script_enabled=False) as page:
        for number in (1, 2, 3, 4):
            expect(page.locator("[data-title]")).to_have_text(f"Step {number} of 5")
            page.get_by_role("radio", name="PASS").check()
            follow(page, page.get_by_role("button", name="Save and next"))
        page.get_by_role("radio", name="FAIL").check()
        page.get_by_label("Actual result").fill("no mail\ncomes <b>")
        page.locator("[name=file]").set_input_files(picture("mail.png"))
        page.locator("[name=defect]").fill("demo-10")
        follow(page, page.get_by_role("button", name="Save", exact=True))
        expect(page.locator(".said")).to_have_text("Saved.")
        result = desk.state(run)["results"]["0/5"]
        assert (result["status"], result["actual"], [d["key"] for d in result["defects"]]) == ("FAIL", "no mail\ncomes <b>", ["DEMO-10"])
        assert [(f["name"], f["kind"], f["size"]) for f in result["evidence"]] == [("mail.png", "image", len(PICTURE))]
        follow(page, page.get_by_role("button", name="Remove mail.png"))
        assert desk.state(run)["results"]["0/5"]["evidence"] == []
        page.get_by_text("Report a new defect").click()
        expect(page.get_by_label("Description")).to_have_value(re.compile("Expected:\nA mail comes"))
        follow(page, page.get_by_role("button", name="Report and link it"))
        assert len(desk.state(run)["results"]["0/5"]["defects"]) == 2
        follow(page, page.get_by_role("button", name="Pause"))
        expect(page.get_by_role("button", name="Resume")).to_be_visible()
        follow(page, page.get_by_role("button", name="Finish"))
        expect(page.locator("[data-run-status]")).to_have_text("FAIL")
        follow(page, page.get_by_role("link", name="Next: DEMO-6"))
        expect(page.locator("[data-left]")).to_contain_text("no steps")
        expect(page.locator("[data-progress]")).to_have_text("1 of 2 finished")
        page.get_by_label("Finish as").select_option("PASS")
        follow(page, page.get_by_role("button", name="Finish"))
        assert desk.state(run)["progress"]["done"] == 2
        page.goto(f"/browse/{key}/execute")
        expect(page.locator(".said")).to_have_text("Nothing is left to run here.")


def test_without_scripts_a_conflict_shows_both_values_and_overwrites_nothing(
    browser: Browser, server: LiveServer, state: StorageState, desk: Desk, parcel: int
) -> None:
    context = browser.new_context(base_url=server.url, storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/runs/{parcel}/execute?step=2")
    desk.http.put(f"/rest/raven/2.0/api/testrun/{parcel}", json={"steps": [{"id": -2, "comment": "from elsewhere"}]})
    page.locator("[name=comment]").fill("from here")
    follow(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator(".conflict")).to_contain_text("from elsewhere")
    expect(page.locator("[name=comment]")).to_have_value("from here")
    assert desk.state(parcel)["results"]["0/2"]["comment"] == "from elsewhere"
    follow(page, page.get_by_role("button", name="Save", exact=True))
    assert desk.state(parcel)["results"]["0/2"]["comment"] == "from here"
    context.close()


@pytest.fixture
def line(server: LiveServer) -> Iterator[Relay]:
    """What the tester on the train is connected by."""
    made = Relay(server.port)
    yield made
    made.cut()


def test_what_was_done_without_a_connection_survives_a_reload_and_arrives_once(
    browser: Browser, line: Relay, state: StorageState, desk: Desk, parcel: int
) -> None:
    tester = browser.new_context(base_url=line.url, storage_state=state)
    page = at(tester.new_page(), parcel)
    page.keyboard.press("p")
    saved(page)
    line.cut()
    for key in ("n", "f", "n", "p", "n", "f", "p"):
        page.keyboard.press(key)
    page.locator("[name=comment]").fill("made on a train")
    page.locator("[name=file]").set_input_files(picture("train.png"))
    expect(page.locator("[data-evidence-of=item] img")).to_be_visible()
    expect(page.locator("[data-kept]")).to_have_text(
        re.compile("^[56] changes wait for the connection")
    )  # f and p are one, or two when f was sent before
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        page.reload()
    page.wait_for_url("chrome-error://chromewebdata/")
    assert desk.statuses(parcel) == ["PASS", "TODO", "TODO", "TODO", "TODO"]
    line.mend()
    at(page, parcel, "?step=4")
    saved(page)
    assert desk.statuses(parcel) == ["PASS", "FAIL", "PASS", "PASS", "TODO"]
    result = desk.state(parcel)["results"]["0/4"]
    assert (result["comment"], [f["name"] for f in result["evidence"]]) == ("made on a train", ["train.png"])
    told = [h for h in desk.history(parcel) if h[0].startswith("step 4 ")]
    others = sorted(h for h in told if "status" not in h[0])  # a comment waits until its writer pauses: a file may go before it
    assert others == [("step 4 comment", "", "made on a train"), ("step 4 evidence", "", "train.png")]
    assert [h[2] for h in told if "status" in h[0]] in (["PASS"], ["FAIL", "PASS"])
    tester.close()


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel)
    begun, lost = list[str](), list[int]()

    def lose(route: Any) -> None:  # the server does it, and the browser never hears of it
        if len(begun) < 3:  # two may be under way at once
            begun.append(route.request.url)
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("/changes$|/bug$|/evidence"), lose)
    page.locator("[name=defect]").fill("DEMO-10")
    page.locator("[data-defects-of=item] [data-link]").click()
    page.get_by_text("Report a new defect").click()
    page.get_by_role("button", name="Report and link it").click()
    page.locator("[name=file]").set_input_files(picture("once.png"))
    saved(page)
    assert lost == [200, 200, 200]
    result = desk.state(parcel)["results"]["0/1"]
    assert len(result["defects"]) == 2
    assert [f["name"] for f in result["evidence"]] == ["once.png"]
    found = desk.http.get("/rest/api/2/search", params={"jql": 'summary ~ "Send a parcel back: step 1 fails"'}).json()
    assert found["total"] == 1


def test_a_lapsed_session_is_told_and_what_waited_is_sent_after_signing_in(
    browser: Browser, server: LiveServer, desk: Desk, parcel: int
) -> None:
    page = ana_at(browser, server.url, parcel, "?step=2")
    context = page.context
    context.clear_cookies()
    page.keyboard.press("f")
    expect(page.locator("[data-kept]")).to_contain_text("You are signed out. 1 change is kept in this browser.")
    assert desk.statuses(parcel)[1] == "TODO"
    follow(page, page.get_by_role("link", name="Sign in again"))
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill("ana")
    follow(page, page.get_by_role("button", name="Sign in"))
    expect(page.locator("[data-title]")).to_have_text("Step 2 of 5")
    saved(page)
    assert desk.statuses(parcel)[1] == "FAIL"
    context.close()


def test_it_works_through_a_restart_of_the_server(tester: BrowserContext, server: LiveServer, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel)
    server.stop(signal.SIGTERM)
    try:
        for key in ("p", "n", "f"):
            page.keyboard.press(key)
        expect(page.locator("[data-kept]")).to_have_text("2 changes wait for the connection")
    finally:
        server.start()
    saved(page)
    assert desk.statuses(parcel)[:2] == ["PASS", "FAIL"]


def test_two_testers_see_each_other_and_choose_where_they_differ(
    tester: BrowserContext, browser: Browser, server: LiveServer, desk: Desk, parcel: int
) -> None:
    other = browser.new_context(base_url=server.url)
    ana = other.new_page()
    sign_in(other, "ana", "ana")
    me = at(tester.new_page(), parcel, "?step=1")
    at(ana, parcel, "?step=1")
    ana.keyboard.press("p")
    expect(me.get_by_role("radio", name="PASS")).to_be_checked(timeout=15_000)
    expect(me.locator("[data-who]")).to_have_text("PASS by ana, just now")
    expect(me.locator("[data-rail] li").first).to_contain_text("PASS")
    tester.set_offline(True)
    me.keyboard.press("f")
    me.keyboard.press("c")
    me.keyboard.type("mine")
    ana.keyboard.press("t")
    ana.keyboard.press("c")
    ana.keyboard.type("hers")
    ana.keyboard.press("Escape")
    saved(ana)
    tester.set_offline(False)
    conflicts = me.locator("[data-conflicts] .conflict")
    expect(conflicts).to_have_count(2, timeout=30_000)
    expect(conflicts.first).to_contain_text("ana has set another status")
    expect(conflicts.first.locator("dd")).to_have_text(["TODO", "FAIL"])
    expect(conflicts.last.locator("dd")).to_have_text(["hers", "mine"])
    assert (desk.statuses(parcel)[0], desk.state(parcel)["results"]["0/1"]["comment"]) == ("TODO", "hers")
    me.reload()
    me.wait_for_selector("[data-ready]")
    conflicts.first.get_by_role("button", name="Keep mine").click()
    conflicts.last.get_by_role("button", name="Take theirs").click()
    expect(conflicts).to_have_count(0)
    saved(me)
    assert (desk.statuses(parcel)[0], desk.state(parcel)["results"]["0/1"]["comment"]) == ("FAIL", "hers")
    expect(ana.get_by_role("radio", name="FAIL")).to_be_checked(timeout=15_000)
    expect(me.locator("[name=comment]")).to_have_value("hers")
    other.close()


def test_what_another_does_never_writes_over_what_is_being_typed(tester: BrowserContext, desk: Desk, parcel: int) -> None:
    page = at(tester.new_page(), parcel, "?step=1")
    page.keyboard.press("c")
    desk.http.put(f"/rest/raven/2.0/api/testrun/{parcel}", json={"steps": [{"id": -1, "comment": "from elsewhere", "status": "PASS"}]})
    expect(page.get_by_role("radio", name="PASS")).to_be_checked(timeout=15_000)
    expect(page.locator("[name=comment]")).to_be_focused()
    page.keyboard.type("from here")  # upon the empty text that was seen
    page.keyboard.press("Escape")
    expect(page.locator("[data-conflicts] .conflict dd")).to_have_text(["from elsewhere", "from here"])


def test_a_screenshot_is_pasted_and_taken_back(visit: Open, desk: Desk, parcel: int) -> None:
    with visit(f"/runs/{parcel}/execute?step=2") as page:
        page.wait_for_selector("[data-ready]")
        page.evaluate(
            """(bytes) => { const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true })) }""",
            list(PICTURE),
        )
        expect(page.locator("[data-evidence-of=item] .one-file")).to_contain_text("Screenshot 20")
        saved(page)
        expect(page.locator("[data-evidence-of=item] a[href*=attachment]")).to_be_visible()
        assert len(desk.state(parcel)["results"]["0/2"]["evidence"]) == 1
        page.get_by_role("button", name="Remove Screenshot").click()
        expect(page.locator("[data-evidence-of=item] .one-file")).to_have_count(0)
        saved(page)
        assert desk.state(parcel)["results"]["0/2"]["evidence"] == []


def test_iterations_and_rows_of_examples_are_chosen_and_set(visit: Open, desk: Desk) -> None:
    _, (data, outline) = desk.plan("DEMO-105", "DEMO-7")
    with visit(f"/runs/{data}/execute?iteration=2") as page:
        page.wait_for_selector("[data-ready]")
        expect(page.locator("[data-values]")).to_contain_text("master")
        for key in ("p", "n", "p", "n", "p"):
            page.keyboard.press(key)
        page.locator("[data-scope]").select_option("3")
        expect(page.locator("[data-values]")).to_contain_text("expired")
        expect(page.locator("[data-title]")).to_have_text("Step 1 of 3")
        expect(page.locator("[data-text=action]")).to_have_text("Put an article of 34.90 EUR into the basket")
        page.keyboard.press("f")
        saved(page)
        assert (desk.statuses(data, 2), desk.statuses(data, 3)) == (["PASS"] * 3, ["FAIL", "TODO", "TODO"])
        assert [s["status"] for s in desk.state(data)["scopes"]] == ["TODO", "PASS", "FAIL"]
    with visit(f"/runs/{outline}/execute?example=2") as page:
        page.wait_for_selector("[data-ready]")
        expect(page.locator("[data-text=expected]")).to_contain_text("Given I have entered 0 into the calculator")
        for key in ("p", "n", "f"):
            page.keyboard.press(key)
        saved(page)
        assert [x["status"] for x in desk.state(outline)["examples"]] == ["TODO", "PASS", "FAIL", "TODO", "TODO"]


def test_the_clock_survives_a_reload_and_a_pause_stops_it(visit: Open, desk: Desk, parcel: int) -> None:
    with visit(f"/runs/{parcel}/execute") as page:
        page.wait_for_selector("[data-ready]")
        clock, pause = page.locator("[data-clock]"), page.locator("[data-timer]")
        expect(pause).to_be_hidden()
        page.keyboard.press("p")
        expect(clock).to_have_text(re.compile("0:00:0[2-9]"))
        page.reload()
        expect(clock).to_have_text(re.compile("0:00:0[2-9]"))
        page.wait_for_selector("[data-ready]")
        pause.click()
        expect(pause).to_have_text("Resume")
        saved(page)
        assert desk.state(parcel)["timer"]["paused"] is True
        stopped = clock.inner_text()
        page.wait_for_timeout(2200)
        assert clock.inner_text() == stopped
        pause.click()
        saved(page)
        expect(clock).not_to_have_text(stopped)


def test_a_thumb_reaches_all_of_it_on_a_phone(visit: Open, desk: Desk, parcel: int) -> None:
    with visit(f"/runs/{parcel}/execute", PHONE, has_touch=True, is_mobile=True) as page:
        page.wait_for_selector("[data-ready]")
        choice = page.locator(".choice", has_text="FAIL")
        box = choice.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE[1]
        assert box["height"] >= 44
        choice.tap()
        page.locator('[data-step="1"]').tap()
        page.locator(".choice", has_text="PASS").tap()
        saved(page)
        assert desk.statuses(parcel)[:2] == ["FAIL", "PASS"]
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
