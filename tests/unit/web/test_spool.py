# SPDX-License-Identifier: Apache-2.0
"""A body is spooled in memory or in a file, counted, hashed and unpacked."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiograph.domain.errors import Refused, StorageFull, TooLarge
from radiograph.web import spool as module
from radiograph.web.spool import Inflate, Spool

if TYPE_CHECKING:
    from pathlib import Path

often = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@often
@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(0, 100))
def test_what_comes_is_there_and_hashed_in_memory_or_in_a_file(tmp_path: Path, pieces: list[bytes], memory: int) -> None:
    spool = Spool(tmp_path / "spool", memory, 10_000)
    for piece in pieces:
        spool.write(piece)
    whole = b"".join(pieces)
    assert (spool.size, spool.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    if len(whole) > memory:
        assert list((tmp_path / "spool").iterdir()) == []
    view = spool.view()
    assert bytes(view) == whole
    spool.close()
    assert bytes(view) == whole


@pytest.mark.parametrize("memory", [10, 1000])
def test_the_limit_holds_to_the_byte(tmp_path: Path, memory: int) -> None:
    spool = Spool(tmp_path, memory, 100)
    spool.write(b"x" * 100)
    with pytest.raises(TooLarge, match="100 bytes"):
        spool.write(b"x")
    spool.close()


class Full:
    """A file on a full disk: the first writes go through, as with a buffer."""

    def __init__(self, number: int) -> None:
        self.number = number

    def fail(self, *_args: Any) -> int:
        raise OSError(self.number, os.strerror(self.number))

    write = flush = close = fail


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EFBIG, StorageFull), (errno.EIO, OSError)]
)
def test_a_full_disk_is_told_whenever_it_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    def no_file(**_more: Any) -> IO[bytes]:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr("tempfile.TemporaryFile", no_file)
        with pytest.raises(kind):
            Spool(tmp_path, 0, 100).write(b"x")
    spool = Spool(tmp_path, 0, 100)
    spool._file = Full(number)  # type: ignore[assignment]
    with pytest.raises(kind):
        spool.write(b"x")
    with pytest.raises(kind):
        spool.view()
    spool.close()


def inflated(body: bytes, cuts: list[int], folder: Path, limit: int = 10**6) -> bytes:
    spool = Spool(folder, 10**6, limit)
    inflate = Inflate(spool, limit)
    places = [0, *sorted(c % (len(body) + 1) for c in cuts), len(body)]
    try:
        for start, end in pairwise(places):
            inflate.feed(body[start:end])
        inflate.end()
        return bytes(spool.view())
    finally:
        spool.close()


@often
@given(
    st.lists(st.binary(max_size=60), max_size=4),
    st.lists(st.integers(0, 1000), max_size=5),
    st.sampled_from([b"", b"\0" * 5]),
    st.integers(1, 40),
)
def test_members_and_pieces_of_any_size_are_one_body(
    tmp_path: Path, members: list[bytes], cuts: list[int], padding: bytes, piece: int
) -> None:
    body = b"".join(gzip.compress(member) + padding for member in members)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", piece)
        assert inflated(body, cuts, tmp_path) == b"".join(members)


@pytest.mark.parametrize("size", [1, 100, 2**20 - 1, 2**20, 2**20 + 1, 3 * 2**20])
def test_bodies_around_a_piece_come_whole(tmp_path: Path, size: int) -> None:
    assert inflated(gzip.compress(b"x" * size), [], tmp_path, 2**23) == b"x" * size


@often
@given(st.binary(max_size=60), st.integers(1, 10_000), st.lists(st.integers(0, 1000), max_size=3))
def test_gzip_that_is_cut_off_is_refused(tmp_path: Path, content: bytes, end: int, cuts: list[int]) -> None:
    body = gzip.compress(content)
    with pytest.raises(Refused, match="ends in the middle"):
        inflated(body[: 1 + end % (len(body) - 1)], cuts, tmp_path)


@often
@given(st.binary(max_size=60), st.binary(min_size=1, max_size=20).filter(lambda b: b[0] not in {0, 0x1F}))
def test_gzip_with_something_else_after_it_is_refused(tmp_path: Path, content: bytes, rest: bytes) -> None:
    with pytest.raises(Refused, match="The body is marked as gzip"):
        inflated(gzip.compress(content) + rest, [], tmp_path)


def test_a_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    with pytest.raises(TooLarge):
        inflated(bomb, [], tmp_path, 60_000)


def test_what_goes_in_is_counted_too(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        inflated(gzip.compress(b"") * 1000, [], tmp_path, 1000)
