# SPDX-License-Identifier: Apache-2.0
"""Evidence of a report goes into the store, or is skipped with a reason."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from radiograph.domain.errors import StorageFull
from radiograph.domain.report import EvidenceFile
from radiograph.evidence.local import LocalBatch, LocalEvidence
from radiograph.evidence.receive import store_evidence

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> LocalEvidence:
    return LocalEvidence(tmp_path / "evidence")


def file(content: bytes, name: str = "a.txt", kind: str = "") -> EvidenceFile:
    token = b'"' + base64.b64encode(content) + b'"'
    return EvidenceFile(name, kind, memoryview(token), "$.tests[0].evidence[0]")


@pytest.mark.parametrize("size", [10, 400_000])
def test_files_are_stored_and_described(store: LocalEvidence, size: int) -> None:
    contents = [bytes([i]) * size for i in range(5)]
    files = [file(content, f"{i}.bin") for i, content in enumerate(contents)]
    assert store_evidence(files, store, 10**6) == []
    assert [f.sha256 for f in files] == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [(f.size, f.data) for f in files] == [(size, None)] * 5
    assert set(store.names()) == {f.sha256 for f in files}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (EvidenceFile("", "", memoryview(b'"YQ=="'), ""), "no name"),
        (EvidenceFile(" \t", "", memoryview(b'"YQ=="'), ""), "no name"),
        (EvidenceFile("a", "", None, ""), "no data"),
        (EvidenceFile("a", "", memoryview(b"null"), ""), "it is not a text"),
        (EvidenceFile("a", "", memoryview(b'"!"'), ""), "it is not base64"),
        (file(b"x" * 101), "a.txt is larger than the limit of 100 bytes"),
    ],
)
def test_a_file_that_cannot_be_kept_is_skipped_with_the_reason(store: LocalEvidence, bad: EvidenceFile, reason: str) -> None:
    good = file(b"x" * 100)
    ((skipped, why),) = store_evidence([good, bad], store, 100)
    assert skipped is bad
    assert reason in why
    assert (bad.sha256, good.size) == ("", 100)
    assert list(store.names()) == [good.sha256]
    assert list(store.incoming.iterdir()) == []


def test_long_names_are_cut_and_types_are_sniffed(store: LocalEvidence) -> None:
    picture = file(b"\x89PNG\r\n\x1a\n...", "n" * 300, "text/html")
    store_evidence([picture], store, 100)
    assert (picture.filename, picture.content_type) == ("n" * 255, "image/png")


def test_when_the_disk_is_full_none_is_kept(store: LocalEvidence, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_batch: LocalBatch) -> None:
        raise StorageFull

    monkeypatch.setattr(LocalBatch, "commit", full)
    with pytest.raises(StorageFull):
        store_evidence([file(b"a"), file(b"b")], store, 100)
    assert list(store.incoming.iterdir()) == []
