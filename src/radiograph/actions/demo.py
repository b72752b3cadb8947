# SPDX-License-Identifier: Apache-2.0
"""The demonstration: a project with what the documentation page names, and weeks of imported results."""

from __future__ import annotations

import contextlib
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from radiograph.actions import accounts, demo_reports
from radiograph.actions.demo_issues import furnish
from radiograph.actions.flakiness import refresh
from radiograph.actions.importing import Delivered, Received, import_delivered
from radiograph.actions.projects import add_project
from radiograph.actions.quarantine import put as put_in_quarantine
from radiograph.actions.search import search
from radiograph.domain.errors import NoResults, Refused
from radiograph.domain.folders import ROOT, Board
from radiograph.domain.issues import CustomField, Definition, IssueFields, IssueType, Step, TestType
from radiograph.domain.outcome import ImportOptions, Outcome
from radiograph.domain.people import Role
from radiograph.domain.run_fields import RunField
from radiograph.formats.reading import Source
from radiograph.store import accounts as people
from radiograph.store import execution_writes, folders, instance, issues, projects, relations, run_fields
from radiograph.store.dating import date_back

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

TOKEN = "radiograph-demo-token"  # noqa: S105  (the demonstration's, printed for everyone)
PROJECT_ID = 10402
_DONE = "demo_seeded"
_HELD = "API answers in time"
_SCENARIO = """Scenario Outline: Adding two numbers
  Given I have entered <first> into the calculator
  And I have entered <second> into the calculator
  When I press add
  Then the result is <sum>

  Examples:
    | first | second | sum |
    | 1     | 2      | 3   |
    | 0     | 0      | 0   |
    | -1    | 1      | 0   |
    | 10    | 90     | 100 |
    | 99    | 1      | 100 |
"""
_PARCEL = (
    Step("Open the order of last week", "order 4711", "The order is shown, with a link to send it back"),
    Step("Choose what goes back", "one of the two articles", "The label costs nothing; the refund is told"),
    Step("Print the label", "", "A PDF of one page, its code is sharp"),
    Step("Hand the parcel over", "a test parcel of 1 kg", "The tracking page says that it is under way"),
    Step("Wait for the refund", "", "A mail comes, and the amount is that of the article"),
)
_STEPS = (Step("Open the basket", "two articles", "The basket is shown"), Step("Pay", "a saved card", "200, and a thank-you page"))

_CARDS = (
    Step("Put an article of ${amount} EUR into the basket", "", "The total is ${amount} EUR"),
    Step("Pay with the card ${card}", "its test number", "The gateway answers ${answer}"),
    Step("Look into the mails", "", "A receipt over ${amount} EUR, or a mail that the card was refused"),
)
_VOUCHERS = """Scenario Outline: Splitting a voucher
  Given a basket of <total> EUR
  When I pay with a voucher of <voucher> EUR
  Then <left> EUR stay on the voucher

  Examples:
    | total | voucher | left |
    | 20    | 50      | 30   |
    | 50    | 50      | 0    |
    | 80    | 50      | 0    |
"""
_IN_VERSION = (100, 101, 102, 1206, 1207)
_FIELDS = (
    RunField(0, PROJECT_ID, "run", "Browser", "Where it ran", "select", required=False, options=("Chrome", "Firefox", "Safari")),
    RunField(0, PROJECT_ID, "step", "Hint", "What to look at", "text", required=False, options=()),
)


def seed(services: Services, say: Callable[[str], None] = lambda _text: None) -> None:
    """Fill an empty instance once; one that was filled before is left as it is.

    Raises Refused for one that holds anything else: it would get people and a token that everybody knows.
    """
    if not _is_empty(services):
        return
    accounts.put_user(services, "admin", "admin", admin=True, display_name="Administrator")
    accounts.put_user(services, "ana", "ana", display_name="Ana Lead")
    accounts.add_token(services, "admin", "demo", TOKEN)
    add_project(services, "DEMO", "Demonstration", "A shop and its tests", PROJECT_ID)
    accounts.give_role(services, "ana", PROJECT_ID, Role.LEAD)
    caller = _admin(services)
    _issues(services, caller)
    _history(services, caller, say)
    with services.db.write() as conn:
        date_back(conn, PROJECT_ID)
    furnish(services, caller, PROJECT_ID)
    _hold(services, caller)
    refresh(services)
    with services.db.write() as conn:
        instance.put_setting(conn, _DONE, "yes")


def _hold(services: Services, caller: Caller) -> None:
    """Put the flakiest Test in quarantine for two weeks."""
    found = search(services, caller, f'project = DEMO AND summary ~ "{_HELD}"', 0, 1).rows
    until = (datetime.now(UTC) + timedelta(days=14)).strftime("%Y-%m-%d")
    put_in_quarantine(services, caller, "DEMO", found[0].key, "The staging API is moving to new machines; see DEMO-10", until)


def _is_empty(services: Services) -> bool:
    """Whether the instance waits to be filled; from now on it is marked as begun."""
    with services.db.write() as conn:
        state = instance.get_setting(conn, _DONE)
        if state == "yes":
            return False
        if state or people.accounts(conn) or projects.all_projects(conn):
            what = "is a demonstration that was not finished" if state else "is not a demonstration"
            raise Refused(f"The instance in {services.settings.data} {what}: name an empty folder, or none for a temporary one.")
        instance.put_setting(conn, _DONE, "begun")
        return True


def _admin(services: Services) -> Caller:
    with services.db.read() as conn:
        account = people.find_account(conn, "admin")
        assert account is not None  # noqa: S101  (made above)
        return people.caller(conn, account)


def _issues(services: Services, caller: Caller) -> None:
    outline = Definition(TestType.CUCUMBER, _SCENARIO, "Scenario Outline")
    wanted: list[tuple[int, IssueType, str, Definition | None]] = [
        (2, IssueType.STORY, "Pay with a saved card", None),
        (3, IssueType.STORY, "Search while typing", None),
        (6, IssueType.TEST, "Calculator adds", Definition(TestType.GENERIC, "com.acme.CalculatorTest.adds")),
        (7, IssueType.TEST, "Adding two numbers", outline),
        (10, IssueType.BUG, "Payment times out", None),
        (11, IssueType.BUG, "Basket loses its articles", None),
        (100, IssueType.TEST_PLAN, "Release v1.3", None),
        (1206, IssueType.TEST_EXECUTION, "Manual round for v1.3", None),
        (1207, IssueType.TEST, "Pay in the shop", Definition(TestType.MANUAL, steps=_STEPS)),
        (101, IssueType.TEST_SET, "Smoke tests", None),
        (102, IssueType.PRECONDITION, "A customer is signed in", None),
        (103, IssueType.TEST, "Send a parcel back", Definition(TestType.MANUAL, steps=_PARCEL)),
        (104, IssueType.TEST_EXECUTION, "Manual round for v1.4", None),
        (105, IssueType.TEST, "Pay with each card", Definition(TestType.MANUAL, steps=_CARDS)),
        (106, IssueType.TEST, "Split a voucher", Definition(TestType.CUCUMBER, _VOUCHERS, "Scenario Outline")),
    ]
    with services.db.write() as conn:
        instance.add_custom_field(conn, CustomField(10032, "Test Labels", "labels"))
        ids = {}
        for number, kind, summary, definition in wanted:
            fields = IssueFields(summary=summary, fix_versions=["v1.3"] if number in _IN_VERSION else None)
            new = issues.NewIssue(project_id=PROJECT_ID, type=kind, fields=fields, definition=definition, number=number)
            ids[number] = issues.create_issue(conn, new, caller.id)[0]
        execution_writes.add_plan_tests(conn, ids[100], [ids[6], ids[7], ids[1207]])
        for field in _FIELDS:
            run_fields.add_field(conn, field)
        _gather(conn, ids)


def _gather(conn: sa.Connection, ids: dict[int, int]) -> None:
    """A Test Set, a Precondition and folders for the Tests; `ids` are the issues' by number."""
    relations.add_tests(conn, IssueType.TEST_SET, ids[101], [ids[6], ids[7], ids[1207]])
    relations.add_tests(conn, IssueType.PRECONDITION, ids[102], [ids[7], ids[1207]])
    board = Board(PROJECT_ID)
    for path, tests in (("/Calculator", [ids[6], ids[7]]), ("/Shop/Basket", [ids[1207]])):
        folders.put_tests(conn, board, folders.folder_at(conn, board, path, make=True) or ROOT, tests)


def _history(services: Services, caller: Caller, say: Callable[[str], None]) -> None:
    now = datetime.now(UTC)
    _import(services, caller, demo_reports.manual_round(now))  # first, so that the documents' examples of run ids hold
    total = demo_reports.WEEKS * demo_reports.RUNS_A_WEEK
    for number, (report, query) in enumerate(demo_reports.history(now), 1):
        outcome = _import(services, caller, report, branch=query["branch"], build_url=query["buildUrl"])
        again = demo_reports.retries(report)
        if again is not None:
            _import(services, caller, again | {"testExecutionKey": outcome.execution.key})
        if number % 10 == 0:
            say(f"Importing the demonstration's history: {number} of {total}")
    with contextlib.suppress(NoResults):
        _import(services, caller, {"testExecutionKey": "DEMO-1206", "tests": []})


def _import(services: Services, caller: Caller, report: dict[str, Any], **options: str) -> Outcome:
    body = json.dumps(report).encode()
    received = Received(len(body), hashlib.sha256(body).hexdigest())
    delivered = Delivered([Source("", memoryview(body))])
    return import_delivered(services, caller, delivered, ImportOptions(**options), received)  # type: ignore[arg-type]
