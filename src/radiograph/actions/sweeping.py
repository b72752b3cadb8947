# SPDX-License-Identifier: Apache-2.0
"""Takes away evidence files that no row names: leftovers of imports that were refused or cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.store import checks

if TYPE_CHECKING:
    from radiograph.actions.services import Services

GRACE_S = 24 * 3600
"""Younger files may belong to an import that is under way."""


def sweep_evidence(services: Services, grace_s: float = GRACE_S) -> int:
    """Remove files older than the grace (seconds) that no row names; returns how many."""

    def named(hashes: list[str]) -> set[str]:
        with services.db.read() as conn:
            return checks.named_evidence(conn, hashes)

    return services.evidence.sweep(named, grace_s)
