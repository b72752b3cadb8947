# SPDX-License-Identifier: Apache-2.0
"""Tests through our own API, the twin of their pages: names, histories, versions, merging and splitting."""
