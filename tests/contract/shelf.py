# SPDX-License-Identifier: Apache-2.0
"""The demonstration with a bit of everything that can be searched: what the table of queries is about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from radiograph.actions import demo
from radiograph.actions.accounts import give_role, put_user
from radiograph.actions.issues import delete
from radiograph.actions.projects import add_project
from radiograph.domain.issues import IssueFields, IssueType, TestType
from radiograph.domain.people import Caller, Role
from radiograph.store import tables as t
from radiograph.store.filters import insert_filter
from radiograph.store.issues import NewIssue, create_issue
from radiograph.store.preconditions import put_preconditions

if TYPE_CHECKING:
    from radiograph.actions.services import Services

NOW = 1_500_000_000_000
_MADE = (
    (20, IssueType.PRECONDITION, "A basket with two articles"),
    (21, IssueType.TEST_SET, "Smoke"),
    (22, IssueType.STORY, "Add an article"),
    (23, IssueType.TASK, "Set up the shop"),
    (24, IssueType.TEST, "Not run yet"),
    (25, IssueType.SUB_TEST_EXECUTION, "Part of the story"),
)


def fill(services: Services) -> None:
    """Seed the demonstration and add to it; `ana` sees DEMO only, HID is for administrators."""
    demo.seed(services)
    _clear(services)
    add_project(services, "HID", "Hidden", project_id=20000)
    put_user(services, "bob", "bob", display_name="Bob")
    give_role(services, "bob", demo.PROJECT_ID, Role.VIEWER)
    with services.db.write() as conn:
        admin, ana = (conn.execute(sa.select(t.users.c.id).where(t.users.c.name == n)).scalar_one() for n in ("admin", "ana"))
        for number, kind, summary in _MADE:
            fields = IssueFields(summary=summary, fix_versions=["v1.3"] if number in {21, 22} else None)
            create_issue(conn, NewIssue(project_id=demo.PROJECT_ID, type=kind, fields=fields, number=number), ana)
        secret = IssueFields(summary="A secret payment")
        create_issue(conn, NewIssue(project_id=20000, type=IssueType.BUG, fields=secret, number=1), admin)
        create_issue(conn, NewIssue(project_id=20000, type=IssueType.TEST_EXECUTION, fields=secret, number=2), admin)
        ids: dict[str, int] = {key: number for number, key in conn.execute(sa.select(t.issues.c.id, t.issues.c.key))}
        _rows(conn, ids, admin)
        _changes(conn, ids)
        _filters(conn, admin, ana)


def _clear(services: Services) -> None:
    """Take away what the demonstration's people added to its issues: the table of queries has a world of its own."""
    for key in ("DEMO-101", "DEMO-102", *(f"DEMO-{n}" for n in (104, 103, 105, 106, *range(56, 49, -1)))):
        delete(services, Caller(0, "operator", admin=True), key, subtasks=False)
    with services.db.write() as conn:
        for table in (t.folder_tests, t.folders, t.datasets, t.comments, t.issue_links, t.attachments, t.changes):
            conn.execute(sa.delete(table))
        story, test = (sa.select(t.issues.c.id).where(t.issues.c.key == k).scalar_subquery() for k in ("DEMO-2", "DEMO-1207"))
        links = t.requirement_links.c
        conn.execute(sa.delete(t.requirement_links).where(links.requirement_id == story, links.test_id == test))
        conn.execute(sa.update(t.issues).where(t.issues.c.key == "DEMO-10").values(workflow="To Do", updated_ms=t.issues.c.created_ms))


def _rows(conn: sa.Connection, ids: dict[str, int], admin: int) -> None:
    put_preconditions(conn, {ids["DEMO-20"]: (TestType.MANUAL, "Sign in and add two articles")})
    rows: dict[sa.Table, list[dict[str, Any]]] = {
        t.precondition_tests: [{"precondition_id": ids["DEMO-20"], "test_id": ids["DEMO-1207"]}],
        t.set_tests: [{"set_id": ids["DEMO-21"], "test_id": ids[k]} for k in ("DEMO-6", "DEMO-7")],
        t.requirement_links: [
            {"requirement_id": ids[story], "test_id": ids[test]}
            for story, test in (("DEMO-2", "DEMO-1209"), ("DEMO-2", "DEMO-1210"), ("DEMO-3", "DEMO-6"), ("DEMO-22", "DEMO-1214"))
        ],
        t.folders: [
            {"id": 1, "project_id": demo.PROJECT_ID, "board_id": 0, "parent_id": 0, "name": "Shop", "rank": 1},
            {"id": 2, "project_id": demo.PROJECT_ID, "board_id": 0, "parent_id": 1, "name": "Basket", "rank": 1},
            {"id": 3, "project_id": demo.PROJECT_ID, "board_id": ids["DEMO-100"], "parent_id": 0, "name": "First", "rank": 1},
        ],
        t.folder_tests: [
            {"board_id": 0, "test_id": ids["DEMO-6"], "folder_id": 1, "rank": 1},
            {"board_id": 0, "test_id": ids["DEMO-7"], "folder_id": 2, "rank": 1},
            {"board_id": ids["DEMO-100"], "test_id": ids["DEMO-7"], "folder_id": 3, "rank": 1},
        ],
        t.issue_links: [{"id": 1, "type_id": 10000, "source_id": ids["DEMO-10"], "target_id": ids["DEMO-2"]}],
        t.comments: [
            {"id": 1, "issue_id": ids["DEMO-11"], "author_id": admin, "body": "Seen on a tablet", "created_ms": NOW, "updated_ms": NOW}
        ],
        t.components: [{"id": 500, "project_id": demo.PROJECT_ID, "name": "Web"}],
        t.issue_components: [{"issue_id": ids["DEMO-2"], "component_id": 500}],
        t.attachments: [
            {
                "id": 1, "project_id": demo.PROJECT_ID, "issue_id": ids["DEMO-10"], "filename": "a.txt", "content_type": "text/plain",
                "size": 1, "sha256": "0" * 64, "created_ms": NOW,
            }
        ],
    }  # fmt: skip
    for table, values in rows.items():
        conn.execute(sa.insert(table), values)
    conn.execute(sa.update(t.versions).where(t.versions.c.name == "v1.2").values(released=True))


def _changes(conn: sa.Connection, ids: dict[str, int]) -> None:
    own = json.dumps({"customfield_10032": ["flaky", "slow"]})
    changes: dict[str, dict[str, Any]] = {
        "DEMO-10": {"priority": 2, "fields": own, "created_ms": NOW - 86_400_000, "description": 'A "time-out" of 100%'},
        "DEMO-11": {"workflow": "Done", "priority": 5, "assignee_id": None},
        "DEMO-23": {"parent_id": ids["DEMO-2"], "workflow": "In Progress", "updated_ms": NOW},
        "DEMO-25": {"parent_id": ids["DEMO-2"]},
        "DEMO-2": {"labels": json.dumps(["Größe", "money"], ensure_ascii=False)},
    }
    for key, values in changes.items():
        conn.execute(sa.update(t.issues).where(t.issues.c.key == key).values(**values))


def _filters(conn: sa.Connection, admin: int, ana: int) -> None:
    for owner, name, jql, shared in (
        (admin, "Bugs", "type = Bug", True),
        (admin, "Private", "type = Story", False),
        (ana, "Manual round", "key = DEMO-1206", True),
        (admin, "Circle", 'filter = "Circle"', True),
        (admin, "Old", "component = Gone", True),
        (ana, "Plans", "type = 'Test Plan'", True),
    ):
        insert_filter(conn, owner, {"name": name, "jql": jql, "description": "", "shared": shared}, NOW)
