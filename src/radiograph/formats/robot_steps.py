# SPDX-License-Identifier: Apache-2.0
"""The keywords of a Robot Framework test as steps: what was called, what came of it, and the pictures in its log."""

from __future__ import annotations

import html
import re
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from radiograph.domain.errors import cut
from radiograph.domain.report import EvidenceFile, StepResult
from radiograph.formats.reading import base64_file, plain_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from radiograph.formats.xml_events import Element

STATUSES = {"PASS": "PASS", "FAIL": "FAIL", "SKIP": "TODO", "NOT RUN": "TODO", "NOT_RUN": "TODO"}
HTML = "*HTML*"
_CELLS = "    "
"""What stands between a keyword and its arguments, as Robot Framework's own files have it."""
_CONTROL = frozenset({"for", "if", "try", "while", "group", "variable", "return", "break", "continue", "error"})
_CALLS = _CONTROL | {"kw"}
_BELOW = _CALLS | {"iter", "branch"}
_TOLD = frozenset({"WARN", "ERROR", "SKIP"})
_MOST_LINES = 200
_BREAK = re.compile(r"<(?:br|hr|/p|/div|/tr|/li|/h[1-6])\b[^<>]*>\s?", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_LINK = re.compile(r"""\b(?:src|href)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w=.+-]+)*),", re.IGNORECASE)
_ELSEWHERE = re.compile(r"#|(?!file:)[A-Za-z][A-Za-z0-9+.-]+:|//", re.IGNORECASE)
_ENDINGS = {"jpeg": "jpg", "svg+xml": "svg", "plain": "txt", "x-msvideo": "avi", "octet-stream": "bin"}


class Log(Struct):
    """What the messages of one test gave beside its steps: warnings, and all that was logged."""

    place: str
    warnings: list[str] = []
    printed: list[str] | None = None
    files: int = 0
    missing: set[str] = set()


def steps_of(test: Element, log: Log) -> list[StepResult]:
    """A step for each keyword and control structure of a test's body, setup and teardown among them."""
    return [_step(item, log) for item in test.children if item.name in _CALLS]


def failure_of(item: Element) -> str:
    """What a keyword failed with: the innermost messages."""
    return _step(item, Log("")).comment


def status_of(item: Element) -> tuple[str, str]:
    """The status of an element as it was written, and its message."""
    for child in reversed(item.children):  # it is the last, or nearly
        if child.name == "status":
            return child.get("status"), child.text.strip()
    return "", ""


def plain_text(text: str) -> str:
    """A message without the marks of HTML, where it has any."""
    return _without_tags(text[len(HTML) :]).strip() if text.startswith(HTML) else text


def files_in(text: str, log: Log) -> list[EvidenceFile]:
    """The files that a message in HTML holds; those that it only names are warned of, once."""
    found = []
    for match in _LINK.finditer(text):
        address = html.unescape(match[1] or match[2] or "").strip()
        held = _DATA.match(address)
        if held:
            log.files += 1
            found.append(_embedded(address, held, log))
        elif address and not _ELSEWHERE.match(address) and address not in log.missing:
            log.missing.add(address)
            log.warnings.append(f"{log.place}: the report names the file {cut(address)}, but doesn't hold it")
    return found


def _embedded(address: str, held: re.Match[str], log: Log) -> EvidenceFile:
    kind = (held[1] or "text/plain").lower()
    family, _, ending = kind.partition("/")
    name = f"{'screenshot' if family == 'image' else 'file'}-{log.files}.{_ENDINGS.get(ending, ending)}"
    if held[2].lower().endswith(";base64"):
        return base64_file(name, kind, unquote_to_bytes(address[held.end() :]).decode("utf-8", "replace"), log.place)
    return plain_file(name, kind, unquote_to_bytes(address[held.end() :]), log.place)


class _Found(Struct):
    """What is found below one step: lines for its comment (with the texts that they tell), and files."""

    failed: bool
    lines: list[str] = []
    seen: set[str] = set()
    evidence: list[EvidenceFile] = []


def _step(item: Element, log: Log) -> StepResult:
    status, _ = status_of(item)
    found = _Found(status == "FAIL")
    _walk(item, (), found, log)
    lines = found.lines[:_MOST_LINES]
    if len(found.lines) > len(lines):
        lines.append(f"... and {len(found.lines) - len(lines)} more messages")
    header = sys.intern(_header(item))  # the same keywords are called again and again
    return StepResult(STATUSES.get(status, status), "\n".join(lines), header, found.evidence)


def _walk(item: Element, path: tuple[str, ...], found: _Found, log: Log) -> None:
    for child in item.children:
        if child.name == "msg":
            _message(child, path, found, log)
        elif child.name in _BELOW:
            _walk(child, (*path, child.get("name")) if child.name == "kw" else path, found, log)
    if found.failed:
        status, text = status_of(item)
        if text and status == "FAIL":
            _tell(plain_text(text), path, found)


def _message(item: Element, path: tuple[str, ...], found: _Found, log: Log) -> None:
    level, text = item.get("level"), item.text
    if item.get("html") in {"yes", "true"}:
        found.evidence += files_in(text, log)
        text = _without_tags(text).strip()
    if log.printed is not None:
        log.printed.append(f"{level:5} {text}")
    if level in _TOLD:
        _tell(text if level == "SKIP" else f"{level}: {text}", path, found)
    elif level == "FAIL" and found.failed:
        _tell(text, path, found)


def _tell(text: str, path: tuple[str, ...], found: _Found) -> None:
    """Note a message with the keywords below the step that it came from; the same one from further out says nothing new."""
    if text and text not in found.seen:
        found.seen.add(text)
        found.lines.append(f"{' > '.join(path)}: {text}" if path else text)


def _without_tags(text: str) -> str:
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))


def _header(item: Element) -> str:
    """What a step does, as its line in a file of Robot Framework's would be."""
    if item.name == "kw":
        return _keyword(item)
    if item.name in {"if", "try"}:
        return " / ".join(_branch(b) for b in item.all("branch")) or item.name.upper()
    given = [c.text for c in item.children if c.name in {"value", "arg"}]
    named = [c.text for c in item.children if c.name == "var"]
    if item.name == "for":
        return _join("FOR", *named, item.get("flavor", "IN"), *given)
    if item.name == "variable":
        return _join("VAR", item.get("name"), *named)
    if item.name == "error":
        return _join(*given)
    return _join(item.name.upper(), item.get("condition") or item.get("name"), *given)


def _branch(item: Element) -> str:
    return _join(item.get("type"), item.get("condition"), *(c.text for c in item.all("pattern")))


def _keyword(item: Element) -> str:
    """A call; `type` and the lists of arguments are as any version of Robot Framework since 3 writes them."""
    kind, name = item.get("type").lower(), item.get("name")
    if kind == "for":
        return f"FOR{_CELLS}{name}"
    assigned = " ".join(_texts(item, "assign", "var"))
    call = _join(f"{assigned} =" if assigned else "", name, *_texts(item, "arguments", "arg"))
    return f"{kind.title()}: {call}" if kind in {"setup", "teardown"} else call


def _texts(item: Element, around: str, name: str) -> list[str]:
    found = []
    for child in item.children:
        if child.name == name:
            found.append(child.text)
        elif child.name == around:
            found += [c.text for c in child.all(name)]
    return found


def _join(*cells: str) -> str:
    return _CELLS.join(_filled(cells))


def _filled(cells: Iterable[str]) -> list[str]:
    return [cell for cell in cells if cell]
