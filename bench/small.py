# SPDX-License-Identifier: Apache-2.0
"""Small imports, one after the other and from many clients at once."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bench.reports import report
from bench.serving import HEADERS, IMPORT, Server
from bench.table import Row

if TYPE_CHECKING:
    from bench.sites import Site

_OK = 200


def small_imports(site: Site, keys: list[str], requests: int) -> list[Row]:
    """The latency of imports of ten results, with 1 and with 16 clients."""
    url = site.copy()
    with Server(url) as running:
        times = {clients: _load(running.port, keys[:10], clients, requests // clients) for clients in (1, 16)}
    site.drop(url)
    rows = []
    for clients, (p50, p99) in ((c, (_quantile(v, 0.5), _quantile(v, 0.99))) for c, v in times.items()):
        targets = ("< 15", "") if clients == 1 else ("< 100", "< 200")
        for name, value, target in (("p50", p50, targets[0]), ("p99", p99, targets[1])):
            rows.append(Row(f"{site.kind}: 10 results, {clients} clients, {name}", "ms", [value * 1000], target=target))
    return rows


def _quantile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def _load(port: int, keys: list[str], clients: int, each: int) -> list[float]:
    """Send from another process, so that the clients' work isn't measured as waiting."""
    args = [sys.executable, "-m", "bench.small", str(port), str(clients), str(each), *keys]
    return list(json.loads(subprocess.run(args, check=True, capture_output=True, text=True).stdout))


def _client(port: int, keys: list[str], each: int, seed: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for i in range(each + 3):
        body = report("BENCH", keys, seed=seed * 1000 + i)
        began = time.perf_counter()
        connection.request("POST", IMPORT, body, HEADERS)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == _OK
        times.append(time.perf_counter() - began)
    return times[3:]


if __name__ == "__main__":
    port, clients, each = map(int, sys.argv[1:4])
    with ThreadPoolExecutor(clients) as threads:
        found = threads.map(lambda seed: _client(port, sys.argv[4:], each, seed), range(clients))
        print(json.dumps([t for times in found for t in times]))
