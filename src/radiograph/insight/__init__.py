# SPDX-License-Identifier: Apache-2.0
"""What results mean over time."""
