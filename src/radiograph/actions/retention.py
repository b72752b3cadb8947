# SPDX-License-Identifier: Apache-2.0
"""Retention: rules for each project, a preview of what would go, and removing it in small transactions, every night or when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Refused
from radiograph.domain.people import Caller, Right
from radiograph.domain.retention import KEEP_LABEL, InstanceRules, Rules, cutoff, is_due, is_open, problems_of
from radiograph.store import audit, instance, issue_deletes, issue_links, jobs, project_settings, projects
from radiograph.store import retention as store
from radiograph.store.engines import lock_database, lock_projects
from radiograph.store.locks import NIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import sqlalchemy as sa

    from radiograph.actions.projects import ProjectRow
    from radiograph.actions.services import Services

RULES, MARK, BEGINS, RAN = "retention", "retention_mark", "history_begins_ms", "retention_ran_ms"
KIND = "retention"
_AT_ONCE, _AUDIT_AT_ONCE = 100, 2000
_PARTS_AT_ONCE = 2000
"""So many files, or the attempts of so many runs, go in one transaction."""
_STOPPED = "The server was stopped before all of it was removed; the next night goes on."


class Going(Struct):
    """What goes, or went: counts by kind, the bytes of the evidence that is named no more, and executions that stay though they are old."""

    executions: int = 0
    runs: int = 0
    evidence: int = 0
    evidence_bytes: int = 0
    attempts: int = 0
    imports: int = 0
    warnings: int = 0
    outgoing: int = 0
    kept_by_plan: int = 0
    kept_by_mark: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """By name, but zeros."""
        return {n: v for n in self.__struct_fields__ if (v := getattr(self, n))}


class Retention(Struct):
    """A project's rules, what would go by them now, since when its history is whole (UTC ms; None: from the beginning)."""

    project: str
    rules: Rules
    going: Going
    history_begins_ms: int | None = None


def rules_of(conn: sa.Connection, project_id: int) -> Rules:
    """The rules of a project."""
    return msgspec.json.decode(project_settings.get_setting(conn, project_id, RULES, "{}"), type=Rules)


def history_begins(conn: sa.Connection, project_id: int) -> int | None:
    """Since when (UTC ms) no result of a project was removed by its rules; None when none ever was."""
    found = project_settings.get_setting(conn, project_id, BEGINS)
    return int(found) if found else None


def set_rules(services: Services, caller: Caller, project: ProjectRow, rules: Rules) -> None:
    """Keep the rules of a project; nothing is removed yet. Raises Forbidden, Refused."""
    if problems := problems_of(rules):
        raise Refused(f"{'; '.join(problems)}.")
    with services.db.write() as conn:
        _check(caller, project.id)
        lock_projects(conn, [project.id])
        project_settings.put_setting(conn, project.id, RULES, msgspec.json.encode(rules).decode() if rules != Rules() else "")
        audit.note(conn, caller.id, "retention.set", project.key, msgspec.to_builtins(rules), project_id=project.id)


def _check(caller: Caller, project_id: int) -> None:
    if not caller.may(Right.ADMINISTER, project_id):
        raise Forbidden("Retention takes the role admin in the project.")


def preview(services: Services, caller: Caller, project: ProjectRow, rules: Rules | None = None) -> Retention:
    """What would go now by the project's rules, or by others. Raises Forbidden, Refused."""
    _check(caller, project.id)
    if rules is not None and (problems := problems_of(rules)):
        raise Refused(f"{'; '.join(problems)}.")
    with services.db.read() as conn:
        chosen = rules_of(conn, project.id) if rules is None else rules
        begins = history_begins(conn, project.id)
    going, now = Going(), now_ms()
    gone: set[int] = set()
    for batch in _batches(services, project.id, 0, cutoff(chosen.executions, now), going):
        with services.db.read() as conn:
            parents = issue_links.children_of(conn, batch)
            going_now = [e for e in batch if e not in parents]
            weight = store.weigh_runs(conn, going_now)
        gone |= set(going_now)
        going.executions, going.runs, going.evidence_bytes = (
            going.executions + len(going_now),
            going.runs + weight.rows,
            going.evidence_bytes + weight.bytes,
        )
    _preview_parts(services, project.id, chosen, now, going, gone)
    return Retention(project.key, chosen, going, begins)


def _preview_parts(services: Services, project_id: int, rules: Rules, now: int, going: Going, gone: set[int]) -> None:
    mark = _mark(services, project_id)
    for batch in _batches(services, project_id, mark.get("evidence", 0), cutoff(rules.evidence, now)):
        with services.db.read() as conn:
            rows = store.passing_evidence(conn, [e for e in batch if e not in gone])
        going.evidence, going.evidence_bytes = going.evidence + len(rows), going.evidence_bytes + sum(r[2] for r in rows)
    for batch in _batches(services, project_id, mark.get("attempts", 0), cutoff(rules.attempts, now)):
        with services.db.read() as conn:
            going.attempts += len(store.attempts_in(conn, [e for e in batch if e not in gone]))
    with services.db.read() as conn:
        if rules.imports:
            going.imports, going.warnings = store.old_imports(conn, project_id, cutoff(rules.imports, now))
        if rules.outgoing:
            going.outgoing = store.outgoing_count(conn, project_id, cutoff(rules.outgoing, now))


def _batches(
    services: Services, project_id: int, since: int, before: int, going: Going | None = None, held: list[int] | None = None
) -> Iterator[list[int]]:
    """The executions of a project that got results last between these times and aren't kept, some at a time; `held`: when those that are did."""
    after = 0
    while before:
        with services.db.read() as conn:
            found = store.old_executions(conn, project_id, since, before, after, _AT_ONCE)
            free = _not_kept(conn, found, going if going is not None else Going())
        if held is not None:
            held += [e.active_ms for e in found if e.id not in set(free)]
        if free:
            yield free
        if len(found) < _AT_ONCE:
            return
        after = found[-1].id


def _not_kept(conn: sa.Connection, found: Sequence[store.Old], going: Going) -> list[int]:
    """Those executions that nothing keeps: neither their label nor a Test Plan that isn't done."""
    unmarked = [e.id for e in found if KEEP_LABEL not in e.labels]
    plans = store.plans_of(conn, unmarked)
    states = store.plan_states(conn, sorted({p for of in plans.values() for p in of}))
    still = {p for p, (released, done) in states.items() if is_open(released, done=done)}
    free = [e for e in unmarked if not still.intersection(plans.get(e, ()))]
    going.kept_by_mark += len(found) - len(unmarked)
    going.kept_by_plan += len(unmarked) - len(free)
    return free


def _mark(services: Services, project_id: int) -> dict[str, int]:
    """Up to which time parts of executions were removed already: who got results before it isn't looked at again."""
    with services.db.read() as conn:
        return msgspec.json.decode(project_settings.get_setting(conn, project_id, MARK, "{}"), type=dict[str, int])


def retain(
    services: Services, user_id: int | None, project: ProjectRow, stopped: Callable[[], bool] = lambda: False, job: int = 0
) -> Going:
    """Remove what goes by a project's rules, in small transactions; what was removed when `stopped` says so.

    The audit says what went, also where not all of it could be removed.
    """
    with services.db.read() as conn:
        rules = rules_of(conn, project.id)
    went, now = Going(), now_ms()
    try:
        _remove_executions(services, project, cutoff(rules.executions, now), went, stopped, job)
        _remove_parts(services, project, rules, now, went, stopped)
    finally:
        if went.counts.keys() - {"kept_by_plan", "kept_by_mark"}:
            with services.db.write() as conn:
                audit.note(conn, user_id, "retention.run", project.key, went.counts, project_id=project.id)
    return went


def _remove_executions(services: Services, project: ProjectRow, before: int, went: Going, stopped: Callable[[], bool], job: int) -> None:
    for batch in _batches(services, project.id, 0, before, went):
        for execution in batch:
            if stopped():
                return
            with services.db.write() as conn:
                _remove_execution(conn, project, execution, before, went)
                if job:
                    jobs.note_progress(conn, job, went.executions, now_ms())


def _remove_execution(conn: sa.Connection, project: ProjectRow, execution: int, before: int, went: Going) -> None:
    """Remove one execution, unless results came or a plan or label keeps it meanwhile, or it has executions below it, which must go first."""
    issue_deletes.lock_all_projects(conn)
    if not _goes(conn, project.id, execution, before) or issue_links.children_of(conn, [execution]):
        return
    weight = store.weigh_runs(conn, [execution])
    issue_deletes.delete_issue(conn, issue_links.heads(conn, [execution])[execution])
    begins = max(before, history_begins(conn, project.id) or 0)  # a rule of more days makes no history whole again
    project_settings.put_setting(conn, project.id, BEGINS, str(begins))
    went.executions, went.runs, went.evidence_bytes = went.executions + 1, went.runs + weight.rows, went.evidence_bytes + weight.bytes


def _goes(conn: sa.Connection, project_id: int, execution: int, before: int) -> bool:
    """Whether an execution still got results last before that time, and isn't kept. Hold its project before."""
    found = [e for e in store.old_executions(conn, project_id, 0, before, execution - 1, 1) if e.id == execution]
    return bool(_not_kept(conn, found, Going()))


def _remove_parts(services: Services, project: ProjectRow, rules: Rules, now: int, went: Going, stopped: Callable[[], bool]) -> None:
    mark = _mark(services, project.id)
    for kind, days in (("evidence", rules.evidence), ("attempts", rules.attempts)):
        before, held = cutoff(days, now), list[int]()
        for batch in _batches(services, project.id, mark.get(kind, 0), before, held=held):
            for execution in batch:
                if not _remove_from(services, project.id, kind, (execution, before), went, stopped):
                    return
        if before > mark.get(kind, 0):
            mark[kind] = min([before, *held])  # what is kept is looked at again, for it may not be kept one day
    with services.db.write() as conn:
        project_settings.put_setting(conn, project.id, MARK, msgspec.json.encode(mark).decode() if mark else "")
        if rules.imports:
            went.imports, went.warnings = store.remove_imports(conn, project.id, cutoff(rules.imports, now))
        if rules.outgoing:
            went.outgoing = store.remove_outgoing(conn, project.id, cutoff(rules.outgoing, now))


def _remove_from(services: Services, project_id: int, kind: str, old: tuple[int, int], went: Going, stopped: Callable[[], bool]) -> bool:
    """Remove parts from an execution that got results last before a time (`old`), in small transactions; False when `stopped` says so."""
    (execution, before), more = old, True
    while more:
        if stopped():
            return False
        with services.db.write() as conn:
            lock_projects(conn, [project_id])
            more = _goes(conn, project_id, execution, before) and _remove_some(conn, project_id, kind, execution, went)
    return True


def _remove_some(conn: sa.Connection, project_id: int, kind: str, execution: int, went: Going) -> bool:
    """Remove the attempts of some runs of an execution, or some evidence; whether there may be more."""
    if kind == "attempts":
        pairs = store.attempts_in(conn, [execution], _PARTS_AT_ONCE)
        went.attempts += store.remove_attempts(conn, project_id, pairs) if pairs else 0
        return bool(pairs)
    rows = store.passing_evidence(conn, [execution], _PARTS_AT_ONCE)
    if rows:
        went.evidence += store.remove_evidence(conn, project_id, [number for _, number, _ in rows])
        went.evidence_bytes += sum(size for _, _, size in rows)
    return len(rows) == _PARTS_AT_ONCE


def start(services: Services, caller: Caller, project: ProjectRow) -> int:
    """Begin a task that retains now; `run` does it. Raises Forbidden."""
    total = preview(services, caller, project).going.executions
    with services.db.write() as conn:
        number = jobs.add_job(conn, KIND, caller.id, total, now_ms())
        audit.note(conn, caller.id, "job.start", f"{KIND} {number} {project.key}", project_id=project.id)
    return number


def run(services: Services, caller: Caller, project: ProjectRow, job: int, stopped: Callable[[], bool]) -> None:
    """Do a task that was begun."""
    try:
        went = retain(services, caller.id, project, stopped, job)
    except Exception as error:
        with services.db.write() as conn:
            jobs.end_job(conn, job, jobs.FAILED, f"It could not be finished: {type(error).__name__}; the next night goes on.", now_ms())
        raise
    told = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in went.counts.items()) or "nothing was old enough"
    state, message = (jobs.FAILED, _STOPPED) if stopped() else (jobs.DONE, f"Removed: {told}.")
    with services.db.write() as conn:
        jobs.end_job(conn, job, state, message, now_ms())


# --- the instance, every night ------------------------------------------------------------------
def instance_rules(conn: sa.Connection) -> InstanceRules:
    """The rules for what belongs to no project."""
    return msgspec.json.decode(instance.get_setting(conn, RULES, "{}"), type=InstanceRules)


def retain_instance(services: Services, stopped: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Remove audit rows and records of refused imports by the instance's rules, until `stopped` says so; how many."""
    with services.db.read() as conn:
        rules = instance_rules(conn)
    went = {"audit": 0, "refused": 0}
    while rules.audit and not stopped():
        with services.db.write() as conn:
            gone = store.remove_audit(conn, cutoff(rules.audit, now_ms()), _AUDIT_AT_ONCE)
        went["audit"] += gone
        if gone < _AUDIT_AT_ONCE:
            break
    if rules.refused and not stopped():
        with services.db.write() as conn:
            went["refused"] = store.remove_imports(conn, None, cutoff(rules.refused, now_ms()))[0]
    return went


def retain_all(services: Services, user_id: int | None = None, stopped: Callable[[], bool] = lambda: False) -> dict[str, Going]:
    """Retain in every project that has rules, and in the instance; what went, by project key."""
    with services.db.read() as conn:
        ruled = project_settings.settings_named(conn, RULES)
        wanted = [p for p in projects.all_projects(conn) if p.id in ruled]
    found = {p.key: retain(services, user_id, p, stopped) for p in wanted if not stopped()}
    retain_instance(services, stopped)
    return found


def nightly(services: Services, stopped: Callable[[], bool] = lambda: False) -> dict[str, Going] | None:
    """Retain when the night's run is due and no other process has taken it, until `stopped` says so; None otherwise."""
    with services.db.read() as conn:
        if not is_due(now_ms(), int(instance.get_setting(conn, RAN, "0"))):
            return None
    with services.db.write() as conn:
        lock_database(conn, NIGHT)
        if not is_due(now_ms(), int(instance.get_setting(conn, RAN, "0"))):
            return None
        instance.put_setting(conn, RAN, str(now_ms()))
    return retain_all(services, stopped=stopped)
