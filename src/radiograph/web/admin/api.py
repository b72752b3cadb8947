# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of administration."""

from __future__ import annotations

from radiograph.web.admin import instance, me, projects, retention, undo

endpoints = [*undo.endpoints, *me.endpoints, *projects.endpoints, *retention.endpoints, *instance.endpoints]
