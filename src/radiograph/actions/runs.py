# SPDX-License-Identifier: Apache-2.0
"""Looking at Test Runs and Executions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.hidden import hide_in_views
from radiograph.domain.errors import IssueNotFound, NotFound, Refused
from radiograph.domain.issues import EXECUTION_TYPES, Definition, IssueType
from radiograph.domain.run_fields import RunField  # noqa: TC001  (msgspec reads the annotations)
from radiograph.domain.steps import StepDetail  # noqa: TC001
from radiograph.store import executions, import_reads, runs, test_reads
from radiograph.store.attachments import AttachmentRow  # noqa: TC001
from radiograph.store.changes import changes_of
from radiograph.store.issue_reads import VersionRow, versions_of_issues
from radiograph.store.run_fields import run_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.changes import Change


class RunView(Struct):
    """A run with all that belongs to it and all that names it."""

    row: runs.RunRow
    parts: runs.RunParts
    definition: Definition
    people: dict[int, str]
    environments: list[str]
    versions: list[VersionRow]
    run_statuses: StatusTable
    step_statuses: StatusTable
    fields: list[RunField] = []
    """The custom fields that the project defines for runs and for steps."""
    details: list[StepDetail] = []
    """What the definition keeps of each step beside its texts; empty when it keeps nothing of any."""
    step_files: list[list[AttachmentRow]] = []
    """The files of each step of the definition; empty when none has any."""


def issue(conn: sa.Connection, caller: Caller, key: str, kinds: Sequence[IssueType]) -> tuple[int, int]:
    """The id and project id of an issue of one of these types; raises IssueNotFound or Refused."""
    head = import_reads.issue_heads(conn, [key.strip().upper()]).get(key.strip().upper())
    if head is None or caller.role_in(head[1]) is None:
        raise IssueNotFound(key)
    if head[2] not in kinds:
        raise Refused(f"Issue with key {key} not found or is not of type {kinds[0].label}.")
    return head[0], head[1]


def views(conn: sa.Connection, caller: Caller, rows: Sequence[runs.RunRow]) -> list[RunView]:
    """The runs whole, in few queries however many they are, without what Tests and defects that the caller can't see say."""
    parts: dict[int, runs.RunParts] = {}
    for project in {r.project_id for r in rows}:
        parts |= runs.parts(conn, project, [r.id for r in rows if r.project_id == project])
    definitions = runs.definition_versions(conn, {r.version_id for r in rows})
    authors = [e.author_id for p in parts.values() for e in p.evidence]
    people = runs.people(conn, [p for r in rows for p in (r.executor_id, r.assignee_id)] + authors)
    heads = executions.executions(conn, list({r.execution_id for r in rows}))
    versions = versions_of_issues(conn, list(heads))
    tables = import_reads.status_tables(conn)
    fields = run_fields(conn, {r.project_id for r in rows})
    details = test_reads.step_details(conn, {r.version_id for r in rows})
    files = test_reads.step_files(conn, details)
    found = [
        RunView(
            r, parts[r.id], definitions[r.version_id], people, heads[r.execution_id].environments,
            versions.get(r.execution_id, []), *tables, [f for f in fields if f.project_id == r.project_id],
            details.get(r.version_id, []), files.get(r.version_id, []),
        )
        for r in rows
    ]  # fmt: skip
    hide_in_views(caller, found)
    return found


def run(services: Services, caller: Caller, run_id: int) -> RunView:
    """A run by its id; raises NotFound."""
    with services.db.read() as conn:
        return views(conn, caller, [_visible(caller, runs.find_run(conn, run_id), f"Test Run {run_id}")])[0]


def run_in(services: Services, caller: Caller, execution_key: str, test_key: str) -> RunView:
    """The run of a Test in an execution; raises NotFound."""
    with services.db.read() as conn:
        execution, _ = issue(conn, caller, execution_key, EXECUTION_TYPES)
        test, _ = issue(conn, caller, test_key, [IssueType.TEST])
        return views(conn, caller, [_visible(caller, runs.run_of(conn, execution, test), f"run of {test_key} in {execution_key}")])[0]


def _visible(caller: Caller, row: runs.RunRow | None, what: str) -> runs.RunRow:
    if row is None or caller.role_in(row.project_id) is None:
        raise NotFound(f"There is no {what}.")
    return row


def runs_of_execution(services: Services, caller: Caller, key: str, after: int, limit: int) -> list[RunView]:
    """The runs of an execution whose rank is above `after`, in the order of rank."""
    with services.db.read() as conn:
        execution, _ = issue(conn, caller, key, EXECUTION_TYPES)
        return views(conn, caller, runs.runs_by_rank(conn, execution, after, limit))


def statuses(services: Services) -> tuple[StatusTable, StatusTable]:
    """The statuses of runs and of steps."""
    with services.db.read() as conn:
        return import_reads.status_tables(conn)


def history(services: Services, caller: Caller, run_id: int, skip: int, limit: int) -> list[Change]:
    """What was changed in a run by hand, oldest first: `limit` changes after the first `skip`. Raises NotFound."""
    with services.db.read() as conn:
        _visible(caller, runs.find_run(conn, run_id), f"Test Run {run_id}")
        return changes_of(conn, "run", [run_id], skip + limit)[skip:]
