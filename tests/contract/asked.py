# SPDX-License-Identifier: Apache-2.0
"""How many questions an action asks of the database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable

    from radiograph.actions.services import Services


def asked(services: Services, action: Callable[[], Any]) -> int:
    """Run an action that reads, and count its statements."""
    statements: list[str] = []
    here = threading.get_ident()
    with services.db.read() as conn:
        engine = conn.engine

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.get_ident() == here:  # a server beside it looks for flaky Tests and other work meanwhile
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(statements)
