# SPDX-License-Identifier: Apache-2.0
"""The Tests that were found flaky (`flaky_tests`), by project and set of test environments.

The column `environments` is a JSON list of names, sorted; "[]" is no environment. The column `evidence` is a JSON object:

    {"pieces": [{"kind": "retry", "run": 17, "other": null, "revision": "1.0.4", "at_ms": 1700000000000}, ...],
     "strip": [[12, 0], [15, 3], [17, 0]],
     "trend": 1,
     "quiet": 4}

`pieces` are oldest first. `kind` is "retry" (`run` passed after a failing attempt of its own), "revision" (`run` failed, and
`other` passed at the same revision) or "return" (`run` failed on the main branch after the failure `other` had gone by itself).
`strip` has the finished runs that were looked at, oldest first: run id and status id. `trend` is 1 where the newer half of
them shows more than the older one, -1 where less, else 0; `quiet` is how many runs came after the last piece.

A row's columns: `runs` were looked at, `failures` of them failed in the end; `retries` and `flips` count pieces of the kinds
"retry" and "revision"; `score` orders rows; `last_ms` is the time of the last piece; `computed_ms` when all this was worked out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from radiograph.domain.flakiness import RETURN, Piece, reason, sentence
from radiograph.store import tables as t
from radiograph.store.many import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Evidence(Struct, frozen=True):
    """What shows that a Test is flaky; the module says what each member is."""

    pieces: list[Piece] = []
    strip: list[tuple[int, int]] = []
    trend: int = 0
    quiet: int = 0


class FlakyRow(Struct, frozen=True):
    """A flaky Test on one set of test environments; times are UTC milliseconds."""

    project_id: int
    test_id: int
    environments: list[str]
    runs: int
    failures: int
    flips: int
    retries: int
    score: int
    evidence: Evidence
    last_ms: int
    computed_ms: int

    @property
    def sentence(self) -> str:
        """`flaky on iOS: in 4 of the last 20 runs a retry at the same revision passed`."""
        return sentence(self.runs, self.retries, self.flips, self.returns, self.environments, revision=self.knows_revision)

    @property
    def reason(self) -> str:
        """The same without where: `in 4 of the last 20 runs a retry at the same revision passed`."""
        return reason(self.runs, self.retries, self.flips, self.returns, revision=self.knows_revision)

    @property
    def returns(self) -> int:
        """How many pieces are failures that came back."""
        return sum(p.kind == RETURN for p in self.evidence.pieces)

    @property
    def knows_revision(self) -> bool:
        """Whether the revision of what was seen is known."""
        return any(p.revision for p in self.evidence.pieces)


class NamedFlaky(Struct):
    """A flaky Test with its key, its summary, and the project that it belongs to (results may be another's)."""

    row: FlakyRow
    key: str
    summary: str
    test_project_id: int


_F = t.flaky_tests.c
_COLUMNS = [_F[n] for n in FlakyRow.__struct_fields__]
_EVIDENCE = msgspec.json.Decoder(Evidence)


def _row(values: Sequence[Any]) -> FlakyRow:
    found = dict(zip(FlakyRow.__struct_fields__, values, strict=True))
    found |= {"environments": json.loads(found["environments"]), "evidence": _EVIDENCE.decode(found["evidence"])}
    return FlakyRow(**found)


def named(environments: Iterable[str]) -> str:
    """A set of environments as the table has it."""
    return json.dumps(sorted(set(environments)), ensure_ascii=False)


def rename_environment(conn: sa.Connection, before: str, after: str) -> None:
    """Let what was found on an environment be of its new name; where the environment that it is merged into has a row, that one stays."""
    for text in conn.execute(sa.select(_F.environments).distinct()).scalars().all():
        names = json.loads(text)
        if before not in names:
            continue
        new, held = named(after if n == before else n for n in names), t.flaky_tests.alias("held")
        there = sa.exists().where(held.c.project_id == _F.project_id, held.c.test_id == _F.test_id, held.c.environments == new)
        conn.execute(sa.delete(t.flaky_tests).where(_F.environments == text, there))
        conn.execute(sa.update(t.flaky_tests).where(_F.environments == text).values(environments=new))


def flaky_tests(conn: sa.Connection, project_id: int, test_ids: Sequence[int]) -> dict[int, list[FlakyRow]]:
    """What was found of these Tests in a project, by Test; one that isn't flaky is left out."""
    found: dict[int, list[FlakyRow]] = {}
    query = sa.select(*_COLUMNS).where(_F.project_id == project_id, any_of(conn, _F.test_id, list(test_ids) or [0]))
    for values in conn.execute(query.order_by(_F.test_id, _F.score.desc())):
        row = _row(values)
        found.setdefault(row.test_id, []).append(row)
    return found


def flaky_on(conn: sa.Connection, project_id: int, environments: Iterable[str]) -> list[int]:
    """The Tests of a project that are flaky on just this set of environments."""
    where = (_F.project_id == project_id, _F.environments == named(environments))
    return list(conn.execute(sa.select(_F.test_id).where(*where)).scalars())


def flaky_count(conn: sa.Connection, project_id: int, environments: str) -> int:
    """How many Tests of a project were found flaky on these environments."""
    query = sa.select(sa.func.count()).where(_F.project_id == project_id, _F.environments == environments)
    return int(conn.execute(query).scalar_one())


class Place(Struct, frozen=True):
    """Where a page of flaky Tests begins: after the row of this score, Test and environments."""

    score: int
    test_id: int
    environments: str


class Chosen(Struct, frozen=True):
    """Which flaky Tests: of one set of environments (as the table has it, "" for all), with a text in the key or summary."""

    environments: str = ""
    text: str = ""


def flakiest(conn: sa.Connection, project_id: int, chosen: Chosen, after: Place | None, limit: int) -> list[NamedFlaky]:
    """A project's flaky Tests, the flakiest first."""
    i = t.issues.c
    query = sa.select(*_COLUMNS, i.key, i.summary, i.project_id).select_from(t.flaky_tests.join(t.issues, i.id == _F.test_id))
    query = query.where(_F.project_id == project_id)
    if chosen.environments:
        query = query.where(_F.environments == chosen.environments)
    if chosen.text:
        query = query.where(i.summary.icontains(chosen.text, autoescape=True) | i.key.icontains(chosen.text, autoescape=True))
    if after is not None:
        below = (_F.score == after.score) & (
            (_F.test_id < after.test_id) | ((_F.test_id == after.test_id) & (_F.environments < after.environments))
        )
        query = query.where((_F.score <= after.score), (_F.score < after.score) | below)
    rows = conn.execute(query.order_by(_F.score.desc(), _F.test_id.desc(), _F.environments.desc()).limit(limit))
    return [NamedFlaky(_row(values[:-3]), *values[-3:]) for values in rows]


def environments_of(conn: sa.Connection, project_id: int) -> dict[str, int]:
    """How many Tests are flaky on each set of environments, by the set as the table has it, most first."""
    count = sa.func.count()
    query = sa.select(_F.environments, count).where(_F.project_id == project_id).group_by(_F.environments)
    return {row[0]: int(row[1]) for row in conn.execute(query.order_by(count.desc(), _F.environments))}


def count_tests(conn: sa.Connection, project_id: int) -> int:
    """How many Tests of a project are flaky, on whatever environments."""
    query = sa.select(sa.func.count(_F.test_id.distinct())).where(_F.project_id == project_id)
    return int(conn.execute(query).scalar_one())


def executions_of_runs(conn: sa.Connection, project_id: int, run_ids: Sequence[int]) -> dict[int, str]:
    """The keys of the executions of these runs, by run; a run that is gone is left out."""
    r, i = t.runs.c, t.issues.c
    query = sa.select(r.id, i.key).join(t.issues, i.id == r.execution_id)
    query = query.where(r.project_id == project_id, any_of(conn, r.id, list(run_ids) or [0]))
    return {row[0]: row[1] for row in conn.execute(query)}


def in_table(conn: sa.Connection, project_id: int) -> list[int]:
    """The Tests of a project that the table has, each once."""
    return list(conn.execute(sa.select(_F.test_id).where(_F.project_id == project_id).distinct().order_by(_F.test_id)).scalars())


def projects_of(conn: sa.Connection, test_id: int) -> list[int]:
    """The projects in which a Test was found flaky."""
    return list(conn.execute(sa.select(_F.project_id).where(_F.test_id == test_id).distinct()).scalars())


def replace(conn: sa.Connection, project_id: int, test_ids: Sequence[int], rows: Sequence[FlakyRow]) -> None:
    """What the table has of these Tests from now on."""
    conn.execute(sa.delete(t.flaky_tests).where(_F.project_id == project_id, any_of(conn, _F.test_id, list(test_ids) or [0])))
    values = [
        {**msgspec.structs.asdict(row), "environments": named(row.environments), "evidence": msgspec.json.encode(row.evidence).decode()}
        for row in rows
    ]
    if values:
        conn.execute(sa.insert(t.flaky_tests), values)
