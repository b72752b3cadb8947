# SPDX-License-Identifier: Apache-2.0
"""What people and clients do: read, decide, write."""
