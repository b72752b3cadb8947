# SPDX-License-Identifier: Apache-2.0
"""The command line: `radiograph`."""

from __future__ import annotations

from radiograph.cli.app import main

__all__ = ["main"]
