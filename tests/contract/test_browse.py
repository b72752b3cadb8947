# SPDX-License-Identifier: Apache-2.0
"""What the pages ask of the store, on both databases."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, imported, key_of

from radiograph.actions import browse, browse_execution, browse_issue, browse_runs
from radiograph.actions.browse_execution import Wanted
from radiograph.actions.browse_issue import issue_page
from radiograph.actions.projects import add_project
from radiograph.domain.errors import IssueNotFound, Refused
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t
from radiograph.store.failures import runs_with_defect

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.browse_execution import ExecutionPage
    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)


def night(door: Door, environments: list[str], statuses: str) -> str:
    """Import an execution: one letter a Test, F for FAIL, P for PASS, T for TODO; its key."""
    words = {"F": "FAIL", "P": "PASS", "T": "TODO"}
    tests = [generic(i, words[s]) for i, s in enumerate(statuses)]
    return key_of(door.load(*tests, info={"project": "DEMO", "testEnvironments": environments}))


def look(services: Services, key: str, **wanted: Any) -> ExecutionPage:
    return browse_execution.execution_page(services, CALLER, browse.find(services, CALLER, key), Wanted(**wanted))


def summaries(page: ExecutionPage) -> list[str]:
    return [r.test_summary for r in page.listing.rows]


def test_new_failures_are_those_that_did_not_fail_in_the_execution_before_with_the_same_environments(
    services: Services, door: Door
) -> None:
    first = night(door, ["iOS", "Tablet"], "FPP")
    night(door, ["iOS"], "FFF")
    night(door, ["iOS", "Tablet", "Beta"], "FFF")
    last = night(door, ["Tablet", "iOS"], "FPFF")
    page = look(services, last)
    assert page.previous == first
    assert page.new is not None
    assert sorted(r.test_summary for r in page.listing.rows if r.test_id in page.new) == ["Test 2", "Test 3"]
    assert summaries(look(services, last, new=True)) == ["Test 2", "Test 3"]
    assert (look(services, first).previous, look(services, first).new) == ("", None)


def test_an_issue_counts_all_its_tests_and_runs_and_shows_some(services: Services, door: Door) -> None:
    bug = door.make("Bug")
    tests = imported(door.load(*(generic(n, "FAIL", **({"defects": [bug]} if n < 60 else {})) for n in range(201))))
    held = door.make("Test Set", customfield_10120=tests)
    page = door.http.get(f"/browse/{held}")
    assert ('Tests <span class="count">201</span>' in page.text, "1 to 200 of 201" in page.text, len(page.text) < 150_000) == (True,) * 3
    assert "201 to 201 of 201" in door.http.get(f"/browse/{held}?tests=200").text
    found = door.http.get(f"/browse/{bug}").text
    assert ('defect of <span class="count">60</span>' in found, "The newest 50 of 60" in found) == (True, True)
    other = Caller(5, "else", roles={1: Role.VIEWER})
    hidden = browse_issue.issue_page(services, other, browse.find(services, CALLER, bug))
    assert (hidden.all_runs, hidden.runs) == (0, [])


def test_imports_of_one_millisecond_are_listed_once_each_over_the_end_of_a_page(services: Services, door: Door) -> None:
    for n in range(60):
        door.load(generic(n))
    with services.db.write() as conn:
        conn.execute(sa.update(t.imports).values(at_ms=1_800_000_000_000))
    first = browse.imports_page(services, CALLER, "")
    rest = browse.imports_page(services, CALLER, first.next)
    assert (len(first.rows), len({v.row.id for v in [*first.rows, *rest.rows]}), rest.next) == (50, 60, "")
    assert browse.imports_page(services, CALLER, "1800000000001").rows == first.rows
    assert browse.imports_page(services, CALLER, "1800000000000").rows == []
    assert [door.http.get("/imports", params={"before": place}).status_code for place in ("1800000000000.1", "x")] == [200, 400]


def test_an_execution_without_results_is_not_compared_with(services: Services, door: Door) -> None:
    first = night(door, [], "F")
    door.make("Test Execution")
    assert look(services, night(door, [], "F")).previous == first


def test_the_runs_of_an_execution_come_failures_first_in_pages_that_miss_and_repeat_none(services: Services, door: Door) -> None:
    key = night(door, [], "PFT" * 45)
    found, after = [], ""
    for _ in range(3):
        page = look(services, key, after=after)
        found += [(page.statuses.by_id[r.status_id].name, r.rank) for r in page.listing.rows]
        after = page.listing.next
    assert after == ""
    assert [s for s, _ in found] == ["FAIL"] * 45 + ["TODO"] * 45 + ["PASS"] * 45
    assert len(set(found)) == 135


def test_runs_are_found_by_the_key_and_the_summary_of_their_test_within_a_status(services: Services, door: Door) -> None:
    key = night(door, [], "PFPFPFPFPFPFPF")
    assert summaries(look(services, key, text="test 1")) == ["Test 1", "Test 11", "Test 13", "Test 10", "Test 12"]
    assert summaries(look(services, key, text="Test 1", status="PASS")) == ["Test 10", "Test 12"]
    test_key = look(services, key, text="Test 7").listing.rows[0].test_key
    assert summaries(look(services, key, text=test_key.lower())) == ["Test 7"]
    assert summaries(look(services, key, text="100%_")) == []


def test_a_place_that_no_page_has_is_refused(services: Services, door: Door) -> None:
    key = night(door, [], "P")
    with pytest.raises(Refused, match="follow the links"):
        look(services, key, after="1;DROP")


def test_a_run_knows_the_failures_around_it_and_the_runs_of_its_test(services: Services, door: Door) -> None:
    nights = [night(door, [], s) for s in ("PPPPP", "FFPPF", "FFPPF")]
    rows = look(services, nights[1]).listing.rows
    middle = browse_runs.run_page(services, CALLER, next(r.id for r in rows if r.test_summary == "Test 1"))
    by_summary = {r.test_summary: (r.id, r.test_key) for r in rows}
    assert (middle.previous_failure, middle.next_failure) == (by_summary["Test 0"], by_summary["Test 4"])
    assert [r.execution_key for r in middle.history] == nights
    last = browse_runs.run_page(services, CALLER, by_summary["Test 4"][0])
    assert (last.previous_failure, last.next_failure) == (by_summary["Test 1"], None)


def test_a_test_lists_its_runs_in_pages(services: Services, door: Door) -> None:
    nights = [night(door, [], "P") for _ in range(53)]
    key = look(services, nights[0]).listing.rows[0].test_key
    issue = browse.find(services, CALLER, key)
    first = browse_runs.test_page(services, CALLER, issue, None)
    second = browse_runs.test_page(services, CALLER, issue, int(first.next))
    assert [r.execution_key for r in first.rows + second.rows] == nights[::-1]
    assert second.next == ""


def test_a_page_asks_as_many_questions_for_fifty_runs_as_for_one(services: Services, door: Door) -> None:
    _, few, many = night(door, [], "F"), night(door, [], "F"), night(door, [], "F" * 60)  # each has a baseline
    counts, here = [], threading.get_ident()
    for key in (few, many):
        asked: list[str] = []
        with services.db.read() as conn:
            engine = conn.engine

        def note(_conn: Any, _cursor: Any, statement: str, *_more: Any, asked: list[str] = asked) -> None:
            if threading.get_ident() == here:  # flaky Tests are looked for meanwhile, in a thread of the server
                asked.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        look(services, key)
        sa.event.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1, counts
    assert counts[1] < 46


def test_a_slip_in_a_key_finds_the_issue_that_was_meant(services: Services, door: Door) -> None:
    night(door, [], "P" * 12)
    for slip in ("DEMO-122", "DEMO-21", "demo-012", "DEMOO-12"):
        with pytest.raises(IssueNotFound) as caught:
            browse.find(services, CALLER, slip)
        assert "DEMO-12" in caught.value.near, slip


def test_keys_of_projects_that_the_reader_cannot_see_are_never_suggested(services: Services, door: Door) -> None:
    key = night(door, [], "P")
    with pytest.raises(IssueNotFound) as caught:
        browse.find(services, Caller(5, "guest"), f"{key}0")
    assert caught.value.near == ()


def test_counts_of_evidence_and_keys_of_defects_belong_to_their_runs(services: Services, door: Door) -> None:
    files = [{"filename": f"{n}.txt", "contentType": "text/plain", "data": "YQ=="} for n in "ab"]
    tests = [generic(1, "FAIL", evidence=files, defects=["ELSE-1", "ELSE-2"]), generic(2, "PASS")]
    page = look(services, key_of(door.load(*tests)))
    run = page.listing.rows[0].id
    assert (page.evidence, page.defects) == ({run: 2}, {run: ["ELSE-1", "ELSE-2"]})
    assert page.imported is not None
    assert page.imported[2] == "admin"


def test_a_bug_shows_the_runs_that_have_it_whatever_became_attempts_or_is_hidden(services: Services, door: Door) -> None:
    bug = door.make("Bug")
    key = key_of(door.load(*(generic(i, "FAIL", defects=[bug]) for i in range(3))))
    for _ in range(3):
        door.load(*(generic(i, "FAIL", defects=[bug]) for i in range(3)), execution=key)
    add_project(services, "HID", "Hidden", project_id=20000)
    door.load(*(generic(i, "FAIL", defects=[bug]) for i in range(3)), info={"project": "HID"})
    viewer = Caller(7, "v", roles={10402: Role.VIEWER})
    with services.db.read() as conn:
        assert [r.execution_key for r in runs_with_defect(conn, browse.find(services, viewer, bug).id, [10402], 3)] == [key] * 3
    assert [r.execution_key for r in issue_page(services, viewer, browse.find(services, viewer, bug)).runs] == [key] * 3
