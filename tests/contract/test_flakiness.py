# SPDX-License-Identifier: Apache-2.0
"""Which Tests the store's results make flaky, and that each is found when it has to be, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, key_of

from radiograph.actions.admin_vocabulary import rename_environment
from radiograph.actions.flakiness import Wanted, Watch, flaky_page, refresh
from radiograph.domain.baselines import MAIN_BRANCH
from radiograph.domain.people import Caller
from radiograph.insight import flakiness as insight
from radiograph.store import flaky
from radiograph.store import tables as t
from radiograph.store.project_settings import put_setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.door import Door

    from radiograph.actions.services import Services

CALLER = Caller(1, "admin", admin=True)
DEMO = 10402
WORDS = {"F": "FAIL", "P": "PASS", "T": "TODO"}


def night(
    door: Door, statuses: str, revision: str = "", environments: tuple[str, ...] = ("iOS",), execution: str = "", **query: Any
) -> str:
    """Import an execution: one letter a Test, "." for none; its key."""
    tests = [generic(i, WORDS[s]) for i, s in enumerate(statuses) if s != "."]
    info = {"project": "DEMO", "testEnvironments": list(environments), "revision": revision}
    return key_of(door.load(*tests, info=None if execution else info, execution=execution, **query))


def found(services: Services, **wanted: Any) -> list[tuple[str, list[str], list[str]]]:
    """Each flaky Test: its summary, its environments, the kinds of its evidence."""
    refresh(services)
    rows = flaky_page(services, CALLER, "DEMO", Wanted(**wanted)).listing.rows
    return [(r.summary, r.row.environments, [p.kind for p in r.row.evidence.pieces]) for r in rows]


def test_a_retry_that_passes_is_found_after_its_import_and_links_to_its_run(services: Services, door: Door) -> None:
    key = night(door, "FPP", "r1")
    assert found(services) == []
    night(door, "P", execution=key)
    assert found(services) == [("Test 0", ["iOS"], ["retry"])]
    row = flaky_page(services, CALLER, "DEMO", Wanted()).listing.rows[0].row
    run = door.http.get(f"/rest/raven/2.0/api/testrun/{row.evidence.pieces[0].run}").json()
    assert (run["testExecKey"], run["status"]) == (key, "PASS")
    assert (row.runs, row.failures, row.retries, row.flips, len(row.evidence.strip)) == (1, 0, 1, 0, 1)
    assert row.sentence == "flaky on iOS: in 1 of the last 1 runs a retry at the same revision passed"


def test_what_was_found_follows_runs_into_a_merge_and_a_split(services: Services, door: Door) -> None:
    key = night(door, "F")
    night(door, "PP", execution=key)
    night(door, "PP", environments=("Web",))
    assert found(services) == [("Test 0", ["iOS"], ["retry"])]
    keys = {r["key"] for r in door.http.get("/rest/raven/2.0/api/testexec/" + key + "/test").json()}
    one = next(k for k in keys if door.fields(k)["summary"] == "Test 0")
    (other,) = keys - {one}
    assert door.http.post(f"/api/tests/{one}/merge", json={"into": other}).status_code == 200
    rows = flaky_page(services, CALLER, "DEMO", Wanted()).listing.rows
    assert [(r.key, r.row.environments) for r in rows] == [(other, ["iOS"])]
    assert found(services) == [("Test 1", ["iOS"], ["retry"])]
    parted = door.http.post(f"/api/tests/{other}/split", json={"name": "calc.ios", "environments": ["iOS"]})
    assert parted.status_code == 200
    assert found(services) == [("calc.ios", ["iOS"], ["retry"])]


def test_a_pass_after_a_failure_at_the_same_revision_is_found_though_nothing_failed_since(services: Services, door: Door) -> None:
    night(door, "FP", "r1")
    assert found(services) == []
    night(door, "PP", "r1")
    assert found(services) == [("Test 0", ["iOS"], ["revision"])]


def test_environments_and_revisions_are_told_apart_and_the_order_of_environments_does_not_matter(services: Services, door: Door) -> None:
    night(door, "F", "r1", ("iOS", "Tablet"))
    night(door, "P", "r1", ("iOS",))
    night(door, "P", "r2", ("Tablet", "iOS"))
    assert found(services) == []
    night(door, "P", "r1", ("Tablet", "iOS"))
    assert found(services) == [("Test 0", ["Tablet", "iOS"], ["revision"])]


def test_a_break_that_stays_a_fix_and_what_always_fails_are_not_flaky(services: Services, door: Door) -> None:
    for number, statuses in enumerate(("PFFP", "PFFP", "FFPP", "FFPP", "FFPP")):
        night(door, statuses, f"r{number // 2 * 2}" if number != 1 else "r1")
    assert [f for f in found(services) if f[0] == "Test 3"] == []
    assert [f for f in found(services) if f[0] == "Test 1"] == []


def test_failures_that_come_and_go_without_revisions_are_found(services: Services, door: Door) -> None:
    for statuses in "FPPFPPF":
        night(door, statuses)
    assert found(services) == [("Test 0", ["iOS"], ["return", "return"])]
    assert found(services, text="nothing") == []
    assert len(found(services, environments='["iOS"]', text="test 0")) == 1
    assert found(services, environments='["Android"]') == []


def test_what_happens_on_other_branches_returns_nowhere(services: Services, door: Door) -> None:
    for statuses in "FPPFPPF":
        night(door, statuses, branch="feature/a")
    assert found(services) == []


def test_the_main_branch_is_the_one_that_the_project_says(services: Services, door: Door) -> None:
    with services.db.write() as conn:
        put_setting(conn, DEMO, MAIN_BRANCH, "develop")
    for statuses in "FPPFPPF":
        night(door, statuses, branch="main")
        night(door, f".{statuses}", branch="develop")
    assert found(services) == [("Test 1", ["iOS"], ["return", "return"])]


@pytest.mark.parametrize("planned", ["", "T" * 20])
def test_an_environment_that_was_down_makes_no_test_flaky(services: Services, door: Door, planned: str) -> None:
    night(door, "F" * 8 + "P" * 4 + planned, "r1")
    night(door, "P" * 12, "r1")
    key = night(door, "F" * 8 + "P" * 4 + planned, "r2")
    night(door, "P" * 8, execution=key)
    assert found(services) == []
    late = night(door, "F" + "P" * 11, "r3")
    night(door, "P", execution=late)
    assert found(services) == [("Test 0", ["iOS"], ["retry"])]


def test_a_result_of_the_next_day_is_no_retry(services: Services, door: Door) -> None:
    at = {"F": "2026-01-01T10:00:00Z", "P": "2026-01-02T10:00:00Z"}
    key = key_of(door.load(generic(0, "FAIL", start=at["F"]), info={"project": "DEMO"}))
    door.load(generic(0, "PASS", start=at["P"]), execution=key)
    assert found(services) == []


def test_a_status_that_was_changed_by_hand_is_looked_at(services: Services, door: Door) -> None:
    night(door, "F", "r1")
    second = night(door, "F", "r1")
    assert found(services) == []
    run = door.http.get(f"/rest/raven/2.0/api/testexec/{second}/test").json()[0]["id"]
    assert door.http.put(f"/rest/raven/2.0/api/testrun/{run}", json={"status": "PASS"}).status_code == 200
    assert found(services) == [("Test 0", ["iOS"], ["revision"])]
    assert door.http.put(f"/rest/raven/2.0/api/testrun/{run}", json={"status": "FAIL"}).status_code == 200
    assert found(services) == []


def test_a_test_that_was_mended_leaves_the_table_when_its_window_is_full_of_passes(services: Services, door: Door) -> None:
    key = night(door, "F", "r1")
    night(door, "P", execution=key)
    assert len(found(services)) == 1
    for number in range(49):
        night(door, "P", f"later {number}")
    assert len(found(services)) == 1
    night(door, "P", "last")
    assert found(services) == []


def test_runs_that_went_take_their_evidence_with_them_at_the_next_sweep(services: Services, door: Door) -> None:
    key = night(door, "F", "r1")
    night(door, "P", execution=key)
    assert len(found(services)) == 1
    assert door.http.delete(f"/rest/api/2/issue/{key}").status_code == 204
    with services.db.write() as conn:
        mark = insight.mark_of(conn, DEMO)
        mark.swept_ms -= insight.SWEEP_MS + 1
        insight.put_mark(conn, DEMO, mark)
    assert found(services) == []


def test_nothing_is_looked_at_where_nothing_happened(services: Services, door: Door) -> None:
    night(door, "FPF", "r1")
    refresh(services)
    with services.db.read() as conn:
        assert insight.waiting(conn, insight.mark_of(conn, DEMO).at_ms) == []
    night(door, "PP", "r2")
    with services.db.read() as conn:
        work = insight.work_of(conn, DEMO, insight.mark_of(conn, DEMO).at_ms)
    assert work.tests == [], "passes at a new revision can't make a Test flaky"


def test_what_was_worked_out_is_not_read_again_by_the_next_import(services: Services, door: Door) -> None:
    night(door, "FP" * 10, "r1")
    refresh(services)
    asked: list[str] = []
    night(door, "P" * 20, "r2")
    engine = services.db._read

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    refresh(services)
    sa.event.remove(engine, "before_cursor_execute", note)
    assert [s for s in asked if "runs.test_id = " in s and "LIMIT" in s] == []


def test_the_flakiest_come_first_in_pages_that_miss_and_repeat_none(services: Services, door: Door) -> None:
    tests = "F" * 15 + "P" * 48
    assert len(tests) > 60
    for revision in range(5):
        first = night(door, "F" * 15 + "P" * 48, f"r{revision}")
        night(door, "P" * (15 - revision), execution=first)
    for group in range(4):
        failing = "." * (15 + 12 * group) + "F" * 12
        night(door, failing + "P" * 48, f"g{group}")
        night(door, "." * (15 + 12 * group) + "P" * 12, f"g{group}")
    refresh(services)
    rows, after = [], ""
    for _ in range(3):
        listing = flaky_page(services, CALLER, "DEMO", Wanted(after=after)).listing
        rows += listing.rows
        after = listing.next
        if not after:
            break
    assert [r.row.score for r in rows] == sorted((r.row.score for r in rows), reverse=True)
    assert len({(r.key, tuple(r.row.environments)) for r in rows}) == len(rows) == 63


def test_two_watches_take_turns(services: Services, door: Door) -> None:
    night(door, "F", "r1")
    first, second = Watch(services), Watch(services)
    assert first.step()
    night(door, "P", "r1")
    steps: Iterator[bool] = iter([second.step(), first.step()])
    while next(steps, False) or first.step():
        pass
    assert second.step() is False
    assert len(found(services)) == 1


def test_a_caller_sees_rows_of_their_own_projects_only_and_no_summary_of_a_hidden_test(services: Services, door: Door) -> None:
    key = night(door, "F", "r1")
    night(door, "P", execution=key)
    refresh(services)
    with services.db.read() as conn:
        assert flaky.flaky_tests(conn, DEMO + 1, [1, 2, 3]) == {}
        test = flaky.in_table(conn, DEMO)[0]
        assert flaky.flaky_tests(conn, DEMO, [test, 999])[test][0].retries == 1


def test_an_environment_that_is_renamed_or_merged_keeps_its_flaky_tests(services: Services, door: Door) -> None:
    for on in (("iOS",), ("iOS", "Tablet"), ("Safari",)):
        night(door, "FP", "r1", on)
        night(door, "PP", "r1", on)
    assert len(found(services)) == 3
    with services.db.read() as conn:
        ids: dict[str, int] = dict(conn.execute(sa.select(t.environments.c.name, t.environments.c.id)).all())
    rename_environment(services, CALLER, ids["iOS"], "Zebra")
    assert sorted(on for _, on, _ in found(services)) == [["Safari"], ["Tablet", "Zebra"], ["Zebra"]]
    rename_environment(services, CALLER, ids["Safari"], "Zebra")
    assert sorted(on for _, on, _ in found(services)) == [["Tablet", "Zebra"], ["Zebra"]]
