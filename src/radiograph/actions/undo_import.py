# SPDX-License-Identifier: Apache-2.0
"""Taking an import back: what would go and what stays and why, and then all of it in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Forbidden, NotFound, Refused
from radiograph.domain.people import Right
from radiograph.domain.undo import Made, RunChanges, Stay, TestChanges, decide_runs, decide_tests, together, why_execution_stays
from radiograph.store import audit, deliveries, executions, import_records, issue_deletes, issue_links, jobs, undo_reads, undo_writes
from radiograph.store.run_membership import Place

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.import_records import ImportRow

KIND = "import/undo"
AT_ONCE = 5000
"""So many runs are taken back while the caller waits; more of them by a task."""
_SHOWN = 200
_DIED = "The server was stopped before the import was taken back; nothing of it was. Start it again."


class Undo(Struct):
    """What taking an import back does: counts, what becomes of its execution, and what stays and why (the first 200)."""

    id: int
    execution: str
    refusal: str = ""
    """Why it isn't possible; "" when it is."""
    runs_returned: int = 0
    runs_emptied: int = 0
    runs_removed: int = 0
    runs_kept: int = 0
    attempts_removed: int = 0
    tests_removed: int = 0
    tests_returned: int = 0
    plans_left: int = 0
    plan_tests_removed: int = 0
    execution_removed: bool = False
    execution_stays: str = ""
    stays: list[Stay] = []
    stays_in_all: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The counts by their names, but zeros."""
        return {n: v for n in self.__struct_fields__ if n.startswith(("runs", "attempts", "tests", "plan")) and (v := getattr(self, n))}

    @property
    def size(self) -> int:
        """How many runs are touched."""
        return self.runs_returned + self.runs_emptied + self.runs_removed + self.attempts_removed


class _Plan(Struct):
    """All that is decided."""

    record: ImportRow
    place: Place
    runs: RunChanges
    tests: TestChanges
    unlinked: list[int] = field(default_factory=list)
    dropped: dict[int, list[int]] = field(default_factory=dict)
    execution: issue_links.HeadRow | None = None


def preview(services: Services, caller: Caller, import_id: int) -> Undo:
    """What taking the import back would do, or why it can't be done. Raises NotFound, Forbidden."""
    with services.db.read() as conn:
        try:
            return _decide(conn, caller, import_id)[1]
        except (Refused, Conflict) as error:
            record = _visible(conn, caller, import_id)
            key = executions.keys(conn, [record.execution_id or 0]).get(record.execution_id or 0, "")
            return Undo(import_id, key, refusal=error.message)


def undo(services: Services, caller: Caller, import_id: int, job: int = 0) -> Undo:
    """Take the import back, whole or (when this raises) not at all; `job` is the task that it ends.

    Raises NotFound, Forbidden, Conflict when it was taken back already, Refused when it can't be.
    """
    with services.db.write() as conn:
        _check(caller, _visible(conn, caller, import_id))
        issue_deletes.lock_all_projects(conn)
        plan, told = _decide(conn, caller, import_id)
        _carry_out(conn, caller, plan)
        audit.note(conn, caller.id, "import.undo", f"{import_id} {told.execution}", told.counts, project_id=plan.place.project_id)
        if job:
            jobs.note_progress(conn, job, told.size, now_ms())
            jobs.end_job(conn, job, jobs.DONE, "The import was taken back.", now_ms())
    return told


def start(services: Services, caller: Caller, import_id: int) -> int:
    """Begin the task of taking a large import back; `run` does it. Raises what `undo` raises."""
    with services.db.write() as conn:
        told = _decide(conn, caller, import_id)[1]
        number = jobs.add_job(conn, KIND, caller.id, told.size, now_ms())
        audit.note(conn, caller.id, "job.start", f"{KIND} {number}", {"import": import_id})
    return number


def run(services: Services, caller: Caller, import_id: int, job: int, *, stopped: bool = False) -> None:
    """Do a task that was begun; what it raises is what the task then tells."""
    message = _DIED
    try:
        if not stopped:
            undo(services, caller, import_id, job)
            return
    except (Refused, Conflict, Forbidden, NotFound) as error:
        message = error.message
    except Exception as error:
        with services.db.write() as conn:
            jobs.end_job(conn, job, jobs.FAILED, f"Nothing was taken back: {type(error).__name__}.", now_ms())
        raise
    with services.db.write() as conn:
        jobs.end_job(conn, job, jobs.FAILED, message, now_ms())


def _visible(conn: sa.Connection, caller: Caller, import_id: int) -> ImportRow:
    record = import_records.find_import(conn, import_id)
    if record is None or not (caller.admin or caller.role_in(record.project_id or 0) is not None):
        raise NotFound(f"There is no import {import_id}.")
    return record


def _check(caller: Caller, record: ImportRow) -> None:
    if record.outcome == "refused":
        raise Refused("The import was refused, so there is nothing to take back.")
    if not caller.may(Right.DELETE, record.project_id or 0):
        raise Forbidden("Taking an import back takes the role lead in its project.")
    if record.undone_ms is not None:
        raise Conflict("The import has been taken back already.")
    if record.execution_id is None:
        raise Refused("The import's execution has been deleted, and its results with it.")


def _decide(conn: sa.Connection, caller: Caller, import_id: int) -> tuple[_Plan, Undo]:
    record = _visible(conn, caller, import_id)
    _check(caller, record)
    each = undo_reads.made_by(conn, record)
    if import_id not in each:
        raise Refused(
            "The import is older than version 0.2, which was the first to note what an import makes: it can't be told what to take back."
        )
    place = Place(record.project_id or 0, record.execution_id or 0)
    made = together(each.values())  # what is left of imports undone before goes too, when nothing holds it any more
    touched = undo_reads.runs_touched(conn, record, each[import_id].changes)
    runs = decide_runs(touched, made.runs)
    tests = decide_tests(undo_reads.tests_touched(conn, record, made, each, touched), runs)
    plan = _Plan(record, place, runs, tests)
    others = undo_reads.other_imports(conn, place.execution_id, import_id)
    why = _decide_execution(conn, plan, made, others) if undo_reads.maker(conn, place.execution_id) in each else ""
    _decide_plans(conn, plan, together(m for number, m in each.items() if not any(other > number for other in others)))
    _check_rights(conn, caller, plan, made)
    return plan, _told(conn, plan, why)


def _decide_execution(conn: sa.Connection, plan: _Plan, made: Made, others: list[int]) -> str:
    """Say why an execution that an import made stays; "" when it goes."""
    number = plan.place.execution_id
    remaining = jobs.count_runs_of(conn, number) - len(plan.runs.gone)
    why = why_execution_stays(remaining, others, undo_reads.execution_used(conn, number, made))
    if not why:
        plan.execution = issue_links.heads(conn, [number])[number]
    return why


def _decide_plans(conn: sa.Connection, plan: _Plan, made: Made) -> None:
    """Decide about Test Plans; `made` is what no import after it may have wanted too."""
    existing = undo_reads.projects_of_plans(conn, [*made.linked, *made.added])
    plan.unlinked = [p for p in made.linked if p in existing and not plan.runs.kept]
    plan.dropped = {
        p: undo_reads.plan_tests_to_drop(conn, p, added, plan.place.execution_id)
        for p, added in made.added.items() if p in existing and not plan.runs.kept
    }  # fmt: skip


def _check_rights(conn: sa.Connection, caller: Caller, plan: _Plan, made: Made) -> None:
    plans = undo_reads.projects_of_plans(conn, [*made.linked, *made.added])
    touched = {t.project_id for t in plan.tests.gone} | {t.project_id for t, _ in plan.tests.returned} | {p for p, _ in plans.values()}
    lacking = [p for p in sorted(touched) if not caller.may(Right.DELETE, p)]
    if lacking:
        raise Forbidden("The import made or changed Tests or Test Plans of another project, where you lack the role lead.")


def _told(conn: sa.Connection, plan: _Plan, why: str) -> Undo:
    keys = executions.keys(conn, [plan.place.execution_id, *(r.test_id for r in plan.runs.kept[:_SHOWN])])
    key = keys[plan.place.execution_id]
    stays = [Stay(keys.get(r.test_id, ""), "somebody has changed its run since") for r in plan.runs.kept[:_SHOWN]]
    in_all = len(plan.runs.kept) + len(plan.tests.stays) + bool(why)
    if why:
        stays.insert(0, Stay(key, why))
    return Undo(
        plan.record.id, key, "", len(plan.runs.restored), len(plan.runs.emptied), len(plan.runs.gone), len(plan.runs.kept),
        len(plan.runs.dropped), len(plan.tests.gone), len(plan.tests.returned), len(plan.unlinked), sum(map(len, plan.dropped.values())),
        plan.execution is not None, why, [*stays, *plan.tests.stays][:_SHOWN], in_all,
    )  # fmt: skip


def _carry_out(conn: sa.Connection, caller: Caller, plan: _Plan) -> None:
    """Tests return first: runs without a result are then of the right definition version."""
    undo_writes.note_undone(conn, plan.record.id, caller.id, now_ms())
    undo_writes.return_tests(conn, plan.tests.returned)
    undo_writes.change_runs(conn, plan.place, plan.runs)
    for number in {*plan.unlinked, *plan.dropped}:
        tests = plan.dropped.get(number, [])
        undo_writes.unlink_plan(conn, number, plan.place.execution_id, tests, unlink=number in plan.unlinked)
    undo_writes.remove_tests(conn, [test.id for test in plan.tests.gone])
    deliveries.drop_of_import(conn, plan.record.user_id, plan.record.id)
    if plan.execution is not None:
        issue_deletes.delete_issue(conn, plan.execution)
    else:
        undo_writes.settle_imported(conn, plan.place.execution_id)
