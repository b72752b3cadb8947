# SPDX-License-Identifier: Apache-2.0
"""`radiograph serve` as an operator meets it: the first start, its addresses, several processes, its end, and what can be wrong."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import httpx2
import pytest
import sqlalchemy as sa
from tests.acceptance.conftest import furnish
from tests.acceptance.reports import IMPORT, client, imported, results, statuses
from tests.live import CLI, TOKEN, LiveServer, done, free_port, radiograph

from radiograph.store import tables

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Serve

MADE = re.compile(r"Made the administrator admin with the password (\S+) \(it is not shown again\)\.")


def refused(*args: str, **env: str) -> str:
    """The one line with which `serve` refuses to start."""
    ended = radiograph("serve", "--port", str(free_port()), *args, **env)
    assert (ended.returncode, ended.stdout) == (1, "")
    line, *more = ended.stderr.splitlines()
    assert more == []
    return line.removeprefix("Error: ")


# --- the first start ----------------------------------------------------------------------------
def test_the_first_start_makes_an_administrator_and_shows_the_password_once(serve: Serve) -> None:
    server = serve(env={"RADIOGRAPH_ADMIN_PASSWORD": ""})
    (password,) = MADE.findall(server.said)
    answer = httpx2.get(f"{server.url}/rest/api/2/myself", auth=("admin", password))
    assert (answer.status_code, answer.json()["name"]) == (200, "admin")
    server.stop()
    server.start()
    assert len(MADE.findall(server.said)) == 1
    assert httpx2.get(f"{server.url}/rest/api/2/myself", auth=("admin", password)).status_code == 200


def test_the_password_may_be_given_and_is_then_not_shown(serve: Serve) -> None:
    server = serve(env={"RADIOGRAPH_ADMIN_PASSWORD": "chosen-by-the-operator"})
    assert httpx2.get(f"{server.url}/rest/api/2/myself", auth=("admin", "chosen-by-the-operator")).status_code == 200
    server.stop()
    assert "chosen-by-the-operator" not in server.said
    assert "Made the administrator" not in server.said


def test_it_says_where_it_is_and_whether_it_is_well(serve: Serve) -> None:
    server = serve()
    assert f"Radiograph is at {server.url}\n" in server.said
    assert httpx2.get(f"{server.url}/health/live").json() == {"status": "live"}
    assert httpx2.get(f"{server.url}/health/ready").json() == {"status": "ready"}


def test_port_0_is_any_free_port_and_the_address_tells_which(tmp_path: Path) -> None:
    command = [*CLI, "serve", "--data", str(tmp_path / "data"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if line.startswith("Radiograph is at "))
        assert httpx2.get(f"{said.split()[-1]}/health/ready").status_code == 200
        process.terminate()
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("given", ["/jira", "jira/"])
def test_under_a_base_path_everything_is_there_and_links_to_itself(serve: Serve, given: str) -> None:
    server = serve("--base-path", given)
    furnish(["--data", str(server.data)])
    assert f"Radiograph is at {server.url}/jira\n" in server.said
    with client(server, base="/jira") as http:
        answer = http.post(IMPORT, json=results(2))
        assert answer.json()["testExecIssue"]["self"].startswith(f"{server.url}/jira/rest/api/2/issue/")
        assert http.get(answer.json()["testExecIssue"]["self"]).status_code == 200
        assert "; Path=/jira;" in answer.headers["set-cookie"]
        page = http.get(f"/browse/{answer.json()['testExecIssue']['key']}")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        links, forms = (re.findall(rf'(?:{kind})="(/[^"]*)"', page.text) for kind in ("href|src", "action"))
        assert links
        assert all(link.startswith("/jira/") for link in (*links, *forms)), (links, forms)

        def statuses(places: list[str]) -> set[int]:
            return {httpx2.get(f"{server.url}{it}", headers=http.headers, follow_redirects=True).status_code for it in places}

        assert statuses(links) == {200}
        assert 404 not in statuses(forms)
    outside = httpx2.get(f"{server.url}{IMPORT}")
    assert outside.status_code == 404


# --- several processes --------------------------------------------------------------------------
def test_several_processes_take_imports_into_one_execution_at_once(serve: Serve, where: list[str]) -> None:
    server = serve("--workers", "2", *where[2:])
    furnish(where)
    with client(server) as http:
        key = imported(http, results(1, mark="first"))

        def add(number: int) -> int:
            with client(server) as own:
                return own.post(IMPORT, json=results(5, execution=key, mark=f"m{number}")).status_code

        with ThreadPoolExecutor(6) as threads:
            assert set(threads.map(add, range(12))) == {200}
        assert statuses(http, key) == ["PASS"] * 61
    assert server.stop() == 0
    assert done("check", "--deep", *where)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_finishes_what_is_under_way(serve: Serve, where: list[str], workers: str, how: signal.Signals) -> None:
    server = serve("--workers", workers)
    furnish(where)
    body = json.dumps(results(3)).encode()
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.putrequest("POST", IMPORT)
        connection.putheader("Authorization", f"Bearer {TOKEN}")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body[:10])
        time.sleep(0.5)
        server.process.send_signal(how)
        wait_until_closed(server)
        connection.send(body[10:])
        answer = connection.getresponse()
        assert (answer.status, json.load(answer)["testIssues"]["error"]) == (200, [])
    assert server.process.wait(timeout=60) == 0
    assert "Traceback" not in server.said


def wait_until_closed(server: LiveServer) -> None:
    """Wait until it takes no connection any more."""
    for _ in range(600):
        with closing(socket.socket()) as sock:
            if sock.connect_ex(("127.0.0.1", server.port)) != 0:
                return
        time.sleep(0.05)
    raise AssertionError(server.said)


# --- what can be wrong --------------------------------------------------------------------------
def test_a_port_in_use_is_one_line_and_leaves_no_trace(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        text = refused("--data", str(tmp_path / "data"), "--port", str(port))
    assert text.startswith(f"Can't listen at 127.0.0.1 port {port}: address already in use.")
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "data"
    assert refused("--data", str(folder)) == f"The data folder {folder} can't be used: not a directory."


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "radiograph.db").write_text("This is a letter and not a database. " * 100)
    assert refused("--data", str(tmp_path)) == "The database can't be used: file is not a database"


def test_a_database_that_cannot_be_reached_is_one_line_without_the_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://ana:hidden@127.0.0.1:{free_port()}/radiograph"
    text = refused("--data", str(tmp_path), "--database", url)
    assert text.startswith("The database can't be used: connection ")
    assert "refused" in text
    assert "hidden" not in text


@pytest.mark.parametrize("url", ["ana:hidden@nowhere", "mysql://ana:hidden@localhost/radiograph", "nonsense+x://ana:hidden@localhost/r"])
def test_a_database_url_that_means_nothing_is_one_line_without_the_password(tmp_path: Path, url: str) -> None:
    text = refused("--data", str(tmp_path), "--database", url)
    assert "give one such as postgresql+psycopg://" in text
    assert "hidden" not in text


def stamp(where: list[str], **values: int) -> None:
    """Write other schema numbers into the database."""
    url = where[3] if where[3:] else f"sqlite:///{where[1]}/radiograph.db"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as conn:
        for name, value in values.items():
            conn.execute(sa.update(tables.settings).where(tables.settings.c.name == name).values(value=str(value)))


def test_a_database_of_a_newer_radiograph_is_one_line(where: list[str]) -> None:
    done("project", "add", "CALC", *where)
    stamp(where, schema_version=999, compatible_from=998)
    text = refused(*where)
    assert text.startswith("The database has schema 999, made by a newer Radiograph.")
    assert "install a newer Radiograph" in text


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_an_older_postgresql_database_is_one_line_that_names_the_command(where: list[str]) -> None:
    done("project", "add", "CALC", *where)
    stamp(where, schema_version=-1)
    text = refused(*where)
    assert "older than this Radiograph's" in text
    assert "`radiograph serve --migrate`" in text


@pytest.mark.parametrize(
    ("command", "name", "value", "problem"),
    [
        ("serve", "RADIOGRAPH_MAX_BODY", "lots", "give a whole number above 0"),
        ("demo", "RADIOGRAPH_MAX_EVIDENCE", "-1", "give a whole number above 0"),
        ("check", "RADIOGRAPH_UNKNOWN_STATUS_IS_TODO", "perhaps", "give true or false"),
    ],
)
def test_a_wrong_setting_of_the_environment_is_a_usage_error_that_names_it(
    tmp_path: Path, command: str, name: str, value: str, problem: str
) -> None:
    ended = radiograph(command, "--data", str(tmp_path / "data"), **{name: value})
    assert (ended.returncode, ended.stderr) == (2, f"Error: {name} can't be {value!r}: {problem}\n")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("max_body = 'lots'", "max_body in {file} can't be 'lots': give a whole number above 0"),
        ("unknown_status_is_todo = 1", "unknown_status_is_todo in {file} can't be 1: give true or false"),
        ("public_url = 8", "public_url in {file} can't be 8: give a text"),
        ("max_boddy = 1", "There is no setting max_boddy in {file}; the settings are data, database, "),
        ("max_body =", "{file} can't be read: Invalid value"),
    ],
)
def test_a_wrong_line_of_the_settings_file_is_a_usage_error_that_names_it(tmp_path: Path, line: str, problem: str) -> None:
    file = tmp_path / "radiograph.toml"
    file.write_text(line)
    ended = radiograph("serve", "--data", str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Error: {problem.format(file=file)}")
    assert len(ended.stderr.splitlines()) == 1


def test_the_settings_file_is_heeded_and_the_environment_is_stronger(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "radiograph.toml").write_text('base_path = "/file"\nmax_body = 300\n')
    server = serve(env={"RADIOGRAPH_BASE_PATH": "/environment"})
    furnish(["--data", str(server.data)])
    with client(server, base="/environment") as http:
        answer = http.post(IMPORT, json=results(50))
    assert (answer.status_code, answer.json()["error"]) == (413, "The request body is larger than the limit of 300 bytes.")


# --- the log ------------------------------------------------------------------------------------
def test_no_secret_is_in_the_log_whatever_goes_wrong(serve: Serve) -> None:
    server = serve(env={"RADIOGRAPH_ADMIN_PASSWORD": "first-secret"})
    furnish(["--data", str(server.data)])
    for given in ("first-secret", "wrong-secret"):
        httpx2.get(f"{server.url}/rest/api/2/myself", auth=("admin", given))
        httpx2.post(f"{server.url}/sign-in", data={"name": "admin", "password": given})
    for token in (TOKEN, "wrong-token"):
        httpx2.get(f"{server.url}/rest/api/2/myself?token={token}", headers={"Authorization": f"Bearer {token}"})
    with closing(sqlite3.connect(server.data / "radiograph.db")) as db:
        db.execute("ALTER TABLE sessions RENAME TO lost")
    broken = httpx2.post(f"{server.url}/sign-in", data={"name": "admin", "password": "first-secret"})
    assert broken.status_code == 500
    server.stop()
    assert f"error_id={broken.headers['x-error-id']}" in server.said
    assert "no such table: sessions" in server.said
    assert not re.search(rf"-secret|{TOKEN}|wrong-token|[0-9a-f]{{64}}|argon2id\$", server.said)
