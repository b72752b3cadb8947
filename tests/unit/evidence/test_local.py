# SPDX-License-Identifier: Apache-2.0
"""Evidence in a folder: whole, durable, named by its hash, or not there."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiograph.domain.errors import NotFound
from radiograph.evidence.local import LocalEvidence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> LocalEvidence:
    return LocalEvidence(tmp_path / "evidence")


def put(store: LocalEvidence, *contents: bytes) -> list[str]:
    batch = store.batch()
    names = [batch.put([content])[0] for content in contents]
    batch.commit()
    return names


def everything(store: LocalEvidence) -> list[Path]:
    return [p for p in store.incoming.parent.rglob("*") if p.is_file()]


def test_a_file_is_there_after_the_commit_and_not_before(store: LocalEvidence) -> None:
    batch = store.batch()
    name, size = batch.put([b"ab", b"", b"c"])
    assert (name, size) == (hashlib.sha256(b"abc").hexdigest(), 3)
    assert store.path(name) is None
    batch.commit()
    place = store.path(name)
    assert place is not None
    assert place.relative_to(store.incoming.parent).parts == (name[:2], name[2:4], name)
    assert (place.read_bytes(), stat.S_IMODE(place.stat().st_mode)) == (b"abc", 0o600)
    with store.open(name) as file:
        assert file.read() == b"abc"
    assert list(store.incoming.iterdir()) == []


def test_nothing_is_left_of_what_is_discarded(store: LocalEvidence) -> None:
    batch = store.batch()
    batch.put([b"a"])
    batch.put([b"b"])
    batch.discard()
    batch.commit()
    assert everything(store) == []


def test_an_error_in_the_pieces_leaves_nothing_of_that_file_and_the_others_as_they_were(store: LocalEvidence) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise ValueError("no more")

    batch = store.batch()
    kept, _ = batch.put([b"good"])
    with pytest.raises(ValueError, match="no more"):
        batch.put(broken())
    batch.commit()
    assert list(store.names()) == [kept]
    assert len(everything(store)) == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from([b"", b"a", b"b", b"c" * 1000]), max_size=5), max_size=4))
def test_the_same_content_is_kept_once_in_one_batch_and_in_many(store: LocalEvidence, batches: list[list[bytes]]) -> None:
    for name in list(store.names()):
        store.delete(name)
    open_ones = [store.batch() for _ in batches]
    for batch, contents in zip(open_ones, batches, strict=True):
        for content in contents:
            batch.put([content])
    for batch in open_ones:
        batch.commit()
    wanted = {hashlib.sha256(content).hexdigest() for contents in batches for content in contents}
    assert sorted(store.names()) == sorted(wanted)
    assert len(everything(store)) == len(wanted)


def test_what_a_crash_leaves_is_never_named_and_goes_with_the_sweep(store: LocalEvidence) -> None:
    (kept,) = put(store, b"kept")
    store.batch().put([b"lost"])  # and the process is gone
    after = LocalEvidence(store.incoming.parent)
    assert list(after.names()) == [kept]
    assert len(list(after.incoming.iterdir())) == 1
    assert after.sweep(lambda names: names, grace_s=3600) == 0
    assert after.sweep(lambda names: names, grace_s=-1) == 1
    assert [p.name for p in everything(after)] == [kept]


def test_the_sweep_takes_what_no_row_names_after_the_grace_only(store: LocalEvidence) -> None:
    names = put(store, *(b"%d" % i for i in range(1200)))
    keep = set(names[::2])
    assert store.sweep(lambda _some: keep, grace_s=3600) == 0
    assert store.sweep(lambda _some: keep, grace_s=-1) == 600
    assert set(store.names()) == keep


def test_content_that_an_import_is_about_to_name_is_young_again(store: LocalEvidence) -> None:
    (name,) = put(store, b"old")
    place = store.path(name)
    assert place is not None
    os.utime(place, (0, 0))
    assert put(store, b"old") == [name]
    assert store.sweep(lambda _some: set(), grace_s=3600) == 0
    assert time.time() - place.stat().st_mtime < 3600


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", "/" + "a" * 63, "a" * 62 + "/a", "\0"]
)
def test_a_name_is_a_hash_and_no_way_out_of_the_folder(store: LocalEvidence, name: str) -> None:
    for use in (store.place, store.path, store.open, store.delete):
        with pytest.raises(NotFound):
            use(name)


def test_a_missing_file_is_said(store: LocalEvidence) -> None:
    name = "a" * 64
    assert store.path(name) is None
    store.delete(name)
    with pytest.raises(NotFound, match="is missing"):
        store.open(name)


def test_files_that_are_not_ours_are_no_evidence_and_stay(store: LocalEvidence) -> None:
    (name,) = put(store, b"ours")
    (store.incoming.parent / "README").write_text("keep me")
    (store.incoming.parent / name[:2] / name[2:4] / "note.txt").write_text("me too")
    assert list(store.names()) == [name]
    assert store.sweep(lambda _some: set(), grace_s=-1) == 1
    assert sorted(p.name for p in everything(store)) == ["README", "note.txt"]
