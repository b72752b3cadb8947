# SPDX-License-Identifier: Apache-2.0
"""An execution with all its runs as a file to download, in pieces: memory stays small however many runs there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from radiograph import __version__
from radiograph.actions.runs import issue, views
from radiograph.domain.clock import Instant
from radiograph.domain.errors import Refused
from radiograph.domain.issues import EXECUTION_TYPES
from radiograph.domain.parameters import resolved
from radiograph.domain.statuses import TODO
from radiograph.formats.csv_export import write_csv
from radiograph.formats.ctrf_export import write_ctrf
from radiograph.formats.exported import (
    ExportedExecution,
    ExportedFile,
    ExportedIteration,
    ExportedRun,
    ExportedStep,
    ExportOptions,
    Writer,
)
from radiograph.formats.junit_export import write_junit
from radiograph.formats.xray_json_export import write_xray_json
from radiograph.store import import_reads, issue_reads, runs, test_reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy as sa

    from radiograph.actions.runs import RunView
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.runs import EvidenceRow, StepRow

    Address: TypeAlias = Callable[[int, str], str]

RUNS_AT_ONCE = 500
"""So many runs are read in one go."""
_PIECE = 3 * 256 * 1024
"""So much of a file is read in one go, in bytes: a multiple of 3, as base64 needs."""
_SENT = 128 * 1024


class ExportFormat(Struct, frozen=True):
    """A format to export: its writer, what its files end in, their media type; `evidence`: files stand in it unless told otherwise."""

    write: Writer
    ending: str
    media: str
    label: str
    evidence: bool = False


FORMATS = {
    "xray": ExportFormat(write_xray_json, ".json", "application/json", "Xray JSON", evidence=True),
    "junit": ExportFormat(write_junit, ".xml", "application/xml", "JUnit XML"),
    "ctrf": ExportFormat(write_ctrf, ".ctrf.json", "application/json", "CTRF"),
    "csv": ExportFormat(write_csv, ".csv", "text/csv; charset=utf-8", "CSV"),
}


class WantedExport(Struct, frozen=True):
    """A format by its name, whether files stand in the export (None: as the format has it), and where files can be fetched."""

    format: str
    evidence: bool | None
    address: Address


def export_execution(services: Services, caller: Caller, key: str, wanted: WantedExport) -> Iterator[bytes]:
    """The execution's runs in the order of their rank. Raises IssueNotFound, and Refused for another format or issue.

    Each of the batches is read as it is then: runs that change meanwhile may be as before or after.
    """
    kind = FORMATS.get(wanted.format.lower())
    if kind is None:
        raise Refused(f"The parameter format must be one of {', '.join(FORMATS)}, not {wanted.format[:40]!r}.")
    with services.db.read() as conn:
        execution_id, _ = issue(conn, caller, key, EXECUTION_TYPES)
        execution = _execution(conn, caller, execution_id)
    evidence = kind.evidence if wanted.evidence is None else wanted.evidence
    found = _runs(services, caller, execution_id, wanted.address)
    return _gathered(kind.write(execution, found, ExportOptions(evidence, __version__)))


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces."""
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _SENT:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _execution(conn: sa.Connection, caller: Caller, execution_id: int) -> ExportedExecution:
    (row,) = issue_reads.issues_by_id(conn, [execution_id])
    e = row.execution
    assert e is not None  # noqa: S101  (its type was looked at)
    table, _ = import_reads.status_tables(conn)
    counts: dict[str, int] = {}
    for status, count in e.counts.items():
        meaning = table.by_id[status].requirement
        counts[meaning] = counts.get(meaning, 0) + count
    plans = _seen(conn, caller, row.plans)
    return ExportedExecution(
        row.key, row.project_key, row.summary, row.description, e.versions, e.revision, e.branch, e.build_url,
        _instant(e.begin_ms, e.begin_offset), _instant(e.end_ms, e.end_offset), plans, e.environments, counts,
    )  # fmt: skip


def _seen(conn: sa.Connection, caller: Caller, keys: list[str]) -> list[str]:
    """Those of these keys whose issues the caller can see."""
    heads = import_reads.issue_heads(conn, keys) if keys else {}
    return [key for key in keys if key in heads and caller.role_in(heads[key][1]) is not None]


def _instant(ms: int | None, offset: int) -> Instant | None:
    return None if ms is None else Instant(ms, offset)


def _runs(services: Services, caller: Caller, execution_id: int, address: Address) -> Iterator[ExportedRun]:
    after = 0
    while True:
        with services.db.read() as conn:
            found = views(conn, caller, runs.runs_by_rank(conn, execution_id, after, RUNS_AT_ONCE))
            requirements = test_reads.requirements_of(conn, [v.row.test_id for v in found])
        for view in found:
            told = caller.role_in(view.row.test_project_id) is not None
            keys = [r.key for r in requirements.get(view.row.test_id, ()) if told and caller.role_in(r.project_id) is not None]
            yield _Run(services, view, address).exported(keys)
        if len(found) < RUNS_AT_ONCE:
            return
        after = found[-1].row.rank


class _Run:
    """One run on its way out."""

    def __init__(self, services: Services, view: RunView, address: Address) -> None:
        self.evidence, self.view, self.address = services.evidence, view, address

    def exported(self, requirements: list[str]) -> ExportedRun:
        v, row = self.view, self.view.row
        status = v.run_statuses.by_id[row.status_id]
        return ExportedRun(
            id=row.id, test_key=row.test_key, summary=row.test_summary, type=v.definition.type.label, definition=v.definition.text,
            requirements=requirements, status=status.name, requirement=status.requirement,
            start=_instant(row.start_ms, row.start_offset), finish=_instant(row.finish_ms, row.finish_offset), comment=row.comment,
            executor=v.people.get(row.executor_id or 0, ""), assignee=v.people.get(row.assignee_id or 0, ""), attempts=row.attempts,
            steps=self.steps(None, {}), iterations=self.iterations(), examples=self.examples(), defects=self.defects(None),
            evidence=self.files(None), custom_fields=json.loads(row.custom_fields) if row.custom_fields else [],
        )  # fmt: skip

    def steps(self, iteration: int | None, values: dict[str, str]) -> list[ExportedStep]:
        """The results by position; a position between them without one is TODO."""
        given = {s.position: s for s in self.view.parts.steps if s.iteration_id == iteration}
        return [self.step(i, given.get(i), values) for i in range(max(given, default=-1) + 1)]

    def step(self, position: int, row: StepRow | None, values: dict[str, str]) -> ExportedStep:
        written = self.view.definition.steps
        action = resolved(written[position].action, values) if position < len(written) else ""
        if row is None:
            return ExportedStep(TODO, action, "", "", [], [])
        status = self.view.step_statuses.by_id[row.status_id].name
        return ExportedStep(status, action, row.comment, row.actual, self.defects(row.id), self.files(row.id))

    def iterations(self) -> list[ExportedIteration]:
        by_id = self.view.run_statuses.by_id
        return [
            ExportedIteration(
                i.name, by_id[i.status_id].name, i.parameters, i.log, i.duration, self.steps(i.id, dict(i.parameters)),
            )
            for i in self.view.parts.iterations
        ]  # fmt: skip

    def examples(self) -> list[str]:
        """By position, as steps."""
        names = {x.position: self.view.run_statuses.by_id[x.status_id].name for x in self.view.parts.examples}
        return [names.get(i, TODO) for i in range(max(names, default=-1) + 1)]

    def defects(self, step: int | None) -> list[str]:
        return list(dict.fromkeys(d.key for d in self.view.parts.defects if d.step_id == step))

    def files(self, step: int | None) -> list[ExportedFile]:
        """Those that are there: a file that was lost doesn't keep the rest from being exported."""
        rows = [e for e in self.view.parts.evidence if e.step_id == step and self.evidence.path(e.sha256) is not None]
        return [ExportedFile(e.filename, e.content_type, self.address(e.id, e.filename), self.reading(e)) for e in rows]

    def reading(self, row: EvidenceRow) -> Callable[[], Iterator[bytes]]:
        def pieces() -> Iterator[bytes]:
            with self.evidence.open(row.sha256) as file:
                while piece := file.read(_PIECE):
                    yield piece

        return pieces
