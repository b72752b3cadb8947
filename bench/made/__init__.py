# SPDX-License-Identifier: Apache-2.0
"""Large reports of every format, made on the fly."""
"""Benchmarks: what the server does beside the floor of the same work, measured in the same run."""
