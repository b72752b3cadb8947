# SPDX-License-Identifier: Apache-2.0
"""`radiograph pull` between two instances: what it says, its exit codes, and that a kill in the middle loses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.conftest import furnish
from tests.acceptance.reports import client, imported, results
from tests.live import CLI, TOKEN, LiveServer, done, radiograph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXECUTIONS, RESULTS = 6, 60


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with results in the project CALC."""
    live = LiveServer(tmp_path_factory.mktemp("source") / "data")
    furnish(["--data", str(live.data)])
    with client(live) as http:
        for number in range(EXECUTIONS):
            imported(http, results(RESULTS, mark=f"round {number % 2}"))
    yield live
    live.stop()


def pull(source: str, target: Path, *more: str, token: str = TOKEN, project: str = "CALC") -> subprocess.CompletedProcess[str]:
    ended = radiograph("pull", source, project, "--data", str(target), *more, RADIOGRAPH_SOURCE_TOKEN=token)
    assert token not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def test_a_project_is_copied_and_both_sides_are_counted(source: LiveServer, tmp_path: Path) -> None:
    target, report = tmp_path / "target", tmp_path / "report.json"
    ended = pull(source.url, target, "--report", str(report))
    assert ended.returncode == 0, ended.stderr
    counted = {line.split("  ")[0]: line.split()[-2:] for line in ended.stdout.splitlines()[1:]}
    assert counted["runs"] == [str(EXECUTIONS * RESULTS)] * 2
    assert counted["Test Execution"] == [str(EXECUTIONS)] * 2
    assert all(here == there for here, there in counted.values())
    assert "Issues: " in ended.stderr
    assert f"execution {EXECUTIONS} of {EXECUTIONS}" in ended.stderr
    told = json.loads(report.read_text())
    assert (told["source"], told["project"], told["problems"]) == (source.url, "CALC", [])
    assert "BAD" not in done("check", "--deep", "--data", str(target))


def test_a_copy_that_was_killed_goes_on_where_it_was(source: LiveServer, tmp_path: Path) -> None:
    target = tmp_path / "target"
    command = [*CLI, "pull", source.url, "CALC", "--data", str(target)]
    kills = 0
    for wait in (1.0, 1.5, 2.0, 2.5):
        process = subprocess.Popen(command, env=os.environ | {"RADIOGRAPH_SOURCE_TOKEN": TOKEN}, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        kills += process.poll() is None
        process.kill()
        process.wait()
    ended = pull(source.url, target)
    assert kills, "it was never in the middle"
    assert ended.returncode == 0, ended.stderr
    assert f"runs{EXECUTIONS * RESULTS:>25}{EXECUTIONS * RESULTS:>9}" in ended.stdout
    assert "BAD" not in done("check", "--deep", "--data", str(target))


@pytest.mark.parametrize(
    ("address", "token", "project", "text"),
    [
        ("", "no-such-token", "CALC", "answers 401"),
        ("", TOKEN, "NOPE", "answers 404"),
        ("/static", TOKEN, "CALC", "answers 404"),
        ("http://127.0.0.1:9", TOKEN, "CALC", "could not be reached"),
    ],
)
def test_a_source_that_cannot_be_read_is_1_and_says_why(
    source: LiveServer, tmp_path: Path, address: str, token: str, project: str, text: str
) -> None:
    url = address if address.startswith("http") else source.url + address
    ended = pull(url, tmp_path / "target", "--wait", "1", token=token, project=project)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert text in ended.stderr


def test_who_signs_in_must_be_said(source: LiveServer, tmp_path: Path) -> None:
    ended = radiograph("pull", source.url, "CALC", "--data", str(tmp_path / "target"))
    assert ended.returncode == 2
    assert "--token" in ended.stderr
