# SPDX-License-Identifier: Apache-2.0
"""From what Robot Framework tells of a test to a result of Xray JSON: keywords as steps, rows of a template as iterations."""

from __future__ import annotations

import base64
import binascii
import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from radiograph.clients.live import moment
from radiograph.clients.recording import MAX_FILE, MAX_MESSAGE, cut, file

if TYPE_CHECKING:
    from pathlib import Path

_MAX_LOG = 20_000
_STATUSES = {"PASS": "PASS", "FAIL": "FAIL"}
_KEY = re.compile(r"[A-Z][A-Z0-9_]*-[1-9][0-9]*")
_SHOWN_FILE = re.compile(r"""\b(?:src|href)\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)
_INLINE = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w=.-]+)*?;base64,(.*)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_NO_EVIDENCE = {".html", ".htm", ".xml", ".js", ".css"}


class RobotTest:
    """One test while it runs, and its result afterwards."""

    def __init__(self, name: str, attributes: dict[str, Any], now: float) -> None:
        """`attributes` are those of `start_test`."""
        self.name = name
        self.longname = str(attributes.get("longname") or name)
        self.doc = str(attributes.get("doc") or "")
        self.template = str(attributes.get("template") or "")
        self.keys: list[str] = []
        self.maybe: list[str] = []
        self.requirements: list[str] = []
        self.labels: list[str] = []
        self.status = "FAIL"
        self._start, self._parts = now, dict[str, Any]()
        self._depth = 0
        self._steps: list[dict[str, Any]] = []
        self._files: list[tuple[dict[str, Any] | None, str]] = []

    def start_keyword(self, attributes: dict[str, Any]) -> None:
        """A keyword of the test itself is a step; one inside it is part of that."""
        self._depth += 1
        if self._depth == 1:
            kind = str(attributes.get("type", "")).lower()
            words = [str(attributes.get("kwname") or ""), *map(str, attributes.get("args") or [])]
            line = "    ".join(filter(None, [*_before(kind, attributes.get("assign") or []), *words]))
            self._steps.append({"comment": cut(line or kind.upper(), MAX_MESSAGE), "kind": kind, "words": words[1:], "log": []})

    def end_keyword(self, attributes: dict[str, Any]) -> None:
        """The step's status: what was not run, or skipped, is TODO."""
        self._depth -= 1
        if self._depth == 0:
            self._steps[-1]["status"] = _STATUSES.get(str(attributes.get("status")), "TODO")

    def log(self, message: dict[str, Any]) -> None:
        """A message is part of the open step; pictures and files that it shows become evidence."""
        text, step = str(message.get("message", "")), self._steps[-1] if self._depth else None
        if message.get("html") == "yes":
            shown = [unescape(first or second) for first, second in _SHOWN_FILE.findall(text)]
            self._files += [(step, name) for name in dict.fromkeys(shown) if (step, name) not in self._files]
            text = " ".join(_TAG.sub(" ", text).split())
        if step is not None and text and message.get("level") not in {"TRACE", "DEBUG"}:
            step["log"].append(cut(text, MAX_MESSAGE))

    def end(self, attributes: dict[str, Any], now: float, folder: Path) -> None:
        """The test is over; files that it showed are read from below `folder`."""
        self.status = _STATUSES.get(str(attributes.get("status")), "TODO")
        self._tags([str(tag) for tag in attributes.get("tags") or []])
        self.doc = str(attributes.get("doc") or self.doc)
        message = str(attributes.get("message") or "")
        notes: list[str] = []
        evidence = self._evidence(folder, notes)
        said = f"Skipped: {message}" if self.status == "TODO" and message else message
        rounds = [s for s in self._steps if self.template and s["kind"] not in {"setup", "teardown"}]
        self._parts = {
            "status": self.status,
            "start": moment(self._start),
            "finish": moment(now),
            "comment": cut("\n".join(filter(None, [said, *notes]))),
            "evidence": evidence,
            "steps": [_step(s) for s in self._steps if s not in rounds],
            "iterations": [_iteration(s) for s in rounds],
        }

    def _tags(self, tags: list[str]) -> None:
        """`TEST_KEY` is a Test, `REQ_KEY` a requirement; a bare key may be of either, and all others are labels."""
        for tag in tags:
            kind, _, rest = tag.upper().partition("_")
            if kind in {"TEST", "REQ"} and _KEY.fullmatch(rest):
                (self.keys if kind == "TEST" else self.requirements).append(rest)
            elif _KEY.fullmatch(tag.upper()) and tag.upper() not in self.maybe:
                self.maybe.append(tag.upper())
            elif tag:
                self.labels.append("_".join(tag.split()))

    def _evidence(self, folder: Path, notes: list[str]) -> list[dict[str, str]]:
        """Files of the run; those of a step go to it."""
        own: list[dict[str, str]] = []
        inline = 0
        for step, name in self._files:
            inline += name.startswith("data:")
            found = _inline(name, inline) if name.startswith("data:") else _below(folder, name, notes)
            if found:
                (own if step is None or self.template else step.setdefault("evidence", [])).append(found)
        return own

    def failed_afterwards(self, why: str) -> None:
        """The teardown of its suite failed, and so does the test."""
        self.status = "FAIL"
        self._parts |= {"status": "FAIL", "comment": cut(why)}

    def forget(self) -> None:
        """Let go of what is large and was sent."""
        self._parts |= {"evidence": [], "steps": [{**s, "evidence": []} for s in self._parts["steps"]]}
        self._steps, self._files = [], []

    def own(self, project: str) -> dict[str, Any]:
        """The result for a Generic Test of its own; keys that are no Tests are requirements then."""
        info = {
            "projectKey": project, "testType": "Generic", "summary": self.name[:255], "definition": self.longname,
            "description": self.doc, "labels": self.labels, "requirementKeys": [*self.requirements, *self.maybe],
        }  # fmt: skip
        return self._whole() | {"testInfo": {name: value for name, value in info.items() if value}}

    def keyed(self, key: str, *, maybe: bool = False) -> dict[str, Any]:
        """The result for the Test with that key; `maybe` the other keys are requirements."""
        requirements = [*self.requirements, *(k for k in self.maybe if k != key)] if maybe or self.keys else self.requirements
        return self._whole() | {"testKey": key} | ({"testInfo": {"requirementKeys": requirements}} if requirements else {})

    def _whole(self) -> dict[str, Any]:
        return {name: value for name, value in self._parts.items() if value}


def _before(kind: str, assigned: list[str]) -> list[str]:
    """What stands before a step's keyword: that it is a setup, a loop or a branch, and the variables that it sets."""
    named = {"keyword": [], "setup": ["Setup:"], "teardown": ["Teardown:"]}.get(kind, [kind.upper()])
    return [*named, f"{', '.join(name.rstrip(' =') for name in assigned)} ="] if assigned else named


def _step(step: dict[str, Any]) -> dict[str, Any]:
    parts = {
        "status": step.get("status", "TODO"),
        "comment": step["comment"],
        "actualResult": cut("\n".join(step["log"]), _MAX_LOG),
        "evidence": step.get("evidence", []),
    }
    return {name: value for name, value in parts.items() if value}


def _iteration(step: dict[str, Any]) -> dict[str, Any]:
    parameters = [{"name": f"argument {i}", "value": cut(word, 200)} for i, word in enumerate(step["words"], 1)]
    name = cut(", ".join(step["words"]) or step["comment"], 200)
    log = cut("\n".join(step["log"]), _MAX_LOG)
    return {"name": name, "status": step.get("status", "TODO"), "parameters": parameters} | ({"log": log} if log else {})


def _inline(address: str, number: int) -> dict[str, str] | None:
    """A picture that stands in the log itself."""
    found = _INLINE.fullmatch(address)
    if not found:
        return None
    try:
        data = base64.b64decode(unquote(found[2]))
    except (binascii.Error, ValueError):
        return None
    kind = found[1].lower()
    if not data:
        return None
    return file(f"screenshot-{number}.{kind.partition('/')[2].partition('+')[0]}", data, kind)


def _below(folder: Path, name: str, notes: list[str]) -> dict[str, str] | None:
    """A file below the output folder; a page of the web or a file elsewhere is none."""
    if re.match(r"[a-z][a-z0-9+.-]+:", name, re.IGNORECASE) or name.startswith("#"):
        return None
    root = folder.resolve()
    path = (root / unquote(re.split("[?#]", name, maxsplit=1)[0])).resolve()
    if not path.is_relative_to(root) or path.suffix.lower() in _NO_EVIDENCE or path == root:
        return None
    try:
        if path.stat().st_size > MAX_FILE:
            notes.append(f"The file {path.name} was not attached: it is larger than {MAX_FILE} bytes.")
            return None
        return file(path.name, path.read_bytes())
    except OSError as error:
        notes.append(f"The file {path.name} could not be attached: {error.strerror or error}")
        return None
