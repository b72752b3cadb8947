# SPDX-License-Identifier: Apache-2.0
"""atlassian-python-api, unmodified: the rest of its Xray class, what gathers Tests above all, in both versions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from atlassian import Jira, Xray
from requests import HTTPError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.live import LiveServer

TEST, OTHER, PLAN = "DEMO-1207", "DEMO-6", "DEMO-100"
INSIDE = {"raise_for_status", "resource_url"}
"""Methods that the others call."""


@pytest.fixture
def make(server: LiveServer) -> Callable[[str], str]:
    """Makes an issue of a type; its key."""
    jira = Jira(url=server.url, username="admin", password="admin")

    def made(kind: str) -> str:
        fields = {"project": {"key": "DEMO"}, "issuetype": {"name": kind}, "summary": f"A {kind}"}
        return str(jira.create_issue(fields=fields)["key"])

    return made


def test_every_method_of_the_class_is_tried() -> None:
    tried = "\n".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    methods = {name for name, member in vars(Xray).items() if not name.startswith("_") and callable(member)} - INSIDE
    assert len(methods) > 70
    assert sorted(name for name in methods if not re.search(rf"\.{name}\b", tried)) == []


def test_the_tests_of_a_test_set(xray: Xray, make: Callable[[str], str]) -> None:
    group = make("Test Set")
    assert xray.update_test_set(group, add=[TEST, OTHER]) == []
    rows = xray.get_tests_with_test_set(group)
    assert sorted((row["key"], row["type"]) for row in rows) == [(TEST, "Manual"), (OTHER, "Generic")]
    assert [row["rank"] for row in xray.get_tests_with_test_set(group, limit=1, page=2)] == [2]
    assert group in [row["key"] for row in xray.get_test_sets(TEST)]
    assert xray.update_test_set(group, add=["DEMO-99999"]) == ["Issue with key DEMO-99999 not found."]
    xray.update_test_set(group, remove=[OTHER])
    xray.delete_test_from_test_set(group, TEST)
    assert xray.get_tests_with_test_set(group) == []
    with pytest.raises(HTTPError, match=f"{TEST} is not in {group}"):
        xray.delete_test_from_test_set(group, TEST)


def test_the_tests_of_a_precondition(xray: Xray, make: Callable[[str], str]) -> None:
    key = make("Precondition")
    assert xray.update_precondition(key, add=[TEST, OTHER]) == []
    assert sorted(row["key"] for row in xray.get_tests_with_precondition(key)) == [TEST, OTHER]
    assert key in [row["key"] for row in xray.get_test_preconditions(TEST)]
    xray.update_precondition(key, remove=[OTHER])
    xray.delete_test_from_precondition(key, TEST)
    assert xray.get_tests_with_precondition(key) == []


def test_the_tests_and_the_executions_of_a_test_plan(xray: Xray, make: Callable[[str], str]) -> None:
    plan, execution = make("Test Plan"), make("Test Execution")
    assert xray.update_test_plan(plan, add=[TEST, OTHER]) == []
    assert sorted(row["key"] for row in xray.get_tests_with_test_plan(plan)) == [TEST, OTHER]
    assert len(xray.get_tests_with_test_plan(plan, limit=1, page=1)) == 1
    xray.update_test_plan(plan, remove=[OTHER])
    xray.delete_test_from_test_plan(plan, TEST)
    assert xray.get_tests_with_test_plan(plan) == []
    assert xray.update_test_execution(execution, add=[TEST]) == []
    assert xray.update_test_plan_test_executions(plan, add=[execution]) == []
    assert [row["key"] for row in xray.get_test_executions_with_test_plan(plan)] == [execution]
    assert [row["latestStatus"] for row in xray.get_tests_with_test_plan(plan)] == ["TODO"]
    xray.update_test_plan_test_executions(plan, remove=[execution])
    xray.update_test_plan_test_executions(plan, add=[execution])
    xray.delete_test_execution_from_test_plan(plan, execution)
    assert xray.get_test_executions_with_test_plan(plan) == []


def test_the_tests_of_a_test_execution(xray: Xray, make: Callable[[str], str]) -> None:
    execution = make("Test Execution")
    assert xray.update_test_execution(execution, add=[TEST, OTHER]) == []
    assert [(row["key"], row["rank"]) for row in xray.get_tests_with_test_execution(execution)] == [(TEST, 1), (OTHER, 2)]
    xray.update_test_execution(execution, remove=[OTHER])
    xray.delete_test_from_test_execution(execution, TEST)
    assert xray.get_tests_with_test_execution(execution) == []
    with pytest.raises(HTTPError, match="is not of type Test Execution"):
        xray.update_test_execution(TEST, add=[OTHER])


def test_folders_of_the_repository(xray: Xray) -> None:
    top = xray.create_test_repo_folder("DEMO", f"Shop {xray.api_version}")["id"]
    inner = xray.create_test_repo_folder("DEMO", "Basket", top)["id"]
    xray.update_test_repo_folder_tests("DEMO", inner, add=[TEST, OTHER])
    xray.update_test_repo_folder_tests("DEMO", inner, remove=[OTHER])
    assert [row["key"] for row in xray.get_test_repo_folder_tests("DEMO", inner)["tests"]] == [TEST]
    assert xray.get_test_repo_folder_tests("DEMO", top)["tests"] == []
    assert [row["key"] for row in xray.get_test_repo_folder_tests("DEMO", top, all_descendants=True)["tests"]] == [TEST]
    xray.update_test_repo_folder("DEMO", inner, "Cart")
    assert xray.get_test_repo_folder("DEMO", inner)["name"] == "Cart"
    assert top in [folder["id"] for folder in xray.get_test_repo_folders("DEMO")["folders"]]
    xray.delete_test_repo_folder("DEMO", top)
    with pytest.raises(HTTPError, match="folder"):
        xray.get_test_repo_folder("DEMO", inner)


def test_files_of_a_step(v2: Xray) -> None:
    step = v2.get_test_steps(TEST)["steps"][0]["id"]
    picture = {"data": "aGVsbG8=", "filename": "hello.txt", "contentType": "text/plain"}
    v2.put(v2.resource_url(f"test/{TEST}/steps/{step}"), data={"attachments": {"add": [picture]}})
    (file,) = v2.get_test_step_attachments(TEST, step)
    assert file["fileName"] == "hello.txt"
    v2.delete_test_step_attachment(TEST, step, file["id"])
    assert v2.get_test_step_attachments(TEST, step) == []


def test_a_dataset_comes_and_goes_as_csv(v2: Xray) -> None:
    v2.import_dataset(files={"file": ("data.csv", b"user,browser*\nana,Chrome\nben,Firefox\n", "text/csv")}, testIssueKey=OTHER)
    written = v2.export_dataset(testIssueKey=OTHER, resolved="false")
    assert written.splitlines() == [b"user,browser*", b"ana,Chrome", b"ben,Firefox"]
    assert len(v2.export_dataset(testIssueKey=OTHER).splitlines()) == 5


def test_the_licence_is_active(v2: Xray) -> None:
    assert v2.get_xray_license()["active"] is True


def test_what_sets_up_a_jira_is_told_not_to_be_there(v2: Xray) -> None:
    """Issue types, their screens and requirement projects need no setting up: each project has them."""
    for ask in (
        v2.get_requirement_projects, v2.get_xray_issue_types, lambda: v2.update_requirement_projects({"projects": []}),
        lambda: v2.install_xray_issue_type_screen_schemes({"projects": []}),
    ):  # fmt: skip
        with pytest.raises(HTTPError) as told:
            ask()
        assert told.value.response is not None
        assert told.value.response.status_code == 404
