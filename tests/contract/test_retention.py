# SPDX-License-Identifier: Apache-2.0
"""What a project keeps no longer goes, and nothing else: what would go is told before, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from tests.contract.door import generic, imported, key_of

from radiograph.actions import projects, retention, undo_import
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Refused
from radiograph.domain.people import Caller, Role
from radiograph.domain.retention import DAY_MS, Rules
from radiograph.store import instance
from radiograph.store import tables as t
from radiograph.store.migrations import r0003_insight

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

ADMIN = Caller(1, "admin", admin=True)
EVIDENCE = [{"filename": "a.txt", "data": "YWJj"}]


def age(services: Services, days: int, *keys: str) -> None:
    """Let everything (or these executions) be so many days older."""
    back = days * DAY_MS
    with services.db.write() as conn:
        ids = [r[0] for r in conn.execute(sa.select(t.issues.c.id).where(t.issues.c.key.in_(keys) if keys else sa.true()))]
        conn.execute(sa.update(t.issues).where(t.issues.c.id.in_(ids)).values(created_ms=t.issues.c.created_ms - back))
        e = t.executions.c
        conn.execute(sa.update(t.executions).where(e.issue_id.in_(ids)).values(imported_ms=e.imported_ms - back))
        if not keys:
            for column in (t.imports.c.at_ms, t.audit.c.at_ms):
                conn.execute(sa.update(column.table).values({column.name: column - back}))


def demo(services: Services) -> projects.ProjectRow:
    return projects.project(services, ADMIN, "DEMO")


def rule(services: Services, **days: int) -> retention.Going:
    """Set the rules, and what would go by them."""
    retention.set_rules(services, ADMIN, demo(services), Rules(**days))
    return retention.preview(services, ADMIN, demo(services)).going


def retain(services: Services) -> retention.Going:
    """What went is what was told before."""
    told = retention.preview(services, ADMIN, demo(services)).going
    went = retention.retain(services, 1, demo(services))
    assert went == told
    return went


def count(services: Services, table: sa.Table) -> int:
    with services.db.read() as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def executions(services: Services) -> list[str]:
    with services.db.read() as conn:
        query = sa.select(t.issues.c.key).join(t.executions, t.executions.c.issue_id == t.issues.c.id).order_by(t.issues.c.id)
        return list(conn.execute(query).scalars())


def test_old_executions_go_with_their_runs_and_young_ones_stay(door: Door, services: Services) -> None:
    door.load(*(generic(i, "FAIL", evidence=EVIDENCE, steps=[{"status": "FAIL", "evidence": EVIDENCE}]) for i in range(3)))
    age(services, 40)
    sent = door.load(generic(1))
    young = key_of(sent)
    assert "History begins" not in door.http.get(f"/browse/{imported(sent)[0]}").text
    assert rule(services).executions == 0
    told = rule(services, executions=30)
    assert (told.executions, told.runs, told.evidence_bytes) == (1, 3, 18)
    retain(services)
    assert (executions(services), count(services, t.runs), count(services, t.run_evidence)) == ([young], 1, 0)
    begins = retention.preview(services, ADMIN, demo(services)).history_begins_ms
    assert begins is not None
    assert "History begins" in door.http.get(f"/browse/{imported(sent)[0]}").text
    assert abs(begins - (now_ms() - 30 * DAY_MS)) < DAY_MS
    assert retain(services).counts == {}


def test_results_that_come_to_an_old_execution_keep_it(door: Door, services: Services) -> None:
    old = key_of(door.load(generic(1)))
    age(services, 40)
    door.load(generic(1), execution=old)
    rule(services, executions=30)
    assert retain(services).executions == 0


@pytest.mark.parametrize("undone", [False, True])
def test_results_entered_by_hand_keep_a_planned_execution_and_its_parts(door: Door, services: Services, *, undone: bool) -> None:
    sent = door.load(generic(1, "FAIL"), generic(2, "TODO"))
    key = key_of(sent)
    door.load(generic(1, "PASS", evidence=EVIDENCE), execution=key)
    door.load(generic(3, "FAIL"), execution=key)
    age(services, 100)
    run = door.run(key, imported(sent)[1])["id"]
    assert door.http.put(f"/rest/raven/2.0/api/testrun/{run}", json={"status": "PASS"}).status_code == 200
    if undone:
        with services.db.read() as conn:
            last = int(conn.execute(sa.select(sa.func.max(t.imports.c.id))).scalar_one())
        undo_import.undo(services, ADMIN, last)
    rule(services, executions=90, evidence=90, attempts=90)
    assert retain(services).counts == {}
    assert executions(services) == [key]


def test_a_label_and_a_plan_that_is_not_done_keep_executions(door: Door, services: Services) -> None:
    open_, released, finished = (door.make("Test Plan") for _ in range(3))
    for plan, name in ((open_, "2.0"), (released, "1.0")):
        door.http.put(f"/rest/api/2/issue/{plan}", json={"fields": {"fixVersions": [{"name": name}]}})
    with services.db.write() as conn:
        conn.execute(sa.update(t.versions).where(t.versions.c.name == "1.0").values(released=True))
        conn.execute(sa.update(t.issues).where(t.issues.c.key == finished).values(workflow="Done"))
    kept = [key_of(door.load(generic(1), info={"project": "DEMO", "testPlanKey": p})) for p in (open_, released, finished)]
    kept.append(key_of(door.load(generic(1))))
    door.http.put(f"/rest/api/2/issue/{kept[3]}", json={"fields": {"labels": ["nightly", "keep"]}})
    age(services, 400)
    rule(services, executions=30)
    went = retain(services)
    assert (went.executions, went.kept_by_plan, went.kept_by_mark) == (2, 1, 1)
    assert executions(services) == [kept[0], kept[3]]


def test_evidence_of_passing_runs_goes_and_that_of_failures_stays(door: Door, services: Services) -> None:
    plan = door.make("Test Plan")
    for info in ({"project": "DEMO"}, {"project": "DEMO", "testPlanKey": plan}):
        door.load(generic(1, "PASS", evidence=EVIDENCE), generic(2, "FAIL", evidence=EVIDENCE), info=info)
    age(services, 40)
    rule(services, evidence=30)
    went = retain(services)
    assert (went.evidence, went.evidence_bytes, count(services, t.run_evidence)) == (1, 3, 3)
    with services.db.write() as conn:
        conn.execute(sa.update(t.issues).where(t.issues.c.key == plan).values(workflow="Done"))
    assert retain(services).evidence == 1
    assert retain(services).evidence == 0
    assert count(services, t.runs) == 4


def test_attempts_go_with_their_parts_and_runs_stay(door: Door, services: Services) -> None:
    first = door.load(generic(1, "FAIL", evidence=EVIDENCE, steps=[{"status": "FAIL"}]))
    door.load(generic(1, "PASS"), execution=key_of(first))
    age(services, 40)
    rule(services, attempts=30)
    assert retain(services).attempts == 1
    run = door.run(key_of(first), imported(first)[0])
    assert (run["status"], count(services, t.run_attempts), count(services, t.run_steps), count(services, t.run_evidence)) == (
        "PASS",
        0,
        0,
        0,
    )


def test_records_that_results_name_stay_without_their_warnings(door: Door, services: Services) -> None:
    door.load(generic(1, colour="red"))
    gone = key_of(door.load(generic(2)))
    door.http.delete(f"/rest/api/2/issue/{gone}")
    age(services, 40)
    told = rule(services, imports=30)
    assert (told.imports, told.warnings) == (1, 1)
    retain(services)
    assert count(services, t.imports) == 1


def test_only_administrators_of_the_project_set_rules_and_only_good_ones(services: Services) -> None:
    lead = Caller(2, "lena", roles={10402: Role.LEAD})
    for what in (
        lambda: retention.set_rules(services, lead, demo(services), Rules()),
        lambda: retention.preview(services, lead, demo(services)),
    ):
        with pytest.raises(Forbidden):
            what()
    with pytest.raises(Refused, match="executions: give 0 to 36500"):
        retention.set_rules(services, ADMIN, demo(services), Rules(executions=-1))


def test_it_is_done_once_a_night_by_one_of_many_processes(door: Door, services: Services) -> None:
    door.load(generic(1))
    age(services, 40)
    rule(services, executions=30)
    first = retention.nightly(services)
    assert first is not None
    assert first["DEMO"].executions == 1
    assert retention.nightly(services) is None
    with services.db.write() as conn:
        instance.put_setting(conn, retention.RAN, str(now_ms() - 2 * DAY_MS))
        instance.put_setting(conn, retention.RULES, '{"audit": 30}')
    age(services, 40)
    before = count(services, t.audit)
    assert retention.nightly(services) == {"DEMO": retention.Going()}
    assert count(services, t.audit) < before


def test_what_stops_in_the_middle_is_whole_and_goes_on_later(door: Door, services: Services) -> None:
    for i in range(3):
        door.load(generic(i))
    age(services, 40)
    rule(services, executions=30)
    stops = iter([False, *[True] * 9])
    retention.retain(services, 1, demo(services), lambda: next(stops))
    assert len(executions(services)) == 2
    assert retain(services).executions == 2


def test_rules_are_set_and_tried_over_http(door: Door, services: Services) -> None:
    door.load(generic(1))
    age(services, 40)
    path = "/api/projects/DEMO/retention"
    assert door.http.get(path, params={"executions": 30}).json()["going"]["executions"] == 1
    assert door.http.get(path).json()["rules"] == {}
    assert door.http.put(path, json={"executions": 365}).json()["rules"] == {"executions": 365}
    assert door.http.get(path, params={"executions": "x"}).status_code == 400


def test_space_is_given_back(door: Door, services: Services) -> None:
    for i in range(3):
        door.load(*(generic(n, comment="long " * 400) for n in range(100)), info={"project": "DEMO", "summary": str(i)})
    age(services, 40)
    rule(services, executions=30)
    retain(services)
    freed = services.db.compact()
    assert (freed > 100_000) is services.db.is_sqlite


def test_results_that_come_while_evidence_and_attempts_go_keep_all_of_their_execution(door: Door, services: Services) -> None:
    old = key_of(door.load(generic(1, "FAIL", evidence=EVIDENCE)))
    age(services, 40)

    def stopped() -> bool:
        """Asked right before something goes: now results come."""
        door.load(generic(1, "PASS", evidence=EVIDENCE), execution=old)
        return False

    for kind in ("evidence", "attempts"):
        rule(services, **{kind: 30})
        assert retention.retain(services, 1, demo(services), stopped) == retention.Going()
        age(services, 40)
    assert (count(services, t.run_evidence), count(services, t.run_attempts)) == (3, 2)


def test_much_goes_in_small_pieces(door: Door, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_PARTS_AT_ONCE", 2)
    first = key_of(door.load(*(generic(i, evidence=EVIDENCE) for i in range(5))))
    door.load(*(generic(i, evidence=EVIDENCE) for i in range(5)), execution=first)
    age(services, 40)
    rule(services, evidence=30, attempts=30)
    went = retain(services)
    assert (went.evidence, went.attempts, count(services, t.run_evidence), count(services, t.run_attempts)) == (5, 5, 0, 0)


def test_history_never_begins_earlier_than_it_did(door: Door, services: Services) -> None:
    door.load(generic(1))
    age(services, 40)
    rule(services, executions=30)
    retain(services)
    begins = retention.preview(services, ADMIN, demo(services)).history_begins_ms
    door.load(generic(1))
    age(services, 400)
    rule(services, executions=300)
    assert retain(services).executions == 1
    assert retention.preview(services, ADMIN, demo(services)).history_begins_ms == begins


def test_an_execution_stays_while_it_has_one_below_it(door: Door, services: Services) -> None:
    parent = key_of(door.load(generic(1)))
    child = door.make("Sub Test Execution", parent={"key": parent})
    age(services, 40)
    rule(services, executions=30)
    assert (retain(services).executions, executions(services)) == (1, [parent])
    assert (retain(services).executions, executions(services), child != parent) == (1, [], True)


def test_what_went_before_it_broke_is_in_the_audit_and_a_night_can_be_stopped(door: Door, services: Services) -> None:
    for i in range(3):
        door.load(generic(i))
    age(services, 40)
    rule(services, executions=30)
    stops = iter([False])
    with pytest.raises(StopIteration):
        retention.retain(services, 1, demo(services), lambda: next(stops))
    with services.db.read() as conn:
        counts = conn.execute(sa.select(t.audit.c.counts).where(t.audit.c.action == "retention.run")).scalar_one()
    assert '"executions":1' in counts.replace(" ", "")
    assert retention.nightly(services, lambda: True) == {}
    assert len(executions(services)) == 2


def test_an_upgrade_makes_executions_whose_runs_were_edited_by_hand_as_young_as_that(door: Door, services: Services) -> None:
    sent, other = door.load(generic(1)), door.load(generic(1))
    run = door.run(key_of(sent), imported(sent)[0])
    door.http.put(f"/rest/raven/2.0/api/testrun/{run['id']}", json={"comment": "looked at"})
    with services.db.write() as conn:
        conn.execute(sa.update(t.executions).values(imported_ms=1))
        conn.execute(sa.text(r0003_insight.BY_HAND))
        edited = conn.execute(sa.select(sa.func.max(t.changes.c.at_ms)).where(t.changes.c.of == "run")).scalar_one()
        query = sa.select(t.issues.c.key, t.executions.c.imported_ms).join(t.executions, t.executions.c.issue_id == t.issues.c.id)
        found: dict[str, int] = dict(conn.execute(query).all())
    assert (found[key_of(sent)], found[key_of(other)]) == (edited, 1)
