# SPDX-License-Identifier: Apache-2.0
"""Where results go: options, environment, CI systems, and what is wrong with them."""

from __future__ import annotations

import pytest

from radiograph.clients.target import ci_facts, target_of

GOOD = {"RADIOGRAPH_URL": "https://radiograph.example.org/", "RADIOGRAPH_TOKEN": "secret"}


def test_options_win_over_the_environment_and_that_over_the_ci_system() -> None:
    jenkins = {"JENKINS_URL": "j", "GIT_COMMIT": "c1", "GIT_BRANCH": "origin/main", "BUILD_URL": "b"}
    target = target_of({"branch": "mine", "wait": "2.5"}, [], GOOD | jenkins | {"RADIOGRAPH_REVISION": "r2"})
    assert (target.branch, target.revision, target.build, target.wait, target.problem) == ("mine", "r2", "b", 2.5, "")
    assert target.url == "https://radiograph.example.org"


def test_environments_are_given_or_stand_in_one_variable() -> None:
    assert target_of({}, ["A", " B "], GOOD | {"RADIOGRAPH_ENVIRONMENT": "C"}).environments == ("A", "B")
    assert target_of({}, [], GOOD | {"RADIOGRAPH_ENVIRONMENT": "Linux; Firefox;"}).environments == ("Linux", "Firefox")


def test_tests_belong_to_the_project_or_to_that_of_the_execution() -> None:
    assert target_of({"execution": "CALC-7"}, [], GOOD).home == "CALC"
    assert target_of({"execution": "CALC-7", "project": "SHOP"}, [], GOOD).home == "SHOP"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"url": ""}, "there is no address: set RADIOGRAPH_URL"),
        ({"url": "radiograph.example.org"}, "is no address such as"),
        ({"url": "https://x:99999"}, "is no address such as"),
        ({"token": "a\nb"}, "can't be a token"),
        ({"token": ""}, "there is no token"),
        ({"wait": "long"}, "is no number of seconds"),
    ],
)
def test_what_is_wrong_is_told_and_not_raised(given: dict[str, str], problem: str) -> None:
    environ = {f"RADIOGRAPH_{name.upper()}": text for name, text in ({"url": GOOD["RADIOGRAPH_URL"], "token": "t"} | given).items()}
    assert problem in target_of({}, [], environ).problem


def test_a_password_in_the_address_is_neither_sent_nor_shown() -> None:
    assert target_of({"url": "https://ana:secret@h/jira/rest/raven/1.0"}, [], GOOD).url == "https://h/jira"


def test_each_ci_system_tells_revision_branch_and_build() -> None:
    github = {
        "GITHUB_ACTIONS": "true", "GITHUB_SHA": "c", "GITHUB_HEAD_REF": "topic", "GITHUB_REF_NAME": "5/merge", "GITHUB_RUN_ID": "7",
        "GITHUB_SERVER_URL": "https://h", "GITHUB_REPOSITORY": "o/r",
    }  # fmt: skip
    assert ci_facts(github) == {"revision": "c", "branch": "topic", "build": "https://h/o/r/actions/runs/7"}
    gitlab = {"GITLAB_CI": "true", "CI_COMMIT_SHA": "c", "CI_COMMIT_REF_NAME": "main", "CI_JOB_URL": "u"}
    assert ci_facts(gitlab) == {"revision": "c", "branch": "main", "build": "u"}
    azure = {
        "TF_BUILD": "True", "BUILD_SOURCEVERSION": "c", "BUILD_SOURCEBRANCH": "refs/heads/main", "SYSTEM_COLLECTIONURI": "https://h/",
        "SYSTEM_TEAMPROJECT": "p", "BUILD_BUILDID": "9",
    }  # fmt: skip
    assert ci_facts(azure) == {"revision": "c", "branch": "main", "build": "https://h/p/_build/results?buildId=9"}
    assert ci_facts({"JENKINS_URL": "j", "BRANCH_NAME": "main", "CHANGE_BRANCH": "topic"}) == {"branch": "topic"}
    assert ci_facts({}) == {}
