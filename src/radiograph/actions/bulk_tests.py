# SPDX-License-Identifier: Apache-2.0
"""Tests made in bulk, with what came of each kept as a task's outcome for who asks later (Xray Cloud docs, Import Tests - REST v2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from radiograph.actions.issues import create, custom_fields
from radiograph.actions.jobs import find_job
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused
from radiograph.formats.cloud_tests import read_test
from radiograph.store import jobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

KIND = "import/test/bulk"
MOST = 1000
_BEAT_MS = 5_000
"""How often a task says that it lives: one that is silent for a minute has died."""


class Made(Struct):
    """A Test that was made: its number in the list, its id and key."""

    element: int
    id: int
    key: str


class Failed(Struct):
    """A Test that wasn't made: its number in the list, and what is wrong by field."""

    element: int
    errors: dict[str, str]


class BulkOutcome(Struct):
    """What came of all Tests of a request; `died` says why the task ended before its time, when nobody knows what it made."""

    made: list[Made] = []
    failed: list[Failed] = []
    died: str = ""


def import_tests(services: Services, caller: Caller, values: Sequence[Any]) -> int:
    """Make Tests one after the other, whose failures don't hinder the others; the id of the task that holds what came of them.

    Raises Refused for an empty list and for more than 1000.
    """
    if not values or len(values) > MOST:
        raise Refused(f"Send a list of 1 to {MOST} Tests, not {len(values)}.", [Problem("body", f"must be a list of 1 to {MOST} Tests")])
    fields = custom_fields(services)
    outcome = BulkOutcome([], [])
    heard = now_ms()
    with services.db.write() as conn:
        number = jobs.add_job(conn, KIND, caller.id, len(values), now_ms())
    for element, value in enumerate(values):
        try:
            outcome.made.append(Made(element, *create(services, caller, read_test(value, fields))))
        except (Refused, Forbidden, NotFound) as error:
            outcome.failed.append(Failed(element, {p.path: p.problem for p in error.details} or {"error": error.message}))
        if now_ms() - heard > _BEAT_MS:
            heard = now_ms()
            with services.db.write() as conn:
                jobs.note_progress(conn, number, element + 1, heard)
    with services.db.write() as conn:
        jobs.note_progress(conn, number, len(values), now_ms())
        jobs.end_job(conn, number, jobs.DONE, msgspec.json.encode(outcome).decode(), now_ms())
    return number


def outcome_of(services: Services, caller: Caller, number: int) -> BulkOutcome | None:
    """What came of a task, for who started it and for administrators; None while it runs. Raises NotFound."""
    try:
        row = find_job(services, caller, number)
    except NotFound:
        row = None
    if row is None or row.kind != KIND:
        raise NotFound(f"There is no import of Tests {number}.")
    if row.state == jobs.FAILED:
        return BulkOutcome(died=row.message)
    return msgspec.json.decode(row.message, type=BulkOutcome) if row.state == jobs.DONE else None
