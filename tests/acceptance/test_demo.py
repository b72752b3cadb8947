# SPDX-License-Identifier: Apache-2.0
"""`radiograph demo`: filled before it is ready, filled once, and the documentation's own command lines work on it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from tests.live import CLI, LiveServer, done, radiograph

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent.parent / "fixtures" / "page"
BODIES = sorted(path.stem for path in PAGE.glob("json-*.json"))
FORMS = ("multipart-1", "multipart-2")
SEEDED = 'project = DEMO AND issuetype = "Test Execution"'


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A demonstration that the tests of this module share."""
    server = LiveServer(tmp_path_factory.mktemp("demo") / "data", "demo")
    yield server
    server.stop()


@pytest.fixture
def http(demo: LiveServer) -> Iterator[httpx2.Client]:
    """Its administrator."""
    with httpx2.Client(base_url=demo.url, auth=("admin", "admin"), timeout=60) as client:
        yield client


def count(http: httpx2.Client) -> int:
    return int(http.get("/rest/api/2/search", params={"jql": SEEDED, "maxResults": 0}).json()["total"])


def curl(command: str, folder: Path) -> dict[str, Any]:
    """Run a command line of curl in a folder as a shell does; the answer."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    ended = subprocess.run(["sh", "-c", f"{command} -sS"], cwd=folder, capture_output=True, text=True, check=True, timeout=120)
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def test_it_is_filled_before_it_is_ready(demo: LiveServer, http: httpx2.Client) -> None:
    listing = http.get("/rest/api/2/search", params={"jql": f"{SEEDED} ORDER BY key", "maxResults": 1}).json()
    assert listing["total"] > 10
    assert demo.said.index("Importing the demonstration's history") < demo.said.index(f"Radiograph is at {demo.url} (ready after ")


def test_the_log_of_its_bug_is_served_as_it_was_written(http: httpx2.Client) -> None:
    (file,) = http.get("/rest/api/2/issue/DEMO-10", params={"fields": "attachment"}).json()["fields"]["attachment"]
    served = http.get(file["content"])
    assert (file["filename"], file["size"]) == ("payment.log", len(served.content))
    assert served.text.splitlines()[1] == "10:00:31 upstream timed out"


@pytest.mark.parametrize("name", BODIES)
def test_the_pages_body_is_imported_by_the_pages_own_command_line(demo: LiveServer, tmp_path: Path, name: str) -> None:
    shutil.copyfile(PAGE / f"{name}.json", tmp_path / "data.json")
    answer = curl(
        f'curl -H "Content-Type: application/json" -X POST -u admin:admin --data @data.json {demo.url}/rest/raven/1.0/import/execution',
        tmp_path,
    )
    assert answer["testExecIssue"]["self"].startswith(demo.url)
    assert answer["testIssues"]["success"]
    assert answer["testIssues"]["error"] == []


@pytest.mark.parametrize("name", FORMS)
def test_the_pages_form_is_imported_by_the_pages_own_command_line(demo: LiveServer, name: str) -> None:
    command = f"curl -u admin:admin -F info=@{name}-info.json -F result=@{name}-result.json"
    answer = curl(f"{command} {demo.url}/rest/raven/1.0/import/execution/multipart", PAGE)
    assert answer["testIssues"]["success"]
    assert answer["testIssues"]["error"] == []


def test_the_command_line_that_it_prints_works_as_printed(demo: LiveServer, tmp_path: Path) -> None:
    printed = re.findall(r"^  curl .*?/import/execution$", demo.said, re.DOTALL | re.MULTILINE)[-1]
    answer = curl(printed.strip(), tmp_path)
    assert (answer["testExecIssue"]["key"], [t["key"] for t in answer["testIssues"]["success"]]) == ("DEMO-1206", ["DEMO-6"])
    token = re.findall(r"the API takes the token (\S+) too", demo.said)[-1]
    assert httpx2.get(f"{demo.url}/rest/api/2/myself", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_every_page_that_its_pages_lead_to_answers(http: httpx2.Client) -> None:
    """Follows every link, a few of each kind."""
    seen: dict[str, int] = {}
    waiting, kinds = ["/"], dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        answer = http.get(path, follow_redirects=True)
        seen[path] = answer.status_code
        for link in map(unescape, re.findall(r'(?:href|src)="(/[^"]*)"', answer.text)):
            kind = re.sub(r"\d+", "0", link)
            if link not in seen and link not in waiting and "sign-out" not in link and kinds.get(kind, 0) < 4:
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(link)
    assert {re.sub(r"\d+", "0", path) for path in seen} >= {"/", "/projects/DEMO", "/browse/DEMO-0", "/runs/0", "/imports", "/imports/0"}
    assert {path: code for path, code in seen.items() if code != 200} == {}


def test_started_again_it_keeps_what_was_imported_and_adds_nothing(demo: LiveServer, http: httpx2.Client) -> None:
    http.post("/rest/raven/1.0/import/execution", json={"info": {"project": "DEMO"}, "tests": [{"testKey": "DEMO-6", "status": "FAIL"}]})
    before = count(http)
    demo.stop()
    told = demo.said.count("Importing the demonstration's history")
    demo.start()
    assert count(http) == before
    assert demo.said.count("Importing the demonstration's history") == told


def test_an_instance_that_is_no_demonstration_is_left_alone(tmp_path: Path) -> None:
    where = ["--data", str(tmp_path / "data")]
    done("project", "add", "CALC", *where)
    done("user", "add", "admin", "--password", "mine", "--admin", *where)
    ended = radiograph("demo", *where, "--port", "0")
    assert (ended.returncode, ended.stdout) == (1, "")
    line = f"Error: The instance in {tmp_path / 'data'} is not a demonstration: name an empty folder, or none for a temporary one.\n"
    assert ended.stderr == line
    assert done("token", "list", *where) == ""


def test_one_that_was_killed_while_it_was_filled_says_so(tmp_path: Path) -> None:
    args = ["demo", "--data", str(tmp_path / "data"), "--port", "0"]
    with subprocess.Popen([*CLI, *args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("Importing the demonstration's history" in line for line in process.stderr)
        process.kill()
    ended = radiograph(*args)
    assert ended.returncode == 1
    assert "is a demonstration that was not finished: name an empty folder" in ended.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_its_temporary_folder_is_gone_when_it_has_ended(tmp_path: Path, how: signal.Signals) -> None:
    environment = {"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    with subprocess.Popen(
        [*CLI, "demo", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stderr is not None
        assert "The database was empty" in process.stderr.readline()
        (folder,) = tmp_path.glob("radiograph-demo-*")
        assert folder.is_dir()
        process.send_signal(how)
        _, rest = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in rest) == (0, False), rest
    assert list(tmp_path.iterdir()) == []
