# SPDX-License-Identifier: Apache-2.0
"""The numbers of the locks of the whole instance, each for one place where one transaction at a time passes (`lock_database`)."""

from __future__ import annotations

NAMES = 7001
"""Names of people, labels and such that are made where they are first used."""
SCHEMA = 7002
"""Making the tables, and changing them."""
FILTERS = 7003
"""Saved filters: a name stays one person's only once."""
WORDS = 7004
"""What administrators change: who administers, statuses, types of links, environments; also where a copied project brings new ones."""
NIGHT = 7005
"""The night's retention: one process of one instance does it."""
