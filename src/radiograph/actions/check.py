# SPDX-License-Identifier: Apache-2.0
"""A doctor for an instance: what is wrong, and how to mend it."""

from __future__ import annotations

import hashlib
import shutil
from typing import IO, TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.errors import NotFound
from radiograph.store import checks, recounts, test_names, test_versions
from radiograph.store.engines import SOUND_SQLITE, sqlite_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from radiograph.actions.services import Services
    from radiograph.evidence.port import EvidenceStore

_ROOM = 1 << 30
_PIECE = 1 << 20
_SHOWN = 5
_RESTORE = "restore the data folder from a backup, and tell the developers: this must not happen"


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    good: bool
    what: str
    mend: str = ""


def examine(services: Services, *, deep: bool = False) -> Iterator[Finding]:
    """Look at the disk, the database and the evidence; `deep` looks at every row and file."""
    yield _room(services)
    if services.db.is_sqlite:
        yield _sqlite()
    with services.db.read() as conn:
        state = checks.integrity(conn)
    yield Finding(state == "ok", f"the database file: {state}", "" if state == "ok" else _RESTORE)
    yield from _missing_evidence(services, deep=deep)
    if deep:
        yield from _rows(services)


def _room(services: Services) -> Finding:
    free = shutil.disk_usage(services.settings.data).free
    text = f"{free / _ROOM:.1f} GiB are free in the data folder"
    return Finding(free > _ROOM, text, "" if free > _ROOM else "free some disk: imports are refused when it is full")


def _sqlite() -> Finding:
    version = sqlite_version()
    text = f"SQLite {'.'.join(map(str, version))}"
    good = version >= SOUND_SQLITE
    return Finding(good, text, "" if good else "install pysqlite3: versions before 3.51.3 can corrupt a database that two processes write")


def _missing_evidence(services: Services, *, deep: bool) -> Iterator[Finding]:
    with services.db.read() as conn:
        hashes = list(checks.evidence_hashes(conn))
    bad = [h for h in hashes if not _sound(services.evidence, h, deep=deep)]
    text = f"{len(hashes)} evidence files are named, {len(bad)} of them are missing or damaged{': ' + ', '.join(bad[:3]) if bad else ''}"
    yield Finding(not bad, text, "copy the evidence folder back from a backup" if bad else "")


def _sound(store: EvidenceStore, sha256: str, *, deep: bool) -> bool:
    if not deep and store.path(sha256) is not None:
        return True
    try:
        with store.open(sha256) as file:
            return not deep or _digest(file) == sha256
    except NotFound:
        return False


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in iter(lambda: file.read(_PIECE), b""):
        digest.update(piece)
    return digest.hexdigest()


def _rows(services: Services) -> Iterator[Finding]:
    with services.db.read() as conn:
        for what, ids in checks.dangling(conn):
            text = f"every {what} has its target" if not ids else f"{what} has no target, for example in rows {ids}"
            yield Finding(not ids, text, _RESTORE if ids else "")
        for what, wrong in (("counts by status", recounts.wrong_counts(conn)), ("ranks of runs", recounts.wrong_ranks(conn))):
            text = f"the {what} are right" if not wrong else f"the {what} are wrong in executions {sorted(wrong)[:_SHOWN]}"
            yield Finding(not wrong, text, _RESTORE if wrong else "")
        runs = (
            ("a version of another Test", test_versions.wrong_versions(conn)),
            ("other attempts than they say", checks.wrong_attempts(conn)),
        )
        for what, found in runs:
            text = f"no run has {what}" if not found else f"runs have {what}, for example {found}"
            yield Finding(not found, text, _RESTORE if found else "")
        names = test_names.wrong_aliases(conn)
        text = f"an earlier name of a Test leads nowhere: {', '.join(names)}" if names else "every earlier name of a Test leads to it"
        yield Finding(not names, text, "remove those names on the pages of their Tests" if names else "")
