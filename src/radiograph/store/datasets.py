# SPDX-License-Identifier: Apache-2.0
"""Datasets of Tests: their own, and those in a Test Execution, a Test Plan or a Test Set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from radiograph.domain.datasets import Column, Dataset, check_iterations, resolve
from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN = 0
"""The context of a dataset that is the Test's own."""


def put_dataset(conn: sa.Connection, test_id: int, context_id: int, dataset: Dataset, now: int) -> None:
    """Set the dataset of a Test in a context (`OWN`: its own), whatever was there before; call it with the project held."""
    d = t.datasets.c
    conn.execute(sa.delete(t.datasets).where(d.test_id == test_id, d.context_id == context_id))
    columns = [{"name": c.name} | ({"combinatorial": True} if c.combinatorial else {}) for c in dataset.columns]
    texts = {"columns": json.dumps(columns, ensure_ascii=False), "rows": json.dumps(dataset.rows, ensure_ascii=False)}
    conn.execute(sa.insert(t.datasets).values(test_id=test_id, context_id=context_id, updated_ms=now, **texts))


def datasets(conn: sa.Connection, test_ids: Sequence[int], contexts: Sequence[int]) -> dict[int, Dataset]:
    """Of each Test the dataset in the first of these contexts that has one; a Test without any is left out."""
    d = t.datasets.c
    where = (any_of(conn, d.test_id, list(test_ids) or [0]), any_of(conn, d.context_id, list(contexts)))
    found: dict[int, tuple[int, Dataset]] = {}
    for row in conn.execute(sa.select(d.test_id, d.context_id, d.columns, d.rows).where(*where)):
        place = contexts.index(row.context_id)
        if row.test_id not in found or place < found[row.test_id][0]:
            found[row.test_id] = (place, _read(row.columns, row.rows))
    return {test_id: dataset for test_id, (_, dataset) in found.items()}


def _read(columns: str, rows: str) -> Dataset:
    named = tuple(Column(c["name"], c.get("combinatorial", False)) for c in json.loads(columns))
    return Dataset(named, tuple(map(tuple, json.loads(rows))))


def contexts_of(conn: sa.Connection, issue_id: int, kind: IssueType) -> list[int]:
    """The contexts that count in an issue, the most specific first: itself, an execution's Test Plans, the Test's own."""
    plans: list[int] = []
    if kind in EXECUTION_TYPES:
        p = t.plan_executions.c
        plans = list(conn.execute(sa.select(p.plan_id).where(p.execution_id == issue_id).order_by(p.plan_id)).scalars())
    return [issue_id, *plans, OWN]


def resolved_rows(conn: sa.Connection, test_ids: Sequence[int], execution_id: int) -> dict[int, list[list[tuple[str, str]]]]:
    """The iterations that runs of these Tests in an execution have: for each row the parameters' names and values.

    The dataset is that in the execution, else in its Test Plan, else the Test's own; a Test without one is left out.
    Raises Refused when they are too many.
    """
    found = datasets(conn, test_ids, contexts_of(conn, execution_id, IssueType.TEST_EXECUTION))
    check_iterations(found.values())
    return {
        test_id: [[(c.name, v) for c, v in zip(dataset.columns, row, strict=True)] for row in resolve(dataset)]
        for test_id, dataset in found.items()
    }


def holds(conn: sa.Connection, context_id: int, kind: IssueType, test_id: int) -> bool:
    """Whether a Test Plan, a Test Set or a Test Execution has this Test."""
    table, owner = {
        IssueType.TEST_PLAN: (t.plan_tests, t.plan_tests.c.plan_id),
        IssueType.TEST_SET: (t.set_tests, t.set_tests.c.set_id),
    }.get(kind, (t.runs, t.runs.c.execution_id))
    return conn.execute(sa.select(sa.literal(1)).where(owner == context_id, table.c.test_id == test_id).limit(1)).first() is not None
