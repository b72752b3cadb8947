# SPDX-License-Identifier: Apache-2.0
"""atlassian-python-api's Jira class, unmodified: issues, links, files, versions and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from atlassian import Jira

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live import LiveServer


@pytest.fixture(scope="module")
def jira(server: LiveServer) -> Any:
    return Jira(url=server.url, username="admin", password="admin")


@pytest.fixture
def key(jira: Any) -> str:
    made = jira.issue_create({"project": {"key": "DEMO"}, "issuetype": {"name": "Bug"}, "summary": "Fails"})
    return str(made["key"])


def test_an_issue_is_changed_in_its_ways(jira: Any, key: str) -> None:
    jira.issue_update(key, {"summary": "Fails now"})
    jira.update_issue_field(key, {"description": "Often"})
    jira.edit_issue(key, {"labels": [{"add": "ios"}]})
    jira.issue_add_comment(key, "Seen")
    jira.assign_issue(key, "ana")
    fields = jira.issue(key, fields="summary,description,labels,assignee,comment")["fields"]
    assert set(fields) == {"summary", "description", "labels", "assignee", "comment"}
    assert (fields["summary"], fields["labels"], fields["assignee"]["name"]) == ("Fails now", ["ios"], "ana")
    assert jira.issue_get_comments(key)["comments"][0]["body"] == "Seen"
    assert jira.issue_field_value(key, "description") == "Often"
    assert jira.issue_exists(key)
    assert jira.get_issue_changelog(key)["total"] >= 3


def test_several_issues_are_made_at_once(jira: Any) -> None:
    fields = {"project": {"key": "DEMO"}, "issuetype": {"name": "Task"}, "summary": "s"}
    assert len(jira.create_issues([{"fields": fields}, {"fields": fields}])["issues"]) == 2


def test_an_issue_is_moved_by_the_name_of_the_status(jira: Any, key: str) -> None:
    jira.set_issue_status(key, "Done")
    assert jira.get_issue_status(key) == "Done"
    assert {w["name"] for w in jira.get_issue_transitions(key)} == {"To Do", "In Progress", "Done"}


def test_files_and_links_are_added(jira: Any, key: str, tmp_path: Path) -> None:
    (tmp_path / "run.log").write_text("GET /pay 503")
    jira.add_attachment(key, str(tmp_path / "run.log"))
    found = jira.issue(key)["fields"]["attachment"][0]
    assert jira.get_attachment(found["id"])["filename"] == "run.log"
    jira.remove_attachment(found["id"])
    jira.create_issue_link({"type": {"name": "Relates"}, "inwardIssue": {"key": key}, "outwardIssue": {"key": "DEMO-2"}})
    link = jira.issue(key)["fields"]["issuelinks"][0]
    assert jira.get_issue_link(link["id"])["outwardIssue"]["key"] == "DEMO-2"
    jira.remove_issue_link(link["id"])
    assert "Blocks" in [k["name"] for k in jira.get_issue_link_types()]


def test_a_project_is_told_with_its_parts(jira: Any) -> None:
    assert "DEMO" in [p["key"] for p in jira.projects()]
    jira.add_version("DEMO", "10402", "3.0")
    assert "3.0" in [v["name"] for v in jira.get_project_versions("DEMO")]
    made = jira.create_component({"name": "Search", "project": "DEMO"})
    assert jira.component(made["id"])["name"] == "Search"
    assert "Search" in [c["name"] for c in jira.get_project_components("DEMO")]
    jira.delete_component(made["id"])
    kinds = jira.issue_createmeta_issuetypes("DEMO")["values"]
    meta = jira.issue_createmeta_fieldtypes("DEMO", kinds[0]["id"])["values"]
    assert next(f for f in meta if f["fieldId"] == "summary")["required"]
    assert "summary" in jira.issue_editmeta("DEMO-7")["fields"]


def test_people_and_the_instance_are_told(jira: Any) -> None:
    assert jira.myself()["name"] == "admin"
    assert jira.user("ana")["displayName"] == "Ana Lead"
    assert [u["name"] for u in jira.user_find_by_user_string(username="ana")] == ["ana"]
    assert jira.get_all_priorities()[0]["name"] == "Highest"
    assert jira.get_all_statuses()[0]["name"] == "To Do"
    assert jira.get_all_resolutions()[0]["name"] == "Done"
    assert len(jira.get_all_fields()) > 40
    assert jira.get_permissions(permissions="EDIT_ISSUES")["permissions"]["EDIT_ISSUES"]["havePermission"]


def test_an_issue_is_deleted(jira: Any, key: str) -> None:
    jira.delete_issue(key)
    assert not jira.issue_exists(key)
