# SPDX-License-Identifier: Apache-2.0
"""What a tester does is sent in the background: while they type on, after answers that were lost, and as themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from tests.browser.desk import at, saved

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from tests.browser.desk import Desk

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
