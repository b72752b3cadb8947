# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: what the server does beside the floor of the same work, measured in the same run."""
