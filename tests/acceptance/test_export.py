# SPDX-License-Identifier: Apache-2.0
"""`radiograph export`: what it writes, what it says, its exit codes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from tests.acceptance.conftest import furnish
from tests.acceptance.reports import results
from tests.acceptance.strangers import Stranger
from tests.live import TOKEN, LiveServer, radiograph

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    live = LiveServer(tmp_path_factory.mktemp("export") / "data")
    furnish(["--data", str(live.data)])
    yield live
    live.stop()


@pytest.fixture(scope="module")
def key(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("report") / "report.json"
    file.write_text(json.dumps(results(3)))
    ended = radiograph("import", str(file), RADIOGRAPH_URL=server.url, RADIOGRAPH_TOKEN=TOKEN)
    return ended.stdout.splitlines()[0].split()[-1]


def fetch(url: str, *args: Any, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    ended = radiograph("export", *map(str, args), RADIOGRAPH_URL=url, RADIOGRAPH_TOKEN=token)
    assert token not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def test_an_execution_is_written_and_can_be_imported_again(server: LiveServer, key: str, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("what was there before")
    ended = fetch(server.url, key.lower(), "--output", file)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", f"{file}: {file.stat().st_size:,} bytes\n")
    assert len(json.loads(file.read_text())["tests"]) == 3
    again = radiograph("import", str(file), RADIOGRAPH_URL=server.url, RADIOGRAPH_TOKEN=TOKEN)
    assert (again.returncode, again.stdout.partition(" into ")[0]) == (0, f"{file}: 3 results imported")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["junit", "ctrf", "csv"])
def test_other_formats_go_to_the_standard_output(server: LiveServer, key: str, name: str) -> None:
    ended = fetch(server.url, key, "--format", name, "--output", "-", "--no-evidence")
    assert (ended.returncode, ended.stderr) == (0, "")
    if name == "junit":
        assert ET.fromstring(ended.stdout).get("tests") == "3"  # noqa: S314  (our own)
    elif name == "ctrf":
        assert json.loads(ended.stdout)["results"]["summary"]["tests"] == 3
    else:
        assert len(ended.stdout.splitlines()) == 4


def test_what_can_not_be_had_is_3_and_leaves_what_was_there(server: LiveServer, key: str, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("before")
    missing = fetch(server.url, "CALC-99999", "--output", file)
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr.startswith("CALC-99999: refused with 404: ")
    assert "refused with 401" in fetch(server.url, key, "--output", file, token="rg_wrong").stderr
    nowhere = fetch(server.url, key, "--output", tmp_path / "no" / "such" / "folder.json")
    assert (nowhere.returncode, "can't be written" in nowhere.stderr) == (3, True)
    assert file.read_text() == "before"


def test_a_wrong_command_line_is_2(server: LiveServer, key: str) -> None:
    assert fetch(server.url, "../../admin").returncode == 2
    assert fetch("ftp://example.org", key).returncode == 2
    assert fetch(server.url, key, "--format", "pdf").returncode == 2


def test_another_server_is_3(key: str, tmp_path: Path) -> None:
    with Stranger((200, {"Content-Type": "text/html"}, b"<html>hello</html>")) as stranger:
        ended = fetch(stranger.url, key, "--output", tmp_path / "x.json")
    assert (ended.returncode, list(tmp_path.iterdir())) == (3, [])
    assert "not the answer of a Radiograph" in ended.stderr
