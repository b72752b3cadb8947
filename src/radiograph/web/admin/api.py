# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of administration."""

from __future__ import annotations

from radiograph.web.admin import me, undo

endpoints = [*undo.endpoints, *me.endpoints]
