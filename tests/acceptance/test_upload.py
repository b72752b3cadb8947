# SPDX-License-Identifier: Apache-2.0
"""`radiograph import` in a CI job: what it says, its exit codes, and what it does when the server is away."""

from __future__ import annotations

import base64
import json
import os
import pty
import re
import signal
import subprocess
import threading
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.conftest import furnish
from tests.acceptance.reports import client, executions, imported, results, statuses
from tests.acceptance.strangers import Forgetful, Stranger
from tests.live import CLI, TOKEN, LiveServer, done, free_port, radiograph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx2
    from tests.acceptance.conftest import Serve


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with the project CALC that the tests of this module share."""
    live = LiveServer(tmp_path_factory.mktemp("upload") / "data")
    furnish(["--data", str(live.data)])
    yield live
    live.stop()


@pytest.fixture
def http(server: LiveServer) -> Iterator[httpx2.Client]:
    """A client of that server."""
    with client(server) as made:
        yield made


def send(url: str, *args: Any, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    """Run `radiograph import`; the token is never in what it says."""
    ended = radiograph("import", *map(str, args), RADIOGRAPH_URL=url, RADIOGRAPH_TOKEN=token)
    assert token not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def write(folder: Path, report: Any, name: str = "report.json") -> Path:
    """A report as a file."""
    file = folder / name
    file.write_text(report if isinstance(report, str) else json.dumps(report))
    return file


# --- what it says -------------------------------------------------------------------------------
def test_a_good_report_is_0_and_says_where_it_went(server: LiveServer, http: httpx2.Client, tmp_path: Path) -> None:
    file = write(tmp_path, results(3))
    ended = send(server.url, file)
    first, counts, address = ended.stdout.splitlines()
    key = first.split()[-1]
    assert (ended.returncode, ended.stderr) == (0, "")
    assert first == f"{file}: 3 results imported into {key}"
    assert counts == f"{key}: 3 PASS"
    assert address.strip() == f"{server.url}/browse/{key}"
    assert http.get(address.strip()).status_code == 200
    assert statuses(http, key) == ["PASS"] * 3


def test_refused_results_are_1_each_with_its_reason_and_the_others_are_imported(
    server: LiveServer,
    http: httpx2.Client,
    tmp_path: Path,
) -> None:
    report = results(2, mark="partly")
    report["tests"] += [{"testKey": f"CALC-{90_000 + i}", "status": "PASS"} for i in range(25)] + [{"status": "PASS"}]
    report["tests"][0] |= {"start": "yesterday"}
    ended = send(server.url, write(tmp_path, report))
    assert ended.returncode == 1
    assert ", 26 refused" in ended.stdout
    lines = [line.strip() for line in ended.stderr.splitlines()]
    assert lines[0].startswith("refused CALC-90000: $.tests[2].testKey: ")
    assert "and 6 more" in lines
    assert any(line.startswith("warning CALC-") and "yesterday" in line for line in lines), lines
    assert statuses(http, ended.stdout.splitlines()[-1].rpartition("/")[2]) == ["PASS"] * 2


def test_it_imports_into_a_named_execution_and_a_named_project(server: LiveServer, http: httpx2.Client, tmp_path: Path) -> None:
    key = imported(http, results(1, mark="named"))
    into = write(tmp_path, {"tests": results(1, mark="other")["tests"]})
    assert f"imported into {key}\n" in send(server.url, "--execution", key, into).stdout
    assert statuses(http, key) == ["PASS"] * 2
    before = executions(http)
    assert send(server.url, "--project", "CALC", into).returncode == 0
    assert executions(http) == before + 1


def test_a_dry_run_stores_nothing_and_says_what_would_be(server: LiveServer, http: httpx2.Client, tmp_path: Path) -> None:
    before = executions(http)
    ended = send(server.url, "--dry-run", file := write(tmp_path, results(2, mark="dry")))
    assert ended.returncode == 0
    assert re.fullmatch(rf"{file}: 2 results would be imported into a new Test Execution \(a dry run: nothing was stored\)\n", ended.stdout)
    assert executions(http) == before


def test_an_unknown_status_everywhere_is_3_and_names_each_place(server: LiveServer, tmp_path: Path) -> None:
    ended = send(server.url, write(tmp_path, results(2, status="GREEN")))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "refused with 400" in ended.stderr
    assert "$.tests[1].status" in ended.stderr


def test_several_reports_are_all_tried_into_one_execution_and_the_worst_code_is_returned(
    server: LiveServer, http: httpx2.Client, tmp_path: Path
) -> None:
    good = results(1, mark="several")
    partly = results(1, mark="partly")
    partly["tests"].append({"testKey": "CALC-90000", "status": "PASS"})
    files = [write(tmp_path, text, f"{i}.json") for i, text in enumerate(['{"tests": [', good, partly])]
    before = executions(http)
    ended = send(server.url, *files)
    assert ended.returncode == 3
    counts, execution, address = ended.stdout.splitlines()[-3:]
    assert counts == "3 files: 1 imported, 1 imported in part, 1 not imported"
    assert execution == f"{address.rpartition('/')[2]}: 2 PASS"
    assert executions(http) == before + 1
    assert send(server.url, "--separate", *files[1:]).returncode == 1
    assert executions(http) == before + 3


def test_folders_patterns_and_zips_mean_the_reports_in_them(server: LiveServer, tmp_path: Path) -> None:
    (tmp_path / "build" / "deep").mkdir(parents=True)
    write(tmp_path / "build", results(1, mark="one"), "one.json")
    write(tmp_path / "build" / "deep", results(1, mark="two"), "two.json")
    write(tmp_path / "build", "hello", "notes.txt")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("three.json", json.dumps(results(1, mark="three")))
        archive.writestr("shot.png", b"png")
    for wanted in (tmp_path / "build", f"{tmp_path}/build/**/*.json", f"{tmp_path}/build/**/*"):
        ended = send(server.url, wanted)
        assert (ended.returncode, ended.stdout.splitlines()[-3:-1][0]) == (0, "2 files: 2 imported"), ended.stderr
    ended = send(server.url, tmp_path / "all.zip")
    assert ended.returncode == 0
    assert "shot.png: no report of a known format, and left out" in ended.stderr
    (tmp_path / "empty").mkdir()
    ended = send(server.url, tmp_path / "empty")
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "there is no report here; did the tests write one?" in ended.stderr


def test_what_comes_while_the_tests_run_is_sent_as_it_comes(server: LiveServer, http: httpx2.Client, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    environment = os.environ | {"RADIOGRAPH_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"}
    command = [*CLI, "import", str(folder), "--watch", "--url", server.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        folder.mkdir()
        write(folder, results(2, mark="early"), "early.json")
        first = process.stdout.readline()
        assert "2 results imported into CALC-" in first
        assert statuses(http, first.split()[-1]) == ["PASS"] * 2
        write(folder, results(1, mark="late"), "late.json")
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"late.json: 1 result imported into {first.split()[-1]}" in said
    assert "2 files: 2 imported" in said


# --- the command line ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("args", "env", "problem"),
    [
        ([], {}, "Missing argument 'FILE...'"),
        (["nowhere.json"], {}, "File 'nowhere.json' does not exist"),
        (["{file}", "--format", "junid"], {}, "'junid' is none of auto, "),
        (["{file}"], {"RADIOGRAPH_URL": ""}, "Missing option '--url' (env var: 'RADIOGRAPH_URL')"),
        (["{file}"], {"RADIOGRAPH_TOKEN": ""}, "Missing option '--token' (env var: 'RADIOGRAPH_TOKEN')"),
        (["{file}", "--url", "radiograph.example.org"], {}, "give an address such as https://radiograph.example.org"),
        (["{file}", "--url", "http://127.0.0.1:port"], {}, "give an address such as https://radiograph.example.org"),
        (["{file}"], {"RADIOGRAPH_TOKEN": "hid\nden"}, "this can't be a token"),
    ],
)
def test_a_wrong_command_line_is_2_and_says_what_is_missing(tmp_path: Path, args: list[str], env: dict[str, str], problem: str) -> None:
    file = str(write(tmp_path, results(1)))
    ended = radiograph("import", *(a.format(file=file) for a in args), **{"RADIOGRAPH_URL": "http://x", "RADIOGRAPH_TOKEN": "t"} | env)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert problem in " ".join(ended.stderr.split())
    assert "hid" not in ended.stderr


# --- refusals -----------------------------------------------------------------------------------
def test_a_wrong_token_is_3_and_says_how_to_get_a_right_one(server: LiveServer, tmp_path: Path) -> None:
    ended = send(server.url, write(tmp_path, results(1)), token="wrong-token")
    assert ended.returncode == 3
    assert "refused with 401: You are not signed in, or the name, password or token is wrong." in ended.stderr
    assert "`radiograph token add" in ended.stderr


def test_a_token_that_may_only_read_is_3_and_says_which_role_is_needed(server: LiveServer, tmp_path: Path) -> None:
    done("token", "add", "admin", "--name", "reader", "--secret", "reader-token", "--role", "viewer", "--data", str(server.data))
    ended = send(server.url, write(tmp_path, results(1)), token="reader-token")
    assert ended.returncode == 3
    assert "refused with 403" in ended.stderr
    assert "needs the role tester" in ended.stderr


def test_a_lapsed_licence_is_3_with_the_vendors_words(server: LiveServer, tmp_path: Path) -> None:
    file = write(tmp_path, results(1))
    done("licence", "set", "lapsed", "--data", str(server.data))
    ended = send(server.url, file)
    done("licence", "set", "active", "--data", str(server.data))
    assert ended.returncode == 3
    assert "refused with 401: The Xray license is not valid." in ended.stderr
    assert "`radiograph licence set active`" in ended.stderr
    assert send(server.url, file).returncode == 0


def test_a_wrong_path_is_3_and_asks_for_the_address(server: LiveServer, tmp_path: Path) -> None:
    ended = send(f"{server.url}/elsewhere", write(tmp_path, results(1)))
    assert ended.returncode == 3
    assert "refused with 404" in ended.stderr
    assert "Is --url the server's address" in ended.stderr


def test_under_a_base_path_a_report_that_is_too_large_is_3_and_a_small_one_goes_in(serve: Serve, tmp_path: Path) -> None:
    server = serve("--base-path", "/jira", env={"RADIOGRAPH_MAX_BODY": "400"})
    furnish(["--data", str(server.data)])
    ended = send(f"{server.url}/jira/", write(tmp_path, results(50)))
    assert ended.returncode == 3
    assert "refused with 413: The request body is larger than the limit of 400 bytes." in ended.stderr
    assert "raise the server's setting max_body" in ended.stderr
    for url in (f"{server.url}/jira", f"{server.url}/jira/rest/raven/1.0/import/execution"):
        good = send(url, write(tmp_path, results(1)))
        assert (good.returncode, f"{server.url}/jira/browse/CALC-" in good.stdout) == (0, True), good.stderr


# --- a server that is away, or another one ------------------------------------------------------
def test_a_server_that_is_down_is_3_and_says_how_long_it_was_tried(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    ended = send(url.replace("//", "//ana:hidden@"), "--wait", "1.5", file := write(tmp_path, results(1)))
    assert (ended.returncode, ended.stdout) == (3, "")
    again, end = ended.stderr.splitlines()
    assert again.startswith(f"{file}: could not reach {url}: ")
    assert again.endswith("trying again in 1 s ...")
    assert end.endswith("gave up after 1.5 s. Does the server run, and is --url right?")


def test_a_report_sent_while_the_server_restarts_makes_one_execution(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    furnish(["--data", str(server.data)])
    server.stop()
    args = [*CLI, "import", str(write(tmp_path, results(1))), "--url", server.url]
    with subprocess.Popen(
        args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"RADIOGRAPH_TOKEN": TOKEN}
    ) as process:
        assert process.stderr is not None
        assert "trying again" in process.stderr.readline()
        server.start()
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, "1 result imported into CALC-" in said) == (0, True)
    with client(server) as http:
        assert executions(http) == 1


def test_a_report_whose_answer_got_lost_is_sent_again_and_makes_one_execution(
    server: LiveServer,
    http: httpx2.Client,
    tmp_path: Path,
) -> None:
    before = executions(http)
    with Forgetful(server.port) as proxy:
        ended = send(proxy.url, write(tmp_path, results(2, mark="lost")))
    assert ended.returncode == 0
    assert "trying again" in ended.stderr
    assert "It had arrived at an earlier try already; nothing was imported twice." in ended.stderr
    assert executions(http) == before + 1


@pytest.mark.parametrize(
    ("status", "headers", "content", "problem"),
    [
        (
            200,
            {"Content-Type": "text/html"},
            b"<!DOCTYPE html><title>Sign in</title>",
            "text/html, beginning '<!DOCTYPE html><title>Sign in",
        ),
        (200, {"Content-Type": "application/json"}, b'{"ok": true}', "this is not the answer of a Radiograph: application/json"),
        (200, {}, b"", "an empty answer. Is --url right, or does a proxy want a sign-in?"),
        (302, {"Location": "https://login.example.com/"}, b"", "sends us on to https://login.example.com/"),
        (403, {"Content-Type": "text/html"}, b"<h1>Forbidden</h1>", "refused it with 403 Forbidden, and not in Radiograph's words"),
    ],
)
def test_an_answer_that_is_not_radiographs_is_3_and_shows_how_it_begins(
    tmp_path: Path,
    status: int,
    headers: dict[str, str],
    content: bytes,
    problem: str,
) -> None:
    with Stranger((status, headers, content)) as other:
        ended = send(other.url, write(tmp_path, results(1)))
    assert (ended.returncode, ended.stdout) == (3, "")
    assert problem in ended.stderr


def test_a_server_that_says_wait_is_asked_again_and_its_last_word_is_told(tmp_path: Path) -> None:
    busy = (503, {"Content-Type": "application/json", "Retry-After": "1"}, b'{"error": "The database is away."}')
    with Stranger(busy) as other:
        ended = send(other.url, "--wait", "1.8", write(tmp_path, results(1)))
        assert other.asked == 2
    assert ended.returncode == 3
    assert "answers 503 Service Unavailable; trying again in 1 s" in ended.stderr
    assert "refused with 503: The database is away." in ended.stderr


# --- long work ----------------------------------------------------------------------------------
def test_a_terminal_sees_how_far_a_big_report_is_and_a_log_does_not(server: LiveServer, tmp_path: Path) -> None:
    report = results(1, mark="big")
    report["tests"][0]["evidence"] = [{"data": base64.b64encode(os.urandom(7 << 20)).decode(), "filename": "core"}]
    file = write(tmp_path, report)
    screen = at_a_terminal("import", str(file), "--url", server.url, "--token", TOKEN)
    assert "Sending report.json" in screen
    assert "100%" in screen
    assert "waiting for the server" in screen
    assert "1 result imported into CALC-" in screen
    ended = send(server.url, file)
    assert (ended.returncode, ended.stderr) == (0, "")


def at_a_terminal(*args: str) -> str:
    """Run a command to its end at a terminal; what is on the screen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*CLI, *args], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen: list[bytes] = []

    def read() -> None:
        try:
            while piece := os.read(ours, 4096):
                screen.append(piece)
        except OSError:  # how Linux says that the other end is closed
            return

    reader = threading.Thread(target=read)
    reader.start()
    assert process.wait(timeout=120) == 0, b"".join(screen)
    reader.join()
    os.close(ours)
    return b"".join(screen).decode()
