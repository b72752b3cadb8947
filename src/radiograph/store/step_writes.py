# SPDX-License-Identifier: Apache-2.0
"""Writing the steps of one Test: each change is a new definition version, with the details of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.import_plan import KnownTest, TestChange
from radiograph.domain.issues import Definition, TestType
from radiograph.store.blocks import take_ids
from radiograph.store.definitions import write_tests

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.domain.steps import TestStep
    from radiograph.store.test_reads import TestRow


def next_version(conn: sa.Connection, test: TestRow) -> int:
    """Reserve the id of a Test's next definition version; the ids of its new steps follow from it."""
    return take_ids(conn, "definition", test.project_id, 1)


def write_steps(conn: sa.Connection, test: TestRow, version_id: int, steps: Sequence[TestStep], caller_id: int, now: int) -> None:
    """Give a Manual Test these steps, as the version of that id; call it with the project held. `now` in UTC ms."""
    known = KnownTest(test.id, test.key, test.project_id, TestType.MANUAL, version_id, len(steps))
    definition = Definition(TestType.MANUAL, steps=tuple(s.step for s in steps))
    change = TestChange(known, created=False, definition=definition, number=test.number + 1, details=[s.detail for s in steps])
    write_tests(conn, [change], caller_id, now)
