# SPDX-License-Identifier: Apache-2.0
"""The runs of an execution as its page has them: in groups, by filters, changed many at once, compared with a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, key_of

from radiograph.actions import browse
from radiograph.actions.baselines import choose_baseline
from radiograph.actions.browse_execution import execution_page
from radiograph.actions.bulk_runs import edit_runs
from radiograph.actions.execution_runs import Wanted
from radiograph.domain.errors import Forbidden, NotFound, Refused
from radiograph.domain.people import Caller, Role
from radiograph.domain.run_edits import DefectEdit, RunEdit
from radiograph.domain.statuses import failing
from radiograph.store import import_reads, run_filters, tables
from radiograph.store.failed_runs import failed_runs as store_failed

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.browse_execution import ExecutionPage
    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)
CAUSES = {"A": "AssertionError: expected 200, got 503", "B": "TimeoutError: 30000 ms", "C": ""}


def night(door: Door, letters: str, **info: Any) -> str:
    """Import an execution, a letter a Test: A, B and C fail for those causes, P passes, T is to be done; its key."""
    tests = [
        generic(i, "FAIL", comment=CAUSES[c] and f"{CAUSES[c]}\n  at line {i}")
        if c in CAUSES
        else generic(i, {"P": "PASS", "T": "TODO"}[c])
        for i, c in enumerate(letters)
    ]
    return key_of(door.load(*tests, info={"project": "DEMO", **info}))


def look(services: Services, key: str, **wanted: Any) -> ExecutionPage:
    return execution_page(services, CALLER, browse.find(services, CALLER, key), Wanted(**wanted))


def numbers(page: ExecutionPage) -> list[int]:
    return [int(r.test_summary.split()[-1]) for r in page.listing.rows]


def test_failures_of_one_cause_stand_together_new_ones_first_and_what_says_nothing_last(services: Services, door: Door) -> None:
    first = night(door, "APPAPAPA")
    last = night(door, "ACBAPAPB")
    page = look(services, last)
    assert numbers(page) == [2, 7, 0, 3, 5, 1, 4, 6]
    groups = [page.listing.groups.get(r.id) for r in page.listing.rows]
    assert [(len(g.runs), g.new) if g else None for g in groups] == [(2, 1)] * 2 + [(3, 0)] * 3 + [(1, 1)] + [None] * 2
    causes = [g.fingerprint if g else None for g in groups]
    assert page.parts.first_seen[causes[2] or 0].key == first
    assert page.parts.first_seen[causes[0] or 0].key == last


def test_pages_of_groups_miss_and_repeat_none(services: Services, door: Door) -> None:
    key = night(door, "AB" * 30 + "PT" * 25 + "C" * 5)
    found, after = list[int](), ""
    while True:
        page = look(services, key, after=after)
        found += numbers(page)
        after = page.listing.next
        if not after:
            break
    assert sorted(found) == list(range(115))
    assert found[:65] == [*range(0, 60, 2), *range(1, 60, 2), *range(110, 115)]
    assert [n % 2 for n in found[65:]] == [1] * 25 + [0] * 25


def test_a_page_says_when_the_failure_that_it_followed_is_none_any_more(services: Services, door: Door) -> None:
    key = night(door, "A" * 60)
    page = look(services, key)
    last = page.listing.rows[-1]
    assert (look(services, key, after=page.listing.next).listing.changed, page.listing.changed) == (False, False)
    assert door.http.put(f"/rest/raven/1.0/api/testrun/{last.id}/status?status=PASS").status_code == 200
    assert look(services, key, after=page.listing.next).listing.changed
    assert "The list has changed" in door.http.get(f"/browse/{key}", params={"after": page.listing.next}).text


def test_runs_are_found_by_cause_assignee_defect_and_flakiness(services: Services, door: Door) -> None:
    tests = [generic(i, "FAIL", comment=CAUSES["A"]) for i in range(2)] + [generic(2, "FAIL", defects=["ELSE-1"]), generic(3, "PASS")]
    key = key_of(door.load(*tests, info={"project": "DEMO", "user": "admin", "testEnvironments": ["iOS"]}))
    page = look(services, key)
    group = page.listing.groups[page.listing.rows[0].id]
    assert numbers(look(services, key, fingerprint=group.fingerprint)) == [0, 1]
    assert numbers(look(services, key, defect="else-1")) == [2]
    assert numbers(look(services, key, assignee="admin")) == numbers(page)
    assert numbers(look(services, key, assignee="nobody")) == []
    row = page.listing.rows[-1]
    with services.db.write() as conn:
        values = {
            "project_id": row.project_id,
            "test_id": row.test_id,
            "runs": 20,
            "failures": 4,
            "flips": 0,
            "retries": 4,
            "last_ms": 1,
            "computed_ms": 1,
        }
        conn.execute(sa.insert(tables.flaky_tests), [values | {"environments": '["iOS"]', "score": 1}])
    page = look(services, key, flaky=True)
    assert numbers(page) == [3]
    assert "4 of the last 20 runs" in page.parts.flaky[row.test_id]
    assert page.flaky == 1


def test_what_matches_rarely_is_looked_for_in_steps(services: Services, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    key = night(door, "P" * 12)
    monkeypatch.setattr(run_filters, "WINDOW", 5)
    pages, after = list[list[int]](), ""
    while True:
        page = look(services, key, text="Test 11", after=after)
        pages.append(numbers(page))
        after = page.listing.next
        if not after:
            break
    assert pages == [[], [], [11]]


def _past(page: ExecutionPage) -> list[str]:
    past = page.parts.pasts[page.listing.rows[0].test_id]
    return [f"{page.parts.executions[p.execution_id]} {page.statuses.by_id[p.status_id].name}" for p in past]


def test_a_runs_past_is_its_tests_last_eight_runs_until_it(services: Services, door: Door) -> None:
    keys = [night(door, "AP" if i % 2 else "PP") for i in range(10)]
    assert _past(look(services, keys[-1])) == [f"{key} {status}" for key, status in zip(keys[-8:], ["PASS", "FAIL"] * 4, strict=True)]
    assert len(_past(look(services, keys[0]))) == 1


def test_a_runs_past_is_of_its_environments_and_its_branch_or_the_main_one(services: Services, door: Door) -> None:
    def on(status: str, environment: str, branch: str) -> str:
        info = {"project": "DEMO", "summary": environment, "testEnvironments": [environment]}
        return key_of(door.load(generic(0, status), info=info, branch=branch))

    first = on("FAIL", "Android", "main")
    on("PASS", "iOS", "main")
    fix = on("PASS", "Android", "fix")
    last = on("FAIL", "Android", "main")
    assert _past(look(services, last)) == [f"{first} FAIL", f"{last} FAIL"]
    assert _past(look(services, fix)) == [f"{first} FAIL", f"{fix} PASS"]


def test_a_cause_is_known_by_the_defects_that_were_named_for_it(services: Services, door: Door) -> None:
    key = night(door, "A")
    page = look(services, key)
    cause = page.listing.groups[page.listing.rows[0].id].fingerprint
    with services.db.write() as conn:
        values = {"project_id": page.execution.project_id, "fingerprint": cause, "defect_key": "DEMO-10", "created_ms": 1}
        conn.execute(sa.insert(tables.known_failures).values(**values))
    assert look(services, key).parts.known == {cause: ["DEMO-10"]}


def test_many_runs_are_changed_at_once_each_with_its_history_or_none_is(services: Services, door: Door) -> None:
    key, other = night(door, "APA"), night(door, "P")
    execution = look(services, key).execution
    ids = [r.id for r in look(services, key).listing.rows]
    edit = RunEdit(status="ABORTED", assignee="", defects=DefectEdit(add=["ELSE-9"]))
    assert edit_runs(services, CALLER, execution, ids[:2] + ids[:1], edit) == 2
    page = look(services, key)
    changed = {
        r.id: (page.statuses.by_id[r.status_id].name, page.parts.people.get(r.assignee_id or 0), page.defects.get(r.id))
        for r in page.listing.rows
    }
    assert changed == {ids[0]: ("ABORTED", None, ["ELSE-9"]), ids[1]: ("ABORTED", None, ["ELSE-9"]), ids[2]: ("PASS", "admin", None)}
    assert {page.statuses.by_id[s].name: n for s, n in page.execution.counts.items()} == {"ABORTED": 2, "PASS": 1}
    history = door.http.get(f"/rest/raven/2.0/api/testrun/{ids[0]}/history").json()
    assert "ELSE-9" in str(history)
    foreign = look(services, other).listing.rows[0].id
    with pytest.raises(NotFound, match="has no Test Run"):
        edit_runs(services, CALLER, execution, [ids[2], foreign], RunEdit(status="FAIL"))
    with pytest.raises(Refused, match="is no status here"):
        edit_runs(services, CALLER, execution, [ids[2]], RunEdit(status="BROKEN"))
    with pytest.raises(Refused, match="Choose from 1"):
        edit_runs(services, CALLER, execution, [], edit)
    assert {look(services, key).statuses.by_id[r.status_id].name for r in look(services, key).listing.rows} == {"ABORTED", "PASS"}


def test_who_may_not_edit_runs_changes_none_and_chooses_no_baseline(services: Services, door: Door) -> None:
    first, key = night(door, "P"), night(door, "A")
    page = look(services, key)
    viewer = Caller(5, "viewer", roles={page.execution.project_id: Role.VIEWER})
    with pytest.raises(Forbidden):
        edit_runs(services, viewer, page.execution, [r.id for r in page.listing.rows], RunEdit(status="PASS"))
    with pytest.raises(Forbidden):
        choose_baseline(services, Caller(6, "tester", roles={page.execution.project_id: Role.TESTER}), page.execution, first)


def test_what_is_new_is_told_by_the_baseline_where_one_was_chosen(services: Services, door: Door) -> None:
    first, second, last = night(door, "PA"), night(door, "AA"), night(door, "AA")
    page = look(services, last)
    assert (page.previous, page.new, page.baseline.chosen) == (second, set(), False)
    assert choose_baseline(services, CALLER, page.execution, first.lower()) == first
    page = look(services, last)
    assert (page.previous, len(page.new or ()), page.baseline.chosen, page.baseline.found) == (first, 1, True, second)
    for wrong in (last, door.make("Bug"), "DEMO-9999"):
        with pytest.raises((Refused, NotFound)):
            choose_baseline(services, CALLER, page.execution, wrong)
    assert choose_baseline(services, CALLER, page.execution, "") == ""
    assert look(services, last).previous == second
    history = [c["field"] for c in _history(door, last)]
    assert history == ["Baseline", "Baseline"]


def _history(door: Door, key: str) -> list[dict[str, Any]]:
    issue = door.http.get(f"/rest/api/2/issue/{key}", params={"expand": "changelog"}).json()
    return [item for h in issue["changelog"]["histories"] for item in h["items"]]


@pytest.mark.parametrize("after", ["1;DROP", "g.", "g.x", "x.1", "1.99999999999", ".", "1"])
def test_a_place_that_no_page_has_is_refused(services: Services, door: Door, after: str) -> None:
    key = night(door, "A")
    with pytest.raises(Refused, match="follow the links"):
        look(services, key, after=after)


def test_failures_come_by_rank_the_newest_execution_first_and_a_cut_is_no_chance(services: Services, door: Door) -> None:
    night(door, "AABBAA")
    last = night(door, "PABCAB")
    with services.db.read() as conn:
        ids = sorted(conn.execute(sa.select(tables.executions.c.issue_id)).scalars())
        nok = failing(import_reads.status_tables(conn)[0])
        whole = store_failed(conn, ids, nok, 100)
        assert [(r.execution_id, r.rank) for r in whole] == [*((ids[1], n) for n in range(2, 7)), *((ids[0], n) for n in range(1, 7))]
        assert store_failed(conn, ids, nok, 7) == whole[:7]
    assert last
