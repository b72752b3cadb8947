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
from radiograph.domain.issues import EXECUTION_TYPES, IssueType, TestType
from radiograph.domain.run_edits import RunEdit
from radiograph.store import folders, preconditions, relations
from radiograph.store import issue_links as issue_links_store

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
        _fill_board(conn, Board(project_id, plan), {"/Calculator": [outline], "/Shop/Checkout": [manual]})


def _plan_round(services: Services, caller: Caller) -> None:
    """Runs that wait for their testers: of a Test with a dataset, of a longer one, and of an outline."""
    import_dataset(services, caller, DatasetPlace("", "DEMO-105", "", "", None), memoryview(_CARDS))
    keys = ["DEMO-105", "DEMO-103", "DEMO-106"]
    relations_of.edit_tests(services, caller, _ROUND, EXECUTION_TYPES, relations_of.Edit(add=keys))
    for key, person in (("DEMO-103", "admin"), ("DEMO-106", "ana")):
        edit_run(services, caller, runs.run_in(services, caller, _ROUND, key).row.id, RunEdit(assignee=person))


def _fill_board(conn: sa.Connection, board: Board, places: dict[str, list[int]]) -> None:
    """Put these Tests into folders of a plan's board, and its automated ones into one for each area of the shop."""
    for test in issue_links_store.heads(conn, relations.members_of(conn, IssueType.TEST_PLAN, board.plan_id)).values():
        area = test.summary.partition(" ")[0]
        if area in AREAS:
            places.setdefault(f"/Shop/{area}", []).append(test.id)
    for path, tests in places.items():
        folders.put_tests(conn, board, folders.folder_at(conn, board, path, make=True) or ROOT, tests)
