# SPDX-License-Identifier: Apache-2.0
"""What is "new" is the same wherever it is said: gate, triage, pages, the overview of the project and mails, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from tests.contract.door import FIELDS
from tests.contract.test_comparison import mark_flaky
from tests.contract.test_gate import LATER, ask, send

from radiograph.domain.clock import now_ms
from radiograph.insight import notices
from radiograph.store import known_failures, project_settings, quarantines
from radiograph.store import tables as t

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

DEMO = 10402


@pytest.fixture
def key(services: Services, door: Door) -> str:
    """An execution with five failures: a new one, one at the baseline too, one of a defect, one in quarantine, one that is flaky."""
    send(door, "PFPPPP", environments=("iOS",))
    made = send(door, "FFFFFP", environments=("iOS",))
    bug = door.make("Bug")
    with services.db.write() as conn:
        tests: dict[str, int] = dict(conn.execute(sa.select(t.issues.c.summary, t.issues.c.id)).all())
        of_test_2 = sa.select(t.runs.c.fingerprint).where(t.runs.c.test_id == tests["Test 2"], t.runs.c.fingerprint.is_not(None))
        known_failures.put_known(conn, DEMO, [conn.execute(of_test_2).scalar_one()], known_failures.Note(bug, 1, 1, links=False))
        quarantines.add(conn, DEMO, tests["Test 3"], "broken lift", LATER, (1, 1))
    mark_flaky(services, {"Test 4": '["iOS"]'})
    return made


def test_the_gate_and_triage_have_one_new_failure(door: Door, key: str) -> None:
    assert [f["summary"] for f in ask(door, execution=key)["newFailures"]] == ["Test 0"]
    assert "1 new failure" in door.http.get(f"/gate?execution={key}").text
    assert door.http.get(f"/api/projects/DEMO/triage?execution={key}").json()["new"] == 1


def test_the_page_of_the_execution_has_the_same_one_and_says_that_the_others_are_not(door: Door, key: str) -> None:
    page = door.http.get(f"/browse/{key}").text
    assert ">1 new failure</a>" in page
    assert ", 4 not new; 1 of 6 passed" in page
    assert page.count('<span class="tag">new</span>') == 1
    only = door.http.get(f"/browse/{key}?new=1").text
    assert ("Test 0" in only, "Test 3" in only) == (True, False)


def test_the_report_and_the_overview_of_the_project_have_it(door: Door, key: str) -> None:
    assert door.http.get(f"/browse/{key}/report").text.count('<span class="tag">new</span>') == 1
    found = door.http.get("/api/projects/DEMO/overview").json()
    assert (found["newCount"], [f["summary"] for f in found["newFailures"]]) == (1, ["Test 0"])


def test_hooks_and_mails_tell_of_it_alone(services: Services, door: Door, key: str) -> None:
    assert door
    with services.db.write() as conn:
        project_settings.put_setting(conn, DEMO, notices.MARK, "0")
        news = notices.news(conn, DEMO, "DEMO", "http://r.example", now_ms() + 60_000)
    assert news is not None
    told = [n for n in news.notices if n.event == "new.failure" and n.facts["execution"] == key]
    assert [(n.text, n.facts["new"]) for n in told] == [(f"1 new failure in {key} on iOS", 1)]
    assert [i.text for i in told[0].items] == ["Test 0"]


def test_a_known_failure_is_new_again_when_its_defect_is_done(services: Services, door: Door, key: str) -> None:
    with services.db.write() as conn:
        bug = conn.execute(sa.select(t.known_failures.c.defect_key)).scalar_one()
        conn.execute(sa.update(t.issues).where(t.issues.c.key == bug).values(workflow="Done"))
    assert ">2 new failures</a>" in door.http.get(f"/browse/{key}").text


def test_an_execution_with_nothing_before_it_counts_no_failure_as_new_on_its_page(door: Door) -> None:
    page = door.http.get(f"/browse/{send(door, 'FP')}").text
    assert "1 failure</strong>" in page
    assert "new failure" not in page


def test_what_is_only_planned_or_skipped_neither_is_a_measure_nor_hides_the_failures_before_it(door: Door) -> None:
    first = send(door, "PFPP")
    send(door, "TTTT")
    second = send(door, "FFPP")
    found = ask(door, execution=second)
    assert (found["baseline"]["key"], [f["summary"] for f in found["newFailures"]]) == (first, ["Test 0"])
    planned = door.make("Test Execution", **{FIELDS["branch"]: "main"})
    tests = [row["key"] for row in door.http.get(f"/rest/raven/2.0/api/testexec/{second}/test").json()]
    assert door.http.post(f"/rest/raven/2.0/api/testexec/{planned}/test", json={"add": tests}).status_code == 200
    triage = door.http.get("/api/projects/DEMO/triage").json()
    assert ([e["key"] for e in triage["executions"]], triage["failures"]) == ([second], 2)
    assert ask(door, project="DEMO", branch="main")["execution"]["key"] == second
    assert door.http.get("/api/projects/DEMO/overview").json()["newCount"] == 1
    assert ask(door, execution=planned)["verdict"] == "unknown"
    skipped = send(door, "TTTT")
    assert ask(door, project="DEMO", branch="main")["execution"]["key"] == skipped
