# SPDX-License-Identifier: Apache-2.0
"""Radiograph: a self-hosted server for test results that speaks Xray's REST API."""

from __future__ import annotations

__version__ = "0.1.0"
