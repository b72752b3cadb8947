# SPDX-License-Identifier: Apache-2.0
"""Every endpoint of comparisons, gates, triage and quarantine."""

from __future__ import annotations

from radiograph.web.triage import compare, gate, groups, quarantine

endpoints = [*compare.endpoints, *gate.endpoints, *groups.endpoints, *quarantine.endpoints]
