# SPDX-License-Identifier: Apache-2.0
"""A big body of evidence: memory and speed, beside the floor of writing the same files."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pybase64

from bench.reports import write_evidence
from bench.serving import IMPORT, Peak, Server
from bench.sites import last_phases
from bench.table import Row

if TYPE_CHECKING:
    from bench.sites import Site

_OK = 200


def evidence(site: Site, keys: list[str], total: int) -> list[Row]:
    """Files of 1 MB and of 40 KB."""
    rows = []
    for size, target in ((1_000_000, "> 200"), (40_000, "> 100")):
        url = site.copy()
        rows += _measure(site, url, keys[:1000], total, size, target)
        site.drop(url)
    return rows


def _measure(site: Site, url: str, keys: list[str], total: int, size: int, target: str) -> list[Row]:
    body = site.folder / "evidence.json"
    count = write_evidence(body, keys, total, size, seed=5)
    data = Path(tempfile.mkdtemp(prefix="bench-evidence-"))
    with Server(url, data) as running, Peak(running) as peak, body.open("rb") as file:
        began = time.perf_counter()
        status, answer = running.call("POST", IMPORT, file, **{"Content-Length": str(body.stat().st_size)})
        seconds = time.perf_counter() - began
        assert status == _OK, answer[:500]
        phases = last_phases(url)
    floor = _floor(body, size, count)
    shutil.rmtree(data)
    body.unlink()
    name = f"{site.kind}: {total / 2**20:.0f} MiB of evidence in files of {size // 1000} KB"
    return [
        Row(name, "s", [seconds], [floor], "", f"{total / seconds / 1e6:.0f} MB/s, target {target}; {phases}"),
        Row(f"{name}: memory", "MiB", [peak.growth / 2**20], target="< 64"),
    ]


def _floor(body: Path, size: int, count: int) -> float:
    """Spool the same bytes, decode, hash, write and sync the same number of files, in one thread."""
    folder = Path(tempfile.mkdtemp(prefix="bench-floor-"))
    began = time.perf_counter()
    shutil.copyfile(body, folder / "spool")
    text = pybase64.b64encode(random.Random(6).randbytes(size))
    for number in range(count):
        raw = pybase64.b64decode(text)
        hashlib.sha256(raw).hexdigest()
        (folder / str(number)).write_bytes(raw)
    os.sync()
    seconds = time.perf_counter() - began
    shutil.rmtree(folder)
    return seconds
