# SPDX-License-Identifier: Apache-2.0
"""Mails go to who asked for them, by a real mail server, on both databases."""

from __future__ import annotations

import dataclasses
import email
import email.policy
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic
from tests.receivers import postbox

from radiograph.actions import sharing
from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.announcing import address_for, announce, deliver, week_of, weekly
from radiograph.domain.people import Caller, Role
from radiograph.insight import notices
from radiograph.insight.digest import WEEK_MS, next_monday
from radiograph.store import accounts
from radiograph.store import tables as t
from radiograph.web.mails import of_notice, of_week

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.door import Door
    from tests.receivers import Postbox

    from radiograph.actions.services import Services

DEMO = 10402


@pytest.fixture
def box() -> Iterator[Postbox]:
    """Who takes mails."""
    with postbox() as made:
        yield made


@pytest.fixture
def posted(services: Services, box: Postbox, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The instance with that mail server; nobody else tells."""
    monkeypatch.setattr(notices, "QUIET_MS", -1000)
    monkeypatch.setattr("radiograph.web.upkeep.TELL_S", 3600)
    settings = dataclasses.replace(
        services.settings, smtp_host="127.0.0.1", smtp_port=box.port, smtp_starttls=False, smtp_from="Radiograph <tests@r.example>",
        public_url="https://r.example",
    )  # fmt: skip
    return dataclasses.replace(services, settings=settings)


def reader(services: Services, *kinds: str) -> Caller:
    """Ana, who may read DEMO and gets these mails."""
    put_user(services, "ana", None)
    give_role(services, "ana", DEMO, Role.VIEWER)
    with services.db.write() as conn:
        accounts.put_account(conn, "ana", {"email": "ana@example.org"})
        account = accounts.find_account(conn, "ana")
        assert account is not None
        caller = accounts.caller(conn, account)
    sharing.choose_mails(services, caller, "DEMO", list(kinds), "http://elsewhere")
    return caller


def parts(box: Postbox) -> tuple[Any, str, str]:
    """The only mail that came: itself, its text and its HTML."""
    assert len(box.mails) == 1
    mail = email.message_from_bytes(box.mails[0][2], policy=email.policy.default)
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return mail, text.get_content(), html.get_content()


def night(door: Door, statuses: str, summary: str = "Test", branch: str = "") -> None:
    words = {"F": "FAIL", "P": "PASS"}
    tests = [generic(i, words[s]) | {"testInfo": generic(i)["testInfo"] | {"summary": f"{summary} {i}"}} for i, s in enumerate(statuses)]
    door.load(*tests, info={"project": "DEMO", "testEnvironments": ["iOS"]}, **({"branch": branch} if branch else {}))


def test_a_reader_does_not_tell_where_everybodys_links_lead_and_an_administrator_does(services: Services) -> None:
    reader(services, "failures")
    page = sharing.sharing(services, Caller(1, "admin", admin=True), "DEMO")
    assert not page.links
    sharing.choose_mails(services, Caller(1, "admin", admin=True), "DEMO", [], "http://r.example")
    with services.db.read() as conn:
        assert address_for(services, conn, DEMO) == "http://r.example"


def test_new_failures_are_mailed_as_text_and_as_html_in_which_names_stay_texts(posted: Services, door: Door, box: Postbox) -> None:
    reader(posted, "failures")
    night(door, "FP", "<script>alert(1)</script>")
    assert announce(posted, of_notice) == 1
    assert deliver(posted) == 1
    mail, text, html = parts(box)
    assert (mail["To"], mail["From"], mail["Auto-Submitted"]) == ("ana@example.org", "Radiograph <tests@r.example>", "auto-generated")
    assert "1 new failure in DEMO-" in mail["Subject"]
    assert "https://r.example/runs/" in text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert box.mails[0][1] == ["<ana@example.org>"]


def test_a_week_is_mailed_once_a_week_and_says_what_broke_and_since_when(posted: Services, door: Door, box: Postbox) -> None:
    reader(posted, "weekly")
    night(door, "PP")
    night(door, "FP")
    assert weekly(posted, of_week) == 0, "not before the next Monday"
    with posted.db.write() as conn:
        conn.execute(sa.update(t.subscriptions).values(sent_ms=1))
    assert (weekly(posted, of_week), weekly(posted, of_week)) == (1, 0)
    deliver(posted)
    mail, text, html = parts(box)
    assert "The week: 1 broke, 0 still failing, 2 executions with 4 runs" in mail["Subject"]
    assert "Test 0 on iOS: since " in text
    assert "https://r.example/projects/DEMO/flaky" in text
    assert 'href="https://r.example/runs/' in html


def test_who_lost_the_role_gets_nothing_more(posted: Services, door: Door, box: Postbox) -> None:
    reader(posted, "failures", "weekly")
    with posted.db.write() as conn:
        conn.execute(sa.delete(t.roles))
        conn.execute(sa.update(t.subscriptions).values(sent_ms=1))
    night(door, "F")
    assert (announce(posted, of_notice), weekly(posted, of_week), deliver(posted), box.mails) == (0, 0, 0, [])


def test_a_mail_that_is_refused_is_tried_again(posted: Services, door: Door, box: Postbox) -> None:
    reader(posted, "failures")
    box.refuses = "451 later"
    night(door, "F")
    announce(posted, of_notice)
    deliver(posted)
    with posted.db.write() as conn:
        state, tries, answer = conn.execute(sa.select(t.outgoing.c.state, t.outgoing.c.tries, t.outgoing.c.answer)).one()
        conn.execute(sa.update(t.outgoing).values(due_ms=1))
    assert (state, tries, "451" in answer) == ("waiting", 1, True)
    box.refuses = ""
    deliver(posted)
    assert len(box.mails) == 1


def test_a_week_tells_what_the_reader_may_see_only_and_old_failures_apart(posted: Services, door: Door) -> None:
    caller = reader(posted, "weekly")
    night(door, "F")
    with posted.db.write() as conn:
        conn.execute(sa.update(t.executions).values(begin_ms=1))
    night(door, "F")
    week, base = week_of(posted, caller, "DEMO", "http://elsewhere")
    assert (len(week.broke), len(week.failing), base, week.executions, week.runs) == (0, 1, "https://r.example", 1, 1)
    assert "since 01 January, 2 runs" in week.failing[0].text


def test_a_week_follows_the_main_branch_and_not_what_somebody_tries_elsewhere(posted: Services, door: Door) -> None:
    caller = reader(posted, "weekly")
    night(door, "FP", branch="main")
    night(door, "FP", branch="main")
    night(door, "PF", branch="try")
    for _ in range(70):
        night(door, "F", branch="try")
    week, _ = week_of(posted, caller, "DEMO", "")
    assert [i.text.split(": ")[0] for i in week.broke] == ["Test 0 on iOS"]
    assert week.broke[0].text.endswith(", 2 runs")
    assert (week.executions, week.runs) == (73, 76)


def test_mondays_follow_each_other() -> None:
    monday = next_monday(0)
    assert (next_monday(monday), next_monday(monday - 1)) == (monday + WEEK_MS, monday)
    assert next_monday(monday + 3 * 86_400_000) == monday + WEEK_MS
