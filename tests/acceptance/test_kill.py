# SPDX-License-Identifier: Apache-2.0
"""A server that is killed in the middle of imports has each of them whole or not at all."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, NamedTuple

import httpx2
import pytest
import sqlalchemy as sa
from tests.acceptance.clients import BEARER, Crowd, Sent, first_import, send
from tests.acceptance.conftest import furnish
from tests.effort import effort
from tests.live import LiveServer, radiograph

from radiograph.actions.check import examine
from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from radiograph.actions.services import Services

SEED = 20261123
CLIENTS = 4
LONGEST_S = 0.5


class Stored(NamedTuple):
    """What the database has of each import, by its mark: results by their execution's id, files by their ids, executions made."""

    results: dict[str, Counter[int]]
    files: dict[str, list[int]]
    made: set[str]


@pytest.mark.parametrize(("database_kind", "kills"), [("sqlite", effort(12, 50)), ("postgresql", effort(5, 12))])
def test_killed_in_the_middle_of_imports_it_has_each_whole_or_not_at_all(where: list[str], kills: int, tmp_path: Path) -> None:
    server = LiveServer(tmp_path / "data", "serve", *where[2:])
    services = prepare(Settings(data=server.data, database="".join(where[3:])))
    try:
        furnish(where, "KILL")
        tally = _kill_again_and_again(server, services, kills)
        deep = radiograph("check", "--deep", *where)
    finally:
        services.db.close()
        server.kill()
    assert (deep.returncode, "BAD" in deep.stdout) == (0, False), deep.stdout
    sys.stdout.write(f"{kills} kills: {dict(sorted(tally.items()))}\n")
    assert tally["answered"] > kills
    assert sum(count for what, count in tally.items() if what.endswith("absent")) > kills


def _kill_again_and_again(server: LiveServer, services: Services, kills: int) -> Counter[str]:
    chance = random.Random(SEED)
    tally: Counter[str] = Counter()
    shared, sent = _share(server)
    for number in range(kills):
        before = set(_half_stored(server))
        crowd = Crowd(server.port, shared, number)
        crowd.start(CLIENTS)
        if number % 4:  # every fourth kill may hit a server that has just started
            crowd.wait_for_an_answer()
        time.sleep(chance.uniform(0, LONGEST_S))
        server.kill()
        crowd.end()
        assert crowd.refused == []
        sent += crowd.sent
        tally["kills while files were stored"] += bool(set(_half_stored(server)) - before)
        server.launch()
        whole, stored = _prove(services, sent)
        tally.update(_fate(s, there=s.mark in whole) for s in crowd.sent)
        server.wait()
        _read_files(server, [n for s in crowd.sent if s.mark in whole for n in stored.files[s.mark][:1]])
    return tally


def _half_stored(server: LiveServer) -> Iterable[Path]:
    return (server.data / "evidence" / "incoming").iterdir()


def _share(server: LiveServer) -> tuple[str, list[Sent]]:
    """Make the execution that the clients share; its key, and the import that made it."""
    first, report = first_import("shared")
    with closing(HTTPConnection("127.0.0.1", server.port)) as connection:
        assert send(connection, first, report) == ""
    answer = httpx2.get(f"{server.url}/rest/api/2/issue/{first.execution}", headers=BEARER)
    return str(answer.json()["key"]), [first]


def _prove(services: Services, sent: list[Sent]) -> tuple[set[str], Stored]:
    """The marks of the imports that are there; fails unless each is there whole or not at all, and those that were answered are."""
    assert [f.what for f in examine(services, deep=True) if not f.good] == []
    stored = _stored(services)
    assert set(stored.results) <= {s.mark for s in sent}
    return {s.mark for s in sent if _is_whole(s, stored)}, stored


def _is_whole(one: Sent, stored: Stored) -> bool:
    """Whether an import is there; fails when it is there in part, or was answered and isn't there."""
    found = stored.results.get(one.mark, Counter())
    there = (found.total(), len(stored.files[one.mark]), one.mark in stored.made, len(found))
    if not one.answered and not any(there):
        return False
    assert there == (one.results, one.files, one.fresh, 1), one
    assert not one.answered or set(found) == {one.execution}, one
    return True


def _fate(one: Sent, *, there: bool) -> str:
    return one.stage if one.answered else f"killed while {one.stage}, {'whole' if there else 'absent'}"


def _stored(services: Services) -> Stored:
    attempts = sa.select(t.run_attempts.c.comment, t.runs.c.execution_id).join(t.runs, t.runs.c.id == t.run_attempts.c.run_id)
    made = sa.select(t.issues.c.summary).join(t.executions, t.executions.c.issue_id == t.issues.c.id)
    results: dict[str, Counter[int]] = defaultdict(Counter)
    files: dict[str, list[int]] = defaultdict(list)
    with services.db.read() as conn:
        for comment, execution in conn.execute(sa.union_all(sa.select(t.runs.c.comment, t.runs.c.execution_id), attempts)):
            results[comment.split()[0]][execution] += 1
        for name, number in conn.execute(sa.select(t.run_evidence.c.filename, t.run_evidence.c.id)):
            files[name.partition("-")[0]].append(number)
        return Stored(results, files, set(conn.execute(made).scalars()))


def _read_files(server: LiveServer, numbers: list[int]) -> None:
    """Each of these files can be fetched, and is the one of its name."""
    with httpx2.Client(base_url=server.url, headers=BEARER) as http:
        for number in numbers:
            answer = http.get(f"/plugins/servlet/raven/attachment/{number}/file")
            name = answer.headers["content-disposition"].partition('filename="')[2]
            assert answer.content.partition(b"\n")[0].decode().replace(" ", "-") == name.removesuffix('.bin"'), name
