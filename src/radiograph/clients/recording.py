# SPDX-License-Identifier: Apache-2.0
"""What a test tells of itself while it runs: steps, files, comments, defects. Plain values, which travel between processes."""

from __future__ import annotations

import base64
import mimetypes
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_COMMENT = 100_000
MAX_MESSAGE = 2_000
MAX_FILE = 100 * 1024**2
_SKIPS = {"Skipped", "XFailed"}


def cut(text: str, most: int = MAX_COMMENT) -> str:
    """At most so many characters, the middle left out: a trace's beginning and end say most."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def file(name: str, data: bytes, kind: str = "") -> dict[str, str]:
    """An evidence file of Xray JSON; its type is guessed by its name where none is given."""
    kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"data": base64.b64encode(data).decode("ascii"), "filename": name, "contentType": kind}


class Recorder:
    """The fixture `radiograph`: a test's steps, files, comments and defects for its result.

    Nothing of it fails a test: what can't be recorded is said in the result's comment.
    """

    def __init__(self, *, live: bool = True) -> None:
        """A recorder that isn't `live` takes everything and keeps nothing."""
        self._live = live
        self._steps: list[dict[str, Any]] = []
        self._open: list[dict[str, Any]] = []
        self._names: list[str] = []
        self._evidence: list[dict[str, str]] = []
        self._comments: list[str] = []
        self._defects: list[str] = []

    @contextmanager
    def step(self, name: str, expected: str = "") -> Iterator[None]:
        """A step of the test: PASS when its block ends, FAIL with the error when it raises, TODO when it skips.

        A step inside another has both names: `Checkout / Pay`.
        """
        self._names.append(str(name))
        step: dict[str, Any] = {"status": "EXECUTING", "comment": " / ".join(self._names)}
        if expected:
            step["comment"] += f"\nExpected: {expected}"
        self._open.append(step)
        if self._live:
            self._steps.append(step)
        try:
            yield
        except BaseException as error:
            step["status"] = "TODO" if type(error).__name__ in _SKIPS else "FAIL"
            step["actualResult"] = cut(f"{type(error).__name__}: {error}", MAX_MESSAGE)
            raise
        else:
            step["status"] = "PASS"
        finally:
            self._open.pop()
            self._names.pop()

    def attach(self, name: str, data: bytes | str | Path, type: str | None = None) -> None:  # noqa: A002  (as users write it)
        """A file, from bytes, a text, or a file's Path: of the step that is open, else of the run."""
        if not self._live:
            return
        try:
            content = (
                data.read_bytes() if isinstance(data, Path) else data.encode("utf-8", "replace") if isinstance(data, str) else bytes(data)
            )
        except (OSError, TypeError, ValueError) as error:
            self.comment(f"The file {name} could not be attached: {error}")
            return
        if len(content) > MAX_FILE:
            self.comment(f"The file {name} was not attached: it has {len(content)} bytes, more than {MAX_FILE}.")
            return
        evidence = self._open[-1].setdefault("evidence", []) if self._open else self._evidence
        evidence.append(file(str(name), content, type or ("text/plain" if isinstance(data, str) and "." not in str(name) else "")))

    def comment(self, text: str) -> None:
        """A line for the run's comment, before the failure's."""
        if self._live:
            self._comments.append(cut(str(text)))

    def defect(self, key: str) -> None:
        """The key of a defect that the run is linked with."""
        if self._live:
            self._defects.append(str(key))

    def told(self) -> dict[str, Any]:
        """Everything so far, as parts of a test of Xray JSON."""
        parts = {
            "steps": [dict(step) for step in self._steps],
            "evidence": list(self._evidence),
            "defects": list(dict.fromkeys(self._defects)),
            "comment": "\n".join(self._comments),
        }
        return {name: value for name, value in parts.items() if value}
