# SPDX-License-Identifier: Apache-2.0
"""What reporters write for a status: the operator's setting, else what an administrator kept in the database, else ours."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from radiograph.domain.statuses import parse_aliases
from radiograph.settings import Settings
from radiograph.store import instance

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa

NAME = "status_aliases"
_OURS = next(f.default for f in dataclasses.fields(Settings) if f.name == NAME)


def is_set_outside(settings: Settings) -> bool:
    """Whether the operator has set the aliases, in the environment or the file: that wins."""
    return settings.status_aliases != _OURS


def aliases_text(conn: sa.Connection, settings: Settings) -> str:
    """The aliases that hold, as NAME=STATUS with commas between."""
    return settings.status_aliases if is_set_outside(settings) else instance.get_setting(conn, NAME, settings.status_aliases)


def aliases(conn: sa.Connection, settings: Settings) -> Mapping[str, str]:
    """The aliases that hold: what is written, and the status that it means."""
    return parse_aliases(aliases_text(conn, settings))
