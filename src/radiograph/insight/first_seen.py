# SPDX-License-Identifier: Apache-2.0
"""Where failures of one cause were first seen, whichever version numbered them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.fingerprint import earlier_fingerprint
from radiograph.store import fingerprints

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

    from radiograph.store.fingerprints import FirstSeen


def first_seen(conn: sa.Connection, project_id: int, samples: Mapping[int, str]) -> dict[int, FirstSeen]:
    """The first run of each of these fingerprints, given with what one of its failures says.

    What that says had another number in versions before 0.2, and rows of theirs have it still.
    """
    numbers = {mark: [mark, *_numbers(sample)] for mark, sample in samples.items()}
    found = fingerprints.first_seen(conn, project_id, sorted({n for of in numbers.values() for n in of}))
    seen = {mark: [found[n] for n in of if n in found] for mark, of in numbers.items()}
    return {mark: min(runs, key=lambda f: f.run_id) for mark, runs in seen.items() if runs}


def _numbers(sample: str) -> list[int]:
    earlier = earlier_fingerprint(sample)
    return [] if earlier is None else [earlier]
