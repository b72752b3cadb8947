# SPDX-License-Identifier: Apache-2.0
"""Databases older than the code: the code is given one more schema, which exists only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from radiograph.actions.instance import prepare
from radiograph.settings import Settings
from radiograph.store import tables
from radiograph.store.migrations import runner

if TYPE_CHECKING:
    from pathlib import Path

    from alembic.operations import Operations

NOW = tables.SCHEMA_VERSION
NEXT = NOW + 1


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """An instance on each database, with nothing in it yet."""
    return Settings(data=tmp_path / "data", database=database_url)


@pytest.fixture
def older(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An instance made by the code as it is, while the code now knows one schema more."""
    prepare(settings).db.close()
    known = [*runner.steps(), runner.Step(NEXT, "Users have a nickname and unique mail", _add_nickname)]
    monkeypatch.setattr(tables, "SCHEMA_VERSION", NEXT)
    monkeypatch.setattr(runner, "steps", lambda: known)
    return settings


def _add_nickname(op: Operations) -> None:
    """Both kinds of change: a column more, and a table (that others refer to) rebuilt on SQLite."""
    op.add_column("users", sa.Column("nickname", sa.Text, nullable=False, server_default="?"))
    with op.batch_alter_table("users") as users:
        users.alter_column("email", existing_type=sa.Text, server_default="nobody")
