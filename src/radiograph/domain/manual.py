# SPDX-License-Identifier: Apache-2.0
"""What a tester changes while executing a Test by hand, one thing at a time, and what came of it. Pure.

A change carries an id made by its sender, so that it is applied once however often it is sent, and what was there when the
person decided (`was`), so that nobody's change is overwritten unseen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from radiograph.domain.errors import Problem, Refused
from radiograph.domain.run_edits import DefectEdit, ExampleEdit, FieldEdit, FileEdit, IterationEdit, RunEdit, StepEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.report import EvidenceFile

MOST_CHANGES = 500
"""How many changes one request may have."""
MOST_AGE = 30 * 86_400_000
"""For how long a change may wait to be sent, in milliseconds: that of an older one is taken for the present."""
RUNNING, PAUSED = "running", "paused"
FIELDS = ("status", "comment", "actual", "add-defect", "remove-defect", "remove-file", "custom", "timer", "finish", "open")
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_OF_STEPS = ("status", "comment", "actual", "add-defect", "remove-defect", "remove-file")


class ManualPlace(Struct, frozen=True, kw_only=True):
    """Where in a run: each counts from 1, and 0 is none. A step may be that of an iteration; all 0 is the run itself."""

    iteration: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    step: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    example: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class ManualChange(ManualPlace, frozen=True, kw_only=True):
    """One change: `field` is status, comment, actual, add-defect, remove-defect, remove-file, custom, timer, finish or open.

    `value` is what it becomes: a status, a text, a key, a file's id; `key` names a custom field. `was` is what stood there when
    the person decided; when something else does by now, it is a conflict. `age` says how long the change waited, in ms.
    """

    id: str
    field: str
    value: Any = ""
    was: Any = None
    key: str = ""
    age: Annotated[int, Meta(ge=0)] = 0


class ManualOutcome(Struct, kw_only=True):
    """What came of a change.

    `outcome` is applied, conflict (nothing was written: `theirs` stands there, from `by` at `at`, UTC ms) or refused (`message`);
    `replayed` tells that it had been applied by an earlier request. `file` is the id of a new file, `issue` the key of a new issue.
    """

    id: str
    outcome: str
    message: str = ""
    theirs: Any = None
    by: str = ""
    at: int = 0
    replayed: bool = False
    file: int = 0
    issue: str = ""


def check(change: ManualChange) -> None:
    """Raise Refused for a change that can mean nothing."""
    if not _ID.fullmatch(change.id):
        raise _refused("id", "must be 8 to 64 letters, digits, - and _, made by who sends the change")
    if change.field not in FIELDS:
        raise _refused("field", f"must be one of {', '.join(FIELDS)}")
    if (change.step and change.example) or (change.iteration and not change.step):
        raise _refused("step", "name a step, a step of an iteration, an example, or none of these")
    if (change.step and change.field not in _OF_STEPS) or (change.example and change.field != "status"):
        raise _refused("field", f"{change.field} can't be set there")
    if change.field == "actual" and not change.step:
        raise _refused("field", "only a step has an actual result")
    if change.field != "custom" and not isinstance(change.value, str):
        raise _refused("value", "must be a text")
    if change.field == "timer" and change.value not in {RUNNING, PAUSED}:
        raise _refused("value", f"must be {RUNNING} or {PAUSED}")


def _refused(path: str, problem: str) -> Refused:
    return Refused(f"{path}: {problem}.", [Problem(path, problem)])


def run_edit(change: ManualChange) -> RunEdit:
    """The edit of the run that a change is; raises Refused for a file whose id is no number."""
    text = change.value if isinstance(change.value, str) else ""
    if change.example:
        return RunEdit(examples=[ExampleEdit(id=-change.example, status=text)], under_way=True)
    defects, files = DefectEdit(), FileEdit()
    if change.field == "add-defect":
        defects.add = [text]
    elif change.field == "remove-defect":
        defects.remove = [text]
    elif change.field == "remove-file":
        if not text.isdecimal():
            raise _refused("value", "must be the id of a file")
        files.remove = [int(text)]
    if change.step:
        step = StepEdit(id=-change.step, defects=defects, files=files)
        if change.field in {"status", "comment", "actual"}:
            setattr(step, change.field, text)
        return in_step(change, step)
    edit = RunEdit(defects=defects, files=files, under_way=True)
    if change.field == "custom":
        edit.fields = [FieldEdit(key=change.key, value=change.value)]
    elif change.field in {"status", "comment"}:
        setattr(edit, change.field, text)
    return edit


def new_file_edit(place: ManualPlace, file: EvidenceFile) -> RunEdit:
    """The edit that adds a file to a step or to the run."""
    files = FileEdit(add=[file])
    return in_step(place, StepEdit(id=-place.step, files=files)) if place.step else RunEdit(files=files, under_way=True)


def in_step(place: ManualPlace, step: StepEdit) -> RunEdit:
    """The edit of a step where it is: of the run, or of an iteration of it."""
    if place.iteration:
        return RunEdit(iterations=[IterationEdit(id=-place.iteration, steps=[step])], under_way=True)
    return RunEdit(steps=[step], under_way=True)


def label(place: ManualPlace, field: str, custom: str = "") -> str:
    """Under which name the run's history keeps a field (as `actions/run_edits.py` and `run_parts.py` note it)."""
    if place.example:
        return f"example {place.example} status"
    named = {"actual": "actual result", "custom": f"field {custom}"}.get(field, field)
    if not place.step:
        return named
    return f"{f'iteration {place.iteration} ' if place.iteration else ''}step {place.step} {named}"


def is_conflict(change: ManualChange, now: Any) -> bool:  # noqa: ANN401  (texts, or lists of them)
    """Whether something else stands there than what the person saw, and than what they want."""
    seen, stands = _plain(change.was), _plain(now)
    return change.was is not None and stands not in {seen, _plain(change.value)}


def _plain(value: Any) -> str:  # noqa: ANN401
    """A value to compare: forms end their lines with CRLF."""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "").replace("\r\n", "\n")


def paused_ms(marks: Sequence[tuple[int, str]], start_ms: int | None, until_ms: int) -> tuple[int, bool]:
    """For how long a run was paused until then, and whether it is; `marks` are (UTC ms, running or paused), oldest first."""
    total, since = 0, None
    for at_ms, what in sorted(marks, key=lambda m: m[0]):
        if start_ms is None or at_ms < start_ms or at_ms > until_ms:
            continue
        if what == PAUSED:
            since = at_ms if since is None else since
        elif since is not None:
            total, since = total + at_ms - since, None
    return total + (until_ms - since if since is not None else 0), since is not None
