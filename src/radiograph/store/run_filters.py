# SPDX-License-Identifier: Apache-2.0
"""An execution's runs by what is asked of them: its failures whole, the others in pages by rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.failure_groups import FailedRun
from radiograph.store import tables as t
from radiograph.store.many import any_of
from radiograph.store.runs import LISTED, RunRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

WINDOW = 10_000
"""So many runs, at most, are looked at for one page: what matches rarely costs no more than what matches often."""
_T, _R = t.issues.alias("test").c, t.runs.c


class RunFilter(Struct, frozen=True):
    """What a run must have: words in its Test's key or summary, an assignee (their name), a defect (its key), a fingerprint.

    Also that its Test was found flaky, on which test environments. "" and None ask for nothing.
    """

    text: str = ""
    assignee: str = ""
    defect: str = ""
    fingerprint: int | None = None
    flaky: str | None = None
    """The test environments on which its Test was found flaky, as `flaky_tests` has them."""

    @property
    def asks(self) -> bool:
        """Whether it asks for anything."""
        return self != RunFilter()


def conditions(wanted: RunFilter, project_id: int) -> list[sa.ColumnElement[bool]]:
    """The filter as conditions on a run of the project."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.text:
        has = _T.summary.icontains(wanted.text, autoescape=True) | _T.key.icontains(wanted.text, autoescape=True)
        found.append(sa.exists().where(_T.id == _R.test_id, has))
    if wanted.assignee:
        found.append(_R.assignee_id == sa.select(t.users.c.id).where(t.users.c.name == wanted.assignee).scalar_subquery())
    if wanted.defect:
        d = t.run_defects.c
        named = (sa.func.upper(d.key) == wanted.defect.upper()) | (d.key == wanted.defect)  # SQLite knows the capitals of ASCII only
        found.append(sa.exists().where(d.project_id == project_id, d.run_id == _R.id, named))
    if wanted.fingerprint is not None:
        found.append(_R.fingerprint == wanted.fingerprint)
    if wanted.flaky is not None:
        f = t.flaky_tests.c
        found.append(sa.exists().where(f.project_id == project_id, f.test_id == _R.test_id, f.environments == wanted.flaky))
    return found


def failed_runs(conn: sa.Connection, place: tuple[int, int], statuses: Sequence[int], wanted: RunFilter) -> list[FailedRun]:
    """The runs of an execution (`place`: project id, its own id) that have one of these statuses, and what is asked for."""
    columns = (_R.id, _R.execution_id, _R.test_id, _R.status_id, _R.rank, _R.fingerprint)
    where = (_R.execution_id == place[1], _R.status_id.in_(statuses), *conditions(wanted, place[0]))
    return [FailedRun(*row) for row in conn.execute(sa.select(*columns).where(*where)).all()]  # `all`: one call for all the rows


def runs_by_status(
    conn: sa.Connection, place: tuple[int, int], after: tuple[int, int], limit: int, wanted: RunFilter
) -> tuple[list[RunRow], int | None]:
    """Runs of one status (`after`: its id, and a rank) that come after that rank, in its order; comments are cut.

    Also the rank after which more may be, when not all of the status were looked at (None: all were).
    """
    project_id, execution_id = place
    base = (_R.execution_id == execution_id, _R.status_id == after[0], _R.rank > after[1])
    if not wanted.asks:
        return [RunRow(*row) for row in conn.execute(LISTED.where(*base).order_by(_R.rank).limit(limit))], None
    last = sa.select(_R.rank).where(*base).order_by(_R.rank).offset(WINDOW - 1).limit(1)
    end = conn.execute(last).scalar()
    where = [*base, *conditions(wanted, project_id), *([] if end is None else [_R.rank <= end])]
    return [RunRow(*row) for row in conn.execute(LISTED.where(*where).order_by(_R.rank).limit(limit))], end


def runs_by_id(conn: sa.Connection, project_id: int, ids: Collection[int]) -> dict[int, RunRow]:
    """These runs of a project by id; comments are cut."""
    # A list of one project: with a plain comparison SQLite would rather walk all that the project has.
    query = LISTED.where(any_of(conn, _R.project_id, [project_id]), any_of(conn, _R.id, list(ids) or [0]))
    return {row[0]: RunRow(*row) for row in conn.execute(query)}


class PastRun(Struct, frozen=True):
    """A run in the past of another one."""

    id: int
    status_id: int
    execution_id: int


def runs_in(conn: sa.Connection, project_id: int, execution_ids: Collection[int], test_ids: Collection[int]) -> dict[int, list[PastRun]]:
    """The runs that these Tests have in these executions, by Test, the oldest execution's first."""
    query: sa.Select[Any] = sa.select(_R.test_id, _R.id, _R.status_id, _R.execution_id).where(
        any_of(conn, _R.project_id, [project_id]),
        any_of(conn, _R.execution_id, sorted(execution_ids)),
        any_of(conn, _R.test_id, sorted(test_ids) or [0]),
    )
    found: dict[int, list[PastRun]] = {}
    for test_id, *rest in conn.execute(query.order_by(_R.execution_id)):
        found.setdefault(test_id, []).append(PastRun(*rest))
    return found
