# SPDX-License-Identifier: Apache-2.0
"""People, tokens and sessions on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from radiograph.actions import accounts, admin_people
from radiograph.actions.accounts import Gate
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import NotSignedIn, TooManyTries
from radiograph.domain.people import Caller, Role

if TYPE_CHECKING:
    from radiograph.actions.services import Services


def test_a_token_signs_its_owner_in_within_its_scope(services: Services) -> None:
    accounts.put_user(services, "ana", "secret")
    accounts.give_role(services, "ana", 10402, Role.LEAD)
    token = accounts.add_token(services, "ana", "ci", role=Role.TESTER)
    caller = accounts.sign_in_with_token(services, Gate(), token, "")
    assert (caller.name, caller.role_in(10402), caller.role_in(1)) == ("ana", Role.TESTER, None)


def test_a_session_that_a_token_opened_ends_when_the_token_is_revoked(services: Services) -> None:
    token = accounts.add_token(services, "admin", "ci")
    cookie = accounts.open_session(services, accounts.sign_in_with_token(services, Gate(), token, ""))
    assert accounts.sign_in_with_session(services, cookie) is not None
    accounts.revoke_token(services, "admin", "ci")
    assert accounts.sign_in_with_session(services, cookie) is None
    with pytest.raises(NotSignedIn):
        accounts.sign_in_with_token(services, Gate(), token, "")


def test_a_token_and_its_sessions_end_on_its_date(services: Services) -> None:
    token = accounts.add_token(services, "admin", "ci")
    cookie = accounts.open_session(services, accounts.sign_in_with_token(services, Gate(), token, ""))
    with services.db.write() as conn:
        conn.execute(sa.text("UPDATE tokens SET expires_ms = :then WHERE name = 'ci'"), {"then": now_ms() - 1})
    assert accounts.sign_in_with_session(services, cookie) is None
    with pytest.raises(NotSignedIn):
        accounts.sign_in_with_token(services, Gate(), token, "")


def test_a_new_password_ends_the_sessions_and_forgets_the_old_one_at_once(services: Services) -> None:
    gate = Gate()
    accounts.put_user(services, "ana", "old")
    cookie = accounts.open_session(services, accounts.sign_in_with_password(services, gate, "ana", "old", ""))
    accounts.put_user(services, "ana", "new")
    assert accounts.sign_in_with_session(services, cookie) is None
    with pytest.raises(NotSignedIn):
        accounts.sign_in_with_password(services, gate, "ana", "old", "")
    assert accounts.sign_in_with_password(services, gate, "ana", "new", "").name == "ana"


def test_after_ten_failures_a_minute_even_the_right_password_has_to_wait(services: Services) -> None:
    gate = Gate()
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            accounts.sign_in_with_password(services, gate, "admin", "wrong", "10.0.0.1")
    with pytest.raises(TooManyTries) as waits:
        accounts.sign_in_with_password(services, gate, "admin", "admin", "10.0.0.1")
    assert 0 < waits.value.retry_after <= 60
    assert accounts.sign_in_with_password(services, gate, "admin", "admin", "10.0.0.2").admin


def test_ten_bad_tokens_make_their_address_wait_but_a_good_one_is_always_good(services: Services) -> None:
    gate = Gate()
    good = accounts.add_token(services, "admin", "ci")
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            accounts.sign_in_with_token(services, gate, "wrong", "10.0.0.1")
    with pytest.raises(TooManyTries):
        accounts.sign_in_with_token(services, gate, "wrong", "10.0.0.1")
    assert accounts.sign_in_with_token(services, gate, good, "10.0.0.1").admin


def test_who_is_shut_out_stays_so_with_a_new_password(services: Services) -> None:
    accounts.put_user(services, "ana", "a long password")
    admin_people.set_active(services, Caller(1, "admin", admin=True), "ana", active=False)
    accounts.put_user(services, "ana", "another password", display_name="Ana")
    accounts.put_user(services, "ana", None)
    (ana,) = (a for a in accounts.users(services) if a.name == "ana")
    assert (ana.active, ana.display_name) == (False, "Ana")


def test_who_is_known_by_name_only_cannot_sign_in(services: Services) -> None:
    with services.db.write() as conn:
        conn.execute(
            sa.text("INSERT INTO users (id, name, active, admin, created_ms) VALUES (99, 'bot', :no, :no, 0)"),
            {"no": False},
        )
    with pytest.raises(NotSignedIn):
        accounts.sign_in_with_password(services, Gate(), "bot", "", "")
