# SPDX-License-Identifier: Apache-2.0
"""The documentation page's bodies, mutated at random: stored or refused, never a crash, never half."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.effort import effort

from radiograph.actions import demo, demo_reports
from radiograph.actions.accounts import add_token
from radiograph.actions.check import examine
from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from radiograph.actions.services import Services

PAGE = Path(__file__).parent.parent / "fixtures" / "page"
BODIES = sorted(PAGE.glob("*.json"))
IMPORT = "/rest/raven/1.0/import/execution"
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    "",
    " ",
    "x",
    "\x00",
    "9" * 300,
    "PASS",
    "DEMO-6",
    [],
    [None],
    [[]],
    {},
    {"": None},
    {"status": "PASS"},
    "2020-01-01T00:00:00Z",
]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_reports, "WEEKS", 1)
        made = prepare(Settings(data=tmp_path_factory.mktemp("mutations")))
        demo.seed(made)
    add_token(made, "admin", "mutations", "mutations")
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def http(services: Services) -> Iterator[TestClient]:
    with TestClient(build_app(services), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = "Bearer mutations"
        yield client


def send(http: TestClient, name: str, body: bytes) -> httpx2.Response:
    """The body as the page sends it: alone, or as its part of a form with the other part whole."""
    if name.startswith("json"):
        return http.post(IMPORT, content=body, headers={"Content-Type": "application/json"})
    number, _, part = name.removeprefix("multipart-").partition("-")
    parts = {p: (PAGE / f"multipart-{number}-{p}.json").read_bytes() for p in ("info", "result")} | {part: body}
    return http.post(f"{IMPORT}/multipart", files=parts)


def assert_told(answer: httpx2.Response) -> None:
    """Stored with everything told in the vendor's shape, or refused with a reason."""
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    body = answer.json()
    if answer.status_code != 200:
        assert answer.status_code == 400, answer.text[:500]
        assert body.keys() == {"error", "message", "details"}
        assert body["error"] == body["message"] != ""
        assert all(d["path"].startswith("$") and d["problem"] for d in body["details"])
        return
    assert body.keys() >= {"testExecIssue", "testIssues", "testRunWarnings", "infoMessages"}
    assert body["testExecIssue"].keys() == {"id", "key", "self"}
    assert body["testIssues"]["success"]
    assert all(error["messages"] for error in body["testIssues"]["error"])


def assert_sound(services: Services) -> None:
    assert [f.what for f in examine(services, deep=True) if not f.good] == []


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(place for key, below in inner for place in places(below, (*above, key)))]


def mutated(root: Any, draw: st.DrawFn) -> Any:
    """A copy with one value taken away, put twice, or given for another."""
    root = copy.deepcopy(root)
    way = draw(st.sampled_from(places(root)[1:] or [()]))
    if not way:
        return draw(st.sampled_from(ODD))
    owner = root
    for key in way[:-1]:
        owner = owner[key]
    what = draw(st.sampled_from(["replace", "replace", "remove", "double", "rename"]))
    if what == "remove":
        del owner[way[-1]]
    elif what == "double" and isinstance(owner, list):
        owner.extend([copy.deepcopy(owner[way[-1]])] * draw(st.integers(1, 3)))
    elif what == "rename" and isinstance(owner, dict):
        owner[draw(st.sampled_from(["status", "x", "TESTKEY", way[-1] + "s", ""]))] = owner.pop(way[-1])
    else:
        owner[way[-1]] = draw(st.sampled_from(ODD) | st.text(max_size=5))
    return root


@st.composite
def other_values(draw: st.DrawFn, root: Any) -> bytes:
    for _ in range(draw(st.integers(1, 4))):
        root = mutated(root, draw)
    return json.dumps(root, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@st.composite
def other_bytes(draw: st.DrawFn, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(changed)))
        end = min(len(changed), start + draw(st.sampled_from([0, 1, 1, 2, 10, 100])))
        piece = bytes(changed[start:end])
        changed[start:end] = draw(
            st.sampled_from([b"", piece * 2, b"\x00", b"\xff", b'"', b"{", b"]", b"\\u0000", b"\\ud800", b"1e999", b","])
        )
    return bytes(changed)


often = settings(max_examples=effort(20, 60), suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("path", BODIES, ids=lambda p: p.stem)
def test_other_values_are_stored_or_refused(http: TestClient, services: Services, path: Path) -> None:
    @often
    @given(other_values(json.loads(path.read_bytes())))
    def check(body: bytes) -> None:
        assert_told(send(http, path.stem, body))

    check()
    assert_sound(services)


@pytest.mark.parametrize("path", BODIES, ids=lambda p: p.stem)
def test_other_bytes_are_stored_or_refused(http: TestClient, services: Services, path: Path) -> None:
    @often
    @given(other_bytes(path.read_bytes()))
    def check(body: bytes) -> None:
        assert_told(send(http, path.stem, body))

    check()
    assert_sound(services)


@pytest.mark.parametrize("path", BODIES, ids=lambda p: p.stem)
def test_every_beginning_of_a_body_is_refused(http: TestClient, services: Services, path: Path) -> None:
    body = path.read_bytes().rstrip()
    for end in sorted({*range(0, len(body), max(1, len(body) // 60)), len(body) - 1}):
        answer = send(http, path.stem, body[:end])
        assert answer.status_code == 400
        assert_told(answer)
    assert_sound(services)
