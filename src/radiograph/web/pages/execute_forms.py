# SPDX-License-Identifier: Apache-2.0
"""What the forms of manual execution send, where no script does it: the same changes, by the same rules."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from radiograph.actions import manual, manual_bugs
from radiograph.actions.editing import check_may_edit
from radiograph.actions.files import plain_file
from radiograph.actions.manual_bugs import BugReport
from radiograph.actions.manual_page import manual_run
from radiograph.domain.errors import Refused
from radiograph.domain.keys import parse_id
from radiograph.domain.manual import ManualChange, ManualOutcome, ManualPlace
from radiograph.web import multipart
from radiograph.web.addresses import number
from radiograph.web.manual.state import state_of
from radiograph.web.pages import forms
from radiograph.web.pages.execute import Conflict, address, execute, shown
from radiograph.web.pages.execute_items import items_of
from radiograph.web.spool import receive
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller
    from radiograph.domain.report import EvidenceFile
    from radiograph.web.spool import Spool

_LONGEST = 4 * 1024**2


class _Sent:
    """A form: its fields, each with all its values, and its files by the name of their field."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}
        self.files: list[tuple[str, EvidenceFile]] = []

    def add(self, name: str, value: str) -> None:
        """Keep a value, as a database can."""
        self.fields.setdefault(forms.storable(name), []).append(forms.storable(value))

    def text(self, name: str) -> str:
        """A field's first value, lines ending as they do here; "" when it is absent."""
        return self.fields.get(name, [""])[0].replace("\r\n", "\n")

    def place(self) -> ManualPlace:
        """The step, row or iteration that the form is about."""
        found = {name: parse_id(self.text(name)) or 0 for name in ("iteration", "step", "example")}
        return ManualPlace(**found if found["step"] else found | {"iteration": 0})


async def execute_page(request: Request, caller: Caller) -> Response:
    """The page, or what a form of it sends."""
    return await (send if request.method == "POST" else execute)(request, caller)


async def send(request: Request, caller: Caller) -> Response:
    """Carry out a form, and lead on: to the next step, or back to this one, with what was refused in words."""
    run_id = number(request, "id")
    spool = await receive(request)
    try:
        await read(request, check_may_edit, caller, run_id)
        sent = await _read(request, spool)
        said = await _bug(request, caller, sent) if "bug-summary" in sent.fields else ""
        changes = _changes(sent)
        outcomes: list[ManualOutcome] = await write(request, manual.apply_changes, caller, run_id, changes)
        clashes = [_clash(change, o) for change, o in zip(changes, outcomes, strict=True) if o.outcome == "conflict"]
        for i, (name, file) in enumerate(sent.files):
            place = ManualPlace() if name.startswith("run-") else sent.place()
            await write(request, manual.add_file, caller, run_id, place, f"{_token(sent)}-file{i}", file)
    finally:
        spool.close()
    if clashes:
        return await shown(request, caller, clashes, {n: sent.text(n) for n in ("status", "actual", "comment") if n in sent.fields})
    refused = " ".join(o.message for o in outcomes if o.outcome == "refused")
    to = await _onward(request, caller, sent) if sent.text("go") == "next" and not refused else sent.place()
    return forms.done(
        request, address(run_id, {n: getattr(to, n) for n in to.__struct_fields__}), refused or said or "Saved.", wrong=bool(refused)
    )


async def _read(request: Request, spool: Spool) -> _Sent:
    """The form, of either encoding. Raises Refused for a body that is none."""
    sent, kind = _Sent(), request.headers.get("content-type", "")
    body = spool.view()
    boundary = multipart.boundary_of(kind, bytes(body[:1024])) if kind.startswith("multipart/") else None
    if boundary is None:
        for name, value in parse_qsl(bytes(body[:_LONGEST]).decode("utf-8", "replace"), keep_blank_values=True):
            sent.add(name, value)
        return sent
    for part in multipart.parts_of(body, boundary):
        if part.name.endswith("file") and part.filename:
            sent.files.append((part.name, plain_file(part.filename, part.content_type, part.data)))
        elif not part.name.endswith("file"):
            sent.add(part.name, bytes(part.data[:_LONGEST]).decode("utf-8", "replace"))
    return sent


def _token(sent: _Sent) -> str:
    return sent.text("id")[:32] or secrets.token_hex(8)


def _changes(sent: _Sent) -> list[ManualChange]:
    """The changes that a form means: each field that says something else than what it was shown with."""
    place, token = sent.place(), _token(sent)
    found: list[dict[str, Any]] = []
    where = {"iteration": place.iteration, "step": place.step, "example": place.example}
    for name, field, spot in (
        ("status", "status", where),
        ("actual", "actual", where),
        ("comment", "comment", where),
        ("run-comment", "comment", {}),
    ):
        if name in sent.fields and f"was-{name}" in sent.fields and sent.text(name) != sent.text(f"was-{name}"):
            found.append({"field": field, "value": sent.text(name), "was": sent.text(f"was-{name}"), **spot})
    for prefix, spot in (("", where), ("run-", {})):
        for name, field in (("defect", "add-defect"), ("remove-defect", "remove-defect"), ("remove-file", "remove-file")):
            if sent.text(prefix + name).strip():
                found.append({"field": field, "value": sent.text(prefix + name).strip(), **spot})
    found += [*_custom(sent), *_of_run(sent)]
    return [ManualChange(id=f"{token}-{i}{c['field'][:4]}", **c) for i, c in enumerate(found)]


def _custom(sent: _Sent) -> list[dict[str, Any]]:
    """The custom fields that were filled in otherwise than they were."""
    found = []
    names = {n.removeprefix("was-") for n in sent.fields if n.startswith("was-custom-")} | {
        f"custom-{n}" for n in sent.fields.get("many", [])
    }
    for name in sorted(names):
        many = name.removeprefix("custom-") in sent.fields.get("many", [])
        value, was = (sent.fields.get(n, []) if many else sent.text(n) for n in (name, f"was-{name}"))
        if value != was:
            found.append({"field": "custom", "key": name.removeprefix("custom-"), "value": value, "was": was})
    return found


def _of_run(sent: _Sent) -> list[dict[str, Any]]:
    if sent.text("timer"):
        return [{"field": "timer", "value": sent.text("timer")}]
    if sent.text("finish"):
        return [{"field": "finish", "value": sent.text("value"), "was": sent.text("was-run")}]
    return [{"field": "open"}] if sent.text("open") else []


def _clash(change: ManualChange, outcome: ManualOutcome) -> Conflict:
    where = f"Step {change.step}" if change.step else f"Row {change.example}" if change.example else "The run"
    return Conflict(f"{where}, {change.field}", outcome.by, str(outcome.theirs or ""), str(change.value))


async def _bug(request: Request, caller: Caller, sent: _Sent) -> str:
    place, said = sent.place(), [sent.text(f"bug-{n}").strip() for n in ("project", "summary", "description")]
    bug = BugReport(id=_token(sent), project=said[0], summary=said[1], description=said[2], iteration=place.iteration, step=place.step)
    done: ManualOutcome = await write(request, manual_bugs.report_bug, caller, number(request, "id"), bug)
    return f"{done.issue} is reported and linked."


async def _onward(request: Request, caller: Caller, sent: _Sent) -> ManualPlace:
    """The step behind the one of the form, or that one when it is the last."""
    found = await read(request, manual_run, caller, number(request, "id"))
    here = sent.place()
    items = items_of(state_of(found, "", 0), here.iteration)
    at = next((i for i, x in enumerate(items) if x.place == here), None)
    if at is None:
        raise Refused("There is no such step in this run.")
    return items[min(at + 1, len(items) - 1)].place
