# SPDX-License-Identifier: Apache-2.0
"""Mails given to a real mail server on this machine that wants TLS and a password; what can't be mailed is an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.receivers import AUTHORITY, postbox

from radiograph.actions.own_account import check_profile
from radiograph.delivery.mail import Mail, send
from radiograph.domain.errors import Refused
from radiograph.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.receivers import Postbox

MAIL = Mail("1 new failure", "Text", "<p>Text</p>")
PASSWORD = "geheim + 1"


@pytest.fixture
def box() -> Iterator[Postbox]:
    """Who takes mails after STARTTLS and signing in."""
    with postbox(PASSWORD) as made:
        yield made


def settings(folder: Path, box: Postbox, **more: object) -> Settings:
    """Those of an instance that sends its mails there."""
    values = {"smtp_host": "localhost", "smtp_port": box.port, "smtp_user": "radiograph", "smtp_password": PASSWORD} | more
    return Settings(data=folder, **values)  # type: ignore[arg-type]


def test_a_mail_is_given_over_tls_after_signing_in(tmp_path: Path, box: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    came = send(settings(tmp_path, box), MAIL, "ana@example.org")
    assert (came.good, came.answer, box.signed_in) == (True, "taken", [f"radiograph:{PASSWORD}"])
    assert [to for _, to, _ in box.mails] == [["<ana@example.org>"]]


def test_no_password_is_told_to_who_cannot_prove_the_name(tmp_path: Path, box: Postbox) -> None:
    came = send(settings(tmp_path, box), MAIL, "ana@example.org")
    assert (came.good, "certificate verify failed" in came.answer, box.signed_in, box.mails) == (False, True, [], [])


@pytest.mark.parametrize(
    ("more", "told"),
    [({"smtp_password": "wrong"}, "535"), ({"smtp_user": ""}, "530"), ({"smtp_starttls": False}, "not supported by server")],
)
def test_what_the_mail_server_does_not_take_is_told_without_the_password(
    tmp_path: Path, box: Postbox, monkeypatch: pytest.MonkeyPatch, more: dict[str, object], told: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    came = send(settings(tmp_path, box, **more), MAIL, "ana@example.org")
    assert (came.good, told in came.answer, box.mails) == (False, True, [])
    assert "wrong" not in came.answer
    assert PASSWORD not in came.answer


def test_an_address_that_no_mail_can_be_made_for_is_an_answer() -> None:
    came = send(Settings(smtp_host="127.0.0.1", smtp_port=9), Mail("s", "t", "h"), "team:a@b.c;.d")
    assert (came.good, came.answer.split(":")[0]) == (False, "AttributeError")


@pytest.mark.parametrize("sign", list(':;,()[]<>\\" '))
def test_an_address_has_no_signs_that_mail_reads_otherwise(sign: str) -> None:
    check_profile("Ana", "ana.o'neil+ci@example.org")
    for bad in (f"a{sign}a@b.c", f"a@b{sign}b.c", f"a@b.c{sign}c"):
        with pytest.raises(Refused):
            check_profile("Ana", bad)
