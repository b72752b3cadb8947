# SPDX-License-Identifier: Apache-2.0
"""`radiograph gate` in a pipeline: red for one new failure, green for what is known, and what it says and exits with."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from tests.acceptance.conftest import furnish
from tests.live import CLI, TOKEN, LiveServer, free_port, radiograph

if TYPE_CHECKING:
    from collections.abc import Iterator

IMPORT = "/rest/raven/2.0/import/execution"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with the project CALC."""
    live = LiveServer(tmp_path_factory.mktemp("gate") / "data")
    furnish(["--data", str(live.data)])
    yield live
    live.stop()


@pytest.fixture
def http(server: LiveServer) -> Iterator[httpx2.Client]:
    """A client of that server."""
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60) as made:
        yield made


def send(http: httpx2.Client, statuses: dict[str, str], branch: str, execution: str = "") -> str:
    """Import an execution; a failure says what the Test's name says."""
    tests = [
        {"testInfo": {"projectKey": "CALC", "summary": name, "testType": "Generic", "definition": name}, "status": status,
         "comment": f"{name} went wrong\nat line 7" if status == "FAIL" else ""}
        for name, status in statuses.items()
    ]  # fmt: skip
    head: dict[str, Any] = {"testExecutionKey": execution} if execution else {"info": {"project": "CALC"}}
    answer = http.post(IMPORT, json=head | {"tests": tests}, params={"branch": branch})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["testExecIssue"]["key"])


def ask(server: LiveServer, *args: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    ended = radiograph("gate", *args, RADIOGRAPH_URL=server.url, RADIOGRAPH_TOKEN=token)
    assert token not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def test_one_new_failure_is_red_and_what_broke_is_said_with_its_link(server: LiveServer, http: httpx2.Client) -> None:
    main = send(http, {"red adds": "PASS", "red pays": "FAIL"}, "main")
    key = send(http, {"red adds": "FAIL", "red pays": "FAIL"}, "feature/red")
    ended = ask(server, "--execution", key)
    assert ended.returncode == 1
    first, _, rest = ended.stdout.partition("\n")
    assert first == f"FAIL: {key} is stopped: 1 new failure since {main}. Not counted: 1 failing in {main} too."
    assert "red adds went wrong\n" in rest
    assert f"{server.url}/runs/" in rest
    assert "red pays (failed before)" in rest
    assert ended.stdout.endswith(f"{server.url}/gate?execution={key}\n")
    assert ask(server, "--execution", key, "--allow-new", "1").returncode == 0


def test_what_fails_on_main_too_is_green(server: LiveServer, http: httpx2.Client) -> None:
    send(http, {"main adds": "FAIL"}, "main")
    ended = ask(server, "--project", "CALC", "--branch", send(http, {"main adds": "FAIL"}, "feature/main") and "feature/main")
    assert (ended.returncode, ended.stdout.split(":")[0]) == (0, "PASS")


def test_what_is_in_quarantine_is_green_until_it_is_counted(server: LiveServer, http: httpx2.Client) -> None:
    send(http, {"held adds": "PASS"}, "main")
    key = send(http, {"held adds": "FAIL"}, "feature/held")
    assert ask(server, "--execution", key).returncode == 1
    found = http.get("/api/gate", params={"execution": key}).json()
    form = {
        "test": found["newFailures"][0]["test"],
        "reason": "the lift is broken",
        "until": (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d"),
    }
    answer = http.post("/projects/CALC/quarantine", data=form, headers={"Origin": server.url})
    assert answer.status_code == 303, answer.text
    assert ask(server, "--execution", key).returncode == 0
    assert ask(server, "--execution", key, "--quarantine", "count").returncode == 1


def test_what_is_flaky_is_green_until_it_is_counted(server: LiveServer, http: httpx2.Client) -> None:
    for _ in range(3):
        retried = send(http, {"often adds": "FAIL", "often waits": "PASS"}, "main")
        send(http, {"often adds": "PASS"}, "main", retried)
    key = send(http, {"often adds": "FAIL", "often waits": "PASS"}, "feature/often")
    deadline = time.monotonic() + 30
    while (ended := ask(server, "--execution", key)).returncode and time.monotonic() < deadline:
        time.sleep(0.5)  # flakiness is worked out beside the imports
    assert (ended.returncode, "1 flaky" in ended.stdout) == (0, True)
    assert ask(server, "--execution", key, "--flaky", "count").returncode == 1


def test_no_result_is_unknown_and_results_that_come_are_waited_for(server: LiveServer, http: httpx2.Client) -> None:
    fields = {"project": {"key": "CALC"}, "issuetype": {"name": "Test Execution"}, "summary": "To come"}
    key = http.post("/rest/api/2/issue", json={"fields": fields}).json()["key"]
    ended = ask(server, "--execution", key)
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (3, f"UNKNOWN: {key} has no results yet.")
    later = threading.Timer(2, send, (http, {"late adds": "PASS"}, "main", key))
    later.start()
    ended = ask(server, "--execution", key, "--wait", "60")
    later.join()
    assert (ended.returncode, "late" in ended.stdout, "Waiting for" in ended.stderr) == (0, False, True)


def test_the_answer_is_json_or_annotations_where_that_is_asked_for(server: LiveServer, http: httpx2.Client) -> None:
    key = send(http, {"form, adds: 100%": "FAIL"}, "main")
    told = json.loads(ask(server, "--execution", key, "--format", "json").stdout)
    assert (told["verdict"], told["counts"]["new"]) == ("fail", 1)
    lines = ask(server, "--execution", key, "--format", "github").stdout.splitlines()
    assert lines[0].startswith(f"::error title={told['newFailures'][0]['test']} form%2C adds%3A 100%25::form, adds: 100%25 went wrong http")
    assert lines[1].startswith(f"::error title=Radiograph::{key} is stopped: 1 new failure")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "Give --execution KEY"),
        (["--execution", "CALC-99999"], "does not exist"),
        (["--project", "NONE"], "No project"),
        (["--project", "CALC", "--branch", "no/such"], "on the branch no/such"),
        (["--execution", "CALC-1", "--min-pass-rate", "101"], "101"),
        (["--execution", "CALC-1", "--flaky", "maybe"], "maybe"),
    ],
)
def test_what_cannot_be_asked_exits_with_2(server: LiveServer, args: list[str], said: str) -> None:
    ended = ask(server, *args)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_wrong_token_and_a_server_that_is_away_exit_with_2() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    ended = subprocess.run(
        [*CLI, "gate", "--url", address, "--token", "x", "--execution", "CALC-1"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "could not reach" in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)
