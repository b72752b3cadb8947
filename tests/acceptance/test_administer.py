# SPDX-License-Identifier: Apache-2.0
"""Administering an instance from the command line, beside its running server, which heeds it at once."""

from __future__ import annotations

import base64
import os
import pty
import re
import subprocess
from typing import TYPE_CHECKING

import httpx2
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from tests.acceptance.here import done, radiograph
from tests.acceptance.reports import IMPORT, client, imported, results
from tests.live import CLI, TOKEN, LiveServer

from radiograph.cli.app import radiograph as command_line
from radiograph.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MYSELF = "/rest/api/2/myself"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, list[str]]]:
    """A server, and the options that name its instance, on SQLite and on PostgreSQL in turn."""
    data = tmp_path_factory.mktemp("administer") / "data"
    database = [] if request.param == "sqlite" else ["--database", str(request.getfixturevalue("postgres_for_module"))]
    server = LiveServer(data, "serve", *database)
    where = ["--data", str(data), *database]
    done("project", "add", "CALC", "--name", "Calculator", *where)
    done("token", "add", "admin", "--name", "live", "--secret", TOKEN, *where)
    yield server, where
    server.stop()


@pytest.fixture
def server(running: tuple[LiveServer, list[str]]) -> LiveServer:
    """The server."""
    return running[0]


@pytest.fixture
def named(running: tuple[LiveServer, list[str]]) -> list[str]:
    """The options that name the instance."""
    return running[1]


def refused(*args: str) -> str:
    """The one line with which a command refuses."""
    ended = radiograph(*args)
    assert (ended.returncode, ended.stdout) == (1, "")
    line, *more = ended.stderr.splitlines()
    assert more == []
    return line.removeprefix("Error: ")


def wrong(*args: str) -> str:
    """What a command says that was called in a wrong way."""
    ended = radiograph(*args)
    assert (ended.returncode, ended.stdout) == (2, "")
    return ended.stderr.splitlines()[-1].removeprefix("Error: ")


# --- beside a running server --------------------------------------------------------------------
def test_a_project_is_there_at_once(server: LiveServer, named: list[str]) -> None:
    said = done("project", "add", "shop", "--name", "The shop", "--description", "Sells", *named)
    assert said.startswith("Added the project SHOP (id ")
    with client(server) as http:
        assert http.get("/rest/api/2/project/SHOP").json()["name"] == "The shop"
    assert "CALC\tCalculator\nSHOP\tThe shop\n" in done("project", "list", *named)


def test_a_person_can_sign_in_at_once_and_do_what_the_role_allows(server: LiveServer, named: list[str]) -> None:
    added = done("user", "add", "ana", "--password", "one", "--display-name", "Ana Lima", "--role", "CALC=viewer", *named)
    assert added == "Added ana.\n"
    with httpx2.Client(base_url=server.url, auth=("ana", "one"), timeout=60) as ana:
        assert ana.get(MYSELF).json()["displayName"] == "Ana Lima"
        assert ana.post(IMPORT, json=results(1)).status_code == 403
        assert done("user", "add", "ana", "--role", "calc=tester", *named) == "Changed ana.\n"
        assert ana.post(IMPORT, json=results(1)).status_code == 200
    assert "ana\tAna Lima\tuser\n" in done("user", "list", *named)
    assert "admin\tAdministrator\tadmin\n" in done("user", "list", *named)


def test_a_new_password_ends_every_session_at_once(server: LiveServer, named: list[str]) -> None:
    done("user", "add", "ben", "--password", "old", *named)
    with httpx2.Client(base_url=server.url, timeout=60) as browser:
        browser.post("/sign-in", data={"name": "ben", "password": "old"})
        assert browser.get(MYSELF).status_code == 200
        assert done("user", "password", "ben", "--password", "new", *named) == "Set the password of ben.\n"
        assert browser.get(MYSELF).status_code == 401
    codes = {given: httpx2.get(f"{server.url}{MYSELF}", auth=("ben", given)).status_code for given in ("old", "new")}
    assert codes == {"old": 401, "new": 200}


def test_a_token_works_at_once_and_stops_at_once_when_it_is_revoked(server: LiveServer, named: list[str]) -> None:
    token = done("token", "add", "admin", "--name", "ci", *named).strip()
    done("token", "add", "admin", "--name", "mine", "--secret", "a-secret-of-my-own", *named)
    listed = done("token", "list", *named)
    assert "admin\tci\t" in listed
    assert token not in listed
    assert "a-secret-of-my-own" not in listed
    for name, secret in (("ci", token), ("mine", "a-secret-of-my-own")):
        with client(server, token=secret) as http:
            assert http.get(MYSELF).status_code == 200
            assert done("token", "revoke", "admin", "--name", name, *named) == f"Revoked the token {name} of admin.\n"
            http.cookies.clear()
            assert http.get(MYSELF).status_code == 401
    assert "ci" not in done("token", "list", *named)


def test_a_token_never_allows_more_than_its_role(server: LiveServer, named: list[str]) -> None:
    token = done("token", "add", "admin", "--name", "reader", "--role", "viewer", *named).strip()
    with client(server, token=token) as http:
        assert http.get("/rest/api/2/project/CALC").status_code == 200
        assert http.post(IMPORT, json=results(1)).status_code == 403


def test_a_lapsed_licence_refuses_imports_at_once_with_the_vendors_words(server: LiveServer, named: list[str]) -> None:
    with client(server) as http:
        assert done("licence", "set", "lapsed", *named) == "The licence is lapsed.\n"
        answer = http.post(IMPORT, json=results(1))
        assert (answer.status_code, answer.json()["error"]) == (401, "The Xray license is not valid.")
        assert http.get(MYSELF).status_code == 200
        assert done("licence", "set", "active", *named) == "The licence is active.\n"
        assert http.post(IMPORT, json=results(1)).status_code == 200


def test_migrate_has_nothing_to_do_on_a_database_of_this_version(named: list[str]) -> None:
    assert done("migrate", *named) == f"The database has schema {tables.SCHEMA_VERSION}: nothing is left to do.\n"


# --- check --------------------------------------------------------------------------------------
def test_check_finds_nothing_wrong_with_a_sound_instance(server: LiveServer, named: list[str]) -> None:
    with client(server) as http:
        imported(http, with_evidence("sound"))
    ended = radiograph("check", "--deep", *named)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert all(line.startswith("ok ") for line in ended.stdout.splitlines()), ended.stdout


def test_check_finds_a_removed_and_a_changed_evidence_file_and_a_row_without_its_target(server: LiveServer, named: list[str]) -> None:
    with client(server) as http:
        imported(http, with_evidence("removed"))
        imported(http, with_evidence("changed"))
    with engine(named).begin() as conn:
        hashes = {row[0]: row[1] for row in conn.execute(sa.select(tables.run_evidence.c.filename, tables.run_evidence.c.sha256))}
        number = conn.execute(sa.select(sa.func.max(tables.run_evidence.c.id))).scalar_one()
    removed, changed = (server.data / "evidence" / h[:2] / h[2:4] / h for h in (hashes["removed.txt"], hashes["changed.txt"]))
    removed.rename(removed.with_suffix(".aside"))
    assert "1 of them are missing or damaged" in only_bad(named)
    changed.write_bytes(b"something else")
    assert "2 of them are missing or damaged" in only_bad(named, "--deep")
    removed.with_suffix(".aside").rename(removed)
    changed.write_bytes(b"changed")
    evidence = sa.update(tables.run_evidence).where(tables.run_evidence.c.id == number)
    with engine(named).begin() as conn:
        kept = conn.execute(sa.select(tables.run_evidence.c.run_id).where(tables.run_evidence.c.id == number)).scalar_one()
        conn.execute(evidence.values(run_id=999_999))
    assert f"run_evidence.run_id has no target, for example in rows [{number}]" in only_bad(named, "--deep")
    with engine(named).begin() as conn:
        conn.execute(evidence.values(run_id=kept))
    assert done("check", "--deep", *named)


def with_evidence(name: str) -> dict[str, object]:
    """A report whose evidence has this content."""
    report = results(1, mark=name)
    report["tests"][0]["evidence"] = [{"data": base64.b64encode(name.encode()).decode(), "filename": f"{name}.txt"}]
    return report


def engine(named: list[str]) -> sa.Engine:
    """The instance's database."""
    url = named[3] if named[3:] else f"sqlite:///{named[1]}/radiograph.db"
    return sa.create_engine(url, poolclass=sa.NullPool)


def only_bad(named: list[str], *more: str) -> str:
    """The one thing that `check` finds wrong, which says how it is mended."""
    ended = radiograph("check", *named, *more)
    assert (ended.returncode, ended.stderr) == (1, "")
    lines = ended.stdout.splitlines()
    (bad,) = [i for i, line in enumerate(lines) if line.startswith("BAD ")]
    assert "to mend: " in lines[bad + 1]
    return lines[bad].removeprefix("BAD ")


# --- what can be wrong --------------------------------------------------------------------------
def test_what_is_not_there_or_is_there_already_is_refused_in_one_line(named: list[str]) -> None:
    assert refused("project", "add", "calc", *named) == "There is a project CALC already."
    assert refused("project", "add", "1", *named).startswith("'1' can't be a project key: use 2 to 64 capitals")
    assert refused("user", "add", " ", "--password", "x", *named) == "A user needs a name without spaces around it."
    assert refused("user", "add", "eve", "--password", "x", "--role", "NONE=lead", *named).startswith(
        "No project could be found with key 'NONE'"
    )
    assert refused("user", "password", "nobody", "--password", "x", *named) == "There is no user nobody."
    assert refused("token", "add", "nobody", "--name", "ci", *named) == "There is no user nobody."
    assert refused("token", "revoke", "admin", "--name", "none", *named) == "admin has no token named none."
    assert "eve" not in done("user", "list", *named)


def test_a_secret_that_another_token_has_is_refused_in_one_line(named: list[str]) -> None:
    done("token", "add", "admin", "--name", "first", "--secret", "the-same-for-two", *named)
    text = refused("token", "add", "admin", "--name", "second", "--secret", "the-same-for-two", *named)
    assert text == "Another token has this secret already; choose another."
    done("token", "add", "admin", "--name", "first", "--secret", "the-same-for-two", *named)


def test_a_command_called_in_a_wrong_way_says_how_it_is_called(tmp_path: Path) -> None:
    where = ["--data", str(tmp_path)]
    assert "give PROJECT=ROLE with one of the roles viewer, tester, lead, admin" in wrong("user", "add", "x", "--role", "CALC=boss", *where)
    assert "give PROJECT=ROLE" in wrong("user", "add", "x", "--password", "x", "--role", "CALC", *where)
    assert "'unpaid' is not one of 'active', 'lapsed'" in wrong("licence", "set", "unpaid", *where)
    assert "Missing option '--name'" in wrong("token", "add", "admin", *where)
    assert "No such command 'usr'" in wrong("usr")


@pytest.mark.parametrize("command", ["check", "migrate", "user list", "project list", "token list", "licence set active"])
def test_a_mistyped_folder_does_not_become_an_instance(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "mistyped"
    text = refused(*command.split(), "--data", str(folder))
    assert text == f"There is no instance in {folder}: name its folder with --data (`radiograph serve` makes a new one)."
    assert not folder.exists()


def test_every_command_explains_itself_and_its_options() -> None:
    for command in ("serve", "demo", "import", "project add", "project list", "user add", "user password", "user list", "token add",
                    "token revoke", "token list", "licence set", "migrate", "check"):  # fmt: skip
        text = explained(*command.split())
        options = text.partition("Options:")[2]
        assert options.count("\n  -") >= 2, command
        assert not re.search(r"^ +--\S+( [A-Z]+)?$", options.partition("-h, --help")[0], re.MULTILINE), text  # an option without a word
    for group in ((), ("project",), ("user",), ("token",), ("licence",)):
        assert not re.search(r"\.\.\.$", explained(*group).partition("Commands:")[2], re.MULTILINE), group  # a sentence that is cut off


def explained(*command: str) -> str:
    """What a command says of itself on a wide terminal."""
    ended = CliRunner().invoke(command_line, [*command, "--help"], terminal_width=78, max_content_width=78)
    assert ended.exit_code == 0
    return ended.output


# --- passwords ----------------------------------------------------------------------------------
def test_without_a_terminal_a_missing_password_says_so(tmp_path: Path) -> None:
    where = ["--data", str(tmp_path)]
    assert wrong("user", "add", "ana", *where) == "Give the password by --password or RADIOGRAPH_PASSWORD: there is no terminal to ask at."
    assert radiograph("user", "add", "ana", *where, RADIOGRAPH_PASSWORD="from-outside").stdout == "Added ana.\n"


def test_a_terminal_is_asked_for_the_password_twice_and_does_not_show_it(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*CLI, "user", "add", "ana", "--data", str(tmp_path / "data")], stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        screen = b""
        for question in (b"Password: ", b"Repeat for confirmation: "):
            while not screen.endswith(question):
                screen += os.read(ours, 1024)
            os.write(ours, b"typed-by-hand\n")
        while b"Added ana." not in screen:
            screen += os.read(ours, 1024)
        assert process.wait(timeout=60) == 0
    os.close(ours)
    assert b"typed-by-hand" not in screen


def test_an_import_is_taken_back_beside_the_server(server: LiveServer, named: list[str]) -> None:
    with client(server) as http:
        key = http.post(IMPORT, json=results(7)).json()["testExecIssue"]["key"]
        number = http.get("/imports").text.partition('<a class="key" href="/imports/')[2].partition('"')[0]
        assert f"execution {key}\tremoved\n" in done("undo-import", number, "--preview", *named)
        assert http.get(f"/rest/api/2/issue/{key}").status_code == 200
        assert "runs removed\t" in done("undo-import", number, *named)
        assert http.get(f"/rest/api/2/issue/{key}").status_code == 404
    assert "already" in refused("undo-import", number, *named) or "deleted" in refused("undo-import", number, *named)


def test_nothing_goes_where_no_rule_says_so(named: list[str]) -> None:
    assert done("retain", "--preview", *named) == ""
    assert done("retain", "--project", "CALC", *named) == ""
    assert "NOPE" in refused("retain", "--project", "NOPE", *named)
