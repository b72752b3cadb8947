# SPDX-License-Identifier: Apache-2.0
"""How much is tried where trying more finds more: random requests, kills."""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("RADIOGRAPH_TEST_THOROUGH"))


def effort(usual: int, thorough: int) -> int:
    """How often: as RADIOGRAPH_TEST_THOROUGH asks."""
    return thorough if THOROUGH else usual
