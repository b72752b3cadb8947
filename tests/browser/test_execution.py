# SPDX-License-Identifier: Apache-2.0
"""The page of an execution: groups, filters in the address, many runs changed at once, what changes while it is looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from playwright.sync_api import expect
from tests.browser.chromium import follow
from tests.browser.conftest import DESK, IMPORT, PHONE

from radiograph.actions.demo import TOKEN

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from tests.browser.conftest import Open
    from tests.live import LiveServer

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
READING = ["with", "without"]


def load(server: LiveServer, statuses: dict[str, str], execution: str = "") -> str:
    """Import runs into an execution (a new one of DEMO): Tests by name with their status; its key."""
    tests: list[dict[str, Any]] = [
        {"testInfo": {"projectKey": "DEMO", "summary": f"Live {name}", "testType": "Generic", "definition": f"live.{name}"}, "status": status}
        | ({"comment": f"Boom: {name[0]} broke"} if status == "FAIL" else {})
        for name, status in statuses.items()
    ]  # fmt: skip
    head: dict[str, Any] = (
        {"testExecutionKey": execution} if execution else {"info": {"project": "DEMO", "summary": "Live", "testEnvironments": ["Lab"]}}
    )
    answer = httpx2.post(f"{server.url}{IMPORT}", json=head | {"tests": tests}, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["testExecIssue"]["key"])


@pytest.mark.parametrize("scripts", READING)
def test_a_cause_leads_to_its_runs_and_every_filter_stands_in_the_address(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["execution"], java_script_enabled=scripts == "with") as page:
        group = page.locator("tr.group").first
        expect(group).to_contain_text("AssertionError")
        expect(group).to_contain_text(re.compile(r"first (in DEMO-\d+|seen here)"))
        count = int(group.locator(".much").inner_text().split()[0])
        follow(page, group.locator("a.what"))
        expect(page.locator("tr[data-run]")).to_have_count(count)
        assert "fingerprint=" in page.url
        follow(page, page.locator(".chip", has_text="One cause"))
        assert "fingerprint=" not in page.url
        follow(page, page.locator(".filters").get_by_role("link", name="New failures"))
        follow(page, page.locator(".filters").get_by_role("link", name=re.compile("^FAIL")))
        assert "new=1" in page.url
        assert "status=FAIL" in page.url


@pytest.mark.parametrize("scripts", READING)
def test_columns_are_chosen_in_the_address_and_remembered(visit: Open, places: dict[str, str], scripts: str) -> None:
    with visit(places["execution"], java_script_enabled=scripts == "with") as page:
        page.locator(".tools summary").click()
        page.get_by_label("Comment").check()
        page.get_by_label("History").uncheck()
        follow(page, page.get_by_role("button", name="Show these"))
        assert "columns=comment" in page.url
        for path in (page.url, places["execution"]):
            page.goto(path)
            heads = page.locator("table.runs thead th").all_inner_texts()
            assert "Comment" in heads
            assert "History" not in heads


@pytest.mark.parametrize("scripts", READING)
def test_many_runs_are_changed_at_once(visit: Open, server: LiveServer, scripts: str) -> None:
    key = load(server, {"a1": "FAIL", "a2": "FAIL", "b1": "PASS"})
    with visit(f"/browse/{key}?status=FAIL", java_script_enabled=scripts == "with") as page:
        if scripts == "with":
            page.get_by_label("Choose all on this page").check()
            expect(page.locator("[data-chosen]")).to_have_text("2 runs chosen")
        else:
            for box in page.locator("input[name=run]").all():
                box.check()
        page.locator("#bulk select").select_option("ABORTED")
        page.locator("#bulk [name=defect]").fill("DEMO-10")
        follow(page, page.get_by_role("button", name="Change", exact=True))
        assert page.url.endswith(f"/browse/{key}?status=FAIL")
        expect(page.locator(".said")).to_have_text("2 runs are ABORTED and have the defect DEMO-10 now.")
        page.goto(f"/browse/{key}")
        assert page.locator("tr[data-run] .word").all_inner_texts() == ["ABORTED", "ABORTED", "PASS"]


def test_a_baseline_is_chosen_and_what_is_new_is_told_by_it(visit: Open, server: LiveServer) -> None:
    first, _, last = (load(server, {"c1": status, "c2": "PASS"}) for status in ("PASS", "FAIL", "FAIL"))
    with visit(f"/browse/{last}") as page:
        expect(page.locator(".sentence").first).to_contain_text("none of them new")
        page.locator(".title summary").first.click()
        page.get_by_label("Baseline").fill(first)
        follow(page, page.get_by_role("button", name="Set"))
        expect(page.locator(".said")).to_contain_text(first)
        expect(page.locator(".sentence").first).to_contain_text(f"1 new failure since {first}")


def test_a_page_follows_while_results_arrive_and_moves_nothing(visit: Open, server: LiveServer) -> None:
    key = load(server, {"d1": "TODO", "d2": "TODO"})
    with visit(f"/browse/{key}") as page:
        row = page.locator("tr[data-run]").first
        name, place = row.locator(".c-key").inner_text(), row.bounding_box()
        load(server, {"d1": "PASS", "d2": "FAIL", "d3": "PASS"}, key)
        expect(page.locator("tr[data-run]")).to_have_count(3, timeout=20_000)
        expect(page.locator(".chip", has_text="All").locator(".count")).to_have_text("3")
        assert row.locator(".c-key").inner_text() == name
        assert row.bounding_box() == place
        assert page.locator("tr[data-run] .word").all_inner_texts() == ["PASS", "FAIL", "PASS"]


def test_a_page_follows_again_after_a_proxy_was_away(tester: BrowserContext, server: LiveServer) -> None:
    key = load(server, {"e1": "TODO", "e2": "TODO"})
    page = tester.new_page()
    page.clock.install()
    away = {"status": 502, "body": "Bad gateway", "content_type": "text/html"}
    page.route("**/live", lambda route: route.fulfill(**away), times=1)
    with page.expect_response("**/live"):
        page.goto(f"/browse/{key}")
    page.route(f"**/browse/{key}", lambda route: route.fulfill(**away), times=1)  # the first look fails too
    with page.expect_response(f"**/browse/{key}") as looked:
        load(server, {"e1": "PASS"}, key)
        page.clock.fast_forward(10_000)
    assert looked.value.status == 502
    expect(page.locator("[data-part=chips] .chip", has_text="TODO").locator(".count")).to_have_text("1")
    page.clock.fast_forward(10_000)
    expect(page.locator("tr[data-run]", has_text="PASS")).to_have_count(1, timeout=20_000)


def test_rows_that_left_the_filter_are_dimmed_and_said(visit: Open, server: LiveServer) -> None:
    key = load(server, {"f1": "TODO", "f2": "TODO"})
    with visit(f"/browse/{key}?status=TODO") as page:
        expect(page.locator("tr[data-run]")).to_have_count(2)
        load(server, {"f1": "PASS"}, key)
        expect(page.locator("tr.gone")).to_have_count(1, timeout=20_000)
        expect(page.locator("[data-live]")).to_contain_text("no longer here")
        follow(page, page.locator("[data-live] a"))
        expect(page.locator("tr[data-run]")).to_have_count(1)


def test_the_server_ends_at_once_though_somebody_watches(tmp_path_factory: pytest.TempPathFactory) -> None:
    import time  # noqa: PLC0415

    from tests.live import LiveServer  # noqa: PLC0415

    own = LiveServer(tmp_path_factory.mktemp("watched") / "data", "demo")
    try:
        with httpx2.stream("GET", f"{own.url}/browse/DEMO-1206/live", headers=HEADERS, timeout=30) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = answer.iter_lines()
            assert any(line.startswith("data: ") for line in lines)
            began = time.monotonic()
            own.stop()
            assert time.monotonic() - began < 10
    finally:
        own.stop()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_hostile_names_stay_texts_and_fit(visit: Open, server: LiveServer, size: tuple[int, int]) -> None:
    name = "<script>alert(1)</script> \u202e\u0645\u0631\u062d\u0628\u0627 🚀 " + "long" * 40
    body = {
        "info": {"project": "DEMO", "summary": name, "testEnvironments": [name[:80]], "revision": name},
        "tests": [{"testInfo": {"projectKey": "DEMO", "summary": name, "testType": "Generic", "definition": "odd"}, "status": "FAIL", "comment": f"{name}\n" + "x" * 1_000_000}],
    }  # fmt: skip
    answer = httpx2.post(f"{server.url}{IMPORT}", json=body, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    key = answer.json()["testExecIssue"]["key"]
    with visit(f"/browse/{key}", size) as page:
        expect(page.locator("tr.group .what")).to_contain_text("<script>alert(1)</script>")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert len(page.content()) < 150_000
