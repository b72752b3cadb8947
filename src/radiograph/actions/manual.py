# SPDX-License-Identifier: Apache-2.0
"""Executing a Test by hand: each change once, in the order in which it was made, and none over another's unseen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from radiograph.actions import editing
from radiograph.actions.editing import Editing, check_may_edit
from radiograph.actions.files import keep_files
from radiograph.actions.run_edits import carry_out
from radiograph.actions.run_parts import computed_status
from radiograph.domain import manual
from radiograph.domain.clock import Instant, now_ms
from radiograph.domain.errors import Conflict, NotFound, Problem, Refused
from radiograph.domain.manual import ManualChange, ManualOutcome, ManualPlace
from radiograph.domain.run_edits import RunEdit
from radiograph.domain.run_fields import matches, value_of
from radiograph.domain.statuses import EXECUTING, TODO
from radiograph.store import deliveries
from radiograph.store import manual as store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.report import EvidenceFile

_DAY_MS = 86_400_000


def apply_changes(services: Services, caller: Caller, run_id: int, changes: Sequence[ManualChange]) -> list[ManualOutcome]:
    """Carry out changes in their order, each in a transaction of its own; what came of each.

    One that conflicts or is refused doesn't hinder those behind it. Raises NotFound (the run), Forbidden.
    """
    check_may_edit(services, caller, run_id)
    return [_apply(services, caller, run_id, change) for change in changes]


def _apply(services: Services, caller: Caller, run_id: int, change: ManualChange) -> ManualOutcome:
    try:
        manual.check(change)
        with services.db.write() as conn:
            e = editing.begin(services, conn, caller, run_id)
            mark = fingerprint(run_id, msgspec.structs.replace(change, age=0))
            return once(conn, caller, change.id, mark, lambda: _carry_out(e, change))
    except (Refused, NotFound, Conflict) as error:
        return ManualOutcome(id=change.id, outcome="refused", message=error.message)


def add_file(services: Services, caller: Caller, run_id: int, place: ManualPlace, number: str, file: EvidenceFile) -> ManualOutcome:
    """Add a file to a step or to the run, once for each `number` that its sender made. Raises NotFound, Forbidden, Refused, Conflict."""
    manual.check(ManualChange(id=number, field="comment", step=place.step, iteration=place.iteration))
    check_may_edit(services, caller, run_id)
    keep_files(services, [file])
    with services.db.write() as conn:
        e = editing.begin(services, conn, caller, run_id)
        mark = fingerprint(run_id, (place, file.filename, file.sha256))

        def work() -> ManualOutcome:
            done = carry_out(e, manual.new_file_edit(place, file))
            ids = [*done.files, *(f for s in done.steps for f in s.files), *(f for i in done.iterations for s in i.steps for f in s.files)]
            return ManualOutcome(id=number, outcome="applied", file=ids[0])

        return once(conn, caller, number, mark, work)


def once(conn: sa.Connection, caller: Caller, number: str, mark: str, work: Callable[[], ManualOutcome]) -> ManualOutcome:
    """Do the work, unless that of this id has been done; to be called with the run's project held.

    What was done is known for 30 days. Raises Conflict when the id was used for something else.
    """
    now = now_ms()
    kept_from = now + manual.MOST_AGE
    deliveries.sweep(conn, now - _DAY_MS)
    earlier = deliveries.find(conn, caller.id, f"m:{number}", now - _DAY_MS)
    if earlier is not None:
        if earlier[0] != mark:
            raise Conflict(f"The id {number} was used for another change; use a new one for a new change.")
        return msgspec.structs.replace(msgspec.json.decode(earlier[1], type=ManualOutcome), replayed=True)
    done = work()
    if done.outcome == "applied":  # the time lies ahead, so that the daily sweep leaves it
        deliveries.put(conn, caller.id, f"m:{number}", (mark, msgspec.json.encode(done).decode(), None), kept_from)
    return done


def fingerprint(run_id: int, what: Any) -> str:  # noqa: ANN401  (anything that can be written as JSON)
    """What tells a change from others: the same id with another one is a mistake."""
    return hashlib.blake2b(msgspec.json.encode((run_id, what)), digest_size=16).hexdigest()


def _carry_out(e: Editing, change: ManualChange) -> ManualOutcome:
    now = _current(e, change)
    if manual.is_conflict(change, now):
        custom = next((f.name for f in e.fields if matches(f, change.key)), change.key)
        by = store.last_change(e.conn, e.row.id, manual.label(change, change.field if change.field != "finish" else "status", custom))
        return ManualOutcome(id=change.id, outcome="conflict", theirs=now, by=by[0] if by else "", at=by[1] if by else 0)
    if change.age <= manual.MOST_AGE:
        e.now = max(e.now - change.age, e.row.start_ms or 0) if e.row.start_ms else e.now - change.age
    if change.field == "timer":
        _set_timer(e, str(change.value))
    else:
        carry_out(e, _edit(e, change))
    return ManualOutcome(id=change.id, outcome="applied")


def _edit(e: Editing, change: ManualChange) -> RunEdit:
    if change.field == "finish":
        finished = e.run_statuses.by_id[e.row.status_id].final
        return RunEdit(status=_final(e, str(change.value)), finish=None if finished else Instant(e.now))
    if change.field == "open":
        return RunEdit(status=EXECUTING)
    return manual.run_edit(change)


def _final(e: Editing, wanted: str) -> str:
    """The status to finish with: the one that was chosen, else what the parts add up to. Raises Refused when that isn't final."""
    status = e.status(e.run_statuses, wanted, "value") if wanted else computed_status(e)
    if status is None or not status.final:
        what = "not every part has a result" if status else "the run has no steps"
        problem = (
            f"{status.name} does not finish a run" if wanted and status else f"{what}, so choose the status that the run finishes with"
        )
        raise Refused(f"{problem[0].upper()}{problem[1:]}.", [Problem("value", problem)])
    return status.name


def _set_timer(e: Editing, wanted: str) -> None:
    status = e.run_statuses.by_id[e.row.status_id]
    if e.row.start_ms is None or status.final:
        raise Refused("The timer runs while a run is under way; this one isn't.")
    marks = store.timer_marks(e.conn, e.row.id)
    e.note(store.TIMER, marks[-1][1] if marks else manual.RUNNING, wanted)
    editing.finish(e)


def _current(e: Editing, change: ManualChange) -> Any:  # noqa: ANN401  (a text, or the value of a custom field)
    """What stands now where the change goes; None for a field of which nothing can be overwritten."""
    if change.field in {"finish", "status"} and not (change.step or change.example):
        return e.run_statuses.by_id[e.row.status_id].name
    if change.field == "comment" and not change.step:
        return e.row.comment
    if change.field == "custom":
        field = next((f for f in e.fields if matches(f, change.key)), None)
        return value_of(field, e.stored) if field else change.was
    if change.example:
        found = next((x.status_id for x in e.parts.examples if x.position == change.example - 1), None)
        return TODO if found is None else e.run_statuses.by_id[found].name
    return _of_step(e, change) if change.field in {"status", "comment", "actual"} else change.was


def _of_step(e: Editing, change: ManualChange) -> str:
    scope = next((i.id for i in e.parts.iterations if i.position == change.iteration - 1), None)
    row = next((s for s in e.parts.steps if s.iteration_id == scope and s.position == change.step - 1), None)
    if change.field == "status":
        return TODO if row is None else e.step_statuses.by_id[row.status_id].name
    return "" if row is None else str(getattr(row, change.field))
