# SPDX-License-Identifier: Apache-2.0
"""What the actions work with; built once, from settings, by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from radiograph.evidence.port import EvidenceStore
    from radiograph.settings import Settings
    from radiograph.store.database import Database


@dataclass(frozen=True)
class Services:
    """The open database, the evidence store and the settings."""

    db: Database
    evidence: EvidenceStore
    settings: Settings
