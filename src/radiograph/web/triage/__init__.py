# SPDX-License-Identifier: Apache-2.0
"""The API of what results mean: comparisons, failures and their causes, gates, quarantine."""
