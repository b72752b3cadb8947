# SPDX-License-Identifier: Apache-2.0
"""What the writers of executions are given: an execution, its runs one after the other, and their files to read in pieces."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from radiograph.domain.clock import Instant  # noqa: TC001  (msgspec reads the annotations)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class ExportedFile(Struct, frozen=True):
    """A file: `pieces` reads it (each piece but the last a multiple of 3 bytes long), `address` is where it can be fetched."""

    filename: str
    content_type: str
    address: str
    pieces: Callable[[], Iterator[bytes]]


class ExportedStep(Struct, frozen=True):
    """The result of a step; `action` is what its Test says of it."""

    status: str
    action: str
    comment: str
    actual: str
    defects: list[str]
    evidence: list[ExportedFile]


class ExportedIteration(Struct, frozen=True):
    """One iteration of a run."""

    name: str
    status: str
    parameters: list[tuple[str, str]]
    log: str
    duration: str
    steps: list[ExportedStep]


class ExportedRun(Struct, frozen=True):
    """A run. `requirement` is what its status means for a requirement: OK, NOK or NOTRUN.

    `summary` and `definition` are "" for a Test that the reader can't see.
    """

    id: int
    test_key: str
    summary: str
    type: str
    definition: str
    requirements: list[str]
    status: str
    requirement: str
    start: Instant | None
    finish: Instant | None
    comment: str
    executor: str
    assignee: str
    attempts: int
    steps: list[ExportedStep]
    iterations: list[ExportedIteration]
    examples: list[str]
    defects: list[str]
    evidence: list[ExportedFile]
    custom_fields: list[dict[str, Any]]

    @property
    def name(self) -> str:
        """The Test's summary, or its key where that isn't told."""
        return self.summary or self.test_key

    @property
    def took_ms(self) -> int | None:
        """How long it took, in milliseconds; None when that isn't known."""
        return max(0, self.finish.ms - self.start.ms) if self.start and self.finish else None

    @property
    def files(self) -> list[ExportedFile]:
        """Its files and those of its steps."""
        inside = [*self.steps, *(step for iteration in self.iterations for step in iteration.steps)]
        return [*self.evidence, *(file for step in inside for file in step.evidence)]


class ExportedExecution(Struct, frozen=True):
    """An execution; `counts` are its runs by what their statuses mean for a requirement."""

    key: str
    project: str
    summary: str
    description: str
    versions: list[str]
    revision: str
    branch: str
    build_url: str
    begin: Instant | None
    end: Instant | None
    plans: list[str]
    environments: list[str]
    counts: dict[str, int]


class ExportOptions(Struct, frozen=True):
    """`evidence`: files stand in the export itself; `version` is that of the writer."""

    evidence: bool
    version: str = ""


Writer: TypeAlias = "Callable[[ExportedExecution, Iterable[ExportedRun], ExportOptions], Iterator[bytes]]"


def base64_pieces(file: ExportedFile) -> Iterator[bytes]:
    """The file's content as base64."""
    return (binascii.b2a_base64(piece, newline=False) for piece in file.pieces())


def first_line(text: str) -> str:
    """The first line of a text that has anything in it."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
