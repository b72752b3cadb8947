# SPDX-License-Identifier: Apache-2.0
"""Working out which Tests are flaky, beside what people and clients do; and what their page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse import Listing, bad_place
from radiograph.actions.projects import project
from radiograph.actions.turns import Turn
from radiograph.domain.clock import now_ms
from radiograph.domain.keys import parse_id
from radiograph.insight import flakiness as insight
from radiograph.store import flaky, import_reads

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.flaky import NamedFlaky
    from radiograph.store.projects import ProjectRow

BATCH = 100
"""How many Tests are looked at in one transaction."""
PAGE, PIECES = 30, 5
"""How many flaky Tests a page has, and for how many of the latest pieces of each it names the executions."""


class Watch:
    """Works out which Tests are flaky, a little at each step; one process of a machine at a time."""

    def __init__(self, services: Services, *, patient: bool = False) -> None:
        """Begin with nothing known to be done; a `patient` one waits for who has the turn."""
        self._services, self._patient = services, patient
        self._turn = Turn(services.settings.data / "spool" / "flaky.turn")
        self._work: insight.Work | None = None

    def step(self) -> bool:
        """Do a little, in one transaction that reads and a short one that writes; whether there is more to do now."""
        if self._work is None:
            self._work = self._next()
        if self._work is None:
            self._turn.release()
            return False
        work, now = self._work, now_ms()
        tests, work.tests = work.tests[:BATCH], work.tests[BATCH:]
        with self._services.db.read() as conn:
            rows = insight.look_at(conn, work.project_id, tests, now) if tests else []
        with self._services.db.write() as conn:
            if tests:
                flaky.replace(conn, work.project_id, tests, rows)
            if not work.tests:
                insight.put_mark(conn, work.project_id, work.mark)
                self._work = None
        return True

    def _next(self) -> insight.Work | None:
        now = now_ms()
        with self._services.db.read() as conn:
            waiting = insight.waiting(conn, now)
        if not waiting or not self._take():
            return None
        with self._services.db.read() as conn:  # anew: another process may have done it meanwhile
            waiting = insight.waiting(conn, now)
            return insight.work_of(conn, waiting[0], now) if waiting else None

    def _take(self) -> bool:
        if self._patient:
            self._turn.take()
        return self._turn.try_take()

    def forget(self) -> None:
        """Leave what was begun, to be begun again later; somebody else may have the turn."""
        self._work = None
        self._turn.release()


def refresh(services: Services) -> None:
    """Work everything out now."""
    watch = Watch(services, patient=True)
    while watch.step():
        pass


class FlakyPage(Struct):
    """A project's flaky Tests, the flakiest first; `worked_out_ms` (UTC milliseconds) is 0 where that wasn't done yet.

    `executions` are the keys of the executions of the runs that are the latest evidence, by run. `environments` says how many Tests are flaky on each set of them, `tests` how many on any; `behind`: results came since it was worked out.
    """

    project: ProjectRow
    listing: Listing[NamedFlaky]
    statuses: StatusTable
    executions: dict[int, str]
    environments: list[tuple[str, int]]
    tests: int
    worked_out_ms: int
    behind: bool


class Wanted(Struct):
    """Which flaky Tests: of one set of environments (a JSON list of names; "" for all), with a text in key or summary.

    `after` is where the page before ended.
    """

    environments: str = ""
    text: str = ""
    after: str = ""


def flaky_page(services: Services, caller: Caller, key: str, wanted: Wanted) -> FlakyPage:
    """A project's flaky Tests; raises NotFound, and Refused for a place that no page has."""
    row = project(services, caller, key)
    after, chosen = _place(wanted.after), flaky.Chosen(wanted.environments, wanted.text)
    with services.db.read() as conn:
        found = flaky.flakiest(conn, row.id, chosen, after, PAGE + 1)
        table, sets = import_reads.status_tables(conn)[0], flaky.environments_of(conn, row.id)
        tests = flaky.count_tests(conn, row.id)
        latest = {run for f in found[:PAGE] for p in f.row.evidence.pieces[-PIECES:] for run in (p.run, p.other) if run}
        executions = flaky.executions_of_runs(conn, row.id, sorted(latest))
        mark, behind = insight.mark_of(conn, row.id), row.id in insight.waiting(conn, now_ms())
    shown = [
        f if caller.role_in(f.test_project_id) is not None else flaky.NamedFlaky(f.row, f.key, "", f.test_project_id) for f in found[:PAGE]
    ]
    return FlakyPage(row, Listing(shown, _following(found)), table, executions, list(sets.items()), tests, mark.at_ms, behind)


def _following(found: list[NamedFlaky]) -> str:
    if len(found) <= PAGE:
        return ""
    last = found[PAGE - 1].row
    return f"{last.score}.{last.test_id}.{flaky.named(last.environments)}"


def _place(after: str) -> flaky.Place | None:
    if not after:
        return None
    score, test, environments = (*after.split(".", 2), "", "")[:3]
    numbers = parse_id(score), parse_id(test)
    if numbers[0] is None or numbers[1] is None:
        raise bad_place(after)
    return flaky.Place(numbers[0], numbers[1], environments)
