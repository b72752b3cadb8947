# SPDX-License-Identifier: Apache-2.0
"""Keeping import records."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from radiograph.store import tables as t
from radiograph.store.prepared import Prepared

_DEFAULTS = {"project_id": None, "execution_id": None, "counts": "{}", "error": ""}
_INSERT = Prepared(lambda _dialect: sa.insert(t.imports), [c.name for c in t.imports.columns])


def record_import(conn: sa.Connection, values: dict[str, Any]) -> None:
    """Keep an import record."""
    _INSERT.run(conn, **(_DEFAULTS | values))
