# SPDX-License-Identifier: Apache-2.0
"""What the words mean: no database, no HTTP, no files."""
