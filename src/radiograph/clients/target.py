# SPDX-License-Identifier: Apache-2.0
"""Where the results of a test run go, and what is known of the run: from options, the environment and the CI system."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WAIT_S = 30.0
"""So long the end of a run waits for what isn't sent yet."""


@dataclass(frozen=True)
class Target:
    """A server and the Test Execution there; empty texts are unknown.

    `problem` says why nothing can be sent at all. A new execution is made where `execution` is empty.
    """

    url: str = ""
    token: str = ""
    project: str = ""
    execution: str = ""
    plan: str = ""
    summary: str = ""
    environments: tuple[str, ...] = ()
    revision: str = ""
    branch: str = ""
    build: str = ""
    wait: float = WAIT_S
    problem: str = ""

    @property
    def home(self) -> str:
        """The project that Tests are looked up and made in."""
        return self.project or self.execution.rpartition("-")[0]


def target_of(given: Mapping[str, str | None], environments: Sequence[str] = (), environ: Mapping[str, str] = os.environ) -> Target:
    """The target by (strongest first) what is given, RADIOGRAPH_* and the variables of the CI system.

    `given` has the names of Target's texts, and `wait`. What can't be used is told in `problem`, never raised.
    """
    ci = ci_facts(environ)
    texts = {
        name: (given.get(name) or environ.get(f"RADIOGRAPH_{name.upper()}") or ci.get(name, "")).strip()
        for name in ("url", "token", "project", "execution", "plan", "summary", "revision", "branch", "build", "wait")
    }
    named = environments or environ.get("RADIOGRAPH_ENVIRONMENT", "").split(";")
    wait, problems = _seconds(texts.pop("wait"))
    texts["url"], wrong = _address(texts["url"])
    problems += wrong
    if not texts["token"]:
        problems.append("there is no token: set RADIOGRAPH_TOKEN")
    elif not texts["token"].isascii() or not texts["token"].isprintable():
        problems.append("RADIOGRAPH_TOKEN can't be a token: it holds characters that no token has")
    return Target(**texts, environments=tuple(n.strip() for n in named if n.strip()), wait=wait, problem="; ".join(problems))


def _seconds(text: str) -> tuple[float, list[str]]:
    try:
        wait = float(text or WAIT_S)
    except ValueError:
        return WAIT_S, [f"{text!r} is no number of seconds to wait"]
    return max(0.0, min(wait, 3600.0)), []


def _address(url: str) -> tuple[str, list[str]]:
    """The server's address as it is shown and asked: without a slash at its end, and without a name and password."""
    if not url:
        return "", ["there is no address: set RADIOGRAPH_URL"]
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        return "", [f"{url!r} is no address such as https://radiograph.example.org"]
    path = parts.path.partition("/rest/")[0].rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "", "")), []


def ci_facts(environ: Mapping[str, str]) -> dict[str, str]:
    """`revision`, `branch` and `build` as GitHub, GitLab, Jenkins and Azure Pipelines tell them; {} elsewhere."""
    get = environ.get
    facts: tuple[str | None, ...]
    if get("GITHUB_ACTIONS"):
        run = f"{get('GITHUB_SERVER_URL')}/{get('GITHUB_REPOSITORY')}/actions/runs/{get('GITHUB_RUN_ID')}"
        facts = (get("GITHUB_SHA"), get("GITHUB_HEAD_REF") or get("GITHUB_REF_NAME"), run if get("GITHUB_RUN_ID") else "")
    elif get("GITLAB_CI"):
        branch = get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") or get("CI_COMMIT_REF_NAME")
        facts = (get("CI_COMMIT_SHA"), branch, get("CI_JOB_URL") or get("CI_PIPELINE_URL"))
    elif get("TF_BUILD"):
        branch = get("SYSTEM_PULLREQUEST_SOURCEBRANCH") or get("BUILD_SOURCEBRANCH", "")
        page = f"{get('SYSTEM_COLLECTIONURI')}{get('SYSTEM_TEAMPROJECT')}/_build/results?buildId={get('BUILD_BUILDID')}"
        facts = (get("BUILD_SOURCEVERSION"), branch.removeprefix("refs/heads/"), page if get("BUILD_BUILDID") else "")
    elif get("JENKINS_URL"):
        branch = get("CHANGE_BRANCH") or get("BRANCH_NAME") or get("GIT_BRANCH", "").removeprefix("origin/")
        facts = (get("GIT_COMMIT"), branch, get("BUILD_URL"))
    else:
        return {}
    return {name: text for name, text in zip(("revision", "branch", "build"), facts, strict=True) if text}
