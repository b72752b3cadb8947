# SPDX-License-Identifier: Apache-2.0
"""Tests in quarantine: who may put them there, and that it ends, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.contract.door import generic, imported

from radiograph.actions import quarantine
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Forbidden, IssueNotFound, NotFound, Refused
from radiograph.domain.people import Caller, Role
from radiograph.store import quarantines

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

ADMIN = Caller(1, "admin", admin=True)
DEMO = 10402


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d")


def held(services: Services) -> list[tuple[str, str]]:
    return [(q.test_key, q.reason) for q in quarantine.quarantine_page(services, ADMIN, "DEMO").holding]


def test_a_test_is_put_in_quarantine_once_stays_longer_and_comes_out(services: Services, door: Door) -> None:
    one, two = imported(door.load(generic(1), generic(2)))
    assert quarantine.put(services, ADMIN, "DEMO", one.lower(), "  the lift is broken ", day(0)) == one
    quarantine.put(services, ADMIN, "DEMO", two, "later", day(30))
    assert held(services) == [(one, "the lift is broken"), (two, "later")]
    with pytest.raises(Conflict):
        quarantine.put(services, ADMIN, "DEMO", one, "again", day(1))
    first = quarantine.quarantine_page(services, ADMIN, "DEMO").holding[0]
    quarantine.extend(services, ADMIN, "DEMO", first.id, day(60))
    assert [key for key, _ in held(services)] == [two, one]
    quarantine.end(services, ADMIN, "DEMO", first.id)
    page = quarantine.quarantine_page(services, ADMIN, "DEMO")
    assert ([q.test_key for q in page.holding], [q.test_key for q in page.over]) == ([two], [one])
    with pytest.raises(NotFound):
        quarantine.end(services, ADMIN, "DEMO", first.id)
    quarantine.put(services, ADMIN, "DEMO", one, "once more", day(1))


def test_what_is_over_no_longer_counts(services: Services, door: Door) -> None:
    (key,) = imported(door.load(generic(1)))
    quarantine.put(services, ADMIN, "DEMO", key, "why", day(1))
    row = quarantine.quarantine_page(services, ADMIN, "DEMO").holding[0]
    with services.db.read() as conn:
        assert quarantines.quarantined(conn, DEMO, now_ms()) == {row.test_id}
        assert row.until_ms is not None
        assert quarantines.quarantined(conn, DEMO, row.until_ms) == set()


@pytest.mark.parametrize(
    ("reason", "until"), [("", "+1"), ("   ", "+1"), ("why", "-1"), ("why", "+400"), ("why", ""), ("why", "soon"), ("why", "2026-13-01")]
)
def test_a_reason_and_a_day_to_come_within_a_year_are_needed(services: Services, door: Door, reason: str, until: str) -> None:
    (key,) = imported(door.load(generic(1)))
    with pytest.raises(Refused):
        quarantine.put(services, ADMIN, "DEMO", key, reason, day(int(until)) if until[:1] in {"+", "-"} else until)
    assert held(services) == []


def test_only_tests_that_are_there_and_only_by_those_who_may(services: Services, door: Door) -> None:
    (key,) = imported(door.load(generic(1)))
    bug = door.make("Bug")
    with pytest.raises(Refused, match="not a Test"):
        quarantine.put(services, ADMIN, "DEMO", bug, "why", day(1))
    with pytest.raises(IssueNotFound):
        quarantine.put(services, ADMIN, "DEMO", "DEMO-999", "why", day(1))
    for role in (Role.VIEWER, Role.TESTER):
        with pytest.raises(Forbidden):
            quarantine.put(services, Caller(5, "x", roles={DEMO: role}), "DEMO", key, "why", day(1))
    with pytest.raises(NotFound):
        quarantine.put(services, Caller(6, "y"), "DEMO", key, "why", day(1))


def test_the_page_and_its_twin_show_what_forms_did(door: Door) -> None:
    (key,) = imported(door.load(generic(1)))
    form = {"do": "put", "test": key, "reason": "<b>why</b>", "until": day(3)}
    answer = door.http.post("/projects/DEMO/quarantine", data=form, headers={"Origin": "http://testserver"})
    assert answer.status_code == 200
    assert f"{key} is in quarantine until {day(3)}." in answer.text
    assert "&lt;b&gt;why" in answer.text
    twin = door.http.get("/api/projects/DEMO/quarantine").json()
    assert [(q["test"], q["reason"], q["by"]) for q in twin["holding"]] == [(key, "<b>why</b>", "admin")]
    number = twin["holding"][0]["id"]
    door.http.post("/projects/DEMO/quarantine", data={"do": "end", "id": number}, headers={"Origin": "http://testserver"})
    assert [q["test"] for q in door.http.get("/api/projects/DEMO/quarantine").json()["over"]] == [key]
