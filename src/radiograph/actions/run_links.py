# SPDX-License-Identifier: Apache-2.0
"""Adding and removing the defects and files of a run or of one of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.keys import parse_id, parse_issue_key
from radiograph.store import import_reads, run_edits
from radiograph.store import tables as t
from radiograph.store.runs import DefectRow, EvidenceRow

if TYPE_CHECKING:
    from radiograph.actions.editing import Editing
    from radiograph.domain.run_edits import DefectEdit, FileEdit


def edit_defects(e: Editing, step_id: int | None, edit: DefectEdit, label: str, warnings: list[str]) -> list[int]:
    """Link and unlink defects; an issue that isn't here is kept as one of elsewhere. Returns the rows that were removed.

    What is linked already, or isn't, is a warning. Raises Refused for what is neither a key nor an id.
    """
    own = [d for d in e.parts.defects if d.step_id == step_id]
    before = [d.key for d in own]
    gone = _unlinked(own, edit.remove, warnings)
    kept = [d for d in own if d not in gone]
    fresh = [text for text in edit.add if not _is_linked(kept, text.strip(), warnings)]
    added = [(issue, key) for issue, key in _named(e, fresh, warnings) if not _is_linked(kept, key, warnings)]
    added = list(dict.fromkeys(added))
    if gone:
        run_edits.remove_parts(e.conn, t.run_defects, e.row.project_id, [d.id for d in gone])
    run_edits.add_defects(e.conn, e.row, step_id, added)
    e.parts.defects = [d for d in e.parts.defects if d not in gone] + [DefectRow(0, step_id, i, k, None, None) for i, k in added]
    e.note(f"{label}defects", ", ".join(before), ", ".join([d.key for d in kept] + [k for _, k in added]))
    return [d.id for d in gone]


def _unlinked(own: list[DefectRow], wanted: list[str], warnings: list[str]) -> list[DefectRow]:
    gone: list[DefectRow] = []
    for text in wanted:
        number, key = parse_id(text.strip()), text.strip().upper()
        found = [d for d in own if d.key.upper() == key or (number is not None and d.issue_id == number)]
        if not found:
            warnings.append(f"{cut(text)} is no defect here, so it could not be removed")
        gone += [d for d in found if d not in gone]
    return gone


def _is_linked(kept: list[DefectRow], key: str, warnings: list[str]) -> bool:
    linked = any(d.key.upper() == key.upper() for d in kept)
    if linked:
        warnings.append(f"{cut(key)} is a defect here already")
    return linked


def _named(e: Editing, wanted: list[str], warnings: list[str]) -> list[tuple[int | None, str]]:
    """The issues of these keys and ids, those that the caller can see; others are of elsewhere."""
    texts = [text.strip() for text in wanted if text.strip()]
    bad = [text for text in texts if parse_id(text) is None and parse_issue_key(text) is None]
    if bad:
        problem = f"{cut(bad[0])} is not an issue key such as DEMO-7"
        raise Refused(f"defects: {problem}.", [Problem("defects", problem)])
    heads = import_reads.issue_heads(e.conn, [text.upper() for text in texts])
    ids = run_edits.issues_named(e.conn, [n for text in texts if (n := parse_id(text)) is not None])
    found: list[tuple[int | None, str]] = []
    for text in texts:
        number, head = parse_id(text), heads.get(text.upper())
        if number is not None:
            if number not in ids or e.caller.role_in(ids[number][1]) is None:
                raise Refused(f"There is no issue with the id {number}.", [Problem("defects", f"there is no issue with the id {number}")])
            found.append((number, ids[number][0]))
        elif head is None or e.caller.role_in(head[1]) is None:
            warnings.append(f"{cut(text.upper())} is no issue here; it is kept as one of another tracker")
            found.append((None, text.upper()))
        else:
            found.append((head[0], text.upper()))
    return found


def edit_files(e: Editing, step_id: int | None, edit: FileEdit, label: str, warnings: list[str]) -> tuple[list[int], list[int]]:
    """Add files (stored already) and remove others, by id or by name; the ids of the new ones, and of those removed."""
    own = [f for f in e.parts.evidence if f.step_id == step_id]
    by_id = {f.id: f for f in own}
    warnings += [f"there is no file {n} here, so it could not be removed" for n in edit.remove if n not in by_id]
    named = {f.filename for f in own}
    warnings += [f"there is no file {cut(n)} here, so it could not be removed" for n in edit.remove_named if n not in named]
    gone = [f for f in own if f.id in edit.remove or f.filename in edit.remove_named]
    if gone:
        run_edits.remove_parts(e.conn, t.run_evidence, e.row.project_id, [f.id for f in gone])
    new = run_edits.add_evidence(e.conn, e.row, step_id, edit.add, e.caller.id, e.now)
    added = [
        EvidenceRow(i, e.row.project_id, e.row.id, step_id, f.filename, f.content_type, f.size, f.sha256, e.now, e.caller.id)
        for i, f in zip(new, edit.add, strict=True)
    ]
    e.parts.evidence = [f for f in e.parts.evidence if f not in gone] + added
    kept = [f.filename for f in own if f not in gone]
    e.note(f"{label}evidence", ", ".join(f.filename for f in own), ", ".join(kept + [f.filename for f in added]))
    return new, [f.id for f in gone]
