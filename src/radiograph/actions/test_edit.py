# SPDX-License-Identifier: Apache-2.0
"""Changing a Test by hand as a whole: what it says of itself and its definition, unless somebody changed it meanwhile."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from radiograph.actions.issue_refs import visible_issue
from radiograph.actions.issues import edit_in
from radiograph.actions.test_names import checked_name
from radiograph.actions.tests import to_change
from radiograph.domain.errors import Conflict, Problem, Refused
from radiograph.domain.issue_change import IssueChange, ListOperation
from radiograph.domain.issues import Step, TestType
from radiograph.domain.people import Right
from radiograph.formats.reading import MAX_SUMMARY
from radiograph.store import instance, test_history
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.test_history import VersionRow
    from radiograph.store.test_reads import TestRow


class TestForm(Struct):
    """What a person leaves in the form; `text` is the definition of a Generic Test or the scenario of a Cucumber one.

    `seen` says what the Test was when the form was opened (see `mark_of`).
    """

    __test__ = False

    summary: str
    description: str
    labels: list[str]
    text: str = ""
    scenario_type: str = ""
    steps: list[Step] = []
    seen: str = ""


class Meanwhile(Conflict):
    """Somebody else changed this Test meanwhile: look at what they changed, then save again."""

    def __init__(self, row: TestRow, version: VersionRow) -> None:
        """Take the Test as it is now, and the newest version of its definition."""
        super().__init__()
        self.row, self.version = row, version


def mark_of(row: TestRow) -> str:
    """A text that changes when anything that the form shows does; it begins with the version's number."""
    shown = msgspec.json.encode((row.summary, row.description, row.labels, row.definition))
    return f"{row.number}-{hashlib.blake2b(shown, digest_size=8).hexdigest()}"


def form_of(services: Services, caller: Caller, key: str) -> TestRow:
    """The Test to edit. Raises IssueNotFound, Refused, Forbidden."""
    with services.db.read() as conn:
        return to_change(conn, caller, key, Right.EDIT_ISSUE)


def save_test(services: Services, caller: Caller, key: str, form: TestForm) -> TestRow:
    """Change what differs of a Test; the Test as it is then. Raises IssueNotFound, Refused, Forbidden, and Meanwhile (see there)."""
    with services.db.write() as conn:
        lock_projects(conn, [to_change(conn, caller, key, Right.EDIT_ISSUE).project_id])
        now = to_change(conn, caller, key, Right.EDIT_ISSUE)
        if form.seen != mark_of(now):
            raise Meanwhile(now, test_history.versions_of(conn, now.id, 1)[0])
        change = _change(now, form)
        if change.values or change.lists:
            fields = {f.key: f for f in instance.custom_fields(conn)}
            edit_in(conn, caller, visible_issue(conn, caller, now.key).key, change, fields)
        return to_change(conn, caller, now.key, Right.EDIT_ISSUE)


def _change(now: TestRow, form: TestForm) -> IssueChange:
    """Only what differs: what stays as it was leaves no history."""
    values: dict[str, Any] = {"summary": checked_summary(form.summary), "description": form.description}
    old: dict[str, Any] = {"summary": now.summary, "description": now.description}
    d = now.definition
    if d.type is TestType.GENERIC:
        values["definition"], old["definition"] = checked_name(d.type, form.text), d.text
    elif d.type is TestType.CUCUMBER:
        values |= {"scenario": form.text, "scenario_type": form.scenario_type or d.scenario_type}
        old |= {"scenario": d.text, "scenario_type": d.scenario_type}
    else:
        values["steps"], old["steps"] = tuple(form.steps), d.steps
    changed = {n: v for n, v in values.items() if v != old[n]}
    lists = {"labels": [ListOperation("set", tuple(form.labels))]} if form.labels != now.labels else {}
    return IssueChange(values=changed, lists=lists)


def checked_summary(text: str) -> str:
    """A summary that an issue can have; raises Refused."""
    text = " ".join(text.split())
    if not text or len(text) > MAX_SUMMARY:
        problem = "a summary is needed" if not text else f"the summary has more than {MAX_SUMMARY} characters"
        raise Refused(f"{problem[0].upper()}{problem[1:]}.", [Problem("summary", problem)])
    return text
