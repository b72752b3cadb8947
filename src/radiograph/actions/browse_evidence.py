# SPDX-License-Identifier: Apache-2.0
"""What the page of a file shows: whose it is, what lies beside it, its lines, and how the same file was in the last pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.hidden import hide_in_rows
from radiograph.domain.errors import NotFound
from radiograph.evidence import lines
from radiograph.evidence.kinds import kind_of
from radiograph.store import attachments, executions, import_reads, run_evidence, runs

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.runs import EvidenceRow, RunRow

WINDOW, MATCHES = 500, 200
"""How many lines, and how many lines that match, a page shows."""
_LONGEST, _AROUND = 4000, 1000
_LOOK_BACK = 25
_HEAD = 4096
_INDEXES: dict[str, lines.Index] = {}
_INDEXED = 512
"""So many indexes of files are kept; one takes some hundred bytes for 100 MB."""


class Earlier(Struct):
    """The file of the same name in a run that passed; `alike`: on just the same test environments."""

    file: EvidenceRow
    run: RunRow
    alike: bool


class EvidencePage(Struct):
    """A file, the run that it belongs to (None: it is an issue's, `issue` is its key), and the files beside it.

    `kind` is how it is shown (`evidence/kinds.py`); `lies` says that it calls itself a text and is none.
    """

    file: EvidenceRow | AttachmentRow
    kind: str
    lies: bool
    author: str
    issue: str = ""
    run: RunRow | None = None
    attempt: int | None = None
    beside: list[EvidenceRow] = []
    earlier: Earlier | None = None


class Lines(Struct):
    """Lines of a text: `total` of the file, `matching` with the text that was looked for (None: none was), and some of these."""

    total: int
    matching: int | None
    rows: list[lines.Line]


def evidence_page(services: Services, caller: Caller, number: int) -> EvidencePage:
    """A file by its id; raises NotFound."""
    with services.db.read() as conn:
        row = runs.find_evidence(conn, number)
        if row is not None and caller.role_in(row.project_id) is not None:
            found = _of_run(conn, caller, row)
        else:
            found = _of_issue(conn, caller, number)
        found.author = runs.people(conn, [found.file.author_id]).get(found.file.author_id or 0, "")
    if found.kind in {"text", "json", "har"} and b"\0" in _head(services, found.file.sha256):
        found.kind, found.lies = "file", True
    return found


def _of_issue(conn: sa.Connection, caller: Caller, number: int) -> EvidencePage:
    file = attachments.find_attachment(conn, number)
    if file is None or caller.role_in(file.project_id) is None:
        raise NotFound(f"There is no attachment {number}.")
    key = executions.keys(conn, [file.issue_id]).get(file.issue_id, "")
    return EvidencePage(file, kind_of(file.content_type, file.filename), lies=False, author="", issue=key)


def _of_run(conn: sa.Connection, caller: Caller, row: EvidenceRow) -> EvidencePage:
    run_id, attempt = run_evidence.owner(conn, row)
    run = runs.find_run(conn, run_id)
    if run is None:
        raise NotFound(f"There is no attachment {row.id}.")
    hide_in_rows(caller, [run])
    kind = kind_of(row.content_type, row.filename)
    earlier = _earlier(conn, caller, run, row.filename) if kind == "image" else None
    beside = run_evidence.evidence_of(conn, row.project_id, row.run_id)
    return EvidencePage(row, kind, lies=False, author="", run=run, attempt=attempt, beside=beside, earlier=earlier)


def _earlier(conn: sa.Connection, caller: Caller, run: RunRow, filename: str) -> Earlier | None:
    """The image of this name in the last pass before a run that has one, among the Test's 25 runs before it.

    One on the same test environments is preferred: a page looks otherwise on a phone.
    """
    table, _ = import_reads.status_tables(conn)
    before = runs.runs_of_test(conn, run.test_id, run.id, _LOOK_BACK)
    passed = {r.id: r for r in before if table.by_id[r.status_id].requirement == "OK" and caller.role_in(r.project_id) is not None}
    if not passed:
        return None
    files = run_evidence.same_named(conn, sorted({r.project_id for r in passed.values()}), list(passed), filename)
    files = [f for f in files if kind_of(f.content_type, f.filename) == "image"]
    heads = executions.executions(conn, [run.execution_id, *(passed[f.run_id].execution_id for f in files)])
    own = heads[run.execution_id].environments
    newest = sorted(files, key=lambda f: (heads[passed[f.run_id].execution_id].environments == own, f.run_id), reverse=True)
    if not newest:
        return None
    hide_in_rows(caller, [passed[newest[0].run_id]])
    return Earlier(newest[0], passed[newest[0].run_id], heads[passed[newest[0].run_id].execution_id].environments == own)


def _head(services: Services, sha256: str) -> bytes:
    with services.evidence.open(sha256) as file:
        return file.read(_HEAD)


def read_lines(services: Services, sha256: str, text: str, first: int) -> Lines:
    """Lines from number `first` on; with a text only those that have it in them, from the first above `first` - 1.

    Raises NotFound when the file is missing.
    """
    index = _index(services, sha256)
    with services.evidence.open(sha256) as file:
        if text:
            found = lines.lines_with(file, text, first - 1, MATCHES, _AROUND)
            return Lines(index.lines, found.count, found.lines)
        return Lines(index.lines, None, lines.window(file, index, first, WINDOW, _LONGEST))


def _index(services: Services, sha256: str) -> lines.Index:
    """The index of a file's lines; a file never changes, since its name is the hash of what is in it."""
    found = _INDEXES.get(sha256)
    if found is None:
        with services.evidence.open(sha256) as file:
            found = _INDEXES[sha256] = lines.index_of(file)
        while len(_INDEXES) > _INDEXED:
            _INDEXES.pop(next(iter(_INDEXES)), None)
    return found


def read_whole(services: Services, sha256: str, most: int) -> bytes | None:
    """A file of at most `most` bytes; None for a bigger one. Raises NotFound when the file is missing."""
    with services.evidence.open(sha256) as file:
        data = file.read(most + 1)
    return data if len(data) <= most else None
