# SPDX-License-Identifier: Apache-2.0
"""The failures of executions with what is known of each: new since the baseline, or known, and why.

Every page, mail and call that says "new" asks here, so that they mean the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.domain.judging import Known, Weighed, Why, why
from radiograph.insight.baselines import followed, main_of
from radiograph.store import failed_runs, flaky, known_failures, quarantines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from radiograph.domain.failure_groups import FailedRun
    from radiograph.insight.baselines import Measured
    from radiograph.store.known_failures import Defect

MOST = 100_000
"""How many failures are looked at, at most."""


class Judged(Struct, frozen=True):
    """A failed run, why it isn't new (or that it is), its defects that aren't done, and those that are."""

    run: FailedRun
    why: Why
    defects: tuple[str, ...]
    done: tuple[str, ...]


_AS_TOLD = Weighed()
_NONE: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def judge(
    conn: sa.Connection, project_id: int, scope: Sequence[Measured], failing: Sequence[int], weighed: Weighed = _AS_TOLD, limit: int = MOST
) -> list[Judged]:
    """What each failure of these executions of a project is, `limit` of them at most."""
    runs = failed_runs.failed_runs(conn, [m.execution.id for m in scope], failing, limit)
    known = _known(conn, project_id, scope, failing)
    return list(_judged(conn, project_id, runs, known, weighed))


class Since(Struct):
    """The key of what an execution is compared with ("": there is nothing), and its Tests whose failures are new."""

    baseline: str
    new: set[int]


def new_since(conn: sa.Connection, project_id: int, execution_id: int, failing: Sequence[int]) -> Since:
    """What is new in an execution; where nothing came before it, every failure without another reason is."""
    measured = followed(conn, project_id, execution_id, main_of(conn, project_id)).measured
    if measured is None:
        return Since("", set())
    runs = failed_runs.failed_runs(conn, [execution_id], failing, MOST)
    return Since(measured.baseline.key if measured.baseline else "", new_among(conn, project_id, measured, runs, failing))


def new_among(conn: sa.Connection, project_id: int, measured: Measured, runs: Sequence[FailedRun], failing: Sequence[int]) -> set[int]:
    """The Tests of these failures of an execution that are new, as `judge` has it; defects are looked for where nothing else tells."""
    known = _known(conn, project_id, [measured], failing)
    left = [r for r in runs if why(r.test_id, (), known[measured.execution.id], _AS_TOLD) is Why.NEW]
    return {j.run.test_id for j in _judged(conn, project_id, left, known, _AS_TOLD) if j.why is Why.NEW}


def _judged(conn: sa.Connection, project_id: int, runs: Sequence[FailedRun], known: dict[int, Known], weighed: Weighed) -> Iterator[Judged]:
    by_mark = known_failures.known(conn, project_id, sorted({r.fingerprint for r in runs if r.fingerprint is not None}))
    own = known_failures.defects_of_runs(conn, project_id, [r.id for r in runs])
    marked = {mark: _split(defects) for mark, defects in by_mark.items()}
    for run in runs:
        named = marked.get(run.fingerprint, _NONE) if run.fingerprint is not None else _NONE
        if run.id in own:
            named = _split([*own[run.id], *by_mark.get(run.fingerprint or 0, ())])
        yield Judged(run, why(run.test_id, named[0], known[run.execution_id], weighed), *named)


def _split(defects: Sequence[Defect]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the defects that aren't done, and of those that are, each once."""
    still, done = (tuple(dict.fromkeys(d.key for d in defects if d.done is wanted)) for wanted in (False, True))
    return still, done


def _known(conn: sa.Connection, project_id: int, scope: Sequence[Measured], failing: Sequence[int]) -> dict[int, Known]:
    """What is known of each execution's Tests, by its id."""
    measures = {p.id for m in scope for p in (m.baseline, m.main) if p is not None}
    failed = failed_runs.failed_tests(conn, sorted(measures), failing)
    held = quarantines.quarantined(conn, project_id, now_ms())
    flaky_on = {e: frozenset(flaky.flaky_on(conn, project_id, e)) for e in {m.execution.environments for m in scope}}
    return {
        m.execution.id: Known(
            held, flaky_on[m.execution.environments], failed.get(m.main.id, ()) if m.main else (), failed.get(m.baseline.id, ()) if m.baseline else (),
        )
        for m in scope
    }  # fmt: skip
