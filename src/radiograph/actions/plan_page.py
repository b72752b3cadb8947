# SPDX-License-Identifier: Apache-2.0
"""What the page of a Test Plan shows: its Tests with their latest runs, narrowed and in pages, failures first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from radiograph.actions.browse import PAGE, Listing, bad_place, place_of
from radiograph.actions.search import visible_projects
from radiograph.domain.burn_up import DAY_MS, Day
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Refused
from radiograph.domain.folders import Board, folder_paths, folder_tree, walk
from radiograph.domain.keys import parse_id
from radiograph.domain.statuses import failing, severity
from radiograph.insight import plan_progress
from radiograph.insight.plan_progress import Progress, Scope
from radiograph.store import executions, folders, import_reads, issue_links, plans
from radiograph.store import runs as run_store
from radiograph.store.latest import projects_of_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.folders import FolderNode
    from radiograph.domain.people import Caller
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.issue_links import HeadRow
    from radiograph.store.issue_reads import IssueRow
    from radiograph.store.latest import Result
    from radiograph.store.plans import PlanEnvironment
    from radiograph.store.runs import RunRow

COLUMNS = 8
"""How many environments a page has columns for: those of the newest executions."""
READ_AT_ONCE = 200_000
"""How many runs a plan may have for its days to be told without being asked for."""
NOBODY = "-"
"""The person that Tests of nobody are asked for by."""
NOT_RUN, FAILING, NEW = "not-run", "failing", "new"


class Wanted(Struct):
    """Which Tests of a plan a page shows.

    `status` is the name of one, or `not-run` (no final result), `failing` or `new` (it didn't fail a day ago); `environment` the one whose runs count;
    `folder` the id of one of the board (0: in none), with those below it; `assignee` a name (`-`: nobody). `after` is where
    the page before ended: a status id and a Test's id.
    """

    status: str = ""
    environment: str = ""
    folder: str = ""
    assignee: str = ""
    text: str = ""
    after: str = ""


class PlanLine(Struct):
    """A Test of a plan: its latest run (None: it has none), its cells by environment id, where it is, whose it is."""

    test: HeadRow
    status_id: int
    run: RunRow | None
    cells: dict[int, RunRow]
    folder: str
    assignee: tuple[str, str]


class PlanPage(Struct):
    """All that; `new` holds the Tests that fail and did not a day ago (None: too many fail), `total` counts what was asked for."""

    progress: Progress
    new: set[int] | None
    environments: list[PlanEnvironment]
    columns: list[PlanEnvironment]
    listing: Listing[PlanLine]
    total: int
    paths: dict[int, str] = {}
    assignees: dict[str, tuple[str, int]] = {}
    """Whose the Tests without a final result are: by name, the one to show and how many; `-` is nobody."""
    executions: int = 0


class Seen(Struct):
    """A plan, its reader and what is open to read."""

    conn: sa.Connection
    plan: IssueRow
    scope: Scope
    statuses: StatusTable
    environments: list[PlanEnvironment] = field(default_factory=list)


def seen(conn: sa.Connection, caller: Caller, plan: IssueRow, environment: str = "") -> Seen:
    """The plan as its reader sees it; raises Refused for an environment that no execution of it has."""
    found = visible_projects(conn, caller)
    projects = None if found is None else tuple(found)
    statuses, _ = import_reads.status_tables(conn)
    environments = plans.environments_of(conn, plan.id, projects)
    chosen = next((e.id for e in environments if e.name == environment), None)
    if environment and chosen is None:
        raise Refused(f"No execution of {plan.key} has the test environment {environment[:80]!r}.")
    return Seen(conn, plan, Scope(plan.id, projects, chosen), statuses, environments)


def plan_page(services: Services, caller: Caller, plan: IssueRow, wanted: Wanted) -> PlanPage:
    """A plan with a page of its Tests, failures first. Raises Refused for a filter or a place that it doesn't have."""
    with services.db.read() as conn:
        view = seen(conn, caller, plan, wanted.environment)
        found = plan_progress.progress(conn, view.scope, view.statuses)
        new = plan_progress.new_failures(conn, view.scope, found, now_ms() - DAY_MS)
        paths = folder_paths(folders.folders_of(conn, Board(plan.project_id, plan.id)))
        people = _people(view, found, wanted)
        chosen = _chosen(view, found, wanted, people, new)
        page, after = _cut(found, chosen, wanted.after)
        newest = sorted(view.environments, key=lambda e: -e.newest_id)[:COLUMNS]
        columns = [e for e in view.environments if (not wanted.environment and e in newest) or e.name == wanted.environment]
        lines = _lines(view, found, page, [e.id for e in columns], paths)
        executions_held, _ = plans.count_runs(conn, plan.id, view.scope.projects)
        return PlanPage(
            found, new, view.environments, columns, Listing(lines, after), len(chosen), paths,
            _by_person(view, found, people) if people is not None else {}, executions_held,
        )  # fmt: skip


def _chosen(view: Seen, found: Progress, wanted: Wanted, people: dict[int, int] | None, new: set[int] | None) -> list[int]:
    """The Tests that are asked for, by what needs a look first."""
    everything = {s.id for s in view.statuses.all}
    tests = found.having(_statuses(view.statuses, wanted.status) if wanted.status not in {"", NEW} else everything)
    if wanted.status == NEW:
        tests = [i for i in tests if i in (new or ())]
    if wanted.text:
        named = plans.tests_with_text(view.conn, view.plan.id, wanted.text)
        tests = [i for i in tests if i in named]
    if wanted.folder:
        tests = _in_folder(view, tests, wanted.folder)
    if wanted.assignee and people is not None:
        number = _person(view, people, wanted.assignee)
        tests = [i for i in tests if people.get(i, 0) == number]
    return tests


def _statuses(table: StatusTable, name: str) -> set[int]:
    if name == NOT_RUN:
        return {s.id for s in table.all if not s.final}
    if name == FAILING:
        return set(failing(table))
    status = table.find(name)
    if status is None:
        raise Refused(f"There is no status {name[:80]!r}.")
    return {status.id}


def _in_folder(view: Seen, tests: Sequence[int], wanted: str) -> list[int]:
    held = plans.folders_of_tests(view.conn, view.plan.id)
    number = parse_id(wanted)
    nodes = folder_tree(folders.folders_of(view.conn, Board(view.plan.project_id, view.plan.id)), {})
    inside = {n.folder.id for top in walk(nodes) if top.folder.id == number for n in walk([top])}
    if number is None or (number and not inside):
        raise Refused(f"There is no folder {wanted[:40]!r} on the board of {view.plan.key}.")
    return [i for i in tests if (held.get(i) in inside if number else i not in held)]


def _people(view: Seen, found: Progress, wanted: Wanted) -> dict[int, int] | None:
    """By Test, who it is assigned to: its latest run, else the Test itself; None where nobody asks."""
    if not (wanted.assignee or wanted.status == NOT_RUN):
        return None
    tests = found.tests if wanted.assignee else found.having(_statuses(view.statuses, NOT_RUN))
    return assignees(view.conn, tests, found.results(tests))


def assignees(conn: sa.Connection, tests: Sequence[int], results: dict[int, Result]) -> dict[int, int]:
    """By Test, who its latest run is assigned to, else who the Test is; those of nobody are left out."""
    runs = {results[i].run_id: i for i in tests if i in results}
    own = plans.own_assignees(conn, tests)
    return own | {runs[run]: person for run, person in plans.run_assignees(conn, projects_of_runs(conn, runs)).items()}


def _person(view: Seen, people: dict[int, int], name: str) -> int:
    names = plans.names_of_people(view.conn, set(people.values()))
    return 0 if name == NOBODY else next((i for i, (own, _) in names.items() if own == name), -1)


def _by_person(view: Seen, found: Progress, people: dict[int, int]) -> dict[str, tuple[str, int]]:
    counts: dict[int, int] = {}
    for test in found.having(_statuses(view.statuses, NOT_RUN)):
        counts[people.get(test, 0)] = counts.get(people.get(test, 0), 0) + 1
    names = plans.names_of_people(view.conn, set(counts)) | {0: (NOBODY, "nobody")}
    return {names[i][0]: (names[i][1], n) for i, n in sorted(counts.items(), key=lambda c: -c[1]) if i in names}


def _cut(found: Progress, chosen: Sequence[int], after: str) -> tuple[list[int], str]:
    """A page of the Tests, and where the next one starts."""
    rest = list(chosen)
    place = place_of(after)
    if place is not None:
        order = {number: i for i, number in enumerate(severity(found.statuses))}
        if place[0] not in order:
            raise bad_place(after)
        rest = [i for i in rest if (order[found.status(i)], i) > (order[place[0]], place[1])]
    last = rest[PAGE - 1] if len(rest) > PAGE else None
    return rest[:PAGE], "" if last is None else f"{found.status(last)}.{last}"


def _lines(view: Seen, found: Progress, tests: list[int], columns: list[int], paths: dict[int, str]) -> list[PlanLine]:
    conn, results = view.conn, found.results(tests)
    held = plan_progress.cells(conn, view.scope, tests, columns, view.statuses) if tests else {}
    wanted = {r.run_id for r in results.values()} | {r.run_id for cells in held.values() for r in cells.values()}
    rows = {r.id: r for r in run_store.find_runs(conn, projects_of_runs(conn, wanted))}
    heads, where = issue_links.heads(conn, tests), plans.folders_of_tests(conn, view.plan.id)
    whose = assignees(conn, tests, results)
    names = plans.names_of_people(conn, set(whose.values()))
    return [
        PlanLine(
            heads[i], found.status(i), rows.get(results[i].run_id) if i in results else None,
            {e: rows[cells[i].run_id] for e, cells in held.items() if i in cells and cells[i].run_id in rows},
            paths.get(where.get(i, 0), ""), names.get(whose.get(i, 0), ("", "")),
        )
        for i in tests
        if i in heads
    ]  # fmt: skip


class BoardNode(Struct):
    """A folder of a board with how many of the Tests in it and below it have each status."""

    node: FolderNode
    depth: int
    counts: dict[int, int]


class BoardPage(Struct):
    """The folders of a plan's board, each before those in it, and the counts of the Tests that are in none."""

    progress: Progress
    folders: list[BoardNode]
    loose: dict[int, int]


def board_page(services: Services, caller: Caller, plan: IssueRow) -> BoardPage:
    """The board of a plan."""
    with services.db.read() as conn:
        view = seen(conn, caller, plan)
        found = plan_progress.progress(conn, view.scope, view.statuses)
        held = plans.folders_of_tests(conn, plan.id)
        own: dict[int, list[int]] = {}
        for test in found.tests:
            own.setdefault(held.get(test, 0), []).append(test)
        tree = folder_tree(folders.folders_of(conn, Board(plan.project_id, plan.id)), {f: len(tests) for f, tests in own.items()})
        nodes = [
            BoardNode(n, n.path.count("/"), _counts(found, [i for b in walk([n]) for i in own.get(b.folder.id, ())])) for n in walk(tree)
        ]
        return BoardPage(found, nodes, _counts(found, own.get(0, ())))


def _counts(found: Progress, tests: Collection[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for test in tests:
        counts[found.status(test)] = counts.get(found.status(test), 0) + 1
    return counts


class DaysPage(Struct):
    """The days on which a plan came along; `runs` counts those of its executions, and `days` is None when they are so many that it must be asked for."""

    progress: Progress
    runs: int
    days: list[Day] | None


def days_page(services: Services, caller: Caller, plan: IssueRow, all_runs: bool) -> DaysPage:  # noqa: FBT001  (passed on to a thread)
    """How a plan came along."""
    with services.db.read() as conn:
        view = seen(conn, caller, plan)
        found = plan_progress.progress(conn, view.scope, view.statuses)
        _, runs = plans.count_runs(conn, plan.id, view.scope.projects)
        days = plan_progress.days_of(conn, view.scope, view.statuses) if all_runs or runs <= READ_AT_ONCE else None
        return DaysPage(found, runs, days)


class ExecutionsPage(Struct):
    """The executions of a plan, newest first."""

    progress: Progress
    listing: Listing[ExecutionRow]


def executions_page(services: Services, caller: Caller, plan: IssueRow, before: int | None) -> ExecutionsPage:
    """A page of a plan's executions, those before the id `before`."""
    with services.db.read() as conn:
        view = seen(conn, caller, plan)
        found = plan_progress.progress(conn, view.scope, view.statuses)
        ids = plans.executions_before(conn, plan.id, view.scope.projects, before, PAGE + 1)
        rows = executions.executions(conn, ids[:PAGE])
        return ExecutionsPage(found, Listing([rows[i] for i in ids[:PAGE]], str(ids[PAGE - 1]) if len(ids) > PAGE else ""))
