# SPDX-License-Identifier: Apache-2.0
"""A disk that is really full: a small file system for the spool and the evidence."""

from __future__ import annotations

import base64
import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient
from tests.contract.conftest import Bearer
from tests.contract.door import Door, generic, imported, key_of

from radiograph.actions.check import examine
from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 4 * 1024 * 1024


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 4 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"!!! NO FULL DISK IS TESTED: a small file system can't be mounted here ({done.stderr.strip()}); it takes root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def cramped(small: Path, instance_url: str) -> Iterator[Door]:
    """A server whose spool and evidence lie on the small file system, and whose database doesn't."""
    made = prepare(Settings(data=small, database=instance_url, spool_memory=64 * 1024))
    with TestClient(build_app(made), raise_server_exceptions=False) as http:
        http.auth = Bearer()
        yield Door(http)
    bad = [f.what for f in examine(made, deep=True) if not f.good and "are free in" not in f.what]
    made.db.close()
    assert bad == []


def evidence(size: int, seed: int = 0) -> dict[str, str]:
    return {"filename": f"{seed}.bin", "data": base64.b64encode(os.urandom(size)).decode()}


def files(folder: Path) -> set[Path]:
    return {p for p in folder.rglob("*") if p.is_file()}


def test_a_full_disk_is_a_507_that_leaves_nothing_and_ends_when_there_is_room(cramped: Door, small: Path) -> None:
    first = cramped.load(generic(1, evidence=[evidence(10_000)]))
    before = files(small)
    bodies = {
        "the spool": [generic(2, comment="x" * 2 * SIZE)],
        "one file": [generic(3, evidence=[evidence(SIZE * 2 // 3)])],
        "many files": [generic(4, evidence=[evidence(20_000, i) for i in range(100)])],
    }
    for what, tests in bodies.items():
        answer = cramped.send({"info": {"project": "DEMO"}, "tests": tests})
        assert (answer.status_code, answer.json()["error"]) == (507, "The disk is full; nothing was stored."), what
        assert answer.json().keys() == {"error", "message", "details"}
        assert files(small) == before, what
    assert cramped.executions() == 1
    again = cramped.load(generic(5, "FAIL", evidence=[evidence(10_000)]))
    assert cramped.run(key_of(first), imported(first)[0])["status"] == "PASS"
    assert len(cramped.run(key_of(again), imported(again)[0])["evidences"]) == 1


def test_a_disk_that_someone_else_filled_refuses_even_a_small_file_and_takes_it_later(cramped: Door, small: Path) -> None:
    filler = small / "filler"
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):  # noqa: PT012  (until it is full)
        while True:
            file.write(b"x" * 4096)
    tests = [generic(1, evidence=[evidence(9000)])]
    assert cramped.send({"info": {"project": "DEMO"}, "tests": tests}).status_code == 507
    assert cramped.executions() == 0
    filler.unlink()
    assert cramped.send({"info": {"project": "DEMO"}, "tests": tests}).status_code == 200
