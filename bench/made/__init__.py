# SPDX-License-Identifier: Apache-2.0
"""Large reports of each format, always the same."""
