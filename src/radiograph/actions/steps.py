# SPDX-License-Identifier: Apache-2.0
"""The steps of Manual Tests: looking at them, and changing them one at a time. Each change is a new definition version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from radiograph.actions.files import keep_files
from radiograph.actions.runs import issue
from radiograph.actions.tests import TestView, in_version, views
from radiograph.domain import steps as rules
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Refused
from radiograph.domain.issues import IssueType, Step, TestType
from radiograph.domain.people import Caller, Right
from radiograph.domain.steps import StepChange, StepDetail, TestStep
from radiograph.store import audit, step_writes, test_reads
from radiograph.store.attachments import add_attachments, remove_attachments
from radiograph.store.changes import note_changes
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.report import EvidenceFile
    from radiograph.store.test_reads import HeadRow, TestRow

FIELD = "Manual Test Steps"
"""The field that the history of a Test names."""


class WrittenStep(Struct):
    """What a change did: the step's id, the ids of the files it added, and what was odd."""

    id: int
    attachments: list[int]
    warnings: list[str]


def steps_of(services: Services, caller: Caller, key: str, version: int | None) -> TestView:
    """A Test with its steps, as they are now or in a version; a Test that isn't Manual has none. Raises NotFound."""
    with services.db.read() as conn:
        return views(conn, caller, [in_version(conn, caller, key, version)])[0]


def create_step(
    services: Services, caller: Caller, key: str, change: StepChange, files: Sequence[EvidenceFile], version: int | None
) -> WrittenStep:
    """Add a step, the last one unless the change names its place. Raises NotFound, Refused, Forbidden."""
    _keep(services, caller, key, files)
    with services.db.write() as conn:
        test, called = _held(conn, caller, key, version, change.calls)
        new_version = step_writes.next_version(conn, test)
        steps = rules.joined(test.definition.steps, test.details)
        at = len(steps) if change.index is None else min(change.index - 1, len(steps))
        empty = TestStep(Step(), StepDetail(rules.step_id(new_version, at)))
        one, added, warnings = _changed(conn, caller, test, empty, change, files, called)
        _save(conn, caller, test, new_version, rules.insert(steps, one, change.index), [(FIELD, "", rules.shown_step(at, one.step))])
    return WrittenStep(one.detail.id, added, warnings)


def edit_step(
    services: Services, caller: Caller, key: str, number: int, change: StepChange, files: Sequence[EvidenceFile], version: int | None
) -> WrittenStep:
    """Change what is given of a step, and leave the rest. Raises NotFound, Refused, Forbidden."""
    _keep(services, caller, key, files)
    with services.db.write() as conn:
        test, called = _held(conn, caller, key, version, change.calls)
        steps = rules.joined(test.definition.steps, test.details)
        at = rules.position_of(steps, number, test.key)
        one, added, warnings = _changed(conn, caller, test, steps[at], change, files, called)
        after = rules.replace(steps, at, one, change.index)
        if after != steps:
            noted = rules.shown_step(at, steps[at].step), rules.shown_step(after.index(one), one.step)
            _save(conn, caller, test, step_writes.next_version(conn, test), after, [(FIELD, *noted)])
    return WrittenStep(number, added, warnings)


def delete_step(services: Services, caller: Caller, key: str, number: int, version: int | None) -> None:
    """Remove a step; earlier versions keep it with its files. Raises NotFound, Refused, Forbidden."""
    with services.db.write() as conn:
        test, _ = _held(conn, caller, key, version)
        steps = rules.joined(test.definition.steps, test.details)
        at = rules.position_of(steps, number, test.key)
        noted = [(FIELD, rules.shown_step(at, steps[at].step), "")]
        _save(conn, caller, test, step_writes.next_version(conn, test), rules.remove(steps, at), noted)


def delete_file(services: Services, caller: Caller, key: str, number: int, attachment: int) -> None:
    """Remove a file of a step, from every version. Raises NotFound, Refused, Forbidden."""
    edit_step(services, caller, key, number, StepChange(remove=[attachment]), (), None)


def _keep(services: Services, caller: Caller, key: str, files: Sequence[EvidenceFile]) -> None:
    """Store the files before the transaction, for those who may change the Test."""
    if files:
        with services.db.read() as conn:
            _may_edit(caller, issue(conn, caller, key, [IssueType.TEST])[1])
        keep_files(services, files)


def _may_edit(caller: Caller, project_id: int) -> None:
    if not caller.may(Right.EDIT_ISSUE, project_id):
        raise Forbidden


def _held(conn: sa.Connection, caller: Caller, key: str, version: int | None, calls: str = "") -> tuple[TestRow, HeadRow | None]:
    """The Test as it is once its project is held, and the Test that a step is to call."""
    test_id, project = issue(conn, caller, key, [IssueType.TEST])
    _may_edit(caller, project)
    called = issue(conn, caller, calls, [IssueType.TEST]) if calls else None
    lock_projects(conn, {project, *([called[1]] if called else [])})
    (test,) = test_reads.tests(conn, [test_id])
    if test.definition.type is not TestType.MANUAL:
        raise Refused(f"{test.key} is a {test.definition.type.label} Test: only Manual Tests have steps.")
    if version is not None and version > test.number:
        raise NotFound(f"{test.key} has no version {version}.")
    if version not in (None, test.number):
        raise Refused(f"Version {version} of {test.key} is history; its steps are changed in version {test.number} only.")
    head = test_reads.heads(conn, [called[0]])[called[0]] if called else None
    if head is not None and _reaches(conn, head.id, test.id):
        raise Refused(f"{test.key} can't call {f'{head.key}, which calls it' if head.id != test.id else 'itself'}.")
    return test, head


def _reaches(conn: sa.Connection, start: int, target: int) -> bool:
    """Whether a Test is another one or calls it, by steps of steps: one query for each depth."""
    seen, level = {start}, {start}
    while level and target not in seen:
        level = test_reads.called_tests(conn, level) - seen
        seen |= level
    return target in seen


def _changed(
    conn: sa.Connection, caller: Caller, test: TestRow, one: TestStep, change: StepChange, files: Sequence[EvidenceFile],
    called: HeadRow | None,
) -> tuple[TestStep, list[int], list[str]]:  # fmt: skip
    """The step after the change, the ids of the files it gets, and warnings."""
    texts = {n: v for n in ("action", "data", "result") if (v := getattr(change, n)) is not None}
    detail = one.detail
    if called is not None:
        one, texts = TestStep(Step(f"Call {called.key}"), detail), {}
    elif detail.calls is not None and texts:
        raise Refused("The step calls a Test and has no texts of its own: change that Test, or let the step call another.")
    custom, warnings = rules.custom_values(change.custom, test_reads.step_fields(conn, [test.project_id]).get(test.project_id, []))
    missing = [i for i in change.remove if i not in detail.attachments]
    if missing:
        raise NotFound(f"The step has no attachment {missing[0]}.")
    remove_attachments(conn, change.remove)
    added = add_attachments(conn, (test.project_id, test.id), files, caller.id, now_ms(), of_step=True)
    detail = structs.replace(
        detail, attachments=(*(a for a in detail.attachments if a not in change.remove), *added),
        fields={n: v for n, v in (detail.fields | custom).items() if v}, calls=called.id if called else detail.calls,
    )  # fmt: skip
    return TestStep(structs.replace(one.step, **texts), detail), added, warnings


def _save(
    conn: sa.Connection, caller: Caller, test: TestRow, version_id: int, steps: Sequence[TestStep], noted: Sequence[tuple[str, str, str]]
) -> None:
    now = now_ms()
    step_writes.write_steps(conn, test, version_id, steps, caller.id, now)
    note_changes(conn, "issue", (test.project_id, test.id), caller.id, now, noted)
    audit.note(conn, caller.id, "test.steps", test.key, {"steps": len(steps)}, project_id=test.project_id)
