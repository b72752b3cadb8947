# SPDX-License-Identifier: Apache-2.0
"""Which reports a command line means: files, patterns, folders, archives."""

from __future__ import annotations

import glob
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from radiograph.formats.archive import ZIP
from radiograph.formats.known import AUTO, detect, formats
from radiograph.formats.reading import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_State = tuple[int, int]
"""When a file was changed last, and its size in bytes."""


@dataclass(frozen=True)
class ReportFile:
    """A report to send: the file, its name in messages, and its format; `problem` says why it can't be one."""

    path: Path
    name: str
    format: str
    problem: str = ""


def find_reports(wanted: Sequence[str], kind: str, *, writing: bool = False) -> list[ReportFile]:
    """The reports that paths and patterns mean, each once, in their order.

    What is named is taken as it is; in folders, and by patterns, what isn't a report is left out. Of a folder of Allure
    results one archive is made. Raises a click error for what doesn't exist. While tests are still `writing`, what
    doesn't exist may come yet, and Allure's results wait for the end.
    """
    found: dict[str, ReportFile] = {}
    for text in wanted:
        path = Path(text)
        if path.is_dir():
            reports: Iterable[ReportFile] = in_folder(path, kind, writing=writing)
        elif path.exists():
            reports = [look_at(path, kind)]
        elif glob.has_magic(text):
            matches = sorted(Path(m) for m in glob.iglob(text, recursive=True, include_hidden=True))  # noqa: PTH207  (a pattern may be absolute)
            reports = [
                r for m in matches for r in (in_folder(m, kind, writing=writing) if m.is_dir() else [look_at(m, kind)]) if not r.problem
            ]
        elif writing:
            reports = []
        else:
            raise click.BadParameter(f"File {text!r} does not exist.", param_hint="'FILE...'")
        found |= {str(r.path.resolve()): r for r in reports}
    return list(found.values())


def in_folder(folder: Path, kind: str, *, writing: bool = False) -> Iterator[ReportFile]:
    """The reports below a folder; those of Allure as one."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    allure = formats().get("allure")
    for owner in dict.fromkeys(p.parent for p in files):
        mine = [p for p in files if p.parent == owner]
        if kind in {AUTO, "allure"} and allure and allure.holds_results and allure.holds_results([p.name for p in mine]):
            if not writing:
                yield ReportFile(_packed(mine), str(owner), "allure")
        else:
            yield from (r for r in (look_at(p, kind) for p in mine) if not r.problem)


def _packed(files: Sequence[Path]) -> Path:
    """A zip of these files, which goes with the process."""
    made = tempfile.NamedTemporaryFile(prefix="radiograph-", suffix=".zip", delete=False)  # noqa: SIM115  (it is sent later)
    click.get_current_context().call_on_close(lambda: Path(made.name).unlink(missing_ok=True))
    with made, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return Path(made.name)


def look_at(path: Path, kind: str) -> ReportFile:
    """A file as a report: its format, or why it is none."""
    try:
        with path.open("rb") as opened:
            head = opened.read(HEAD)
    except OSError as error:
        return ReportFile(path, str(path), kind, f"the file can't be read: {error.strerror}")
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        return ReportFile(path, str(path), kind, "the file is empty; did the tests end before they wrote their report?")
    if kind != AUTO or head.startswith(ZIP):
        return ReportFile(path, str(path), kind)
    found = detect(memoryview(head))
    if found is not None:
        return ReportFile(path, str(path), found.name)
    known = ", ".join(f.label for f in formats().values())
    return ReportFile(path, str(path), kind, f"this is no report of a known format ({known}); --format says what it is")


class Looking:
    """Looks at files again and again. One that didn't change between two looks is ready; one that changes later is sent anew."""

    def __init__(self, wanted: Sequence[str], kind: str) -> None:
        """Take paths and patterns, and the format or "auto"."""
        self._wanted, self._kind = wanted, kind
        self._seen: dict[str, _State] = {}
        self._sent: dict[str, _State] = {}

    def settled(self) -> Iterator[ReportFile]:
        """Reports that are ready and weren't given out as they are."""
        for report, state in self._reports(writing=True):
            if self._seen.get(report.name) == state != self._sent.get(report.name) and not report.problem:
                self._sent[report.name] = state
                yield report
            self._seen[report.name] = state

    def left(self) -> Iterator[ReportFile]:
        """Reports that weren't given out as they are, ready or not."""
        return (report for report, state in self._reports(writing=False) if self._sent.get(report.name) != state)

    def _reports(self, *, writing: bool) -> Iterator[tuple[ReportFile, _State]]:
        wanted = self._wanted if writing else [w for w in self._wanted if glob.has_magic(w) or Path(w).exists()]
        for report in find_reports(wanted, self._kind, writing=writing):
            try:
                stat = report.path.stat()
            except OSError:  # it was taken away between both looks
                continue
            yield report, (stat.st_mtime_ns, stat.st_size)
