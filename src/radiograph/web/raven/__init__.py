# SPDX-License-Identifier: Apache-2.0
"""Xray's REST API."""
