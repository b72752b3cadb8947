# SPDX-License-Identifier: Apache-2.0
"""Reading large reports of every format: time and peak memory beside merely tokenising the same bytes.

Each is read in a process of its own, out of a memory map, as the server does. Run as `python -m bench.formats NAME FILE` it is
that process.
"""

from __future__ import annotations

import importlib
import json
import mmap
import pkgutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import msgspec

import bench.made
from bench.table import Row
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PIECE = 64 * 1024
_EVERY_S = 0.01


def reading(folder: Path, cases: int, times: int) -> Iterator[Row]:
    """Make a report of so many cases in each format, and read it so often."""
    for name in sorted(module.name for module in pkgutil.iter_modules(bench.made.__path__)):
        path = folder / f"{name}.report"
        with path.open("wb") as file:
            file.writelines(importlib.import_module(f"bench.made.{name}").report(cases))
        read = [_measure(name, path) for _ in range(times)]
        floor = [_measure("floor", path) for _ in range(times)]
        size = path.stat().st_size / 2**20
        peak = max(memory for _, memory in read) / 2**20
        note = f"{size:.0f} MiB, peak memory {peak:.0f} MiB, of the floor {max(m for _, m in floor) / 2**20:.0f} MiB"
        path.unlink()
        yield Row(f"reading {cases:,} cases: {name}", "s CPU", [s for s, _ in read], [s for s, _ in floor], note=note)


def _measure(name: str, path: Path) -> tuple[float, int]:
    """Seconds of CPU, and the peak of anonymous memory beyond that of a process that reads nothing, in bytes."""
    ended = subprocess.run([sys.executable, "-m", "bench.formats", name, str(path)], capture_output=True, text=True, check=True)
    seconds, memory = json.loads(ended.stdout)
    return float(seconds), int(memory)


def main(name: str, path: str) -> None:
    """Read one report and print how long it took and how much memory."""
    with Path(path).open("rb") as file:
        view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    work = _floor(bytes(view[:64])) if name == "floor" else (lambda data: read_reports([Source("", data)], name, ReadOptions()))
    before = _anonymous()
    peak = _Peak()
    start = time.process_time()
    kept = work(view)
    seconds = time.process_time() - start
    print(json.dumps([seconds, max(peak.end(), _anonymous()) - before]))
    del kept


def _floor(head: bytes) -> Callable[[memoryview], object]:
    """What tokenises bytes that begin so: expat, msgspec, a loop over lines, or nothing for archives."""
    if head.lstrip().startswith(b"<"):
        return _tokenise
    if head.lstrip().startswith((b"{", b"[")):
        return msgspec.json.decode
    return lambda data: None if head.startswith(b"PK") else sum(1 for _ in bytes(data).splitlines())


def _tokenise(data: memoryview) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda *_: None
    parser.EndElementHandler = lambda *_: None
    parser.CharacterDataHandler = lambda *_: None
    for at in range(0, len(data), _PIECE):
        parser.Parse(bytes(data[at : at + _PIECE]), False)
    parser.Parse(b"", True)


class _Peak:
    """The most anonymous memory that the process had, looked at a hundred times a second."""

    def __init__(self) -> None:
        self._most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.wait(_EVERY_S):
            self._most = max(self._most, _anonymous())

    def end(self) -> int:
        self._done.set()
        self._thread.join()
        return self._most


def _anonymous() -> int:
    text = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("RssAnon"))


if __name__ == "__main__":
    main(*sys.argv[1:])
