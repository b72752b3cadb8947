# SPDX-License-Identifier: Apache-2.0
"""The page of what goes out of a project: forms, secrets, and who may do what."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.receivers import receiver

from radiograph.actions.accounts import give_role, put_user
from radiograph.domain.people import Role
from radiograph.store import accounts, outgoing
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from radiograph.actions.services import Services

URL = "https://1.1.1.1/services/T0/secret-part"
HOOK = {"name": "<b>Chat</b>", "url": URL, "shape": "slack", "event": "new.failure"}
PAGE = "/projects/DEMO/sharing"


@pytest.fixture(autouse=True)
def _nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiograph.web.upkeep.TELL_S", 3600)


def test_a_secret_is_said_once_and_stands_nowhere_after_that(client: TestClient, services: Services) -> None:
    said = client.post(PAGE, data=HOOK).text
    with services.db.read() as conn:
        hook = outgoing.hooks(conn, 10402)[0]
    assert len(hook.secret) >= 32
    assert hook.secret in said
    for path in (PAGE, "/api/projects/DEMO/sharing"):
        text = client.get(path).text
        assert hook.secret not in text
        assert "secret-part" not in text
        assert "1.1.1.1" in text


def test_a_secret_that_was_given_is_never_said(client: TestClient) -> None:
    assert "my own secret" not in client.post(PAGE, data=HOOK | {"secret": "my own secret"}).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "javascript:alert(1)"},
        {"url": "http://127.0.0.1/"},
        {"url": "http://localhost/"},
        {"shape": "x"},
        {"event": "x"},
        {"url": ""},
    ],
    ids=str,
)
def test_what_cannot_be_called_is_refused_and_nothing_is_kept(client: TestClient, services: Services, wrong: dict[str, str]) -> None:
    assert client.post(PAGE, data=HOOK | wrong).status_code == 400
    with services.db.read() as conn:
        assert outgoing.hooks(conn, 10402) == []


def test_who_is_no_administrator_sees_no_hooks_and_changes_none(client: TestClient, services: Services) -> None:
    client.post(PAGE, data=HOOK)
    client.post(f"{PAGE}/badges", data={"what": "renew"})
    put_user(services, "lea", "lea-password")
    give_role(services, "lea", 10402, Role.LEAD)
    client.cookies.clear()
    client.auth = ("lea", "lea-password")
    page = client.get(PAGE)
    assert (page.status_code, "Hooks" in page.text, "/badges/" in page.text) == (200, False, False)
    assert client.get("/api/projects/DEMO/sharing").json()["hooks"] == []
    assert client.post(PAGE, data=HOOK).status_code == 403
    assert client.post(f"{PAGE}/hooks/1", data={"what": "remove"}).status_code == 403
    assert client.post(f"{PAGE}/badges", data={"what": "off"}).status_code == 403


def test_a_form_of_another_site_changes_nothing(client: TestClient, services: Services) -> None:
    client.auth = httpx2.Auth()
    assert client.post("/sign-in", data={"name": "admin", "password": "admin"}).status_code == 200
    answer = client.post(PAGE, data=HOOK, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    with services.db.read() as conn:
        assert outgoing.hooks(conn, 10402) == []


def test_mails_are_chosen_by_who_has_an_address(client: TestClient, services: Services) -> None:
    assert client.post(f"{PAGE}/mails", data={"mail": "weekly"}).status_code == 400
    put_user(services, "ana", "ana-password")
    with services.db.write() as conn:
        accounts.put_account(conn, "ana", {"email": "ana@example.org"})
    give_role(services, "ana", 10402, Role.VIEWER)
    client.cookies.clear()
    client.auth = ("ana", "ana-password")
    assert "You get mail of DEMO" in client.post(f"{PAGE}/mails", data={"mail": ["weekly", "failures", "nonsense"]}).text
    assert client.get("/api/projects/DEMO/sharing").json()["mails"] == ["failures", "weekly"]
    assert "You get no mail" in client.post(f"{PAGE}/mails", data={}).text


def test_sending_a_test_reaches_a_real_server_by_the_servers_own_task(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiograph.web.upkeep.TELL_S", 0.05)
    opened = dataclasses.replace(services, settings=dataclasses.replace(services.settings, hooks_private=True))
    with receiver() as there, TestClient(build_app(opened)) as http:
        http.auth = ("admin", "admin")
        http.post(PAGE, data=HOOK | {"url": f"{there.url}/x"})
        http.post(f"{PAGE}/hooks/1", data={"what": "test"})
        until = time.monotonic() + 20
        while not there.calls and time.monotonic() < until:
            time.sleep(0.05)
        assert b"This is a test of the hook" in there.calls[0][2]
        while "sent" not in http.get(PAGE).text and time.monotonic() < until:
            time.sleep(0.05)
        assert "200 thank you" in http.get(PAGE).text
