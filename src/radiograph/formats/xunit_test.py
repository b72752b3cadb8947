# SPDX-License-Identifier: Apache-2.0
"""A test of an xUnit.net report: which Test it is of, its status, what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.report import TestResult
from radiograph.formats.dotnet_names import are_named, name_of, parameters
from radiograph.formats.dotnet_properties import Stated
from radiograph.formats.dotnet_results import add_output, give_times
from radiograph.formats.failure_text import failure_text
from radiograph.formats.reading import base64_file, derived_test, plain_file
from radiograph.formats.rounds import Round
from radiograph.formats.xunit_text import unescaped

if TYPE_CHECKING:
    from radiograph.domain.report import EvidenceFile
    from radiograph.formats.xml_events import Element

_STATUSES = {"pass": "PASS", "fail": "FAIL", "skip": "TODO", "notrun": "TODO", "undefined": "TODO"}
"""`undefined` is what jest-xunit writes of a test that was skipped."""


class Test(Struct):
    """A test as it was read; `other` are names of traits that mean nothing here."""

    __test__ = False

    result: TestResult
    definition: str
    one_round: Round | None
    other: list[str]


def read_test(element: Element, index: int, *, methods: bool, keep_output: bool) -> Test | None:
    """Read a test; None when nothing names it. Without `methods` its writer knows of none, and display names tell tests apart."""
    display, kind = unescaped(element.get("name")), element.get("type")
    method = element.get("method") if methods else display
    arguments = _arguments(display, f"{kind}.{method}" if kind and method else "", method)
    plain = display if arguments is None else display[: -len(arguments) - 2]
    definition = f"{kind}.{method}" if kind and method else plain
    if not definition.strip():
        return None
    result = TestResult(index, place=f"line {element.line}", info=derived_test(definition, _summary(plain, definition)))
    written = element.get("result").strip()
    result.status = _STATUSES.get(written.lower(), written)
    other = _state(element, result)
    duration = element.get("time-rtf") or element.get("time")
    give_times(result, element.get("start-rtf"), element.get("finish-rtf"), duration)
    if element.children:
        result.comment = _comment(element, failed=result.status == "FAIL")
        result.evidence = [_attachment(a) for group in element.all("attachments") for a in group.all("attachment")]
        if keep_output:
            add_output(result, "".join(o.text for o in element.all("output")))
    one = None if arguments is None else Round(result, _last_part(display, definition), parameters(arguments), duration)
    return Test(result, definition, one, other)


def _arguments(display: str, definition: str, method: str) -> str | None:
    """The arguments in a theory's display name; a name that people gave may end in brackets that are none."""
    if not display.endswith(")"):
        return None
    found = name_of(display, spaced=True)
    if found.arguments is not None:
        is_name_of_method = not definition or found.plain in {definition, method}
        return found.arguments if is_name_of_method or are_named(found.arguments) else None
    # quotes that xUnit.net cut off don't match, yet all that follows the method's name is arguments
    for start in filter(None, (definition, method)):
        if display.startswith(f"{start}(") and display.endswith(")"):
            return display[len(start) + 1 : -1]
    return None


def _summary(plain: str, definition: str) -> str:
    """The display name if people gave one, else the method."""
    return plain if plain not in {"", definition} else _last_part(plain or definition, definition)


def _last_part(display: str, definition: str) -> str:
    """A display name without the class that xUnit.net puts before the method."""
    owner = definition.rpartition(".")[0]
    return display[len(owner) + 1 :] if owner and " " not in owner and display.startswith(f"{owner}.") else display


def _state(element: Element, result: TestResult) -> list[str]:
    stated = Stated()
    for group in element.all("traits"):
        for trait in group.all("trait"):
            stated.add(unescaped(trait.get("name")), unescaped(trait.get("value")))
    if result.info:
        stated.give(result, result.info)
    return stated.other


def _comment(element: Element, *, failed: bool) -> str:
    """Why a test failed or was skipped, and its warnings; what it printed where a failure is told nowhere else."""
    failure, reason = element.find("failure"), element.find("reason")
    said = [unescaped((reason.find("message") or reason).text).strip()] if reason else []
    if failure:
        message, trace = failure.find("message"), failure.find("stack-trace")
        text = unescaped(message.text) if message else ""
        said.insert(0, failure_text(failure.get("exception-type"), text, trace.text if trace else ""))
    said += [unescaped(w.text).strip() for group in element.all("warnings") for w in group.all("warning")]
    if failed and not any(said):
        said = [o.text.strip() for o in element.all("output")]
    return "\n\n".join(filter(None, said))


def _attachment(element: Element) -> EvidenceFile:
    """A file of xUnit.net 3: base64 with a media type, else a text."""
    name, kind, place = element.get("name") or "attachment", element.get("media-type"), f"line {element.line}"
    if kind:
        return base64_file(name, kind, element.text, place)
    return plain_file(name, "text/plain", element.text.encode("utf-8", "replace"), place)
