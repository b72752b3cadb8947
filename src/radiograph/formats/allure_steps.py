# SPDX-License-Identifier: Apache-2.0
"""Statuses, steps and attachments of Allure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import cut
from radiograph.domain.report import EvidenceFile, StepResult
from radiograph.formats.allure_wire import text
from radiograph.formats.reading import plain_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from radiograph.formats.allure_wire import WireAttachment, WireDetails, WireParameter, WireStep

_STATUSES = {"passed": "PASS", "failed": "FAIL", "broken": "FAIL", "skipped": "TODO", "unknown": "TODO", "": "TODO"}
_OUTPUT = ("log", "stdout", "stderr", "system-out", "system-err", "Keyword Log")
"""Titles that adapters give to what a test printed, which nobody attached."""
_HIDDEN = "******"


class Folder(Struct):
    """The files of a results folder by name; `named` are those that some result names."""

    files: Mapping[str, memoryview]
    keep_output: bool
    named: set[str]

    def find(self, place: str, source: str) -> memoryview | None:
        """The file that the result at `place` calls `source`: beside itself, or in the root of the zip."""
        folder, slash, _ = place.rpartition("/")
        for name in (folder + slash + source, source):
            if name in self.files:
                self.named.add(name)
                return self.files[name]
        return None


def status_of(status: str) -> str:
    """Allure's status as one of Radiograph's; another word stays as it is."""
    return _STATUSES.get(status.lower(), status)


def told(details: WireDetails | None, *, trace: bool = True) -> str:
    """A message and then its trace, unless the trace begins with the message."""
    if details is None:
        return ""
    message = text(details.message)
    found = (str(details.trace or "") if trace else "").rstrip().lstrip("\r\n")  # not the indent of its first line
    if not found or found.startswith(message):
        return found or message
    return f"{message}\n\n{found}"


def path_in(place: str, inner: str) -> str:
    """A place inside a result for messages: `a-result.json: $.steps[0]`."""
    return f"$.{inner}" if place == "$" else f"{place}: $.{inner}"


def parameters_of(parameters: Sequence[WireParameter] | None) -> list[tuple[str, str]]:
    """Names and values; a value that is masked or hidden in Allure's report isn't kept here either.

    One that is excluded is no parameter of the test, such as the number of its try.
    """
    kept = [p for p in parameters or () if not p.excluded]
    return [(text(p.name), _HIDDEN if text(p.mode).lower() in {"masked", "hidden"} else text(p.value)) for p in kept]


def read_steps(steps: Sequence[WireStep] | None, place: str, folder: Folder, warnings: list[str], *, traces: bool) -> list[StepResult]:
    """The steps of the first level: their names as what was done (`actual`), why they failed as comments.

    The files of steps inside are the outer step's, and so is what failed there. `traces` are left out where the result has one.
    """
    return [_step(step, path_in(place, f"steps[{i}]"), place, folder, warnings, traces=traces) for i, step in enumerate(steps or ())]


def read_fixture(kind: str, fixture: WireStep, place: str, folder: Folder, warnings: list[str]) -> StepResult:
    """A fixture as a step."""
    found = _step(fixture, path_in(place, kind), place, folder, warnings, traces=True)
    found.actual = f"{kind}: {found.actual}"
    return found


def _step(step: WireStep, path: str, place: str, folder: Folder, warnings: list[str], *, traces: bool) -> StepResult:
    failed = [told(step.status_details, trace=traces)]
    failed += [line for inner in step.steps or () for line in _failures(inner) if line not in failed[0]]
    evidence = [f for at, owner in _with_inner(step, path) for f in read_attachments(owner.attachments, at, place, folder, warnings)]
    return StepResult(status_of(text(step.status)), "\n".join(filter(None, failed)), _title(step), evidence)


def _title(step: WireStep) -> str:
    values = ", ".join(f"{name}={value}" for name, value in parameters_of(step.parameters))
    return f"{text(step.name)} ({values})" if values else text(step.name)


def _failures(step: WireStep) -> Iterator[str]:
    """What failed in a step and those inside it, each told once: where it happened."""
    inside = [line for inner in step.steps or () for line in _failures(inner)]
    message = told(step.status_details, trace=False)
    if status_of(text(step.status)) == "FAIL" and message and not any(message in line for line in inside):
        yield f"{text(step.name)}: {message}"
    yield from inside


def _with_inner(step: WireStep, path: str) -> Iterator[tuple[str, WireStep]]:
    yield path, step
    for i, inner in enumerate(step.steps or ()):
        yield from _with_inner(inner, f"{path}.steps[{i}]")


def has_files(step: WireStep) -> bool:
    """Whether a step or one inside it has an attachment."""
    return bool(step.attachments) or any(map(has_files, step.steps or ()))


def read_attachments(
    attachments: Iterable[WireAttachment] | None, path: str, place: str, folder: Folder, warnings: list[str]
) -> list[EvidenceFile]:
    """The files of a result or step; one that isn't in the report is warned of."""
    found = []
    for i, file in enumerate(attachments or ()):
        title, source = text(file.name), text(file.source)
        data = folder.find(place, source) if source else None
        if data is None:
            warnings.append(f"{path}.attachments[{i}]: the report has no file {cut(source or title)!r}; the attachment was left out")
        elif folder.keep_output or title not in _OUTPUT:
            found.append(plain_file(_filename(title, source), text(file.type), data, f"{path}.attachments[{i}]"))
    return found


def _filename(title: str, source: str) -> str:
    """The attachment's title with the ending of its file; its file's name where it has no title."""
    _, dot, ending = source.rpartition(".")
    if not title:
        return source
    return title if not dot or "/" in ending or title.lower().endswith(f".{ending.lower()}") else f"{title}.{ending}"
