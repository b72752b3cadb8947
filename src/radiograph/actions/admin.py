# SPDX-License-Identifier: Apache-2.0
"""What administrators of the instance see of it: the audit, what it holds, what runs; its licence and its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from radiograph.actions import retention
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Refused
from radiograph.domain.retention import InstanceRules, problems_of
from radiograph.store import admin as store
from radiograph.store import audit, instance
from radiograph.store.admin import AuditRow  # noqa: TC001  (msgspec reads the annotations)
from radiograph.store.engines import database_bytes, free_bytes

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

PAGE = 100
STORAGE = "storage"


def check(caller: Caller) -> None:
    """Raise Forbidden for who doesn't administer the instance, or came with a token that is scoped."""
    if not caller.administers_instance:
        raise Forbidden("Only an administrator of the instance may do this.")


class Audit(Struct):
    """Audit rows, newest first, and where the next page starts ("": this is the last)."""

    rows: list[AuditRow]
    next: str


def audit_page(services: Services, caller: Caller, wanted: dict[str, str], before: str = "") -> Audit:
    """What was done: `wanted` has what the action begins with, the person, and a text of the subject. Raises Forbidden, Refused."""
    check(caller)
    at, _, number = before.partition("-")
    if before and not (at.isascii() and at.isdigit() and number.isascii() and number.isdigit() and len(before) < 40):  # noqa: PLR2004
        raise Refused("That page of the audit can't be found.")
    with services.db.read() as conn:
        rows = store.audit_rows(conn, wanted, (int(at), int(number)) if before else None, PAGE + 1)
    return Audit(rows[:PAGE], f"{rows[PAGE - 1].at_ms}-{rows[PAGE - 1].id}" if len(rows) > PAGE else "")


class Files(Struct, frozen=True):
    """Files of one kind in a project: of results, or of issues."""

    project: str
    kind: str
    files: int
    bytes: int


class Big(Struct, frozen=True):
    """An execution with many runs."""

    key: str
    summary: str
    runs: int


class Counted(Struct, frozen=True):
    """What takes many rows to find out, and when it was."""

    at_ms: int = 0
    files: list[Files] = []
    biggest: list[Big] = []


class Storage(Struct, frozen=True):
    """How much the instance holds, in bytes: the database, what of it is free, files of evidence as they were counted last."""

    database: int
    free: int
    counted: Counted


def storage(services: Services, caller: Caller) -> Storage:
    """How much the instance holds; what takes long as it was counted last. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        counted = msgspec.json.decode(instance.get_setting(conn, STORAGE, "{}"), type=Counted)
        return Storage(database_bytes(conn), free_bytes(conn), counted)


def count_storage(services: Services, caller: Caller | None = None) -> None:
    """Count the files of every project and find the biggest executions. Raises Forbidden."""
    if caller is not None:
        check(caller)
    with services.db.read() as conn:
        rows = store.evidence_by_project(conn)
        keys = store.names(conn, [row[0] for row in rows])
        files = [Files(keys.get(row[0], str(row[0])), *row[1:]) for row in rows]
        biggest = [Big(*row) for row in store.biggest_executions(conn, 20)]
    with services.db.write() as conn:
        instance.put_setting(conn, STORAGE, msgspec.json.encode(Counted(now_ms(), files, biggest)).decode())


def set_instance_rules(services: Services, caller: Caller, rules: InstanceRules) -> None:
    """For how many days audit rows and refused imports are kept; 0 for ever. Raises Forbidden, Refused."""
    check(caller)
    if problems := problems_of(rules):
        raise Refused(f"{'; '.join(problems)}.")
    with services.db.write() as conn:
        instance.put_setting(conn, retention.RULES, msgspec.json.encode(rules).decode())
        audit.note(conn, caller.id, "retention.set", "instance", msgspec.to_builtins(rules))


class JobLine(Struct, frozen=True):
    """A task as a list has it; who began it, None for nobody here."""

    id: int
    kind: str
    state: str
    done: int
    total: int
    message: str
    started_ms: int
    user: str | None


class Server(Struct, frozen=True):
    """What runs here: the kind of database, its address without the password, the licence, rules, and the newest tasks."""

    database: str
    address: str
    licensed: bool
    rules: InstanceRules
    jobs: list[JobLine]


def server(services: Services, caller: Caller) -> Server:
    """Facts of the server. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        jobs = [JobLine(*row) for row in store.recent_jobs(conn, 20)]
        kind = _database(conn)
        licensed, rules = instance.licence_is_active(conn), retention.instance_rules(conn)
    return Server(
        kind, services.db.shown_url, licensed, rules, [j if j.kind != "import/test/bulk" else structs.replace(j, message="") for j in jobs]
    )


def _database(conn: sa.Connection) -> str:
    version = ".".join(str(n) for n in conn.dialect.server_version_info or ())
    return f"{'SQLite' if conn.dialect.name == 'sqlite' else 'PostgreSQL'} {version}"


def set_licence(services: Services, caller: Caller, *, active: bool) -> None:
    """Let the licence be active or lapsed; imports are then refused in Xray's words. Raises Forbidden."""
    check(caller)
    with services.db.write() as conn:
        instance.put_setting(conn, "licence", "active" if active else "lapsed")
        audit.note(conn, caller.id, "licence.set", "active" if active else "lapsed")
