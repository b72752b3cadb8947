# SPDX-License-Identifier: Apache-2.0
"""A report's bytes to a Report."""
