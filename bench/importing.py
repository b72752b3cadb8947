# SPDX-License-Identifier: Apache-2.0
"""Big imports over HTTP, each beside the floor of decoding its bytes and inserting its rows."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

from bench.reports import report
from bench.serving import Server
from bench.sites import Site, copies
from bench.table import Row

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = "BENCH"


def seeded(kind: str, folder: Path, server: str, count: int) -> tuple[Site, list[str]]:
    """A site that knows so many Tests, and their keys."""
    site = Site(kind, folder, server)
    with Server(site.url) as running:
        _, answer = running.send(report(PROJECT, count, seed=1))
    return site, [issue["key"] for issue in answer["testIssues"]["success"]]


def big_imports(site: Site, keys: list[str], empty: Site, times: int) -> list[Row]:
    """Known Tests, new Tests, known Tests with three steps each."""
    count = len(keys)
    work = [
        (f"{count:,} known Tests", site, report(PROJECT, keys, seed=2), "2.5"),
        (f"{count:,} new Tests", empty, report(PROJECT, count, seed=3), "3"),
        (f"{count:,} known Tests, 3 steps each", site, report(PROJECT, keys, seed=4, steps=3), "3"),
    ]
    return [_measure(f"{s.kind}: {name}", s, body, times, target) for name, s, body, target in work]


def _measure(name: str, site: Site, body: bytes, times: int, target: str) -> Row:
    row = Row(name, "s", [], [], target, f"{len(body) / 1e6:.0f} MB body")
    (site.folder / "body.json").write_bytes(body)
    for url in copies(site, times):
        with Server(url) as running:
            running.send(report(PROJECT, 1, seed=9))
            before = site.marks(url)
            seconds, answer = running.send(body)
        assert not answer["testIssues"]["error"]
        row.values.append(seconds)
        if not row.floor:
            (site.folder / "rows.pickle").write_bytes(pickle.dumps(site.rows_after(url, before)))
        row.floor.append(_floor(site))
    rate = len(answer["testIssues"]["success"]) / row.median
    row.note += f", {rate:,.0f} results/s"
    return row


def _floor(site: Site) -> float:
    url = site.copy()
    files = [str(site.folder / "body.json"), str(site.folder / "rows.pickle")]
    done = subprocess.run([sys.executable, "-m", "bench.floor", url, *files], check=True, capture_output=True, text=True)
    site.drop(url)
    return sum(map(float, done.stdout.split()))
