# SPDX-License-Identifier: Apache-2.0
"""Takes a database through the steps that it lacks."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from radiograph.store import instance, migrations, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Step(NamedTuple):
    """What leads to schema `number`, and in words what it does."""

    number: int
    title: str
    upgrade: Callable[[Operations], None]


def steps() -> list[Step]:
    """Every step, in order."""
    names = sorted(m.name for m in pkgutil.iter_modules(migrations.__path__) if m.name.startswith("r0"))
    return [_step(name) for name in names]


def _step(name: str) -> Step:
    module = importlib.import_module(f"{migrations.__name__}.{name}")
    return Step(int(name[1:5]), (module.__doc__ or "").splitlines()[0].rstrip("."), module.upgrade)


def upgrade(conn: sa.Connection, since: int, known: Sequence[Step] | None = None) -> list[Step]:
    """Take a database of schema `since` to this version's and stamp it, in the caller's transaction; returns the steps taken."""
    taken = [step for step in known or steps() if step.number > since]
    context = MigrationContext.configure(conn, opts={"target_metadata": sa.MetaData(naming_convention=tables.metadata.naming_convention)})
    for step in taken:
        step.upgrade(Operations(context))
    instance.put_stamp(conn)
    return taken
