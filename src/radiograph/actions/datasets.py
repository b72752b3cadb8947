# SPDX-License-Identifier: Apache-2.0
"""Datasets of Tests: taking them out as CSV, and putting them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.tests import by_id_or_key
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, NotFound, Refused
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.people import Caller, Right
from radiograph.formats.dataset_csv import read_dataset, write_dataset
from radiograph.store import audit, test_reads
from radiograph.store import datasets as store
from radiograph.store.changes import note_changes
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.datasets import Dataset
    from radiograph.store.test_reads import HeadRow

CONTEXTS = (IssueType.TEST_PLAN, IssueType.TEST_SET, *EXECUTION_TYPES)


class DatasetPlace(Struct, frozen=True):
    """Which dataset is meant: a Test and, where there is one, the issue that holds it; an id wins over a key."""

    test_id: str
    test_key: str
    context_id: str
    context_key: str
    version: int | None


def export_dataset(services: Services, caller: Caller, place: DatasetPlace, *, resolved: bool) -> tuple[str, str]:
    """The dataset that counts in this place as CSV, and the Test's key. Raises IssueNotFound, NotFound, Refused."""
    with services.db.read() as conn:
        test, context = _find(conn, caller, place)
        contexts = store.contexts_of(conn, context.id, context.type) if context else [store.OWN]
        found = store.datasets(conn, [test.id], contexts).get(test.id)
    if found is None:
        raise NotFound(f"{test.key} has no dataset{f' in {context.key}' if context else ''}.")
    return write_dataset(found, resolved=resolved), test.key


def import_dataset(services: Services, caller: Caller, place: DatasetPlace, data: memoryview) -> None:
    """Set the dataset of this place from CSV. Raises IssueNotFound, Forbidden, and Refused that names line and column."""
    dataset = read_dataset(data)
    with services.db.write() as conn:
        test, context = _find(conn, caller, place)
        project = (context or test).project_id
        if not caller.may(Right.EDIT_ISSUE, project):
            raise Forbidden
        lock_projects(conn, {test.project_id, project})
        owner, at = context.id if context else store.OWN, now_ms()
        before = store.datasets(conn, [test.id], [owner]).get(test.id)
        store.put_dataset(conn, test.id, owner, dataset, at)
        subject = context or test
        field = f"Dataset of {test.key}" if context else "Dataset"
        noted = [(field, _shown(before), _shown(dataset))]
        note_changes(conn, "issue", (subject.project_id, subject.id), caller.id, at, noted)
        audit.note(conn, caller.id, "dataset.import", test.key, {"rows": len(dataset.rows)}, project_id=project)


_SHOWN = 10_000


def _shown(dataset: Dataset | None) -> str:
    text = write_dataset(dataset, resolved=False) if dataset else ""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


def _find(conn: sa.Connection, caller: Caller, place: DatasetPlace) -> tuple[HeadRow, HeadRow | None]:
    """The Test and the issue that holds it."""
    if not (place.test_id or place.test_key):
        raise Refused("Give testIssueId or testIssueKey.")
    test = by_id_or_key(conn, caller, place.test_id, place.test_key)
    if test.type is not IssueType.TEST:
        raise Refused(f"{test.key} is no Test.")
    if place.version is not None and test_reads.find_version(conn, test.id, place.version) is None:
        raise NotFound(f"{test.key} has no version {place.version}.")
    if not (place.context_id or place.context_key):
        return test, None
    context = by_id_or_key(conn, caller, place.context_id, place.context_key)
    if context.type not in CONTEXTS or not store.holds(conn, context.id, context.type, test.id):
        raise Refused(f"{context.key} is no Test Plan, Test Set or Test Execution that has {test.key}.")
    return test, context
