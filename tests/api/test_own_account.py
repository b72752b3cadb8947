# SPDX-License-Identifier: Apache-2.0
"""People keep their own account on a page that works without scripts: tokens, clients, password, address, sessions."""

from __future__ import annotations

import dataclasses
import html
import re
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from radiograph.actions.accounts import add_token, give_role, put_user
from radiograph.actions.projects import create_project
from radiograph.domain.people import Caller, Role
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from radiograph.actions.services import Services

MYSELF = "/rest/api/2/myself"


@pytest.fixture
def ana(services: Services) -> Iterator[TestClient]:
    """A browser in which Ana, a tester of DEMO, is signed in."""
    put_user(services, "ana", "a long password", display_name="Ana")
    give_role(services, "ana", 10402, Role.TESTER)
    with TestClient(build_app(services), raise_server_exceptions=False) as http:
        http.post("/sign-in", data={"name": "ana", "password": "a long password"})
        yield http


def secrets_on(page: httpx2.Response) -> list[str]:
    return [html.unescape(s) for s in re.findall(r'<pre id="secret-\d"[^>]*>([^<]*)</pre>', page.text)]


def another(client: TestClient) -> TestClient:
    """Another browser before the same server."""
    return TestClient(client.app, raise_server_exceptions=False)


def status(client: TestClient, **headers: str) -> int:
    return another(client).get(MYSELF, headers=headers).status_code


def test_a_token_is_shown_once_and_works_within_its_scope(ana: TestClient) -> None:
    made = ana.post("/me", data={"do": "token", "name": "ci", "role": "viewer", "project": "DEMO", "days": "30"})
    (secret,) = secrets_on(made)
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    assert status(ana, Authorization=f"Bearer {secret}") == 200
    page = ana.get("/me")
    assert (secret in page.text, secret in ana.get("/api/me").text, "ci" in page.text) == (False, False, True)
    (row,) = ana.get("/api/me").json()["tokens"]
    assert (row["role"], row["projects"], row["expired"]) == ("viewer", ["DEMO"], False)
    again = ana.post("/me", data={"do": "token", "name": "ci", "days": "0"})
    assert (again.status_code, "revoke it first" in again.text, secrets_on(again)) == (409, True, [])
    gone = ana.post("/me", data={"do": "revoke-token", "name": "ci"})
    assert "The token ci is revoked." in gone.text
    assert status(ana, Authorization=f"Bearer {secret}") == 401


def test_a_token_says_nothing_of_projects_that_its_maker_cannot_see(ana: TestClient, services: Services) -> None:
    create_project(services, Caller(1, "admin", admin=True), "SECRET", "Secret", "")
    told = [ana.post("/me", data={"do": "token", "name": "ci", "project": key}) for key in ("SECRET", "NONE")]
    assert [(t.status_code, "There is no project" in t.text) for t in told] == [(400, True)] * 2


def test_what_to_try_has_the_address_that_clients_use(ana: TestClient, services: Services) -> None:
    settings = dataclasses.replace(services.settings, public_url="https://results.example.com/radiograph")
    object.__setattr__(services, "settings", settings)
    made = ana.post("/me", data={"do": "token", "name": "ci"})
    assert "https://results.example.com/radiograph/rest/api/2/myself" in made.text


def test_a_client_is_shown_once_and_is_traded_for_a_token(ana: TestClient) -> None:
    number, secret = secrets_on(ana.post("/me", data={"do": "client", "client": "", "role": "tester"}))
    token = ana.post("/api/v2/authenticate", json={"client_id": number, "client_secret": secret}).json()
    assert status(ana, Authorization=f"Bearer {token}") == 200
    assert secret not in ana.get("/me").text
    ana.post("/me", data={"do": "revoke-client", "name": number})
    assert status(ana, Authorization=f"Bearer {token}") == 401
    assert ana.post("/me", data={"do": "revoke-client", "name": "somebody-elses"}).status_code == 404


def test_a_password_needs_the_old_one_and_ends_other_sessions(ana: TestClient) -> None:
    elsewhere = another(ana)
    elsewhere.post("/sign-in", data={"name": "ana", "password": "a long password"})
    form = {"do": "password", "old": "wrong", "new": "another password", "again": "another password"}
    assert (ana.post("/me", data=form).status_code, elsewhere.get(MYSELF).status_code) == (400, 200)
    form["old"] = "a long password"
    assert ana.post("/me", data=form | {"again": "other"}).status_code == 400
    assert ana.post("/me", data=form | {"new": "short", "again": "short"}).status_code == 400
    assert "Your password is changed" in ana.post("/me", data=form).text
    assert (ana.get(MYSELF).status_code, elsewhere.get(MYSELF).status_code) == (200, 401)
    page = ana.get("/me").text
    assert 'autocomplete="new-password"' in page
    assert 'autocomplete="current-password"' in page
    assert "another password" not in page


def test_sessions_are_ended_one_by_one_and_all_but_this(ana: TestClient) -> None:
    others = [another(ana) for _ in range(2)]
    for other in others:
        other.post("/sign-in", data={"name": "ana", "password": "a long password"})
    mark = next(s["mark"] for s in ana.get("/api/me").json()["sessions"] if not s["current"])
    assert "1 session ended" in ana.post("/me", data={"do": "sessions", "mark": mark}).text
    assert "1 session ended" in ana.post("/me", data={"do": "sessions", "mark": ""}).text
    assert [o.get(MYSELF).status_code for o in (*others, ana)] == [401, 401, 200]
    assert ana.post("/me", data={"do": "sessions", "mark": "0000"}).status_code == 404


def test_name_and_address_are_kept_and_bad_ones_refused(ana: TestClient) -> None:
    ana.post("/me", data={"do": "profile", "display_name": "<b>Ana</b> \u202ex", "email": ""})
    ana.post("/me", data={"do": "profile", "display_name": "<b>Ana</b> Lima", "email": "ana@example.org"})
    page = ana.get("/me").text
    assert "&lt;b&gt;Ana&lt;/b&gt; Lima" in page
    assert ana.get("/api/me").json()["email"] == "ana@example.org"
    for bad in ("ana", "a b@example.org", "x" * 300 + "@example.org"):
        assert ana.post("/me", data={"do": "profile", "display_name": "Ana", "email": bad}).status_code == 400
    assert ana.post("/me", data={"do": "nothing"}).status_code == 400


def test_a_scoped_token_makes_no_other_and_another_site_neither(ana: TestClient, services: Services) -> None:
    add_token(services, "ana", "small", "small-secret", role=Role.VIEWER)
    http, headers = another(ana), {"Authorization": "Bearer small-secret"}
    assert http.post("/me", data={"do": "token", "name": "big", "days": "0"}, headers=headers).status_code == 403
    assert http.post("/me", data={"do": "client", "client": "bigger"}, headers=headers).status_code == 403
    foreign = ana.post("/me", data={"do": "token", "name": "x", "days": "0"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert [t["name"] for t in ana.get("/api/me").json()["tokens"]] == ["small"]
