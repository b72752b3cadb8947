# SPDX-License-Identifier: Apache-2.0
"""One copying of a project from another server, as its phases see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.domain.people import Caller
from radiograph.store import pulled

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services
    from radiograph.sources.xray_server import XraySource

OPERATOR = Caller(0, "operator", admin=True)
"""Whoever runs the command: nobody who is known here."""


class Pull(Struct):
    """One copying: where from, where to, how far it is, and whom to tell."""

    services: Services
    source: XraySource
    state: pulled.PullState
    project_id: int
    meanings: dict[str, str]
    say: Callable[[str], None]

    def save(self) -> None:
        """Note how far it is, when nothing else was written."""
        with self.services.db.write() as conn:
            pulled.put_state(conn, self.state)
