# SPDX-License-Identifier: Apache-2.0
"""Runs of other people's tests with our plugins, and what a server has of them afterwards."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.live import TOKEN, LiveServer

from radiograph.actions.accounts import add_token
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CI_NAMES = ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "JENKINS_URL")
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cov", "-p", "no:cacheprovider", "-p", "no:randomly", "-q")
ROBOT = (sys.executable, "-m", "robot", "--consolecolors", "off", "--report", "NONE", "--log", "NONE")


def new_server(data: Path) -> LiveServer:
    """A server with the project CALC and the administrator's token `TOKEN`."""
    live = LiveServer(data)
    services = prepare(Settings(data=data))
    add_project(services, "CALC")
    add_token(services, "admin", "live", TOKEN)
    services.db.close()
    return live


def environment(url: str, token: str = TOKEN) -> dict[str, str]:
    """The environment of a run that reports to CALC on the server at `url`."""
    mine = {name: text for name, text in os.environ.items() if name not in CI_NAMES and not name.startswith(("RADIOGRAPH_", "PYTEST_"))}
    return mine | {"RADIOGRAPH_URL": url, "RADIOGRAPH_TOKEN": token, "RADIOGRAPH_PROJECT": "CALC", "PYTHONUNBUFFERED": "1"}


def begin(command: list[str], folder: Path, env: dict[str, str]) -> subprocess.Popen[str]:
    """Start a run."""
    return subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def until_it_says(run: subprocess.Popen[str], words: str) -> str:
    """What a run says, up to a line with these words."""
    assert run.stdout
    said = ""
    for line in run.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    """A run's exit code, and what it said."""
    said, _ = run.communicate(timeout=240)
    return run.returncode, said


def unsent(folder: Path) -> list[Path]:
    """The files of results that were not sent."""
    return sorted(folder.glob("radiograph-unsent-*.json"))


def until(condition: Callable[[], Any], what: str, seconds: float = 90) -> Any:
    """What the condition says, once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(what)


class Api:
    """Reads what a server has."""

    def __init__(self, server: LiveServer) -> None:
        self.port = server.port
        self.headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """A status and an answer."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as http:
            http.request(method, path, json.dumps(body) if body else None, self.headers)
            answer = http.getresponse()
            return answer.status, answer.read()

    def get(self, path: str, **query: str) -> Any:
        """An answer of the API."""
        status, answer = self.ask("GET", f"{path}?{urlencode(query)}")
        assert status == 200, answer
        return json.loads(answer)

    def make(self, kind: str, summary: str) -> str:
        """The key of a new issue."""
        fields = {"project": {"key": "CALC"}, "issuetype": {"name": kind}, "summary": summary}
        status, answer = self.ask("POST", "/rest/api/2/issue", {"fields": fields})
        assert status == 201, answer
        return str(json.loads(answer)["key"])

    def execution(self, said: str = "") -> str:
        """The key of the execution that a run named, else of the newest."""
        if said:
            found = re.search(r"sent to \S+/browse/(CALC-\d+)", said)
            assert found, said
            return found[1]
        issues = self.get("/rest/api/2/search", jql='issuetype = "Test Execution" order by key desc')["issues"]
        return str(issues[0]["key"]) if issues else ""

    def runs(self, execution: str) -> dict[str, dict[str, Any]]:
        """The runs of an execution by the definition's last name, or by the key of a Test that has none."""
        field = next(f["id"] for f in self.get("/rest/api/2/field") if f["name"] == "Generic Test Definition")
        found = {}
        for row in self.get(f"/rest/raven/2.0/api/testexec/{execution}/test"):
            run = self.get(f"/rest/raven/2.0/api/testrun/{row['id']}")
            issue = self.get(f"/rest/api/2/issue/{row['key']}")["fields"]
            definition = issue.get(field) or ""
            found[definition.rpartition(".")[2] or row["key"]] = run | {"key": row["key"], "definition": definition, "issue": issue}
        return found

    def text(self, evidence: dict[str, Any]) -> str:
        """The content of a file."""
        status, answer = self.ask("GET", urlsplit(evidence["fileURL"]).path)
        assert status == 200
        return answer.decode()
