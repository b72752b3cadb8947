# SPDX-License-Identifier: Apache-2.0
"""What people did with the demonstration's issues: links, a comment, a file, a dataset, folders of the plan's board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import issue_comments, issue_files, issue_links, issues, runs
from radiograph.actions import relations as relations_of
from radiograph.actions.datasets import DatasetPlace, import_dataset
from radiograph.actions.demo_reports import AREAS
from radiograph.actions.files import plain_file
from radiograph.actions.run_edits import edit_run
from radiograph.domain.folders import ROOT, Board
from radiograph.domain.issue_change import NewLink
from radiograph.domain.issues import EXECUTION_TYPES, IssueFields, IssueType, TestType
from radiograph.domain.run_edits import RunEdit
from radiograph.store import folders, issue_writes, preconditions, relations
from radiograph.store import issue_links as issue_links_store
from radiograph.store import issues as issue_store

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

_CARDS = b"card,amount,answer\nvisa,34.90,200\nmaster,34.90,200\nexpired,34.90,402\n"
_ROUND = "DEMO-104"
_CONDITION = "A customer is signed in, and has two articles in the basket."
_REPORT = "With a saved card the payment page waits for 30 seconds, then says that something went wrong. The order isn't made."
_SAID = "It happens when the card's bank asks for a second factor: the gateway answers after its own time-out.\n\nLog of one such payment attached."
_LOG = b"10:00:01 POST /api/payments card=saved\n10:00:31 upstream timed out\n10:00:31 503 Service Unavailable\n"


def furnish(services: Services, caller: Caller, project_id: int) -> None:
    """Give the issues of the demonstration, which have their runs, what people would have added by now."""
    issues.edit(services, caller, "DEMO-10", {"fields": {"description": _REPORT, "priority": {"name": "High"}}})
    issues.transition(services, caller, "DEMO-10", {"transition": {"id": "21"}})
    issue_comments.add(services, caller, "DEMO-10", _SAID)
    issue_files.add(services, caller, "DEMO-10", [plain_file("payment.log", "text/plain", _LOG)])
    for kind, source, target in (("Blocks", "DEMO-10", "DEMO-2"), ("Relates", "DEMO-10", "DEMO-11"), ("Tests", "DEMO-1207", "DEMO-2")):
        issue_links.create(services, caller, NewLink(kind, source, target))
    import_dataset(services, caller, DatasetPlace("", "DEMO-1207", "", "", None), memoryview(_CARDS))
    _plan_round(services, caller)
    plan, condition, outline, manual = (issues.find(services, caller, key).id for key in ("DEMO-100", "DEMO-102", "DEMO-7", "DEMO-1207"))
    with services.db.write() as conn:
        preconditions.put_preconditions(conn, {condition: (TestType.MANUAL, _CONDITION)})
        _require(conn, caller, project_id, plan)
        _fill_board(conn, Board(project_id, plan), {"/Calculator": [outline], "/Shop/Checkout": [manual]})


def _plan_round(services: Services, caller: Caller) -> None:
    """Runs that wait for their testers: of a Test with a dataset, of a longer one, and of an outline."""
    import_dataset(services, caller, DatasetPlace("", "DEMO-105", "", "", None), memoryview(_CARDS))
    keys = ["DEMO-105", "DEMO-103", "DEMO-106"]
    relations_of.edit_tests(services, caller, _ROUND, EXECUTION_TYPES, relations_of.Edit(add=keys))
    for key, person in (("DEMO-103", "admin"), ("DEMO-106", "ana")):
        edit_run(services, caller, runs.run_in(services, caller, _ROUND, key).row.id, RunEdit(assignee=person))


_EPIC = 50
_REQUIREMENTS: tuple[tuple[int, IssueType, str, int, tuple[str, ...]], ...] = (
    (_EPIC, IssueType.EPIC, "Buy in the shop", 0, ()),
    (51, IssueType.STORY, "Pay by invoice", _EPIC, ("Checkout pays by invoice", "Checkout refuses an expired card")),
    (52, IssueType.STORY, "Keep the basket over a sign-out", _EPIC, ("Basket survives a sign-out", "Basket merges two baskets")),
    (53, IssueType.STORY, "Split a voucher", _EPIC, ("Vouchers splits a voucher", "Vouchers takes a voucher")),
    (54, IssueType.STORY, "Ask for a gift wrap", _EPIC, ()),
    (55, IssueType.REQUIREMENT, "Returns are refunded within 30 days", 0, ("Returns refuses after 30 days", "Returns prints a label")),
    (56, IssueType.REQUIREMENT, "The API answers within a second", 0, ("API answers in time", "API pages orders")),
)
"""By number: type, summary, what it is a part of (0: nothing), and the summaries of the Tests that cover it."""


def _require(conn: sa.Connection, caller: Caller, project_id: int, plan_id: int) -> None:
    """Requirements, with the Tests of the plan that cover them."""
    heads = issue_links_store.heads(conn, relations.members_of(conn, IssueType.TEST_PLAN, plan_id))
    tests, made = {h.summary: h.id for h in heads.values()}, dict[int, int]()
    for number, kind, summary, parent, covering in _REQUIREMENTS:
        new = issue_store.NewIssue(project_id=project_id, type=kind, fields=IssueFields(summary=summary), number=number)
        made[number] = issue_store.create_issue(conn, new, caller.id)[0]
        if parent:
            issue_writes.set_columns(conn, made[number], {"parent_id": made[parent]})
        for test in covering:
            issue_links_store.add_coverage(conn, made[number], tests[test])


def _fill_board(conn: sa.Connection, board: Board, places: dict[str, list[int]]) -> None:
    """Put these Tests into folders of a plan's board, and its automated ones into one for each area of the shop."""
    for test in issue_links_store.heads(conn, relations.members_of(conn, IssueType.TEST_PLAN, board.plan_id)).values():
        area = test.summary.partition(" ")[0]
        if area in AREAS:
            places.setdefault(f"/Shop/{area}", []).append(test.id)
    for path, tests in places.items():
        folders.put_tests(conn, board, folders.folder_at(conn, board, path, make=True) or ROOT, tests)
