# SPDX-License-Identifier: Apache-2.0
"""Executing Tests by hand: what the page asks of the server beside being shown."""
