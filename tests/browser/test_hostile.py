# SPDX-License-Identifier: Apache-2.0
"""Texts and files that would like to be more than that."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import httpx2
import pytest
from playwright.sync_api import expect
from tests.browser.chromium import follow
from tests.browser.conftest import DESK, IMPORT, PHONE
from tests.browser.test_looks import problems, too_wide

from radiograph.actions.demo import TOKEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, StorageState
    from tests.browser.conftest import Open
    from tests.live import LiveServer

SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
TEXTS = {
    "script": SCRIPT,
    "attribute": '" onmouseover="document.title = \'taken\'" x="\' autofocus onfocus=',
    "direction": "\u202egnp.exe\u202d \u2066over\u2069",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 " * 30,
    "long": "A" * 1_000_000,
    "marks": "e" + "\u0301" * 400,
    "template": "{{ 7 * 7 }} {% raw %} ${alert(1)}",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.setAttribute("data-taken", "1")</script></svg>'
PAGE = '<html><body><script>document.documentElement.setAttribute("data-taken", "1")</script>here</body></html>'


@pytest.fixture(scope="module")
def hostile(server: LiveServer) -> str:
    """The path of an execution full of such texts."""
    tests = [
        {
            "testInfo": {"projectKey": "DEMO", "summary": text[:255].strip(), "testType": "Generic", "definition": f"hostile {name} {text}"},
            "status": "FAIL", "comment": text, "defects": [text[:2000]], "steps": [{"status": "FAIL", "actualResult": text, "comment": text}],
            "iterations": [{"name": text, "status": "FAIL", "log": text, "parameters": [{"name": text[:300], "value": text}]}],
            "evidence": [{"filename": text[:300], "contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}],
        }
        for name, text in TEXTS.items()
    ]  # fmt: skip
    info = {"project": "DEMO", "summary": SCRIPT, "version": SCRIPT, "revision": "R" * 5000, "testEnvironments": [SCRIPT, "E" * 500]}
    query = {"buildUrl": "javascript:document.title='taken'", "branch": SCRIPT}
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as http:
        answer = http.post(IMPORT, json={"info": info, "tests": tests}, params=query)
        assert answer.status_code == 200, answer.text
        assert answer.json()["testIssues"]["error"] == []
        return f"/browse/{answer.json()['testExecIssue']['key']}"


def test_hostile_texts_are_texts_in_lists(visit: Open, hostile: str) -> None:
    for path in (hostile, "/projects/DEMO", "/imports"):
        for size in (DESK, PHONE):
            with visit(path, size) as page:
                assert page.title().endswith("Radiograph")
                assert too_wide(page) == []
                if path == hostile and size is DESK:
                    assert problems(page) == []
                    expect(page.get_by_role("heading", level=1)).to_have_text(SCRIPT)
                    expect(page.locator(".facts a[href^=javascript]")).to_have_count(0)
                    expect(page.locator(".facts")).to_contain_text("javascript:document.title='taken'")


def test_hostile_texts_are_texts_on_the_page_of_a_run_and_of_a_test(visit: Open, hostile: str) -> None:
    with visit(hostile) as page:
        runs = [str(a.get_attribute("href")) for a in page.locator("td.c-key a").all()]
    assert len(runs) == len(TEXTS)
    for run, text in zip(runs, TEXTS.values(), strict=True):
        with visit(run, PHONE) as page:
            for summary in page.locator("summary").all():
                summary.click()
            assert page.title().endswith("Radiograph")
            assert too_wide(page) == [], text[:40]
            shown = text.replace("\u202e", "U+202E").replace("\u202d", "U+202D").replace("\u2066", "U+2066").replace("\u2069", "U+2069")
            assert str(page.locator(".prose").first.text_content()).startswith(shown[:1000])
            follow(page, page.locator(".crumbs a").last)
            assert too_wide(page) == [], text[:40]
            assert page.title().endswith("Radiograph")


def test_a_page_that_begins_with_what_could_run_is_a_download(browser: Browser, server: LiveServer, state: StorageState) -> None:
    files = [
        {"filename": name, "contentType": kind, "data": base64.b64encode(data.encode()).decode()}
        for name, kind, data in (("a.svg", "image/svg+xml", SVG), ("a.html", "text/html", PAGE), ("a.txt", "text/plain", PAGE))
    ]
    info = {"projectKey": "DEMO", "summary": "Has pages", "testType": "Generic", "definition": "pages"}
    body = {"info": {"project": "DEMO", "summary": "Active"}, "tests": [{"testInfo": info, "status": "PASS", "evidence": files}]}
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        key = http.post(IMPORT, json=body).json()["testExecIssue"]["key"]
    context = browser.new_context(base_url=server.url, storage_state=state)
    page = context.new_page()
    page.goto(f"/browse/{key}")
    follow(page, page.locator("td.c-key a"))
    assert page.locator("figure img, figure iframe, figure object, figure embed").count() == 0
    run = page.url
    for name in ("a.svg", "a.html"):
        page.goto(run)
        follow(page, page.get_by_role("link", name=name))
        assert "setAttribute" in page.locator(".log").inner_text()
        assert page.evaluate("() => document.documentElement.dataset.taken") is None
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert download.value.suggested_filename == name
    address = str(page.get_by_role("link", name="Download").get_attribute("href"))
    page.goto(run)
    follow(page, page.get_by_role("link", name="a.txt"))
    page.goto(str(page.get_by_role("link", name="Download").get_attribute("href")))
    assert address != page.url
    assert page.evaluate("() => document.documentElement.dataset.taken") is None
    assert "<script>" in page.inner_text("body")
    context.close()
