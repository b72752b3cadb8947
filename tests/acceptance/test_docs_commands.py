# SPDX-License-Identifier: Apache-2.0
"""The commands in the documents are run as they stand there, against a real server, and print what is said."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.documents import ROOT, Run, documents, matches, runs
from tests.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "http://localhost:8080"
END = "--- end of a block ---"
PAGES = [
    pytest.param(server, list(blocks), id=f"{path.relative_to(ROOT)}-{server}")
    for path in documents()
    for server, blocks in groupby(runs(path), lambda run: run.server)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the reader is, with `radiograph` and `python3` of this environment on the path."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "radiograph").write_text(f'#!/bin/sh\nexec {sys.executable} -m radiograph.cli "$@"\n')
    (tools / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tools / "pytest").write_text(f'#!/bin/sh\nexec {sys.executable} -m pytest -p no:xdist -p no:cov -p no:cacheprovider "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    here = tmp_path / "here"
    here.mkdir()
    return here


@pytest.fixture
def server(request: pytest.FixtureRequest, folder: Path) -> Iterator[LiveServer]:
    """The server that the page has started, with its data where the commands look for it."""
    live = LiveServer(folder / "radiograph-data", request.param)
    yield live
    live.stop()


@pytest.mark.parametrize(("server", "blocks"), PAGES, indirect=["server"])
def test_commands_do_what_the_page_says(server: LiveServer, folder: Path, blocks: list[Run]) -> None:
    script = f"\necho '{END}'\n".join(block.script for block in blocks).replace(ADDRESS, server.url)
    done = subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
        env=os.environ | {"PATH": f"{folder.parent / 'tools'}{os.pathsep}{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stdout
    printed = done.stdout.replace(server.url, ADDRESS).split(f"{END}\n")
    for block, text in zip(blocks, printed, strict=True):
        assert block.prints is None or matches(block.prints, text), text


def test_every_kind_of_page_has_commands_that_are_run() -> None:
    folders = {Path(str(page.id)).parts[:2] for page in PAGES}
    assert {("docs", "start"), ("docs", "how-to")} <= folders
