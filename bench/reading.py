# SPDX-License-Identifier: Apache-2.0
"""Every page over a big store: the server's time for it, and the bytes that it sends."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from bench.history import grow
from bench.serving import HEADERS, Server
from bench.table import Row

if TYPE_CHECKING:
    from bench.history import Past
    from bench.sites import Site

_TIMES = 41
_OK = 200
_PART = 100
_TARGET_MS = 30


def pages(site: Site, total: int) -> list[Row]:
    """Grow a copy of the site to `total` runs, and read each page some dozen times; their medians beside that of /health/live."""
    url = site.copy()
    past = grow(url, total)
    with Server(url) as running:
        floor, _ = _read(running, "/health/live")
        rows = []
        for name, path in _paths(past).items():
            times, size = _read(running, path)
            p95 = statistics.quantiles(times, n=_PART)[94]
            note = f"p95 {p95:.1f} ms, {size / 1000:.0f} kB"
            rows.append(Row(f"{site.kind}: {name}, {past.total:,} runs", "ms", times, floor, f"< {_TARGET_MS}", note))
    site.drop(url)
    return rows


def _paths(past: Past) -> dict[str, str]:
    """What is read, by name."""
    execution, test, plan = f"/browse/{past.execution}", f"/browse/{past.test}", f"/browse/{past.plan}"
    return {
        "projects": "/",
        "project": "/projects/BENCH",
        "execution": execution,
        "execution, one status": f"{execution}?status=PASS",
        "execution, a search": f"{execution}?q=case0042",
        "run": f"/runs/{past.failed_run}",
        "Test": test,
        "plan": plan,
        "story": f"/browse/{past.story}",
        "imports": "/imports",
        "search": "/search?jql=project+%3D+BENCH+AND+type+%3D+Story",
    }


def _read(running: Server, path: str) -> tuple[list[float], int]:
    """Milliseconds of each reading but the first, and the bytes of the last answer."""
    connection = running.connection()
    times, size = [], 0
    for _ in range(_TIMES):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": HEADERS["Authorization"], "Accept": "text/html"})
        answer = connection.getresponse()
        size = len(answer.read())
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status == _OK, (path, answer.status)
    connection.close()
    return times[1:], size
