# SPDX-License-Identifier: Apache-2.0
"""Writes an execution as a JUnit report with Xray's extension properties (Xray docs, Taking advantage of JUnit XML reports)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from radiograph.domain.clock import format_instant
from radiograph.formats.exported import base64_pieces, first_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.formats.exported import ExportedExecution, ExportedRun, ExportOptions

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = _TEXT | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_TEXT_TABLE, _ATTRIBUTE_TABLE = str.maketrans(_TEXT), str.maketrans(_ATTRIBUTE)


def write_junit(execution: ExportedExecution, runs: Iterable[ExportedRun], options: ExportOptions) -> Iterator[bytes]:
    """The report, run by run: one suite, which is the execution."""
    counts = execution.counts
    head: dict[str, Any] = {
        "name": execution.summary, "tests": sum(counts.values()), "failures": counts.get("NOK", 0), "errors": 0,
        "skipped": counts.get("NOTRUN", 0),
    }  # fmt: skip
    if execution.begin and execution.end:
        head["time"] = f"{max(0, execution.end.ms - execution.begin.ms) / 1000:.3f}"
    stamp = {"timestamp": format_instant(execution.begin.ms, execution.begin.offset)} if execution.begin else {}
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{_attributes(head)}>\n<testsuite{_attributes(head | stamp)}>\n'.encode()
    for run in runs:
        yield from _case(run, evidence=options.evidence)
    yield b"</testsuite>\n</testsuites>\n"


def _case(run: ExportedRun, *, evidence: bool) -> Iterator[bytes]:
    group, dot, name = run.definition.rpartition(".") if run.type == "Generic" else ("", "", "")
    times = {"started-at": run.start, "finished-at": run.finish}
    attributes = {"classname": group if dot else run.test_key.rpartition("-")[0], "name": name if dot and name else run.name}
    attributes |= {attribute: format_instant(at.ms, at.offset) for attribute, at in times.items() if at}
    if run.took_ms is not None:
        attributes["time"] = f"{run.took_ms / 1000:.3f}"
    yield f"<testcase{_attributes(attributes)}>\n<properties>\n{''.join(_properties(run))}".encode()
    if evidence and run.files:
        yield from _evidence(run)
    yield f"</properties>\n{_outcome(run)}</testcase>\n".encode()


def _properties(run: ExportedRun) -> Iterator[str]:
    values = {"test_key": run.test_key, "test_summary": run.summary, "requirements": ",".join(run.requirements)}
    yield from (f"<property{_attributes({'name': name, 'value': value})}/>\n" for name, value in values.items() if value)
    if run.comment and run.requirement != "NOK":
        yield f'<property name="testrun_comment">{_text(run.comment)}</property>\n'
    items = [(str(f.get("name") or f.get("id") or ""), _field_value(f.get("value"))) for f in run.custom_fields]
    if items:
        inner = "".join(f"<item{_attributes({'name': name})}>{_text(value)}</item>\n" for name, value in items)
        yield f'<property name="testrun_customfields">\n{inner}</property>\n'


def _field_value(value: Any) -> str:  # noqa: ANN401  (any JSON)
    r"""Several values are joined with `;`; one inside a value, or a backslash, has a backslash before it (Xray's JUnit listener)."""
    values = value if isinstance(value, list) else [value]
    texts = [one if isinstance(one, str) else "" if one is None else json.dumps(one, ensure_ascii=False) for one in values]
    escaped = [one.replace("\\", "\\\\").replace(";", "\\;") for one in texts]
    return ";".join(escaped) if isinstance(value, list) or ";" in texts[0] else texts[0]


def _evidence(run: ExportedRun) -> Iterator[bytes]:
    yield b'<property name="testrun_evidence">\n'
    for file in run.files:
        yield f"<item{_attributes({'name': file.filename, 'type': file.content_type})}>".encode()
        yield from base64_pieces(file)
        yield b"</item>\n"
    yield b"</property>\n"


def _outcome(run: ExportedRun) -> str:
    """A status that fails a requirement is a failure, one that leaves it untested is skipped."""
    if run.requirement == "NOK":
        return f"<failure{_attributes({'message': first_line(run.comment)})}>{_text(run.comment)}</failure>\n"
    return "<skipped/>\n" if run.requirement == "NOTRUN" else ""


def _attributes(values: dict[str, Any]) -> str:
    return "".join(f' {name}="{_held(str(value)).translate(_ATTRIBUTE_TABLE)}"' for name, value in values.items())


def _text(text: str) -> str:
    return _held(text).translate(_TEXT_TABLE)


def _held(text: str) -> str:
    """The text with U+FFFD for each character that XML can't hold."""
    return _FORBIDDEN.sub("\ufffd", text)
