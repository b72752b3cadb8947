# SPDX-License-Identifier: Apache-2.0
"""Plugins that run inside other people's test runs: they import nothing of the server, and never fail a run."""
