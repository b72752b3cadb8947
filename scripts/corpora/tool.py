# SPDX-License-Identifier: Apache-2.0
"""What runs a test tool on its small suite in `tests/tools/suites` and takes the reports that it wrote."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scripts.corpora.scrub import scrubbed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

SUITES = Path(__file__).parents[2] / "tests" / "tools" / "suites"
LIMIT = 300
_EPOCH = (2020, 1, 1, 0, 0, 0)


class ToolFailed(Exception):
    """A tool that wrote no report; the message holds what it said."""


class Made(NamedTuple):
    """A report as a tool wrote it: the name of its format, its writer and version, the case, the ending, and its bytes."""

    format: str
    writer: str
    case: str
    ending: str
    data: bytes

    @property
    def name(self) -> str:
        """Its file name among the fixtures."""
        return f"{self.writer}-{self.case}.{self.ending}"


class Shop:
    """A fresh copy of a suite in which a tool runs."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "CI": "true", "TZ": "UTC", **environment}
        self.environment.pop("FORCE_COLOR", None)

    def run(self, command: Sequence[str], **environment: str) -> bytes:
        """Run it and return what it printed; that tests fail, and the exit code with them, is meant."""
        with (self.folder / "stderr.txt").open("wb") as errors:
            done = subprocess.run(
                [*command],
                cwd=self.folder,
                env={**self.environment, **environment},
                stdout=subprocess.PIPE,
                stderr=errors,
                stdin=subprocess.DEVNULL,
                check=False,
                timeout=LIMIT,
            )
        (self.folder / "stdout.txt").write_bytes(done.stdout)
        return done.stdout

    def take(self, file: str, kind: str, writer: str, case: str, data: bytes | None = None) -> Made:
        """The report in that file (or of these bytes), with nothing of this machine in it."""
        path = self.folder / file
        if data is None and not path.is_file():
            said = "".join((self.folder / f"std{s}.txt").read_text("utf-8", "replace")[-2000:] for s in ("out", "err"))
            raise ToolFailed(f"{writer} wrote no {file}: {said}")
        return Made(kind, writer, case, path.suffix[1:], scrubbed(path.read_bytes() if data is None else data, self.folder))

    def take_folder(self, folder: str, kind: str, writer: str, case: str) -> Made:
        """The files of that folder as a zip, in the order of their names and all of one date."""
        files = sorted(p for p in (self.folder / folder).rglob("*") if p.is_file())
        if not files:
            raise ToolFailed(f"{writer} wrote nothing into {folder}")
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                entry = zipfile.ZipInfo(str(path.relative_to(self.folder / folder)), _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, scrubbed(path.read_bytes(), self.folder))
        return Made(kind, writer, case, "zip", body.getvalue())


class Tool(NamedTuple):
    """A tool: the suite that it runs, the programs and files that it needs, and how its reports are made.

    `under` gives the folder below which it has to run (npm's tools are found from there), `environment` its variables.
    """

    name: str
    suite: str
    needs: Sequence[str]
    make: Callable[[Shop], Iterator[Made]]
    under: Callable[[], Path] | None = None

    def missing(self) -> list[str]:
        """What isn't installed of what it needs."""
        return [n for n in self.needs if not (Path(n).exists() if n.startswith("/") else shutil.which(n))]

    def reports(self) -> list[Made]:
        """Run it in a folder of its own and return its reports."""
        with self._shop() as shop:
            return list(self.make(shop))

    @contextlib.contextmanager
    def _shop(self) -> Iterator[Shop]:
        base = self.under() if self.under else None
        with tempfile.TemporaryDirectory(prefix=f"{self.name}-", dir=base and base / "runs") as temporary:
            folder = Path(temporary).resolve() / "project"
            shutil.copytree(SUITES / self.suite, folder)
            bins = f"{base / 'node_modules' / '.bin'}{os.pathsep}" if base else ""
            yield Shop(folder, {"PATH": f"{bins}{os.environ['PATH']}"})
