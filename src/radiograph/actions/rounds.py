# SPDX-License-Identifier: Apache-2.0
"""Executing Tests now: a Test Execution made for them on the spot, whose first run is at once at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from radiograph.actions import issues, relations
from radiograph.actions.plan_edits import named_tests
from radiograph.domain.errors import Forbidden, NotFound, Problem, Refused, cut
from radiograph.domain.issues import IssueType
from radiograph.domain.people import Right
from radiograph.domain.statuses import TODO
from radiograph.store import audit, import_reads, issue_links, projects, run_membership
from radiograph.store.manual import next_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

MOST_TESTS = 10_000
"""How many Tests a round has at most."""
_SHOWN = 50
_PLAN, _ENVIRONMENTS, _REVISION = "customfield_10100", "customfield_10101", "customfield_10102"


class Round(Struct, kw_only=True):
    """What is to be executed, and where: `tests` are keys of Tests, or of plans and sets that stand for theirs.

    `plan` is the Test Plan that the execution is linked to ("": the one that `tests` is, if it is one); `mine`: the runs are
    assigned to who makes it.
    """

    project: str
    tests: list[str]
    summary: str
    environments: list[str] = []
    version: str = ""
    revision: str = ""
    plan: str = ""
    mine: bool = True


class Planned(Struct):
    """What a round would have: its Tests (the first 50: key and summary), how many, and the plan that it is for ("" for none)."""

    project: str
    tests: list[tuple[str, str]]
    total: int
    plan: str


def plan_round(services: Services, caller: Caller, project_key: str, keys: Sequence[str], plan: str = "") -> Planned:
    """What a round of these would have. Raises NotFound (the project), Forbidden, Refused for keys of no Test."""
    with services.db.read() as conn:
        _, key = _project(conn, caller, project_key)
        found = _tests(conn, caller, keys)
        heads = issue_links.heads(conn, list(found.values())[:_SHOWN])
        shown = [(heads[i].key, heads[i].summary) for i in list(found.values())[:_SHOWN] if i in heads]
        return Planned(key, shown, len(found), _plan(conn, [plan] if plan else keys))


def open_round(services: Services, caller: Caller, wanted: Round) -> tuple[str, int]:
    """Make the execution with a TODO run of each Test; its key, and the run to do first. Raises as `plan_round` does."""
    with services.db.write() as conn:
        project_id, _ = _project(conn, caller, wanted.project)
        found = _tests(conn, caller, wanted.tests)
        number, key = issues.create_in(conn, caller, _body(conn, caller, wanted))
        relations.add_to_execution(conn, run_membership.Place(project_id, number), list(found.values()))
        audit.note(conn, caller.id, "execution.round", key, {"tests": len(found)}, project_id=project_id)
        first = next_run(conn, number, import_reads.status_tables(conn)[0][TODO].id, caller.id)
    if first is None:
        raise NotFound(f"{key} has no runs.")
    return key, first[0]


def _project(conn: sa.Connection, caller: Caller, key: str) -> tuple[int, str]:
    project = projects.find_project(conn, key.strip().upper())
    if project is None or caller.role_in(project.id) is None:
        raise NotFound(f"There is no project {cut(key)}.")
    if not caller.may(Right.EDIT_RUN, project.id):
        raise Forbidden
    return project.id, project.key


def _tests(conn: sa.Connection, caller: Caller, keys: Sequence[str]) -> dict[str, int]:
    """The ids of the Tests that these keys name, by key. Raises Refused for none, for too many, and for a key of nothing."""
    named = list(dict.fromkeys(named_tests(conn, caller, [k.strip().upper() for k in keys if k.strip()])))
    if len(named) > MOST_TESTS:
        raise Refused(f"{len(named):,} Tests are too many for one round; there may be {MOST_TESTS:,}.")
    heads = import_reads.issue_heads(conn, named)
    bad = [k for k in named if k not in heads or heads[k][2] is not IssueType.TEST or caller.role_in(heads[k][1]) is None]
    if bad or not named:
        text = f"{cut(bad[0])} is no Test." if bad else "Name the Tests to execute by their keys."
        raise Refused(text, [Problem("tests", text)])
    return {k: heads[k][0] for k in named}


def _plan(conn: sa.Connection, keys: Sequence[str]) -> str:
    """The plan, where it is what was named."""
    wanted = [k.strip().upper() for k in keys if k.strip()]
    heads = import_reads.issue_heads(conn, wanted)
    return wanted[0] if len(wanted) == 1 and wanted[0] in heads and heads[wanted[0]][2] is IssueType.TEST_PLAN else ""


def _body(conn: sa.Connection, caller: Caller, wanted: Round) -> dict[str, Any]:
    plan = _plan(conn, [wanted.plan] if wanted.plan else wanted.tests)
    fields: dict[str, Any] = {
        "project": {"key": wanted.project.strip().upper()}, "issuetype": {"name": "Test Execution"}, "summary": wanted.summary,
    }  # fmt: skip
    fields |= {"fixVersions": [{"name": wanted.version}]} if wanted.version else {}
    fields |= {_ENVIRONMENTS: wanted.environments} if wanted.environments else {}
    fields |= {_REVISION: wanted.revision} if wanted.revision else {}
    fields |= {_PLAN: [plan]} if plan else {}
    return {"fields": fields | ({"assignee": {"name": caller.name}} if wanted.mine else {})}
