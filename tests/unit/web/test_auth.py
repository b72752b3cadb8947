# SPDX-License-Identifier: Apache-2.0
"""Who is calling, by what a request carries."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from radiograph.actions.accounts import add_token, put_user
from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.web.app import build_app
from radiograph.web.auth import COOKIE, session_cookies

if TYPE_CHECKING:
    from collections.abc import Iterator

ME = "/rest/api/2/myself"


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    services = prepare(Settings(data=tmp_path_factory.mktemp("auth")))
    put_user(services, "ana", "pässword: with colon")
    add_token(services, "ana", "ci", "secret-token")
    with TestClient(build_app(services), raise_server_exceptions=False) as client:
        yield client
    services.db.close()


def basic(name: str, password: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(f"{name}:{password}".encode(encoding)).decode()


def asks(http: TestClient, **headers: str) -> int:
    http.cookies.clear()
    return http.get(ME, headers=headers).status_code


@pytest.mark.parametrize("scheme", ["Basic ", "basic ", "BASIC ", "bAsIc "])
def test_the_scheme_may_be_in_any_case(http: TestClient, scheme: str) -> None:
    assert asks(http, Authorization=scheme + basic("ana", "pässword: with colon")) == 200
    assert asks(http, Authorization=scheme.lower().replace("basic", "bEARER") + " secret-token  ") == 200


@pytest.mark.parametrize(
    "value",
    [
        "", "Basic", "Basic ", "Bearer", "Bearer ", "Basic " + basic("ana", "wrong"), "Basic " + basic("", ""), "Basic " + base64.b64encode(b"ana").decode(),
        "Basic " + basic("ana", "pässword: with colon", "latin-1"), "Basic " + basic("ana\0", "x"), "Basic a", "Basic é", "Bearer secret-token2", "Token secret-token", "secret-token",
    ],
)  # fmt: skip
def test_anything_else_is_nobody(http: TestClient, value: str) -> None:
    http.app.state.gate.__init__()  # type: ignore[attr-defined]
    http.cookies.clear()
    assert http.get(ME, headers={b"Authorization": value.encode()}).status_code == 401


def test_a_session_is_found_among_cookies_of_the_same_name(http: TestClient) -> None:
    http.cookies.clear()
    good = http.get(ME, headers={"Authorization": "Bearer secret-token"}).cookies[COOKIE]
    assert asks(http, Cookie=f"{COOKIE}={good}") == 200
    assert asks(http, Cookie=f"{COOKIE}=of-another-server; x=1; {COOKIE}={good}") == 200
    assert asks(http, Cookie=f'{COOKIE}="{good}"; {COOKIE}=of-another-server') == 200
    assert asks(http, Cookie=f"{COOKIE}=wrong; {COOKIE}=") == 401
    assert asks(http, Cookie=f"x{COOKIE}={good}; {COOKIE.lower()}={good}") == 401


def test_a_form_of_another_site_is_refused_and_our_own_is_not(http: TestClient) -> None:
    http.cookies.clear()
    cookie = f"{COOKIE}={http.get(ME, headers={'Authorization': 'Bearer secret-token'}).cookies[COOKIE]}"
    http.cookies.clear()
    for more in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert http.post("/rest/api/2/search", json={}, headers={"Cookie": cookie} | more).status_code == 403
        assert http.get(ME, headers={"Cookie": cookie} | more).status_code == 200
    for own in ({"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}):
        assert http.post("/rest/api/2/search", json={}, headers={"Cookie": cookie} | own).status_code == 200


def test_a_form_of_another_site_is_refused_with_a_password_that_the_browser_remembers(http: TestClient) -> None:
    http.cookies.clear()
    known = {"Authorization": f"Basic {basic('ana', 'pässword: with colon')}"}
    for more in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://["}, {"Sec-Fetch-Site": "cross-site"}):
        assert http.post("/rest/api/2/search", json={}, headers=known | more).status_code == 403
        assert http.get(ME, headers=known | more).status_code == 200
    for own in ({"Origin": "http://testserver"}, {"Sec-Fetch-Site": "none"}, {}):
        assert http.post("/rest/api/2/search", json={}, headers=known | own).status_code == 200
    assert (
        http.post(
            "/rest/api/2/search", json={}, headers={"Authorization": "Bearer secret-token", "Origin": "https://a.example"}
        ).status_code
        == 200
    )


def test_signing_out_ends_our_session_whatever_other_servers_cookies_stand_beside_it(http: TestClient) -> None:
    http.cookies.clear()
    good = http.get(ME, headers={"Authorization": "Bearer secret-token"}).cookies[COOKIE]
    http.cookies.clear()
    cookies = {"Cookie": f"{COOKIE}={good}; {COOKIE}=of-another-server"}
    assert http.post("/sign-out", headers=cookies, follow_redirects=False).status_code == 303
    assert http.get(ME, headers=cookies).status_code == 401


def test_asking_for_the_head_of_the_sign_in_page_tries_no_password(http: TestClient) -> None:
    assert [http.head("/sign-in").status_code for _ in range(12)] == [200] * 12


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([], []), (["a=b"], []), ([f"{COOKIE}=1"], ["1"]), ([f" {COOKIE}=1 ;{COOKIE}=2"], ["1", "2"]), ([f"{COOKIE}=1", f"{COOKIE}=2"], ["1", "2"]),
        ([f"{COOKIE}=1; {COOKIE}=1"], ["1"]), ([f"{COOKIE}"], []), ([f"{COOKIE}=a=b"], ["a=b"]), ([";;;=;"], []), (["; ".join(f"{COOKIE}={i}" for i in range(50))], list("01234")),
    ],
)  # fmt: skip
def test_cookies_that_may_be_a_session(headers: list[str], found: list[str]) -> None:
    request = Request({"type": "http", "headers": [(b"cookie", h.encode()) for h in headers]})
    assert session_cookies(request) == found
