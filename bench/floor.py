# SPDX-License-Identifier: Apache-2.0
"""The least that an import could do: decode the same bytes and insert the same rows, by a bare script.

Run as a process of its own: `python -m bench.floor URL BODY ROWS` prints the seconds of both.
"""

from __future__ import annotations

import mmap
import pickle
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


class Step(msgspec.Struct, gc=False):
    """A step as the benchmark's reports have it."""

    status: str
    comment: str
    actualResult: str  # noqa: N815  (as it is written)


class Test(msgspec.Struct, gc=False):
    """A result as the benchmark's reports have it."""

    start: str
    finish: str
    comment: str
    status: str
    testKey: str = ""  # noqa: N815
    testInfo: dict[str, str] = {}  # noqa: N815
    steps: list[Step] = []


class Report(msgspec.Struct):
    """The report of the benchmark."""

    info: dict[str, str]
    tests: list[Test]


def main(url: str, body: str, rows: str) -> None:
    """Decode, insert, commit; print the seconds that decoding and inserting took."""
    wanted: Rows = pickle.loads(Path(rows).read_bytes())  # noqa: S301  (written by bench.run)
    decoder = msgspec.json.Decoder(Report)
    insert = _sqlite if url.startswith("sqlite") else _postgresql
    connection = _connect(url)
    with Path(body).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        began = time.perf_counter()
        report = decoder.decode(mapped)
        decoded = time.perf_counter()
        insert(connection, wanted)
        done = time.perf_counter()
        assert report.tests
    print(decoded - began, done - decoded)


def _connect(url: str) -> Any:  # noqa: ANN401  (a connection of either driver)
    place = sa.make_url(url)
    if place.drivername.startswith("sqlite"):
        from radiograph.store.engines import _sqlite_module  # noqa: PLC0415  (the same SQLite as the server's)

        made = _sqlite_module().connect(place.database, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536"):
            made.execute(f"PRAGMA {pragma}")
        return made
    import psycopg  # noqa: PLC0415

    return psycopg.connect(place.set(drivername="postgresql").render_as_string(hide_password=False))


def _sqlite(connection: Any, wanted: Rows) -> None:  # noqa: ANN401
    connection.execute("BEGIN IMMEDIATE")
    for table, (columns, rows) in wanted.items():
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
    connection.execute("COMMIT")


def _postgresql(connection: Any, wanted: Rows) -> None:  # noqa: ANN401
    for table, (columns, rows) in wanted.items():
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    connection.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
