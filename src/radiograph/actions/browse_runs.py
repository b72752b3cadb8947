# SPDX-License-Identifier: Apache-2.0
"""What the pages of a Test Run and of a Test show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions import runs
from radiograph.actions.browse import PAGE, Listing
from radiograph.actions.hidden import hide_in_parts
from radiograph.actions.run_seen import Seen
from radiograph.domain.errors import NotFound
from radiograph.domain.people import Right
from radiograph.domain.statuses import failing
from radiograph.evidence.kinds import kind_of
from radiograph.insight.baselines import followed, main_of
from radiograph.insight.run_past import usual_duration
from radiograph.store import executions, failures, projects, run_filters
from radiograph.store import runs as run_store
from radiograph.store.changes import changes_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.changes import Change
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.runs import EvidenceRow, RunParts, RunRow

SHOWN_TEXT = 16 * 1024
"""How much of a text file a run's page shows, in bytes; the file's own page has all of it."""
MOST_ALIKE, SHOWN_ATTEMPTS = 1000, 20
EARLIER, _LATER, _SHOWN_TEXTS = 25, 10, 20


class Alike(Struct):
    """How many other failures of the execution share a run's fingerprint, `MOST_ALIKE` at most."""

    fingerprint: int
    others: int


class RunPage(Struct):
    """A run, its execution, and the runs of its Test around it, oldest first."""

    view: runs.RunView
    execution: ExecutionRow
    history: list[RunRow]
    """Its Test's runs before and after it, wherever they were, oldest first."""
    own: list[RunRow]
    """Its Test's runs until it in the executions that its own follows (see `domain/baselines.py`), `EARLIER` at most, oldest first."""
    previous_failure: tuple[int, str] | None
    next_failure: tuple[int, str] | None
    texts: dict[int, str]
    """The beginnings of its text files by evidence id."""
    changes: list[Change]
    """What was changed by hand, oldest first."""
    previous: tuple[int, str] | None
    next: tuple[int, str] | None
    """The runs beside it in the execution: id, key of the Test."""
    heads: dict[int, ExecutionRow]
    """The executions of `history`, by id."""
    people: dict[int, str]
    attempts: dict[int, RunParts]
    """What belongs to the latest attempts, by their ids."""
    alike: Alike | None
    usual: int | None
    """How long its Test usually takes (milliseconds), by the passes before it."""
    projects: frozenset[str]
    """The keys of the projects that the caller can see."""
    seen: Seen
    may_edit: bool


def run_page(services: Services, caller: Caller, run_id: int) -> RunPage:
    """A run with all that its page shows; raises NotFound."""
    view = runs.run(services, caller, run_id)
    row, nok = view.row, failing(view.run_statuses)
    with services.db.read() as conn:
        earlier = run_store.runs_of_test(conn, row.test_id, row.id + 1, EARLIER)
        later = run_store.later_runs_of_test(conn, row.test_id, row.id, _LATER)
        history = _visible(caller, [*earlier[::-1], *later])
        own = _own(conn, row)
        heads = executions.executions(conn, [row.execution_id, *(r.execution_id for r in (*history, *own))])
        near = [failures.nearest(conn, row.execution_id, nok, row.rank, later=way) for way in (False, True)]
        next_to = [failures.beside(conn, row.execution_id, row.rank, later=way) for way in (False, True)]
        changed = changes_of(conn, "run", [row.id])
        tried = [a.id for a in view.parts.attempts[-SHOWN_ATTEMPTS:]]
        attempts = run_store.parts(conn, row.project_id, tried) if tried else {}
        alike = failures.failed_alike(conn, row, nok, MOST_ALIKE) if row.status_id in nok else None
        keys = frozenset(p.key for p in projects.all_projects(conn) if caller.role_in(p.id) is not None)
        names = run_store.people(conn, [r.executor_id for r in (*history, *own)])
    hide_in_parts(caller, row, attempts.values())
    return RunPage(
        view, heads[row.execution_id], history, own, near[0], near[1], _texts(services, [*view.parts.evidence, *(e for a in attempts.values() for e in a.evidence)]), changed, next_to[0], next_to[1], heads,
        names, attempts, Alike(*alike) if alike else None, usual_duration(own[:-1], view.run_statuses), keys,
        Seen(changed[-1].id if changed else 0, row.import_id or 0), caller.may(Right.EDIT_RUN, row.project_id),
    )  # fmt: skip


def _own(conn: sa.Connection, row: RunRow) -> list[RunRow]:
    behind = followed(conn, row.project_id, row.execution_id, main_of(conn, row.project_id)).sequence
    ids = [r.id for r in run_filters.runs_in(conn, row.project_id, behind, [row.test_id]).get(row.test_id, [])[-EARLIER:]]
    found = run_filters.runs_by_id(conn, row.project_id, ids)
    return [found[i] for i in ids]


def _texts(services: Services, evidence: list[EvidenceRow]) -> dict[int, str]:
    texts: dict[int, str] = {}
    for row in evidence:
        if len(texts) < _SHOWN_TEXTS and kind_of(row.content_type, row.filename) == "text":
            try:
                with services.evidence.open(row.sha256) as file:
                    texts[row.id] = file.read(SHOWN_TEXT).decode("utf-8", "replace")
            except NotFound:
                continue
    return texts


def test_page(services: Services, caller: Caller, issue: IssueRow, before: int | None) -> Listing[RunRow]:
    """A Test's runs before the run of id `before`, newest first."""
    with services.db.read() as conn:
        found = run_store.runs_of_test(conn, issue.id, before, PAGE + 1)
    return Listing(_visible(caller, found[:PAGE]), str(found[PAGE - 1].id) if len(found) > PAGE else "")


def _visible(caller: Caller, rows: list[RunRow]) -> list[RunRow]:
    return [r for r in rows if caller.role_in(r.project_id) is not None]


test_page.__test__ = False  # type: ignore[attr-defined]
