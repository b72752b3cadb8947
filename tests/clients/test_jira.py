# SPDX-License-Identifier: Apache-2.0
"""The library `jira`, unmodified: a tester's day with issues."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from jira import JIRA
from jira.exceptions import JIRAError

if TYPE_CHECKING:
    from tests.live import LiveServer


@pytest.fixture(scope="module")
def jira(server: LiveServer) -> Any:
    return JIRA(server.url, basic_auth=("admin", "admin"))


@pytest.fixture
def bug(jira: Any) -> Any:
    return jira.create_issue(project="DEMO", summary="Payment fails", issuetype={"name": "Bug"}, description="On iOS", labels=["payment"])


def test_issues_are_created_alone_and_in_bulk(jira: Any) -> None:
    fields = {"project": "DEMO", "summary": "One", "issuetype": {"name": "Task"}}
    made = jira.create_issues(field_list=[fields, fields | {"summary": "Two"}, fields | {"customfield_99999": "x"}])
    assert [m["status"] for m in made] == ["Success", "Success", "Error"]
    assert made[1]["issue"].fields.summary == "Two"
    failed = jira.create_issues(field_list=[fields | {"customfield_99999": "x"}])
    assert failed[0]["status"] == "Error"


def test_an_issue_is_read_found_and_edited(jira: Any, bug: Any) -> None:
    assert (bug.fields.status.name, bug.fields.priority.name, bug.fields.reporter.displayName) == ("To Do", "Medium", "Administrator")
    assert bug.key in [i.key for i in jira.search_issues("project = DEMO AND summary ~ 'Payment fails'", maxResults=200)]
    bug.update(summary="Payment fails on iOS", priority={"name": "High"}, notify=False)
    bug.add_field_value("labels", "ios")
    bug.update(fields={"labels": [*bug.fields.labels, "card"]})
    found = jira.issue(bug.key, expand="changelog,names,renderedFields")
    assert (found.fields.summary, found.fields.labels) == ("Payment fails on iOS", ["payment", "ios", "card"])
    assert found.names.summary == "Summary"
    assert "On iOS" in found.renderedFields.description
    assert [i.toString for h in found.changelog.histories for i in h.items if i.field == "priority"] == ["High"]


def test_files_are_attached_and_come_back_as_they_were(jira: Any, bug: Any) -> None:
    made = jira.add_attachment(issue=bug, attachment=io.BytesIO(b"\x00\x01log"), filename="ein Log ä.bin")
    assert (made.filename, made.size) == ("ein Log ä.bin", 5)
    found = jira.issue(bug.key).fields.attachment[0]
    assert found.get() == b"\x00\x01log"
    assert jira.attachment(found.id).author.name == "admin"
    assert jira.attachment_meta()["enabled"]
    found.delete()
    assert jira.issue(bug.key).fields.attachment == []


def test_comments_are_added_changed_and_removed(jira: Any, bug: Any) -> None:
    comment = jira.add_comment(bug, "On Android too")
    comment.update(body="On Android too!")
    assert [c.body for c in jira.comments(bug)] == ["On Android too!"]
    assert jira.comment(bug, comment.id).author.displayName == "Administrator"
    comment.delete()
    assert jira.comments(bug) == []


def test_an_issue_is_moved_and_assigned(jira: Any, bug: Any) -> None:
    assert [w["name"] for w in jira.transitions(bug)] == ["To Do", "In Progress", "Done"]
    jira.transition_issue(bug, "Done", comment="Fixed", fields={"resolution": {"name": "Done"}})
    jira.assign_issue(bug, "ana")
    found = jira.issue(bug.key)
    assert (found.fields.status.name, found.fields.resolution.name, found.fields.assignee.displayName) == ("Done", "Done", "Ana Lead")
    jira.assign_issue(bug, None)
    assert jira.issue(bug.key).fields.assignee is None
    jira.transition_issue(bug, "21")
    assert jira.issue(bug.key).fields.status.statusCategory.key == "indeterminate"


def test_issues_are_linked_and_a_test_covers_a_story(jira: Any, bug: Any) -> None:
    jira.create_issue_link("Blocks", inwardIssue=bug.key, outwardIssue="DEMO-2", comment={"body": "see"})
    jira.create_issue_link("Tests", "DEMO-7", "DEMO-3")
    (link,) = jira.issue(bug.key).fields.issuelinks
    assert (link.type.outward, link.outwardIssue.key) == ("blocks", "DEMO-2")
    assert "DEMO-7" in [i.inwardIssue.key for i in jira.issue("DEMO-3").fields.issuelinks]
    jira.issue_link(link.id).delete()
    assert jira.issue(bug.key).fields.issuelinks == []
    assert "Tests" in [k.name for k in jira.issue_link_types()]
    assert jira.issue_link_type("10004").outward == "tests"


def test_versions_and_components_are_kept(jira: Any) -> None:
    version = jira.create_version("2.0", "DEMO", description="Next", releaseDate="2026-12-24")
    component = jira.create_component("Checkout", "DEMO", description="Paying")
    issue = jira.create_issue(
        project="DEMO", summary="s", issuetype="Bug", fixVersions=[{"name": "2.0"}], components=[{"id": component.id}]
    )
    assert (issue.fields.fixVersions[0].id, issue.fields.components[0].name) == (version.id, "Checkout")
    version.update(name="2.0.1", released=True)
    assert "2.0.1" in [v.name for v in jira.project_versions("DEMO")]
    assert jira.get_project_version_by_name("DEMO", "2.0.1").released
    assert jira.version_count_related_issues(version.id)["issuesFixedCount"] == 1
    assert jira.component(component.id).description == "Paying"
    assert "Checkout" in [c.name for c in jira.project_components("DEMO")]
    jira.delete_component(component.id)
    version.delete()
    assert jira.issue(issue.key).fields.fixVersions == []


def test_a_project_and_what_its_issues_can_be_are_told(jira: Any) -> None:
    assert "DEMO" in [p.key for p in jira.projects()]
    assert jira.project("DEMO").name == "Demonstration"
    test = next(k for k in jira.project_issue_types("DEMO") if k.name == "Test")
    assert {"Summary", "Test Type"} <= {f.name for f in jira.project_issue_fields("DEMO", test.id)}
    assert jira.issue_type(test.id).name == jira.issue_type_by_name("Test").name == "Test"
    assert "fields" in jira.editmeta("DEMO-7")
    assert len(jira.priorities()) == 5
    assert jira.priority("1").name == "Highest"
    assert [s.name for s in jira.statuses()] == ["To Do", "In Progress", "Done"]
    assert jira.status("Done").id == jira.status("10001").id
    assert {c.key for c in jira.statuscategories()} == {"new", "indeterminate", "done"}
    assert jira.resolutions()[0].name == "Done"
    assert jira.server_info()["deploymentType"] == "Server"
    assert "customfield_10106" in [f["id"] for f in jira.fields()]


def test_people_and_permissions_are_told(jira: Any) -> None:
    assert jira.current_user() == "admin"
    assert jira.myself()["displayName"] == "Administrator"
    assert jira.user("ana").displayName == "Ana Lead"
    assert [u.name for u in jira.search_users("ana")] == ["ana"]
    assert "ana" in [u.name for u in jira.search_assignable_users_for_issues("a", project="DEMO")]
    assert jira.my_permissions(projectKey="DEMO")["permissions"]["EDIT_ISSUES"]["havePermission"]
    assert jira.watchers("DEMO-7").watchCount == 0
    assert jira.remote_links("DEMO-7") == []


def test_xrays_fields_are_written_and_read(jira: Any) -> None:
    field = {f["name"]: f["id"] for f in jira.fields()}
    steps = {"steps": [{"index": 1, "fields": {"Action": "Open", "Data": "", "Expected Result": "It opens"}}]}
    values: dict[str, Any] = {
        field["Test Type"]: {"value": "Manual"},
        field["Manual Test Steps"]: steps,
        field["Test Repository Path"]: "/Shop",
    }
    test = jira.create_issue(project="DEMO", summary="Opens", issuetype="Test", **values)
    assert getattr(test.fields, field["Test Repository Path"]) == "/Shop"
    execution = jira.create_issue(project="DEMO", summary="Round", issuetype="Test Execution")
    execution.update(fields={field["Tests association with a Test Execution"]: [test.key], field["Test Plan"]: ["DEMO-100"]})
    assert getattr(jira.issue(execution.key).fields, field["Tests association with a Test Execution"]) == [test.key]


def test_an_issue_is_deleted_and_what_is_not_there_is_a_404(jira: Any, bug: Any) -> None:
    bug.delete()
    with pytest.raises(JIRAError) as caught:
        jira.issue(bug.key)
    assert caught.value.status_code == 404
    assert "does not exist" in caught.value.text
    with pytest.raises(JIRAError, match="cannot be set"):
        jira.create_issue(project="DEMO", summary="s", issuetype="Bug", customfield_99999="x")
