# SPDX-License-Identifier: Apache-2.0
"""The steps from one schema to the next, one module each: `r0002_what_it_does.py` leads to schema 2.

A step has `upgrade(op)`, which is given Alembic's operations, and a docstring whose first line tells
operators what it does. To change the schema: change `store/tables.py`, raise SCHEMA_VERSION there, and
write the step that does the same to a database that has rows. The tests hold the two together.

Expand, then contract: a step only adds, so that the Radiograph before it can still use the database;
what is no longer used is dropped by a later step, and then COMPATIBLE_FROM is raised too.
Only `runner` imports Alembic, and only a database that needs a step imports `runner`.
"""

from __future__ import annotations
