# SPDX-License-Identifier: Apache-2.0
"""The import: read, store evidence, plan and write in one transaction, answer.

A report is whole in the database when `import_report` returns, or not at all when it raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions import import_target
from radiograph.actions.import_execution import describe_new_tests, write_execution, write_new_tests
from radiograph.actions.import_known import gather, note_people
from radiograph.actions.import_links import link_known
from radiograph.actions.import_names import place_results, resolve_names
from radiograph.actions.import_records import Sent, record_refusal, record_success
from radiograph.domain import plan_rows
from radiograph.domain.clock import now_ms
from radiograph.domain.deciding import decide
from radiograph.domain.errors import AllResultsRefused, DomainError, NoResults, Problem
from radiograph.domain.id_ranges import ranges_of
from radiograph.domain.import_plan import Decisions, Ids, Known, RunRows
from radiograph.domain.outcome import ImportOptions, IssueRef, Outcome
from radiograph.domain.undo import Made
from radiograph.evidence.receive import store_evidence
from radiograph.formats.jira_info import read_info, read_test_info
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports
from radiograph.store import definitions, execution_writes, import_reads, instance, run_writes
from radiograph.store.blocks import last_id, take_ids, take_several
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from radiograph.actions.import_target import Target
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.report import EvidenceFile, Report

_SHOWN = 20


class Received(Struct, frozen=True):
    """A request's body: its size (bytes), SHA-256, and what to do in the import's own transaction at its end."""

    size: int
    sha256: str
    finish: Callable[[sa.Connection, Outcome], None] | None = None


class _DryRun(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Delivered(Struct, frozen=True):
    """What a request brings: its reports, their format (or "auto"), and the Jira bodies of the parts `info` and `testInfo`."""

    reports: Sequence[Source]
    format: str = "xray"
    info: memoryview | None = None
    test_info: memoryview | None = None
    keep_output: bool = False


def import_delivered(services: Services, caller: Caller, delivered: Delivered, options: ImportOptions, received: Received) -> Outcome:
    """Import the reports of a request into one Test Execution.

    Raises a DomainError when nothing could be stored; an import record tells of that too.
    """
    sent, report = Sent(delivered.format, received.size, received.sha256), None
    try:
        how = ReadOptions(delivered.keep_output, services.settings.max_body)
        report, sent.format = read_reports(delivered.reports, delivered.format, how)
        _read_bodies(services, report, delivered)
        sent.done("read")
        return import_report(services, caller, report, options, sent, received.finish)
    except DomainError as error:
        if not options.dry_run:
            record_refusal(services, caller, sent, error, _project_named(report, options))
        raise


def _project_named(report: Report | None, options: ImportOptions) -> str:
    """The key of the project that a request means as far as it can be told by its words; "" when it can't."""
    execution = options.execution_key or (report.execution_key if report is not None else "")
    named = report.info.project if report is not None else ""
    return execution.rpartition("-")[0] or named or options.project_key


def _read_bodies(services: Services, report: Report, delivered: Delivered) -> None:
    """In multipart the `info` inside the result is ignored; `testInfo` is for new Tests (Xray docs, Import Execution Results)."""
    if delivered.info is None and delivered.test_info is None:
        return
    with services.db.read() as conn:
        fields = {f.key: f for f in instance.custom_fields(conn)}
    if delivered.info is not None:
        report.info, notes = read_info(delivered.info, fields)
        report.notes += notes
    if delivered.test_info is not None:
        report.new_tests, notes = read_test_info(delivered.test_info, fields)
        report.notes += notes


def import_report(
    services: Services,
    caller: Caller,
    report: Report,
    options: ImportOptions,
    sent: Sent,
    finish: Callable[[sa.Connection, Outcome], None] | None = None,
) -> Outcome:
    """Import a report of any format; see `import_xray`. `finish` runs at the end of its transaction."""
    if not report.results and not report.refused:
        raise NoResults
    if not report.results:
        _refuse_if_needed(Decisions([], [], report.refused, []), strict=options.strict)
    import_target.apply_options(report, options)
    with services.db.read() as conn:
        resolve_names(conn, caller, report)
        target = import_target.find_target(conn, caller, report)
    place_results(report, target.project_id)
    sent.done("target")
    if not options.dry_run:
        _keep_evidence(services, report)
    sent.done("evidence")
    try:
        with services.db.write() as conn:
            sent.done("wait")
            outcome = _write(conn, services, caller, report, target, options, sent)
            if options.dry_run and outcome.created:
                outcome.execution = IssueRef(0, "")  # the key that it had for a moment is somebody else's next
            if finish is not None:
                finish(conn, outcome)
            if options.dry_run:
                raise _DryRun(outcome)  # noqa: TRY301  (it leaves the transaction)
    except _DryRun as dry:
        return dry.outcome
    return outcome


def _keep_evidence(services: Services, report: Report) -> None:
    """Store every file, before any transaction; a file that can't be kept is a warning of its result."""
    owned = [(file, r) for r in report.results for file in _files(r)]
    if not owned:
        return
    owners = {id(file): r for file, r in owned}
    for file, problem in store_evidence([file for file, _ in owned], services.evidence, services.settings.max_evidence):
        owners[id(file)].warnings.append(f"{file.path}: {problem}; the file was skipped, the result is kept")


def _files(result: Any) -> list[EvidenceFile]:  # noqa: ANN401  (a TestResult; its parts have the same shape)
    files = list(result.evidence)
    for step in (*result.steps, *(s for i in result.iterations for s in i.steps)):
        files += step.evidence
    for earlier in result.attempts:
        files += _files(earlier)
    return files


def _write(
    conn: sa.Connection,
    services: Services,
    caller: Caller,
    report: Report,
    target: Target,
    options: ImportOptions,
    sent: Sent,
) -> Outcome:
    held = import_reads.projects_by_key(conn, import_target.projects_to_hold(report))
    lock_projects(conn, {target.project_id, *(p for _, p in target.plans.values()), *(p.id for p in held.values())})
    if target.execution_id or target.plans:
        target = import_target.find_target(conn, caller, report)  # one may have been deleted before its project was held
    known = gather(conn, caller, report, target, services.settings)
    decisions = decide(report, known)
    _refuse_if_needed(decisions, strict=options.strict)
    sent.done("plan")
    now = now_ms()
    made: list[str] = []
    note_people(conn, report, known, made)
    import_id = take_ids(conn, "import", target.project_id, 1)  # what it makes has its id, so it is taken before
    execution = write_execution(conn, caller, report, target, now, made, import_id)
    if report.new_tests is not None:
        describe_new_tests(decisions.changes, report.new_tests)
    definitions.write_tests(conn, decisions.changes, caller.id, now, import_id)
    if report.new_tests is not None:
        write_new_tests(conn, decisions.changes, report.new_tests, now, made)
    executor = known.people[report.info.user] if report.info.user else caller.id
    place = plan_rows.Place(target.project_id, execution.id, caller.id, executor, now)
    rows, ids = _run_rows(conn, decisions, known, place, import_id)
    sent.done("rows")
    run_writes.write_runs(conn, target.project_id, execution.id, rows)
    known_causes = link_known(conn, target.project_id, rows)
    tests = list(dict.fromkeys(d.test.id for d in decisions.runs)) if target.plans else []
    linked = {plan: execution_writes.link_plan(conn, plan, execution.id, tests) for plan, _ in target.plans.values()}
    outcome = Outcome(
        execution=execution, created=not target.execution_id, tests=rows.tests, errors=decisions.refused,
        warnings=rows.warnings, messages=[*report.notes, *decisions.messages, *_made(made), *known_causes],
        dry_run=options.dry_run, import_id=ids.import_id, counts=_counts(decisions, [*rows.attempts, *rows.tries]),
    )  # fmt: skip
    sent.done("write")
    left = _what_it_made(decisions, rows, linked, last_id(conn, "change", target.project_id))
    record_success(conn, caller, sent, target.project_id, outcome, ids, now, left)
    return outcome


def _what_it_made(decisions: Decisions, rows: RunRows, linked: dict[int, tuple[bool, list[int]]], changes: int) -> Made:
    """What an undo has to know and the rows don't say."""
    replaced = set(rows.replaced)
    return Made(
        runs=ranges_of(row[0] for row in rows.runs if row[0] not in replaced),
        definitions=ranges_of(c.test.version_id for c in decisions.changes if c.definition is not None),
        linked=[plan for plan, (new, _) in linked.items() if new],
        added={plan: ranges_of(added) for plan, (_, added) in linked.items() if added},
        changes=changes,
    )


def _run_rows(conn: sa.Connection, decisions: Decisions, known: Known, place: plan_rows.Place, import_id: int) -> tuple[RunRows, Ids]:
    needs = plan_rows.needs(decisions, known)
    counts = {"run": needs.runs + needs.attempts, "part": needs.parts, "audit": 1}
    first = take_several(conn, place.project_id, counts)
    ids = Ids(
        run=first["run"],
        attempt=first["run"] + needs.runs,
        part=first["part"],
        rank=execution_writes.take_ranks(conn, place.execution_id, needs.runs),
        import_id=import_id,
        audit_id=first["audit"],
    )
    return plan_rows.run_rows(decisions, known, place, ids), ids


def _refuse_if_needed(decisions: Decisions, *, strict: bool) -> None:
    refused = sorted(decisions.refused, key=lambda r: r.index)
    if not refused or (decisions.runs and not strict):
        return
    problems: list[Problem] = [p for r in refused for p in r.problems]
    total = len(decisions.runs) + len(refused)
    head = "None of the results could be imported" if not decisions.runs else f"{len(refused)} of {total} results are refused (strict)"
    shown = "; ".join(f"{p.path}: {p.problem}" for p in problems[:_SHOWN])
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    raise AllResultsRefused(f"{head}, nothing was stored: {shown}{more}", problems)


def _made(names: list[str]) -> list[str]:
    return [f"{name} was not known and was added" for name in names]


def _counts(decisions: Decisions, attempts: list[Any]) -> dict[str, int]:
    counts = {"results": len(decisions.runs), "refused": len(decisions.refused), "attempts": len(attempts)}
    counts["created_tests"] = sum(c.created for c in decisions.changes)
    for decision in decisions.runs:
        counts[decision.status.name] = counts.get(decision.status.name, 0) + 1
    return counts
