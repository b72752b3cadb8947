# SPDX-License-Identifier: Apache-2.0
"""Copying what Tests have beside their definitions: files, fields and calls of their steps, and datasets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from radiograph.actions.pull_files import fetch_files, keep_files
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Refused
from radiograph.domain.issues import IssueType, TestType
from radiograph.domain.steps import StepDetail, step_id
from radiograph.formats.dataset_csv import read_dataset
from radiograph.sources.issue_shapes import read_steps
from radiograph.sources.xray_server import SourceRefusal
from radiograph.store import import_reads, pulled, test_reads
from radiograph.store.datasets import OWN, put_dataset
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from radiograph.actions.pull_files import Fetched
    from radiograph.actions.pull_state import Pull
    from radiograph.domain.datasets import Dataset
    from radiograph.sources.issue_shapes import SourceStep
    from radiograph.store.test_reads import TestRow

_AT_ONCE, _CHUNK = 4, 50


def _chunks(work: Pull, what: str) -> Iterator[list[TestRow]]:
    """The Manual Tests after `state.cursor` (a number); between them it is told how many are done."""
    with work.services.db.read() as conn:
        listed = pulled.issues_after(conn, work.project_id, [IssueType.TEST], work.state.cursor)
    for at in range(0, len(listed), _CHUNK):
        chunk = listed[at : at + _CHUNK]
        with work.services.db.read() as conn:
            rows = test_reads.tests(conn, [number for _, number, _, _ in chunk])
        yield [row for row in rows if row.definition.type is TestType.MANUAL]
        work.state.cursor = chunk[-1][0]
        work.save()
        work.say(f"{what}: those of {at + len(chunk)} Tests of {len(listed)}")


def pull_steps(work: Pull) -> None:
    """Copy the files and custom fields of steps, and which Tests they call."""
    for tests in _chunks(work, "Files of steps"):
        told = _told(work, [t.key for t in tests])
        wanted = [(t, steps) for t in tests if any(steps := told.get(t.key, [])) and len(steps) == len(t.definition.steps)]
        files = {t.id: [fetch_files(work, t.key, s.files) for s in steps] for t, steps in wanted}
        with work.services.db.write() as conn:
            lock_projects(conn, [work.project_id])
            for test, steps in wanted:
                _write_details(conn, work, test, steps, files[test.id])
            work.state.cursor = max([work.state.cursor, *(int(t.key.rpartition("-")[2]) for t in tests)])
            pulled.put_state(conn, work.state)


def _told(work: Pull, keys: Sequence[str]) -> dict[str, list[SourceStep]]:
    if not keys:
        return {}
    try:
        rows: list[Any] = work.source.raven("test", "2.0", keys=";".join(keys))
    except SourceRefusal as error:
        work.state.problem(f"steps from {keys[0]} on", str(error))
        return {}
    return {str(row.get("key")): read_steps(row) for row in rows if isinstance(row, dict)}


def _write_details(conn: sa.Connection, work: Pull, test: TestRow, steps: Sequence[SourceStep], files: Sequence[Fetched]) -> None:
    heads = import_reads.issue_heads(conn, sorted({s.calls for s in steps if s.calls}))
    details = []
    for i, (step, fetched) in enumerate(zip(steps, files, strict=True)):
        called = heads.get(step.calls)
        if step.calls and called is None:
            work.state.problem(f"call in {test.key}", f"{step.calls} is not here")
        kept = keep_files(conn, work, test.id, fetched, of_step=True)
        details.append(StepDetail(step_id(test.version_id, i), kept, step.fields, called[0] if called else None))
    pulled.put_details(conn, test.version_id, details)


def pull_datasets(work: Pull) -> None:
    """Copy the Tests' own datasets."""
    for tests in _chunks(work, "Datasets"):
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            found = list(threads.map(lambda test: _dataset(work, test.key), tests))
        with work.services.db.write() as conn:
            lock_projects(conn, [work.project_id])
            for test, dataset in zip(tests, found, strict=True):
                if dataset is not None:
                    put_dataset(conn, test.id, OWN, dataset, now_ms())
                    work.state.count("datasets")
            work.state.cursor = max([work.state.cursor, *(int(t.key.rpartition("-")[2]) for t in tests)])
            pulled.put_state(conn, work.state)


def _dataset(work: Pull, key: str) -> Dataset | None:
    try:
        data = work.source.csv("dataset/export", testIssueKey=key, resolved="false")
        return read_dataset(data) if data else None
    except SourceRefusal as error:
        work.state.problem(f"dataset of {key}", str(error))
    except Refused as error:
        work.state.problem(f"dataset of {key}", error.message)
    return None
