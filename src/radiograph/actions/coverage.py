# SPDX-License-Identifier: Apache-2.0
"""Coverage of a project: its requirements by what their Tests' latest results say, narrowed and in pages, gaps on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.browse import PAGE, Listing, bad_place, place_of
from radiograph.actions.projects import project
from radiograph.actions.search import visible_projects
from radiograph.domain.clock import now_ms, parse_instant
from radiograph.domain.coverage import GAPS_FIRST
from radiograph.domain.errors import Refused, cut
from radiograph.domain.issues import IssueType, issue_type
from radiograph.domain.keys import parse_id
from radiograph.insight import coverage as insight
from radiograph.insight.coverage import Chosen, Survey
from radiograph.store import coverage as store
from radiograph.store import import_reads, issue_links, issue_reads, plans

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import sqlalchemy as sa

    from radiograph.actions.projects import ProjectRow
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.issue_links import HeadRow

_DAY_MS = 86_400_000
_DATE_LENGTH = 10
_LOOKED_AT = 100
PLANS_NAMED, NAMES_OFFERED = 50, 200
"""How many plans a page offers to choose from: the newest."""


class Asked(Struct):
    """What a reader asks for: the results that count, and which requirements of those.

    `at` is a day (its end, UTC) or an instant as ISO 8601. `status` is one of `GAPS_FIRST`, `type` the name of an issue type,
    `within` the key of a requirement whose parts are wanted too, `after` where the page before ended.
    """

    version: str = ""
    plan: str = ""
    environment: str = ""
    at: str = ""
    status: str = ""
    type: str = ""
    within: str = ""
    text: str = ""
    after: str = ""


class CoverageLine(Struct):
    """A requirement: what it is, what the latest results of its Tests mean (with how many), its own Tests, what is right below it."""

    head: HeadRow
    status: str
    means: dict[str, int]
    own: int
    below: int
    parent: HeadRow | None

    @property
    def tests(self) -> int:
        """How many Tests it has, with those below it."""
        return sum(self.means.values())


class Choices(Struct):
    """What a page offers to choose from: names of versions and environments, plans (key, summary)."""

    versions: list[str]
    environments: list[str]
    plans: list[tuple[str, str]]


class CoveragePage(Struct):
    """All that; `counts` are of all requirements that are asked for but for the status, `total` of those with it."""

    project: ProjectRow
    counts: dict[str, int]
    listing: Listing[CoverageLine]
    total: int
    choices: Choices


def coverage_page(services: Services, caller: Caller, key: str, asked: Asked) -> CoveragePage:
    """A page of a project's requirements. Raises NotFound, Refused for what can't be asked."""
    row = project(services, caller, key)
    with services.db.read() as conn:
        survey, ids = _found(conn, caller, row, asked)
        chosen = _with_status(survey, ids, asked.status)
        page, after = _cut(survey, chosen, asked.after)
        choices = choices_of(conn, row.id, survey)
        return CoveragePage(
            row, survey.counts(ids), Listing(_lines(conn, survey, page, visible_projects(conn, caller)), after), len(chosen), choices
        )


def all_lines(services: Services, caller: Caller, key: str, asked: Asked) -> tuple[Survey, list[int]]:
    """Every requirement that is asked for, in order, to be read in pieces with `some_lines`. Raises NotFound, Refused."""
    row = project(services, caller, key)
    with services.db.read() as conn:
        survey, ids = _found(conn, caller, row, asked)
        return survey, _with_status(survey, ids, asked.status)


def some_lines(services: Services, caller: Caller, survey: Survey, ids: Sequence[int]) -> list[CoverageLine]:
    """The lines of some of the requirements of a survey."""
    with services.db.read() as conn:
        return _lines(conn, survey, ids, visible_projects(conn, caller))


def _found(conn: sa.Connection, caller: Caller, row: ProjectRow, asked: Asked) -> tuple[Survey, list[int]]:
    """What is known of the project, and the requirements that are asked for but for their status: gaps first."""
    statuses, _ = import_reads.status_tables(conn)
    survey = insight.survey(conn, row.id, chosen_of(conn, caller, asked), statuses)
    ids = set(survey.statuses)
    if asked.type:
        kind = issue_type(asked.type)
        ids = {i for i in ids if survey.requirements[i].type_id == kind}
    if asked.text:
        ids &= store.with_text(conn, row.id, asked.text)
    if asked.within:
        ids &= _within(conn, survey, asked.within)
    order = {status: n for n, status in enumerate(GAPS_FIRST)}
    return survey, sorted(ids, key=lambda i: (order[survey.statuses[i]], i))


def _within(conn: sa.Connection, survey: Survey, key: str) -> set[int]:
    """A requirement and all below it; nothing for a key that is none here."""
    head = import_reads.issue_heads(conn, [key.strip().upper()]).get(key.strip().upper())
    found: set[int] = set()
    rest = [head[0]] if head and head[0] in survey.statuses else []
    while rest:
        number = rest.pop()
        if number not in found:
            found.add(number)
            rest += survey.below.get(number, [])
    return found


def _with_status(survey: Survey, ids: list[int], status: str) -> list[int]:
    if status and status.upper() not in GAPS_FIRST:
        raise Refused(f"{cut(status)!r} is no status of a requirement; they are {', '.join(GAPS_FIRST)}.")
    return [i for i in ids if survey.statuses[i] == status.upper()] if status else ids


def chosen_of(conn: sa.Connection, caller: Caller, asked: Asked) -> Chosen:
    """The results that count. Raises Refused for a version, plan, environment or time that there isn't."""
    seen = visible_projects(conn, caller)
    versions = store.versions_named(conn, asked.version, seen) if asked.version else None
    environment = store.environment_named(conn, asked.environment) if asked.environment else None
    plan = _plan(conn, caller, asked.plan) if asked.plan else None
    for name, wanted, found in (("version", asked.version, versions), ("test environment", asked.environment, environment)):
        if wanted and not found:
            raise Refused(f"There is no {name} {cut(wanted)!r}.")
    return Chosen(
        None if seen is None else tuple(seen), None if versions is None else tuple(versions), plan, environment, time_of(asked.at)
    )


def _plan(conn: sa.Connection, caller: Caller, key: str) -> int:
    wanted = key.strip().upper()
    head = import_reads.issue_heads(conn, [wanted]).get(wanted)
    if head is None or caller.role_in(head[1]) is None or head[2] is not IssueType.TEST_PLAN:
        raise Refused(f"There is no Test Plan {cut(key)!r}.")
    return head[0]


def time_of(text: str) -> int | None:
    """The end of a day such as `2026-11-20` (UTC), or an instant, in milliseconds; None for "" and for what is to come. Raises Refused."""
    if not text:
        return None
    found = parse_instant(text)
    if found is None:
        raise Refused(f"{cut(text)!r} is no day: give one such as 2026-11-20, or a time such as 2026-11-20T18:00:00Z.")
    at = found.ms + _DAY_MS - 1 if len(text) == _DATE_LENGTH else found.ms
    return at if at < now_ms() else None


def choices_of(conn: sa.Connection, project_id: int, survey: Survey | None = None) -> Choices:
    """What can be chosen in a project, 200 names of a kind at most and the newest versions of many; environments also of the projects of 100 Tests that cover its requirements."""
    tests = list(survey.results)[:_LOOKED_AT] if survey else []
    projects = {project_id, *store.projects_of_tests(conn, tests)}
    versions = [v.name for v in issue_reads.versions_of(conn, project_id) if not v.archived]
    environments = [name for _, name in store.environments_near(conn, projects)]
    return Choices(versions[::-1][:NAMES_OFFERED], environments[:NAMES_OFFERED], plans.plans_named(conn, project_id, PLANS_NAMED))


def choices_for(services: Services, project_id: int) -> Choices:
    """What can be chosen in a project; the caller has been let in."""
    with services.db.read() as conn:
        return choices_of(conn, project_id)


def _cut(survey: Survey, ids: list[int], after: str) -> tuple[list[int], str]:
    """A page of the requirements, and where the next one starts."""
    order = {status: n for n, status in enumerate(GAPS_FIRST)}
    place = place_of(after)
    if place is not None:
        if place[0] >= len(GAPS_FIRST):
            raise bad_place(after)
        ids = [i for i in ids if (order[survey.statuses[i]], i) > place]
    last = ids[PAGE - 1] if len(ids) > PAGE else None
    return ids[:PAGE], "" if last is None else f"{order[survey.statuses[last]]}.{last}"


def _lines(conn: sa.Connection, survey: Survey, ids: Sequence[int], projects: Collection[int] | None) -> list[CoverageLine]:
    """The lines; what is above one in another project than these (None: all) is left out."""
    parents = [p for i in ids if (p := survey.requirements[i].parent_id) is not None]
    heads = issue_links.heads(conn, list(ids))
    above = {i: head for i, head in issue_links.heads(conn, parents).items() if projects is None or head.project_id in projects}
    return [
        CoverageLine(
            heads[i], survey.statuses[i], means_of(survey, survey.tests[i]), survey.own[i], len(survey.below.get(i, ())),
            above.get(survey.requirements[i].parent_id or 0),
        )
        for i in ids
        if i in heads
    ]  # fmt: skip


def means_of(survey: Survey, tests: set[int]) -> dict[str, int]:
    """How many of these Tests mean what for a requirement, what is worst first."""
    found = [survey.test_means(test) for test in tests]
    return {means: found.count(means) for means in GAPS_FIRST if means in found}


class Gap(Struct):
    """Tests that something is missing of; `total` is how many there are."""

    project: ProjectRow
    listing: Listing[store.TestHead]
    total: int


NEVER_RUN, UNLINKED = "never-run", "unlinked"
GAPS = {NEVER_RUN: store.never_run, UNLINKED: store.unlinked}


def gap_page(services: Services, caller: Caller, key: str, gap: str, after: str) -> Gap:
    """A page of the Tests of a project that never ran, or that cover nothing. Raises NotFound, Refused for another gap."""
    row = project(services, caller, key)
    if gap not in GAPS:
        raise Refused(f"There is no gap {cut(gap)!r}; there are {', '.join(GAPS)}.")
    with services.db.read() as conn:
        query = GAPS[gap](row.id)
        rows = store.tests_in(conn, query, parse_id(after) or 0, PAGE + 1)
        return Gap(row, Listing(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else ""), store.count(conn, query))


def count_gaps(services: Services, project_id: int) -> dict[str, int]:
    """How many Tests of a project each gap has; the caller has been let in."""
    with services.db.read() as conn:
        return {name: store.count(conn, query(project_id)) for name, query in GAPS.items()}
