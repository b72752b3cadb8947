# SPDX-License-Identifier: Apache-2.0
"""The pages of files: never active, found by who may see them, and read by ranges."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.contract.door import generic
from tests.contract.others import door_of

if TYPE_CHECKING:
    import httpx2
    from tests.contract.door import Door

    from radiograph.actions.services import Services

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
SCRIPT = "<script>alert(1)</script>"


def file(name: str, data: bytes, kind: str = "") -> dict[str, str]:
    return {"filename": name, "data": base64.b64encode(data).decode()} | ({"contentType": kind} if kind else {})


def stored(door: Door, *files: dict[str, str], status: str = "FAIL", **info: Any) -> dict[str, int]:
    """Import a run of one Test with these files; their ids by name."""
    answer = door.load(generic(1, status, evidence=list(files)), info={"project": "DEMO", **info})
    (run,) = door.http.get(f"/rest/raven/2.0/api/testexec/{answer['testExecIssue']['key']}/test").json()
    return {f["fileName"]: f["id"] for f in door.http.get(f"/rest/raven/2.0/api/testrun/{run['id']}/attachment").json()}


def look(door: Door, number: int, **query: Any) -> httpx2.Response:
    answer = door.http.get(f"/evidence/{number}", params=query, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("a.svg", "image/svg+xml", f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode()),
        ("a.html", "text/html", f"<html>{SCRIPT}</html>".encode()),
        ("a.xml", "application/xhtml+xml", f'<html xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}</html>'.encode()),
        ("a.js", "application/javascript", b"alert(1)"),
        ("a.png", "image/png", f"<html>{SCRIPT}</html>".encode()),
        ("a.pdf", "text/html", b"%PDF-1.4"),
    ],
)
def test_what_could_run_is_never_given_to_a_browser_as_what_it_is(door: Door, name: str, kind: str, data: bytes) -> None:
    number = stored(door, file(name, data, kind))[name]
    raw = door.http.get(f"/plugins/servlet/raven/attachment/{number}/{name}")
    assert raw.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert raw.headers["x-content-type-options"] == "nosniff"
    shown_inline = raw.headers["content-disposition"].startswith("inline")
    assert raw.headers["content-type"].split(";")[0] in ({"text/plain"} if shown_inline else {"application/octet-stream"})
    page = look(door, number).text
    assert SCRIPT not in page
    assert "<iframe" not in page
    assert "<object" not in page
    assert "<img" not in page


def test_an_svg_is_shown_as_its_text(door: Door) -> None:
    number = stored(door, file("a.svg", b"<svg>\n<script>x</script>\n</svg>", "image/svg+xml"))["a.svg"]
    assert '<div id="L2"><a href="#L2">2</a><span>&lt;script&gt;x&lt;/script&gt;' in look(door, number).text


def test_a_text_that_is_none_is_a_download(door: Door) -> None:
    number = stored(door, file("a.log", b"\x7fELF\0\0\0" * 100, "text/plain"))["a.log"]
    assert "It calls itself a text, and is none" in look(door, number).text


def test_a_log_is_read_in_windows_of_lines_and_searched(door: Door) -> None:
    lines = [f"line {i} {'503 <b>' if i % 500 == 0 else 'ok'}" for i in range(1, 3401)]
    number = stored(door, file("server.log", "\n".join(lines).encode()))["server.log"]
    first = look(door, number).text
    assert "Lines 1 to 500 of 3,400." in first
    assert 'href="?line=501">Lines after' in first
    assert 'href="?line=2901#L3400">The end' in first
    middle = look(door, number, line=1200).text
    assert '<div id="L1200"><a href="#L1200">1200</a><span>line 1200 ok' in middle
    assert 'href="?line=700">Lines before' in middle
    found = look(door, number, q="503 <B>").text
    assert "6 of 3,400 lines match" in found
    assert "line 1000 <mark>503 &lt;b&gt;</mark>" in found
    assert 'href="?line=980#L1000"' in found
    assert "0 of 3,400 lines match" in look(door, number, q="nothing like it").text
    twin = door.http.get(f"/api/evidence/{number}", params={"q": "503", "line": 600}).json()
    assert (twin["kind"], twin["text"]["total"], twin["text"]["matching"]) == ("text", 3400, 9)
    assert [line["number"] for line in twin["text"]["lines"]] == [1000, 1500, 1503, 2000, 2500, 2503, 3000]
    for bad in ("0", "x", "9" * 30):
        assert door.http.get(f"/evidence/{number}", params={"line": bad}).status_code == 400


def test_colours_of_a_terminal_are_kept_and_what_hides_is_shown(door: Door) -> None:
    number = stored(door, file("a.log", "\x1b[31mred\x1b[0m \u202eevil".encode()))["a.log"]
    page = look(door, number).text
    assert '<span class="ansi-red">red</span>' in page
    assert ">U+202E</span>" in page


def test_a_line_of_megabytes_is_cut(door: Door) -> None:
    number = stored(door, file("a.log", b"x" * 3_000_000 + b"needle" + b"y" * 3_000_000))["a.log"]
    for query in ({}, {"q": "needle"}):
        page = look(door, number, **query)
        assert "a part of a longer line" in page.text
        assert len(page.content) < 30_000


def test_json_is_a_tree_and_a_bounded_one(door: Door) -> None:
    deep = ("[" * 5000 + "]" * 5000).encode()
    ids = stored(
        door, file("a.json", json.dumps({"key": {"inner": f"{SCRIPT}"}, "list": list(range(50_000))}).encode(), "application/json"),
        file("deep.json", deep), file("bad.json", b'{"a": ', "application/json"),
    )  # fmt: skip
    page = look(door, ids["a.json"])
    assert '<span class="name">inner</span> <span class="text">&#34;&lt;script&gt;' in page.text
    assert "more are in the file" in page.text
    assert len(page.content) < 150_000
    assert look(door, ids["deep.json"]).status_code == 200
    assert '<div id="L1">' in look(door, ids["bad.json"]).text
    assert '<div id="L1">' in look(door, ids["a.json"], line=1).text


def test_an_archive_of_requests_is_a_table(door: Door) -> None:
    entries = [
        {"request": {"method": "GET", "url": "https://x.example/ok"}, "response": {"status": 200, "statusText": "OK"}, "time": 12.5},
        {"request": {"method": "POST", "url": "javascript:alert(1)"}, "response": {"status": 503, "content": {"size": 10, "mimeType": "a/b; c"}}},
        {},
    ]  # fmt: skip
    ids = stored(door, file("a.har", json.dumps({"log": {"entries": entries}}).encode()), file("b.har", b'{"log": 1}'))
    page = look(door, ids["a.har"]).text
    assert "<strong>2 requests failed</strong> of 3." in page
    assert 'href="https://x.example/ok"' in page
    assert 'href="javascript' not in page
    assert "https://x.example/ok" not in look(door, ids["a.har"], failed=1).text
    assert 'class="tree"' in look(door, ids["b.har"]).text


def test_every_file_is_shown_in_pages_of_a_bounded_size(door: Door) -> None:
    url = "https://x.example/" + "a" * 100
    entries = [{"request": {"method": "GET", "url": f"{url}{n}"}, "response": {"status": 500}} for n in range(1000)]
    ids = stored(
        door, file("a.har", json.dumps({"log": {"entries": entries}}).encode()), file("a.log", b"\n".join([b"needle " * 600] * 600)),
        file("a.json", json.dumps(["x" * 2000] * 500).encode(), "application/json"),
    )  # fmt: skip
    for name, following in (("a.har", "Next requests"), ("a.log", "Lines after"), ("a.json", "more are in the file")):
        page = look(door, ids[name])
        assert (len(page.content) < 150_000, following in page.text) == (True, True), (name, len(page.content))
    end = re.findall(r'href="\?failed=1&amp;request=(\d+)"', look(door, ids["a.har"], failed=1).text)
    assert f"{url}{end[0]}<" in look(door, ids["a.har"], failed=1, request=end[0]).text
    last = re.findall(r'href="\?line=(\d+)">Lines after', look(door, ids["a.log"]).text)
    assert f'id="L{last[0]}"' in look(door, ids["a.log"], line=last[0]).text
    found = look(door, ids["a.log"], q="needle")
    assert "More matches" in found.text


def test_an_image_stands_beside_the_same_one_of_the_last_pass_on_the_same_environments(door: Door) -> None:
    there: dict[str, Any] = {"testEnvironments": ["iOS"]}
    stored(door, file("page.png", PNG + b"0"), status="PASS")
    good = stored(door, file("page.png", PNG + b"1"), file("other.png", PNG), status="PASS", **there)["page.png"]
    stored(door, file("page.png", PNG + b"2"), status="FAIL", **there)
    stored(door, file("page.png", PNG + b"3"), status="PASS", testEnvironments=["Android"])
    stored(door, file("else.png", PNG), status="PASS", **there)
    now = stored(door, file("page.png", PNG + b"4"), file("new.png", PNG), **there)
    page = html.unescape(look(door, now["page.png"]).text)
    assert f'src="/plugins/servlet/raven/attachment/{good}/page.png"' in page
    assert "on other test environments" not in page
    assert door.http.get(f"/api/evidence/{now['page.png']}").json()["earlier"] == good
    assert "The last pass" not in look(door, now["new.png"]).text
    for view in ("slider", "difference", "one", "<b>"):
        assert look(door, now["page.png"], view=view, zoom="200").status_code == 200


def test_files_of_an_attempt_and_of_an_issue_have_pages_too(door: Door) -> None:
    answer = door.load(generic(1, "FAIL", evidence=[file("old.log", b"first")]))
    (old,) = door.http.get("/rest/raven/2.0/api/testrun/1/attachment").json()
    door.load(generic(1, "PASS"), execution=answer["testExecIssue"]["key"])
    page = look(door, old["id"]).text
    assert 'href="/runs/1"' in page
    assert "attempt 1" in page
    bug = door.make("Bug")
    (attached,) = door.http.post(f"/rest/api/2/issue/{bug}/attachments", files={"file": ("shot.png", PNG)}).json()
    assert f'href="/browse/{bug}"' in look(door, int(attached["id"])).text


def test_files_are_hidden_with_their_project(services: Services, door: Door) -> None:
    number = stored(door, file("a.log", b"secret"))["a.log"]
    with door_of(services, "stranger", None) as stranger:
        for path in (f"/evidence/{number}", f"/api/evidence/{number}", "/evidence/999999"):
            answer = stranger.http.get(path)
            assert answer.status_code == 404
            assert "secret" not in answer.text
