# SPDX-License-Identifier: Apache-2.0
"""Import records: what each import was, how it went, how long its phases took."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field

from radiograph.domain.clock import now_ms
from radiograph.domain.errors import DomainError
from radiograph.store import audit, projects
from radiograph.store import import_records as store
from radiograph.store.blocks import take_ids

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.import_plan import Ids
    from radiograph.domain.outcome import Outcome
    from radiograph.domain.people import Caller
    from radiograph.domain.undo import Made

_KEPT = 500
"""Warnings kept in a record; the answer always has all."""
_NO_PROJECT = 0


class Sent(Struct):
    """What was sent: the format, the bytes of the body and its SHA-256; and the phases' seconds."""

    format: str
    size: int
    sha256: str
    phases: dict[str, float] = field(default_factory=dict)
    _mark: float = field(default_factory=time.perf_counter)

    def done(self, phase: str) -> None:
        """Note how long it took since the last phase."""
        now = time.perf_counter()
        self.phases[phase] = round(now - self._mark, 6)
        self._mark = now


def record_success(
    conn: sa.Connection, caller: Caller, sent: Sent, project_id: int, outcome: Outcome, ids: Ids, now: int, made: Made
) -> None:
    """Keep the record and the audit row of an import, inside its own transaction."""
    store.record_import(conn, {
        "id": ids.import_id, "project_id": project_id, "execution_id": outcome.execution.id, "user_id": caller.id,
        "at_ms": now, "format": sent.format, "outcome": "partial" if outcome.errors else "stored", "bytes": sent.size,
        "sha256": sent.sha256, "counts": json.dumps(outcome.counts), "phases": json.dumps(sent.phases),
        "warnings": json.dumps(_warnings(outcome), ensure_ascii=False), "made": msgspec.json.encode(made).decode(),
    })  # fmt: skip
    audit.note(conn, caller.id, "import", outcome.execution.key, outcome.counts, audit_id=ids.audit_id)


def _warnings(outcome: Outcome) -> list[str]:
    refused = [f"{p.path}: {p.problem}" for r in outcome.errors for p in r.problems]
    odd = [f"{w.test_key}: {text}" for w in outcome.warnings for text in w.warnings]
    texts = [*refused, *odd, *outcome.messages]
    return texts if len(texts) <= _KEPT else [*texts[:_KEPT], f"and {len(texts) - _KEPT} more"]


def record_refusal(services: Services, caller: Caller, sent: Sent, error: DomainError, project_key: str = "") -> None:
    """Keep the record of an import that was refused; never in the way of the refusal itself.

    It belongs to the project that it named, where the caller can see that.
    """
    with contextlib.suppress(DomainError), services.db.write() as conn:
        project = projects.find_project(conn, project_key) if project_key else None
        known = project.id if project is not None and caller.role_in(project.id) is not None else None
        details = [f"{p.path}: {p.problem}" for p in error.details[:_KEPT]]
        store.record_import(conn, {
            "id": take_ids(conn, "import", known or _NO_PROJECT, 1), "project_id": known, "user_id": caller.id, "at_ms": now_ms(), "format": sent.format,
            "outcome": "refused", "bytes": sent.size, "sha256": sent.sha256, "phases": json.dumps(sent.phases),
            "warnings": json.dumps(details, ensure_ascii=False), "error": error.message,
        })  # fmt: skip
