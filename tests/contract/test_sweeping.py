# SPDX-License-Identifier: Apache-2.0
"""Evidence that no row names is swept; what a row names never is."""

from __future__ import annotations

import base64
import os
import time
from typing import TYPE_CHECKING

from tests.contract.door import generic

from radiograph.actions.sweeping import sweep_evidence
from radiograph.evidence.local import LocalEvidence

if TYPE_CHECKING:
    from collections.abc import Container

    from tests.contract.door import Door

    from radiograph.actions.services import Services


def put(store: LocalEvidence, content: bytes) -> str:
    batch = store.batch()
    sha256, _ = batch.put([content])
    batch.commit()
    return sha256


def age(store: LocalEvidence, sha256: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(store.place(sha256), (then, then))


def test_old_files_without_a_row_go_and_all_others_stay(door: Door, services: Services) -> None:
    store = services.evidence
    assert isinstance(store, LocalEvidence)
    door.load(generic(1, evidence=[{"filename": "a.txt", "data": base64.b64encode(b"named").decode()}]))
    (named,) = store.names()
    old, young = put(store, b"old"), put(store, b"young")
    age(store, named, 10**6)
    age(store, old, 10**6)
    assert sweep_evidence(services) == 1
    assert set(store.names()) == {named, young}


def test_a_file_that_an_import_makes_young_while_it_is_looked_at_stays(services: Services) -> None:
    store = services.evidence
    assert isinstance(store, LocalEvidence)
    sha256 = put(store, b"wanted again")
    age(store, sha256, 10**6)

    def named(_hashes: list[str]) -> Container[str]:
        put(store, b"wanted again")  # as an import does between the look at the rows and the removal
        return ()

    assert store.sweep(named, 3600) == 0
    assert list(store.names()) == [sha256]
