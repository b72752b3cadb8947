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

_TIMES, _LEAST, _LONG_S = 41, 11, 10
"""How often a page is read: 41 times, or until it has taken ten seconds, but 11 times at least."""
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
    project, execution, test, plan = "/projects/BENCH", f"/browse/{past.execution}", f"/browse/{past.test}", f"/browse/{past.plan}"
    return {
        "projects": "/",
        "project": project,
        "executions": f"{project}/executions",
        "execution": execution,
        "execution, passes": f"{execution}?status=PASS",
        "execution, new failures": f"{execution}?new=1",
        "execution, a search": f"{execution}?q=case0042",
        "report of an execution": f"{execution}/report",
        "comparison of two": f"/compare?e={past.before}&e={past.execution}",
        "triage": f"{project}/triage?execution={past.execution}",
        "gate": f"/gate?execution={past.execution}",
        "run": f"/runs/{past.failed_run}",
        "run, executing": f"/runs/{past.failed_run}/execute",
        "Tests": f"{project}/tests",
        "Test": test,
        "flaky Tests": f"{project}/flaky",
        "quarantine": f"{project}/quarantine",
        "plans": f"{project}/plans",
        "plan": plan,
        "plan, burn-up": f"{plan}?view=burn-up",
        "coverage": f"{project}/coverage",
        "coverage of a plan": f"{project}/coverage?plan={past.plan}",
        "story": f"/browse/{past.story}",
        "imports": "/imports",
        "taking an import back": "/imports/1/undo",
        "search": "/search?jql=project+%3D+BENCH+AND+type+%3D+Story",
        "settings": f"{project}/settings",
        "retention": f"{project}/retention",
        "sharing": f"{project}/sharing",
        "administration": "/admin",
        "own account": "/me",
    }


def _read(running: Server, path: str) -> tuple[list[float], int]:
    """Milliseconds of each reading but the first, and the bytes of the last answer."""
    connection = running.connection()
    times, size = list[float](), 0
    while len(times) < _LEAST or (len(times) < _TIMES and sum(times) < _LONG_S * 1000):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": HEADERS["Authorization"], "Accept": "text/html"})
        answer = connection.getresponse()
        size = len(answer.read())
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status == _OK, (path, answer.status)
    connection.close()
    return times[1:], size
